"""The whole site: which pages there are, which of them have to be made anew, and their files.

A page is made anew when what it says has changed since `before`; else its file is taken over. GX is imported only when a page is made.
Not here: where the site is put and how it replaces the last one.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

from expectations.docs import view
from expectations.docs.index import index_values
from expectations.docs.model import Asset, is_met
from expectations.docs.wording import AS_OF

INDEX = "index.html"
PAGES = "pages.json"  # path -> what it says, as a hash: how the next night knows which pages it can keep


@dataclass(frozen=True)
class Page:
    """One file of the site: `key` changes with anything that it says."""

    key: str
    made: Callable[[], str]


class Site:
    """The pages of a night. `facts`: label -> value, shown on the first page. The same assets and facts give the same bytes."""

    def __init__(self, assets: Sequence[Asset], facts: Mapping[str, str]) -> None:
        self.pages: dict[str, Page] = {view.STYLE_SHEET: Page(_version(), view.style_sheet)}
        for asset in assets:
            key = _key(asset)
            self.pages[asset.results_path] = Page(key, partial(_results, asset))
            self.pages[asset.suite_path] = Page(key, partial(_suite, asset))
        everything = _hash([facts, {path: page.key for path, page in self.pages.items()}])
        self.pages[INDEX] = Page(everything, lambda: view.page(INDEX, **index_values(assets, facts)))

    @property
    def digest(self) -> str:
        """The name of this state of the site."""
        return self.pages[INDEX].key[:16]

    def write(self, folder: Path, before: Path | None = None) -> list[str]:
        """Write every page into the empty folder, files 0600 and folders 0700; returns the paths of those made anew."""
        known = _known(before)
        made = []
        for path, page in self.pages.items():
            target = folder / path
            _private_folders(folder, target.parent)
            if before is not None and known.get(path) == page.key and _taken_over(before / path, target):
                continue
            _write(target, page.made())
            made.append(path)
        _write(folder / PAGES, json.dumps({path: page.key for path, page in self.pages.items()}, indent=0, sort_keys=True))
        return made


def _results(asset: Asset) -> str:
    from expectations.docs import renderers

    document = renderers.results_page(asset)
    return view.page(
        "results.html", document=document, met=all(map(is_met, asset.run.results if asset.run else ())),
        warnings=asset.run.warnings if asset.run else (), suite_path=asset.suite_path, **_frame(asset, asset.title),
    )  # fmt: skip


def _suite(asset: Asset) -> str:
    from expectations.docs import renderers

    document = renderers.suite_page(asset)
    return view.page("suite.html", document=document, results_path=asset.results_path, **_frame(asset, f"{asset.title}：规则"))


def _frame(asset: Asset, title: str) -> dict[str, Any]:
    return {"title": title, "root": "../" * asset.results_path.count("/"), "trail": (asset.group, title)}


def _key(asset: Asset) -> str:
    """What the asset's pages say. as_of is shown as a word only: that a night has another date changes no page."""
    rules = []
    for rule in asset.rules:
        dates = {name: "" for name in AS_OF if str(rule.kwargs.get(name)) == asset.as_of}
        rules.append({**vars(rule), "kwargs": {**rule.kwargs, **dates}, "line": 0})
    return _hash([_version(), {**vars(asset), "rules": rules, "run": vars(asset.run) if asset.run else None, "as_of": ""}])


def _hash(content: object) -> str:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=_plain)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else str(value)


@cache
def _version() -> str:
    """Changes with the code and the templates of the pages, and with GX: what an older version has made is made anew."""
    from importlib.metadata import version

    digest = hashlib.sha256(version("great_expectations").encode())
    for file in sorted([*view.HERE.glob("*.py"), *(view.HERE / "templates").iterdir()]):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _known(before: Path | None) -> dict[str, str]:
    try:
        return dict(json.loads((before / PAGES).read_text("utf-8"))) if before is not None else {}
    except (FileNotFoundError, ValueError):
        return {}


def _taken_over(source: Path, target: Path) -> bool:
    """The same file under a second name; a copy where the disk knows no second names."""
    if not source.is_file():
        return False
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return True


def _private_folders(root: Path, folder: Path) -> None:
    """The folder and those between it and the root. `mkdir(parents=True)` would give its mode to the last one only."""
    for step in reversed([folder, *folder.parents]):
        if step.is_relative_to(root) and not step.exists():
            step.mkdir(mode=0o700)


def _write(target: Path, text: str) -> None:
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
