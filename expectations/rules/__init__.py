"""The expectations of this field: a module a subject, each with its kernels in polars or numpy and its `RowRule`
declarations.

A new rule is a new module here: `expectations.engine.coverage` finds it, GX gets its expectation class from the
declaration. Nothing here may import Great Expectations, so that kernels can be used (typing a pool, making a sample)
without its price.
"""
