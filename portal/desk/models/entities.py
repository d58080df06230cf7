"""Entities that the bureau has looked at, and what it did about who is who (C02, D04).

An entity has a number of the desk's own, so that no address holds an identifier, nor an id that one can be guessed from (H11). Identifiers
stand in full only in the annotations that tell the lake, as the next night must find them again.
"""

from django.db import models
from django.db.models import UniqueConstraint


class EntityFile(models.Model):
    """One entity as the desk knows it. entity: its kind in the authority list; entity_id: as published."""

    entity = models.CharField("主体种类", max_length=100)
    entity_id = models.CharField("主体编号", max_length=36)

    class Meta:
        verbose_name = verbose_name_plural = "主体"
        constraints = (UniqueConstraint(fields=["entity", "entity_id"], name="one_file_an_entity"),)

    def __str__(self) -> str:
        return f"主体 {self.pk}"


class EntityEventKind(models.TextChoices):
    OPENED = "opened", "查看完整标识"
    MERGED = "merged", "合并"
    MERGE_REVOKED = "merge_revoked", "撤销合并"
    SPLIT = "split", "拆分"
    SPLIT_REVOKED = "split_revoked", "撤销拆分"


class EntityEvent(models.Model):
    """What somebody did, when and why. file: of a merger, the entity that stays; other: the one that goes, or to which rows were split off.

    target: the identifier that goes, or to which the rows belong, masked. revokes: the decision that this one takes back.
    """

    file = models.ForeignKey(EntityFile, verbose_name="主体", on_delete=models.PROTECT, related_name="events")
    other = models.ForeignKey(EntityFile, verbose_name="另一主体", on_delete=models.PROTECT, null=True, blank=True, related_name="told_of")
    kind = models.CharField("事项", max_length=20, choices=EntityEventKind.choices)
    target = models.CharField("标识（已遮盖）", max_length=100, blank=True)
    rows = models.PositiveIntegerField("来源行数", default=0)
    reason = models.TextField("理由", blank=True)
    basis = models.TextField("依据", blank=True)
    actor = models.CharField("经办人", max_length=150)
    at = models.DateTimeField("时间", auto_now_add=True)
    on = models.DateField("日期")
    revokes = models.OneToOneField("self", verbose_name="撤销的事项", on_delete=models.PROTECT, null=True, blank=True, related_name="revoked_by")

    class Meta:
        verbose_name = verbose_name_plural = "主体办理记录"
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
