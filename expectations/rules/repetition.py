"""Rows that come twice, and rows that claim the same key with different words. Every member of a group is accused: which of them
is right, the sender knows. Not here: what the pool then keeps."""

import polars as pl

from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule


def _repeated(ask: Ask) -> pl.Expr:
    names = list(ask.value("column_list"))
    return pl.struct(ask.columns()).map_batches(lambda rows: repeated_rows(rows.struct.unnest().select(names)), return_dtype=pl.Boolean)


def repeated_rows(rows: pl.DataFrame) -> pl.Series:
    """True for each row that is equal to another one; null equals null."""
    hashes = rows.hash_rows()
    if hashes.n_unique() == rows.height:
        return pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    # Two different rows may share a hash: the few suspects are compared in full.
    suspect = hashes.is_duplicated()
    return _placed(suspect, rows.filter(suspect).is_duplicated())


def _placed(where: pl.Series, values: pl.Series) -> pl.Series:
    """Booleans put back where `where` is true; false elsewhere."""
    return pl.repeat(False, len(where), dtype=pl.Boolean, eager=True).scatter(where.arg_true(), values)


def _conflicting(ask: Ask) -> pl.Expr:
    key, others = ask.column(), [column for column in ask.columns() if column.meta.output_name() != ask.name()]
    return pl.struct(key.alias("key"), *others).map_batches(
        lambda rows: conflicting_keys(rows.struct.unnest(), "key"), return_dtype=pl.Boolean
    )


def conflicting_keys(rows: pl.DataFrame, key: str) -> pl.Series:
    """True for each row whose key also stands in a row that differs elsewhere. Null keys are nobody's."""
    keys = rows[key]
    if keys.drop_nulls().n_unique() == len(keys) - keys.null_count():
        return pl.repeat(False, rows.height, dtype=pl.Boolean, eager=True)
    # Only repeated keys are looked at further: windows over whole rows are slow, and almost all keys stand alone.
    suspect = keys.is_duplicated() & keys.is_not_null()
    suspects = rows.filter(suspect)
    versions = suspects.unique()[key]
    conflict = versions.filter(versions.is_duplicated()).unique()
    return _placed(suspect, suspects[key].is_in(conflict.implode()))


RULES = (
    RowRule(expectation="expect_rows_not_to_be_repeated", metric="rows.not_repeated", domain=Domain.COLUMN_LIST,
            broken=_repeated, ignore_row_if="all_values_are_missing"),
    RowRule(expectation="expect_key_not_to_conflict", metric="key.not_conflicting", domain=Domain.COLUMN,
            broken=_conflicting, values={"column_list": REQUIRED}),
)
