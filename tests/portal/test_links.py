"""A proposed link at the desk: shown with its reasons and without identifiers, decided one by one, told to the lake."""

from collections.abc import Iterator
from typing import Any

import pytest

from portal.desk.actor import DeskError, NotAllowed
from tests.portal.at_the_desk import NUMBER, annotations, events, items, now, ticket
from tests.portal.browsing import browser, text_of
from tests.portal.nights import Desk, settled
from tests.portal.people import BUREAU, POLICE
from tests.portal.rows import IDS, desk_with_rows, resident
from yishu.lake import delta
from yishu.linkage.proposing import SCHEMA, likely_path

ENTITY = "110105194912310119"
RULE = "linkage.person"
WATERFALL = '[{"feature": "prior", "title": "起点", "level": "约 8 个实体中任取一个", "weight": -3.0}, {"feature": "name", "title": "姓名", "level": "姓名相同", "weight": 12.5}]'  # noqa: E501


@pytest.fixture
def proposed(empty_desk: Desk) -> Iterator[Desk]:
    """Three records with a proposed link each; the lake knows why of the first."""
    import polars as pl

    with desk_with_rows(empty_desk, [resident(one) for one in IDS[:3]], rule=RULE, column="citizen_id") as place:
        row = ("person", "public_security", "resident", IDS[0], ENTITY, 0.9987, 9.5, WATERFALL, "abc123", "0" * 16)
        delta.replace(likely_path(place.data), pl.DataFrame([row], schema=SCHEMA, orient="row"), key="k", actor="night")
        for item in items():
            item.proposal, item.proposal_item, item.value_hash = ENTITY, "citizen_id", "0" * 16
            item.save()
        yield place


def decide(item: Any, *, confirm: bool, actor: Any = POLICE, reason: str = "核对户籍档案") -> None:
    from portal.desk.actions.linking import decide_link

    decide_link(actor, NUMBER, item.pk, confirm=confirm, reason=reason)


def test_a_confirmed_link_tells_the_lake_record_entity_and_values_and_stays_open_until_the_lake_has_seen_it(proposed: Desk) -> None:
    first = items()[0]
    decide(first, confirm=True)
    (said,) = annotations(proposed.data)
    assert {name: said[name] for name in ("kind", "rule", "subject", "entity_key", "value_hash", "actor")} == {
        "kind": "link_confirmed", "rule": RULE, "subject": IDS[0], "entity_key": ENTITY, "value_hash": "0" * 16, "actor": "韩专员"}  # fmt: skip
    assert now(first).state == "open" and ("link_confirmed", "韩专员") in events()
    proposed.night([], [settled(first.subject, rule=RULE, closed_run=9)])
    assert now(first).state == "corrected"


def test_a_confirmation_is_taken_back_by_a_rejection_also_when_the_item_has_ended(proposed: Desk) -> None:
    for item in items():
        decide(item, confirm=True)
    proposed.night([], [settled(one, rule=RULE, closed_run=9) for one in IDS[:3]])
    assert ticket().state == "closed"
    decide(items()[0], confirm=False)
    assert [said["kind"] for said in annotations(proposed.data)][-1] == "link_rejected"
    with pytest.raises(DeskError, match="不能再确认"):
        decide(items()[0], confirm=True)


def test_only_the_records_own_department_decides_and_only_with_a_reason(proposed: Desk) -> None:
    with pytest.raises(NotAllowed):
        decide(items()[0], confirm=True, actor=BUREAU)
    with pytest.raises(DeskError, match="理由"):
        decide(items()[0], confirm=True, reason=" ")
    assert annotations(proposed.data) == []


def test_a_link_that_nobody_proposes_cannot_be_decided(busy: Desk) -> None:
    with pytest.raises(DeskError, match="没有待确认的关联"):
        decide(items()[0], confirm=True)


def test_the_page_explains_the_weight_step_by_step_and_shows_no_identifier(proposed: Desk) -> None:
    page = text_of(browser("officer", "public_security").get(f"/desk/t/{NUMBER}/items/{items()[0].pk}/link"))
    assert "姓名相同" in page and "12.50" in page and "9.50" in page and "0.9987" in page
    assert ENTITY not in page and IDS[0] not in page and "13800138000" not in page and "110105" in page


def test_the_page_of_an_item_whose_reasons_are_gone_says_so(proposed: Desk) -> None:
    page = text_of(browser("officer", "public_security").get(f"/desk/t/{NUMBER}/items/{items()[1].pk}/link"))
    assert "已有决定" in page and "姓名相同" not in page


def test_links_are_decided_one_at_a_time_from_their_page(proposed: Desk) -> None:
    client = browser("officer", "public_security")
    client.post(f"/desk/t/{NUMBER}/do/link_confirm", {"scope": "all", "text": "核对"})
    assert annotations(proposed.data) == []
    answer = client.post(f"/desk/t/{NUMBER}/do/link_reject", {"item": str(items()[0].pk), "text": "不是同一人"}, follow=True)
    assert "已否认关联" in text_of(answer)
    assert [said["kind"] for said in annotations(proposed.data)] == ["link_rejected"]


def test_a_link_cannot_be_refused_like_a_value(proposed: Desk) -> None:
    from portal.desk.actions.refusing import refuse

    with pytest.raises(DeskError, match="否认关联"):
        refuse(POLICE, NUMBER, None, "依据")
