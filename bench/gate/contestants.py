"""Each contestant in a process of its own: `python -m bench.gate.contestants NAME FILE` prints one line of JSON.

Measured from the file (SQL: from the loaded table) to all counts and the keys of all accused rows; imports and GX's registry
come before the clock starts. Not here: who is measured when (`__main__`).
"""

import json
import logging
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bench.gate.suite import AS_OF, IN_SQL, NAME, QUESTIONS, RULES

Outcome = dict[str, int]
KEYED = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row_number"]}


def bare(file: str) -> Callable[[], Outcome]:
    """The same questions as polars expressions by hand, without Great Expectations: counts and keys from one pass."""
    import polars as pl

    from bench.gate.rows import DIVISIONS
    from expectations.rules.identifiers import citizen_id_birth_date, valid_citizen_id, valid_credit_code
    from expectations.rules.mobile import valid_mobile_number

    def kernel(column: str, valid: Callable[[pl.Series], pl.Series], dtype: type[pl.DataType] = pl.Boolean) -> pl.Expr:
        return pl.col(column).map_batches(valid, return_dtype=dtype, is_elementwise=True)

    length = pl.col("full_name").str.len_chars()
    broken = {
        "not null": pl.col("citizen_id").is_null(),
        "unique": pl.col("citizen_id").is_duplicated(),
        "citizen id": ~kernel("citizen_id", lambda ids: valid_citizen_id(ids, as_of=AS_OF)),
        "birth": pl.col("birth_date") != kernel("citizen_id", citizen_id_birth_date, pl.Date),
        "credit code": ~kernel("credit_code", valid_credit_code),
        "phone": ~kernel("phone", valid_mobile_number),
        "name": ~pl.col("full_name").str.contains(NAME),
        "length": (length < 2) | (length > 4),
        "sex": ~pl.col("sex").is_in(["1", "2"]),
        "division": ~pl.col("division_code").is_in(list(DIVISIONS)),
        "amount": (pl.col("amount_yuan") < 0) | (pl.col("amount_yuan") > 1_000_000),
        "order": pl.col("closed_date") < pl.col("opened_date"),
    }
    predicates = [predicate.fill_null(False).alias(name) for name, predicate in broken.items()]

    def run() -> Outcome:
        judged = pl.scan_parquet(file).select("row_number", *predicates)
        sums, rows = judged.select(pl.col(name).sum() for name in broken), judged.filter(pl.any_horizontal(list(broken)))
        found, accused = pl.collect_all([sums, rows], engine="streaming")
        counts = found.row(0, named=True)
        keys = sum(len(accused["row_number"].filter(accused[name])) for name in broken)
        return {"unexpected": sum(counts.values()), "keys": keys, "rules": len(broken)}

    return run


def engine(file: str) -> Callable[[], Outcome]:
    """Our engine, as the gate calls it."""
    import polars as pl

    from expectations.engine.execution_engine import register
    from expectations.engine.run import run_rules

    register()

    def run() -> Outcome:
        results = run_rules(pl.scan_parquet(file), RULES, key="row_number")
        return {"unexpected": sum(r.unexpected for r in results), "keys": sum(len(r.keys) for r in results), "rules": len(results)}

    return run


def pandas(file: str) -> Callable[[], Outcome]:
    """GX's pandas engine, COMPLETE; identifiers value by value in Python, as custom expectations for pandas are written."""
    return _pandas(file, kernels=False)


def pandas_kernels(file: str) -> Callable[[], Outcome]:
    """The same, lent our vectorised kernels: one call a column, not a value."""
    return _pandas(file, kernels=True)


def _pandas(file: str, *, kernels: bool) -> Callable[[], Outcome]:
    import pandas as pd
    from great_expectations.execution_engine import PandasExecutionEngine

    from bench.gate.pandas_identifiers import register_identifiers

    register_identifiers(kernels=kernels)

    def run() -> Outcome:
        gx = PandasExecutionEngine()
        gx.load_batch_data("rows", pd.read_parquet(file))
        return _by_validator(gx, QUESTIONS)

    return run


def sql(address: str) -> Callable[[], Outcome]:
    """GX's SQL engine on PostgreSQL, COMPLETE; `address` is the database's, where the rows lie in table `rows`."""
    from great_expectations.core.batch_spec import SqlAlchemyDatasourceBatchSpec
    from great_expectations.execution_engine import SqlAlchemyExecutionEngine

    def run() -> Outcome:
        gx = SqlAlchemyExecutionEngine(connection_string=address)
        data, _ = gx.get_batch_data_and_markers(SqlAlchemyDatasourceBatchSpec(table_name="rows", data_asset_name="rows"))
        gx.load_batch_data("rows", data)
        return _by_validator(gx, IN_SQL, {**KEYED, "partial_unexpected_count": 10**9})

    return run


def _by_validator(gx: Any, questions: Sequence[tuple[str, dict[str, Any]]], result_format: dict[str, Any] = KEYED) -> Outcome:
    from great_expectations.core import ExpectationSuite
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
    from great_expectations.validator.validator import Validator

    configurations = [ExpectationConfiguration(type=name, kwargs=dict(kwargs)) for name, kwargs in questions]
    validator = Validator(execution_engine=gx, expectation_suite=ExpectationSuite("bench"))
    validator.metrics_calculator.show_progress_bars = False
    results = validator.graph_validate(configurations, {"catch_exceptions": False, "result_format": result_format})
    unexpected = sum(result.result["unexpected_count"] for result in results)
    return {"unexpected": unexpected, "keys": sum(len(r.result.get("unexpected_index_list") or []) for r in results), "rules": len(results)}


CONTESTANTS = {"bare": bare, "engine": engine, "pandas_kernels": pandas_kernels, "pandas": pandas, "sql": sql}


def measured(name: str, source: str) -> dict[str, Any]:
    """Wall and CPU seconds of one run, the process's peak memory in bytes and how much of that it had before."""
    run = CONTESTANTS[name](source)
    before = _peak()
    wall, cpu = time.perf_counter(), time.process_time()
    outcome = run()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"contestant": name, "wall": wall, "cpu": cpu, "peak": _peak(), "before": before, **outcome}


def _peak() -> int:
    """Bytes of memory this program has held at most. Not `ru_maxrss`: a child begins with that of its parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    with suppress(BrokenPipeError):
        print(json.dumps(measured(sys.argv[1], sys.argv[2])))
