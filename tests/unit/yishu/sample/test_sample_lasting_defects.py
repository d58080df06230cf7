"""Defects last until they are corrected: what the second day brings."""

from typing import Any

import polars as pl

from yishu.sample.defects.kinds import KINDS

KEYED = {"human_resources.insured_person": "person_no", "human_resources.insured_unit": "unit_no"}


def wrong_subjects(city: Any, resource: str, day: int) -> set[tuple[str, str]]:
    """(subject, kind) of lines whose number of the department can be read."""
    entry = city.catalogue.resources[resource]
    at = [item.name for item in entry.items].index(KEYED[resource])
    truth = city.truth_of(resource, day).filter(
        (pl.col("column") != KEYED[resource]) & pl.col("column").is_not_null() & (pl.col("kind") != "field_too_few")
    ).filter(
        # A disagreement with another department is no defect of the line: it ends with the other's line as well.
        ~pl.col("rule").fill_null("").str.starts_with("conflict.")
    )
    lines = city.lines(resource, day)
    return {
        (lines[line - 1].split(b",")[at].decode("gb18030"), kind)
        for line, kind in truth.select("line", "kind").iter_rows()
    }


def test_about_a_third_of_the_defects_is_corrected_and_the_rest_stays(city: Any) -> None:
    first = set().union(*(wrong_subjects(city, resource, 1) for resource in KEYED))
    second = set().union(*(wrong_subjects(city, resource, 2) for resource in KEYED))
    assert len(first) > 60
    assert 0.2 < len(first - second) / len(first) < 0.45
    assert len(first & second) > len(first) / 2


def test_corrected_rows_are_right_the_next_day(city: Any) -> None:
    for resource, key in KEYED.items():
        # Of a row with two faults one may be corrected first: it is right when none is left.
        first, second = ({subject for subject, _ in wrong_subjects(city, resource, day)} for day in (1, 2))
        corrected = first - second
        clean = set(city.clean(resource, 2)[key])
        assert corrected
        assert corrected <= clean


def test_the_second_day_brings_new_defects_too(city: Any) -> None:
    new = set().union(*(wrong_subjects(city, resource, 2) - wrong_subjects(city, resource, 1) for resource in KEYED))
    assert new


def test_the_register_of_deaths_corrects_by_update_and_sends_lost_rows_as_new(city: Any) -> None:
    truth = city.truth_of("public_security.death", 1)
    certificates = city.clean("public_security.death", 2)
    sent_again = certificates.filter(pl.col("CD_OPERATION") == "U")
    wrong = set(truth.filter(pl.col("column").is_in(["death_date", "cancelled_date", "full_name"]))["line"])
    lines = city.lines("public_security.death", 1)
    ids_then_wrong = {lines[line - 1].split(b",")[1].decode("gb18030") for line in wrong}
    assert set(sent_again["citizen_id"]) & ids_then_wrong


def test_a_key_that_was_wrong_in_an_exchange_by_increments_cannot_be_corrected() -> None:
    kinds = [kind for kind in KINDS["public_security.death"] if kind.rules == ("citizen_id.citizen_id",)]
    assert kinds
    assert not any(kind.correctable for kind in kinds)
