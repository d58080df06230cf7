"""Which channel a department may use follows the profile (C03, P15), and terms that do not fit their channel are pointed at."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishu.catalogue import CatalogueError, load_catalogue
from yishu.catalogue.breaches import breaches
from yishu.catalogue.delivery_terms import CORRECTION, DeliveryTerms
from yishu.catalogue.law import load_profile

PROFILE = "jurisdictions/pingdingshan.yaml"
OURS = "value: {modes: [table, interface, file], open_ended: true}"
CHANGE = Callable[[str, str, str], None]


def problems(folder: Path) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(folder, "pingdingshan")
    return [f"{fault.file.parent.name}/{fault.file.name} {fault.field} {fault.problem}。{fault.way_out}" for fault in caught.value.faults]


def test_a_channel_that_the_regulation_does_not_name_is_refused_with_its_article(folder: Path, replace: CHANGE) -> None:
    replace(PROFILE, OURS, "value: {modes: [interface, file]}")
    found = problems(folder)
    assert {found_.split(" ")[0] for found_ in found} == {"transport/commercial_vehicle.yaml", "civil_affairs/marriage.yaml"}
    assert all("第十八条（C03、P15）没有 table" in one and "可选：interface、file" in one for one in found)


def test_files_only_from_departments_without_a_system_where_the_regulation_says_so(folder: Path, replace: CHANGE) -> None:
    """As in 江门市公共数据共享和开放利用管理办法, article 10 (JM)."""
    replace("departments/court/department.yaml", "has_information_system: true", "has_information_system: false")
    catalogue, law = load_catalogue(folder, "jiangmen"), load_profile("jiangmen", folder)
    found = {(breach.department, breach.resource): breach for breach in breaches(catalogue, law)}
    breach = found["public_security", "resident"]
    assert breach.citation.reference == "《江门市公共数据共享和开放利用管理办法》第十条" and "has_information_system" in breach.way_out
    assert not [department for department, _ in found if department in ("court", "desk")]
    assert ("transport", "commercial_vehicle") not in found, "a table"


@pytest.mark.parametrize("name", ["pingdingshan", "fujian", "jinjiang", "lishui"])
def test_a_regulation_that_allows_files_or_is_silent_finds_no_breach(folder: Path, name: str) -> None:
    assert breaches(load_catalogue(folder, name), load_profile(name, folder)) == []


def test_a_silent_regulation_allows_every_channel(folder: Path) -> None:
    file = folder / PROFILE
    text = file.read_text("utf-8")
    begin = text.index("  P15:")
    file.write_text(text[:begin] + "  P15:  # C03\n    value: null\n" + text[text.index("  P16:") :], encoding="utf-8")
    assert load_catalogue(folder, "pingdingshan").resources


ENTRY = "departments/transport/commercial_vehicle.yaml"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("  table: {", "  tables: {", "table"),
        ("channel: table", "channel: file", "table"),
        ("  mode: upsert\n  operation: cd_operation", "  mode: snapshot", "changed"),
        ("channel: table", "channel: table\n  format: csv", "format"),
        ("overlap_minutes: 60", "overlap_minutes: -1", "overlap_minutes"),
        ("connection: transport_exchange", "connection: postgresql://u:p@h/d", "connection"),
        ("pattern: \"commercial_vehicle_", "pattern: \"更正_commercial_vehicle_", "pattern"),
    ],
)  # fmt: skip
def test_terms_that_do_not_fit_are_pointed_at(folder: Path, replace: CHANGE, old: str, new: str, words: str) -> None:
    replace(ENTRY, old, new)
    assert any(words in one for one in problems(folder))


@given(day=st.dates(date(2000, 1, 1), date(2099, 12, 31)), dashed=st.booleans(), zipped=st.sampled_from(["", ".zip", None]), correction=st.booleans())
def test_every_way_to_name_a_file_of_the_pattern_tells_its_day(day: date, dashed: bool, zipped: str | None, correction: bool) -> None:
    terms = DeliveryTerms.model_validate({"channel": "file", "format": "csv", "pattern": "things_{as_of}.csv", "mode": "snapshot"})
    stem = f"things_{day:{'%Y-%m-%d' if dashed else '%Y%m%d'}}"
    name = (CORRECTION if correction else "") + (f"{stem}.zip" if zipped is None else f"{stem}.csv{zipped}")
    assert terms.as_of(name, date.max) == day
    assert terms.as_of(name + "x", date.max) is None and terms.as_of("x" + name, date.max) is None
