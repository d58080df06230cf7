"""What the sources of one attribute must share, and what delivery terms fit which format."""

from tests.unit.yishu.catalogue.test_checking import ALLOWANCE, AUTHORITY, Break, faults, line_of

ORGANISATION = "departments/civil_affairs/social_organisation.yaml"
CERTIFICATE = "departments/government_services/certificate.yaml"


def test_sources_of_one_attribute_share_its_code_list(folder, replace: Break):
    replace(ALLOWANCE, "codes: gb_t_2261_1", "codes: gb_t_2261_2")
    (fault,) = faults(folder)
    assert (fault.file.name, fault.field, fault.line) == ("person.yaml", "person.attributes.sex.10", line_of(folder, AUTHORITY, "    sex:"))
    assert "gb_t_2261_2" in fault.problem and "统一" in fault.way_out


def test_sources_of_one_attribute_share_its_type(folder, replace: Break):
    replace(ORGANISATION, "type: decimal, feeds", "type: text, feeds")
    (fault,) = faults(folder)
    assert fault.field == "legal_entity.attributes.registered_capital_wan_yuan.1" and "decimal" in fault.problem


def test_the_column_of_names_needs_a_name_of_its_own(folder, replace: Break):
    replace(CERTIFICATE, "feeds: certificate.name", "feeds: certificate.state_name")
    replace("authority/certificate.yaml", "    name: [market_regulation.certificate, transport.certificate, government_services.certificate]",
            "    name: [market_regulation.certificate, transport.certificate]\n    state_name: [government_services.certificate]")  # fmt: skip
    (fault,) = faults(folder)
    assert fault.field == "certificate.attributes.state" and "state_name" in fault.problem


def test_an_encoding_is_stated_for_csv_only(folder, replace: Break):
    replace(ORGANISATION, "format: xlsx,", "format: xlsx, encoding: gb18030,")
    (fault,) = faults(folder)
    assert fault.field == "delivery.encoding" and "删去" in fault.way_out + fault.problem


def test_a_worksheet_is_named_for_xlsx_only(folder, replace: Break):
    replace(CERTIFICATE, "format: jsonl,", "format: jsonl, sheet: 数据,")
    (fault,) = faults(folder)
    assert fault.field == "delivery.sheet"


def test_only_a_date_may_lie_ahead(folder, replace: Break):
    replace(CERTIFICATE, "title: 证照名称, type: text,", "title: 证照名称, type: text, future: true,")
    (fault,) = faults(folder)
    assert fault.field.endswith(".future")
