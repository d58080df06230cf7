"""`yishu regate`: after a rule has changed, what was accepted is judged again; violations, marks, tickets and tables follow."""

from pathlib import Path
from typing import Any

import click

from orchestration.cli.choices import chosen, existing_data, refuse
from yishu.settings import settings


@click.command()
@click.argument("names", metavar="[部门.信息资源]…", nargs=-1)
@click.option("--changed", is_flag=True, help="规则在上次检查后改过的全部信息资源")
@click.option("--all", "whole", is_flag=True, help="全部信息资源")
@chosen
def regate(names: tuple[str, ...], changed: bool, whole: bool) -> None:
    """规则改变后，按现行规则重新检查已入池的数据：问题与工单随之更新，原始层和资源池不动。"""
    from orchestration.cli.tables import show
    from orchestration.register import current_catalogue
    from yishu.lake.lock import writing

    data, catalogue = existing_data(), current_catalogue()
    if sum((bool(names), changed, whole)) != 1:
        refuse("请写明信息资源（如 public_security.resident），或用 --changed、--all 之一")
    if unknown := [name for name in names if name not in catalogue.resources]:
        refuse(f"目录中没有 {'、'.join(unknown)}；请写成 部门.信息资源，见 yishu status --json")
    with writing(data, "yishu regate"):
        done = _judged_again(data, catalogue, _chosen(data, catalogue, names, changed))
        report = _followed(data, catalogue)
    show([{"信息资源": catalogue.resources[one.resource].title, "未结问题": one.still, "新增": one.opened, "因规则调整关闭": one.closed,
           "等下批更新的行": one.waiting_rows} for one in done], empty="没有需要重新检查的信息资源")  # fmt: skip
    if any(one.waiting_rows for one in done):
        click.echo("“等下批更新的行”：按现行规则在资源池中应有不同的行；资源池不动，下一批报送入池时更新")
    click.echo(f"更正工单：新开 {report.opened_tickets}，关闭 {report.closed_tickets}")


def _chosen(data: Path, catalogue: Any, names: tuple[str, ...], changed: bool) -> list[Any]:
    from yishu.gate.regate import rules_changed

    if names:
        return [catalogue.resources[name] for name in dict.fromkeys(names)]
    return rules_changed(data, catalogue) if changed else list(catalogue.resources.values())


def _judged_again(data: Path, catalogue: Any, resources: list[Any]) -> list[Any]:
    from rich.console import Console
    from rich.progress import track

    from yishu.gate.regate import regate as judge_again

    shown = track(resources, "正在重新检查", console=Console(stderr=True), disable=len(resources) < 2)
    return [done for resource in shown if (done := judge_again(data, resource, catalogue)) is not None]


def _followed(data: Path, catalogue: Any) -> Any:
    """What stands on the violations: rules between departments, marks, tickets, tables. Each may be done again."""
    from orchestration.quality import clocks_of, record
    from orchestration.supervision import LATENESS, measured_on, supervise
    from portal.desk.service import reconcile
    from yishu.catalogue.calendar import WorkingDayCalendar
    from yishu.catalogue.law import load_profile
    from yishu.gate import cross, under_check
    from yishu.lake.ledger import Ledger
    from yishu.lake.pins import business_date, current_pin
    from yishu.lake.violations import closings, open_violations

    pin, profile = current_pin(data, catalogue), load_profile(settings.profile, settings.catalogue)
    cross.evaluate(data, catalogue, pin)
    under_check.refresh(data, catalogue, pin)
    day = measured_on(Ledger(data), business_date(data))
    if day is None:
        refuse("还没有入池的数据；请先运行 yishu night")
    report = reconcile(open_violations(data), closings(data), night=day, profile=profile, calendar=WorkingDayCalendar.load(settings.catalogue),
                       actor=settings.actor, data=data, catalogue=catalogue)  # fmt: skip
    record(data, catalogue, profile, clocks_of(supervise(data, catalogue, day)[LATENESS]), day)
    return report
