"""The catalogue as the components read it: once a load of the definitions, and again when a file of it has changed."""

from functools import lru_cache
from pathlib import Path

from yishu.catalogue import Catalogue, load_catalogue
from yishu.settings import settings


def current_catalogue() -> Catalogue:
    """The catalogue of the chosen folder and profile. Raises CatalogueError, whose faults name file, line and way out."""
    folder = settings.catalogue
    state = tuple((str(path), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*")))
    return _loaded(folder, settings.profile, state)


@lru_cache(maxsize=1)
def _loaded(folder: Path, profile: str, state: tuple[tuple[str, int], ...]) -> Catalogue:
    return load_catalogue(folder, profile)
