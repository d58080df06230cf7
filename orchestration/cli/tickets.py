"""`yishu tickets`: the desk's correction tickets, read only, identifiers masked."""

import json

import click

from orchestration.cli.choices import chosen, existing_data, refuse


@click.group()
def tickets() -> None:
    """查看更正工单（标识已脱敏）。"""


@tickets.command("list")
@click.option("--department", help="部门（英文名或全称）")
@click.option("--state", help="状态：open 或 closed")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@chosen
def list_(department: str | None, state: str | None, as_json: bool) -> None:
    """列出工单，最新的在前。"""
    from orchestration.cli.tables import show
    from portal.desk.service import list_tickets

    try:
        found = list_tickets(existing_data(), department, state)
    except ValueError as error:
        refuse(str(error))
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
        return
    show([{"工单": t["number"], "部门": t["department_title"], "信息资源": t["resource_title"], "规则": t["rule"], "状态": t["state_title"],
           "期限": f"{t['due_on']}{'（暂定）' if t['due_provisional'] else ''}", "未结": t["open_count"], "共": t["item_count"]} for t in found],
         empty="没有工单")


@tickets.command("show")
@click.argument("number", metavar="工单号")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@chosen
def show_(number: str, as_json: bool) -> None:
    """一张工单和它的每一条。"""
    from orchestration.cli.tables import show
    from portal.desk.service import TicketNotFound, show_ticket

    try:
        ticket = show_ticket(existing_data(), number)
    except TicketNotFound as error:
        refuse(str(error))
    if as_json:
        click.echo(json.dumps(ticket, ensure_ascii=False, indent=2))
        return
    article = f"，{ticket['due_article']}" if ticket["due_article"] else ""
    click.echo(f"{ticket['number']}  {ticket['department_title']}《{ticket['resource_title']}》{ticket['state_title']}")
    click.echo(f"问题：{ticket['message']}（{ticket['rule']}，{ticket['dimension']}）")
    click.echo(f"期限：{ticket['due_on']}（{ticket['due_working_days']} 个工作日，{ticket['due_basis_title']}{article}）")
    click.echo(f"数据专员：{ticket['data_officer_name']}\n")
    show([{"对象": item["subject"], "文件": item["file"], "行": item["row_number"], "起始": item["since"], "状态": item["state_title"]}
          for item in ticket["items"]])
