"""The desk as a Django application; nothing else."""

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "portal.desk"
    label = "desk"
    verbose_name = "更正工单"
    default_auto_field = "django.db.models.BigAutoField"
