"""`yishu catalogue`: check the register, or give it away as JSON."""

import json
from pathlib import Path

import click

from orchestration.cli.choices import chosen
from yishu.settings import settings


@click.group()
def catalogue() -> None:
    """检查或导出目录。"""


@catalogue.command("check")
@chosen
def check() -> None:
    """检查目录的每个文件；有错误时逐条列出（文件:行 字段：问题。改法），退出码为 1。"""
    from yishu.catalogue import CatalogueError, load_catalogue
    from yishu.catalogue.dbt_export import write_dbt_inputs

    try:
        found = load_catalogue()
    except CatalogueError as error:
        for fault in error.faults:
            click.echo(f"{fault.file}:{fault.line} {fault.field}：{fault.problem}。{fault.way_out}", err=True)
        click.echo(f"共 {len(error.faults)} 处错误", err=True)
        raise click.exceptions.Exit(1) from None
    write_dbt_inputs(found, settings.dbt)
    counts = f"{len(found.departments)} 个部门，{len(found.resources)} 个信息资源，{len(found.codes)} 个代码表"
    click.echo(f"目录无误：{counts}（适用 {settings.profile}）")


@catalogue.command("export")
@click.option("--dictionary", "folder", type=click.Path(file_okay=False, path_type=Path), help="把数据字典（Markdown）写入此文件夹")
@chosen
def export(folder: Path | None) -> None:
    """把目录导出为 JSON；或用 --dictionary 导出数据字典。"""
    from orchestration.register import current_catalogue

    if folder is None:
        found = current_catalogue().model_dump(mode="json", by_alias=True)
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    from yishu.catalogue.dictionary import dictionary

    pages = dictionary(current_catalogue(), settings.dbt)
    folder.mkdir(parents=True, exist_ok=True)
    for stale in set(folder.glob("*.md")) - {folder / name for name in pages}:
        stale.unlink()
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"数据字典共 {len(pages)} 页，已写入 {folder}")
