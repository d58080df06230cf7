"""Great Expectations' own expectations, restated in polars: the same names, kwargs and meaning as in its pandas engine
(tests/unit/expectations/conformance compares the two; docs/great-expectations.md lists where they part, and why).

A module a subject; each declares `RULES` and, where it needs them, `STATISTICS`. Not here: expectations that GX does not
have (`expectations.rules`), and those that cannot be run on polars (`unsupported`).
"""
