"""Great Expectations on polars, with the expectations of this field. Imports none of the project's other packages.

Here: the suites (YAML), their loader, the rules, the engine that runs them. Not here: which delivery is checked, what
becomes of a violation, where anything is stored. Importing this package loads neither Great Expectations nor pandas
(seconds each): only `expectations.engine.run.run_rules` does, when it is called.
"""
