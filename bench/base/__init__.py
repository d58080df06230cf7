"""Bringing the base databases up to date against making them anew: python -m bench.base."""
