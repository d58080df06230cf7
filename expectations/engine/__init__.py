"""The execution engine: Great Expectations as the gate, polars as the reader.

`row_rule` says what a rule is, `core` restates GX's own expectations in polars, `coverage` knows all that can be run,
`seam` holds every private name of GX, `execution_engine` is the engine. Two entrances: `run` for the gate (rules in,
counts and keys out), `datasource` for GX's own way (data source, batch definition, checkpoint, Data Docs). No rule of the
field stands here: those are in `expectations.rules`, a file each.
"""
