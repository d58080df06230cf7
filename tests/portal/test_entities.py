"""Who is who at the desk: looked up, opened, merged, split and taken back by the bureau; told to the lake as deliveries of the desk."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from portal.desk.actor import DeskError, NotAllowed, NotFound
from tests.portal.at_the_desk import annotations
from tests.portal.nights import Desk
from tests.portal.people import AUDITOR, BUREAU, CIVIL, POLICE
from tests.portal.published import DELIVERY, FIRM, OLD_NUMBER
from tests.portal.rows import IDS
from yishu.lake.identities import entity_id

A, B, C, LATECOMER = IDS
FRESH = "110105194912310118"  # of nobody yet, its check digit right
WHY, BASIS = "两个号码是同一人", "户籍档案第 7 号"
ROW_OF_A = f"{DELIVERY}:2"


def file_of(identifier: str, entity: str = "person", actor: Any = BUREAU) -> int:
    from portal.desk.actions.identifying import look_up

    return int(look_up(actor, entity, identifier).pk)


def merge(one: str, other: str, actor: Any = BUREAU, entity: str = "person", reason: str = WHY, basis: str = BASIS) -> Any:
    from portal.desk.actions import joining

    return joining.merge(actor, file_of(one, entity), other, reason, basis)


def split(one: str, rows: list[str], target: str, actor: Any = BUREAU) -> Any:
    from portal.desk.actions import joining

    return joining.split(actor, file_of(one), rows, target, WHY, BASIS)


def revoke(event: Any, actor: Any = BUREAU) -> Any:
    from portal.desk.actions import joining

    return joining.revoke(actor, event.file_id, event.pk, "判断有误", BASIS)


def words(place: Desk) -> list[tuple[str, str, str, str]]:
    """What the lake was told, in order: kind, rule, subject, entity_key."""
    return [(one["kind"], one["rule"], one["subject"], one["entity_key"]) for one in annotations(place.data)]


def test_a_merger_is_told_to_the_lake_with_who_stays_and_kept_with_reason_basis_and_actor(known: Desk) -> None:
    event = merge(A, B)
    assert words(known) == [("entities_merged", "identity.citizen_id", B, A)]
    (said,) = annotations(known.data)
    assert (said["department"], said["resource"], said["actor"], said["note"]) == ("desk", "annotation", "督查员", f"{WHY}；依据：{BASIS}")
    assert (event.kind, event.reason, event.basis, event.actor) == ("merged", WHY, BASIS, "督查员") and event.at
    assert event.file.entity_id == entity_id(A) and event.other.entity_id == entity_id(B) and B[6:] not in event.target


def test_the_one_known_earlier_stays_from_whichever_side_it_is_merged(known: Desk) -> None:
    merge(LATECOMER, A)
    assert words(known) == [("entities_merged", "identity.citizen_id", LATECOMER, A)]


def test_a_merger_that_is_revoked_may_be_made_again_the_other_way(known: Desk) -> None:
    revoke(merge(A, B))
    assert words(known)[-1] == ("merge_revoked", "identity.citizen_id", B, A)
    merge(B, A)
    assert words(known)[-1] == ("entities_merged", "identity.citizen_id", A, B)


def test_a_chain_merges_the_first_of_each_and_a_circle_is_refused(known: Desk) -> None:
    merge(B, C)
    merge(A, B)
    assert [said[2:] for said in words(known)] == [(C, B), (B, A)]
    for one, other in ((C, A), (A, C), (B, A), (C, B)):
        with pytest.raises(DeskError, match="已经是本主体的"):
            merge(one, other)
    assert len(words(known)) == 2


def test_merging_with_a_member_of_another_entity_merges_with_whom_it_has_become(known: Desk) -> None:
    merge(A, B)
    merge(C, B)
    assert words(known)[-1][2:] == (A, C), "B 已并入 A，并入的是 A"


def test_the_same_merger_twice_is_one(known: Desk) -> None:
    merge(A, B)
    with pytest.raises(DeskError, match="不需要再次合并"):
        merge(A, B)
    assert len(words(known)) == 1


def test_an_identifier_of_nobody_and_one_of_another_database_are_told_apart(known: Desk) -> None:
    with pytest.raises(DeskError, match="没有人口使用这个标识"):
        merge(A, FRESH)
    with pytest.raises(DeskError, match="属于法人单位.*不能合并"):
        merge(A, FIRM)
    assert words(known) == []


def test_an_old_number_of_another_kind_leads_to_its_entity_and_to_itself_no_merger(known: Desk) -> None:
    assert file_of(OLD_NUMBER, "legal_entity") == file_of(FIRM.lower(), "legal_entity")
    with pytest.raises(DeskError, match="已经是本主体的"):
        merge(FIRM, OLD_NUMBER, entity="legal_entity")


def test_rows_are_split_off_to_a_typed_identifier_also_one_that_nobody_has_yet(known: Desk) -> None:
    event = split(A, [ROW_OF_A, ROW_OF_A], FRESH)
    assert words(known) == [("row_split", "linkage.person", A, FRESH)]
    (said,) = annotations(known.data)
    assert (said["department"], said["resource"]) == ("public_security", "resident")
    assert (event.rows, event.file.entity_id, event.other.entity_id) == (1, entity_id(A), entity_id(FRESH))
    revoke(event)
    assert words(known)[-1] == ("split_revoked", "linkage.person", A, FRESH)
    split(A, [ROW_OF_A], B)
    assert words(known)[-1] == ("row_split", "linkage.person", A, B)


@pytest.mark.parametrize(
    ("rows", "target", "told"),
    [
        ([ROW_OF_A], FRESH[:-1] + "9", "校验位"),
        ([ROW_OF_A], FIRM, "校验位"),
        ([ROW_OF_A], "", "请填写标识"),
        ([ROW_OF_A], A.lower(), "就是本主体"),
        ([], FRESH, "先勾选"),
        ([f"{DELIVERY}:3"], FRESH, "不属于本主体"),
        (["x"], FRESH, "不属于本主体"),
    ],
)
def test_a_split_that_cannot_be_is_refused_in_words(known: Desk, rows: list[str], target: str, told: str) -> None:
    with pytest.raises(DeskError, match=told):
        split(A, rows, target)
    assert words(known) == []


def test_rows_split_off_already_are_not_split_again_until_that_is_revoked(known: Desk) -> None:
    split(A, [ROW_OF_A], FRESH)
    for target in (FRESH, B):
        with pytest.raises(DeskError, match="先撤销原来的拆分"):
            split(A, [ROW_OF_A], target)
    assert len(words(known)) == 1


def test_rows_are_not_split_off_to_whom_the_entity_was_merged_with(known: Desk) -> None:
    merge(A, B)
    with pytest.raises(DeskError, match="就是本主体"):
        split(A, [ROW_OF_A], B)


def test_a_decision_is_revoked_once_and_from_its_own_entities_only(known: Desk) -> None:
    from portal.desk.actions import joining

    event = merge(A, B)
    with pytest.raises(NotFound):
        joining.revoke(BUREAU, file_of(C), event.pk, WHY, BASIS)
    joining.revoke(BUREAU, file_of(B), event.pk, WHY, BASIS)
    with pytest.raises(DeskError, match="已经撤销"):
        revoke(event)
    assert [said[0] for said in words(known)] == ["entities_merged", "merge_revoked"]


@pytest.mark.parametrize("act", [lambda **by: merge(A, B, **by), lambda **by: split(A, [ROW_OF_A], FRESH, **by)], ids=["merge", "split"])
def test_only_the_bureau_decides(known: Desk, act: Callable[..., Any]) -> None:
    for actor in (POLICE, CIVIL, AUDITOR):
        with pytest.raises(NotAllowed):
            act(actor=actor)
    assert words(known) == []


def test_a_decision_needs_reason_and_basis(known: Desk) -> None:
    with pytest.raises(DeskError, match="理由"):
        merge(A, B, reason=" ")
    with pytest.raises(DeskError, match="依据"):
        merge(A, B, basis=" ")


def test_departments_look_nobody_up_and_auditors_open_nothing(known: Desk) -> None:
    from portal.desk.actions.identifying import open_identifiers

    for actor in (POLICE, CIVIL):
        with pytest.raises(NotAllowed):
            file_of(A, actor=actor)
    with pytest.raises(NotAllowed):
        open_identifiers(AUDITOR, file_of(A, actor=AUDITOR))


def test_before_the_first_release_it_is_said_that_there_is_nothing(busy: Desk) -> None:
    with pytest.raises(DeskError, match="还没有发布"):
        file_of(A)


def test_a_decision_that_fails_half_way_leaves_nothing(known: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.desk.models import EntityEvent

    def breaks(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("portal.desk.actions.joining.annotate_entity", breaks)
    with pytest.raises(RuntimeError):
        merge(A, B)
    assert not EntityEvent.objects.exists() and words(known) == []


def test_the_desk_writes_nothing_but_its_own_landing(known: Desk) -> None:
    def lake() -> dict[str, bytes]:
        kept = ("pool", "raw", "releases")
        return {str(path): path.read_bytes() for top in kept for path in sorted((known.data / top).rglob("*")) if path.is_file()}

    before = lake()
    split(A, [ROW_OF_A], FRESH)
    revoke(merge(B, C))
    assert lake() == before
    (folder,) = {path.parent for path in (known.data / "landing").rglob("*") if path.is_file()}
    assert folder == known.data / "landing" / "desk" / "annotation"
    assert all(json.loads(line)["kind"] for path in folder.iterdir() for line in path.read_text("utf-8").splitlines())
