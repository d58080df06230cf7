"""Tickets and their items: process, kept apart from the facts of the lake (DESIGN.md, section 2, "Tickets").

Belongs here: what is stored, which states follow which, what can never be stored twice. Not here: when a state changes
(reconciliation.py). An item holds the subject in full because the next night must find it again; people see
`masked_subject` (H11).
"""

from datetime import date

from django.db import models
from django.db.models import Q, UniqueConstraint
from django_fsm import FSMField, transition
from simple_history.models import HistoricalRecords

from yishu.masking import mask_subject

DELIVERY_RULES = "delivery."


class Origin(models.TextChoices):
    """What raised a ticket (E03, E04, C04, D03, C02)."""

    GATE = "gate", "质量检查"
    CONFLICT = "conflict", "来源不一致"
    LATENESS = "lateness", "未按期报送"
    CATALOGUE = "catalogue", "目录违规"
    DOUBT = "doubt", "异议"
    LINKAGE = "linkage", "待确认关联"


class TicketState(models.TextChoices):
    """The states in the words of the field: who has a doubt raises it, the owner takes it up, the record is marked,
    looked into and corrected, or the doubt is refused or withdrawn; last the mark is lifted.
    """

    RAISED = "raised", "异议提出"
    ACCEPTED = "accepted", "受理"
    MARKED = "marked", "标注"
    VERIFYING = "verifying", "核实"
    CORRECTED = "corrected", "更正"
    REFUSED = "refused", "拒绝"
    WITHDRAWN = "withdrawn", "撤回"
    CLOSED = "closed", "标注撤销"


class ItemState(models.TextChoices):
    OPEN = "open", "待核实"
    REFUSING = "refusing", "拒绝待认可"
    REFUSAL_ACCEPTED = "refusal_accepted", "拒绝已认可"
    CORRECTED = "corrected", "已更正"
    WITHDRAWN = "withdrawn", "已撤回"
    CORRECTED_OR_WITHDRAWN = "corrected_or_withdrawn", "已更正或撤回"
    REFUSED = "refused", "拒绝更正"
    RULE_CHANGED = "rule_changed", "规则已调整"


IN_WORK = (TicketState.RAISED, TicketState.ACCEPTED, TicketState.MARKED, TicketState.VERIFYING)
CONCLUDED = (TicketState.CORRECTED, TicketState.REFUSED, TicketState.WITHDRAWN)
# Whatever is not yet proved ended by the lake: work waits for it, and no second item may be about the same subject.
LIVE = (ItemState.OPEN, ItemState.REFUSING, ItemState.REFUSAL_ACCEPTED)


class Severity(models.TextChoices):
    STRUCTURAL = "structural", "结构性"
    CONTENT = "content", "内容"
    ADVISORY = "advisory", "提示"


class DueBasis(models.TextChoices):
    LAW = "law", "法定"
    LOCAL = "local", "本地默认"


