"""What a night did, on the terminal: deliveries, violations, tickets, rows, costs, release, what to try next. Names and counts only."""

import shutil
import sys
from collections import Counter
from datetime import date
from pathlib import Path

import click

from orchestration.cli.tables import show
from orchestration.cli.terms import SEVERITIES
from orchestration.nightly_run import NightRun
from orchestration.outcome import step_title
from yishu.catalogue import Catalogue
from yishu.lake.delivery import STATES, Delivery
from yishu.lake.ledger import Ledger
from yishu.settings import settings


def print_summary(data: Path, catalogue: Catalogue, day: date, run: NightRun, seconds: float) -> None:
    """The whole summary, in the order in which a person asks."""
    ledger = Ledger(data)
    begun = next((night["started_at"] for night in ledger.nights() if night["night"] == run.night), "")
    touched = [d for d in ledger.deliveries() if d.state_at >= begun and (d.state != "superseded" or d.received_at >= begun)] if begun else []
    click.echo()
    click.echo(click.style(f"{day} 夜间任务：{run.outcome.title}", bold=True))
    _deliveries(catalogue, touched)
    _violations(data)
    _tickets(catalogue, run)
    _rows(data, ledger)
    _costs(catalogue, run, seconds)
    _release(data, run)
    for fault in run.outcome.faults:
        click.echo(f"✗ {fault}")
    _next(data, ledger, catalogue)


def _deliveries(catalogue: Catalogue, touched: list[Delivery]) -> None:
    click.echo("\n批次（记录 = 入湖 + 拒收）")
    show([{
        "信息资源": catalogue.resources[d.resource_id].title if d.resource_id in catalogue.resources else d.resource_id,
        "数据日期": d.as_of, "状态": STATES.get(d.state, d.state), "记录": d.records, "入湖": d.raw_rows, "拒收": d.rejects,
        "不入池": d.held_out, "入池变化": d.pool_changed,
    } for d in touched], empty="没有新的报送")
    states = Counter(STATES.get(delivery.state, delivery.state) for delivery in touched)
    click.echo("按状态：" + ("、".join(f"{state} {count}" for state, count in states.items()) or "无"))


def _violations(data: Path) -> None:
    from yishu.lake.violations import open_violations

    found = dict(open_violations(data)["severity"].value_counts().iter_rows())
    click.echo("未结问题：" + ("、".join(f"{title} {found.get(name, 0):,}" for name, title in SEVERITIES.items())))


def _tickets(catalogue: Catalogue, run: NightRun) -> None:
    told = run.told.get("tickets")
    if told is None:
        click.echo("更正工单：本次未更新")
        return
    opened = told["opened_by_department"]
    named = "、".join(f"{_department(catalogue, name)} {count}" for name, count in sorted(opened.items(), key=lambda item: -item[1]))
    click.echo(f"更正工单：新开 {told['opened_tickets']}（{named or '无'}），关闭 {told['closed_tickets']}")


def _rows(data: Path, ledger: Ledger) -> None:
    from yishu.lake.release import published_release

    accepted: dict[str, int] = {}
    for delivery in ledger.deliveries(states=["accepted", "superseded"]):
        accepted[delivery.resource_id] = delivery.pool_rows or 0
    tables = (published_release(data) or {}).get("tables", {})
    layers = {"原始层": sum(delivery.raw_rows or 0 for delivery in ledger.deliveries()), "部门数据资源池": sum(accepted.values()),
              "基础数据库": sum(table["rows"] for name, table in tables.items() if name.startswith("base_")),
              "主题数据库": sum(table["rows"] for name, table in tables.items() if name.startswith("theme_"))}
    click.echo("各层行数：" + "、".join(f"{layer} {rows:,}" for layer, rows in layers.items()))


def _costs(catalogue: Catalogue, run: NightRun, whole: float) -> None:
    click.echo("\n各步骤用时与内存峰值")
    rows = [(step_title(cost.step, catalogue), cost.seconds, cost.peak_mb) for cost in run.costs]
    rows.append(("合计", sum(cost.seconds for cost in run.costs), max((cost.peak_mb or 0 for cost in run.costs), default=None)))
    rows.append(("全程（含载入）", whole, None))
    show([{"步骤": title, "秒": f"{seconds:.2f}", "MB": None if peak is None else round(peak)} for title, seconds, peak in rows])


def _release(data: Path, run: NightRun) -> None:
    from yishu.lake.release import published_release

    published = published_release(data)
    current = f"当前为第 {published['number']} 次发布（数据日期 {published['as_of']}）" if published else "尚未发布"
    told = run.told.get("release")
    click.echo(f"发布：{told['reason'] if told else '本次没有运行到发布步骤'}；{current}")


def _next(data: Path, ledger: Ledger, catalogue: Catalogue) -> None:
    from yishu.gate.regate import rules_changed

    click.echo("\n接下来可以：")
    place = "" if data == settings.root / "data" else f" --data {data}"
    lines: list[tuple[str, str]] = []
    held = ledger.deliveries(states=["held"])
    if held:
        lines.append((f"yishu deliveries show {held[0].delivery_id}{place}", "有批次暂缓，查看原因，再放行或退回"))
    lines += [
        (f"yishu tickets list{place}", "看各部门要更正什么"),
        (f'yishu query "from theme_elderly_care.division_summary"{place}', "查询已发布的主题数据（已脱敏）"),
        (f"yishu status{place}", "各部门的数量、时效、质量"),
        (f"yishu ui{place}", "在浏览器中看全图和更正工单台"),
    ]
    if changed := rules_changed(data, catalogue):
        lines.insert(0, (f"yishu regate --changed{place}", f"{len(changed)} 个信息资源的规则在上次检查后改过，按现行规则重新检查"))
    if later := _waiting(data, catalogue):
        lines.insert(0, (f"yishu night --date {min(later)}{place}", f"落地区还有 {len(later)} 个文件，等待其数据日期"))
    program = "yishu" if shutil.which("yishu") else sys.argv[0]  # as it can be typed here: .venv/bin/yishu where no environment is active
    for command, why in lines:
        click.echo(f"  {command.replace('yishu', program, 1)}")
        click.echo(f"      {why}")


def _waiting(data: Path, catalogue: Catalogue) -> list[date]:
    """The dates of the files that still lie in the landing folder."""
    from yishu.ingest.landing import waiting

    return [landed.as_of for resource in catalogue.resources.values() for landed in waiting(data, resource, date.max)]


def _department(catalogue: Catalogue, name: str) -> str:
    department = catalogue.departments.get(name)
    return department.short_title if department else name
