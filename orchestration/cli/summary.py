"""What a night did, on the terminal: deliveries, violations, tickets, rows, costs, release, what to try next. Names and counts only."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from orchestration.nightly_run import NightRun
from orchestration.outcome import step_title
from yishu.catalogue import Catalogue
from yishu.lake.ledger import Delivery, Ledger

STATES = {"received": "已接收", "accepted": "已入池", "held": "暂缓", "failed": "失败", "unchanged": "无变化", "superseded": "已被取代",
          "rejected": "已退回", "withdrawn": "已撤回"}
SEVERITIES = {"structural": "结构性", "content": "内容", "advisory": "提示"}


def print_summary(console: Console, data: Path, catalogue: Catalogue, day: date, run: NightRun) -> None:
    """The whole summary, in the order in which a person asks."""
    ledger = Ledger(data)
    begun = next((night["started_at"] for night in ledger.nights() if night["night"] == run.night), "")
    touched = [delivery for delivery in ledger.deliveries() if delivery.state_at >= begun] if begun else []
    console.print()
    console.rule(f"{day} 夜间任务：{run.outcome.title}")
    _deliveries(console, catalogue, touched)
    _violations(console, data)
    _tickets(console, catalogue, run)
    _rows(console, data, ledger)
    _costs(console, catalogue, run)
    _release(console, data, run)
    for fault in run.outcome.faults:
        console.print(f"[red]✗ {fault}[/]")
    _next(console, data, ledger)


def _deliveries(console: Console, catalogue: Catalogue, touched: list[Delivery]) -> None:
    if not touched:
        console.print("批次：没有新的报送")
        return
    table = _table("批次（记录数 = 入湖 + 拒收）", ["信息资源", "数据日期", "状态"], ["记录", "入湖", "拒收", "不入池", "入池变化"])
    for delivery in touched:
        resource = catalogue.resources.get(delivery.resource_id)
        counts = (delivery.records, delivery.raw_rows, delivery.rejects, delivery.held_out, delivery.pool_changed)
        table.add_row(resource.title if resource else delivery.resource_id, delivery.as_of.isoformat(),
                      STATES.get(delivery.state, delivery.state), *map(_number, counts))
    console.print(table)
    states = _counted(STATES.get(delivery.state, delivery.state) for delivery in touched)
    console.print("按状态：" + "、".join(f"{state} {count}" for state, count in states.items()))


def _violations(console: Console, data: Path) -> None:
    from yishu.lake.violations import open_violations

    found = dict(open_violations(data)["severity"].value_counts().iter_rows())
    console.print("未结问题：" + ("、".join(f"{title} {found.get(name, 0):,}" for name, title in SEVERITIES.items())))


def _tickets(console: Console, catalogue: Catalogue, run: NightRun) -> None:
    told = run.told.get("tickets")
    if told is None:
        console.print("更正工单：本次未更新")
        return
    opened = told["opened_by_department"]
    named = "、".join(f"{_department(catalogue, name)} {count}" for name, count in sorted(opened.items(), key=lambda item: -item[1]))
    console.print(f"更正工单：新开 {told['opened_tickets']}（{named or '无'}），关闭 {told['closed_tickets']}")


def _rows(console: Console, data: Path, ledger: Ledger) -> None:
    from yishu.lake.release import published_release

    accepted: dict[str, int] = {}
    for delivery in ledger.deliveries(states=["accepted", "superseded"]):
        accepted[delivery.resource_id] = delivery.pool_rows or 0
    tables = (published_release(data) or {}).get("tables", {})
    layers = {"原始层": sum(delivery.raw_rows or 0 for delivery in ledger.deliveries()), "部门数据资源池": sum(accepted.values()),
              "基础数据库": sum(table["rows"] for name, table in tables.items() if name.startswith("base_")),
              "主题数据库": sum(table["rows"] for name, table in tables.items() if name.startswith("theme_"))}
    console.print("各层行数：" + "、".join(f"{layer} {rows:,}" for layer, rows in layers.items()))


def _costs(console: Console, catalogue: Catalogue, run: NightRun) -> None:
    table = _table("各步骤用时与内存峰值", ["步骤"], ["秒", "MB"])
    for cost in run.costs:
        table.add_row(step_title(cost.step, catalogue), f"{cost.seconds:.2f}", "" if cost.peak_mb is None else f"{cost.peak_mb:,.0f}")
    peak = max((cost.peak_mb or 0 for cost in run.costs), default=0)
    table.add_section()
    table.add_row("合计", f"{sum(cost.seconds for cost in run.costs):.2f}", f"{peak:,.0f}")
    console.print(table)


def _release(console: Console, data: Path, run: NightRun) -> None:
    from yishu.lake.release import published_release

    published = published_release(data)
    current = f"当前为第 {published['number']} 次发布（数据日期 {published['as_of']}）" if published else "尚未发布"
    told = run.told.get("release")
    console.print(f"发布：{told['reason'] if told else '本次没有运行到发布步骤'}；{current}")


def _next(console: Console, data: Path, ledger: Ledger) -> None:
    console.print("\n接下来可以：")
    place = f" --data {data}"
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
    if waiting := sorted({path.name for path in (data / "landing").glob("*/*/*") if path.is_file()}):
        lines.insert(0, (f"yishu night --date <下一天>{place}", f"落地区还有 {len(waiting)} 个文件等待其数据日期，例如 {waiting[0]}"))
    for command, why in lines:
        console.print(f"  {command}", markup=False, soft_wrap=True)
        console.print(f"      {why}", style="dim")


def _table(title: str, texts: list[str], numbers: list[str]) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for name in texts:
        table.add_column(name)
    for name in numbers:
        table.add_column(name, justify="right")
    return table


def _counted(names: Iterable[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return counts


def _department(catalogue: Catalogue, name: str) -> str:
    department = catalogue.departments.get(name)
    return department.short_title if department else name


def _number(value: Any) -> str:
    return "" if value is None else f"{value:,}"