class Ticket(models.Model):
    """One rule broken in one resource, found in one night, addressed to the department's data officer and head (A04,
    A05, E03).
    """

    number = models.CharField("工单号", max_length=20, unique=True)
    opened_on = models.DateField("开具日期")
    serial = models.PositiveIntegerField("当日序号")
    opened_by = models.CharField("开具人", max_length=100)
    department = models.CharField("部门代号", max_length=100)
    department_title = models.CharField("部门", max_length=200)
    resource = models.CharField("资源代号", max_length=100)
    resource_title = models.CharField("信息资源", max_length=200)
    data_officer_name = models.CharField("数据专员", max_length=100, blank=True)
    head_name = models.CharField("主要负责人", max_length=100, blank=True)
    rule = models.CharField("规则", max_length=200)
    column = models.CharField("信息项", max_length=200, blank=True)
    message = models.TextField("问题", blank=True)
    severity = models.CharField("严重程度", max_length=20, choices=Severity.choices)
    dimension = models.CharField("质量维度", max_length=20, blank=True)
    clause = models.CharField("依据编号", max_length=50, blank=True)
    key_types = models.JSONField("主键类型", default=list)
    origin = models.CharField("来源", max_length=20, choices=Origin.choices, default=Origin.GATE)
    state = FSMField("状态", default=TicketState.RAISED, choices=TicketState.choices, protected=True)
    due_on = models.DateField("办理期限")
    due_provisional = models.BooleanField("期限暂定", default=False)
    due_working_days = models.PositiveSmallIntegerField("期限（工作日）")
    due_basis = models.CharField("期限依据", max_length=10, choices=DueBasis.choices)
    due_article = models.CharField("期限条文", max_length=100, blank=True)
    due_from = models.DateField("期限起算依据日", null=True, blank=True)
    due_day_after_is_first = models.BooleanField("自次日起算", default=True)
    told = models.JSONField("告知对象", default=list)  # P19: source_side, authority
    profile_name = models.CharField("法规配置", max_length=100)
    profile_version = models.CharField("法规配置版本", max_length=64)
    catalogue_version = models.CharField("目录版本", max_length=100, blank=True)
    closed_on = models.DateField("关闭日期", null=True, blank=True)
    split_from = models.ForeignKey("self", verbose_name="拆分自", on_delete=models.PROTECT, null=True, blank=True, related_name="parts")
    merged_into = models.ForeignKey("self", verbose_name="并入", on_delete=models.PROTECT, null=True, blank=True, related_name="absorbed")
    # Kept beside the items: counting 200,000 of them for each look at the inbox would take longer than its second.
    item_count = models.PositiveIntegerField("明细数", default=0)
    open_count = models.PositiveIntegerField("未办结", default=0)
    refusing_count = models.PositiveIntegerField("拒绝待认可", default=0)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = verbose_name_plural = "工单"
        ordering = ("-opened_on", "serial")
        indexes = (
            models.Index(fields=["department", "state", "due_on"]),
            models.Index(fields=["state", "due_on"]),
        )
        constraints = (
            UniqueConstraint(fields=["opened_on", "serial"], name="ticket_serial_of_the_day"),
            UniqueConstraint(
                fields=["opened_on", "department", "resource", "rule"],
                condition=Q(state__in=IN_WORK, split_from__isnull=True),
                name="one_open_ticket_a_rule_and_night",
            ),
        )

    def __str__(self) -> str:
        return str(self.number)

    @property
    def is_in_work(self) -> bool:
        return self.state in IN_WORK

    @transition(field=state, source=TicketState.RAISED, target=TicketState.ACCEPTED)
    def accept(self) -> None:
        """受理: the owner has taken it up."""

    @transition(field=state, source=TicketState.ACCEPTED, target=TicketState.MARKED)
    def mark(self) -> None:
        """标注: the lake serves its records as under check (E07)."""

    @transition(field=state, source=[TicketState.ACCEPTED, TicketState.MARKED], target=TicketState.VERIFYING)
    def verify(self) -> None:
        """核实: the owner looks into it."""

    @transition(field=state, source=IN_WORK, target=TicketState.CORRECTED)
    def conclude_corrected(self) -> None:
        """更正: by evidence; at least one subject passes now."""

    @transition(field=state, source=IN_WORK, target=TicketState.REFUSED)
    def conclude_refused(self) -> None:
        """拒绝: every subject's refusal was accepted and the lake has taken note."""

    @transition(field=state, source=IN_WORK, target=TicketState.WITHDRAWN)
    def conclude_withdrawn(self) -> None:
        """撤回: the subjects have left, the rule has, the doubt was taken back, or the ticket went into another."""

    @transition(field=state, source=CONCLUDED, target=TicketState.CLOSED)
    def close(self, on: date) -> None:
        """标注撤销: nothing of it is marked any more."""
        self.closed_on = on

    @transition(field=state, source=TicketState.CLOSED, target=TicketState.RAISED)
    def reopen(self) -> None:
        """Somebody with the right to do so does not accept how it ended."""
        self.closed_on = None


