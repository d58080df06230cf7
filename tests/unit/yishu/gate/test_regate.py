"""After a rule has changed, violations follow; raw and pool do not move; judged again under the same rules, nothing changes."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.examples import dear
from yishu.catalogue.delivery_terms import CORRECTION
from yishu.gate.regate import Regated, regate, rules_changed
from yishu.lake import delta, violations
from yishu.lake.ledger import Ledger
from yishu.lake.raw import raw_path
from yishu.settings import settings

ZHANG, LI, WANG = "11010519491231002X", "410403198503020024", "610104196209276908"


def row(id_: str, name: str = "张三", amount: str = "1.5") -> list[str]:
    return [id_, name, "1", "1990-01-01", amount]


def at_most(limit: int, name: str = "amount_yuan.range", message: str = "金额过大", severity: str = "content") -> dict[str, Any]:
    return {"rule": name, "expectation": "expect_column_values_to_be_between", "kwargs": {"column": "amount_yuan", "max_value": limit},
            "severity": severity, "dimension": "准确性", "clause": "E01", "message": message}  # fmt: skip


def suite(name: str, *rules: dict[str, Any]) -> None:
    file = settings.suites_dir / "raw" / "office" / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(yaml.safe_dump({"rules": list(rules)}, allow_unicode=True), encoding="utf-8")


def deliver(lake: Any, name: str, rows: Sequence[Sequence[str]], day: int = 1, *, correction: bool = False) -> None:
    file = lake.deliver(name, [[*(["U"] if name == "upsert" else []), *cells] for cells in rows], day)
    if correction:
        landed = file.rename(file.with_name(CORRECTION + file.name))
        landed.with_name(landed.name + ".meta.json").write_text(json.dumps({"approval": "数据函〔2026〕1号"}), encoding="utf-8")


def again(lake: Any, name: str = "snapshot") -> Regated:
    done = regate(lake.data, lake.resource(name), lake.catalogue)
    assert done is not None
    return done


def changed(lake: Any) -> list[str]:
    return [resource.name for resource in rules_changed(lake.data, lake.catalogue)]


def versions(lake: Any, name: str) -> list[int | None]:
    return [lake.version(name), delta.version(raw_path(lake.data, "office", name))]


def facts(lake: Any) -> list[tuple[Any, ...]]:
    return sorted(violations.open_violations(lake.data).select("rule", "subject", "delivery_id", "row_number", "severity", "message").rows())


@pytest.mark.parametrize("name", ["snapshot", "upsert", "append"])
def test_a_stricter_rule_accuses_what_came_before_it_and_moves_neither_raw_nor_pool(lake: Any, name: str) -> None:
    suite(name, at_most(100))
    deliver(lake, name, [row(ZHANG, amount="50"), row(LI, amount="500")])
    lake.night(1)
    deliver(lake, name, [row(ZHANG, "改", amount="50"), row(WANG)] if name != "append" else [row(WANG)], day=2)
    lake.night(2)
    before = versions(lake, name)
    suite(name, at_most(10))
    assert changed(lake) == [name]
    done = again(lake, name)
    assert ("amount_yuan.range", ZHANG) in lake.open() and done.opened == 1
    assert versions(lake, name) == before and done.waiting_rows == 0 and changed(lake) == []
    first = violations.open_violations(lake.data).filter(rule="amount_yuan.range", subject=ZHANG)["since"].item()
    assert first == lake.day(1), "it was wrong from its first delivery on, whatever the rule was then"


def test_what_passes_because_the_rule_was_relaxed_is_not_called_corrected_and_the_rest_stays_as_it_was(lake: Any) -> None:
    suite("snapshot", at_most(10))
    lake.deliver("snapshot", [row(ZHANG, amount="50"), row(LI, amount="500")])
    lake.night(1)
    (kept,) = violations.open_violations(lake.data).filter(subject=LI).to_dicts()
    suite("snapshot", at_most(100))
    done = again(lake)
    assert lake.closed() == {("amount_yuan.range", ZHANG): "rule_changed"} and (done.closed, done.still) == (1, 1)
    assert violations.open_violations(lake.data).to_dicts() == [kept]


def test_a_rule_that_is_gone_ends_what_it_accused(lake: Any) -> None:
    suite("append", at_most(10))
    deliver(lake, "append", [row(ZHANG, amount="50")])
    lake.night(1)
    deliver(lake, "append", [row(LI)], day=2)
    lake.night(2)
    suite("append")
    again(lake, "append")
    assert lake.open() == set() and lake.closed() == {("amount_yuan.range", ZHANG): "rule_changed"}


def test_a_message_that_was_reworded_is_the_one_that_departments_read(lake: Any) -> None:
    suite("snapshot", at_most(10))
    lake.deliver("snapshot", [row(ZHANG, amount="50")])
    lake.night(1)
    suite("snapshot", at_most(10, message="金额不得超过十元"))
    again(lake)
    assert violations.open_violations(lake.data)["message"].to_list() == ["金额不得超过十元"] and lake.closed() == {}


def test_a_rule_made_structural_says_how_many_rows_of_the_pool_wait_for_the_next_delivery(lake: Any) -> None:
    suite("snapshot", at_most(10))
    lake.deliver("snapshot", [row(ZHANG, amount="50"), row(LI)])
    lake.night(1)
    suite("snapshot", at_most(10, severity="structural"))
    done = again(lake)
    assert done.waiting_rows == 1 and set(lake.names()) == {ZHANG, LI}
    assert violations.open_violations(lake.data)["severity"].to_list() == ["structural"]


def test_judging_again_twice_changes_nothing_and_a_rule_that_comes_back_accuses_again(lake: Any) -> None:
    suite("snapshot", at_most(10))
    lake.deliver("snapshot", [row(ZHANG, amount="50")])
    lake.night(1)
    for limit, open_ in ((100, 0), (10, 1), (100, 0), (10, 1)):
        suite("snapshot", at_most(limit))
        assert again(lake).run is not None and len(lake.open()) == open_
        state = (delta.version(violations.violations_path(lake.data)), len(lake.ledger.gate_runs()))
        assert again(lake).run is None
        assert state == (delta.version(violations.violations_path(lake.data)), len(lake.ledger.gate_runs()))


def test_a_code_list_that_changed_is_a_rule_that_changed(lake: Any) -> None:
    lake.deliver("snapshot", [[ZHANG, "张三", "7", "1990-01-01", "1"]])
    lake.night(1)
    file = lake.folder / "codes" / "gb_t_2261_1.csv"
    lines = file.read_text("utf-8").splitlines()
    file.write_text("\n".join([*lines, ",".join(["7", "其他", *lines[1].split(",")[2:]])]) + "\n", encoding="utf-8")
    lake._catalogue = None
    assert changed(lake) == ["snapshot"]
    again(lake)
    assert lake.closed() == {("sex.code", ZHANG): "rule_changed"}


def test_a_held_delivery_is_left_alone(lake: Any) -> None:
    suite("snapshot", at_most(10))
    lake.deliver("snapshot", [row(ZHANG, amount="50")])
    lake.night(1)
    lake.put("snapshot", f"SFZH,XM,XB,CSRQ\n{LI},x,1,2020-01-01\n".encode(), day=2)
    (held,) = lake.night(2)
    suite("snapshot", at_most(100))
    again(lake)
    assert lake.open() == {("delivery.missing_column", held.delivery_id)} and lake.ledger.delivery(held.delivery_id).state == "held"
    assert changed(lake) == []


def test_one_whose_rules_are_the_same_or_that_never_came_is_not_named(lake: Any) -> None:
    lake.deliver("snapshot", [row(ZHANG)])
    lake.night(1)
    suite("upsert", at_most(1))
    assert changed(lake) == [] and regate(lake.data, lake.resource("upsert"), lake.catalogue) is None


def test_increments_of_which_only_the_last_was_judged_by_todays_rules_are_named(lake: Any) -> None:
    deliver(lake, "upsert", [row(ZHANG, amount="50")])
    lake.night(1)
    suite("upsert", at_most(10))
    deliver(lake, "upsert", [row(LI)], day=2)
    lake.night(2)
    assert changed(lake) == ["upsert"]
    again(lake, "upsert")
    assert lake.open() == {("amount_yuan.range", ZHANG)} and changed(lake) == []


@pytest.mark.parametrize("step", [(Ledger, "gate_run"), (delta, "upsert"), (Ledger, "gate_result")])
def test_a_crash_after_any_durable_step_and_a_rerun_give_what_no_crash_gives(lake: Any, monkeypatch: pytest.MonkeyPatch, step: Any) -> None:
    suite("snapshot", at_most(10))
    lake.deliver("snapshot", [row(ZHANG, amount="50"), row(LI, amount="500")])
    lake.night(1)
    suite("snapshot", at_most(100), at_most(20, "amount_yuan.other"))
    owner, name = step
    whole = getattr(owner, name)

    def killed(*arguments: Any, **named: Any) -> Any:
        whole(*arguments, **named)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(owner, name, killed)
        again(lake)
    again(lake)
    assert lake.open() == {("amount_yuan.range", LI), ("amount_yuan.other", LI), ("amount_yuan.other", ZHANG)}
    assert lake.closed() == {("amount_yuan.range", ZHANG): "rule_changed"} and changed(lake) == []
    assert len(lake.ledger.finished_runs("row")) == 2


ROW = st.tuples(st.sampled_from([ZHANG, LI, WANG, ""]), st.sampled_from(["甲", "乙"]), st.sampled_from(["5", "50", "500", "x"]))
DELIVERIES = st.lists(st.tuples(st.booleans(), st.lists(ROW, min_size=1, max_size=4)), min_size=1, max_size=4)
RULES = st.lists(st.sampled_from([at_most(10), at_most(100), at_most(20, "amount_yuan.other", severity="advisory")]), max_size=2,
                 unique_by=lambda rule: rule["rule"])  # fmt: skip


@dear(few=5, many=100)
@given(deliveries=DELIVERIES, name=st.sampled_from(["snapshot", "upsert", "append"]), first=RULES, then=RULES)
def test_a_lake_judged_again_is_as_if_it_had_had_todays_rules_from_the_beginning(
    lake_of: Callable[[], Any], deliveries: Any, name: str, first: Any, then: Any
) -> None:
    def played(rules: Any) -> Any:
        lake = lake_of()
        lake.change(name, gate={"max_held_out": 1.0, "max_shrink": 1.0})
        suite(name, *rules)
        for day, (correction, rows) in enumerate(deliveries, start=1):
            deliver(lake, name, [row(*cells) for cells in rows], day, correction=correction and day > 1)
            lake.night(day, [name])
        return lake

    lake = played(first)
    before = versions(lake, name)
    suite(name, *then)
    regate(lake.data, lake.resource(name), lake.catalogue)
    oracle = played(then)
    assert facts(lake) == facts(oracle)
    assert lake.pool(name).drop("_delivery_seq").rows() == oracle.pool(name).drop("_delivery_seq").rows()
    settings.suites = lake.folder.parent / "suites"
    assert versions(lake, name) == before


@pytest.fixture
def lake_of(tmp_path_factory: pytest.TempPathFactory, lake: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Any]:
    def make() -> Any:
        root: Path = tmp_path_factory.mktemp("lake")
        monkeypatch.setattr(settings, "suites", root / "suites")
        return type(lake)(root)

    return make
