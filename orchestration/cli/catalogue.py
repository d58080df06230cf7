"""`yishu catalogue`: check the register; give it away and take it in, in the forms that others read and write."""

import json
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any, NoReturn

import click

from orchestration.cli.choices import chosen, refuse
from yishu.settings import settings

FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)


@click.group()
def catalogue() -> None:
    """检查、导出、导入、比较目录。"""


@catalogue.command("check")
@chosen
def check() -> None:
    """检查目录的每个文件；有错误时逐条列出（文件:行 字段：问题。改法），退出码为 1。"""
    from yishu.catalogue import CatalogueError, load_catalogue
    from yishu.catalogue.breaches import breaches
    from yishu.catalogue.dbt_export import write_dbt_inputs
    from yishu.catalogue.law import load_profile
    from yishu.gate.suite_check import suite_faults
    from yishu.lake.lock import SHANGHAI

    try:
        found = load_catalogue()
    except CatalogueError as error:
        _mistakes([f"{fault.file}:{fault.line} {fault.field}：{fault.problem}。{fault.way_out}" for fault in error.faults])
    if faults := suite_faults(found):
        _mistakes(faults)
    write_dbt_inputs(found, settings.dbt)
    law = load_profile(settings.profile, settings.catalogue)
    if warning := law.validity_warning(datetime.now(SHANGHAI).date()):
        click.echo(f"注意：{warning}", err=True)
    if against := [str(breach) for breach in breaches(found, law)]:
        click.echo("目录可用，夜间任务照常运行；但下列各项与法规不符，须由有关部门改正：", err=True)
        _mistakes(against)
    counts = f"{len(found.judged_departments)} 个部门，{len(found.judged_resources)} 个信息资源，{len(found.codes)} 个代码表"
    click.echo(f"目录无误：{counts}（适用 {settings.profile}）")


@catalogue.command("export")
@click.option("--dictionary", type=FOLDER, help="数据字典（Markdown）写入此文件夹")
@click.option("--rules", type=FILE, help="各信息资源的质量规则（Markdown）写入此文件")
@click.option("--schema", type=FOLDER, help="JSON Schema（供编辑器补全）写入此文件夹")
@click.option("--excel", type=FILE, help="编制指南的 Excel 表写入此文件")
@click.option("--department", help="只导出此部门（英文名），与 --excel 合用")
@click.option("--odcs", type=FOLDER, help="数据契约（ODCS v3.1，一资源一文件）写入此文件夹")
@click.option("--dcat", type=FILE, help="DCAT（Turtle）写入此文件")
@chosen
def export(
    dictionary: Path | None, rules: Path | None, schema: Path | None, excel: Path | None, department: str | None, odcs: Path | None, dcat: Path | None
) -> None:
    """导出目录：默认为 JSON；或按选项写成数据字典、质量规则、JSON Schema、Excel 表、ODCS、DCAT。"""
    from orchestration.register import current_catalogue

    if not any((dictionary, rules, schema, excel, odcs, dcat)):
        click.echo(json.dumps(current_catalogue().model_dump(mode="json", by_alias=True), ensure_ascii=False, indent=2))
    if dictionary is not None:
        _dictionary(dictionary)
    if rules is not None:
        from yishu.gate.rule_pages import rules_page

        _write(rules.parent, {rules.name: rules_page(current_catalogue())}, "质量规则")
    if schema is not None:
        from yishu.catalogue.interchange.json_schema import schemas

        written = {name: json.dumps(content, ensure_ascii=False, indent=2) + "\n" for name, content in schemas().items()}
        _write(schema, written, "JSON Schema")
    if excel is not None:
        from yishu.catalogue.interchange.excel_export import write_table

        if department is not None and department not in current_catalogue().departments:
            refuse(f"目录中没有部门 {department}；可选：{'、'.join(current_catalogue().departments)}")
        excel.parent.mkdir(parents=True, exist_ok=True)
        click.echo(f"信息资源目录共 {write_table(current_catalogue(), excel, department)} 个信息资源，已写入 {excel}")
    if odcs is not None:
        _contracts(odcs)
    if dcat is not None:
        _dcat(dcat)


