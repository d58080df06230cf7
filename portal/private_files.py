"""Files that only their owner may read: the desk's database, its key, the first password. Not: what is in them."""

import os
import secrets
from pathlib import Path

OWNER_ONLY = 0o600


def create_private(file: Path, content: str = "") -> bool:
    """Create the file for its owner only; False where it exists (its mode is then tightened, its content kept)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    except FileExistsError:
        if file.stat().st_mode & 0o077:
            file.chmod(OWNER_ONLY)
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        stream.write(content)
    return True


def private_token(file: Path, bytes_: int = 50) -> str:
    """The secret kept in the file, made on first use."""
    create_private(file, secrets.token_urlsafe(bytes_) + "\n")
    return file.read_text(encoding="utf-8").strip()
