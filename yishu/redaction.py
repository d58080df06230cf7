"""Messages of libraries, made fit for logs, metadata and alerts: a database's error may quote the value it could not read.

Not here: masking values for people who may see parts of them (yishu/masking.py).
"""

import re

LONGEST = 1000
_QUOTED = re.compile(r"(['\"“‘「])([^'\"”’」\n]*)(['\"”’」])")
_NUMBER = re.compile(r"\d{7,}[\dXx]*")
_WRAPPED = re.compile(r'(Original error: )"')  # DuckDB's of a database that an error before closed: a message, not a value
_NAME = re.compile(r"[A-Za-z_][\w.\-/ ]*")


def redacted(message: str) -> str:
    """Without quoted values (names of columns and tables stay) and without long numbers."""
    hidden = _QUOTED.sub(lambda found: found[0] if _NAME.fullmatch(found[2]) else f"{found[1]}…{found[3]}", _WRAPPED.sub(r"\1", message))
    return _NUMBER.sub("…", hidden)[:LONGEST]
