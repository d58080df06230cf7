"""Browsers for the tests of the pages: people signed in, what pages look like when read by a program. No test stands here."""

import itertools
import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import Any

HOST = "127.0.0.1"
TOKEN = re.compile(r'<input type="hidden" name="csrfmiddlewaretoken" value="\w+">')


def account(role: str = "", department: str = "", name: str = "") -> Any:
    """An account; with a role unless it is empty."""
    from django.contrib.auth import get_user_model

    from portal.desk.models import Officer

    user = get_user_model().objects.create_user(name or f"{role or 'nobody'}-{department or 'all'}", password="Correct-horse-7")
    if role:
        Officer.objects.create(user=user, role=role, department=department)
    return user


def browser(role: str = "", department: str = "", **options: Any) -> Any:
    """Signed in as somebody new; without a role, a mere account."""
    from django.test import Client

    client = Client(SERVER_NAME=HOST, **options)
    client.force_login(account(role, department))
    return client


def stranger(**options: Any) -> Any:
    from django.test import Client

    return Client(SERVER_NAME=HOST, **options)


def text_of(answer: Any) -> str:
    """What came, without the forms' tokens: these differ each time."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return TOKEN.sub("", content.decode("utf-8", errors="replace"))


def addresses(values: Mapping[str, Any], skip: tuple[str, ...] = ()) -> Iterator[tuple[str, frozenset[str]]]:
    """Every address of the portal with its parts filled in, and the names of these; a list of values gives an address for each.

    KeyError for a part nobody gave a value: whoever adds a page says what of another department's it could name.
    """
    for route in routes():
        if not route.startswith(skip):
            names = re.findall(r"{(\w+)}", route)
            given = [value if isinstance(value := values[name], (list, tuple)) else [value] for name in names]
            for chosen in itertools.product(*given):
                yield "/" + route.format(**dict(zip(names, chosen, strict=True))), frozenset(names)


def routes() -> list[str]:
    """Every address that Django's resolver knows, as `desk/t/{number}/`."""
    from django.urls import get_resolver

    return list(dict.fromkeys(_routes(get_resolver().url_patterns, "")))


def _routes(patterns: list[Any], before: str) -> Iterator[str]:
    for pattern in patterns:
        route = before + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", _plain(str(pattern.pattern)))
        if hasattr(pattern, "url_patterns"):
            yield from _routes(pattern.url_patterns, route)
        else:
            yield route


def _plain(pattern: str) -> str:
    """A route as it is; of Django's regular expressions, which have one named group each, the group as a part."""
    return re.sub(r"^\^?\(\?P(<\w+>)[^)]*\)(/?)\$$", r"\1\2", pattern)


class Page(HTMLParser):
    """What can be checked without eyes: headings, fields and their labels, tables' heads, what would run or style inline."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag in names]

    def unlabelled(self) -> list[dict[str, str | None]]:
        """Fields that nobody reads out. A field inside its label is told by its type."""
        labelled = {label.get("for") for label in self.all("label")}
        fields = [field for field in self.all("input", "select", "textarea") if field.get("type") not in ("hidden", "radio")]
        return [field for field in fields if field.get("id") not in labelled and not field.get("aria-label")]

    def inline(self) -> list[tuple[str, dict[str, str | None]]]:
        """What the content policy would block, and what a value that got through as HTML would look like."""
        return [(tag, a) for tag, a in self.tags if tag in ("script", "style", "iframe") or "style" in a or any(name.startswith("on") for name in a)]
