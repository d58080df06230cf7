"""Who calls: a department's program with its key, or somebody signed in on this site. Deny by default.

Keys are 256 random bits, looked up by their hash: how long a wrong one takes tells nothing about a right one. Wrong ones from one address are
answered with 429 after a while; a right key always passes, since behind a gateway all departments may share an address.
"""

import hashlib
import secrets
import time
from collections import OrderedDict, deque
from datetime import timedelta
from threading import Lock
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja.errors import HttpError
from ninja.security import APIKeyCookie, HttpBearer

from portal.desk.actions.finding import actor_of
from portal.desk.actor import Actor, Role
from portal.desk.models import Token

MOST_WRONG, WINDOW_SECONDS, MOST_ADDRESSES = 20, 300, 10_000
NOTED_EVERY = timedelta(minutes=1)
PREFIX = "yishu_"


def hash_of(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def new_key() -> str:
    return PREFIX + secrets.token_urlsafe(32)


class WrongKeys:
    """How many wrong keys came from an address lately; bounded, in this process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._times: OrderedDict[str, deque[float]] = OrderedDict()

    def are_too_many(self, address: str) -> bool:
        """Notes one more."""
        now = time.monotonic()
        with self._lock:
            times = self._times.setdefault(address, deque(maxlen=MOST_WRONG + 1))
            self._times.move_to_end(address)
            while len(self._times) > MOST_ADDRESSES:
                self._times.popitem(last=False)
            while times and now - times[0] > WINDOW_SECONDS:
                times.popleft()
            times.append(now)
            return len(times) > MOST_WRONG

    def forget(self) -> None:
        with self._lock:
            self._times.clear()


wrong_keys = WrongKeys()


class DepartmentKey(HttpBearer):
    """`Authorization: Bearer <key>`: acts as an officer of the key's department."""

    def authenticate(self, request: HttpRequest, token: str) -> Actor:
        found = Token.objects.filter(key_hash=hash_of(token), revoked_at__isnull=True).first()
        if found is None:
            if wrong_keys.are_too_many(request.META.get("REMOTE_ADDR", "")):
                raise HttpError(429, "密钥多次不对；请五分钟后再试")
            raise HttpError(401, "密钥不对或已吊销；请联系数据主管部门重新签发")
        now = timezone.now()
        if found.last_used_at is None or now - found.last_used_at > NOTED_EVERY:  # not a write for each call
            Token.objects.filter(pk=found.pk).update(last_used_at=now)
        return Actor(f"接口：{found.label}", Role.OFFICER, found.department, None, "api")


class Session(APIKeyCookie):
    """Somebody signed in on this site, with the page's CSRF token in X-CSRFToken for whatever changes something."""

    param_name = "yishu_desk"

    def __call__(self, request: HttpRequest) -> Actor | None:
        user: Any = request.user
        return super().__call__(request) if user.is_authenticated else None

    def authenticate(self, request: HttpRequest, key: str | None) -> Actor | None:
        actor = actor_of(request.user)
        if actor is None:
            raise HttpError(403, "您的账号还没有角色；请联系数据主管部门的系统管理员")
        return actor
