"""`yishu status`: how every department's resources stand, from the ledger, the violations and the desk."""

import json
from typing import Any

import click

from orchestration.cli.choices import chosen, existing_data


@click.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--table", type=click.Choice(["lateness", "coverage", "duplicate_collection"]), help="只看一张督查表：迟报、覆盖率、疑似重复采集")
@chosen
def status(as_json: bool, table: str | None) -> None:
    """各部门的数量、时效、质量、覆盖率和工单。"""
    from orchestration.cli.tables import show
    from orchestration.standing import standing

    found = standing(existing_data())
    if table is not None:
        rows = found["tables"].get(table, [])
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2)) if as_json else show([_cells(row) for row in rows], empty="没有记录")
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
    for fault in night["faults"] if night else []:
        click.echo(f"  ✗ {fault}")
    click.echo(f"发布：第 {release['number']} 次，数据日期 {release['as_of']}" if release else "发布：尚未发布")
    click.echo("\n数据质量（GB/T 36344：符合规则的要素 ÷ 受评要素）")
    show([{"部门": title, **{dimension: percent(quality.get(dimension, {}).get("score")) for dimension in found["quality"]}}
          for title, quality in [("全市", found["quality"]), *((d["title"], d["quality"]) for d in found["departments"])]])
    for department in found["departments"]:
        tickets, covered = department["tickets"], department["coverage"]
        click.echo(f"\n{department['title']}　未结工单 {tickets['open']}，其中逾期 {tickets['overdue']}{_covered(covered) if covered else ''}")
        show([{
            "信息资源": resource["title"], "池中行数": resource["pool_rows"], "最近数据日期": resource["as_of"], "落后天数": resource["days_behind"],
            "迟报工作日": resource["working_days_late"] or "",
            "待处理": "、".join(f"{STATES.get(state, state)} {count}" for state, count in resource["waiting"].items()),
            **{title: resource["violations"].get(severity, 0) for severity, title in SEVERITIES.items()},
        } for resource in department["resources"]])


def _covered(coverage: dict[str, Any]) -> str:
    return f"，覆盖率 {coverage['share']:.1%}（归集 {coverage['delivered_resources']}/{coverage['catalogued_resources']} 个信息资源）"


def _cells(row: dict[str, Any]) -> dict[str, Any]:
    return {name: "、".join(value) if isinstance(value, list) else value for name, value in row.items()}
