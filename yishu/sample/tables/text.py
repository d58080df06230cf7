"""How numbers become the text of a table. No department's habits belong here: those stand in the department's
module."""

from collections.abc import Sequence

import polars as pl

from yishu.sample.chance import Bools, Ints
from yishu.sample.people import NONE


def dates(days: Ints, pattern: str) -> pl.Series:
    """Days since 1970 in a department's own way of writing; null for NONE."""
    text = pl.Series(days).cast(pl.Int32).cast(pl.Date).dt.strftime(pattern)
    return where(days != NONE, text)


def codes(values: Ints, width: int = 1) -> pl.Series:
    """Numbers as codes of at least `width` digits; null for NONE."""
    return where(values != NONE, pl.Series(values).cast(pl.String).str.zfill(width))


def amounts(fen: Ints) -> pl.Series:
    """Yuan with two decimals; null for NONE."""
    text = pl.Series(fen // 100).cast(pl.String) + "." + pl.Series(fen % 100).cast(pl.String).str.zfill(2)
    return where(fen != NONE, text)


def choice(yes: Bools, if_yes: str, if_no: str) -> pl.Series:
    return pl.Series([if_no, if_yes], dtype=pl.String).gather(yes.astype("int64"))


def where(condition: Bools, text: pl.Series) -> pl.Series:
    """The text where the condition holds, null elsewhere."""
    return pl.select(pl.when(pl.Series(condition)).then(text)).to_series()


def either(condition: Bools, yes: pl.Series, no: pl.Series) -> pl.Series:
    """One text where the condition holds, the other elsewhere."""
    return pl.select(pl.when(pl.Series(condition)).then(yes).otherwise(no)).to_series()


def always(text: str, size: int) -> pl.Series:
    """The same words in every row."""
    return pl.Series([text], dtype=pl.String).new_from_index(0, size)


def nothing(size: int) -> pl.Series:
    """A column that this department never fills."""
    return pl.Series([None], dtype=pl.String).new_from_index(0, size)


def looked_up(rows: Sequence[tuple[object, ...]], place: int, which: Ints) -> pl.Series:
    """One field of the rows of a list of words, for each of the numbers given."""
    return pl.Series([str(row[place]) for row in rows], dtype=pl.String).gather(which)
