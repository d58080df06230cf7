"""A profile gives the software what the law says and says where the law is silent; a mistake in it is pointed at."""

import shutil
from datetime import date
from pathlib import Path

import pytest
import yaml

from expectations.suite import DIMENSIONS
from yishu.catalogue.documents import CatalogueError
from yishu.catalogue.law import Deadline, Profile, load_profile
from yishu.settings import ROOT

CATALOGUE = ROOT / "catalogue"
FILE = CATALOGUE / "jurisdictions" / "pingdingshan.yaml"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile("pingdingshan", CATALOGUE)


def changed(folder: Path, old: str, new: str) -> Path:
    """A copy of the catalogue's law with one passage changed."""
    text = FILE.read_text(encoding="utf-8")
    assert old in text
    (folder / "jurisdictions").mkdir()
    (folder / "jurisdictions" / FILE.name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def test_sharing_classes_carry_the_names_of_the_regulation(profile: Profile) -> None:
    assert profile.sharing_class_names == {"open": "无条件共享", "conditional": "有条件共享", "none": "不予共享"}


def test_conditional_and_closed_need_a_basis_in_pingdingshan(profile: Profile) -> None:
    assert profile.classes_needing_basis == {"conditional", "none"}
    assert profile.parameter("P11").article == "第十七条"


def test_types_of_the_catalogue_are_in_scope_or_by_reference_or_not_named(profile: Profile) -> None:
    scope = profile.parameter("P04").value
    assert "government_department" in scope.in_scope
    assert "public_utility" in scope.not_named
    assert not set(scope.in_scope) & set(scope.by_reference) | set(scope.in_scope) & set(scope.not_named)


def test_persons_and_legal_entities_are_keyed_by_citizen_id_and_credit_code(profile: Profile) -> None:
    keys = profile.parameter("P14").value
    assert (keys.person, keys.legal_entity) == ("citizen_id", "credit_code")


def test_a_ticket_of_a_gate_has_a_local_deadline_that_cites_no_article(profile: Profile) -> None:
    reason = profile.local_defaults.gate_ticket_working_days.reason
    assert profile.ticket_deadline == Deadline(working_days=10, basis="local", article=None, day_after_is_first=True, reason=reason)
    assert profile.ticket_deadline.reference == "本地自定"


def test_a_number_in_law_for_gates_is_the_deadline_and_is_cited(tmp_path: Path) -> None:
    catalogue = changed(
        tmp_path,
        "{working_days: null, words: 规定的时限, applies_to: [order]}",
        "{working_days: 3, words: 三日, applies_to: [gate]}",
    )
    deadline = load_profile("pingdingshan", catalogue).deadline_of("gate")
    assert (deadline.working_days, deadline.basis, deadline.quote) == (3, "law", "未在规定的时限内完成整改的")
    assert deadline.reference == "《平顶山市政务数据管理办法（试行）》第二十七条"


def test_a_clock_for_the_doubts_of_users_is_not_the_clock_of_a_gate(tmp_path: Path) -> None:
    catalogue = changed(
        tmp_path,
        "{working_days: null, words: 规定的时限, applies_to: [order]}",
        "{working_days: 2, words: 两日, applies_to: [doubt]}",
    )
    assert load_profile("pingdingshan", catalogue).ticket_deadline.basis == "local"


def test_escalation_goes_from_the_authority_over_the_city_government_to_discipline(profile: Profile) -> None:
    assert [step.by for step in profile.parameter("P22").value.steps] == [
        "政务数据主管部门",
        "市政府办公室",
        "有权机关",
    ]


def test_version_changes_with_the_file(profile: Profile, tmp_path: Path) -> None:
    catalogue = changed(tmp_path, "working_days: 10", "working_days: 11")
    assert load_profile("pingdingshan", catalogue).version != profile.version
    shutil.copy(FILE, catalogue / "jurisdictions" / FILE.name)
    assert load_profile("pingdingshan", catalogue).version == profile.version


def test_a_parameter_that_does_not_exist_is_refused(profile: Profile) -> None:
    with pytest.raises(KeyError, match="P37"):
        profile.parameter("P37")


def test_a_regulation_that_has_expired_warns_and_says_what_follows(tmp_path: Path) -> None:
    expired = load_profile("pingdingshan", changed(tmp_path, "effective_to: null", "effective_to: 2025-10-10"))
    assert expired.validity_warning(date(2025, 10, 10)) is None
    warning = expired.validity_warning(date(2025, 10, 11))
    assert warning is not None and "2025-10-10" in warning and "请换用现行法规的配置" in warning


def test_a_day_before_the_regulation_was_issued_warns(profile: Profile) -> None:
    assert profile.validity_warning(date(2021, 11, 29)) is not None
    assert profile.validity_warning(date(2026, 11, 22)) is None


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        (
            "    article: 第十七条\n    quote: 政务数据共享包括",
            "    quote: 政务数据共享包括",
            "parameters.P01",
            "请补写 article",
        ),
        (
            "  P06:  # A07\n    value: null",
            "  P06:  # A07\n    value: null\n    article: 第九条",
            "parameters.P06",
            "请补写 value",
        ),
        ("  P06:  # A07\n    value: null\n", "", "parameters.P06", "缺少必填字段"),
        ("none: 不予共享}", "closed: 不予共享}", "parameters.P01.value", "缺少必填字段"),
        ("[conditional, none]", "[conditional, secret]", "parameters.P11.value.classes_needing_basis", "可选值"),
        (
            "  gate_ticket_working_days:  # E06\n    value: 10",
            "  gate_ticket_working_days:\n    value: 0",
            "local_defaults.gate_ticket_working_days",
            "0",
        ),
        (
            "    value: true\n    local: true\n",
            "    value: true\n    local: true\n    article: 第九条\n",
            "local_defaults.day_after_is_first",
            "没有这个字段",
        ),
        ("effective_to: null", "effective_to: 来年", "parameters.P02.value.effective_to", "来年"),
    ],
)
def test_a_mistake_is_named_with_file_line_field_and_way_out(tmp_path: Path, old: str, new: str, field: str, words: str) -> None:
    catalogue = changed(tmp_path, old, new)
    with pytest.raises(CatalogueError) as caught:
        load_profile("pingdingshan", catalogue)
    fault = next(fault for fault in caught.value.faults if fault.field.startswith(field))
    assert fault.file.name == FILE.name
    assert words in str(fault)
    assert fault.line > 1


