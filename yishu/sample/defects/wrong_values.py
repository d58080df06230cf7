"""How a right value becomes a wrong one. Each function takes the right texts of some rows and gives wrong ones, null
where it cannot (a number that does not end in X has no lower-case form). Which column suffers what, and who can
see it, is in the package kinds.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_citizen_id, valid_credit_code
from yishu.sample.chance import between
from yishu.sample.people import GIVEN, LARGEST_SERIAL_PAIR

# Bytes that no text can hold are marked in the text and put in when the file is written (writing.py).
MARK_HALF_CHARACTER, MARK_NUL, MARK_QUOTE, MARK_COMMA, MARK_NO_COMMA = (
    "\x01E\x01",
    "\x01N\x01",
    "\x01Q\x01",
    "\x01C\x01",
    "\x01D\x01",
)
FILLERS = ("暂无", "无", "N/A", r"\N", "-")
_DATE = r"^(\d{4})([-/]?)(\d{1,2})([-/]?)(\d{1,2})(.*)$"


@dataclass(frozen=True)
class Place:
    """The rows a wrong value is made for: their right texts, the as-of date, and chance."""

    rows: pl.DataFrame
    as_of: date
    rng: np.random.Generator


class Wrong(Protocol):
    """A way to be wrong."""

    def __call__(self, right: pl.Series, place: Place, /) -> pl.Series: ...


def constant(*texts: str) -> Wrong:
    """One of the given texts, whatever was right."""

    def make(right: pl.Series, place: Place, /) -> pl.Series:
        chosen = between(place.rng, 0, len(texts) - 1, len(right))
        return _where(right.is_not_null(), pl.Series(texts, dtype=pl.String).gather(chosen))

    return make


def formed(before: str = "", after: str = "") -> Wrong:
    """The right text with something before or behind it."""
    return lambda right, _: before + right + after


def replaced(pattern: str, replacement: str) -> Wrong:
    """The right text with the first match of a pattern replaced; null where nothing changes."""

    def make(right: pl.Series, _: Place, /) -> pl.Series:
        wrong = right.str.replace(pattern, replacement)
        return _where(wrong != right, wrong)

    return make


def of_column(name: str) -> Wrong:
    """What belongs in another column of the row."""
    return lambda _, place: place.rows[name]


def raised(by: float, decimals: int) -> Wrong:
    """A number that is off by so much."""
    return lambda right, _: (right.cast(pl.Float64) + by).map_elements(lambda value: f"{value:.{decimals}f}", return_dtype=pl.String)


def filler_where_empty(right: pl.Series, place: Place, /) -> pl.Series:
    """A word in place of nothing."""
    words = pl.Series(FILLERS).gather(between(place.rng, 0, len(FILLERS) - 1, len(right)))
    return _where(right.is_null(), words)


missing = constant("")
unreal_date = replaced(_DATE, "${1}${2}02${4}30${6}")
thirteenth_month = replaced(_DATE, "${1}${2}13${4}05${6}")
future_date = replaced(_DATE, "2099${2}12${4}31${6}")
dummy_date = replaced(_DATE, "1900${2}01${4}01${6}")
garbled_time = replaced(r"^(\S+).*$", "${1} 00:00;00")
letter_o = replaced("0", "O")
open_end = replaced(_DATE, "9999${2}09${4}09${6}")
spaced_unit = replaced("^(.{6})(.{6})(.{7})(.{9})$", "${1} ${2} ${3} ${4}")
spaced_parcel = replaced("^(.{6})(.{6})(.{7})$", "${1} ${2} ${3}")
homestead_of_the_state = replaced("^(.{12})..", "${1}GC")  # only collective land (J) knows A and C
unassigned_segment = replaced(r"^1\d{2}(\d{8})$", "154${1}")
masked_phone = replaced(r"^(\d{3})\d{4}(\d{4})$", "${1}****${2}")
without_last = replaced(r"^(.+).$", "${1}")
masked_id = replaced(r"^(\d{6}).{12}$", "${1}************")
lower_case_x = replaced("X$", "x")
old_citizen_id = replaced(r"^(\d{6})19(\d{9}).$", "${1}${2}")
organisation_code = replaced(r"^.{8}(.{8})(.).$", "${1}-${2}")
hyphenated = replaced(r"^(.{8})(.+)$", "${1}-${2}")
decimal_comma = replaced(r"^(\d+)\.?(\d*)$", "${1},00${2}")
split_by_comma = replaced(r"^(.{2})(.+)$", "${1}" + MARK_COMMA + "${2}")


def full_width_digits(right: pl.Series, _: Place, /) -> pl.Series:
    """As typed with an input method for Chinese."""
    wide = {str(digit): chr(0xFF10 + digit) for digit in range(10)}
    return right.str.replace_many(list(wide), list(wide.values()))


def lower_case(right: pl.Series, _: Place, /) -> pl.Series:
    wrong = right.str.to_lowercase()
    return _where(wrong != right, wrong)


def wrong_check_digit(right: pl.Series, place: Place, /) -> pl.Series:
    """Another last character: one only is right."""
    last = right.str.slice(17, 1).replace_strict({**{str(d): d for d in range(10)}, "X": 10}, return_dtype=pl.Int64)
    other = (last + pl.Series(between(place.rng, 1, 9, len(right)))) % 10
    return _where(last < 10, right.str.slice(0, 17) + other.cast(pl.String))


def last_digit_raised(right: pl.Series, _: Place, /) -> pl.Series:
    """Another last digit: the check digit then tells."""
    last = (right.str.slice(-1).cast(pl.Int64, strict=False) + 1) % 10
    return right.str.slice(0, right.str.len_chars() - 1) + last.cast(pl.String)


def other_check_character(right: pl.Series, _: Place, /) -> pl.Series:
    """Another check character of a certificate id."""
    last = right.str.slice(-1)
    return right.str.slice(0, right.str.len_chars() - 1) + pl.select(pl.when(last == "A").then(pl.lit("B")).otherwise(pl.lit("A"))).to_series()


def swapped_digits(right: pl.Series, _: Place, /) -> pl.Series:
    """Two unequal neighbours exchanged, as typed: weighted check sums see it always."""
    wrong = pl.Series([None], dtype=pl.String).new_from_index(0, len(right))
    for at in (5, 14, 15):
        first, second = right.str.slice(at, 1), right.str.slice(at + 1, 1)
        swapped = right.str.slice(0, at) + second + first + right.str.slice(at + 2)
        wrong = pl.select(pl.when(first != second).then(swapped).otherwise(wrong)).to_series()
    return wrong


def nobodys_citizen_id(right: pl.Series, place: Place, /) -> pl.Series:
    """A number of the same area, birth date and sex with a right check digit, that was given to nobody: no rule can
    see it."""
    size = len(right)
    serial = (
        2 * (LARGEST_SERIAL_PAIR + 1 + between(place.rng, 1, 5, size))
        + right.str.slice(16, 1).cast(pl.Int64).fill_null(0).to_numpy() % 2
    )
    return complete_citizen_id(right.str.slice(0, 14) + pl.Series(serial).cast(pl.String).str.zfill(3))


def sequence_zero(right: pl.Series, _: Place, /) -> pl.Series:
    """The sequence 000, which is never given, under a right check digit."""
    return complete_citizen_id(right.str.slice(0, 14) + "000")


def unknown_district(right: pl.Series, place: Place, /) -> pl.Series:
    """Another region, that never was one, under a right check digit."""
    return complete_citizen_id(constant("410409", "410499")(right, place) + right.str.slice(6, 11))


def abolished_district(right: pl.Series, _: Place, /) -> pl.Series:
    """A district that was abolished in 1987 (郑州市新密区), in the number of somebody born since 1990, under a right check
    digit."""
    late = right.str.slice(6, 4).cast(pl.Int64, strict=False) >= 1990
    return _where(late, complete_citizen_id("410107" + right.str.slice(6, 11)))


def personal_id(right: pl.Series, place: Place, /) -> pl.Series:
    """A citizen id where a credit code belongs, as some individual businesses give it."""
    born = (
        19_600_000
        + between(place.rng, 0, 39, len(right)) * 10_000
        + between(place.rng, 1, 12, len(right)) * 100
        + between(place.rng, 1, 28, len(right))
    )
    first17 = (
        right.str.slice(2, 6)
        + pl.Series(born).cast(pl.String)
        + pl.Series(between(place.rng, 983, 995, len(right))).cast(pl.String)
    )
    wrong = complete_citizen_id(first17)
    return _where(~valid_credit_code(wrong).fill_null(False), wrong)


def other_character(right: pl.Series, place: Place, /) -> pl.Series:
    """A name with another last character: typed wrong, looks right."""
    wrong = right.str.slice(0, right.str.len_chars() - 1) + pl.Series(GIVEN).gather(
        between(place.rng, 0, len(GIVEN) - 1, len(right))
    )
    return _where(wrong != right, wrong)


def from_another_row(right: pl.Series, place: Place, /) -> pl.Series:
    """The value of another row: a move not reported, a former unit."""
    wrong = right.gather(place.rng.permutation(len(right)))
    return _where((wrong != right) & right.is_not_null(), wrong)


def other_sex(right: pl.Series, _: Place, /) -> pl.Series:
    return right.replace_strict({"1": "2", "2": "1"}, default=None, return_dtype=pl.String)


def year_before(right: pl.Series, _: Place, /) -> pl.Series:
    """The same day a year earlier; not for 29 February, which would be another defect."""
    year = right.str.slice(0, 4).cast(pl.Int64) - 1
    return _where(~right.str.contains(r"\D0?2\D?29"), year.cast(pl.String) + right.str.slice(4))


def _where(condition: pl.Series, text: pl.Series) -> pl.Series:
    return pl.select(pl.when(condition).then(text)).to_series()
