"""Rules about citizen ids: valid by themselves, of a district that was in force, and in agreement with the birth date
and the sex beside them.

An id that is not valid is accused of that alone: what it says of district, birth and sex is then nobody's evidence.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule
from expectations.rules.divisions import citizen_id_district_in_force
from expectations.rules.identifiers import citizen_id_birth_date, citizen_id_sex, valid_citizen_id


def _as_of(kwargs: Mapping[str, Any]) -> dt.date | None:
    as_of = kwargs.get("as_of")
    return dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of


def _wrong_as_of(kwargs: Mapping[str, Any]) -> str | None:
    try:
        as_of = _as_of(kwargs)
    except ValueError:
        as_of = ...  # type: ignore[assignment]  # anything that is no date
    return None if as_of is None or isinstance(as_of, dt.date) else "as_of 参数应为日期，写作 YYYY-MM-DD"


def _invalid(ask: Ask) -> pl.Expr:
    as_of = _as_of(ask.kwargs)
    return ~ask.column().map_batches(
        lambda ids: valid_citizen_id(ids, as_of=as_of), return_dtype=pl.Boolean, is_elementwise=True
    )


def _district_not_in_force(ask: Ask) -> pl.Expr:
    as_of = _as_of(ask.kwargs)
    return ~ask.column().map_batches(
        lambda ids: citizen_id_district_in_force(ids, as_of=as_of), return_dtype=pl.Boolean, is_elementwise=True
    )


def _other_birth(ask: Ask) -> pl.Expr:
    birth = ask.column("column_B").map_batches(citizen_id_birth_date, return_dtype=pl.Date, is_elementwise=True)
    return ask.column("column_A") != birth


def _other_sex(ask: Ask) -> pl.Expr:
    sex = ask.column("column_B").map_batches(citizen_id_sex, return_dtype=pl.String, is_elementwise=True)
    # 0 (unknown) and 9 (not stated) contradict nothing.
    return ask.column("column_A").is_in(["1", "2"]) & (ask.column("column_A") != sex)


def _of_the_other_sex(ask: Ask) -> pl.Expr:
    said = ask.column().map_batches(citizen_id_sex, return_dtype=pl.String, is_elementwise=True)
    return said.ne(ask.value("sex"))


def _wrong_sex(kwargs: Mapping[str, Any]) -> str | None:
    return None if kwargs["sex"] in ("1", "2") else 'sex 参数应为 "1"（男）或 "2"（女）'


RULES = (
    RowRule(
        expectation="expect_column_values_to_be_citizen_ids_of_sex",
        metric="column_values.citizen_id_of_sex",
        domain=Domain.COLUMN,
        broken=_of_the_other_sex,
        values={"sex": REQUIRED},
        wrong=_wrong_sex,
    ),
    RowRule(
        expectation="expect_column_values_to_be_valid_citizen_id",
        metric="column_values.valid_citizen_id",
        domain=Domain.COLUMN,
        broken=_invalid,
        values={"as_of": None},
        wrong=_wrong_as_of,
    ),
    RowRule(
        expectation="expect_column_values_to_have_citizen_id_district_in_force",
        metric="column_values.citizen_id_district_in_force",
        domain=Domain.COLUMN,
        broken=_district_not_in_force,
        values={"as_of": None},
        wrong=_wrong_as_of,
    ),
    RowRule(
        expectation="expect_column_values_to_match_citizen_id_birth",
        metric="column_pair_values.citizen_id_birth",
        domain=Domain.COLUMN_PAIR,
        broken=_other_birth,
        ignore_row_if="either_value_is_missing",
    ),
    RowRule(
        expectation="expect_column_values_to_match_citizen_id_sex",
        metric="column_pair_values.citizen_id_sex",
        domain=Domain.COLUMN_PAIR,
        broken=_other_sex,
        ignore_row_if="either_value_is_missing",
    ),
)
