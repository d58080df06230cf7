"""From pools to proposals and back: what a night proposes, what it leaves alone after a decision, and that an unchanged night does nothing."""

from typing import Any

import polars as pl
import pytest

from tests.unit.yishu.conftest import LI, WANG, ZHANG, Lake
from yishu.lake import delta, violations
from yishu.lake.annotations import annotations_path
from yishu.lake.links import link_rule, links
from yishu.lake.pins import current_pin
from yishu.linkage import proposing
from yishu.linkage.proposing import Run, likely_path, proposals, propose
from yishu.linkage.settling import GATE, settle_links, suggested_links

BROKEN = LI[:16] + LI[17] + LI[16]  # two digits swapped
RULE = link_rule("person")


class City:
    """The small lake, whose appended table is the register and whose snapshot has a damaged number."""

    def __init__(self, lake: Lake) -> None:
        self.lake, self.data, self.words = lake, lake.data, 0
        for name in ("snapshot", "append"):
            for item in ("citizen_id", "full_name", "sex", "birth_date"):
                lake.change_item(name, item, feeds=f"person.{item}")
        sources = ["office.append", "office.snapshot"]
        attributes = dict.fromkeys(("full_name", "sex", "birth_date"), sources)
        lake.write("authority/person.yaml", {"person": {"title": "人口", "key": "citizen_id", "schema": "base_person", "attributes": attributes}})
        people = [[ZHANG, "张三", "2", "1949-12-31", "1"], [LI, "李小梅", "2", "1985-03-02", "1"], [WANG, "王五", "2", "1962-09-27", "1"]]
        lake.deliver("append", people)

    def night(self, *rows: list[str], day: int = 1) -> list[Run]:
        if rows:
            self.lake.deliver("snapshot", list(rows), day)
        self.lake.night(day)
        runs = propose(self.data, self.lake.catalogue, self.pin, actor="night")
        settle_links(self.data, self.lake.catalogue, self.pin, actor="night")
        return runs

    @property
    def pin(self) -> dict[str, int]:
        return current_pin(self.data, self.lake.catalogue)

    def proposed(self) -> list[tuple[str, str]]:
        return proposals(self.data).select("source_key", "entity_key").rows()

    def open(self) -> list[str]:
        return violations.open_violations(self.data, pl.col("gate") == GATE)["subject"].to_list()

    def closing(self) -> dict[str, str]:
        found = violations.closings(self.data).filter(pl.col("rule") == RULE)
        return dict(found.select("subject", "closing").iter_rows())

    def says(self, kind: str, entity: str = LI) -> None:
        """The officer's word about the proposed link, as a night finds it in the pool of the desk."""
        self.words += 1
        (hash_,) = proposing.proposals(self.data)["value_hash"].to_list() or [""]
        row = {"annotation_id": f"a{self.words}", "kind": kind, "department": "office", "resource": "snapshot", "rule": RULE, "subject": BROKEN,
               "item_name": "citizen_id", "value_hash": hash_, "entity_key": entity, "decided_on": self.lake.day(1), "_delivery_id": "d",
               "_delivery_seq": self.words, "_row_number": 1}  # fmt: skip
        delta.append(annotations_path(self.data), pl.DataFrame([row]), key=str(self.words), actor="desk")


@pytest.fixture
def city(lake: Any) -> City:
    return City(lake)


def broken(name: str = "李小梅", born: str = "1985-03-02") -> list[str]:
    return [BROKEN, name, "2", born, "1"]


def test_a_damaged_number_is_proposed_as_a_ticket_and_as_nothing_more(city: City) -> None:
    (run, _) = city.night(broken())
    assert (run.waiting, run.known, run.proposed, run.learned) == (1, 3, 1, False)
    assert city.proposed() == [(BROKEN, LI)] and city.open() == [BROKEN]
    (told,) = suggested_links(city.data, city.lake.catalogue).rows(named=True)
    assert (told["rule"], told["subject"], told["item"], told["proposal"]) == (RULE, BROKEN, "citizen_id", LI)
    assert "李小梅" not in told["reason"] and LI not in told["reason"]
    assert links(city.data).is_empty()


def test_a_night_without_news_compares_nothing(city: City) -> None:
    city.night(broken())
    version = delta.version(likely_path(city.data))
    runs = city.night(broken(), day=2)
    assert [run.unchanged for run in runs] == [True, True] and delta.version(likely_path(city.data)) == version
    assert city.open() == [BROKEN]


def test_the_same_pools_give_the_same_links_and_the_same_model(city: City) -> None:
    first = city.night(broken())
    told = proposals(city.data)
    for run in first:
        (city.data / "linkage" / run.entity / "run.json").unlink()
    assert propose(city.data, city.lake.catalogue, city.pin, actor="night") == first
    assert proposals(city.data).equals(told)


def test_a_confirmed_link_is_proposed_no_more_and_ends_its_ticket(city: City) -> None:
    city.night(broken())
    city.says("link_confirmed")
    city.night()
    assert city.proposed() == [] and city.open() == []
    assert city.closing() == {BROKEN: "corrected"}
    assert links(city.data).select("entity", "source_key", "entity_key").rows() == [("person", BROKEN, LI)]


def test_a_rejected_link_is_not_proposed_again_until_the_record_says_something_else(city: City) -> None:
    city.night(broken())
    city.says("link_rejected")
    city.night(broken(), day=2)
    assert city.proposed() == [] and city.closing() == {BROKEN: "withdrawn"}
    city.night([*broken()[:4], "999"], day=3)  # an amount is not what the link was about
    assert city.proposed() == []
    city.night(broken("李小梅", "1985-03-03"), day=4)
    assert city.proposed() == [(BROKEN, LI)] and city.open() == [BROKEN]


def test_a_corrected_number_ends_the_proposal(city: City) -> None:
    city.night(broken())
    city.night([LI, "李小梅", "2", "1985-03-02", "1"], day=2)
    assert city.proposed() == [] and city.closing() == {BROKEN: "corrected"}


def test_of_somebody_nobody_knows_nothing_is_proposed(city: City) -> None:
    city.night([WANG[:16] + WANG[17] + WANG[16], "赵不识", "1", "1970-01-01", "1"])
    assert city.proposed() == [] and city.open() == []
