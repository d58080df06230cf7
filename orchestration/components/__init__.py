"""Thin component classes, one for each part of the way of a row; their instances are the YAML files under defs/."""

from orchestration.components.desk import Desk
from orchestration.components.gate import Gate
from orchestration.components.linkage import Linkage
from orchestration.components.night import Night
from orchestration.components.notification import Notification
from orchestration.components.register import Register
from orchestration.components.release import Release
from orchestration.components.spatial import Spatial
from orchestration.components.supervision import Supervision
from orchestration.components.warehouse import Warehouse

__all__ = ["Desk", "Gate", "Linkage", "Night", "Notification", "Register", "Release", "Spatial", "Supervision", "Warehouse"]