def test_a_profile_that_does_not_exist_names_those_that_do() -> None:
    with pytest.raises(CatalogueError, match="pingdingshan"):
        load_profile("atlantis", CATALOGUE)


def test_local_defaults_never_stand_among_the_parameters() -> None:
    document = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    assert all("local" not in parameter for parameter in document["parameters"].values())
    assert all(default["local"] is True and "article" not in default for default in document["local_defaults"].values())


def test_every_dimension_of_the_standard_is_counted_once_under_a_dimension_that_the_regulation_names(profile: Profile) -> None:
    named = profile.parameter("P18").value
    assert set(profile.quality_dimensions) <= {*named.dimensions, *named.joint_collection}
    assert sorted(name for names in profile.quality_dimensions.values() for name in names) == sorted(DIMENSIONS)
    assert profile.local_defaults.quality_dimensions.local, "no article says it"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("准确性: [准确性]", "准确性: [准确度]", "GB/T 36344 没有维度“准确度”"),
        ("准确性: [准确性]", "真实性: [准确性]", "P18 没有维度“真实性”"),
        ("准确性: [准确性]", "准确性: [准确性, 规范性]", "已归入“准确性”"),
        ("[规范性, 可访问性]", "[规范性]", "“可访问性”没有归入任何维度"),
    ],
)
def test_a_mapping_that_leaves_out_doubles_or_invents_a_dimension_is_refused_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        load_profile("pingdingshan", changed(tmp_path, old, new))
    (fault,) = refused.value.faults
    lines = (tmp_path / "jurisdictions" / FILE.name).read_text(encoding="utf-8").splitlines()
    assert said in str(fault) and fault.way_out and fault.line > lines.index("local_defaults:")
    assert "quality_dimensions" in fault.field
