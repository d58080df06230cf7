"""How right the levels of parsed addresses are, against the truth of a synthetic city; how fast."""
