"""Files that people give to the desk, and those it makes for them: in DIR/desk-files, for its owner only.

A file's name there is random and says nothing; what it is called stands in the database. Written whole or not at all.
"""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from portal.private_files import OWNER_ONLY

FOLDER = "desk-files"
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Stored:
    name: str
    sha256: str


def store(content: bytes, name: str | None = None) -> Stored:
    """Keep the bytes under a new name, or under one chosen before (of the same form): what is there is then replaced."""
    folder = _folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    name = stored_path(name).name if name else secrets.token_hex(16)
    unfinished = folder / f"{secrets.token_hex(16)}.part"
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    unfinished.replace(folder / name)
    return Stored(name, hashlib.sha256(content).hexdigest())


def stored_path(name: str) -> Path:
    """Where a stored file lies. ValueError for anything but a name that `store` gave."""
    if not _NAME.fullmatch(name):
        raise ValueError("不是附件的存放名")
    return _folder() / name


def _folder() -> Path:
    from django.conf import settings

    return Path(settings.DATA_FOLDER) / FOLDER
