"""What Data Docs are told of a night: every resource, theme and built table, with the run that counts now."""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.docs.model import Run
from expectations.docs.site import Site
from yishu.catalogue import load_catalogue
from yishu.catalogue.dbt_export import write_dbt_inputs
from yishu.gate.data_docs import assets, resource_path, write_docs
from yishu.settings import ROOT, settings

ZHANG, LI = "11010519491231002X", "410403198503020024"
DECEASED = {
    "rule": "deceased", "on": "office.snapshot", "join": {"death": {"resource": "office.upsert", "by": {"citizen_id": "citizen_id"}}},
    "expectation": "expect_column_values_to_be_between", "kwargs": {"column": "death.matches", "max_value": 0}, "severity": "content",
    "dimension": "一致性", "clause": "C06", "message": "已登记死亡，仍在册",
}  # fmt: skip
NIGHT = date(2026, 3, 1)


def suite(place: str, text: str) -> None:
    file = settings.suites_dir / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def row(id_: str, name: str = "张三丰") -> list[str]:
    return [id_, name, "1", "1990-01-01", "1"]


@pytest.fixture
def judged(lake: Any) -> Any:
    """A night in which one row is nobody's number and one person is dead."""
    suite("cross/deceased.yaml", "# 已登记死亡仍在册: who is dead\n" + yaml.safe_dump({"rules": [DECEASED]}, allow_unicode=True))
    lake.deliver("snapshot", [row(ZHANG), row(LI), row("410403198503020025")])
    lake.deliver("upsert", [["I", *row(ZHANG)]])
    lake.night()
    (lake.data / "releases" / "1").mkdir(parents=True)
    (lake.data / "published").symlink_to("releases/1")
    return lake


def test_a_resource_shows_the_run_over_its_last_delivery_and_all_its_rules(judged: Any) -> None:
    found = {asset.name: asset for asset in assets(judged.data, judged.catalogue, NIGHT)}
    snapshot = found["office.snapshot"]
    assert snapshot.results_path == resource_path(judged.resource("snapshot"))
    (delivery,) = judged.ledger.deliveries("office", "snapshot")
    assert snapshot.run is not None and (snapshot.run.facts["批次"], snapshot.run.facts["状态"]) == (delivery.delivery_id, "已入池")
    unmet = {result["rule"]: result["unexpected"] for result in snapshot.run.results if result["unexpected"]}
    assert unmet == {"citizen_id.citizen_id": 1}
    assert {result["rule"] for result in snapshot.run.results} >= {rule.rule for rule in snapshot.rules} - {"delivery.shrink"}
    assert found["office.append"].run is None


def test_a_theme_between_departments_has_its_title_and_names_the_accused_table(judged: Any) -> None:
    (theme,) = [asset for asset in assets(judged.data, judged.catalogue, NIGHT) if asset.path == "cross/deceased"]
    assert theme.title == "已登记死亡仍在册" and theme.run is not None
    assert [(result["column"], result["unexpected"]) for result in theme.run.results] == [("office.snapshot", 1)]
    assert "《" in theme.column_title("office.snapshot")


def test_a_held_delivery_is_shown_with_why_and_without_what_its_message_quotes(judged: Any) -> None:
    judged.change("snapshot", gate={"max_shrink": 0.1})
    judged.deliver("snapshot", [row(ZHANG)], day=2)
    (delivery,) = judged.night(2, ["snapshot"])

    def shown() -> Run:
        (run,) = [asset.run for asset in assets(judged.data, judged.catalogue, NIGHT) if asset.name == "office.snapshot"]
        assert run is not None
        return run

    assert shown().facts["状态"] == "暂缓" and "减少" in shown().warnings[0]
    judged.ledger.record(delivery.delivery_id, faults=[{"rule": "delivery.header", "message": f"第一行是“张三丰”，{LI}"}])
    assert shown().warnings == ("第一行是“…”，…",)


def test_a_suite_that_cannot_be_read_takes_no_other_page_away(judged: Any) -> None:
    suite("raw/office/snapshot.yaml", "rules: [{rule: }]\n")
    found = {asset.name: asset for asset in assets(judged.data, judged.catalogue, NIGHT)}
    assert "规则文件有误" in found["office.snapshot"].note and not found["office.snapshot"].rules
    assert found["office.snapshot"].run is not None and found["office.upsert"].rules


def test_a_night_leaves_its_docs_the_same_night_the_same_and_no_identifier_in_them(judged: Any) -> None:
    link = write_docs(judged.data, judged.catalogue, NIGHT)
    assert link is not None
    first = {path.relative_to(link.resolve()): path.read_bytes() for path in link.resolve().rglob("*.*")}
    assert write_docs(judged.data, judged.catalogue, NIGHT) == link
    assert first == {path.relative_to(link.resolve()): path.read_bytes() for path in link.resolve().rglob("*.*")}
    assert "2026-03-01" in first[Path("index.html")].decode()
    # Digests are no words: one in fifty has fifteen digits in a row.
    said = {name: re.sub(rb'"[0-9a-f]{16,}"', b"", content) for name, content in first.items()}
    assert not [name for name, content in said.items() if re.search(rb"\d{15}|410403|110105|\xe5\xbc\xa0\xe4\xb8\x89\xe4\xb8\xb0", content)]


def test_every_suite_of_the_register_makes_its_pages_without_anybody_s_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The suites as they ship, examples included."""
    catalogue = load_catalogue(ROOT / "catalogue")
    for part in ("thematic", "base"):
        shutil.copytree(ROOT / "dbt_project" / "models" / part, tmp_path / "dbt" / "models" / part)
    write_dbt_inputs(catalogue, tmp_path / "dbt")  # what a night makes before it builds: the titles of base tables
    monkeypatch.setattr(settings, "dbt", tmp_path / "dbt")
    shipped = assets(tmp_path / "data", catalogue, NIGHT)
    assert len(shipped) > len(catalogue.resources) and not [asset.name for asset in shipped if asset.note]
    assert not [asset.name for asset in shipped if not re.search("[\u4e00-\u9fff]", asset.title)]
    (tmp_path / "site").mkdir()
    Site(shipped, {}).write(tmp_path / "site")
    numbers = re.compile(r"(?<![0-9a-f])(\d{17}[0-9Xx]|1[3-9]\d{9})(?![0-9a-f])")
    assert not {(page.name, found[0]) for page in (tmp_path / "site").rglob("*.html") for found in numbers.finditer(page.read_text("utf-8"))}
