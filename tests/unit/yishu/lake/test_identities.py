"""Who is who: numbers that were changed, old registration numbers, mergers and their revocation."""

from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.dbt.small_city import pool_frame, write_table
from yishu.catalogue import Catalogue, load_catalogue
from yishu.catalogue.entities import Identifies
from yishu.lake.identities import _FACT, MERGE_REVOKED, MERGED, NAMESPACE, Merger, _chains, aliases, entity_id, firsts, merge_rule, subjects
from yishu.settings import ROOT

ENTERPRISE, RESIDENT, DESK = "market_regulation.enterprise", "public_security.resident", "desk.annotation"
DAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    """Enterprises state their registration number; residents stand in for a table of changed numbers: former_name was the old one."""
    found = load_catalogue()
    said = {
        ENTERPRISE: Identifies(kind="registration_no", identifier=["registration_no"], key="credit_code", key_kind="credit_code"),
        RESIDENT: Identifies(kind="citizen_id", identifier=["former_name"], key="citizen_id", key_kind="citizen_id", changed=True),
    }
    resources = {id_: resource.model_copy(update={"identifies": [said[id_]] if id_ in said else []}) for id_, resource in found.resources.items()}
    return found.model_copy(update={"resources": resources})


def known(data: Path, catalogue: Catalogue, **pools: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[str, bool]]:
    """(kind, identifier) -> (first identifier of the entity, is it the current one)."""
    ids = {"enterprise": ENTERPRISE, "resident": RESIDENT, "annotation": DESK}
    for name, rows in pools.items():
        write_table(data / "pool" / ids[name].replace(".", "/"), pool_frame(catalogue, ids[name], rows))
    pin = {ids[name]: 0 for name in pools if name != "annotation"}
    found = aliases(data, catalogue, pin)
    return {(row["kind"], row["identifier"]): (row["entity_key"], row["is_current"]) for row in found.iter_rows(named=True)}


def merger(kept: str, gone: str, number: int, kind: str = MERGED) -> dict[str, Any]:
    told = {"annotation_id": f"a{number}", "kind": kind, "department": "desk", "resource": "annotation", "rule": merge_rule("citizen_id")}
    return {**told, "subject": gone, "entity_key": kept, "decided_on": DAY, "actor": "x", "_key": f"a{number}", "_row_number": number}


def test_a_changed_number_keeps_the_entity_of_the_old_one_over_several_changes(tmp_path: Path, catalogue: Catalogue) -> None:
    changes = [{"citizen_id": "B", "former_name": "A"}, {"citizen_id": "C", "former_name": "B"}]
    assert known(tmp_path, catalogue, resident=changes) == {
        ("citizen_id", "A"): ("A", False), ("citizen_id", "B"): ("A", False), ("citizen_id", "C"): ("A", True)}  # fmt: skip


