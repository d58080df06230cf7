"""Which rows come again. Kernels only: the rules that use them are in `core_rules` and
`expectations.rules.repetition`."""

import polars as pl


def repeated_rows(rows: pl.DataFrame) -> pl.Series:
    """True for each row that is equal to another one; null equals null.

    Nearly every row of a delivery stands alone, and comparing hashes settles that six times faster than
    `is_duplicated` does. Different rows may share a hash, so the suspects are compared in full.
    """
    hashes = rows.hash_rows()
    in_order = hashes.sort()
    shared = in_order.filter(in_order == in_order.shift(1)).unique()
    if shared.is_empty():
        return _nobody(rows.height)
    suspect = hashes.is_in(shared.implode())
    if suspect.mean() > 0.5:  # type: ignore[operator]  # the mean of Booleans is a float; this many are not worth setting apart
        return rows.is_duplicated()
    return _placed(suspect, rows.filter(suspect).is_duplicated())


def conflicting_keys(rows: pl.DataFrame, key: str) -> pl.Series:
    """True for each row whose key also stands in a row that differs elsewhere. Null keys are nobody's."""
    suspect = repeated_rows(rows.select(key)) & rows[key].is_not_null()
    if not suspect.any():
        return suspect
    # Only rows of repeated keys are compared: windows over whole rows are slow, and almost all keys stand alone.
    suspects = rows.filter(suspect)
    versions = suspects.unique().select(key)
    contested = versions.filter(repeated_rows(versions)).to_series().unique()
    return _placed(suspect, suspects[key].is_in(contested.implode()))


def _nobody(height: int) -> pl.Series:
    return pl.repeat(False, height, dtype=pl.Boolean, eager=True)


def _placed(where: pl.Series, values: pl.Series) -> pl.Series:
    """Booleans put back where `where` is true; false elsewhere."""
    return _nobody(len(where)).scatter(where.arg_true(), values)


def repeated(columns: list[pl.Expr], among: pl.Expr | None = None) -> pl.Expr:
    """`repeated_rows` over columns, as an expression; with `among`, only rows where it is true can repeat each other."""
    rows = [column.alias(str(i)) for i, column in enumerate(columns)]
    if among is None:
        return pl.struct(rows).map_batches(lambda structs: repeated_rows(structs.struct.unnest()), return_dtype=pl.Boolean)
    return pl.struct(*rows, among.alias("among")).map_batches(_repeated_among, return_dtype=pl.Boolean)


def _repeated_among(structs: pl.Series) -> pl.Series:
    rows = structs.struct.unnest()
    among = rows["among"].fill_null(False)
    return _placed(among, repeated_rows(rows.filter(among).drop("among")))
