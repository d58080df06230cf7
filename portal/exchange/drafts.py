"""Checked uploads that wait for their officer's word, in DIR/desk-files/drafts for the desk's owner only. After three days they are gone.

A draft belongs to one ticket and one department: whoever asks for it under another has nothing there.
"""

import json
import os
import re
import secrets
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from portal.desk.actor import Actor, NotFound
from portal.desk.files import FOLDER
from portal.exchange.checking import Checked
from portal.private_files import OWNER_ONLY

KEPT_SECONDS = 3 * 24 * 3600
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Draft:
    """key: its name, and that of the correction it becomes. refused: as checking.Refused."""

    key: str
    ticket: str
    department: str
    name: str
    accepted: int
    unchanged: int
    remaining: int
    rekeyed: int
    refused: list[dict[str, Any]]


@dataclass(frozen=True)
class DraftRows:
    stamps: dict[int, str]  # item -> what it stood on when it was checked
    rows: list[dict[str, str]]


def keep(data: Path, actor: Actor, number: str, name: str, checked: Checked) -> Draft:
    folder = _folder(data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_old(folder)
    refused = [asdict(one) for one in checked.refused]
    counts = (len(checked.accepted), checked.unchanged, checked.remaining, checked.rekeyed)
    draft = Draft(secrets.token_hex(16), number, actor.department, name, *counts, refused)
    stamps = [[one.item, one.stamp] for one in checked.accepted]
    rows = [row for one in checked.accepted for row in one.rows]
    _put(folder / f"{draft.key}.rows", {"stamps": stamps, "rows": rows})
    _put(folder / f"{draft.key}.draft", asdict(draft))
    return draft


def find(data: Path, actor: Actor, number: str, key: str) -> Draft:
    """Raises NotFound: never there, gone, or another's."""
    file = _folder(data) / f"{key}.draft"
    if _NAME.fullmatch(key) and file.is_file():
        draft = Draft(**json.loads(file.read_text(encoding="utf-8")))
        if (draft.ticket, draft.department) == (number, actor.department):
            return draft
    raise NotFound("没有这次上传的检查结果，或已超过三天；请重新上传")


def rows_of(data: Path, draft: Draft) -> DraftRows:
    found = json.loads((_folder(data) / f"{draft.key}.rows").read_text(encoding="utf-8"))
    return DraftRows({int(item): stamp for item, stamp in found["stamps"]}, found["rows"])


def _folder(data: Path) -> Path:
    return data / FOLDER / "drafts"


def _forget_old(folder: Path) -> None:
    limit = time.time() - KEPT_SECONDS
    for file in folder.iterdir():
        if file.stat().st_mtime < limit:
            file.unlink(missing_ok=True)


def _put(path: Path, content: dict[str, Any]) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(content, stream, ensure_ascii=False)
