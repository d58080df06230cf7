"""The identifiers of persons and legal entities: canonical form, validity, parts, check characters. Kernels over
polars text.

Citizen ids: GB 11643-1999. Credit codes: GB 32100-2015 with the organisation code of GB 11714-1997 inside; the list of
the first two positions is the newer one of the registering authorities (N and Y came after 2015). Every function takes
any text whatever and answers null for null. Not here: the rules that use them (the other modules), and dates and
numbers as text (`dates`, `numbers`).

Not asked here: whether its six-digit region was in force when a number was given (`divisions`). Numbers of other kinds
are not valid here, though they have 18 digits too: the permanent residence cards of foreigners (from 2023 on, beginning
with 9) and their residence permits.
"""

import datetime as dt
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

from expectations.rules.characters import (
    ZERO,
    Bytes,
    Flags,
    Sums,
    all_at_most,
    as_texts,
    fitting,
    holds,
    number,
    spread,
    values_of,
    weighted_sum,
)

# GB/T 2260 provinces, and 81, 82, 83: residence permits of 港澳台居民, whose numbers pass GB 11643 all the same.
PROVINCES: Final = (
    *range(11, 16),
    21,
    22,
    23,
    *range(31, 38),
    *range(41, 47),
    *range(50, 55),
    *range(61, 66),
    71,
    81,
    82,
    83,
)
# Registering authority -> kinds of entity it registers (positions 1 and 2 of a credit code).
ENTITY_KINDS: Final = {
    "1": "1239", "2": "19", "3": "123459", "4": "19", "5": "1239", "6": "129",
    "7": "129", "8": "19", "9": "123", "A": "19", "N": "1239", "Y": "1",
}  # fmt: skip
CODE_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_CITIZEN_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS: Final = np.frombuffer(b"10X98765432", dtype=np.uint8)
_CODE_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS: Final = np.frombuffer(b"0X987654321", dtype=np.uint8)  # 11 - (sum mod 11), 10 as X, 11 as 0
_MONTH_DAYS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0], dtype=np.uint32)
_EARLIEST_BIRTH_YEAR: Final = 1900
_CODE_VALUE: Final = values_of(CODE_ALPHABET)
_ORGANISATION_VALUE: Final = values_of(ORGANISATION_ALPHABET)
_CODE_CHARACTER: Final = np.frombuffer(CODE_ALPHABET.encode(), dtype=np.uint8)
KNOWN_PROVINCE: Final = np.isin(np.arange(256), PROVINCES)
_KNOWN_KIND: Final = np.zeros((256, 256), dtype=np.bool_)
for _authority, _kinds in ENTITY_KINDS.items():
    _KNOWN_KIND[ord(_authority), [ord(kind) for kind in _kinds]] = True


def _citizen_checks(digits: Bytes) -> Bytes:
    return _CITIZEN_CHECKS[weighted_sum(digits, _CITIZEN_WEIGHTS) % 11]


def _real_days(years: Sums, months: Sums, days: Sums) -> Flags:
    lengths = _MONTH_DAYS[np.minimum(months, 13)]
    leap = (months == 2) & (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    return np.asarray((days >= 1) & (days <= lengths + leap))


def _valid_citizen_ids(ids: Bytes, as_of: dt.date | None) -> Flags:
    digits = ids[:17] - ZERO  # a byte below "0" wraps round to a large number: no digit either way
    valid = all_at_most(digits, 9)
    valid &= _citizen_checks(digits) == ids[17]
    years, months, days = number(digits[6:10]), number(digits[10:12]), number(digits[12:14])
    valid &= KNOWN_PROVINCE[np.minimum(number(digits[:2]), 255)] & (digits[14:17].max(axis=0, initial=0) > 0)
    valid &= (years >= _EARLIEST_BIRTH_YEAR) & _real_days(years, months, days)
    if as_of is not None:
        valid &= years * 10_000 + months * 100 + days <= as_of.year * 10_000 + as_of.month * 100 + as_of.day
    return valid


def valid_citizen_id(texts: pl.Series, *, as_of: dt.date | None = None) -> pl.Series:
    """Whether each text is a citizen id in canonical form: 17 digits and a check character, a province, a real birth
    date from 1900 to `as_of` (open if None), a sequence other than 000. A 15-digit or lower-case one is false here:
    see `upgrade_citizen_id`."""
    fits, ids = fitting(texts, 18)
    return holds(texts, fits, _valid_citizen_ids(ids, as_of))


def upgrade_citizen_id(texts: pl.Series) -> pl.Series:
    """Citizen ids in canonical form: without white space, upper-case, 15 digits made 18 (the century is 19). Other
    text only tidied."""
    tidy = texts.cast(pl.String).str.replace_all(r"\s", "").str.to_uppercase()
    fits, old = fitting(tidy, 15)
    numeric = all_at_most(old - ZERO, 9)
    if not numeric.any():
        return tidy
    old = old[:, numeric]
    century = np.repeat(np.frombuffer(b"19", dtype=np.uint8)[:, None], old.shape[1], axis=1)
    first17 = np.vstack([old[:6], century, old[6:]])
    upgraded = as_texts(np.vstack([first17, _citizen_checks(first17 - ZERO)]))
    return tidy.scatter(np.flatnonzero(fits)[numeric], upgraded)


def citizen_id_birth_date(texts: pl.Series) -> pl.Series:
    """The birth date in each valid citizen id; null where it is not valid."""
    fits, digits, valid = _valid_digits(texts)
    months = (number(digits[6:10]).astype(np.int64) - 1970) * 12 + number(digits[10:12]) - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]") + (number(digits[12:14]).astype(np.int64) - 1)
    return _where_valid(texts, fits, valid, days)


