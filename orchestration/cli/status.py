"""`yishu status`: how every department's resources stand, from the ledger, the violations and the desk."""

import json
from datetime import datetime
from typing import Any

import click

from orchestration.cli.choices import chosen, existing_data, refuse

FREQUENCIES = {"realtime": "实时", "daily": "每日", "weekly": "每周", "monthly": "每月", "quarterly": "每季", "half_yearly": "每半年",
               "yearly": "每年", "irregular": "不定期"}
# What stands over the columns of the supervision tables.
HEADS = {
    "lateness": {"department": "部门", "title": "信息资源", "frequency": "更新周期", "as_of": "最近数据日期", "due_on": "应报送日", "late": "迟报",
                 "late_since": "迟报起", "working_days_late": "迟报工作日", "provisional": "日历暂定"},
    "coverage": {"department": "部门", "title": "信息资源", "delivered": "已归集", "catalogued_items": "登记项", "delivered_items": "归集项",
                 "share": "覆盖率", "missing_items": "未归集的信息项", "records": "累计记录", "raw_rows": "累计入湖", "last_records": "最近批次记录",
                 "pool_rows": "池中行数"},
    "duplicate_collection": {"element": "要素", "title": "名称", "resource_a": "一处", "item_a": "信息项", "resource_b": "另一处", "item_b": "对应项",
                             "authority": "权威来源", "why": "理由", "state": "结论", "basis": "豁免依据"},
    "gate_run": {"run": "次序", "at": "时间", "kind": "门禁", "scope": "对象", "batch": "批次", "suite_version": "规则版本", "rules": "规则数",
                 "evaluated": "受评", "unexpected": "不符", "result": "结论"},
    "rule_result": {"run": "次序", "rule": "规则", "column": "信息项", "severity": "级别", "dimension": "维度", "clause": "条款", "evaluated": "受评",
                    "unexpected": "不符", "observed": "观测值", "success": "符合"},
    "score": {"day": "日期", "department": "部门", "resource": "信息资源", "dimension": "国标维度", "own_dimension": "本办法维度",
              "evaluated": "受评", "unexpected": "不符", "score": "得分"},
    "trend": {"day": "日期", "department": "部门", "dimension": "维度", "evaluated": "受评", "unexpected": "不符", "score": "得分"},
}  # fmt: skip
RESULTS = {"held": "整批暂缓", "failed": "有不符", "passed": "全部符合", "no_rules": "无规则"}
GATES = {"row": "行级", "cross": "跨部门", "built": "基础库与主题库"}
STANDINGS = {"suspected": "疑似", "exempt": "豁免"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--table", type=click.Choice(list(HEADS)), help="只看一张表：迟报、覆盖率、疑似重复采集，门禁运行、规则结果、得分、走势")
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), help="门禁运行、规则结果、得分的日期，默认最近一次")
@click.option("--resource", help="门禁运行、规则结果、得分的信息资源，如 public_security.resident")
@chosen
def status(as_json: bool, table: str | None, day: datetime | None, resource: str | None) -> None:
    """各部门的数量、时效、质量、覆盖率和工单。"""
    from orchestration.cli.tables import show
    from orchestration.quality_tables import TABLES, quality_rows
    from orchestration.standing import standing

    data = existing_data()
    if (day or resource) and table not in TABLES:
        refuse(f"--day 和 --resource 只用于 --table {'、'.join(TABLES)}")
    found = standing(data)
    if table in TABLES:
        found["tables"][table] = quality_rows(data, table, day.date() if day else None, resource)
    if table is not None:
        rows = found["tables"].get(table, [])
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2)) if as_json else show(_told(table, rows, found), empty="没有记录")
    elif as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _print(found)


