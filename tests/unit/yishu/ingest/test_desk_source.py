"""What the desk writes into landing/desk, and what a night makes of it."""

import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from yishu.ingest.desk_source import Annotation, UnwritableCorrection, write_annotations, write_correction
from yishu.ingest.intake import take_in
from yishu.ingest.landing import sidecar_path, strays, waiting
from yishu.lake.raw import read_raw
from yishu.settings import ROOT

DAY = date(2026, 3, 3)
ZHANG = "11010519491231002X"
ONE = Annotation("refusal-1", "refusal_accepted", "office", "snapshot", "sex.code", ZHANG, "officer", DAY, value_hash="0123456789abcdef", ticket="7")
ROW = {"citizen_id": ZHANG, "full_name": "=1+1", "sex": "1", "birth_date": "1949-12-31", "amount_yuan": '0012,"5"\n'}


@pytest.fixture
def desk(lake: Any) -> Any:
    shutil.copytree(ROOT / "catalogue/departments/desk", lake.folder / "departments/desk")
    lake._catalogue = None
    return lake


def _taken(lake: Any, id_: str, until: date = DAY) -> list[Any]:
    return take_in(lake.data, lake.catalogue.resources[id_], lake.catalogue, until=until)


def test_decisions_become_one_delivery_in_the_order_they_were_made(desk: Any) -> None:
    path = write_annotations(desk.data, [ONE, replace(ONE, annotation_id="a2", kind="refusal_revoked"), ONE], DAY)
    assert path is not None and path.stat().st_mode & 0o777 == 0o600
    (delivery,) = _taken(desk, "desk.annotation")
    raw = read_raw(desk.data, delivery)
    assert raw["annotation_id"].to_list() == ["refusal-1", "a2"]
    assert raw["ticket"].to_list() == ["7", "7"] and raw["note"].to_list() == [None, None]


def test_the_same_decisions_written_again_are_no_second_delivery(desk: Any) -> None:
    path = write_annotations(desk.data, [ONE], DAY)
    assert write_annotations(desk.data, [ONE], DAY) == path
    assert len(_taken(desk, "desk.annotation")) == 1
    assert write_annotations(desk.data, [ONE], DAY) == path
    assert _taken(desk, "desk.annotation") == []


def test_several_flushes_of_a_day_stand_side_by_side(desk: Any) -> None:
    write_annotations(desk.data, [ONE], DAY)
    write_annotations(desk.data, [replace(ONE, annotation_id="refusal-2")], DAY)
    assert len(_taken(desk, "desk.annotation")) == 2 and strays(desk.data, desk.catalogue) == []


def test_one_number_cannot_say_two_things(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="两种内容"):
        write_annotations(tmp_path, [ONE, replace(ONE, note="另一种")], DAY)
    assert write_annotations(tmp_path, [], DAY) is None


@pytest.mark.parametrize(
    ("format_", "terms"),
    [
        ("csv", {"encoding": "gb18030", "pattern": "snapshot_{as_of}.csv"}),
        ("csv", {"encoding": "utf-8-sig", "pattern": "always.csv"}),
        ("xlsx", {"sheet": "报送", "pattern": "snapshot_{as_of}.xlsx"}),
        ("jsonl", {"pattern": "snapshot_{as_of}.jsonl"}),
        ("parquet", {"pattern": "snapshot_{as_of}.parquet"}),
    ],
)
def test_a_correction_arrives_verbatim_in_the_entrys_own_format(lake: Any, format_: str, terms: dict[str, str]) -> None:
    entry = lake.folder / "departments/office/snapshot.yaml"
    content = yaml.safe_load(entry.read_text("utf-8"))
    content["delivery"] = {"channel": "file", "mode": "snapshot", "format": format_, **terms}
    lake.write("departments/office/snapshot.yaml", content)
    rows = [ROW, {**ROW, "citizen_id": "x", "sex": None}]
    path = write_correction(lake.data, lake.resource("snapshot"), rows, DAY, name="工单 7/2", actor="li.officer", approval="工单 7")
    assert path.exists() and sidecar_path(path).exists()
    (delivery,) = _taken(lake, "office.snapshot")
    assert (delivery.is_correction, delivery.actor, delivery.approval, delivery.faults) == (True, "li.officer", "工单 7", [])
    raw = read_raw(lake.data, delivery)
    got = [{name: row[name] or None for name in ROW} for row in raw.iter_rows(named=True)]
    assert got == rows
    assert write_correction(lake.data, lake.resource("snapshot"), rows, DAY, name="工单 7/2", actor="li.officer", approval="工单 7") == path
    assert not path.exists() and _taken(lake, "office.snapshot") == []


def test_a_correction_says_by_itself_what_it_does_to_its_rows(lake: Any) -> None:
    columns = {"SFZH": ZHANG, "XM": "张三", "XB": "1", "CSRQ": "", "JE": ""}
    write_correction(lake.data, lake.resource("upsert"), [columns], DAY, name="7", actor="a", approval="工单 7")
    (delivery,) = _taken(lake, "office.upsert")
    assert read_raw(lake.data, delivery).select("_operation", "full_name").row(0) == ("U", "张三")


@pytest.mark.parametrize(
    ("row", "told"),
    [({"citizen_id": ZHANG}, "整行"), ({**ROW, "colour": "red"}, "没有列 colour"), ({**ROW, "sex": "\0"}, "NUL"), ({**ROW, "sex": "\ud800"}, "代理")],
)
def test_a_correction_that_does_not_fit_the_entry_is_refused(lake: Any, row: dict[str, str], told: str) -> None:
    with pytest.raises(UnwritableCorrection, match=told):
        write_correction(lake.data, lake.resource("snapshot"), [row], DAY, name="7", actor="a", approval="工单 7")
    assert not (lake.data / "landing").exists()


def test_a_correction_without_its_ticket_is_refused(lake: Any) -> None:
    with pytest.raises(UnwritableCorrection, match="批准文号"):
        write_correction(lake.data, lake.resource("snapshot"), [ROW], DAY, name="7", actor="a", approval="")


def test_only_corrections_come_by_the_desk(desk: Any) -> None:
    folder = desk.data / "landing/desk/office/snapshot"
    folder.mkdir(parents=True)
    (folder / "snapshot_20260303.csv").write_text("SFZH\n1\n")
    assert waiting(desk.data, desk.resource("snapshot"), DAY) == []
    assert [stray.path.name for stray in strays(desk.data, desk.catalogue)] == ["snapshot_20260303.csv"]


def test_a_department_cannot_sign_as_an_officer_of_the_desk(lake: Any) -> None:
    file = lake.deliver("snapshot", [[ZHANG, "张三", "1", "", ""]], 3)
    sidecar_path(file).write_text(json.dumps({"actor": "li.officer"}))
    assert _taken(lake, "office.snapshot")[0].actor != "li.officer"
