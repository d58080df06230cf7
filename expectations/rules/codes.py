"""The rules about codes and numbers that are right or wrong by themselves; the arithmetic is in `identifiers`,
`registers` and `mobile`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import polars as pl

from expectations.engine.row_rule import Ask, Domain, RowRule
from expectations.rules.identifiers import valid_credit_code
from expectations.rules.mobile import valid_mobile_number, valid_phone
from expectations.rules.registers import (
    valid_certificate_id,
    valid_organisation_code,
    valid_parcel_code,
    valid_real_estate_unit,
    valid_registration_no,
)

Kernel = Callable[[pl.Series], pl.Series]
VALID: Final[Mapping[str, Kernel]] = MappingProxyType(
    {
        "credit_code": valid_credit_code,
        "organisation_code": valid_organisation_code,
        "registration_no": valid_registration_no,
        "parcel_code": valid_parcel_code,
        "real_estate_unit": valid_real_estate_unit,
        "certificate_id": valid_certificate_id,
        "mobile_number": valid_mobile_number,
        "phone": valid_phone,
    }
)


def _rule(name: str, valid: Kernel) -> RowRule:
    def invalid(ask: Ask) -> pl.Expr:
        return ~ask.column().map_batches(valid, return_dtype=pl.Boolean, is_elementwise=True)

    return RowRule(
        expectation=f"expect_column_values_to_be_valid_{name}",
        metric=f"column_values.valid_{name}",
        domain=Domain.COLUMN,
        broken=invalid,
    )


RULES = tuple(_rule(name, valid) for name, valid in VALID.items())
