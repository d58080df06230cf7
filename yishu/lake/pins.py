"""Pins: which version of each pool a later step reads. Everything built from one pin belongs together."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from yishu.catalogue.models import Catalogue
from yishu.lake import delta
from yishu.lake.ledger import Ledger
from yishu.lake.pool import pool_path

Pin = Mapping[str, int | None]


def current_pin(data: Path, catalogue: Catalogue) -> dict[str, int]:
    """The version of every pool that exists now: resource id -> Delta version."""
    versions = {id_: delta.version(pool_path(data, resource)) for id_, resource in sorted(catalogue.resources.items())}
    return {id_: version for id_, version in versions.items() if version is not None}


def digest(pin: Pin) -> str:
    """A pin as one word, the same for the same versions."""
    return hashlib.sha256(json.dumps(dict(sorted(pin.items()))).encode()).hexdigest()[:16]


def business_date(data: Path) -> date | None:
    """The newest as-of among accepted deliveries: the day the built tables speak of. No clock is asked."""
    return max((delivery.as_of for delivery in Ledger(data).deliveries(states=["accepted", "superseded"])), default=None)
