"""One way to open DuckDB where whole tables are read or copied: bounded memory, the day of the city, no bar over the operator's lines.

Not here: what analysts may ask (query.py), Splink's own database (yishu/linkage), dbt's (dbt_project/profiles.yml).
"""

from pathlib import Path

import duckdb

TIME_ZONE = "Asia/Shanghai"
MEMORY_LIMIT = "4GB"  # as in dbt_project/profiles.yml; what does not fit goes to a folder beside the file


def opened(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection to the file, which is made if absent and not `read_only`. Raises duckdb.Error where it is no database of this version."""
    connection = duckdb.connect(str(path), read_only=read_only)
    # Not given while opening: a second connection of this process to the file would have to be given the same.
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'; set TimeZone = '{TIME_ZONE}'; set enable_progress_bar = false")
    return connection


def quoted(identifier: str) -> str:
    """A name as SQL takes it, whatever it holds."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL takes it, for statements that allow no parameter (views, comments, ATTACH)."""
    return "'" + text.replace("'", "''") + "'"
