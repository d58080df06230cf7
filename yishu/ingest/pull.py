"""placeholder"""
from datetime import date
from pathlib import Path

from yishu.catalogue.models import Resource


def pull(data: Path, resource: Resource, *, business_date: date, after: str | None) -> Path | None:
    return None
