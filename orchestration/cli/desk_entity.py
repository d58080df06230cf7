"""`yishu desk entity`: who is who, decided from the command line. Identifiers are asked for or come from standard input: arguments stay in a
shell's history and in the list of processes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from orchestration.cli.choices import acting_person, chosen, existing_data, refuse

KINDS = {"merged": "合并", "split": "拆分", "merge_revoked": "撤销合并", "split_revoked": "撤销拆分", "opened": "查看完整标识"}


@contextmanager
def _refusing() -> Iterator[None]:
    from portal.desk.entities import EntityError

    try:
        yield
    except EntityError as error:
        refuse(str(error))


def reasoned(command: Any) -> Any:
    """`--reason`, `--basis` and `--actor` on a decision."""
    for option in (
        click.option("--actor", help="决定人，默认本机账号"),
        click.option("--basis", required=True, help="依据：文号、条文或核对的材料"),
        click.option("--reason", required=True, help="理由（请勿填写个人信息）"),
    ):
        command = option(command)
    return command


kind_of_entity = click.option("--entity", default="person", show_default=True, help="主体种类：person、legal_entity、branch")


@click.group()
def entity() -> None:
    """主体身份：查询、合并、拆分、撤销。标识从标准输入读，每行一个。"""


@entity.command("show")
@kind_of_entity
@click.option("--actor", help="查询人，默认本机账号")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@chosen
def show_(entity: str, actor: str | None, as_json: bool) -> None:
    """主体的标识（已遮盖）、来源行和决定。"""
    from orchestration.cli.tables import show
    from portal.desk.entities import show_entity

    with _refusing():
        found = show_entity(existing_data(), acting_person(actor), entity, _asked("标识"))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
        return
    show([{"标识": one["identifier"], "种类": one["kind"], "自": one["since"] or "", "至": one["until"] or "今", "依据": one["basis"]}
          for one in found["identifiers"]], empty="没有标识")
    show([{"来源行": one["name"], "信息资源": f"{one['department']}.{one['resource']}"} for one in found["rows"]], empty="没有来源行")
    show([{"编号": one["id"], "事项": KINDS[one["kind"]], "标识": one["target"], "经办人": one["actor"], "时间": f"{one['at']:%Y-%m-%d %H:%M}",
           "可撤销": "是" if one["is_standing"] else ""} for one in found["events"]], empty="没有决定")  # fmt: skip


@entity.command("merge")
@kind_of_entity
@reasoned
@chosen
def merge_(entity: str, reason: str, basis: str, actor: str | None) -> None:
    """合并两个标识的主体；较早已知的保留编号，同日已知的保留第一个。"""
    from portal.desk.entities import merge_entities

    with _refusing():
        done = merge_entities(existing_data(), acting_person(actor), entity, _asked("标识"), _asked("另一主体的标识"), reason, basis)
    _told(done)


@entity.command("split")
@kind_of_entity
@click.option("--row", "rows", multiple=True, required=True, metavar="批次:行号", help="要拆分的来源行，见 show；可写多个")
@reasoned
@chosen
def split_(entity: str, rows: tuple[str, ...], reason: str, basis: str, actor: str | None) -> None:
    """把来源行拆分到它们所属的标识。"""
    from portal.desk.entities import split_entity

    with _refusing():
        done = split_entity(existing_data(), acting_person(actor), entity, _asked("标识"), rows, _asked("来源行所属的标识"), reason, basis)
    _told(done)


@entity.command("revoke")
@click.argument("decision", metavar="编号", type=int)
@reasoned
@chosen
def revoke_(decision: int, reason: str, basis: str, actor: str | None) -> None:
    """撤销一项合并或拆分；编号见 show。"""
    from portal.desk.entities import revoke_decision

    with _refusing():
        done = revoke_decision(existing_data(), acting_person(actor), decision, reason, basis)
    _told(done)


def _asked(what: str) -> str:
    return str(click.prompt(what, err=True))


def _told(done: dict[str, Any]) -> None:
    click.echo(f"已{KINDS[done['kind']]} {done['target']}（决定 {done['id']}）；下一次夜间任务后生效")
