"""Deliveries as they come in life: cut, wrong, doubled; and a new table that is one new file. In order, on one city."""

import re
from typing import Any

import polars as pl
import pytest
import yaml

from yishu.lake.ledger import Ledger

pytestmark = pytest.mark.city


def put(city: Any, resource: str, day: int, content: bytes) -> None:
    department, name = resource.split(".")
    file = city.data / "landing" / department / name / f"{name}_202603{day:02d}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)


def landing(city: Any, resource: str, day: int) -> bytes:
    department, name = resource.split(".")
    content: bytes = (city.data / "landing" / department / name / f"{name}_202603{day:02d}.csv").read_bytes()
    return content


def test_a_cut_file_wrong_bytes_and_a_missing_column_each_end_where_they_should_and_touch_nothing_else(city: Any) -> None:
    resident = landing(city, "public_security.resident", 2)
    put(city, "public_security.resident", 2, resident[: len(resident) // 2])
    allowance = landing(city, "civil_affairs.elderly_allowance", 2)
    put(city, "civil_affairs.elderly_allowance", 2, allowance.replace(b"SFZH", b"SFZHM", 1))
    lines = landing(city, "human_resources.insured_person", 2).split(b"\n")
    lines[7] = lines[7][:25] + b"\xff\xff" + lines[7][25:]
    put(city, "human_resources.insured_person", 2, b"\n".join(lines))
    said = city.night(2)
    now = city.states()
    assert now["public_security.resident@2026-03-02"] == now["civil_affairs.elderly_allowance@2026-03-02"] == "held"
    assert now["human_resources.insured_person@2026-03-02"] == now["market_regulation.enterprise@2026-03-02"] == "accepted"
    rejects = pl.read_delta(str(city.data / "rejects/human_resources/insured_person"))
    wrong = rejects.filter((pl.col("line") == 8) & (pl.col("file") == "insured_person_20260302.csv"))
    assert wrong["reason"].to_list() == ["file.encoding"] and "第 8 行" in wrong["message"].item()
    rules = {ticket["rule"] for ticket in city.tickets()}
    assert {"delivery.missing_column", "delivery.shrink"} <= rules and "暂缓" in said
    assert city.table("base_person.person").height > 2000


def test_a_person_releases_or_rejects_a_held_delivery_with_an_approval_and_a_reason(city: Any) -> None:
    held = {delivery.resource: delivery.delivery_id for delivery in Ledger(city.data).deliveries(states=["held"])}
    assert city.yishu("deliveries", "release", held["resident"]).returncode == 2
    refused = city.yishu("deliveries", "release", held["elderly_allowance"], "--approval", "批-1", "--reason", "试")
    assert refused.returncode == 2 and "SFZH" in refused.stderr
    assert city.yishu("deliveries", "reject", held["elderly_allowance"], "--approval", "批-2", "--reason", "缺列，待重报").returncode == 0
    assert city.yishu("deliveries", "release", held["resident"], "--approval", "批-3", "--reason", "确认按现状接收").returncode == 0
    city.night(2)
    now = city.states()
    assert now["public_security.resident@2026-03-02"] == "accepted" and now["civil_affairs.elderly_allowance@2026-03-02"] == "rejected"
    open_rules = {ticket["rule"] for ticket in city.tickets() if ticket["open_count"]}
    assert not {rule for rule in open_rules if rule.startswith("delivery.")}


def test_a_new_department_and_table_are_two_yaml_files_and_reach_pool_gate_tickets_and_the_golden_record(city: Any) -> None:
    folder = city.root / "catalogue/departments/disabled_persons"
    folder.mkdir()
    (folder / "department.yaml").write_text(
        yaml.safe_dump(
            {
                "title": "平顶山市残疾人联合会",
                "short_title": "市残联",
                "org_type": "social_organisation",
                "credit_code": "11410400MB0A10099B",
                "head": {"name": "周理", "position": "理事长"},
                "data_officer": {"name": "吴专", "phone": "0375-0000199"},
            },
            allow_unicode=True,
        ),
        encoding="utf-8",
    )
    (folder / "disability.yaml").write_text(
        yaml.safe_dump(
            {
                "code": "307099/0001",
                "title": "残疾人证信息",
                "summary": "持证残疾人，一人一行",
                "duty": "《残疾人保障法》第十五条",
                "delivery": {"channel": "file", "format": "csv", "encoding": "gbk", "pattern": "disability_{as_of}.csv", "mode": "snapshot"},
                "frequency": "daily",
                "key": ["citizen_id"],
                "gate": {"max_held_out": 0.5},
                "sharing": {"class": "open"},
                "opening": {"class": "open"},
                "items": [
                    {
                        "name": "citizen_id",
                        "column": "SFZH",
                        "title": "身份证号",
                        "type": "citizen_id",
                        "required": True,
                        "sensitivity": "direct",
                        "feeds": "person.citizen_id",
                    },
                    {"name": "full_name", "column": "XM", "title": "姓名", "type": "text", "required": True, "sensitivity": "direct"},
                    {"name": "phone", "column": "DH", "title": "电话", "type": "phone", "sensitivity": "direct", "feeds": "person.phone"},
                ],
            },
            allow_unicode=True,
        ),
        encoding="utf-8",
    )
    authority = city.root / "catalogue/authority/person.yaml"
    line = re.compile(r"^    phone: \[public_security\.resident[^\]]*", re.MULTILINE)
    text = authority.read_text(encoding="utf-8")
    assert len(line.findall(text)) == 1
    authority.write_text(line.sub(lambda found: found[0] + ", disabled_persons.disability", text), encoding="utf-8")
    put(
        city,
        "disabled_persons.disability",
        2,
        "SFZH,XM,DH\r\n11010519491231002X,钱一,13800000000\r\n11010519491231003X,钱二,1380\r\n,钱三,\r\n".encode("gb18030"),
    )
    assert city.yishu("catalogue", "check").returncode == 0
    city.night(2)
    assert city.states()["disabled_persons.disability@2026-03-02"] == "accepted"
    tickets = city.tickets()
    told = {t["rule"] for t in tickets if t["department"] == "disabled_persons"}
    assert told - {"supervision.duplicate_collection"} == {"citizen_id.citizen_id", "phone.phone", "citizen_id.not_null"}
    person = city.table("base_person.person").filter(pl.col("citizen_id") == "11010519491231002X")
    assert person["phone"].to_list() == ["13800000000"]
    waiting = city.table("base_person.unlinked").filter(pl.col("resource") == "disability")
    assert waiting.height == 1
