"""The gate's speed: one suite of twelve rules over the same file, by four engines. `python -m bench.gate --help`.

`rows` makes the file, `suite` says the rules, `contestants` run them each in a process of their own, `kernel` measures the
check of citizen ids against the bare numpy kernel, `report` writes table and chart.
"""
