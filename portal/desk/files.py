"""Files that people give to the desk, and those it makes for them: in DIR/desk-files, for its owner only.

A file's name there is random and says nothing; what it is called stands in the database. Written whole or not at all.
"""

import hashlib
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from portal.private_files import OWNER_ONLY

FOLDER = "desk-files"
_NAME = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Stored:
    name: str
    sha256: str


def store(content: bytes, name: str | None = None) -> Stored:
    """Keep the bytes under a new name, or under one chosen before (of the same form): what is there is then replaced."""
    folder = own_folder()
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
    return own_folder() / name


def unnamed() -> IO[bytes]:
    """A file without a name in the desk's own folder: gone when it is closed, by the response that sends it or by a crash."""
    return tempfile.TemporaryFile(dir=own_folder())


def data_folder() -> Path:
    """DIR: the data folder that the desk is set up for."""
    from django.conf import settings

    return Path(settings.DATA_FOLDER)


def own_folder() -> Path:
    """DIR/desk-files, made on first use."""
    folder = data_folder() / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder
