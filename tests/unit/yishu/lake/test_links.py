"""What the officers' words about proposed links amount to, in ledger order."""

from datetime import date
from pathlib import Path

import polars as pl

from yishu.lake import delta
from yishu.lake.annotations import annotations_path
from yishu.lake.links import links, rejections

DAY = date(2026, 3, 1)


def said(data: Path, *words: tuple[str, str, str]) -> None:
    """(kind, record, entity), in the order said, a delivery each; everything else the same."""
    rows = [
        {"annotation_id": f"a{place}", "kind": kind, "department": "office", "resource": "snapshot", "rule": "linkage.person", "subject": record,
         "item_name": "citizen_id", "value_hash": "h1", "entity_key": entity, "decided_on": DAY, "_delivery_id": f"d{place}",
         "_delivery_seq": place, "_row_number": 1}
        for place, (kind, record, entity) in enumerate(words)]  # fmt: skip
    frame = pl.DataFrame(rows).reverse()  # a pool has no order
    delta.replace(annotations_path(data), frame, key=str(len(words)), actor="night")


def linked(data: Path) -> list[tuple[str, str, str]]:
    return links(data).select("source_key", "entity_key", "annotation_id").rows()


def test_a_confirmed_link_is_a_row_with_who_it_is_since_when_and_by_which_word(tmp_path: Path) -> None:
    said(tmp_path, ("link_confirmed", "7", "LI"))
    assert links(tmp_path).rows() == [("person", "office", "snapshot", "7", "LI", DAY, "a0", False)]


def test_of_two_confirmed_entities_the_last_holds(tmp_path: Path) -> None:
    said(tmp_path, ("link_confirmed", "7", "LI"), ("link_confirmed", "7", "WANG"))
    assert linked(tmp_path) == [("7", "WANG", "a1")]


def test_a_rejection_takes_back_its_own_pair_only(tmp_path: Path) -> None:
    said(tmp_path, ("link_confirmed", "7", "LI"), ("link_rejected", "7", "WANG"), ("link_confirmed", "8", "LI"), ("link_rejected", "8", "LI"))
    assert linked(tmp_path) == [("7", "LI", "a0")]
    assert rejections(tmp_path).select("subject", "entity_key", "value_hash").rows() == [("7", "WANG", "h1"), ("8", "LI", "h1")]


def test_a_rejected_pair_may_be_confirmed_after_all(tmp_path: Path) -> None:
    said(tmp_path, ("link_rejected", "7", "LI"), ("link_confirmed", "7", "LI"))
    assert linked(tmp_path) == [("7", "LI", "a1")] and rejections(tmp_path).is_empty()


def test_a_split_goes_before_links_until_it_is_revoked_and_proposes_and_rejects_nothing(tmp_path: Path) -> None:
    words = [("link_confirmed", "7", "LI"), ("row_split", "7", "WANG"), ("link_confirmed", "7", "ZHAO"), ("row_split", "8", "WANG")]
    said(tmp_path, *words)
    told = links(tmp_path).select("source_key", "entity_key", "is_split").rows()
    assert told == [("7", "WANG", True), ("8", "WANG", True)] and rejections(tmp_path).is_empty()
    said(tmp_path, *words, ("split_revoked", "7", "WANG"))
    assert links(tmp_path).select("source_key", "entity_key", "is_split").rows() == [("7", "ZHAO", False), ("8", "WANG", True)]
    said(tmp_path, *words, ("split_revoked", "7", "WANG"), ("row_split", "7", "QIAN"))
    assert linked(tmp_path)[0][:2] == ("7", "QIAN")


def test_other_words_and_links_without_an_entity_are_no_links(tmp_path: Path) -> None:
    said(tmp_path, ("doubt", "7", "LI"), ("link_confirmed", "8", None))  # type: ignore[arg-type]
    assert links(tmp_path).is_empty() and rejections(tmp_path).is_empty()


def test_a_lake_without_decisions_has_no_links(tmp_path: Path) -> None:
    assert links(tmp_path).is_empty() and rejections(tmp_path).is_empty()
