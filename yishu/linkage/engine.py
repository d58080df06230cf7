"""Splink on a DuckDB database in memory: the one place that imports it.

A linker over two frames, the records (l) and the entities (r), with a memory limit and one thread order, so that equal input gives equal
output. Splink's own messages are kept from the log: they may quote values.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import polars as pl

MEMORY_LIMIT = "4GB"


@contextmanager
def linker(records: pl.DataFrame, known: pl.DataFrame, settings: dict[str, Any], work: Path | None = None) -> Iterator[Any]:
    """Splink's Linker over the frames, which have the same columns. work: where DuckDB may put what does not fit into memory."""
    from splink import DuckDBAPI, Linker

    logging.getLogger("splink").setLevel(logging.CRITICAL)
    if work is not None:
        work.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=work, prefix="linkage-") as spill, duckdb.connect(config=_config(spill)) as connection:
        connection.execute("set enable_progress_bar = false")  # its bar would stand over the lines of the night
        api = DuckDBAPI(connection=connection)
        columns = [name for name in records.columns if name in known.columns]
        named = {"a_record": records, "b_entity": known}  # Splink takes the first in the alphabet for the left side
        inputs = [api.register(frame.select(columns).to_arrow(), dataset_display_name=name) for name, frame in named.items()]
        yield Linker(inputs, settings, log_level=None, validate_settings=False)


def _config(spill: str) -> dict[str, Any]:
    return {"memory_limit": MEMORY_LIMIT, "temp_directory": spill, "preserve_insertion_order": True,
            "autoinstall_known_extensions": False, "autoload_known_extensions": False}  # fmt: skip
