"""Data Docs: what was checked and what came of it, as pages that need no network. Made by Great Expectations' renderers.

Not here: which runs and suites there are, where pages are kept (callers give plain data and a folder). No page holds a
value of any row.
"""
