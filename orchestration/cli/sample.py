"""`yishu sample`: the synthetic city's deliveries."""

from datetime import datetime

import click

from orchestration.cli.choices import chosen, refuse
from yishu.settings import settings


@click.command()
@click.option("--persons", type=int, default=20_000, show_default=True, help="户籍人口数")
@click.option("--days", type=int, default=2, show_default=True, help="连续报送的天数")
@click.option("--seed", type=int, default=7, show_default=True, help="随机种子；相同则文件逐字节相同")
@click.option("--first-day", type=click.DateTime(["%Y-%m-%d"]), default="2026-03-01", show_default=True, help="第一天的数据日期")
@click.option("--defects", type=float, help="第一天出错行的占比，如 0.02；默认每种错误万分之二，合计不足百分之一")
@chosen
def sample(persons: int, days: int, seed: int, first_day: datetime, defects: float | None) -> None:
    """生成合成城市的报送文件（落地区）和真值（truth/）。人物均为虚构。"""
    from rich.progress import Progress

    from yishu.lake.lock import writing
    from yishu.sample import generate

    with Progress(transient=True) as progress, writing(settings.data, "yishu sample"):
        task = progress.add_task("建立城市", total=1.0)
        try:
            report = generate(persons, days, seed, settings.data, first_day=first_day.date(), defects=defects,
                              progress=lambda text, share: progress.update(task, description=text, completed=share))
        except ValueError as error:
            refuse(str(error))
    for line in report.lines():
        click.echo(line)
