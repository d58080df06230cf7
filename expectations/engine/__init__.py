"""The execution engine: Great Expectations as the gate, polars as the reader.

`row_rule` says what a rule is, `core_rules` restates GX's own expectations in polars, `coverage` knows all that can be
run, `seam` holds every private name of GX, `execution_engine` is the engine, `run` the only entrance. No rule of the
field stands here: those are in `expectations.rules`, a file each.
"""