def citizen_id_sex(texts: pl.Series) -> pl.Series:
    """GB/T 2261.1 code by the 17th digit of each valid citizen id: odd is 1 (男), even 2 (女); null where it is not
    valid."""
    fits, digits, valid = _valid_digits(texts)
    return _where_valid(texts, fits, valid, 2 - digits[16] % 2).cast(pl.String)


def _valid_digits(texts: pl.Series) -> tuple[Flags, Bytes, Flags]:
    """Which texts have 18 bytes; their first 17 digits, zeros where the number is not valid; which are valid."""
    fits, ids = fitting(texts, 18)
    valid = _valid_citizen_ids(ids, None)
    return fits, np.where(valid, ids[:17] - ZERO, np.uint8(0)), valid


def _where_valid(texts: pl.Series, fits: Flags, valid: Flags, values: npt.NDArray[Any]) -> pl.Series:
    """What a valid number says, in its place; null elsewhere."""
    there = fits.copy()
    there[fits] = valid
    whole = np.zeros(len(texts), dtype=values.dtype)
    whole[there] = values[valid]
    said = pl.Series(texts.name, whole)
    return said if there.all() else said.set(pl.Series(~there, dtype=pl.Boolean), None)


def citizen_id_check_digit(first17: pl.Series) -> pl.Series:
    """The 18th character for each 17 digits; null where they are not 17 digits."""
    fits, numbers = fitting(first17, 17)
    digits = numbers - ZERO
    checks = as_texts(_citizen_checks(digits)[None, :])
    return spread(first17, fits, checks.set(pl.Series(~all_at_most(digits, 9), dtype=pl.Boolean), None))


def complete_citizen_id(first17: pl.Series) -> pl.Series:
    """17 digits with their check character appended; null where they are not 17 digits."""
    return (first17.cast(pl.String) + citizen_id_check_digit(first17)).rename(first17.name)


def organisation_checks(organisations: Bytes) -> Bytes:
    """The check character of each organisation code's first eight (GB 11714), as bytes."""
    return _ORGANISATION_CHECKS[weighted_sum(_ORGANISATION_VALUE[organisations], _ORGANISATION_WEIGHTS) % 11]


def _code_checks(values: Bytes) -> Bytes:
    return _CODE_CHARACTER[(31 - weighted_sum(values, _CODE_WEIGHTS) % 31) % 31]


def valid_credit_code(texts: pl.Series) -> pl.Series:
    """Whether each text is a unified social credit code in canonical form: the 31 characters, a known authority and
    kind of entity, a region of six digits, and both check characters (the inner one is that of the organisation
    code)."""
    fits, codes = fitting(texts, 18)
    values = _CODE_VALUE[codes]
    valid = all_at_most(values, 30) & _KNOWN_KIND[codes[0], codes[1]] & all_at_most(values[2:8], 9)
    valid &= organisation_checks(codes[8:16]) == codes[16]
    valid &= _code_checks(values[:17]) == codes[17]
    return holds(texts, fits, valid)


def canonical_credit_code(texts: pl.Series) -> pl.Series:
    """Credit codes upper-case, without white space and hyphens of any width. Other text only tidied."""
    return texts.cast(pl.String).str.replace_all(r"[\s\-‐‑–—－]", "").str.to_uppercase()


def credit_code_check_digits(first8: pl.Series, organisation8: pl.Series) -> pl.Series:
    """The two check characters (9th of the organisation code, 18th of the credit code) for authority, kind and region
    (8 characters) and the first 8 of the organisation code; null where either is not 8 characters of the code
    alphabet."""
    first8, organisation8 = first8.cast(pl.String), organisation8.cast(pl.String)
    joined = (first8 + organisation8).rename(first8.name)
    joined = joined.set(((first8.str.len_bytes() != 8) | (organisation8.str.len_bytes() != 8)).fill_null(True), None)
    fits, first16 = fitting(joined, 16)
    inner = organisation_checks(first16[8:])
    values = _CODE_VALUE[np.vstack([first16, inner])]
    checks = as_texts(np.vstack([inner, _code_checks(values)]))
    return spread(joined, fits, checks.set(pl.Series(~all_at_most(values, 30), dtype=pl.Boolean), None))


def complete_credit_code(first8: pl.Series, organisation8: pl.Series) -> pl.Series:
    """A credit code from authority, kind and region (8 characters) and the first 8 of an organisation code; null as
    above."""
    checks = credit_code_check_digits(first8, organisation8)
    return (first8.cast(pl.String) + organisation8.cast(pl.String) + checks).rename(first8.name)