class TicketItem(models.Model):
    """One subject of a ticket, with where it was last seen failing and how often it was delivered wrong."""

    ticket = models.ForeignKey(Ticket, verbose_name="工单", on_delete=models.PROTECT, related_name="items")
    department = models.CharField("部门代号", max_length=100)
    resource = models.CharField("资源代号", max_length=100)
    rule = models.CharField("规则", max_length=200)
    subject = models.TextField("对象")
    state = FSMField("状态", default=ItemState.OPEN, choices=ItemState.choices, protected=True)
    message = models.TextField("问题", blank=True)
    file = models.TextField("文件", blank=True)
    row_number = models.BigIntegerField("行号", null=True, blank=True)
    row_count = models.PositiveIntegerField("涉及行数", default=1)
    delivery_id = models.CharField("批次", max_length=200, blank=True)
    delivery_seq = models.BigIntegerField("批次序号", default=0)
    gate_run = models.BigIntegerField("检查序号", default=0)
    settled_run = models.BigIntegerField("办结检查序号", default=0)
    since = models.DateField("首次发现数据日期", null=True, blank=True)
    column = models.CharField("信息项", max_length=200, blank=True)
    value_hash = models.CharField("值摘要", max_length=64, blank=True)
    tries = models.PositiveIntegerField("报送未改次数", default=1)
    filed_on = models.DateField("最近提交更正", null=True, blank=True)
    basis = models.TextField("拒绝依据", blank=True)
    refused_by = models.CharField("拒绝经办人", max_length=150, blank=True)
    proposal = models.TextField("建议值", blank=True)
    proposal_item = models.CharField("建议信息项", max_length=100, blank=True)
    proposal_reason = models.TextField("建议理由", blank=True)
    opened_on = models.DateField("开具日期")
    closed_on = models.DateField("办结日期", null=True, blank=True)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = verbose_name_plural = "工单明细"
        ordering = ("row_number", "id")
        indexes = (models.Index(fields=["ticket", "state", "row_number"]),)
        constraints = (
            # Lost or doubled work begins here: a subject is in at most one open item a rule, whoever writes.
            UniqueConstraint(
                fields=["department", "resource", "rule", "subject"],
                condition=Q(state__in=LIVE),
                name="one_open_item_a_subject",
            ),
        )

    def __str__(self) -> str:
        return self.masked_subject

    @property
    def masked_subject(self) -> str:
        """The subject as people may see it. A delivery's own id names nobody and stays readable."""
        if self.rule.startswith(DELIVERY_RULES):
            return str(self.subject)
        return mask_subject(self.subject, self.ticket.key_types)

    @transition(field=state, source=LIVE, target=ItemState.CORRECTED)
    def correct(self, on: date) -> None:
        """The subject was delivered again and passes."""
        self.closed_on = on

    @transition(field=state, source=LIVE, target=ItemState.WITHDRAWN)
    def withdraw(self, on: date) -> None:
        """The subject left the resource, where leaving deletes, or by operation D."""
        self.closed_on = on

    @transition(field=state, source=LIVE, target=ItemState.CORRECTED_OR_WITHDRAWN)
    def settle_without_key(self, on: date) -> None:
        """The subject has no key and is gone: whether corrected or withdrawn cannot be told."""
        self.closed_on = on

    @transition(field=state, source=LIVE, target=ItemState.RULE_CHANGED)
    def lapse(self, on: date) -> None:
        """The rule has changed or is gone; nobody has corrected anything."""
        self.closed_on = on

    @transition(field=state, source=LIVE, target=ItemState.REFUSED)
    def end_as_refused(self, on: date) -> None:
        """The lake has taken note of the accepted refusal: muted until the value changes."""
        self.closed_on = on

    @transition(field=state, source=[ItemState.OPEN, ItemState.REFUSING], target=ItemState.REFUSING)
    def refuse(self, basis: str, by: str) -> None:
        """The owner says that its value is right, and on what basis (E09, P11)."""
        self.basis, self.refused_by = basis, by

    @transition(field=state, source=ItemState.REFUSING, target=ItemState.REFUSAL_ACCEPTED)
    def accept_refusal(self) -> None:
        """The authority agrees; the lake learns of it by an annotation."""

    @transition(field=state, source=[ItemState.REFUSING, ItemState.REFUSAL_ACCEPTED], target=ItemState.OPEN)
    def reject_refusal(self) -> None:
        """The authority does not agree, or the value is no longer the one the refusal was about: to be corrected."""

    @transition(field=state, source=ItemState.REFUSED, target=ItemState.OPEN)
    def reopen(self) -> None:
        """The accepted refusal is revoked. Older proof of its end counts no more."""
        self.closed_on = None
        self.gate_run = self.settled_run + 1
