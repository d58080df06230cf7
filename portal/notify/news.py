"""What is new on the desk since a receiver's last message, by headings; pure once the events are read.

Everything comes from events, each with its number in order: a message says up to which it has told. No value of a row
and no text that a person wrote is told, only counts, numbers of tickets and their resources (H11).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

SHOWN = 20  # tickets listed under a heading; a bad night has hundreds
HEADINGS = {
    "opened": "新开工单",
    "reminded": "即将到期",
    "overdue": "已逾期",
    "head_told": "逾期已报部门负责人",
    "noticed": "收到督办通知书",
    "refusal_accepted": "拒绝更正已获认可",
    "refusal_rejected": "拒绝更正被驳回，须更正",
    "doubted": "又有异议",
    "doubt_withdrawn": "异议已撤回",
    "reopened": "重新办理",
    "due_settled": "暂定期限已确定",
    "closed": "已办结",
}
BUREAU_HEADINGS = {
    "doubt_told": "使用部门异议（按规定告知主管部门）",
    "refused": "拒绝更正，等待裁定",
    "head_told": "逾期已报部门负责人",
    "noticed": "已发督办通知书",
}
KINDS = (*HEADINGS, "refused", "items_closed")


@dataclass(frozen=True)
class Told:
    """One event as a digest may tell it."""

    event: int
    kind: str
    on: date
    ticket_id: int
    number: str
    department: str
    resource_title: str
    due_on: date
    origin: str
    to_authority: bool


@dataclass(frozen=True)
class Section:
    title: str
    kind: str
    tickets: Sequence[Told]


@dataclass(frozen=True)
class Digest:
    """The content of a message, the same for each channel."""

    subject: str
    body: str
    payload: dict[str, Any]


def sections_for_department(told: Iterable[Told]) -> list[Section]:
    return _sections(((one.kind, one) for one in told), HEADINGS)


def sections_for_bureau(told: Iterable[Told]) -> list[Section]:
    """Doubts where the law wants the authority told (P19), refusals to rule on, heads told, notices."""
    by_kind = (("doubt_told" if one.kind == "opened" and one.origin == "doubt" and one.to_authority else one.kind, one) for one in told)
    return _sections(by_kind, BUREAU_HEADINGS)


def compose(receiver: str, title: str, night: date, sections: Sequence[Section], notes: Sequence[str], through: int, desk_url: str) -> Digest:
    """`notes`: lines without a ticket of the receiver's: fates of its doubts, standing warnings. `through`: the last event told."""
    count = "、".join(f"{section.title} {len(section.tickets)} 张" for section in sections) or f"{len(notes)} 项提示"
    lines = [f"{title}：", f"截至 {night}，更正工单有以下变化。"]
    for section in sections:
        lines += ["", f"{section.title}：{len(section.tickets)} 张"]
        lines += [f"  {one.number}《{one.resource_title}》期限 {one.due_on}  {link(desk_url, one.number)}" for one in section.tickets[:SHOWN]]
        if len(section.tickets) > SHOWN:
            lines.append(f"  另有 {len(section.tickets) - SHOWN} 张，见 {desk_url}/desk/")
    lines += ["", *notes] if notes else []
    lines += ["", f"请登录更正工单台办理：{desk_url}/desk/", "本邮件由系统自动发送，不含个人标识；请勿直接回复。"]
    payload = {
        "id": f"{receiver}-{night}",
        "receiver": receiver,
        "night": night.isoformat(),
        "sections": [_plain(section, desk_url) for section in sections],
        "notes": list(notes),
        "through_event": through,
    }
    return Digest(f"【更正工单】{night} {count}"[:200], "\n".join(lines) + "\n", payload)


def link(desk_url: str, number: str) -> str:
    return f"{desk_url}/desk/t/{number}/"


def _sections(by_kind: Iterable[tuple[str, Told]], headings: dict[str, str]) -> list[Section]:
    """A ticket stands once under a heading, however often that happened to it."""
    found: defaultdict[str, dict[str, Told]] = defaultdict(dict)
    for kind, one in by_kind:
        if kind in headings:
            found[kind][one.number] = one
    return [Section(title, kind, [found[kind][number] for number in sorted(found[kind])]) for kind, title in headings.items() if kind in found]


def _plain(section: Section, desk_url: str) -> dict[str, Any]:
    tickets = [{"number": one.number, "due_on": one.due_on.isoformat(), "url": link(desk_url, one.number)} for one in section.tickets[:SHOWN]]
    return {"kind": section.kind, "title": section.title, "count": len(section.tickets), "tickets": tickets}
