"""The door to accounts and keys for the command line: who may come to the desk. Nothing here imports Django at import.

Passwords and keys come in and go out by value once; neither is logged, and of a key only the hash is kept.
"""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from portal.setup import desk

if TYPE_CHECKING:
    from portal.desk.models import Officer

PASSWORD_BYTES = 12


class AccountError(ValueError):
    """What cannot be done, in one line with the way out."""


def new_password() -> str:
    """A random one, for being told once."""
    import secrets

    return secrets.token_urlsafe(PASSWORD_BYTES)


def add_user(data: Path, name: str, password: str, *, role: str, department: str = "", full_name: str = "") -> None:
    """Raises AccountError for a name in use, an unknown role or department, and a password that is too weak."""
    title = _title_of(role, department)
    with desk(data):
        from django.contrib.auth import get_user_model
        from django.core.exceptions import ValidationError
        from django.db import transaction

        from portal.desk.models import Officer

        users = get_user_model()
        account = users(username=name)
        try:
            account.clean_fields(exclude=["password"])
        except ValidationError:
            raise AccountError("账号名只能用字母、数字和 @ . + - _，不超过 150 个字符；请换一个") from None
        if users.objects.filter(username__iexact=name).exists():
            raise AccountError(f"账号 {name} 已存在；换一个名字，或用 yishu desk user reset-password 重设口令")
        _validate(password, account)
        account.set_password(password)
        with transaction.atomic():
            account.save()
            Officer.objects.create(user=account, role=role, department=department, department_title=title, full_name=full_name)


def list_users(data: Path) -> list[dict[str, Any]]:
    """JSON-ready, by name; accounts without a role among them."""
    with desk(data):
        from django.contrib.auth import get_user_model

        accounts = get_user_model().objects.select_related("officer").order_by("username")
        return [_user(account) for account in accounts]


def set_active(data: Path, name: str, *, active: bool) -> None:
    """A disabled account is shut out at once, open sessions too. Raises AccountError."""
    with desk(data):
        account = _account(name)
        account.is_active = active
        account.save(update_fields=["is_active"])


def reset_password(data: Path, name: str, password: str) -> None:
    """Ends the account's sessions as well. Raises AccountError."""
    with desk(data):
        account = _account(name)
        _validate(password, account)
        account.set_password(password)
        account.save(update_fields=["password"])


def unlock(data: Path, name: str) -> int:
    """Forget the wrong passwords that locked the account; how many records of them there were. Raises AccountError."""
    with desk(data):
        from axes.utils import reset

        return int(reset(username=_account(name).get_username()))


def add_token(data: Path, department: str, label: str, by: str) -> str:
    """The key, shown this once. Raises AccountError."""
    _title_of("officer", department)
    if not label.strip():
        raise AccountError("请用 --label 写明用途，如业务系统的名称")
    with desk(data):
        from portal.api.access import hash_of, new_key
        from portal.desk.models import Token

        key = new_key()
        Token.objects.create(department=department, label=label.strip()[:100], key_hash=hash_of(key), created_by=by[:150])
        return key


def list_tokens(data: Path) -> list[dict[str, Any]]:
    with desk(data):
        from portal.desk.models import Token

        names = ("id", "department", "label", "created_by")
        times = ("created_at", "last_used_at", "revoked_at")
        return [
            {**{name: getattr(one, name) for name in names}, **{name: at.isoformat() if (at := getattr(one, name)) else None for name in times}}
            for one in Token.objects.order_by("id")
        ]


def revoke_token(data: Path, token_id: int) -> None:
    """Raises AccountError for one that is not there or is revoked."""
    with desk(data):
        from django.utils import timezone

        from portal.desk.models import Token

        if not Token.objects.filter(pk=token_id, revoked_at__isnull=True).update(revoked_at=timezone.now()):
            raise AccountError(f"没有编号 {token_id} 的有效密钥；用 yishu desk token list 查看")


def flush(data: Path) -> int:
    """Write what waits in the desk for the lake; the number of files."""
    with desk(data):
        from portal.desk import outgoing

        return outgoing.flush(data)


def _title_of(role: str, department: str) -> str:
    """The department's title; "" for a role of none. Raises AccountError."""
    from portal.desk.actor import DEPARTMENT_ROLES, Role
    from portal.desk.register import current_catalogue

    if role not in Role.values:
        raise AccountError(f"没有角色 {role}；可选：{'、'.join(Role.values)}")
    if role not in DEPARTMENT_ROLES:
        if department:
            raise AccountError("数据主管部门和审计的账号不属于任何报送部门；请去掉 --department")
        return ""
    known = current_catalogue().judged_departments
    if department not in known:
        raise AccountError(f"请用 --department 写目录中的部门代号；可选：{'、'.join(sorted(known))}")
    return known[department].title


def _account(name: str) -> Any:
    from django.contrib.auth import get_user_model

    found = get_user_model().objects.filter(username=name).first()
    if found is None:
        raise AccountError(f"没有账号 {name}；用 yishu desk user list 查看")
    return found


def _validate(password: str, account: Any) -> None:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.utils import translation

    try:
        with translation.override("zh-hans"):
            validate_password(password, account)
    except ValidationError as error:
        raise AccountError(f"口令不合要求：{''.join(error.messages)}请换一个") from None


def _user(account: Any) -> dict[str, Any]:
    officer: Officer | None = getattr(account, "officer", None)
    return {
        "name": account.get_username(),
        "full_name": officer.full_name if officer else "",
        "role": officer.role if officer else "",
        "role_title": officer.get_role_display() if officer else "（无角色）",
        "department": officer.department if officer else "",
        "active": account.is_active,
        "last_login": account.last_login.isoformat() if account.last_login else None,
    }
