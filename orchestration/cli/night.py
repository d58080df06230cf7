"""`yishu night`: the nightly job, in the foreground."""

import time
from datetime import date, datetime

import click

from orchestration.cli.choices import DEGRADED, chosen, kept_trace
from yishu.settings import settings


@click.command()
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="数据日期，默认今天；只处理此日及以前的批次")
@chosen
def night(day: datetime | None) -> None:
    """运行夜间任务，并打印结果。正常完成退出码为 0，降级或失败为 3。"""
    click.echo("正在准备…", err=True)
    began = time.monotonic()
    from rich.console import Console

    from orchestration.cli.progress import watching
    from orchestration.cli.summary import print_summary
    from orchestration.lake import hold_profile, today
    from orchestration.nightly_run import run_night
    from orchestration.register import current_catalogue
    from yishu.catalogue import CatalogueError
    from yishu.catalogue.law import load_profile
    from yishu.lake.ledger import Ledger
    from yishu.lake.lock import writing

    business_date: date = day.date() if day else today()
    try:
        catalogue = current_catalogue()
    except CatalogueError as error:
        _tell(business_date, f"目录有 {len(error.faults)} 处错误；请运行 yishu catalogue check")
        raise
    console = Console(highlight=False)
    if warning := load_profile(settings.profile, settings.catalogue).validity_warning(business_date):
        click.echo(f"注意：{warning}", err=True)
    with writing(settings.data, "yishu night"):
        hold_profile(Ledger(settings.data), business_date)
        try:
            with console.status("正在载入…") as running:
                result = run_night(settings.data, business_date, watching(console, catalogue, running))
        except Exception as error:  # the steps' faults end in the result: this one kept the night from running at all
            _tell(business_date, f"{type(error).__name__}{kept_trace(settings.data)}")
            raise click.exceptions.Exit(DEGRADED) from None
    print_summary(settings.data, catalogue, business_date, result, time.monotonic() - began)
    if not result.outcome.is_good:
        raise click.exceptions.Exit(DEGRADED)


def _tell(day: date, why: str) -> None:
    """The night could not begin: who runs it by a timer learns of it as of any other failure."""
    from orchestration.alert import Alert, send

    send(Alert(f"{day} 夜间任务未能开始", why, "failed", day.isoformat()))
