"""Three ways of touching what has moved, side by side. `python -m bench.incremental --help`.

`rows` makes sources and a night that changes some keys, `models` takes the warehouse's own macros, `pools` writes Delta tables,
`finding` and `updating` hold the ways, `contestants` runs one of them in a process of its own, `report` writes the page.
"""