def _print(found: dict[str, Any]) -> None:
    from orchestration.cli.tables import show
    from orchestration.cli.terms import NIGHTS, SEVERITIES
    from orchestration.quality import percent
    from yishu.lake.delivery import STATES

    night, release = found["last_night"], found["release"]
    click.echo(f"上次夜间任务：{night['business_date']}，{NIGHTS.get(night['outcome'], '未结束')}" if night else "还没有运行过夜间任务")
    if found["law_warning"]:
        click.echo(f"注意：{found['law_warning']}")
    for fault in night["faults"] if night else []:
        click.echo(f"  ✗ {fault}")
    click.echo(f"发布：第 {release['number']} 次，数据日期 {release['as_of']}" if release else "发布：尚未发布")
    click.echo("\n数据质量（GB/T 36344：符合规则的要素 ÷ 受评要素）")
    show([{"部门": title, **{dimension: percent(quality.get(dimension, {}).get("score")) for dimension in found["quality"]}}
          for title, quality in [("全市", found["quality"]), *((d["title"], d["quality"]) for d in found["departments"])]])
    _print_trend(found)
    if changed := found["rules_changed"]:
        click.echo(f"\n{len(changed)} 个信息资源的规则在上次检查后改过；yishu regate --changed 可按现行规则重新检查，原始层和资源池不动")
    for department in found["departments"]:
        tickets, covered = department["tickets"], department["coverage"]
        late = sum(resource["late"] for resource in department["resources"])
        told = f"未结工单 {tickets['open']}，其中逾期 {tickets['overdue']}，迟报 {late}{_covered(covered) if covered else ''}"
        click.echo(f"\n{department['title']}　{told}")
        show([{
            "信息资源": resource["title"], "池中行数": resource["pool_rows"], "最近数据日期": resource["as_of"], "落后天数": resource["days_behind"],
            "迟报工作日": resource["working_days_late"] if resource["late"] else None,
            "待处理": "、".join(f"{STATES.get(state, state)} {count}" for state, count in resource["waiting"].items()),
            **{title: resource["violations"].get(severity, 0) for severity, title in SEVERITIES.items()},
        } for resource in department["resources"]])
    if duplicates := found["tables"].get("duplicate_collection"):
        exempt = sum(row["state"] == "exempt" for row in duplicates)
        click.echo(f"\n疑似重复采集 {len(duplicates) - exempt} 处，另有 {exempt} 处按规定豁免；见 yishu status --table duplicate_collection")


def _print_trend(found: dict[str, Any]) -> None:
    """The last nights, by dimension for the city and in all for each department; and the regulation's own dimensions (P18)."""
    from orchestration.cli.tables import show
    from orchestration.quality import percent
    from orchestration.trend import change, sparkline

    own = found["own_dimensions"]
    click.echo("\n按本办法的质量维度（对应关系为本地默认，非法规规定）")
    show([{"维度": name, "含国标维度": "、".join(own[name]), "得分": percent(count["score"])} for name, count in found["own_quality"].items()])
    told = found["trend"]
    if not told["days"]:
        return
    titles = {department["name"]: department["title"] for department in found["departments"]}
    click.echo(f"\n质量走势（{told['days'][0]} 至 {told['days'][-1]}，{len(told['days'])} 夜；变化为比上一夜的百分点）")
    lines = [("全市", name, scores) for name, scores in told["city"].items()]
    lines += [(titles.get(name, name), "各维度合计", scores) for name, scores in told["departments"].items()]
    show([{"范围": place, "维度": name, "走势": sparkline(scores), "得分": percent(scores[-1]), "变化": change(scores)}
          for place, name, scores in lines])


def _covered(coverage: dict[str, Any]) -> str:
    return f"，覆盖率 {coverage['share']:.1%}（归集 {coverage['delivered_resources']}/{coverage['catalogued_resources']} 个信息资源）"


def _told(table: str, rows: list[dict[str, Any]], found: dict[str, Any]) -> list[dict[str, Any]]:
    """The table in words: titles instead of names."""
    from orchestration.cli.terms import SEVERITIES

    words = {"department": {d["name"]: d["short_title"] for d in found["departments"]}, "frequency": FREQUENCIES, "state": STANDINGS,
             "result": RESULTS, "kind": GATES, "severity": SEVERITIES}
    exact = ("score", "observed")
    return [{head: row[name] if name in exact else _cell(row[name], words.get(name, {})) for name, head in HEADS[table].items()} for row in rows]


def _cell(value: Any, words: dict[str, str]) -> Any:
    if isinstance(value, list):
        return "、".join(value)
    return f"{value:.1%}" if isinstance(value, float) else words.get(value, value) if isinstance(value, str) else value
