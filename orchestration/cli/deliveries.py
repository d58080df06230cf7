"""`yishu deliveries`: what came, what became of it; a person's release or rejection of what is held (C05, C08)."""

import json
from dataclasses import asdict
from typing import Any

import click

from orchestration.cli.choices import acting_person, chosen, existing_data, refuse
from yishu.settings import settings


def _said(context: click.Context, option: click.Parameter, value: str) -> str:
    """A decision is kept with its ground (C08): blanks are none."""
    if not value.strip():
        raise click.BadParameter("不能为空")
    return value.strip()


DECIDING = [
    click.argument("delivery_id", metavar="批次"),
    click.option("--approval", required=True, callback=_said, help="批准文号或审批人"),
    click.option("--reason", required=True, callback=_said, help="理由"),
    click.option("--actor", help="经办人，默认当前系统账号"),
]


@click.group()
def deliveries() -> None:
    """查看批次；放行或退回暂缓的批次。"""


@deliveries.command("list")
@click.option("--department", help="部门（英文名）")
@click.option("--state", help="状态，例如 held、accepted")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@chosen
def list_(department: str | None, state: str | None, as_json: bool) -> None:
    """列出批次，按处理顺序。"""
    from orchestration.cli.tables import show
    from yishu.lake.delivery import STATES
    from yishu.lake.ledger import Ledger

    found = Ledger(existing_data()).deliveries(department, states=[state] if state else None)
    if as_json:
        click.echo(json.dumps([_described(delivery) for delivery in found], ensure_ascii=False, indent=2))
        return
    show([{"批次": d.delivery_id, "数据日期": d.as_of, "状态": STATES.get(d.state, d.state), "记录": d.records, "入湖": d.raw_rows, "拒收": d.rejects,
           "不入池": d.held_out} for d in found], empty="没有批次")


@deliveries.command("show")
@click.argument("delivery_id", metavar="批次")
@chosen
def show_(delivery_id: str) -> None:
    """一个批次的全部记载和经过（JSON）。"""
    ledger, delivery = _known(delivery_id)
    click.echo(json.dumps({**_described(delivery), "events": ledger.events(delivery_id)}, ensure_ascii=False, indent=2))


def _deciding(command: Any) -> Any:
    for option in reversed(DECIDING):
        command = option(command)
    return command


@deliveries.command("release")
@_deciding
@chosen
def release(delivery_id: str, approval: str, reason: str, actor: str | None) -> None:
    """放行一个暂缓的批次：下一次夜间任务按现状处理。"""
    from yishu.lake.lock import writing

    with writing(settings.data, "yishu deliveries release"):
        ledger, delivery = _held(delivery_id)
        missing = _missing_key_columns(delivery)
        if missing:
            refuse(f"{delivery_id} 缺少主键列 {'、'.join(missing)}，放行后无一行可入池；请退回，由部门补全后重新报送")
        # The approval first: a crash between the two leaves the delivery held, and the command can be given again.
        ledger.record(delivery_id, release_approval=approval)
        ledger.move(delivery_id, "received", actor=acting_person(actor), approval=approval, reason=reason)
    click.echo(f"已放行 {delivery_id}；运行 yishu night 后入池")


@deliveries.command("reject")
@_deciding
@chosen
def reject(delivery_id: str, approval: str, reason: str, actor: str | None) -> None:
    """退回一个暂缓的批次：不再处理，等部门重新报送。"""
    from yishu.lake.lock import writing

    with writing(settings.data, "yishu deliveries reject"):
        ledger, _ = _held(delivery_id)
        ledger.move(delivery_id, "rejected", actor=acting_person(actor), approval=approval, reason=reason)
    click.echo(f"已退回 {delivery_id}")


@deliveries.command("withdraw")
@_deciding
@chosen
def withdraw(delivery_id: str, approval: str, reason: str, actor: str | None) -> None:
    """撤回一个已入池的批次：下一次夜间任务把资源池恢复为没有它的样子；原始层不动。"""
    from yishu.lake.delivery import STATES
    from yishu.lake.lock import writing

    with writing(settings.data, "yishu deliveries withdraw"):
        ledger, delivery = _known(delivery_id)
        if delivery.state not in ("accepted", "superseded", "unchanged"):
            refuse(f"{delivery_id} 的状态是「{STATES.get(delivery.state, delivery.state)}」；只有已入池的批次可以撤回，暂缓的请用 reject 退回")
        same = [other for other in ledger.deliveries(delivery.department, delivery.resource, ["unchanged"])
                if other.content_hash == delivery.content_hash and other.delivery_id != delivery_id]
        if same and delivery.state != "unchanged":
            refuse(f"{same[-1].delivery_id} 又报送了同样的内容；请先撤回它（内容仍然有效的，不要撤回）")
        ledger.move(delivery_id, "withdrawn", actor=acting_person(actor), approval=approval, reason=reason)
    click.echo(f"已撤回 {delivery_id}；运行 yishu night 后资源池不再含有它的内容")


def _known(delivery_id: str) -> Any:
    from yishu.lake.ledger import Ledger

    ledger = Ledger(existing_data())
    try:
        return ledger, ledger.delivery(delivery_id)
    except KeyError:
        refuse(f"没有批次 {delivery_id}；可用 yishu deliveries list 查看")


def _held(delivery_id: str) -> Any:
    from yishu.lake.delivery import STATES

    ledger, delivery = _known(delivery_id)
    if delivery.state != "held":
        refuse(f"{delivery_id} 的状态是「{STATES.get(delivery.state, delivery.state)}」；只有暂缓的批次可以放行或退回")
    return ledger, delivery


def _missing_key_columns(delivery: Any) -> list[str]:
    """The key's columns that the file did not have: what was archived is asked, not the wording of a message."""
    from orchestration.register import current_catalogue
    from yishu.ingest.reading import read

    resource = current_catalogue().resources.get(delivery.resource_id)
    if resource is None:
        refuse(f"目录中已没有 {delivery.resource_id}，不能放行")
    content = (settings.data / "archive" / delivery.delivery_id / delivery.file).read_bytes()
    lacking = read(content, resource, delivery.file, delivery.as_of).missing_items
    return [resource.item(name).column for name in resource.key if name in lacking]


def _described(delivery: Any) -> dict[str, Any]:
    return {**asdict(delivery), "as_of": delivery.as_of.isoformat()}
