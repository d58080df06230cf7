"""A user's doubt about a record: a ticket at once, an annotation for the lake, and its fate for whoever raised it."""

from typing import Any

import pytest

from portal.desk.actor import Actor, DeskError, NotFound
from tests.portal.at_the_desk import annotations, events, now
from tests.portal.nights import RESIDENT, Desk, failing, settled
from tests.portal.people import BUREAU, CIVIL, POLICE


def doubt(actor: Actor = CIVIL, key: str = RESIDENT, item: str = "full_name", note: str = "窗口出示的证件姓名不同") -> Any:
    from portal.desk.actions.doubting import Question, raise_doubt

    return raise_doubt(actor, Question("public_security", "resident", key, item, note))


def test_a_doubt_is_a_ticket_of_the_owner_at_once_and_an_annotation_for_the_lake(busy: Desk) -> None:
    raised = doubt()
    of_owner = raised.item.ticket
    assert (of_owner.department, of_owner.origin, of_owner.state, of_owner.open_count) == ("public_security", "doubt", "raised", 1)
    [told] = annotations(busy.data)
    assert (told["kind"], told["rule"], told["subject"], told["item_name"]) == ("doubt", "doubt.full_name", RESIDENT, "full_name")


def test_two_doubts_about_one_value_are_one_piece_of_work(busy: Desk) -> None:
    first, second = doubt(), doubt(BUREAU, note="同感")
    assert first.item == second.item and first.item.ticket.open_count == 1
    assert [kind for kind, _ in events(first.item.ticket.number)] == ["opened", "doubted"]


def test_the_lake_finding_the_doubt_is_no_second_try(busy: Desk) -> None:
    raised = doubt()
    busy.night([failing(rule="doubt.full_name", gate_run=7, delivery_seq=3, column="full_name")], on=raised.raised_on)
    item = now(raised.item)
    assert (item.tries, item.delivery_seq, item.ticket.open_count) == (1, 3, 1)


def test_proof_of_an_earlier_doubts_end_does_not_end_a_new_one(busy: Desk) -> None:
    first = doubt()
    proof = settled(rule="doubt.full_name", closed_run=8)
    busy.night([failing(rule="doubt.full_name", gate_run=7, delivery_seq=3)], on=first.raised_on)
    busy.night([], [proof], on=first.raised_on)
    second = doubt()
    busy.night([], [proof], on=first.raised_on)
    assert (now(first.item).state, now(second.item).state) == ("corrected", "open") and first.item != second.item


def test_only_who_doubted_may_take_it_back_and_the_last_one_tells_the_lake(busy: Desk) -> None:
    from portal.desk.actions.doubting import withdraw_doubt

    mine, theirs = doubt(), doubt(POLICE)
    with pytest.raises(NotFound):
        withdraw_doubt(POLICE, mine.pk)
    withdraw_doubt(CIVIL, mine.pk)
    assert [one["kind"] for one in annotations(busy.data)] == ["doubt", "doubt"]
    withdraw_doubt(POLICE, theirs.pk)
    assert [one["kind"] for one in annotations(busy.data)][2:] == ["doubt_withdrawn"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [({"key": ""}, "主键"), ({"key": "a|b"}, "主键"), ({"item": "no_such"}, "信息项"), ({"note": " "}, "异议内容")],
)
def test_a_doubt_that_names_no_record_or_says_nothing_is_told_what_is_missing(busy: Desk, fields: dict[str, str], message: str) -> None:
    with pytest.raises(DeskError, match=message):
        doubt(**fields)


def test_a_crash_between_decision_and_file_loses_nothing_and_doubles_nothing(busy: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.desk import outgoing
    from portal.desk.models import Annotation

    write = outgoing.desk_source.write_annotations

    def crashes(*args: Any) -> None:
        write(*args)
        raise OSError("power cut")

    monkeypatch.setattr(outgoing.desk_source, "write_annotations", crashes)
    doubt()
    assert Annotation.objects.filter(delivered_as="").count() == 1
    monkeypatch.setattr(outgoing.desk_source, "write_annotations", write)
    assert outgoing.flush(busy.data) == 1 and outgoing.flush(busy.data) == 0
    assert [one["kind"] for one in annotations(busy.data)] == ["doubt"]
