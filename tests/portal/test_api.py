"""The JSON interface: the same actions and rights as the pages, a key a department, nothing of another department."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.portal.nights import Desk
from tests.portal.rows import IDS, NUMBER, desk_with_rows, items_of, resident

ROOT = "/desk/api/v1"


class Program:
    """A department's program with its key; `key=None` sends none."""

    def __init__(self, key: str | None) -> None:
        from django.test import Client

        self.client = Client(SERVER_NAME="127.0.0.1", enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = {"authorization": f"Bearer {key}"} if key else {}

    def ask(self, path: str, **query: Any) -> Any:
        return self.client.get(ROOT + path, query, headers=self.headers)

    def say(self, path: str, **body: Any) -> Any:
        return self.client.post(ROOT + path, json.dumps(body), content_type="application/json", headers=self.headers)


def key_of(department: str) -> str:
    from portal.api.access import hash_of, new_key
    from portal.desk.models import Token

    key = new_key()
    Token.objects.create(department=department, label="业务系统", key_hash=hash_of(key), created_by="系统管理员")
    return key


@pytest.fixture
def busy(empty_desk: Desk) -> Iterator[Desk]:
    from portal.api.access import wrong_keys

    wrong_keys.forget()
    with desk_with_rows(empty_desk, [resident(one) for one in IDS]) as place:
        yield place


@pytest.fixture
def police(busy: Desk) -> Program:
    return Program(key_of("public_security"))


@pytest.fixture
def civil(busy: Desk) -> Program:
    return Program(key_of("civil_affairs"))


def described() -> dict[str, Any]:
    from portal.api.interface import api

    return dict(api.get_openapi_schema())


def test_a_program_sees_its_department_s_tickets_with_masked_identifiers(police: Program) -> None:
    listed = police.ask("/tickets").json()
    assert (listed["total"], listed["tickets"][0]["number"]) == (1, NUMBER)
    items = police.ask(f"/tickets/{NUMBER}/items").json()
    assert items["total"] == len(IDS)
    assert not any(one[6:] in json.dumps(items) for one in IDS)
