"""A few persons as sources tell of them, for the tests of linkage. No test stands here; all are made up."""

from typing import Any

import polars as pl

from expectations.rules.identifiers import complete_citizen_id
from yishu.catalogue import load_catalogue
from yishu.catalogue.models import Catalogue
from yishu.linkage.kinds import KEY_FEATURE
from yishu.linkage.persons import PERSONS
from yishu.linkage.records import SOURCE_KEY, Source
from yishu.settings import ROOT

REGISTER, INSURED = "public_security.resident", "human_resources.insured_person"


def catalogue() -> Catalogue:
    return load_catalogue(ROOT / "catalogue", "pingdingshan")


def number(born: str, serial: int, area: str = "410402") -> str:
    """A citizen id with its check character, of somebody born on that day (ISO)."""
    return str(complete_citizen_id(pl.Series([f"{area}{born.replace('-', '')}{serial:03d}"])).item())


def person(key: str | None, name: str, born: str | None = None, **more: str) -> dict[str, Any]:
    """One row of a source; key None: there is none. A damaged one is `text`."""
    attributes = dict.fromkeys(PERSONS.attributes) | {"full_name": name, "birth_date": born} | {k: v for k, v in more.items() if k != "text"}
    return {"entity_key": key, KEY_FEATURE: key or more.get("text"), **attributes}


def source(known: Catalogue, id_: str, *rows: dict[str, Any], alone: bool = False) -> Source:
    frame = pl.DataFrame(
        [{SOURCE_KEY: f"{place:04d}", **row} for place, row in enumerate(rows)],
        schema=dict.fromkeys([SOURCE_KEY, KEY_FEATURE, "entity_key", *PERSONS.attributes], pl.String))  # fmt: skip
    return Source(known.resources[id_], frame, alone)
