"""Telephone numbers of the mainland: mobile numbers by the segments that were assigned, landlines by their form.
Kernels over polars text.

《电信网编号计划（2017年版）》; the segments are data (`data/mobile_segments.csv`, as published by the ministry, with its
date). Not here: 13-digit numbers of machines, service numbers (95…, 400…), Hong Kong, Macao and Taiwan; all false.
"""

from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl

from expectations.rules.characters import ZERO, Flags, all_at_most, fitting, holds, number

_WIDTH: Final = 11
_LONGEST: Final = 5  # digits of a segment
# Area codes are 10, 2x, and three digits from 3 on: "0" before a mobile number is a habit of dialling and no area code.
LANDLINE: Final = r"^0(?:10|2[0-9]|[3-9][0-9]{2})-?[0-9]{7,8}$"


def mobile_segments() -> pl.DataFrame:
    """segment (3 to 5 digits), operator, use."""
    file = files("expectations.rules").joinpath("data", "mobile_segments.csv")
    schema = {"segment": pl.String, "operator": pl.String, "use": pl.String}
    return pl.read_csv(file.read_bytes(), comment_prefix="#", schema=schema)


@cache
def _assigned() -> Flags:
    """By the first five digits."""
    table = np.zeros(10**_LONGEST, dtype=np.bool_)
    for segment in mobile_segments()["segment"]:
        size = 10 ** (_LONGEST - len(segment))
        table[int(segment) * size : (int(segment) + 1) * size] = True
    return table


def valid_mobile_number(texts: pl.Series) -> pl.Series:
    """Whether each text is a mobile number in canonical form: 11 digits that begin with an assigned segment. A country
    code, spaces or hyphens make it false, and a number masked with asterisks; null for null."""
    fits, numbers = fitting(texts, _WIDTH)
    digits = numbers - ZERO
    valid = all_at_most(digits, 9)
    assigned = _assigned()
    return holds(texts, fits, valid & assigned[np.minimum(number(digits[:_LONGEST]), len(assigned) - 1)])


def valid_phone(texts: pl.Series) -> pl.Series:
    """Whether each text is a mobile number, or a landline with its area code, with or without a hyphen."""
    texts = texts.cast(pl.String)
    return valid_mobile_number(texts) | texts.str.contains(LANDLINE)
