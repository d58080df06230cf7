"""What a kind of defect is, and the makers of the kinds that many resources share.

Which resource suffers which kinds stands in the package kinds. Rule ids are those of the gate: `<item>.<kind of
rule>` from the catalogue, suite rules from expectations/suites. A kind without rules is one that no rule can see; it
is in the truth all the same. Every row has at most one defect, so that the truth is exact.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from yishu.sample.defects import wrong_values as wrong

Manner = Literal["cell", "copy", "conflict", "header"]


@dataclass(frozen=True)
class Kind:
    """One way a resource goes wrong: `make` changes the cell of `item`; `rules` are whole ids; `structural` rows are
    held out or rejected.

    manner: cell = in place; copy = the row twice; conflict = a second row of the key that differs in `item`; header
    = the header again. `also`: further cells that go wrong in the same stroke. `correctable` is false where an
    exchange by increments cannot take the wrong row back.
    """

    name: str
    item: str | None
    rules: tuple[str, ...]
    make: wrong.Wrong | None
    manner: Manner = "cell"
    structural: bool = False
    correctable: bool = True
    also: tuple[tuple[str, wrong.Wrong], ...] = ()


def cell(
    name: str, item: str, make: wrong.Wrong, *rules: str, structural: bool = False, correctable: bool = True
) -> Kind:
    return Kind(
        name,
        item,
        tuple(rule if "." in rule else f"{item}.{rule}" for rule in rules),
        make,
        structural=structural,
        correctable=correctable,
    )


def missing(*items: str) -> Iterable[Kind]:
    return (cell("missing_required", item, wrong.missing, "not_null") for item in items)


def citizen_ids(item: str, *, key: bool = False, correctable: bool = True) -> Iterable[Kind]:
    broken = (
        ("wrong_check_digit", wrong.wrong_check_digit),
        ("letter_o_for_zero", wrong.letter_o),
        ("swapped_digits", wrong.swapped_digits),
        ("masked_id", wrong.masked_id),
        ("too_short_id", wrong.without_last),
        ("sequence_zero", wrong.sequence_zero),
    )
    # Masked numbers of a key would collide with each other.
    yield from (
        cell(name, item, make, "citizen_id", correctable=correctable)
        for name, make in broken
        if not (key and name == "masked_id")
    )
    yield cell("old_15_digit_id", item, wrong.old_citizen_id, "form")
    yield cell("lower_case_x", item, wrong.lower_case_x, "form")
    yield cell("stray_space", item, wrong.formed(after=" "), "form")


def strange_districts(item: str) -> Iterable[Kind]:
    """Numbers that are valid in themselves, of districts that were none when they can have been given."""
    yield cell("unknown_district", item, wrong.unknown_district, "district")
    yield cell("abolished_district", item, wrong.abolished_district, "district")


def dates(item: str) -> Iterable[Kind]:
    yield cell("unreal_date", item, wrong.unreal_date, "date")
    yield cell("unreal_date", item, wrong.thirteenth_month, "date")
    yield cell("garbled_time", item, wrong.garbled_time, "date")
    yield cell("future_date", item, wrong.future_date, "not_future")


def fillers(*items: str) -> Iterable[Kind]:
    return (cell("filler_word", item, wrong.filler_where_empty, "filler") for item in items)


def repeated(item: str) -> Iterable[Kind]:
    yield Kind("repeated_row", None, ("key.repeated",), None, "copy")
    yield Kind("conflicting_rows", item, ("key.conflict",), wrong.from_another_row, "conflict")


def unreadable(item: str, address: str, key: str, *, quotes: bool = True, header: bool = True) -> Iterable[Kind]:
    """Lines that are no records, and rows without key. `quotes`: not where fields run over lines, a stray quote
    would take a neighbour along."""

    def broken(name: str, place: str, make: wrong.Wrong, rule: str) -> Kind:
        return Kind(name, place, (rule,), make, structural=True)

    yield broken("missing_key", key, wrong.missing, f"{key}.not_null")
    yield broken("wrong_bytes", item, wrong.formed(after=wrong.MARK_HALF_CHARACTER), "file.encoding")
    yield broken("field_too_many", address, wrong.split_by_comma, "file.field_count")
    yield broken("nul_byte", item, wrong.formed(after=wrong.MARK_NUL), "file.nul")
    yield broken("field_too_few", item, wrong.formed(after=wrong.MARK_NO_COMMA), "file.field_count")
    if quotes:
        yield broken("stray_quote", item, wrong.formed(before=wrong.MARK_QUOTE), "file.quote")
    if header:
        yield Kind("repeated_header", None, ("file.header_repeated",), None, "header", structural=True)


def unreadable_json(item: str, key: str) -> Iterable[Kind]:
    """Lines of a JSON Lines file that are no records, and records without key."""
    yield Kind("missing_key", key, (f"{key}.not_null",), wrong.missing, structural=True)
    yield Kind("wrong_bytes", item, ("file.encoding",), wrong.formed(after=wrong.MARK_HALF_CHARACTER), structural=True)
    yield Kind("stray_quote", item, ("file.json",), wrong.formed(before=wrong.MARK_QUOTE), structural=True)


def unreadable_sheet(address: str, key: str) -> Iterable[Kind]:
    """Rows of a worksheet that are no records, and rows without key."""
    yield Kind("missing_key", key, (f"{key}.not_null",), wrong.missing, structural=True)
    yield Kind("field_too_many", address, ("file.field_count",), wrong.split_by_comma, structural=True)
    yield Kind("repeated_header", None, ("file.header_repeated",), None, "header", structural=True)


def credit_codes(item: str) -> Iterable[Kind]:
    yield cell("letter_o_for_zero", item, wrong.letter_o, "credit_code")
    yield cell("swapped_digits", item, wrong.swapped_digits, "credit_code")
    yield cell("too_short_code", item, wrong.without_last, "credit_code")
    yield cell("lower_case_code", item, wrong.lower_case, "form")
    yield cell("hyphenated_code", item, wrong.hyphenated, "form")
    yield cell("stray_space", item, wrong.formed(after=" "), "form")
