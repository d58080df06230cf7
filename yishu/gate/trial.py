"""Rows on trial: what the row gate would say of corrected rows before anybody files them, by the same types, rules and engine.

Nothing is kept and nothing closes. Not here: rules that compare with other rows, tables or deliveries; those a night asks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from yishu.catalogue.models import CodeList, Resource
from yishu.gate.implied import KEY, suite_of
from yishu.gate.preparing import prepare
from yishu.lake import delta
from yishu.lake.pool import pool_path


@dataclass(frozen=True)
class Finding:
    """One rule that one row breaks; column: our name of the item, None for a rule about the row."""

    rule: str
    column: str | None
    severity: str
    message: str


@dataclass(frozen=True)
class Trial:
    """found: row number -> what it breaks; keys: row number -> its canonical key, None where a part is missing."""

    found: Mapping[int, list[Finding]]
    keys: Mapping[int, str | None]


def try_rows(rows: pl.DataFrame, resource: Resource, codes: Mapping[str, CodeList], as_of: date) -> Trial:
    """rows: `_row_number` Int64 and every item as String, null for no value (with I/U/D `_operation` too)."""
    if not rows.height:
        return Trial({}, {})
    from expectations.engine.run import run_rules

    frame = prepare(rows, resource, codes)
    if resource.delivery.mode == "append":  # a correction may differ from what the pool has: that is what it is for
        frame = frame.with_columns(_agrees=pl.lit(None, pl.String))
    found: dict[int, list[Finding]] = {}
    for outcome in run_rules(frame, suite_of(resource, codes, as_of)):
        rule = outcome.rule
        finding = Finding(rule.rule, rule.column, rule.severity, rule.message)
        for number in outcome.keys.unique().to_list():
            found.setdefault(int(number), []).append(finding)
    return Trial(found, dict(frame.select("_row_number", KEY).iter_rows()))


def has_check_digits(identifier: str, type_: str) -> bool:
    """Is a citizen id or credit code, in its canonical form, one that its own check digits confirm? Raises KeyError for another type."""
    from expectations.rules.identifiers import valid_citizen_id, valid_credit_code

    texts = pl.Series([identifier], dtype=pl.String)
    found = {"citizen_id": valid_citizen_id(texts), "credit_code": valid_credit_code(texts)}[type_]
    return bool(found.item())


def known_keys(data: Path, resource: Resource, keys: list[str]) -> set[str]:
    """Those of the canonical keys that the pool holds already."""
    path = pool_path(data, resource)
    if not keys or not delta.exists(path):
        return set()
    return set(delta.read(path, where=pl.col(KEY).is_in(keys), columns=[KEY])[KEY].to_list())
