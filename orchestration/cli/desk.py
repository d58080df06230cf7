"""`yishu desk`: the desk's accounts and keys, and what waits there for the lake and for departments. Tickets are worked on in the desk itself."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from orchestration.cli.choices import DEGRADED, acting_person, chosen, existing_data, refuse
from orchestration.cli.desk_entity import entity

ROLES = ("officer", "head", "bureau", "auditor")
CHANNELS = {"mail": "电子邮件", "webhook": "接口推送"}
OUTCOMES = {"sent": "已发送", "refused": "未被接收（稍后重试）", "unclear": "结果不明", "given_up": "多次失败已停止", "waiting": "仍待发送"}


@contextmanager
def _refusing() -> Iterator[None]:
    from portal.desk.accounts import AccountError

    try:
        yield
    except AccountError as error:
        refuse(str(error))


@click.group()
def desk() -> None:
    """管理更正工单台的账号、接口密钥、主体身份和待发内容。"""


desk.add_command(entity)


@desk.command("flush")
@chosen
def flush_() -> None:
    """把工单台待发的更正和标注写入 landing（夜间任务也会做）。"""
    from portal.desk.accounts import flush

    click.echo(f"已写出 {flush(existing_data())} 个文件")


@desk.command("notify")
@click.option("--again", type=int, metavar="编号", help="先把这条“结果不明”或“多次失败”的通知改为待发送")
@click.option("--actor", help="要求再发的人，默认本机账号")
@chosen
def notify_(again: int | None, actor: str | None) -> None:
    """发送到时的通知（定时任务也会做）；有未送达的，退出码为 3。不占用夜间任务的锁。"""
    from orchestration.cli.tables import show
    from portal.notify.sending import send_again, send_waiting
    from yishu.lake.lock import SHANGHAI

    data, now = existing_data(), datetime.now(SHANGHAI)
    if again is not None and not send_again(data, again, now, acting_person(actor)):
        refuse(f"通知 {again} 没有再发：没有这个编号，或它既非“结果不明”也非“多次失败”；请在工单台“通知发送”页核对")
    report = send_waiting(data, now)
    counts = [{"渠道": CHANNELS[name], **{OUTCOMES[outcome]: count for outcome, count in of.items()}} for name, of in report.by_channel.items()]
    show(counts, empty="没有待发的通知")
    if not report.is_good:
        sys.exit(DEGRADED)


@desk.group()
def user() -> None:
    """账号：新增、列出、停用、启用、重设口令、解锁。"""


@user.command("add")
@click.argument("name", metavar="账号")
@click.option("--role", required=True, type=click.Choice(ROLES), help="officer 数据专员，head 部门负责人，bureau 数据主管部门，auditor 审计")
@click.option("--department", default="", help="部门代号（officer、head 必填）")
@click.option("--full-name", default="", help="姓名，记入办理记录")
@click.option("--password-stdin", is_flag=True, help="从标准输入读口令")
@click.option("--generate", is_flag=True, help="随机生成口令，只显示这一次")
@chosen
def add_user_(name: str, role: str, department: str, full_name: str, password_stdin: bool, generate: bool) -> None:
    """新增账号。"""
    from portal.desk.accounts import add_user

    password, shown = _password(password_stdin, generate)
    with _refusing():
        add_user(existing_data(), name, password, role=role, department=department, full_name=full_name)
    click.echo(f"已新增账号 {name}{shown}")


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@chosen
def list_users_(as_json: bool) -> None:
    """列出账号。"""
    from orchestration.cli.tables import show
    from portal.desk.accounts import list_users

    found = list_users(existing_data())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    show([{"账号": one["name"], "姓名": one["full_name"], "角色": one["role_title"], "部门": one["department"],
           "状态": "启用" if one["active"] else "停用", "最近登录": (one["last_login"] or "")[:16]} for one in found], empty="没有账号")


@user.command("disable")
@click.argument("name", metavar="账号")
@chosen
def disable_(name: str) -> None:
    """停用账号，已登录的也立即失效。"""
    _set_active(name, False)


@user.command("enable")
@click.argument("name", metavar="账号")
@chosen
def enable_(name: str) -> None:
    """重新启用账号。"""
    _set_active(name, True)


def _set_active(name: str, active: bool) -> None:
    from portal.desk.accounts import set_active

    with _refusing():
        set_active(existing_data(), name, active=active)
    click.echo(f"已{'启用' if active else '停用'}账号 {name}")


@user.command("reset-password")
@click.argument("name", metavar="账号")
@click.option("--password-stdin", is_flag=True, help="从标准输入读口令")
@click.option("--generate", is_flag=True, help="随机生成口令，只显示这一次")
@chosen
def reset_password_(name: str, password_stdin: bool, generate: bool) -> None:
    """重设口令。"""
    from portal.desk.accounts import reset_password

    password, shown = _password(password_stdin, generate)
    with _refusing():
        reset_password(existing_data(), name, password)
    click.echo(f"已重设账号 {name} 的口令{shown}")


@user.command("unlock")
@click.argument("name", metavar="账号")
@chosen
def unlock_(name: str) -> None:
    """解除因口令多次错误的锁定。"""
    from portal.desk.accounts import unlock

    with _refusing():
        unlock(existing_data(), name)
    click.echo(f"已解锁账号 {name}")


def _password(from_stdin: bool, generate: bool) -> tuple[str, str]:
    """The password, and what to say of it: only a generated one is ever shown."""
    from portal.desk.accounts import new_password

    if from_stdin and generate:
        refuse("--password-stdin 和 --generate 只能用一个")
    if generate:
        made = new_password()
        return made, f"，口令（只显示这一次）：{made}"
    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            refuse("标准输入没有口令；请写入一行，或改用 --generate")
        return given, ""
    if not sys.stdin.isatty():
        refuse("没有终端，不能询问口令；请用 --password-stdin 或 --generate")
    return str(click.prompt("口令", hide_input=True, confirmation_prompt="再输一次")), ""


@desk.group()
def token() -> None:
    """部门程序的接口密钥：签发、列出、吊销。"""


@token.command("add")
@click.option("--department", required=True, help="部门代号")
@click.option("--label", required=True, help="用途，如业务系统的名称")
@click.option("--actor", help="签发人，默认本机账号")
@chosen
def add_token_(department: str, label: str, actor: str | None) -> None:
    """签发密钥，只显示这一次。"""
    from portal.desk.accounts import add_token

    with _refusing():
        key = add_token(existing_data(), department, label, acting_person(actor))
    click.echo(key)
    click.echo("密钥只显示这一次，请交给该部门妥善保管；遗失时吊销后重新签发", err=True)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@chosen
def list_tokens_(as_json: bool) -> None:
    """列出密钥（只有编号和用途）。"""
    from orchestration.cli.tables import show
    from portal.desk.accounts import list_tokens

    found = list_tokens(existing_data())
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    show([{"编号": one["id"], "部门": one["department"], "用途": one["label"], "签发": f"{one['created_by']} {one['created_at'][:10]}",
           "最近使用": (one["last_used_at"] or "")[:16], "状态": "已吊销" if one["revoked_at"] else "有效"} for one in found], empty="没有密钥")


@token.command("revoke")
@click.argument("token_id", metavar="编号", type=int)
@chosen
def revoke_token_(token_id: int) -> None:
    """吊销密钥，立即生效。"""
    from portal.desk.accounts import revoke_token

    with _refusing():
        revoke_token(existing_data(), token_id)
    click.echo(f"已吊销密钥 {token_id}")
