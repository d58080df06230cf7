"""Data Docs of a night: what the ledger and the suites say, as plain data for `expectations.docs`, written into the release.

Not here: how pages look (expectations/docs), how they replace the last ones (yishu/lake/release_docs.py). Counts and names only.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from expectations.docs.model import Asset, Run
from expectations.docs.site import Site
from expectations.suite import Rule, SuiteError, load_rules
from yishu.catalogue.models import Catalogue, Resource
from yishu.gate.implied import suite_of
from yishu.lake.delivery import STATES, Delivery
from yishu.lake.ledger import Ledger
from yishu.lake.release_docs import replace_docs
from yishu.lake.table_contract import TableContract, table_contracts
from yishu.redaction import redacted
from yishu.settings import settings

BETWEEN = "部门之间"
_TITLE = re.compile(r"#\s*([^:：。]*[\u4e00-\u9fff][^:：。]*)")  # a suite file that opens with a Chinese title has one
_BRIEF = re.compile("[：；（]")  # a column's description begins with its title


def write_docs(data: Path, catalogue: Catalogue, day: date) -> Path | None:
    """Make the pages of the night and put them in place of the last ones; None where nothing is published yet."""
    site = Site(assets(data, catalogue, day), {"数据日期": day.isoformat()})
    return replace_docs(data, site.digest, site.write)


def assets(data: Path, catalogue: Catalogue, day: date) -> list[Asset]:
    """What is checked and how it stands: every resource by department, the themes between departments, the built tables."""
    ledger = Ledger(data)
    by_department = [_of_resource(ledger, catalogue, resource, day) for name in catalogue.departments
                     for resource in catalogue.resources.values() if resource.department == name]  # fmt: skip
    return [*by_department, *_between(ledger, catalogue), *_built(ledger)]


def resource_path(resource: Resource) -> str:
    """The page of the resource's last gate run, within the docs."""
    return f"results/row/{resource.department}/{resource.name}.html"


def _of_resource(ledger: Ledger, catalogue: Catalogue, resource: Resource, day: date) -> Asset:
    rules, note = _rules(partial(suite_of, resource, catalogue.codes, day))
    run = ledger.last_gate_run("row", resource.id)
    return Asset(
        path=f"row/{resource.department}/{resource.name}",
        title=resource.title,
        name=resource.id,
        group=catalogue.departments[resource.department].title,
        columns={item.name: item.title for item in resource.items},
        rules=rules,
        run=_run(run, **_delivery(ledger, run["batch"])) if run else None,
        as_of=day.isoformat(),
        note=note,
    )


def _between(ledger: Ledger, catalogue: Catalogue) -> Iterator[Asset]:
    short = {name: department.short_title for name, department in catalogue.departments.items()}
    titles = {resource.id: f"{short[resource.department]}《{resource.title}》" for resource in catalogue.resources.values()}
    for file in sorted((settings.suites_dir / "cross").glob("*.yaml")):
        rules, note = _rules(partial(load_rules, file))
        runs = [(rule, run) for rule in rules if (run := ledger.last_gate_run("cross", f"{rule.rule}@{rule.on}")) is not None]
        results = tuple({**result, "column": rule.on} for rule, run in runs for result in run["results"])
        waiting = len(rules) - len(runs)
        newest = max((run for _, run in runs), key=lambda run: run["run"], default=None)
        yield Asset(
            path=f"cross/{file.stem}",
            title=_title(file),
            name=file.stem,
            group=BETWEEN,
            columns=titles,
            rules=rules,
            run=Run(results, {**_facts(newest), **({"尚未检查的规则": str(waiting)} if waiting else {})}) if newest else None,
            note=note,
        )


def _built(ledger: Ledger) -> Iterator[Asset]:
    contracts = _contracts()
    for file in sorted([*(settings.suites_dir / "base").glob("*.yaml"), *(settings.suites_dir / "thematic").glob("*.yaml")]):
        rules, note = _rules(partial(load_rules, file))
        for table in dict.fromkeys(rule.on for rule in rules if rule.on):
            contract, run = contracts.get(table), ledger.last_gate_run("built", table)
            yield Asset(
                path=f"built/{table}",
                title=(contract.description.partition("（来源")[0] if contract else "") or table,
                name=table,
                group=_title(file),
                columns={column.name: _BRIEF.split(column.description)[0] or column.name for column in contract.columns} if contract else {},
                rules=tuple(rule for rule in rules if rule.on == table),
                run=_run(run) if run else None,
                note=note,
            )


def _rules(load: Callable[[], Sequence[Rule]]) -> tuple[tuple[Rule, ...], str]:
    """The rules, or why there are none to show: a suite that cannot be read is the gate's fault to report, and must not stop the docs."""
    try:
        return tuple(load()), ""
    except SuiteError as error:
        return (), f"规则文件有误，无法列出规则：{Path(str(error)).name}"


def _run(run: Mapping[str, Any], warnings: tuple[str, ...] = (), facts: Mapping[str, str] | None = None) -> Run:
    return Run(tuple(run["results"]), {**(facts or {}), **_facts(run)}, warnings)


def _facts(run: Mapping[str, Any]) -> dict[str, str]:
    return {"检查时间": str(run["at"])[:19].replace("T", " "), "门禁运行": str(run["run"]), "规则版本": str(run["suite_version"]).partition("@")[0]}


def _delivery(ledger: Ledger, batch: str) -> dict[str, Any]:
    """What the run was over; a batch that is no delivery is only named."""
    try:
        delivery = ledger.delivery(batch)
    except KeyError:
        return {"facts": {"批次": batch}}
    counts = {"记录": delivery.records, "拒收": delivery.rejects, "不入池": delivery.held_out}
    facts = {"数据日期": delivery.as_of.isoformat(), "批次": delivery.delivery_id, "状态": STATES[delivery.state]}
    return {"facts": {**facts, **{label: f"{count:,}" for label, count in counts.items() if count is not None}}, "warnings": _warnings(delivery)}


def _warnings(delivery: Delivery) -> tuple[str, ...]:
    """Why the delivery is held, without what its messages may quote."""
    return tuple(redacted(fault["message"]) for fault in delivery.faults) if delivery.state == "held" else ()


def _contracts() -> dict[str, TableContract]:
    try:
        return table_contracts(settings.dbt_dir)
    except FileNotFoundError:
        return {}


def _title(file: Path) -> str:
    """The title in the file's first line (`# 人口基础数据库: …`), else its name."""
    found = _TITLE.match(file.read_text("utf-8"))
    return found[1].strip() if found else f"规则 {file.stem}"
