"""The identifiers of persons and legal entities: canonical form, validity, parts, check characters. Kernels over
polars text.

Citizen ids: GB 11643-1999. Credit codes: GB 32100-2015 with the organisation code of GB 11714-1997 inside; the list of
the first two positions is the newer one of the registering authorities (N and Y came after 2015). Every function takes
any text whatever and answers null for null. Not here: the rules that use them (the other modules), and dates and
numbers as text (`dates`, `numbers`).

Not seen from a number alone, and so not checked: whether its six-digit region was in force when it was given.
"""

import datetime as dt
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

Bytes = npt.NDArray[np.uint8]
Sums = npt.NDArray[np.uint32]
Flags = npt.NDArray[np.bool_]

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

_CITIZEN_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CITIZEN_CHECKS: Final = np.frombuffer(b"10X98765432", dtype=np.uint8)
_CODE_WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANISATION_CHECKS: Final = np.frombuffer(b"0X987654321", dtype=np.uint8)  # 11 - (sum mod 11), 10 as X, 11 as 0
_MONTH_DAYS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 0], dtype=np.uint32)
_EARLIEST_BIRTH_YEAR: Final = 1900
_ZERO: Final = np.uint8(ord("0"))
_ILLEGAL: Final = 255


def _table(alphabet: str) -> Bytes:
    """Byte -> place in the alphabet."""
    table = np.full(256, _ILLEGAL, dtype=np.uint8)
    table[np.frombuffer(alphabet.encode(), dtype=np.uint8)] = range(len(alphabet))
    return table


