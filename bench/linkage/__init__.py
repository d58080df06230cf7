"""How right and how fast links are: on a synthetic city's truth, on public sets with known duplicates, on a million persons."""
