"""A small lake for the core's tests: one department, one resource a mode of delivery, nights without an orchestrator."""

import csv
import io
import shutil
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
import yaml

from yishu.catalogue import Catalogue, load_catalogue
from yishu.catalogue.models import Resource
from yishu.gate import cross, under_check
from yishu.gate.step import advance, pool_types
from yishu.ingest.intake import take_in
from yishu.lake import delta, violations
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger
from yishu.lake.pins import current_pin
from yishu.lake.pool import pool_path, read_pool
from yishu.lake.raw import read_raw, read_rejects
from yishu.settings import ROOT, settings

FIRST_DAY = date(2026, 3, 1)
ITEMS = [
    {"name": "citizen_id", "column": "SFZH", "title": "身份证号", "type": "citizen_id", "required": True, "sensitivity": "direct"},
    {"name": "full_name", "column": "XM", "title": "姓名", "type": "text", "required": True, "sensitivity": "direct"},
    {"name": "sex", "column": "XB", "title": "性别", "type": "code", "codes": "gb_t_2261_1"},
    {"name": "birth_date", "column": "CSRQ", "title": "出生日期", "type": "date"},
    {"name": "amount_yuan", "column": "JE", "title": "金额", "type": "decimal"},
]
# Synthetic, with right check digits.
ZHANG, LI, WANG, ZHAO = "11010519491231002X", "410403198503020024", "610104196209276908", "410402199001010019"


def entry(mode: str, **delivery: str) -> dict[str, object]:
    codes = {"snapshot": 1, "upsert": 2, "append": 3}
    return {
        "code": f"307009/{codes[mode]:04d}",
        "title": mode,
        "summary": mode,
        "duty": "试验",
        "frequency": "daily",
        "key": ["citizen_id"],
        "delivery": {"channel": "file", "format": "csv", "encoding": "utf-8", "pattern": mode + "_{as_of}.csv", "mode": mode, **delivery},
        "gate": {"max_held_out": 0.6, "max_shrink": 0.9, "absence_grace": 3},
        "sharing": {"class": "open"},
        "opening": {"class": "open"},
        "items": ITEMS,
    }


class Lake:
    """A data folder with its catalogue, and what a test does to it."""

    def __init__(self, root: Path) -> None:
        self.data = root / "data"
        self.folder = root / "catalogue"
        self._catalogue: Catalogue | None = None
        shutil.copytree(ROOT / "catalogue", self.folder, ignore=shutil.ignore_patterns("departments", "authority"))
        department = yaml.safe_load((ROOT / "catalogue/departments/civil_affairs/department.yaml").read_text("utf-8"))
        self.write("departments/office/department.yaml", department)
        self.write("departments/office/snapshot.yaml", entry("snapshot"))
        self.write("departments/office/upsert.yaml", entry("upsert", operation="CZ"))
        self.write("departments/office/append.yaml", entry("append"))

    def write(self, place: str, content: object) -> None:
        self._catalogue = None
        file = self.folder / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")

    def change(self, name: str, **parts: dict[str, object]) -> None:
        """Change parts of an entry: `change("snapshot", gate={...})`."""
        file = self.folder / f"departments/office/{name}.yaml"
        content = yaml.safe_load(file.read_text("utf-8"))
        for part, values in parts.items():
            content.setdefault(part, {}).update(values)
        self.write(f"departments/office/{name}.yaml", content)

    def change_item(self, name: str, item: str, **values: object) -> None:
        """Change one item of an entry."""
        file = self.folder / f"departments/office/{name}.yaml"
        content = yaml.safe_load(file.read_text("utf-8"))
        next(entry for entry in content["items"] if entry["name"] == item).update(values)
        self.write(f"departments/office/{name}.yaml", content)

    @property
    def catalogue(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = load_catalogue(self.folder)
        return self._catalogue

    def resource(self, name: str) -> Resource:
        return self.catalogue.resources[f"office.{name}"]

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.data)

    def put(self, name: str, content: bytes, day: int = 1) -> Path:
        file = self.data / "landing" / "office" / name / f"{name}_{self.day(day):%Y%m%d}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return file

    def deliver(self, name: str, rows: Sequence[Sequence[str]], day: int = 1, header: Sequence[str] | None = None) -> Path:
        out = io.StringIO(newline="")
        columns = [item["column"] for item in ITEMS]
        csv.writer(out, lineterminator="\n").writerows([header or ([*(["CZ"] if name == "upsert" else []), *columns]), *rows])
        return self.put(name, out.getvalue().encode(), day)

    @staticmethod
    def day(number: int) -> date:
        return FIRST_DAY + timedelta(days=number - 1)

    def night(self, day: int = 1, names: Sequence[str] = ("snapshot", "upsert", "append")) -> list[Delivery]:
        done = []
        for name in names:
            resource = self.resource(name)
            take_in(self.data, resource, self.catalogue, until=self.day(day))
            done += advance(self.data, resource, self.catalogue)
        failed = [f"{delivery.delivery_id}: {delivery.reason}" for delivery in done if delivery.state == "failed"]
        assert not failed, failed
        pin = current_pin(self.data, self.catalogue)
        cross.evaluate(self.data, self.catalogue, pin)
        under_check.refresh(self.data, self.catalogue, pin)
        return done

    def pool(self, name: str = "snapshot") -> pl.DataFrame:
        resource = self.resource(name)
        return read_pool(self.data, resource, pool_types(resource)).sort("_key")

    def names(self, name: str = "snapshot") -> dict[str, str]:
        """Key -> full name in the pool."""
        return dict(self.pool(name).select("_key", "full_name").iter_rows())

    def version(self, name: str = "snapshot") -> int | None:
        return delta.version(pool_path(self.data, self.resource(name)))

    def raw(self, delivery: Delivery) -> pl.DataFrame:
        return read_raw(self.data, delivery)

    def rejects(self, delivery: Delivery) -> pl.DataFrame:
        return read_rejects(self.data, delivery)

    def open(self) -> set[tuple[str, str]]:
        """(rule, subject) of what is open."""
        return set(violations.open_violations(self.data).select("rule", "subject").iter_rows())

    def closed(self) -> dict[tuple[str, str], str]:
        return {(row["rule"], row["subject"]): row["closing"] for row in violations.closings(self.data).iter_rows(named=True)}

    def doubts(self) -> set[tuple[str, str]]:
        return set(delta.read(under_check.under_check_path(self.data)).select("key", "rule").iter_rows())


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lake]:
    monkeypatch.setattr(settings, "suites", tmp_path / "suites")
    yield Lake(tmp_path)