def test_an_old_registration_number_names_the_credit_code_unless_two_claim_it(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [{"credit_code": "X", "registration_no": "1"}, {"credit_code": "Y", "registration_no": "2"}, {"credit_code": "Z", "registration_no": "2"}]
    assert known(tmp_path, catalogue, enterprise=rows) == {("registration_no", "1"): ("X", True)}


def test_what_broke_its_rule_identifies_nobody(tmp_path: Path, catalogue: Catalogue) -> None:
    rows = [{"credit_code": "X", "registration_no": "1", "_invalid": "|registration_no|"}]
    assert known(tmp_path, catalogue, enterprise=rows) == {}


def test_a_merger_holds_until_it_is_revoked_and_may_be_made_again(tmp_path: Path, catalogue: Catalogue) -> None:
    merged = {("citizen_id", "A"): ("A", True), ("citizen_id", "B"): ("A", False)}
    assert known(tmp_path / "1", catalogue, annotation=[merger("A", "B", 2)]) == merged
    assert known(tmp_path / "2", catalogue, annotation=[merger("A", "B", 2), merger("A", "B", 3, MERGE_REVOKED)]) == {}
    again = [merger("A", "B", 2), merger("A", "B", 3, MERGE_REVOKED), merger("A", "B", 4)]
    assert known(tmp_path / "3", catalogue, annotation=again) == merged


def test_a_chain_of_mergers_has_one_name_and_loses_whom_a_revocation_names(tmp_path: Path, catalogue: Catalogue) -> None:
    chain = [merger("B", "C", 2), merger("A", "B", 3)]
    whole = known(tmp_path / "1", catalogue, annotation=chain)
    assert {key[1]: first for key, (first, _) in whole.items()} == dict.fromkeys("ABC", "A")
    left = known(tmp_path / "2", catalogue, annotation=[*chain, merger("B", "C", 4, MERGE_REVOKED)])
    assert {key[1]: first for key, (first, _) in left.items()} == dict.fromkeys("AB", "A")


DOCUMENT, PERSON = "1|P7", {"document_kind": "1", "document_no": "P7", "citizen_id": "X"}


def named_by_document(data: Path, **released: str) -> dict[tuple[str, str], tuple[str, bool]]:
    """What is known of the person of the document that has a number now. released: kinds of identifier in the last release -> the entity's first."""
    if released:
        (data / "published").mkdir()
        with duckdb.connect(str(data / "published" / "city.duckdb")) as connection:
            connection.execute("create schema base_person")
            connection.execute("create table base_person.identity (entity string, kind string, identifier string, entity_id string)")
            identifiers = {"document": DOCUMENT, "citizen_id": "X", "travel_document": DOCUMENT}
            rows = [("travel_document" if kind == "travel_document" else "person", kind, identifiers[kind], entity_id(first))
                    for kind, first in released.items()]  # fmt: skip
            connection.executemany("insert into base_person.identity values (?, ?, ?, ?)", rows)
    real, travel = load_catalogue(), "public_security.travel_document"
    write_table(data / "pool" / travel.replace(".", "/"), pool_frame(real, travel, [PERSON]))
    found = aliases(data, real, {travel: 0})
    return {(row["kind"], row["identifier"]): (row["entity_key"], row["is_current"]) for row in found.iter_rows(named=True)}


STILL = {("document", DOCUMENT): (DOCUMENT, True), ("citizen_id", "X"): (DOCUMENT, True)}


def test_who_was_known_by_a_document_stays_the_entity_when_a_number_comes(tmp_path: Path) -> None:
    assert named_by_document(tmp_path, document=DOCUMENT) == STILL


def test_and_stays_it_on_all_nights_after(tmp_path: Path) -> None:
    assert named_by_document(tmp_path, document=DOCUMENT, citizen_id=DOCUMENT) == STILL


@pytest.mark.parametrize(
    "released", [{}, {"travel_document": DOCUMENT}, {"citizen_id": "X", "document": "X"}, {"document": DOCUMENT, "citizen_id": "X"}]
)
def test_whose_number_came_with_the_document_or_was_there_before_is_known_by_the_number(tmp_path: Path, released: dict[str, str]) -> None:
    assert named_by_document(tmp_path, **released) == {("document", DOCUMENT): ("X", True)}


def test_persons_legal_entities_and_branches_can_be_found_to_be_one_and_deaths_follow(catalogue: Catalogue) -> None:
    found = subjects(load_catalogue())
    assert {name: kinds[0] for name, kinds in found.items()} == {
        "person": "citizen_id", "legal_entity": "credit_code", "branch": "credit_code"}  # fmt: skip
    assert {"registration_no", "organisation_code"} <= set(found["legal_entity"])


def test_an_entity_id_is_what_the_models_make_of_the_first_identifier() -> None:
    assert str(NAMESPACE) in (ROOT / "dbt_project" / "macros" / "entity_id.sql").read_text("utf-8")
    assert entity_id("A") != entity_id("B") and entity_id("A")[14] == "5"


@pytest.fixture(scope="module")
def register(catalogue: Catalogue) -> Any:
    """In an envelope: Hypothesis would print all of it."""

    class Register(list[Catalogue]):
        def __repr__(self) -> str:
            return "register"

    return Register([catalogue])


words = st.lists(st.tuples(st.sampled_from("ABCD"), st.sampled_from("ABCD"), st.booleans()).filter(lambda one: one[0] != one[1]), max_size=6)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(said=words, changed=st.sampled_from([[], [{"citizen_id": "B", "former_name": "A", "_as_of": date(2026, 2, 1)}]]))
def test_the_desk_reckons_before_the_night_what_the_lake_says_after_it(
    tmp_path_factory: pytest.TempPathFactory, register: list[Catalogue], said: list[tuple[str, str, bool]], changed: list[dict[str, Any]]
) -> None:
    """The last word on an identifier counts: a later merger, or a revocation."""
    (catalogue,) = register
    data = tmp_path_factory.mktemp("lake")
    told = [merger(kept, gone, number, MERGED if holds else MERGE_REVOKED) for number, (kept, gone, holds) in enumerate(said, start=2)]
    after = {key[1]: first for key, (first, _) in known(data, catalogue, annotation=told, resident=changed).items()}
    last = {gone: (number, Merger(gone, kept, DAY), holds) for number, (kept, gone, holds) in enumerate(said)}
    standing = [one for _, one, holds in sorted(last.values(), key=lambda of: of[0]) if holds]
    assert firsts(data, catalogue, {RESIDENT: 0}, "citizen_id", standing) == after


facts = st.lists(st.tuples(st.sampled_from("ABCDEF"), st.sampled_from("ABCDEF"), st.booleans()).filter(lambda fact: fact[0] != fact[1]), max_size=8)


@given(facts)
def test_whatever_is_said_each_group_has_one_name_and_one_current_number(said: list[tuple[str, str, bool]]) -> None:
    rows = [("k", old, "k", new, changed, DAY, 1, n, "r") for n, (old, new, changed) in enumerate(said)]
    found = _chains(pl.DataFrame(rows, schema=_FACT, orient="row"))
    assert set(found["identifier"]) == {name for old, new, _ in said for name in (old, new)}
    groups = found.group_by("entity_key").agg(pl.col("is_current").sum(), pl.col("identifier"))
    assert groups["is_current"].to_list() == [1] * groups.height
    assert all(key in members for key, members in zip(groups["entity_key"], groups["identifier"], strict=True))
    joined = dict(zip(found["identifier"], found["entity_key"], strict=True))
    assert all(joined[old] == joined[new] for old, new, _ in said)
