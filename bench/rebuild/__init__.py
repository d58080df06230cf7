"""A month of a small city, with everything that people decide in between, and its rebuild: python -m bench.rebuild."""
