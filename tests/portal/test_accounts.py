"""Accounts and keys from the command line: made by rule, shown once, shut out at once; errors in one line."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from portal.setup import desk
from tests.portal.nights import Desk
from yishu.lake.ledger import Ledger
from yishu.settings import settings

GOOD = "mulan-7-rivers"
OFFICER = ("--role", "officer", "--department", "public_security", "--password-stdin")
Run = Callable[..., Result]


@pytest.fixture
def yishu(empty_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Run:
    from orchestration.cli import main

    for name in ("data", "profile"):
        monkeypatch.setattr(settings, name, getattr(settings, name))
    Ledger(empty_desk.data)

    def run(*arguments: str, said: str = "") -> Result:
        return CliRunner().invoke(main, ["desk", *arguments, "--data", str(empty_desk.data)], input=said)

    return run


def signs_in(place: Desk, name: str, password: str) -> bool:
    with desk(place.data):
        from django.test import Client

        client = Client(SERVER_NAME="127.0.0.1")
        client.post("/desk/login/", {"username": name, "password": password})
        return bool(client.get("/desk/").status_code == 200)


def refused(done: Result, words: str) -> None:
    assert done.exit_code == 2 and words in done.stderr, done.output
    assert done.stderr.count("\n") == 1


def test_an_officer_of_a_department_is_added_and_signs_in(yishu: Run, empty_desk: Desk) -> None:
    done = yishu("user", "add", "han", "--full-name", "韩专员", *OFFICER, said=GOOD + "\n")
    assert done.exit_code == 0 and GOOD not in done.output, done.output
    assert signs_in(empty_desk, "han", GOOD)
    listed = yishu("user", "list").output
    assert "韩专员" in listed and "public_security" in listed


def test_a_generated_password_is_shown_once_and_works(yishu: Run, empty_desk: Desk) -> None:
    done = yishu("user", "add", "li", "--role", "bureau", "--generate")
    password = done.output.strip().rsplit("：", 1)[1]
    assert signs_in(empty_desk, "li", password)
    assert password not in yishu("user", "list", "--json").output


@pytest.mark.parametrize(
    ("arguments", "password", "words"),
    [
        (("--role", "officer", "--password-stdin"), GOOD, "部门代号"),
        (("--role", "officer", "--department", "moon", "--password-stdin"), GOOD, "部门代号"),
        (("--role", "officer", "--department", "desk", "--password-stdin"), GOOD, "部门代号"),
        (("--role", "bureau", "--department", "public_security", "--password-stdin"), GOOD, "--department"),
        (OFFICER, "12345678", "口令不合要求"),
        (OFFICER, "han", "口令不合要求"),
        (OFFICER, "", "标准输入没有口令"),
        (("--role", "officer", "--department", "public_security"), "", "--password-stdin"),
    ],
)  # fmt: skip
def test_what_makes_no_account_is_said_in_one_line(yishu: Run, arguments: tuple[str, ...], password: str, words: str) -> None:
    refused(yishu("user", "add", "han", *arguments, said=password + "\n" if password else ""), words)
    assert "han" not in yishu("user", "list").output


def test_a_name_is_taken_once_whatever_its_case(yishu: Run) -> None:
    assert yishu("user", "add", "han", *OFFICER, said=GOOD + "\n").exit_code == 0
    refused(yishu("user", "add", "HAN", *OFFICER, said=GOOD + "\n"), "已存在")


def test_a_disabled_account_is_shut_out_of_an_open_session(yishu: Run, empty_desk: Desk) -> None:
    yishu("user", "add", "han", *OFFICER, said=GOOD + "\n")
    with desk(empty_desk.data):
        from django.test import Client

        client = Client(SERVER_NAME="127.0.0.1")
        client.post("/desk/login/", {"username": "han", "password": GOOD})
    assert yishu("user", "disable", "han").exit_code == 0
    with desk(empty_desk.data):
        assert client.get("/desk/").status_code != 200
    assert yishu("user", "enable", "han").exit_code == 0
    assert signs_in(empty_desk, "han", GOOD)


def test_a_locked_account_opens_after_unlock_and_a_reset_password_holds(yishu: Run, empty_desk: Desk) -> None:
    yishu("user", "add", "han", *OFFICER, said=GOOD + "\n")
    assert not any(signs_in(empty_desk, "han", "wrong-wrong") for _ in range(6))
    assert not signs_in(empty_desk, "han", GOOD)
    assert yishu("user", "unlock", "han").exit_code == 0
    assert signs_in(empty_desk, "han", GOOD)
    assert yishu("user", "reset-password", "han", "--password-stdin", said="other-8-rivers\n").exit_code == 0
    assert signs_in(empty_desk, "han", "other-8-rivers") and not signs_in(empty_desk, "han", GOOD)
    refused(yishu("user", "unlock", "nobody"), "没有账号")


def test_a_key_opens_the_interface_until_it_is_revoked_and_is_stored_as_a_hash(yishu: Run, empty_desk: Desk) -> None:
    key = yishu("token", "add", "--department", "public_security", "--label", "户政系统").stdout.strip()

    def answer() -> Any:
        with desk(empty_desk.data):
            from django.test import Client

            return Client(SERVER_NAME="127.0.0.1").get("/desk/api/v1/me", headers={"authorization": f"Bearer {key}"})

    assert answer().json()["department"] == "public_security"
    assert not any(key in str(rows) for rows in empty_desk.contents().values())
    [token] = json.loads(yishu("token", "list", "--json").output)
    assert token["last_used_at"]
    assert yishu("token", "revoke", str(token["id"])).exit_code == 0
    assert answer().status_code == 401
    refused(yishu("token", "revoke", str(token["id"])), "有效密钥")


def test_a_key_is_for_a_department_of_the_catalogue(yishu: Run) -> None:
    refused(yishu("token", "add", "--department", "moon", "--label", "x"), "部门代号")
    assert yishu("flush").output.strip() == "已写出 0 个文件"
