"""Versions of an entry: files of an earlier layout land in the same pool; columns outside the catalogue never do (B12, B13, B14)."""

import csv
import io
from datetime import date
from typing import Any

import pytest
import yaml

from yishu.catalogue import CatalogueError, load_catalogue
from yishu.gate.step import advance
from yishu.ingest.intake import take_in
from yishu.lake import violations
from yishu.lake.raw import read_raw
from yishu.settings import ROOT, settings

ZHANG, LI = "11010519491231002X", "410403198503020024"
EARLIER = {"version": 1, "title": "旧版", "columns": {"citizen_id": "ID", "full_name": "NAME", "sex": "SEX"}, "values": {"sex": {"M": "1"}}}
SHELTER = {"name": "shelter_no", "column": "BH", "title": "安置点编号", "type": "text", "temporary": {"reason": "防汛", "until": "2026-03-02"}}
OLD, NEW = ["ID", "NAME", "SEX"], ["SFZH", "XM", "XB", "CSRQ", "JE"]


def with_entry(lake: Any, **fields: object) -> None:
    file = lake.folder / "departments/office/snapshot.yaml"
    lake.write("departments/office/snapshot.yaml", {**yaml.safe_load(file.read_text("utf-8")), **fields})


def with_item(lake: Any, **item: object) -> None:
    items = yaml.safe_load((lake.folder / "departments/office/snapshot.yaml").read_text("utf-8"))["items"]
    with_entry(lake, items=[*items, item])


def test_both_layouts_land_in_one_pool_in_the_words_of_today(lake: Any) -> None:
    with_entry(lake, version=2, earlier=[EARLIER])
    lake.deliver("snapshot", [[ZHANG, "张三", "M"], [LI, "李四", "2"]], header=OLD)
    (old,) = lake.night(1)
    assert (old.state, old.layout, old.unknown_columns, lake.open()) == ("accepted", 1, [], set())
    assert lake.pool().select("_key", "full_name", "sex", "birth_date").rows() == [(ZHANG, "张三", "1", None), (LI, "李四", "2", None)]
    assert lake.raw(old)["sex"].to_list() == ["M", "2"], "raw keeps what was written"
    lake.deliver("snapshot", [[ZHANG, "张三", "1", "1949-12-31", "2"], [LI, "李四", "2", "1985-03-02", ""]], day=2, header=NEW)
    (new,) = lake.night(2)
    assert (new.state, new.layout) == ("accepted", 2) and lake.pool()["birth_date"].to_list() == [date(1949, 12, 31), date(1985, 3, 2)]


def test_what_the_earlier_layout_did_not_have_is_nobodys_fault_and_may_have_a_constant(lake: Any) -> None:
    lake.change_item("snapshot", "sex", required=True)
    lake.change_item("snapshot", "amount_yuan", required=True)
    columns = {"citizen_id": "ID", "full_name": "NAME"}
    with_entry(lake, version=2, earlier=[{**EARLIER, "columns": columns, "values": {}, "constants": {"amount_yuan": "3.5"}}])
    lake.deliver("snapshot", [[ZHANG, "张三"]], header=["ID", "NAME"])
    lake.night(1)
    assert lake.open() == set() and lake.pool().select("sex", "amount_yuan").row(0) == (None, 3.5)


def test_a_file_that_fits_no_layout_is_measured_by_that_of_today(lake: Any) -> None:
    with_entry(lake, version=2, earlier=[EARLIER])
    lake.deliver("snapshot", [[ZHANG, "张三"]], header=["ID", "NAME"])
    (held,) = lake.night(1)
    assert held.state == "held" and "SFZH" in str(held.reason)


def test_columns_outside_the_catalogue_are_named_and_not_kept(lake: Any) -> None:
    lake.deliver("snapshot", [[ZHANG, "张三", "1", "1949-12-31", "2", "秘密"]], header=[*NEW, "备用"])
    (done,) = lake.night(1)
    assert (done.state, done.unknown_columns) == ("accepted", ["备用"])
    assert "秘密" not in str(read_raw(lake.data, done).rows()) and "秘密" not in str(lake.pool().rows())


