"""What assets and checks show in Dagster: column schemas, rule tables, check results read from the ledger.

A check tells what the last gate run found, tonight's or an older one, and never "passed" where nothing was evaluated.
Only names and counts: no value of any row.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import dagster as dg

from yishu.catalogue.models import Department, Resource
from yishu.lake.delivery import Delivery
from yishu.lake.ledger import Ledger

SEVERITIES = ("structural", "content", "advisory")
TITLES = {
    "structural": "结构性规则：主键缺失的行不入池，整批不合格的暂缓",
    "content": "内容规则：照常入池，标记为核实中，退回部门更正",
    "advisory": "提示性规则：只计数",
}
SHOWN_DELIVERIES = 20
_RULE_COLUMNS = {"rule": "string", "column": "string", "message": "string", "clause": "string", "evaluated": "int", "unexpected": "int"}
_DELIVERY_COLUMNS = {"delivery": "string", "as_of": "string", "state": "string", "records": "int", "raw_rows": "int", "rejects": "int"}


def owner(department: Department) -> str:
    """The data officer (A04), or the department's team."""
    return department.data_officer.email or f"team:{department.name}"


def raw_columns(resource: Resource) -> dg.TableSchema:
    own = [dg.TableColumn(item.name, "string", f"{item.title}（{item.column}）", tags={"sensitivity": item.sensitivity}) for item in resource.items]
    return dg.TableSchema([*own, dg.TableColumn("_delivery_id", "string", "批次"), dg.TableColumn("_row_number", "bigint", "物理行号"),
                           dg.TableColumn("_file", "string", "来文件名")])


def pool_columns(resource: Resource) -> dg.TableSchema:
    from yishu.catalogue.authority import sql_type
    from yishu.catalogue.dbt_export import ROW_COLUMNS

    own = [dg.TableColumn(item.name, sql_type(item), item.title, tags={"sensitivity": item.sensitivity}) for item in resource.items]
    return dg.TableSchema([*own, *(dg.TableColumn(name, kind, title) for name, (kind, title) in ROW_COLUMNS.items())])


def read_check(key: dg.AssetKey, ledger: Ledger, resource: Resource, fault: str | None) -> dg.AssetCheckResult:
    """Every delivery was read, and records = raw + rejects for each."""
    deliveries = ledger.deliveries(resource.department, resource.name)
    unequal = [d.delivery_id for d in deliveries if d.landed and d.records != (d.raw_rows or 0) + (d.rejects or 0)]
    failed = [d.delivery_id for d in deliveries if d.state == "failed"]
    metadata: dict[str, Any] = {"deliveries": _table(_DELIVERY_COLUMNS, map(_delivery, deliveries[-SHOWN_DELIVERIES:])), "count": len(deliveries)}
    if fault or failed or unequal:
        metadata["fault"] = fault or f"读取失败：{'、'.join(failed) or '无'}；行数不守恒：{'、'.join(unequal) or '无'}"
        return dg.AssetCheckResult(asset_key=key, check_name="read", passed=False, severity=dg.AssetCheckSeverity.ERROR, metadata=metadata)
    if not deliveries:
        return _not_evaluated(key, "read", "尚无报送")
    return dg.AssetCheckResult(asset_key=key, check_name="read", passed=True, metadata=metadata)


def row_checks(key: dg.AssetKey, ledger: Ledger, resource: Resource, fault: str | None) -> list[dg.AssetCheckResult]:
    """One result a severity, from the last run of the row gate; a held or failed delivery is a structural ERROR."""
    run = ledger.last_gate_run("row", resource.id)
    waiting = ledger.deliveries(resource.department, resource.name, ["held", "failed"])
    results = [severity_check(key, severity, run["results"], run["batch"]) if run else _not_evaluated(key, severity, "尚无报送，未评估")
               for severity in SEVERITIES]
    if fault or waiting:
        states = {d.delivery_id: f"{d.state}：{'、'.join(f['rule'] for f in d.faults)}" for d in waiting}
        results[0] = dg.AssetCheckResult(asset_key=key, check_name="structural", passed=False, severity=dg.AssetCheckSeverity.ERROR,
                                         metadata={**results[0].metadata, "waiting": states, "fault": fault or "有批次暂缓或失败，等待处理"})
    return results


def severity_check(key: dg.AssetKey, severity: str, results: Sequence[Mapping[str, Any]], batch: str) -> dg.AssetCheckResult:
    """The rules of one severity as one check: a warning where a row is accused."""
    rules = [result for result in results if result["severity"] == severity]
    unexpected = sum(rule["unexpected"] for rule in rules)
    broken = unexpected > 0 or not all(rule.get("success", True) for rule in rules)  # a rule about a table accuses no row
    metadata = {"rules": _table(_RULE_COLUMNS, rules), "unexpected": unexpected, "batch": batch}
    if not rules:
        metadata["note"] = "没有此级别的规则"
    return dg.AssetCheckResult(asset_key=key, check_name=severity, passed=not broken, severity=dg.AssetCheckSeverity.WARN, metadata=metadata)


def plotted(ledger: Ledger, last: Delivery | None) -> dict[str, float]:
    """Numbers of the last accepted delivery's run that Dagster draws over materialisations: rules, rows accused, scores."""
    run = ledger.last_gate_run("row", last.resource_id, last.delivery_id) if last else None
    if run is None:
        return {}
    numbers: dict[str, float] = {"rules": len(run["results"]), "unexpected": sum(result["unexpected"] for result in run["results"])}
    for by in ("severity", "dimension"):
        for name in sorted({result[by] for result in run["results"]}):
            some = [result for result in run["results"] if result[by] == name]
            if evaluated := sum(result["evaluated"] for result in some):
                numbers[f"score/{name}"] = round(1 - sum(result["unexpected"] for result in some) / evaluated, 6)
    return numbers


def failed_check(key: dg.AssetKey, name: str, fault: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(asset_key=key, check_name=name, passed=False, severity=dg.AssetCheckSeverity.ERROR, metadata={"fault": fault})


def _not_evaluated(key: dg.AssetKey, name: str, why: str) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(asset_key=key, check_name=name, passed=False, severity=dg.AssetCheckSeverity.WARN, metadata={"note": why})


def _delivery(delivery: Delivery) -> dict[str, Any]:
    return {"delivery": delivery.delivery_id, "as_of": delivery.as_of.isoformat(), "state": delivery.state, "records": delivery.records,
            "raw_rows": delivery.raw_rows, "rejects": delivery.rejects}


def _table(columns: Mapping[str, str], rows: Iterable[Mapping[str, Any]]) -> dg.TableMetadataValue:
    """A table of names and counts; an empty cell is an empty text, as Dagster's tables hold no null."""
    records = [dg.TableRecord({name: "" if row.get(name) is None else row[name] for name in columns}) for row in rows]
    return dg.MetadataValue.table(records, dg.TableSchema([dg.TableColumn(name, kind) for name, kind in columns.items()]))
