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


class TicketState(models.TextChoices):
    OPEN = "open", "待核实"
    CLOSED = "closed", "已关闭"


class ItemState(models.TextChoices):
    OPEN = "open", "待核实"
    CORRECTED = "corrected", "已更正"
    WITHDRAWN = "withdrawn", "已撤回"
    CORRECTED_OR_WITHDRAWN = "corrected_or_withdrawn", "已更正或撤回"
    RULE_CHANGED = "rule_changed", "规则已调整"


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
    state = FSMField("状态", default=TicketState.OPEN, choices=TicketState.choices, protected=True)
    due_on = models.DateField("办理期限")
    due_provisional = models.BooleanField("期限暂定", default=False)
    due_working_days = models.PositiveSmallIntegerField("期限（工作日）")
    due_basis = models.CharField("期限依据", max_length=10, choices=DueBasis.choices)
    due_article = models.CharField("期限条文", max_length=100, blank=True)
    profile_name = models.CharField("法规配置", max_length=100)
    profile_version = models.CharField("法规配置版本", max_length=64)
    catalogue_version = models.CharField("目录版本", max_length=100, blank=True)
    closed_on = models.DateField("关闭日期", null=True, blank=True)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = verbose_name_plural = "工单"
        ordering = ("-opened_on", "serial")
        constraints = (
            UniqueConstraint(fields=["opened_on", "serial"], name="ticket_serial_of_the_day"),
            UniqueConstraint(
                fields=["opened_on", "department", "resource", "rule"],
                condition=Q(state=TicketState.OPEN),
                name="one_open_ticket_a_rule_and_night",
            ),
        )

    def __str__(self) -> str:
        return str(self.number)

    @transition(field=state, source=TicketState.OPEN, target=TicketState.CLOSED)
    def close(self, on: date) -> None:
        """All its items are settled."""
        self.closed_on = on


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
    since = models.DateField("首次发现数据日期", null=True, blank=True)
    tries = models.PositiveIntegerField("报送未改次数", default=1)
    opened_on = models.DateField("开具日期")
    closed_on = models.DateField("办结日期", null=True, blank=True)
    history = HistoricalRecords(history_change_reason_field=models.TextField(null=True))

    class Meta:
        verbose_name = verbose_name_plural = "工单明细"
        ordering = ("row_number", "id")
        constraints = (
            # Lost or doubled work begins here: a subject is in at most one open item a rule, whoever writes.
            UniqueConstraint(
                fields=["department", "resource", "rule", "subject"],
                condition=Q(state=ItemState.OPEN),
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

    @transition(field=state, source=ItemState.OPEN, target=ItemState.CORRECTED)
    def correct(self, on: date) -> None:
        """The subject was delivered again and passes."""
        self.closed_on = on

    @transition(field=state, source=ItemState.OPEN, target=ItemState.WITHDRAWN)
    def withdraw(self, on: date) -> None:
        """The subject left the resource, where leaving deletes, or by operation D."""
        self.closed_on = on

    @transition(field=state, source=ItemState.OPEN, target=ItemState.CORRECTED_OR_WITHDRAWN)
    def settle_without_key(self, on: date) -> None:
        """The subject has no key and is gone: whether corrected or withdrawn cannot be told."""
        self.closed_on = on

    @transition(field=state, source=ItemState.OPEN, target=ItemState.RULE_CHANGED)
    def lapse(self, on: date) -> None:
        """The rule has changed or is gone; nobody has corrected anything."""
        self.closed_on = on
