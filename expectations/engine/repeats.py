"""Which rows come again. Rows are told apart by 128 bits of hash: 16 bytes of each are kept instead of its texts, so that a
hundred million rows can be compared. That two different rows of ten million share theirs is expected once in 10^24 frames.

Kernels only: the rules that use them are in `core` and `expectations.rules.repetition`.
"""

import polars as pl

_SEEDS = {"a": 1, "b": 2}


def fingerprint(columns: list[pl.Expr], prefix: str = "") -> list[pl.Expr]:
    """The hash of each row in two columns; null is a value as any other."""
    row = pl.struct(column.alias(str(place)) for place, column in enumerate(columns))
    return [row.hash(seed).alias(prefix + name) for name, seed in _SEEDS.items()]


def repeated_rows(rows: pl.DataFrame) -> pl.Series:
    """True for each row of hashes (`a`, `b`) that comes again; rows of nulls are nobody's."""
    there = rows["a"].is_not_null()
    in_order = rows["a"].drop_nulls().sort()
    shared = in_order.filter(in_order == in_order.shift(1)).unique()  # nearly every row of a delivery stands alone
    suspect = rows["a"].is_in(shared.implode()) & there
    return _placed(suspect, rows.filter(suspect).is_duplicated())


def conflicting_rows(rows: pl.DataFrame) -> pl.Series:
    """True for each row whose key (`key a`, `key b`) also stands in a row that differs elsewhere (`a`, `b`)."""
    keys = rows.select(a="key a", b="key b")
    suspect = repeated_rows(keys)
    suspects = rows.filter(suspect)
    versions = suspects.unique().select(a="key a", b="key b")
    contested = versions.filter(repeated_rows(versions)).unique()
    found = keys.filter(suspect).join(contested.with_columns(pl.lit(True).alias("contested")), on=["a", "b"], how="left", maintain_order="left")
    return _placed(suspect, found["contested"].fill_null(False))


def _placed(where: pl.Series, values: pl.Series) -> pl.Series:
    """Booleans put back where `where` is true; false elsewhere."""
    return pl.repeat(False, len(where), dtype=pl.Boolean, eager=True).scatter(where.arg_true(), values)


def repeated(fingerprints: pl.Expr) -> pl.Expr:
    """`repeated_rows` over a column of structs, as an expression."""
    return fingerprints.map_batches(lambda structs: repeated_rows(structs.struct.unnest()), return_dtype=pl.Boolean)


def conflicting(fingerprints: pl.Expr) -> pl.Expr:
    """`conflicting_rows` over a column of structs, as an expression."""
    return fingerprints.map_batches(lambda structs: conflicting_rows(structs.struct.unnest()), return_dtype=pl.Boolean)
