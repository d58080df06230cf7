"""A mistake in the catalogue is pointed at: file, line, field, what is wrong, what to do. One case a law."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from yishu.catalogue import CatalogueError, load_catalogue
from yishu.catalogue.documents import Fault

ALLOWANCE = "departments/civil_affairs/elderly_allowance.yaml"
UNIT = "departments/human_resources/insured_unit.yaml"
OFFICE = "departments/civil_affairs/department.yaml"
AUTHORITY = "authority/person.yaml"
SEX = "{name: sex, column: XB,"
NAME_ITEM = "  - {name: full_name, column: XM, title: 姓名, type: text"
OPENING = "opening: {class: none, ground: 含个人隐私，《平顶山市政务数据管理办法（试行）》第十八条}"

Break = Callable[[str, str, str], None]


def faults(folder: Path) -> list[Fault]:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder, "pingdingshan")
    return caught.value.faults


def line_of(folder: Path, name: str, words: str) -> int:
    """The line of the file, as it stands now, that holds the words."""
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return next(number for number, line in enumerate(lines, start=1) if words in line)


def test_the_catalogue_as_it_is_has_no_fault(folder: Path) -> None:
    found = load_catalogue(folder, "pingdingshan")
    assert len(found.resources) >= 50 and len(found.departments) >= 18


# law -> file, passage, what it is broken into, words of the line that must be named, field, words of problem and way out
CASES = {
    "a_state_secret_is_refused_A01": (
        ALLOWANCE, "frequency: daily", "frequency: daily\nsecrecy: state_secret", "secrecy:", "secrecy", "国家秘密", "撤回"),
    "a_data_officer_must_be_named_A04": (
        OFFICE, "data_officer: {name: 韩知夏", "data_clerk: {name: 韩知夏", "title:", "data_officer", "缺少必填字段", "A04"),
    "a_data_officer_without_a_name_A04": (
        OFFICE, "data_officer: {name: 韩知夏, ", "data_officer: {", "data_officer:", "data_officer.name", "缺少必填字段", "补充"),
    "a_credit_code_must_be_valid": (
        OFFICE, "11410400MB0A10021B", "11410400MB0A10021C", "credit_code:", "credit_code", "GB 32100", "核对"),
    "an_organisation_type_outside_the_profile_A02": (
        OFFICE, "government_department ", "public_utility ", "org_type:", "org_type", "P04", "org_type"),
    "an_unknown_organisation_type": (
        OFFICE, "government_department ", "ministry ", "org_type:", "org_type", "不能是", "可选值"),
    "a_sharing_class_must_be_given_B05": (
        ALLOWANCE, "sharing: {class: conditional, ", "sharing: {", "sharing:", "sharing.class", "缺少必填字段", "B05"),
    "sharing_as_a_whole_must_be_given_B05": (
        UNIT, "sharing: {class: open}\n", "", "code:", "sharing", "缺少必填字段", "B05"),
    "a_restricted_class_needs_its_basis_B07": (
        ALLOWANCE, "basis: 《中华人民共和国老年人权益保障法》第三十三条, ", "", "sharing:", "sharing", "B07", "basis"),
    "a_conditional_class_states_its_conditions_B08": (
        ALLOWANCE, ", conditions: 提供养老服务、核验待遇资格的政务部门", "", "sharing:", "sharing", "B08", "conditions"),
    "a_closed_item_needs_its_ground_G09": (
        ALLOWANCE, OPENING, "opening: {class: none}", "opening:", "opening", "G09", "ground"),
    "the_key_must_be_items": (
        ALLOWANCE, "key: [citizen_id]", "key: [citizen_no]", "key:", "key", "citizen_no", "items"),
    "a_code_list_must_exist": (
        ALLOWANCE, "codes: gb_t_2261_1", "codes: gb_t_2261_9", SEX, "items.2.codes", "没有代码表 gb_t_2261_9", "catalogue/codes/"),
    "a_code_needs_its_list": (
        ALLOWANCE, "type: code, codes: gb_t_2261_1", "type: code", SEX, "items.2.codes", "codes", "补充"),
    "a_list_needs_the_type_code": (
        ALLOWANCE, "type: code, codes: gb_t_2261_1", "type: text, codes: gb_t_2261_1", SEX, "items.2.codes", "codes", "删去"),
    "an_unknown_type": (
        ALLOWANCE, "type: code, codes: gb_t_2261_1", "type: gender", SEX, "items.2.type", "gender", "可选值"),
    "a_name_stands_once": (
        ALLOWANCE, SEX, "{name: full_name, column: XB,", "{name: full_name, column: XB,", "items.2.name", "full_name", "不同"),
    "a_column_stands_once": (
        ALLOWANCE, SEX, "{name: sex, column: XM,", "{name: sex, column: XM,", "items.2.column", "XM", "不同"),
    "a_reserved_name_is_refused": (
        ALLOWANCE, SEX, "{name: entity_id, column: XB,", "{name: entity_id", "items.2.name", "保留名", "换"),
    "a_resource_code_belongs_to_one_resource": (
        UNIT, "307003/0001", "307002/0007", "code:", "code", "civil_affairs.elderly_allowance", "顺序码"),
    "an_item_feeds_an_attribute_that_exists": (
        ALLOWANCE, "feeds: person.sex", "feeds: person.gender", SEX, "items.2.feeds", "person 没有属性 gender", "catalogue/authority/"),
    "an_item_feeds_a_base_that_exists": (
        ALLOWANCE, "feeds: person.sex", "feeds: persons.sex", SEX, "items.2.feeds", "没有基础数据库 persons", "legal_entity"),
    "an_attribute_is_fed_once_by_a_table": (
        ALLOWANCE, "feeds: person.sex", "feeds: person.full_name", SEX, "items.2.feeds", "person.full_name", "保留一项"),
    "who_feeds_a_base_feeds_its_key_C02": (
        UNIT, ", feeds: legal_entity.credit_code", "", "items:", "items", "legal_entity.credit_code", "C02"),
    "an_authority_must_be_in_the_register": (
        AUTHORITY, "former_name: [public_security.resident]", "former_name: [public_security.residents]", "former_name:",
        "person.attributes.former_name.0", "目录中没有 public_security.residents", "登记"),
    "a_source_is_listed_once_A06": (
        AUTHORITY, "former_name: [public_security.resident]", "former_name: [public_security.resident, public_security.resident]",
        "former_name:", "person.attributes.former_name.1", "重复", "A06"),
    "a_source_feeds_what_it_is_listed_for": (
        AUTHORITY, "former_name: [public_security.resident]", "former_name: [public_security.death]", "former_name:",
        "person.attributes.former_name.0", "没有信息项供给 person.former_name", "feeds: person.former_name"),
    "an_attribute_has_an_authority_A06": (
        AUTHORITY, "former_name: [public_security.resident]", "former_name: []", "former_name:", "person.attributes.former_name",
        "没有来源", "A06"),
    "yaml_must_be_yaml": (ALLOWANCE, NAME_ITEM, NAME_ITEM.replace("}", "") + "]", NAME_ITEM, "（整个文件）", "YAML", "括号"),
    "a_field_stands_once": (
        ALLOWANCE, "frequency: daily", "frequency: daily\nfrequency: weekly", "frequency: weekly", "frequency", "写了两次", "删去一处"),
    "an_unknown_field": (ALLOWANCE, "duty:", "duties: x\nduty:", "duties:", "duties", "没有这个字段", "拼写"),
    "a_file_must_hold_fields": (OFFICE, "", "", "", "（整个文件）", "字段", "CONTRIBUTING"),
    "a_wrong_kind_of_value": (
        ALLOWANCE, "max_held_out: 0.02", "max_held_out: 两成", "gate:", "gate.max_held_out", "两成", "0 到 1"),
    "a_share_above_one": (ALLOWANCE, "max_held_out: 0.02", "max_held_out: 2", "gate:", "gate.max_held_out", "2", "1"),
    "a_file_pattern_is_a_file_name": (
        ALLOWANCE, "elderly_allowance_{as_of}.csv", "{date}.csv", "delivery:", "delivery.pattern", "文件名", "as_of"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_broken_law_is_named_with_place_and_way_out(case: str, folder: Path, replace: Break) -> None:
    file, old, new, line, field, problem, way_out = CASES[case]
    if old:
        replace(file, old, new)
    else:
        (folder / file).write_text("- 只是一个列表\n", encoding="utf-8")
    found = faults(folder)
    fault = next((one for one in found if one.field == field and one.file == folder / file), None)
    assert fault is not None, [str(one) for one in found]
    assert fault.line == line_of(folder, file, line)
    assert problem in fault.problem and way_out in fault.way_out, str(fault)


def test_a_department_without_an_entry_is_named_with_the_resource(folder: Path) -> None:
    (folder / "departments/unknown_office").mkdir()
    shutil.copy(folder / UNIT, folder / "departments/unknown_office/insured_unit.yaml")
    found = [fault for fault in faults(folder) if "unknown_office" in fault.problem]
    assert [fault.file.parent.name for fault in found] == ["unknown_office"]
    assert "department.yaml" in found[0].problem and "A04" in found[0].way_out


def test_all_faults_of_all_files_are_reported_at_once(folder: Path, replace: Break) -> None:
    """Whoever mends the catalogue mends it once, not file by file."""
    replace(ALLOWANCE, "frequency: daily", "frequency: sometimes")
    replace(ALLOWANCE, "duty:", "duties:")
    replace(OFFICE, "11410400MB0A10021B", "1")
    replace(UNIT, "class: open}", "class: free}")
    replace(AUTHORITY, "schema: base_person", "schema: person")
    (folder / "codes/local_allowance_level.csv").write_text("code,name,standard,edition,title\n1,,地方代码,2026,档次\n", encoding="utf-8")
    places = {(fault.file.relative_to(folder).as_posix(), fault.field) for fault in faults(folder)}
    assert places >= {
        (ALLOWANCE, "frequency"), (ALLOWANCE, "duty"), (ALLOWANCE, "duties"), (OFFICE, "credit_code"), (UNIT, "sharing.class"),
        (AUTHORITY, "person.schema"), ("codes/local_allowance_level.csv", "code,name"),
    }


def test_laws_between_entries_are_reported_together(folder: Path, replace: Break) -> None:
    replace(ALLOWANCE, "codes: gb_t_2261_1", "codes: nothing")
    replace(AUTHORITY, "former_name: [public_security.resident]", "former_name: []")
    replace(UNIT, ", feeds: legal_entity.credit_code", "")
    assert {fault.file.name for fault in faults(folder)} == {"elderly_allowance.yaml", "person.yaml", "insured_unit.yaml"}


def test_a_fault_reads_as_file_line_field_problem_way_out(folder: Path, replace: Break) -> None:
    replace(ALLOWANCE, "frequency: daily", "frequency: sometimes")
    (fault,) = faults(folder)
    assert str(fault).startswith(f"{folder / ALLOWANCE}:6: frequency：不能是 'sometimes'。可选值：")


def test_a_file_in_another_encoding_is_named(folder: Path) -> None:
    (folder / OFFICE).write_bytes("title: 平顶山市民政局\n".encode("gb18030"))
    found = [fault for fault in faults(folder) if fault.file == folder / OFFICE]
    assert len(found) == 1 and "UTF-8" in found[0].problem
    assert "UTF-8" in found[0].way_out


def test_a_catalogue_without_the_list_of_a_base_database_says_who_supplies_it(folder: Path) -> None:
    (folder / AUTHORITY).unlink()
    found = [fault for fault in faults(folder) if fault.file == folder / ALLOWANCE]
    assert found and all("没有基础数据库 person" in fault.problem for fault in found)


def test_an_entity_written_twice_is_named_with_both_files(folder: Path) -> None:
    file = folder / "authority/credit.yaml"
    file.write_text(file.read_text("utf-8") + "death: {title: 死亡, key: citizen_id, schema: base_credit, attributes: {}}\n", encoding="utf-8")
    (fault,) = [fault for fault in faults(folder) if "已在" in fault.problem]
    assert fault.file.name == "person.yaml" and "credit.yaml" in fault.problem


def test_an_authority_list_that_is_no_mapping_is_named(folder: Path) -> None:
    (folder / AUTHORITY).write_text("- person\n", encoding="utf-8")
    assert [fault.file for fault in faults(folder)] == [folder / AUTHORITY]


def test_a_code_list_in_another_encoding_is_named(folder: Path) -> None:
    (folder / "codes/gb_t_2261_1.csv").write_bytes("code,name,standard,edition,title\n1,男性,GB/T 2261.1,2003,性别\n".encode("gb18030"))
    assert "codes/gb_t_2261_1.csv" in {fault.file.relative_to(folder).as_posix() for fault in faults(folder)}


def test_a_repeated_code_is_named_with_its_line(folder: Path) -> None:
    file = folder / "codes/gb_t_2261_1.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join([*lines, lines[1]]) + "\n", encoding="utf-8")
    (fault,) = faults(folder)
    assert (fault.line, fault.field) == (len(lines) + 1, "code")


def test_a_year_that_yaml_reads_as_a_number_is_named_in_chinese(folder: Path, replace: Break) -> None:
    """Pydantic's own words are English; the person who mends the file reads Chinese."""
    replace(ALLOWANCE, "title: 高龄津贴发放对象信息", "title: 2026")
    (fault,) = faults(folder)
    assert (fault.field, fault.line) == ("title", 2)
    assert "文字" in fault.problem + fault.way_out and "Input should" not in str(fault)
