"""What was said and done about a ticket, in the order it happened: for its page, for auditors, for exemption (E11).

Field by field changes stand in the history tables; an Event says what a person or a night did and why. No value of a
row stands here (H11): texts people write are shown to those who may see the ticket only.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q, UniqueConstraint

from portal.desk.models.tickets import Ticket, TicketItem


class EventKind(models.TextChoices):
    OPENED = "opened", "异议提出"
    ACKNOWLEDGED = "acknowledged", "受理"
    MARKED = "marked", "标注"
    VERIFYING = "verifying", "开始核实"
    COMMENT = "comment", "留言"
    ATTACHED = "attached", "上传附件"
    REVEALED = "revealed", "查看完整标识"
    DOWNLOADED = "downloaded", "下载明细"
    CORRECTION_FILED = "correction_filed", "提交更正"
    REFUSED = "refused", "提出拒绝更正"
    REFUSAL_ACCEPTED = "refusal_accepted", "认可拒绝理由"
    REFUSAL_REJECTED = "refusal_rejected", "驳回拒绝理由"
    DOUBTED = "doubted", "再次提出异议"
    DOUBT_WITHDRAWN = "doubt_withdrawn", "异议人撤回"
    LINK_CONFIRMED = "link_confirmed", "确认关联"
    LINK_REJECTED = "link_rejected", "否认关联"
    REOPENED = "reopened", "重新办理"
    SPLIT = "split", "拆分"
    MERGED = "merged", "合并"
    REMINDED = "reminded", "到期提醒"
    OVERDUE = "overdue", "已逾期"
    HEAD_TOLD = "head_told", "报部门负责人"
    NOTICED = "noticed", "督办通知"
    DUE_SETTLED = "due_settled", "期限确定"
    ITEMS_CLOSED = "items_closed", "复检"
    CONCLUDED = "concluded", "核实结论"
    CLOSED = "closed", "标注撤销"


# What happens to a ticket at most once, however often a night is run again.
ONCE = (EventKind.REMINDED, EventKind.OVERDUE, EventKind.HEAD_TOLD, EventKind.NOTICED)


class Event(models.Model):
    ticket = models.ForeignKey(Ticket, verbose_name="工单", on_delete=models.PROTECT, related_name="events")
    item = models.ForeignKey(TicketItem, verbose_name="明细", on_delete=models.PROTECT, null=True, blank=True)
    kind = models.CharField("事项", max_length=30, choices=EventKind.choices)
    actor = models.CharField("经办人", max_length=150)
    at = models.DateTimeField("时间", auto_now_add=True)
    on = models.DateField("日期", help_text="业务日期：夜间事项为该夜的日期，人的办理为当天")
    text = models.TextField("说明", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ("id",)
        constraints = (UniqueConstraint(fields=["ticket", "kind"], condition=Q(kind__in=ONCE), name="escalated_once_a_step"),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"


class Attachment(models.Model):
    """A file given with a ticket; its bytes lie in DIR/desk-files, for the desk's owner only."""

    ticket = models.ForeignKey(Ticket, verbose_name="工单", on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField("文件名", max_length=255)
    stored = models.CharField("存放名", max_length=64, unique=True)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("摘要", max_length=64)
    actor = models.CharField("上传人", max_length=150)
    at = models.DateTimeField("时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "附件"
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.name)


class Doubt(models.Model):
    """A user's doubt about a record (E04, E05), kept apart from the item it became: several may doubt one record.

    The doubter follows its fate here, without seeing the ticket of another department.
    """

    item = models.ForeignKey(TicketItem, verbose_name="明细", on_delete=models.PROTECT, related_name="doubts")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name="提出人", on_delete=models.PROTECT, null=True, blank=True)
    raised_name = models.CharField("提出人", max_length=150)
    department = models.CharField("提出部门", max_length=100, blank=True)
    channel = models.CharField("方式", max_length=10, choices=(("form", "手工录入"), ("api", "接口")))
    note = models.TextField("异议内容")
    raised_on = models.DateField("提出日期")
    withdrawn_on = models.DateField("撤回日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.raised_name} {self.raised_on}"
