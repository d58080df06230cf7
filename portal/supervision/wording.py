"""What a supervision notice says: facts, the law's own words with their article, what is to be done and by when.

Pure: profile and tickets' plain fields in, text out; no Django. A deadline that the bureau chose is called local; a
clause whose words do not cover the fact is not cited (P22, P36, I03, I04). No identifier of a person comes here.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yishu.catalogue.calendar import WorkingDayCalendar
from yishu.catalogue.correction import Fact
from yishu.catalogue.law import Profile
from yishu.catalogue.statements import Citation

TITLE = "督办通知书"
NOT_STANDARD = "规范性"  # the dimension of GB/T 36344 whose faults are "not according to the standards"


@dataclass(frozen=True)
class OverdueTicket:
    """A ticket as the notice tells of it. `days_overdue`: working days, counted from `counted_from`."""

    number: str
    opened_on: date
    resource_title: str
    problem: str
    rule: str
    origin: str
    dimension: str
    open_count: int
    due_on: date
    due_working_days: int
    due_basis: str
    due_article: str
    counted_from: date
    days_overdue: int
    profile_name: str
    profile_version: str


@dataclass(frozen=True)
class NoticeText:
    """All that stands in the document, in its order."""

    number: str
    authority: str
    addressee: str
    opening: str
    tickets: Sequence[OverdueTicket]
    law: Sequence[str]
    demand: str
    issued_on: date


# What is told of the register, by its rule. A file in spite of a system (P15) is none of the numbered clauses' words.
OF_THE_REGISTER: Mapping[str, tuple[Fact, ...]] = {"duplicate_collection": ("duplicate_collection",), "breach": ()}


def facts_of(ticket: OverdueTicket) -> tuple[Fact, ...]:
    """What the platform knows to have happened. Being late is no refusal (拒不): that fact is a refused ticket's only."""
    if ticket.origin == "lateness":
        return ("late_delivery",)
    if ticket.origin == "catalogue":
        return OF_THE_REGISTER.get(ticket.rule.rpartition(".")[2], ("catalogue_not_updated",))
    return ("late_correction", "nonstandard") if ticket.dimension == NOT_STANDARD else ("late_correction",)


def notice_text(
    number: str, department: str, head: str, tickets: Sequence[OverdueTicket], night: date, profile: Profile, calendar: WorkingDayCalendar
) -> NoticeText:
    """`department`, `head`: the addressee and its first responsible with title and name (A05)."""
    rows = sum(ticket.open_count for ticket in tickets)
    opening = f"截至{_day(night)}，你单位有 {len(tickets)} 张更正工单逾期未办结，涉及未办结明细 {rows} 条，情况如下："
    days = profile.ticket_deadline.working_days
    by = calendar.add_working_days(night, days)
    unsettled = "，期限暂定，以工作日日历公布后为准" if by.provisional else ""
    demand = (
        f"请{head}督促经办人员，于{_day(by.date)}前（{days} 个工作日，本地自定，非法定期限{unsettled}）逐条核实并更正数据，"
        "或者在工单中提出拒绝更正的依据。更正数据经夜间检查通过后，工单自动办结。"
    )
    law = (*_deadlines(tickets, profile), *_consequences(tickets, profile), *_clauses(tickets, profile), *_versions(tickets, profile))
    return NoticeText(number, profile.authority_title, department, opening, tickets, law, demand, night)


def _deadlines(tickets: Sequence[OverdueTicket], profile: Profile) -> list[str]:
    by_law = [ticket for ticket in tickets if ticket.due_basis == "law"]
    local = [ticket for ticket in tickets if ticket.due_basis != "law"]
    said = []
    for article, number, days in sorted({(t.due_article, t.profile_name, t.due_working_days) for t in by_law}):
        of_these = [t for t in by_law if (t.due_article, t.profile_name, t.due_working_days) == (article, number, days)]
        title = profile.title if number == profile.name else number
        said.append(f"{_numbers(of_these, tickets)}的办理期限为 {days} 个工作日，依据《{title}》{article}。")
    if local:
        said.append(f"{_numbers(local, tickets)}的办理期限由{profile.authority_title}自定，非法定期限。")
    return said


def _consequences(tickets: Sequence[OverdueTicket], profile: Profile) -> list[str]:
    """The steps that the regulation provides (P22), in its words; none of it for tickets opened when it did not apply."""
    covered = [ticket for ticket in tickets if profile.in_force(ticket.opened_on)]
    said = []
    parameter = profile.parameter("P22")
    if covered and parameter.citation:
        steps = "；".join(f"{step.act}（{step.by}）" for step in profile.escalation)
        said.append(f"{_quoted(parameter.citation)}其中规定的措施依次为：{steps}。本通知书用于督促办理，不代替上述措施。")
    if covered and not parameter.citation:
        said.append(f"《{profile.title}》没有规定逾期不办理的后果，本通知书不援引条文。")
    outside = [ticket for ticket in tickets if ticket not in covered]
    if outside:
        said.append(f"{_numbers(outside, tickets)}开具时《{profile.title}》不在有效期内，对其不以该法规为依据。")
    return said


def _clauses(tickets: Sequence[OverdueTicket], profile: Profile) -> list[str]:
    """The numbered clauses whose words cover what happened (P36); whether they apply is for the authority to say."""
    cited: defaultdict[Citation, list[OverdueTicket]] = defaultdict(list)
    bare = []
    for ticket in tickets:
        found = [clause for fact in facts_of(ticket) if (clause := profile.clause_for(fact))] if profile.in_force(ticket.opened_on) else []
        for clause in found:
            cited[clause].append(ticket)
        if not found:
            bare.append(ticket)
    said = [
        f"{_numbers(of_these, tickets)}所涉情形，对应{_quoted(clause)}是否构成，由{profile.authority_title}认定。"
        for clause, of_these in cited.items()
    ]
    if bare:
        said.append(f"{_numbers(bare, tickets)}所涉情形没有与之对应的条款，对其不援引违规情形条款。")
    return said


def _versions(tickets: Sequence[OverdueTicket], profile: Profile) -> list[str]:
    """A ticket keeps the version of the law it was opened under; the words here are of the present one, and it is said."""
    others: defaultdict[tuple[str, str], list[OverdueTicket]] = defaultdict(list)
    for ticket in tickets:
        if (ticket.profile_name, ticket.profile_version) != (profile.name, profile.version):
            others[ticket.profile_name, ticket.profile_version].append(ticket)
    return [
        f"{_numbers(of_these, tickets)}按法规配置 {name}（版本 {version[:12]}）开具，期限依该版本；本通知书的措辞依现行版本 {profile.version[:12]}。"
        for (name, version), of_these in others.items()
    ]


def _numbers(some: Sequence[OverdueTicket], of_all: Sequence[OverdueTicket]) -> str:
    if len(some) == len(of_all):
        return "上列工单"
    named = "、".join(ticket.number for ticket in some[:10])
    return f"工单 {named}" if len(some) <= 10 else f"工单 {named}等 {len(some)} 张"


def _quoted(citation: Citation) -> str:
    reference = f"《{citation.regulation}》{citation.article}" if citation.regulation else citation.article
    return f"{reference}：“{citation.quote}”。"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
