"""Every golden value against the pools, worked out a second way: python -m bench.golden."""
