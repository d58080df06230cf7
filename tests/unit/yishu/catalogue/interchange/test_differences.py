"""Two versions of the catalogue in words: nothing where nothing changed, and what would break a delivery is marked."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yishu.catalogue import Catalogue, load_catalogue
from yishu.catalogue.interchange.differences import ADDED, CHANGED, REMOVED, differences
from yishu.catalogue.models import Layout, Resource

ID = "taxation.tax_credit"


def changed(catalogue: Catalogue, **fields: Any) -> Catalogue:
    return with_entry(catalogue, catalogue.resources[ID].model_copy(update=fields))


def with_entry(catalogue: Catalogue, entry: Resource) -> Catalogue:
    return catalogue.model_copy(update={"resources": {**catalogue.resources, ID: entry}})


def with_item(catalogue: Catalogue, **fields: Any) -> Catalogue:
    first, *rest = catalogue.resources[ID].items
    return changed(catalogue, items=[first.model_copy(update=fields), *rest])


def test_a_catalogue_does_not_differ_from_itself(catalogue: Catalogue) -> None:
    assert differences(catalogue, catalogue) == [] and differences(catalogue, load_catalogue()) == []


@pytest.mark.parametrize(
    ("change", "words", "breaking"),
    [
        (lambda c: changed(c, title="纳税信用"), "名称由", False),
        (lambda c: changed(c, frequency="yearly"), "更新周期由", False),
        (lambda c: changed(c, key=["name"]), "标识由", True),
        (lambda c: changed(c, delivery=c.resources[ID].delivery.model_copy(update={"pattern": "x_{as_of}.csv"})), "文件名样式由", True),
        (lambda c: changed(c, items=c.resources[ID].items[:-1]), "删去信息项", True),
        (lambda c: with_item(c, column="NSRBH"), "列名由", True),
        (lambda c: with_item(c, type="text"), "类型由", True),
        (lambda c: with_item(c, title="纳税人"), "中文名由", False),
        (lambda c: c.model_copy(update={"resources": {k: v for k, v in c.resources.items() if k != ID}}), "撤销信息资源", True),
    ],
)
def test_each_sort_of_change_is_told_and_rated(catalogue: Catalogue, change: Any, words: str, breaking: bool) -> None:
    found = differences(catalogue, change(catalogue))
    assert [(words in one.what, one.breaking) for one in found] == [(True, breaking)]
    assert ("【不兼容】" in str(found[0])) == breaking


def test_a_renamed_column_breaks_nothing_while_its_old_layout_is_still_read(catalogue: Catalogue) -> None:
    entry = catalogue.resources[ID]
    old = Layout(version=entry.version, title="旧", columns={item.name: item.column for item in entry.items})
    first, *rest = entry.items
    renamed = entry.model_copy(update={"version": 9, "earlier": [old], "items": [first.model_copy(update={"column": "NEU"}), *rest]})
    found = differences(catalogue, with_entry(catalogue, renamed))
    assert any("列名由" in one.what for one in found) and not any(one.breaking for one in found)


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_what_one_way_is_added_is_removed_the_other_way(catalogue: Catalogue, data: st.DataObject) -> None:
    kept = data.draw(st.sets(st.sampled_from(sorted(catalogue.resources))))
    fewer = catalogue.model_copy(update={"resources": {name: entry for name, entry in catalogue.resources.items() if name in kept}})
    there, back = differences(fewer, catalogue), differences(catalogue, fewer)
    assert {one.kind for one in there} <= {ADDED} and {one.kind for one in back} <= {REMOVED}
    assert {one.where for one in there} == {one.where for one in back} and len(there) == len(catalogue.resources) - len(kept)
    assert CHANGED not in {one.kind for one in there}
