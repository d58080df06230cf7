"""Where Data Docs stand in a release: `published/data_docs`, a symbolic link to a folder beside it, replaced whole or not at all.

Not here: what the pages say and how they are made (the caller writes them). Docs are of the newest night: they change within a release
when nothing was published, and go along into the next one, so that there is no moment without any.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

NAME = "data_docs"


def replace_docs(data: Path, digest: str, write: Callable[[Path, Path | None], object]) -> Path | None:
    """Put the docs named by `digest` in place of the last ones; `write(folder, before)` fills an empty folder, given the last ones' folder.

    None where nothing is published. The same digest again writes nothing. The caller holds the lock.
    """
    if not (data / "published").exists():
        return None
    release = (data / "published").resolve()
    folder, link = release / f".{NAME}.{digest}", release / NAME
    before = link.resolve() if link.exists() else None
    if before != folder:
        _sweep(release, kept={folder, before})
        if not folder.exists():  # a folder with its name is whole: the name comes last
            _write(folder, before, write)
        _point(link, folder)
    _sweep(release, kept={folder})
    return link


def carry_over(published: Path, release: Path) -> None:
    """Give the docs of the published release to the one that will replace it, as second names of the same files."""
    link = published / NAME
    if link.exists():
        folder = link.resolve()
        shutil.copytree(folder, release / folder.name, copy_function=_second_name)
        _point(release / NAME, release / folder.name)


def _write(folder: Path, before: Path | None, write: Callable[[Path, Path | None], object]) -> None:
    temporary = folder.with_name(f"{folder.name}.tmp-{os.getpid()}")
    temporary.mkdir(mode=0o700)
    write(temporary, before)
    os.rename(temporary, folder)


def _point(link: Path, folder: Path) -> None:
    written = link.with_name(f"{link.name}.tmp-{os.getpid()}")
    written.symlink_to(folder.name)
    os.replace(written, link)


def _sweep(release: Path, kept: set[Path | None]) -> None:
    """Remove older docs and what a crash left."""
    for left in release.glob(f".{NAME}.*"):
        if left not in kept:
            shutil.rmtree(left)
    for link in release.glob(f"{NAME}.tmp-*"):
        link.unlink()


def _second_name(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
