"""The supervision tables: measured by nights and not by a clock, written only where they changed, shown in words."""

import json
from datetime import date, timedelta

import polars as pl
import pytest

from orchestration.register import current_catalogue
from orchestration.supervision import LATENESS, first_received, measured_on, supervise, write
from yishu.lake import delta
from yishu.lake.ledger import Ledger

DAY = date(2026, 3, 2)
DAILY = "public_security.resident"


def entered(ledger: Ledger, id_: str, as_of: date, state: str = "accepted", kind: str = "ordinary") -> None:
    department, _, resource = id_.partition(".")
    delivery = ledger.receive(department=department, resource=resource, as_of=as_of, content_hash=f"{as_of}{kind}", file="f.csv", size=1,
                              actor="t", catalogue_version="1", profile="pingdingshan", kind=kind)  # fmt: skip
    ledger.move(delivery.delivery_id, state, actor="t")


@pytest.fixture
def ledger(data) -> Ledger:
    ledger = Ledger(data)
    ledger.begin_night(DAY, "t")
    return ledger


def clock(data, on: date, id_: str = DAILY) -> dict:
    table = supervise(data, current_catalogue(), on)[LATENESS]
    return next(row for row in table.iter_rows(named=True) if f"{row['department']}.{row['resource']}" == id_)


def test_lateness_is_measured_on_the_last_night_and_not_on_the_newest_delivery(data, ledger):
    assert measured_on(ledger, date(2030, 1, 1)) == DAY
    assert measured_on(Ledger(data / "new"), DAY) == DAY and measured_on(Ledger(data / "new"), None) is None


def test_a_daily_resource_is_late_once_the_due_date_of_the_next_day_has_passed(data, ledger):
    entered(ledger, DAILY, DAY)  # a Monday: Tuesday is due on Wednesday
    assert clock(data, DAY + timedelta(days=2))["late"] is False
    found = clock(data, DAY + timedelta(days=3))
    assert (found["late"], found["late_since"], found["working_days_late"]) == (True, date(2026, 3, 5), 1)


@pytest.mark.parametrize(("state", "kind"), [("held", "ordinary"), ("rejected", "ordinary"), ("withdrawn", "ordinary"), ("accepted", "correction")])
def test_what_was_not_taken_in_and_what_corrects_single_rows_is_no_delivery_for_a_period(data, ledger, state, kind):
    entered(ledger, DAILY, DAY)
    entered(ledger, DAILY, DAY + timedelta(days=3), state, kind)
    assert clock(data, DAY + timedelta(days=3))["as_of"] == DAY


def test_a_file_of_old_times_makes_nobody_late_that_has_never_delivered(data, ledger):
    entered(ledger, DAILY, date(2019, 1, 1))
    assert first_received(ledger, ledger.deliveries()) == DAY
    assert clock(data, DAY, "public_security.death")["late"] is False
    assert clock(data, DAY + timedelta(days=10), "public_security.death")["late"] is True


def test_a_folder_filled_by_hand_begins_with_its_first_delivery(data):
    ledger = Ledger(data)
    assert first_received(ledger, []) is None
    entered(ledger, DAILY, DAY)
    assert first_received(ledger, ledger.deliveries()) == DAY


def test_a_table_is_written_only_where_it_changed_and_what_returns_is_written_again(data):
    one, other = pl.DataFrame({"late": [True]}), pl.DataFrame({"late": [False]})
    path = data / "supervision" / LATENESS
    versions = []
    for frame in (one, one, other, one):
        write(data, {LATENESS: frame}, "t")
        versions.append(delta.version(path))
    assert versions == [0, 0, 1, 2] and delta.read(path).equals(one)


@pytest.mark.parametrize("name", ["lateness", "coverage", "duplicate_collection"])
def test_status_prints_a_whole_table_in_words_and_as_json(data, ledger, yishu, name):
    entered(ledger, DAILY, DAY)
    told = yishu("status", "--table", name)
    rows = json.loads(yishu("status", "--table", name, "--json").stdout)
    assert told.exit_code == 0 and rows and len(told.stdout.splitlines()) == len(rows) + 2
    assert not [word for word in ("department", "suspected", "daily", "None") if word in told.stdout.splitlines()[0] or f" {word} " in told.stdout]


def test_status_counts_the_late_of_a_department_even_on_the_first_day_off(data, ledger, yishu):
    """Due on a Friday, looked at on the Saturday: late, by no working day yet."""
    entered(ledger, DAILY, date(2026, 3, 4))
    ledger.begin_night(date(2026, 3, 7), "t")
    found = clock(data, date(2026, 3, 7))
    assert (found["late"], found["working_days_late"]) == (True, 0)
    shown = yishu("status").stdout
    line = next(line for line in shown.splitlines() if line.startswith("户籍人口信息"))
    told = ["户籍人口信息", "0", "2026-03-04", "0", "0", *"000"]  # nothing waits; the fifth is the working days
    assert line.split() == told and "，迟报 " in shown and "疑似重复采集" in shown
