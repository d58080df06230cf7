"""Proposed links as violations of the department that owns the record (C02), and as the proposals that its ticket shows.

A proposal is open until an officer has confirmed or rejected it, the record has a sound key, or another model finds it likely no more: then
it ends as corrected, a rejected one as withdrawn. Messages hold no value. Not here: what is proposed (proposing.py).
"""

import hashlib
from pathlib import Path

import polars as pl

from expectations.suite import Rule
from yishu.catalogue.models import Catalogue, Resource
from yishu.gate.findings import accuse, where_today
from yishu.gate.step import pool_types
from yishu.lake import violations
from yishu.lake.ledger import Ledger
from yishu.lake.links import link_rule, rejections
from yishu.lake.pins import Pin, digest
from yishu.lake.pool import KEY, read_pool
from yishu.linkage.every import KINDS
from yishu.linkage.kinds import Kind
from yishu.linkage.proposing import proposals

GATE = "linkage"
_SUGGESTED = ["department", "resource", "rule", "subject", "item", "proposal", "reason"]


def settle_links(data: Path, catalogue: Catalogue, pin: Pin, *, actor: str) -> int:
    """Make the proposed links the violations of this gate; return how many stand."""
    proposed = proposals(data)
    parts = [violations.empty()]
    for kind in KINDS:
        for (department, name), rows in proposed.filter(pl.col("entity") == kind.entity).group_by(["department", "resource"], maintain_order=True):
            if f"{department}.{name}" in pin:
                parts.append(_accused(data, catalogue, pin, kind, catalogue.resources[f"{department}.{name}"], rows))
    found = pl.concat(parts)
    ledger, runs = Ledger(data), dict[str, int]()

    def run_of(id_: str) -> int:
        here = found.filter((pl.col("department") + "." + pl.col("resource")) == id_)
        told = here.select(*violations.IDENTITY, "value_hash", "delivery_id", "row_number").sort(pl.all())
        last = ledger.last_gate_run(GATE, id_)
        batch = hashlib.sha256(told.write_csv().encode()).hexdigest()[:16]
        return runs.setdefault(id_, ledger.gate_run(GATE, id_, batch, str(last["run"] if last else 0)))

    violations.settle_whole(data, GATE, found, run_of, actor=actor, withdrawn=rejections(data).select(violations.IDENTITY).unique())
    ledger.gate_results([(run, [], found.filter((pl.col("department") + "." + pl.col("resource")) == id_).height) for id_, run in runs.items()])
    return found.height


def suggested_links(data: Path, catalogue: Catalogue) -> pl.DataFrame:
    """department, resource, rule, subject, item, proposal, reason: for the tickets, in the form of suggestions; reason holds no value."""
    parts = [pl.DataFrame(schema=dict.fromkeys(_SUGGESTED, pl.String))]
    for row in proposals(data).iter_rows(named=True):
        item = _key_item(catalogue, catalogue.resources[f"{row['department']}.{row['resource']}"], row["entity"])
        reason = f"按其他信息项推断的关联，概率 {row['probability']:.4f}；依据见“核对并决定”"
        told = (row["department"], row["resource"], link_rule(row["entity"]), row["source_key"], item, row["entity_key"], reason)
        parts.append(pl.DataFrame([told], schema=parts[0].schema, orient="row"))
    return pl.concat(parts)


def _accused(data: Path, catalogue: Catalogue, pin: Pin, kind: Kind, resource: Resource, rows: pl.DataFrame) -> pl.DataFrame:
    hashes = rows.select(pl.col("source_key").alias(KEY), "value_hash")
    pool = read_pool(data, resource, pool_types(resource), pin[resource.id]).select(KEY, "_delivery_id", "_row_number")
    today = where_today(data, catalogue, resource, pool.join(hashes, on=KEY))
    message = f"标识缺失或无效，推断可能是一个已知的{kind.title}；请核对后确认或否认，不会自动合并"
    rule = Rule(link_rule(kind.entity), "-", {}, "content", "一致性", "C02", message)
    return accuse(data, today, rule, _key_item(catalogue, resource, kind.entity), GATE, digest(pin))


def _key_item(catalogue: Catalogue, resource: Resource, entity: str) -> str:
    item = resource.feeding(f"{entity}.{catalogue.authority[entity].keys[0]}")
    assert item is not None, "a record waits in a source of the entity's key only"
    return item.name