def test_a_temporary_item_is_loaded_until_its_last_day_and_reported_afterwards(lake: Any) -> None:
    allow_temporary_collection(lake)
    with_item(lake, **SHELTER, required=True)
    for day in (1, 2, 3):
        lake.deliver("snapshot", [[ZHANG, "张三", "1", "1949-12-31", str(day), "A7"]], day=day, header=[*NEW, "BH"])
        lake.night(day)
        if day == 2:
            assert lake.pool()["shelter_no"].to_list() == ["A7"]
    last = lake.ledger.deliveries("office", "snapshot")[-1]
    assert (last.state, last.unknown_columns, lake.pool()["shelter_no"].to_list()) == ("accepted", ["BH"], [None])
    lake.deliver("snapshot", [[ZHANG, "张三", "1", "1949-12-31", "9"]], day=4, header=NEW)
    lake.night(4)
    assert lake.ledger.deliveries("office", "snapshot")[-1].state == "accepted" and lake.open() == set(), "nobody must deliver it"


def allow_temporary_collection(lake: Any) -> None:
    """As in 福建省政务数据管理办法, article 12 (P12)."""
    file = lake.folder / "jurisdictions/pingdingshan.yaml"
    text = file.read_text("utf-8")
    allowed = "P12:  # B14\n    value: {allowed: true}\n    article: 第十二条\n    quote: 可以临时采集目录范围外数据"
    assert "P12:  # B14\n    value: null" in text
    file.write_text(text.replace("P12:  # B14\n    value: null", allowed), encoding="utf-8")


def test_a_profile_that_says_nothing_of_it_refuses_temporary_collection(lake: Any) -> None:
    with_item(lake, **SHELTER)
    with pytest.raises(CatalogueError, match=r"items\.5\.temporary：.*B14"):
        load_catalogue(lake.folder)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"columns": {"nobody": "X", "citizen_id": "ID"}}, "不是本表的信息项"),
        ({"columns": {"full_name": "NAME"}}, "没有标识"),
        ({"version": 2}, "写了两次"),
    ],
)
def test_a_layout_that_cannot_be_used_is_refused_with_its_place(lake: Any, wrong: dict[str, object], words: str) -> None:
    with_entry(lake, version=2, earlier=[{**EARLIER, "values": {}, **wrong}])
    with pytest.raises(CatalogueError, match=words):
        load_catalogue(lake.folder)


# The real case: the lists of permits and penalties of 2015 and 2018 -------------------------------------------------------------

PERMIT_2015 = {
    "XK_WSH": "平市监许〔2016〕7号", "XK_XMMC": "食品经营许可", "XK_SPLB": "普通", "XK_NR": "食品销售", "XK_XDR": "平顶山甲商贸有限公司",
    "XK_XDR_SHXYM": "", "XK_XDR_ZDM": "", "XK_XDR_GSDJ": "", "XK_XDR_SWDJ": "", "XK_XDR_SFZ": "", "XK_FR": "张三", "XK_JDRQ": "2016/03/01",
    "XK_JZQ": "2021/03/01", "XK_XZJG": "平顶山市工商行政管理局", "XK_ZT": "0", "DFBM": "410400", "SJC": "2016-03-02 08:00:00", "BZ": "",
}  # fmt: skip


def test_the_permits_of_2015_and_2018_stand_in_one_pool(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "data", tmp_path)
    catalogue = load_catalogue(ROOT / "catalogue")
    resource = catalogue.resources["market_regulation.administrative_permit"]
    folder = tmp_path / "landing/market_regulation/administrative_permit"
    folder.mkdir(parents=True)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([PERMIT_2015.keys(), PERMIT_2015.values()])
    (folder / "administrative_permit_20260301.csv").write_text(out.getvalue(), encoding="utf-8-sig")
    take_in(tmp_path, resource, catalogue, until=date(2026, 3, 1))
    (done,) = advance(tmp_path, resource, catalogue)
    assert (done.state, done.layout, done.unknown_columns) == ("accepted", 1, ["DFBM", "SJC"])
    found = set(violations.open_violations(tmp_path)["rule"])
    assert not {rule for rule in found if rule.endswith((".not_null", ".code", ".date"))}, found
