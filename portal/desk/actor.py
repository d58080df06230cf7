"""Who acts, and what that person or program may do. Deny by default.

Officers and heads work on their own department's tickets; the bureau arranges and rules, but corrects nothing that
is not its own and sees an identifier in full only of an entity about which it decides who is who, which is recorded; auditors read (H05, I07).
"""

from dataclasses import dataclass
from typing import Any

from django.db import models


class Role(models.TextChoices):
    """What an account may do. Labels are the field's; the profile's own titles (P05) stand beside them on the pages."""

    OFFICER = "officer", "部门数据专员"
    HEAD = "head", "部门负责人"
    BUREAU = "bureau", "数据主管部门"
    AUDITOR = "auditor", "审计"


DEPARTMENT_ROLES = (Role.OFFICER, Role.HEAD)

WORK = frozenset({"acknowledge", "verify", "refuse", "comment", "attach", "reveal", "download", "correct", "split", "merge", "doubt", "link"})
RIGHTS: dict[str, frozenset[str]] = {
    Role.OFFICER: WORK,
    Role.HEAD: WORK,
    Role.BUREAU: frozenset({"comment", "attach", "download", "rule", "reopen", "split", "merge", "doubt", "export", "outbox", "resend"})
    | {"look_up", "open_entity", "identify"},
    Role.AUDITOR: frozenset({"export", "outbox", "look_up"}),
}
SEES_ALL = frozenset({Role.BUREAU, Role.AUDITOR})


class DeskError(Exception):
    """What cannot be done at the desk, in the words of the people there, with the way out."""


class NotAllowed(DeskError):
    """The actor may see the ticket, but not do this."""


class NotFound(DeskError):
    """No such thing, or not for this actor: the two must not be told apart."""


@dataclass(frozen=True)
class Actor:
    """`name` stands in the history; `department` is empty for the bureau and auditors; `user_id` is None for programs."""

    name: str
    role: str
    department: str = ""
    user_id: int | None = None
    channel: str = "form"

    @classmethod
    def of(cls, officer: Any) -> "Actor":
        name = officer.full_name or officer.user.get_username()
        return cls(name, officer.role, officer.department, officer.user_id)

    @property
    def sees_all(self) -> bool:
        return self.role in SEES_ALL

    def may(self, action: str) -> bool:
        return action in RIGHTS.get(self.role, frozenset())

    def must(self, action: str) -> None:
        """Raises NotAllowed."""
        if not self.may(action):
            raise NotAllowed("您的角色不能进行这项操作；需要时请联系数据主管部门")
