"""The desk serves the published Data Docs: to people who have signed in, with no way out of their folder."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from portal.administrator import ensure_administrator
from portal.setup import desk
from tests.portal.nights import Desk

STYLE = "body { color: black }"


@pytest.fixture
def published(empty_desk: Desk) -> Path:
    """Docs as a night leaves them, and what lies beside them and must stay there."""
    release = empty_desk.data / "releases" / "1"
    (release / ".data_docs.aa" / "results" / "row").mkdir(parents=True)
    for name, text in (("index.html", "<h1>目录</h1>"), ("style.css", STYLE), ("pages.json", "{}"), ("results/row/a.html", "<p>结果</p>")):
        (release / ".data_docs.aa" / name).write_text(text, encoding="utf-8")
    (release / "data_docs").symlink_to(".data_docs.aa")
    (release / "release.json").write_text("secret")
    (release / "status.html").write_text("secret")
    (empty_desk.data / "published").symlink_to("releases/1")
    return release / ".data_docs.aa"


@pytest.fixture
def anybody(empty_desk: Desk) -> Iterator[Any]:
    """A browser in which nobody has signed in."""
    with desk(empty_desk.data):
        from django.test import Client

        yield Client(SERVER_NAME="127.0.0.1")


@pytest.fixture
def browser(empty_desk: Desk, anybody: Any) -> Iterator[Any]:
    from django.contrib.auth import get_user_model

    ensure_administrator(empty_desk.data)
    with desk(empty_desk.data):
        anybody.force_login(get_user_model().objects.get(username="admin"))
        yield anybody


@pytest.mark.parametrize("path", ["", "index.html", "style.css", "nowhere.html"])
def test_who_has_not_signed_in_is_sent_to_the_door(published: Path, anybody: Any, path: str) -> None:
    answer = anybody.get(f"/data-docs/{path}")
    assert answer.status_code == 302 and answer["Location"].startswith("/desk/login/?next=/data-docs/")


def test_who_has_an_account_but_no_role_is_told_whom_to_ask(published: Path, anybody: Any) -> None:
    from django.contrib.auth import get_user_model

    anybody.force_login(get_user_model().objects.create_user("visitor"))
    answer = anybody.get("/data-docs/")
    assert answer.status_code == 403 and "尚未分配角色" in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "department", "status"), [("officer", "court", 403), ("head", "court", 403), ("bureau", "", 200), ("auditor", "", 200)]
)
def test_the_docs_of_all_departments_are_for_those_who_see_all(published: Path, anybody: Any, role: str, department: str, status: int) -> None:
    from django.contrib.auth import get_user_model

    from portal.desk.models import Officer

    user = get_user_model().objects.create_user("somebody")
    Officer.objects.create(user=user, role=role, department=department)
    anybody.force_login(user)
    assert anybody.get("/data-docs/").status_code == status


def test_pages_and_their_style_sheet_come_with_their_types_and_strict_headers(published: Path, browser: Any) -> None:
    for path, kind, text in (("", "text/html", "目录"), ("results/row/a.html", "text/html", "结果"), ("style.css", "text/css", STYLE)):
        answer = browser.get(f"/data-docs/{path}")
        assert answer.status_code == 200 and text in answer.content.decode()
        assert answer["Content-Type"] == f"{kind}; charset=utf-8" and answer["X-Content-Type-Options"] == "nosniff"
        policy = answer["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; style-src 'self';") and "unsafe" not in policy and "frame-ancestors 'none'" in policy
        assert answer["Cache-Control"] == "private, no-cache"


OUTSIDE = [
    "../release.json", "../status.html", "results/../../status.html", "%2e%2e/status.html", "..%2fstatus.html", "%2fetc%2fpasswd.html",
    "/status.html", "pages.json", "results", "results/", "results/row/a.html%00.css", "results/row/a.html/", ".hidden.html", "stolen.html",
    "results\\..\\status.html",
]  # fmt: skip


@pytest.mark.parametrize("path", OUTSIDE)
def test_nothing_but_pages_of_the_folder_is_given_out(published: Path, browser: Any, path: str) -> None:
    (published / "stolen.html").symlink_to(published.parent / "status.html")
    (published / ".hidden.html").write_text("secret")
    answer = browser.get(f"/data-docs/{path}")
    assert answer.status_code == 404 and "没有这一页" in answer.content.decode() and b"secret" not in answer.content


def test_before_the_first_release_the_answer_says_so_in_chinese(browser: Any) -> None:
    answer = browser.get("/data-docs/")
    assert answer.status_code == 404 and "尚未发布数据质量文档" in answer.content.decode()
    assert "default-src 'none'" in answer["Content-Security-Policy"]


def test_the_docs_are_read_and_never_written(published: Path, browser: Any) -> None:
    assert {browser.generic(method, "/data-docs/").status_code for method in ("POST", "PUT", "DELETE")} <= {403, 405}
    assert browser.head("/data-docs/").status_code == 200


def test_another_data_folder_shows_its_own_docs(published: Path, browser: Any, tmp_path: Path) -> None:
    assert browser.get("/data-docs/").status_code == 200
    with desk(tmp_path / "other"):
        from django.conf import settings

        assert Path(settings.DATA_FOLDER) == (tmp_path / "other").resolve()
