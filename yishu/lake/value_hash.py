"""The hash of the value that a rule speaks about: what an accepted refusal stands on, until the value changes.

Of canonical text (yishu/gate/typing.py) in the row gate, of the pool's values as text elsewhere: how a file writes a value makes no difference.
A rule is always asked by the same gate, so that its hash stays as long as the department's value does. Not here: what a refusal mutes
(annotations.py). It is no secret: whoever may read the violations may read the row.
"""

import hashlib
from collections.abc import Mapping, Sequence

import polars as pl

_NONE = "\x00"


def value_hash_of(values: Mapping[str, str | None]) -> str:
    """16 hexadecimal digits of SHA-256 over the values by name, in the order of the names; null is not the empty text."""
    return _hash("\x1f".join(f"{name}={_NONE if values[name] is None else values[name]}" for name in sorted(values)))


def value_hashes(frame: pl.DataFrame, columns: Mapping[str, str]) -> pl.Series:
    """`value_hash_of` of each row; columns: name -> column of the frame, of any type."""
    if not columns or not frame.height:
        return pl.Series("value_hash", [None] * frame.height, dtype=pl.String)
    parts = [pl.format("{}={}", pl.lit(name), pl.col(columns[name]).cast(pl.String).fill_null(_NONE)) for name in sorted(columns)]
    texts = frame.select(pl.concat_str(parts, separator="\x1f")).to_series()
    return pl.Series("value_hash", [_hash(text) for text in texts], dtype=pl.String)


def one_a_subject(rows: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
    """Where several rows are one subject under one rule, its value is all of theirs: the same `value_hash` for each."""
    together = rows.group_by(by).agg(pl.col("value_hash").drop_nulls().unique().sort())
    hashes = [found[0] if len(found) == 1 else _hash("".join(found)) if found else None for found in together["value_hash"].to_list()]
    of_each = together.select(by).with_columns(pl.Series("value_hash", hashes, dtype=pl.String))
    return rows.drop("value_hash").join(of_each, on=by, how="left", nulls_equal=True, maintain_order="left")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
