"""A regulation below another: what it leaves out is the other's and cited as the other's; what it states is its own; nothing that
binds above is undone by silence below. And a sixth jurisdiction is a new file.
"""

import shutil
from pathlib import Path

import pytest
import yaml

from yishu.catalogue import load_catalogue
from yishu.catalogue.documents import CatalogueError
from yishu.catalogue.law import Profile, load_profile
from yishu.settings import ROOT

CATALOGUE = ROOT / "catalogue"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CATALOGUE / "jurisdictions", tmp_path / "jurisdictions")
    return tmp_path


@pytest.fixture(scope="module")
def jinjiang() -> Profile:
    return load_profile("jinjiang", CATALOGUE)


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    file = folder / "jurisdictions" / f"{name}.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_what_is_left_out_is_the_parents_and_cited_as_the_parents(jinjiang: Profile) -> None:
    parameter = jinjiang.parameter("P24")
    assert parameter.value == load_profile("fujian", CATALOGUE).parameter("P24").value
    assert parameter.reference == "《福建省政务数据管理办法》第二十五条"
    assert {citation.regulation for citation in parameter.citations} == {"福建省政务数据管理办法"}


def test_what_is_stated_is_its_own(jinjiang: Profile) -> None:
    assert jinjiang.parameter("P11").reference == "《晋江市政务数据管理暂行规定》二（六）"
    assert jinjiang.parameter("P02").value.effective_to is not None


def test_a_parameter_of_its_own_may_quote_the_parent_as_the_parent(jinjiang: Profile) -> None:
    assert [citation.regulation for citation in jinjiang.parameter("P08").citations] == ["晋江市政务数据管理暂行规定", "福建省政务数据管理办法"]


def test_terms_and_local_defaults_are_inherited_one_by_one(jinjiang: Profile) -> None:
    assert (jinjiang.terms.pool, jinjiang.terms.platform) == ("行业数据资源子平台", "市汇聚共享平台")
    assert set(jinjiang.quality_dimensions) == {"准确性", "完整性", "时效性"}
    assert jinjiang.local_defaults.gate_ticket_working_days == load_profile("fujian", CATALOGUE).local_defaults.gate_ticket_working_days


@pytest.mark.parametrize("name", ["jinjiang", "fujian"])
def test_the_version_changes_with_any_byte_of_its_own_file_or_its_parents(folder: Path, jinjiang: Profile, name: str) -> None:
    assert load_profile("jinjiang", folder).version == jinjiang.version
    with (folder / "jurisdictions" / f"{name}.yaml").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert load_profile("jinjiang", folder).version != jinjiang.version


def test_the_version_of_the_parent_does_not_change_with_the_child(folder: Path) -> None:
    before = load_profile("fujian", folder).version
    with (folder / "jurisdictions" / "jinjiang.yaml").open("a", encoding="utf-8") as file:
        file.write("\n")
    assert load_profile("fujian", folder).version == before


def test_a_parent_that_does_not_exist_is_named_with_those_that_do(folder: Path) -> None:
    rewrite(folder, "jinjiang", "extends: fujian", "extends: quanzhou")
    with pytest.raises(CatalogueError, match=r"jinjiang\.yaml:\d+: extends：没有上级法规配置 quanzhou。现有：.*fujian"):
        load_profile("jinjiang", folder)


@pytest.mark.parametrize("extended", ["jinjiang", "fujian"])
def test_a_circle_is_shown(folder: Path, extended: str) -> None:
    rewrite(folder, "fujian", "title:", f"extends: {extended}\ntitle:")
    with pytest.raises(CatalogueError, match=f"互相继承：.*→ {extended}"):
        load_profile("jinjiang", folder)


def test_silence_below_does_not_undo_what_is_said_above(folder: Path) -> None:
    rewrite(folder, "jinjiang", "parameters:\n", "parameters:\n  P12:\n    value: null\n")
    with pytest.raises(CatalogueError, match="parameters.P12：上级法规对此有规定"):
        load_profile("jinjiang", folder)


def test_silence_below_where_all_are_silent_is_no_mistake(folder: Path) -> None:
    rewrite(folder, "jinjiang", "parameters:\n", "parameters:\n  P06:\n    value: null\n")
    assert load_profile("jinjiang", folder).parameter("P06").value is None


def test_a_regulation_that_is_neither_its_own_nor_above_cannot_be_quoted(folder: Path) -> None:
    rewrite(folder, "jinjiang", "regulation: 福建省政务数据管理办法", "regulation: 丽水市公共数据资源管理办法")
    with pytest.raises(CatalogueError, match="它不是本法规，也不是所继承的法规"):
        load_profile("jinjiang", folder)


def test_a_mistake_in_the_parent_is_told_with_the_parents_file(folder: Path) -> None:
    rewrite(folder, "fujian", "none: 暂不共享}", "closed: 暂不共享}")
    with pytest.raises(CatalogueError) as caught:
        load_profile("jinjiang", folder)
    assert {fault.file.name for fault in caught.value.faults} == {"fujian.yaml"}


def test_nobody_to_be_told_of_a_doubt_is_a_mistake(folder: Path) -> None:
    text = (folder / "jurisdictions" / "pingdingshan.yaml").read_text(encoding="utf-8")
    content = yaml.safe_load(text)
    del content["local_defaults"]["told_of_doubt"]
    (folder / "jurisdictions" / "pingdingshan.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(CatalogueError, match="告知谁.*told_of_doubt"):
        load_profile("pingdingshan", folder)


SIXTH = """
title: 石狮市政务数据管理规定
extends: fujian
regulation: {code: SS, text: shishi.txt, issuer: 石狮市人民政府, jurisdiction: 石狮市}
terms:
  platform: {word: 石狮市数据平台, article: 第三条}
parameters:
  P01:
    value: {open: 全部共享, conditional: 部分共享, none: 暂缓共享}
    article: 第五条
    quote: 分为全部共享、部分共享、暂缓共享
  P02: {value: {issued_on: 2026-01-05}, article: 第九条, quote: 自公布之日起施行}
  P19: {value: {told: [authority, source_side]}, article: 第七条, quote: 告知主管部门和来源部门}
  P20:
    value: {working_days: 3, words: 三个工作日, applies_to: [gate, lateness], covers: correction}
    article: 第六条
    quote: 应当在三个工作日内更正
local_defaults:
  reminder_working_days_before: {value: 1, local: true, reason: 时限只有三个工作日}
"""


def test_a_sixth_jurisdiction_is_a_new_file(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CATALOGUE, tmp_path / "catalogue"))
    (folder / "jurisdictions" / "shishi.yaml").write_text(SIXTH, encoding="utf-8")
    assert load_catalogue(folder, "shishi").resources
    law = load_profile("shishi", folder)
    assert law.sharing_class_names["none"] == "暂缓共享" and law.told_of_doubt == ("authority", "source_side")
    by_law = law.deadline_of("lateness")
    assert (by_law.working_days, by_law.reference) == (3, "《石狮市政务数据管理规定》第六条")
    assert law.deadline_of("doubt").basis == "local", "the new law says nothing of doubts"
    assert law.parameter("P24").reference.startswith("《福建省政务数据管理办法》")
    assert law.local_defaults.reminder_working_days_before.value == 1
