"""Who may come to the desk: officers with a role and a department, and the tokens of departments' own programs.

Deny by default: an account without an Officer sees nothing, a department's officer sees that department only (H05).
"""

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, Q

from portal.desk.actor import DEPARTMENT_ROLES, Role


class Officer(models.Model):
    """The role of an account. Officers and heads belong to one department; bureau and auditors to none and see all (I07)."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name="账号", on_delete=models.CASCADE, related_name="officer")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    department = models.CharField("部门代号", max_length=100, blank=True)
    department_title = models.CharField("部门", max_length=200, blank=True)
    full_name = models.CharField("姓名", max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "经办人"
        constraints = (
            CheckConstraint(
                condition=(Q(role__in=DEPARTMENT_ROLES) & ~Q(department="")) | (~Q(role__in=DEPARTMENT_ROLES) & Q(department="")),
                name="a_department_for_its_officers_only",
            ),
        )

    def __str__(self) -> str:
        return f"{self.full_name or self.user}（{self.get_role_display()}）"


class Token(models.Model):
    """A department's key to the JSON API. Only its hash is kept; the key itself is shown once."""

    department = models.CharField("部门代号", max_length=100)
    label = models.CharField("用途", max_length=100)
    key_hash = models.CharField("密钥摘要", max_length=64, unique=True)
    created_at = models.DateTimeField("签发时间", auto_now_add=True)
    created_by = models.CharField("签发人", max_length=150)
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    revoked_at = models.DateTimeField("吊销时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "接口密钥"

    def __str__(self) -> str:
        return f"{self.department} {self.label}"