@catalogue.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="表")
@click.option("--into", type=FOLDER, required=True, help="目录项（YAML）写入此文件夹；已有的文件不会被替换")
@chosen
def import_(file: Path, into: Path) -> None:
    """读入部门填报的 Excel 表，检查常见填报错误，写成目录项；有错误时逐条列出（文件:工作表!单元格：问题。改法），退出码为 1。"""
    from orchestration.register import current_catalogue
    from yishu.catalogue.interchange.excel_import import TableRefused, read_table, write_drafts

    try:
        written = write_drafts(read_table(file, current_catalogue().departments), into)
    except TableRefused as refused:
        _mistakes(refused.faults)
    click.echo(f"共 {len(written)} 个信息资源，已写入 {into}；核对后移入 catalogue/，再运行 yishu catalogue check")


@catalogue.command("diff")
@click.argument("old", metavar="旧版")
@click.argument("new", required=False, metavar="[新版]")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@chosen
def diff(old: str, new: str | None, as_json: bool) -> None:
    """比较两版目录，用文字说明变化，并标出不兼容的（旧文件会被暂缓或判错）。版本是目录文件夹，或 git 版本；新版默认为现行目录。"""
    from yishu.catalogue.interchange.differences import differences

    with _version(old) as before, _version(new) as after:
        found = differences(before, after)
    if as_json:
        click.echo(json.dumps([vars(difference) for difference in found], ensure_ascii=False, indent=2))
        return
    for difference in found:
        click.echo(str(difference))
    click.echo(f"共 {len(found)} 处变化，其中不兼容 {sum(difference.breaking for difference in found)} 处" if found else "没有变化")


@contextmanager
def _version(name: str | None) -> Iterator[Any]:
    """The catalogue in a folder, at a git revision, or as it is now."""
    from yishu.catalogue import load_catalogue

    if name is None or Path(name).is_dir():
        yield load_catalogue(Path(name) if name else None)
        return
    if name.startswith("-"):  # git would take it for an option
        refuse(f"{name} 不是版本；请写目录文件夹（如 catalogue），或 git 版本（如 HEAD~1）")
    command = ["git", "-C", str(settings.catalogue.parent), "archive", "--format=tar", name, "--", settings.catalogue.name]
    try:
        packed = subprocess.run(command, capture_output=True, check=True)
    except OSError:
        refuse(f"没有 git，不能取出版本 {name}；请安装 git，或用两个目录文件夹比较")
    except subprocess.CalledProcessError:
        refuse(f"{name} 既不是文件夹，也不是含有目录的 git 版本；请写目录文件夹（如 catalogue），或版本（如 HEAD~1）")
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
            archive.extractall(folder, filter="data")
        then = Path(folder) / settings.catalogue.name
        # The register of then under the law of today: profiles are not what is compared.
        shutil.copytree(settings.catalogue / "jurisdictions", then / "jurisdictions", dirs_exist_ok=True)
        yield load_catalogue(then)


def _dictionary(folder: Path) -> None:
    from orchestration.register import current_catalogue
    from yishu.catalogue.dictionary import dictionary
    from yishu.catalogue.law import load_profile

    pages = dictionary(current_catalogue(), settings.dbt, load_profile(settings.profile, settings.catalogue).sharing_class_names)
    for stale in set(folder.glob("*.md")) - {folder / name for name in pages}:
        stale.unlink()
    _write(folder, pages, "数据字典")


def _contracts(folder: Path) -> None:
    import yaml

    from orchestration.register import current_catalogue
    from yishu.catalogue.interchange.odcs import contract
    from yishu.catalogue.law import load_profile

    found, names = current_catalogue(), load_profile(settings.profile, settings.catalogue).sharing_class_names
    dumped = {f"{id_}.odcs.yaml": contract(resource, found, names) for id_, resource in found.resources.items()}
    _write(folder, {name: yaml.safe_dump(told, allow_unicode=True, sort_keys=False, width=1000) for name, told in dumped.items()}, "数据契约")


def _dcat(file: Path) -> None:
    from orchestration.register import current_catalogue
    from yishu.catalogue.interchange.dcat import graph
    from yishu.catalogue.law import load_profile

    profile = load_profile(settings.profile, settings.catalogue)
    made = graph(current_catalogue(), profile.authority.title, profile.sharing_class_names)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(made.serialize(format="turtle"), encoding="utf-8")
    click.echo(f"DCAT 共 {len(made)} 条陈述，已写入 {file}")


def _write(folder: Path, texts: dict[str, str], what: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    click.echo(f"{what}共 {len(texts)} 个文件，已写入 {folder}")


def _mistakes(lines: list[str]) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    click.echo(f"共 {len(lines)} 处错误", err=True)
    raise click.exceptions.Exit(1)
