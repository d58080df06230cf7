"""A crash after any durable step, and a rerun, give the same lake as no crash."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from yishu.lake import delta, violations
from yishu.lake.ledger import Ledger

ZHANG, LI, WANG = "11010519491231002X", "410403198503020024", "610104196209276908"
DURABLE: list[tuple[Any, str]] = [
    (delta, "append"),
    (delta, "replace"),
    (delta, "upsert"),
    (os, "replace"),
    (Ledger, "receive"),
    (Ledger, "record"),
    (Ledger, "move"),
    (Ledger, "gate_run"),
    (Ledger, "gate_result"),
]


class Killed(BaseException):
    """Stands for kill -9: nothing in the code may catch it."""


def scenario(lake: Any) -> None:
    def row(id_: str, name: str = "张三", sex: str = "1") -> list[str]:
        return [id_, name, sex, "1990-01-01", "1.5"]

    lake.deliver("snapshot", [row(ZHANG, sex="7"), row(LI), row(""), ["坏行"], row(WANG)], day=1)
    lake.deliver("snapshot", [row(ZHANG), row(LI, "改名"), row(LI, "又改"), ["又坏"], row(ZHANG)], day=2)
    lake.deliver("upsert", [["I", *row(ZHANG)], ["D", LI, "", "", "", ""]], day=2)


def state(lake: Any) -> dict[str, object]:
    facts = (
        delta.read(violations.violations_path(lake.data))
        .select("gate", "department", "resource", "delivery_id", "file", "row_number", "subject", "rule", "since", "closing")
        .sort(pl.all())
    )
    deliveries = [
        (d.delivery_id, d.state, d.records, d.raw_rows, d.rejects, d.held_out, d.collapsed, d.set_aside, d.pool_rows)
        for d in lake.ledger.deliveries()
    ]
    return {
        "facts": facts.rows(),
        "deliveries": deliveries,
        "snapshot": lake.pool().rows(),
        "upsert": lake.pool("upsert").rows(),
        "raw": [lake.raw(d).rows() for d in lake.ledger.deliveries()],
        "rejects": [lake.rejects(d).rows() for d in lake.ledger.deliveries()],
        "archive": sorted(str(p.relative_to(lake.data)) for p in (lake.data / "archive").rglob("*.csv")),
        "doubts": lake.doubts(),
        "landing": list((lake.data / "landing").rglob("*.csv")),
    }


def count_steps(monkeypatch: pytest.MonkeyPatch, stop_after: int | None) -> list[str]:
    """Count the durable steps; raise Killed right after number `stop_after`."""
    done: list[str] = []

    def counted(function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def run(*arguments: Any, **named: Any) -> Any:
            result = function(*arguments, **named)
            done.append(name)
            if stop_after is not None and len(done) == stop_after:
                raise Killed(name)
            return result

        return run

    for owner, name in DURABLE:
        monkeypatch.setattr(owner, name, counted(getattr(owner, name), name))
    return done


def test_a_crash_after_any_durable_step_and_a_rerun_give_what_no_crash_gives(lake: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario(lake)
    with monkeypatch.context() as patch:
        steps = count_steps(patch, None)
        lake.night(2)
    expected = state(lake)
    assert expected["landing"] == [] and len(steps) > 25
    for number in range(1, len(steps) + 1):
        crashed = type(lake)(tmp_path / str(number))
        scenario(crashed)
        with monkeypatch.context() as patch:
            count_steps(patch, number)
            with pytest.raises(Killed):
                crashed.night(2)
        crashed.night(2)
        assert state(crashed) == expected, f"after step {number}: {steps[number - 1]}"
        before = {path: delta.version(path) for path in (crashed.data / "violations", crashed.data / "under_check")}
        assert crashed.night(2) == [] and state(crashed) == expected
        assert before == {path: delta.version(path) for path in before}
