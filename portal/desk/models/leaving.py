"""What leaves the desk: annotations and corrections for the lake, messages and notices for departments.

Each is written in the transaction of the decision it follows from, and sent afterwards: a crash in between loses
nothing, and a second sending finds it sent.
"""

from django.db import models
from django.db.models import UniqueConstraint

from portal.desk.models.entities import EntityEvent
from portal.desk.models.tickets import Ticket


class AnnotationKind(models.TextChoices):
    DOUBT = "doubt", "提出异议"
    DOUBT_WITHDRAWN = "doubt_withdrawn", "撤回异议"
    REFUSAL_ACCEPTED = "refusal_accepted", "认可拒绝更正"
    REFUSAL_REVOKED = "refusal_revoked", "撤销认可"
    LINK_CONFIRMED = "link_confirmed", "确认关联"
    LINK_REJECTED = "link_rejected", "否认关联"
    ENTITIES_MERGED = "entities_merged", "合并主体"
    MERGE_REVOKED = "merge_revoked", "撤销合并"
    ROW_SPLIT = "row_split", "拆分来源记录"
    SPLIT_REVOKED = "split_revoked", "撤销拆分"


class Annotation(models.Model):
    """One decision for the lake, which learns of it as a delivery of the desk (DESIGN.md, section 1)."""

    annotation_id = models.CharField("编号", max_length=36, unique=True)
    kind = models.CharField("类别", max_length=20, choices=AnnotationKind.choices)
    department = models.CharField("部门代号", max_length=100)
    resource = models.CharField("资源代号", max_length=100)
    rule = models.CharField("规则", max_length=200)
    subject = models.TextField("对象")
    item_name = models.CharField("信息项", max_length=200, blank=True)
    value_hash = models.CharField("值摘要", max_length=64, blank=True)
    note = models.TextField("内容", blank=True)
    entity_key = models.TextField("关联到的实体标识", blank=True)
    ticket = models.CharField("工单号", max_length=20, blank=True)
    entity_event = models.ForeignKey(
        EntityEvent, verbose_name="主体办理记录", on_delete=models.PROTECT, null=True, blank=True, related_name="annotations"
    )
    actor = models.CharField("经办人", max_length=150)
    decided_on = models.DateField("决定日期")
    delivered_as = models.CharField("报送文件", max_length=255, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "标注"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.annotation_id}"


class Correction(models.Model):
    """A checked upload, to become a correction delivery through the ordinary gate. Its rows wait in DIR/desk-files."""

    ticket = models.ForeignKey(Ticket, verbose_name="工单", on_delete=models.PROTECT, related_name="corrections")
    name = models.CharField("文件名", max_length=255)
    stored = models.CharField("存放名", max_length=64, unique=True)
    rows = models.PositiveIntegerField("更正行数")
    unchanged = models.PositiveIntegerField("未改行数", default=0)
    actor = models.CharField("经办人", max_length=150)
    at = models.DateTimeField("时间", auto_now_add=True)
    filed_on = models.DateField("数据日期")
    delivered_as = models.CharField("报送文件", max_length=255, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "更正报送"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.ticket} {self.rows} 行"


class Channel(models.TextChoices):
    MAIL = "mail", "电子邮件"
    WEBHOOK = "webhook", "接口推送"


class MessageState(models.TextChoices):
    """SENDING past `claimed_until` means that the sender died between sending and noting it: UNCLEAR, never sent again."""

    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    UNCLEAR = "unclear", "结果不明，请人工核对"
    GIVEN_UP = "given_up", "多次失败，已停止"


class Message(models.Model):
    """The digest of one night for one receiver by one channel: one, never two (point 9)."""

    department = models.CharField("收件部门", max_length=100)
    channel = models.CharField("渠道", max_length=10, choices=Channel.choices)
    address = models.CharField("地址", max_length=500)
    night = models.DateField("夜间日期")
    subject = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    payload = models.JSONField("推送内容", default=dict)
    state = models.CharField("状态", max_length=10, choices=MessageState.choices, default=MessageState.WAITING)
    tries = models.PositiveSmallIntegerField("尝试次数", default=0)
    next_try_at = models.DateTimeField("下次尝试", null=True, blank=True)
    claimed_until = models.DateTimeField("占用至", null=True, blank=True)
    last_error = models.CharField("最近错误", max_length=300, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知"
        ordering = ("-night", "department")
        constraints = (UniqueConstraint(fields=["department", "channel", "night"], name="one_message_a_night"),)

    def __str__(self) -> str:
        return f"{self.department} {self.night} {self.get_channel_display()}"


# What a person may ask to have sent once more: the desk itself never does.
ENDED_UNSENT = (MessageState.UNCLEAR, MessageState.GIVEN_UP)


class Resending(models.Model):
    """A person's wish to have a message sent once more, and how it stood until then: asking begins its tries anew."""

    message = models.ForeignKey(Message, verbose_name="通知", on_delete=models.PROTECT, related_name="resendings")
    actor = models.CharField("经办人", max_length=150)
    at = models.DateTimeField("时间")
    state = models.CharField("原状态", max_length=10, choices=MessageState.choices)
    tries = models.PositiveSmallIntegerField("原尝试次数")
    last_error = models.CharField("原错误", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "通知再发"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.message} {self.actor}"


class Notice(models.Model):
    """A supervision notice (督办通知书) for a department's overdue tickets of one night (P22, E08)."""

    number = models.CharField("文号", max_length=40, unique=True)
    department = models.CharField("部门代号", max_length=100)
    department_title = models.CharField("部门", max_length=200)
    issued_on = models.DateField("日期")
    tickets = models.ManyToManyField(Ticket, verbose_name="工单", related_name="notices")
    stored = models.CharField("存放名", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "督办通知书"
        ordering = ("-issued_on", "number")
        constraints = (UniqueConstraint(fields=["department", "issued_on"], name="one_notice_a_department_and_night"),)

    def __str__(self) -> str:
        return str(self.number)
