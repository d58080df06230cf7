"""Benchmarks: ratios measured side by side in one run, as machines differ and are noisy. None of them is a test."""
