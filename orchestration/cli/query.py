"""`yishu query`: one SELECT over what is published."""

import click

from orchestration.cli.choices import chosen, refuse
from yishu.settings import settings


@click.command()
@click.argument("sql", metavar="SQL")
@click.option("--format", "form", type=click.Choice(["table", "csv", "json"]), default="table", show_default=True, help="输出格式")
@click.option("--role", type=click.Choice(["analyst", "engineer"]), default="analyst", show_default=True, help="analyst 只见主题数据，标识已脱敏")
@chosen
def query(sql: str, form: str, role: str) -> None:
    """查询已发布的数据：只读，一次一条 SELECT。"""
    from yishu.lake.query import QueryRefused
    from yishu.lake.query import query as read

    try:
        frame = read(settings.data, sql, "engineer" if role == "engineer" else "analyst")
    except QueryRefused as error:
        refuse(str(error))
    if form == "csv":
        click.echo(frame.write_csv(), nl=False)
    elif form == "json":
        click.echo(frame.write_json())
    else:
        from orchestration.cli.tables import show

        show(frame.to_dicts(), empty="（0 行）")
        click.echo(f"（{frame.height:,} 行）", err=True)
