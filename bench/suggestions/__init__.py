"""How right the proposals are, and how fast: `python -m bench.suggestions`. Not here: tests, which keep what must not get worse."""