_CODE_VALUE: Final = _table(CODE_ALPHABET)
_ORGANISATION_VALUE: Final = _table("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_CODE_CHARACTER: Final = np.frombuffer(CODE_ALPHABET.encode(), dtype=np.uint8)
_KNOWN_PROVINCE: Final = np.isin(np.arange(256), PROVINCES)
_KNOWN_KIND: Final = np.zeros((256, 256), dtype=np.bool_)
for _authority, _kinds in ENTITY_KINDS.items():
    _KNOWN_KIND[ord(_authority), [ord(kind) for kind in _kinds]] = True


def _bytes(texts: pl.Series, width: int) -> tuple[Flags, Bytes]:
    """Which texts are `width` bytes long, and those as a matrix: a row each *position*, a column each text.

    Position by position, the arithmetic below runs over contiguous bytes; text by text it took seven times as long.
    A text with longer characters may have the right length in bytes: it then fails the checks of its characters.
    """
    binary = texts.cast(pl.String).cast(pl.Binary)
    fits = (binary.bin.size() == width).fill_null(False)
    matrix = binary.filter(fits).bin.reinterpret(dtype=pl.Array(pl.UInt8, width)).to_numpy()
    return fits.to_numpy(), np.ascontiguousarray(matrix.reshape(-1, width).T)


def _spread(texts: pl.Series, fits: Flags, values: pl.Series) -> pl.Series:
    """Values of the fitting texts back in their places; null elsewhere."""
    nothing = pl.repeat(None, len(texts), dtype=values.dtype, eager=True)
    return nothing.scatter(np.flatnonzero(fits), values).rename(texts.name)


def _holds(texts: pl.Series, fits: Flags, valid: Flags) -> pl.Series:
    """Booleans of the fitting texts back in their places: false elsewhere, null for null."""
    whole = np.zeros(len(texts), dtype=np.bool_)
    whole[fits] = valid
    answer = pl.Series(texts.name, whole, dtype=pl.Boolean)
    return answer.set(texts.is_null(), None) if texts.null_count() else answer


def _text(characters: Bytes) -> pl.Series:
    """A matrix of bytes, a row each position, as texts."""
    width, count = characters.shape
    if not count:
        return pl.Series([], dtype=pl.String)
    flat = np.ascontiguousarray(characters.T).view(f"S{width}").ravel()
    return pl.Series(flat.tolist(), dtype=pl.Binary).cast(pl.String)


def _all_at_most(values: Bytes, highest: int) -> Flags:
    return np.asarray(values.max(axis=0, initial=0) <= highest)


def _weighted_sum(values: Bytes, weights: tuple[int, ...]) -> Sums:
    """The sum of value times weight. Illegal values (up to 255) give a meaningless sum, never an overflow."""
    total = np.zeros(values.shape[1], dtype=np.uint32)
    for value, weight in zip(values, weights, strict=True):
        total += value * np.uint32(weight)
    return total


def _number(digits: Bytes) -> Sums:
    total = np.zeros(digits.shape[1], dtype=np.uint32)
    for digit in digits:
        total *= np.uint32(10)
        total += digit
    return total


def _citizen_checks(digits: Bytes) -> Bytes:
    return _CITIZEN_CHECKS[_weighted_sum(digits, _CITIZEN_WEIGHTS) % 11]


def _real_days(years: Sums, months: Sums, days: Sums) -> Flags:
    lengths = _MONTH_DAYS[np.minimum(months, 13)]
    leap = (months == 2) & (years % 4 == 0) & ((years % 100 != 0) | (years % 400 == 0))
    return np.asarray((days >= 1) & (days <= lengths + leap))


def _valid_citizen_ids(ids: Bytes, as_of: dt.date | None) -> Flags:
    digits = ids[:17] - _ZERO  # a byte below "0" wraps round to a large number: no digit either way
    valid = _all_at_most(digits, 9)
    valid &= _citizen_checks(digits) == ids[17]
    years, months, days = _number(digits[6:10]), _number(digits[10:12]), _number(digits[12:14])
    valid &= _KNOWN_PROVINCE[np.minimum(_number(digits[:2]), 255)] & (digits[14:17].max(axis=0, initial=0) > 0)
    valid &= (years >= _EARLIEST_BIRTH_YEAR) & _real_days(years, months, days)
    if as_of is not None:
        valid &= years * 10_000 + months * 100 + days <= as_of.year * 10_000 + as_of.month * 100 + as_of.day
    return valid


def valid_citizen_id(texts: pl.Series, *, as_of: dt.date | None = None) -> pl.Series:
    """Whether each text is a citizen id in canonical form: 17 digits and a check character, a province, a real birth
    date from 1900 to `as_of` (open if None), a sequence other than 000. A 15-digit or lower-case one is false here:
    see `upgrade_citizen_id`."""
    fits, ids = _bytes(texts, 18)
    return _holds(texts, fits, _valid_citizen_ids(ids, as_of))


def upgrade_citizen_id(texts: pl.Series) -> pl.Series:
    """Citizen ids in canonical form: without white space, upper-case, 15 digits made 18 (the century is 19). Other
    text only tidied."""
    tidy = texts.cast(pl.String).str.replace_all(r"\s", "").str.to_uppercase()
    fits, old = _bytes(tidy, 15)
    numeric = _all_at_most(old - _ZERO, 9)
    if not numeric.any():
        return tidy
    old = old[:, numeric]
    century = np.repeat(np.frombuffer(b"19", dtype=np.uint8)[:, None], old.shape[1], axis=1)
    first17 = np.vstack([old[:6], century, old[6:]])
    upgraded = _text(np.vstack([first17, _citizen_checks(first17 - _ZERO)]))
    return tidy.scatter(np.flatnonzero(fits)[numeric], upgraded)


def citizen_id_birth_date(texts: pl.Series) -> pl.Series:
    """The birth date in each valid citizen id; null where it is not valid."""
    return _part(texts, 6, 8).str.to_date("%Y%m%d", strict=False)


def citizen_id_sex(texts: pl.Series) -> pl.Series:
    """GB/T 2261.1 code by the 17th digit of each valid citizen id: odd is 1 (男), even 2 (女); null where it is not
    valid."""
    return pl.Series(texts.name, 2 - _part(texts, 16, 1).cast(pl.Int8, strict=False) % 2, dtype=pl.Int8).cast(pl.String)


def _part(texts: pl.Series, start: int, length: int) -> pl.Series:
    valid = valid_citizen_id(texts)
    return pl.select(pl.when(valid).then(texts.cast(pl.String).str.slice(start, length)).alias(texts.name)).to_series()


def citizen_id_check_digit(first17: pl.Series) -> pl.Series:
    """The 18th character for each 17 digits; null where they are not 17 digits."""
    fits, numbers = _bytes(first17, 17)
    digits = numbers - _ZERO
    checks = _text(_citizen_checks(digits)[None, :])
    return _spread(first17, fits, checks.set(pl.Series(~_all_at_most(digits, 9), dtype=pl.Boolean), None))


def complete_citizen_id(first17: pl.Series) -> pl.Series:
    """17 digits with their check character appended; null where they are not 17 digits."""
    return (first17.cast(pl.String) + citizen_id_check_digit(first17)).rename(first17.name)


def _organisation_checks(organisations: Bytes) -> Bytes:
    return _ORGANISATION_CHECKS[_weighted_sum(_ORGANISATION_VALUE[organisations], _ORGANISATION_WEIGHTS) % 11]


def _code_checks(values: Bytes) -> Bytes:
    return _CODE_CHARACTER[(31 - _weighted_sum(values, _CODE_WEIGHTS) % 31) % 31]


def valid_credit_code(texts: pl.Series) -> pl.Series:
    """Whether each text is a unified social credit code in canonical form: the 31 characters, a known authority and
    kind of entity, a region of six digits, and both check characters (the inner one is that of the organisation
    code)."""
    fits, codes = _bytes(texts, 18)
    values = _CODE_VALUE[codes]
    valid = _all_at_most(values, 30) & _KNOWN_KIND[codes[0], codes[1]] & _all_at_most(values[2:8], 9)
    valid &= _organisation_checks(codes[8:16]) == codes[16]
    valid &= _code_checks(values[:17]) == codes[17]
    return _holds(texts, fits, valid)


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
    fits, first16 = _bytes(joined, 16)
    inner = _organisation_checks(first16[8:])
    values = _CODE_VALUE[np.vstack([first16, inner])]
    checks = _text(np.vstack([inner, _code_checks(values)]))
    return _spread(joined, fits, checks.set(pl.Series(~_all_at_most(values, 30), dtype=pl.Boolean), None))


def complete_credit_code(first8: pl.Series, organisation8: pl.Series) -> pl.Series:
    """A credit code from authority, kind and region (8 characters) and the first 8 of an organisation code; null as
    above."""
    checks = credit_code_check_digits(first8, organisation8)
    return (first8.cast(pl.String) + organisation8.cast(pl.String) + checks).rename(first8.name)
