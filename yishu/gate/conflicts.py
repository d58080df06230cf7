"""Conflicts between sources (D03) as violations of the sources that the authority list ranks lower (A06).

The build knows them (dbt_project/macros/conflict.sql), so they are settled after it, and flag the record from the next night on. Of two rows
of one source nobody knows which is right: they are no violation here (its own key rules accuse them). What the row gate or a rule between
departments says of the same value already is not said again. Not here: which value is chosen.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from expectations.suite import Rule
from yishu.catalogue.models import Catalogue
from yishu.gate.findings import VALUE_HASH, accuse, where_today
from yishu.gate.implied import KEY
from yishu.gate.step import pool_types
from yishu.lake import violations
from yishu.lake.ledger import Ledger
from yishu.lake.pins import Pin, digest
from yishu.lake.pool import read_pool
from yishu.lake.value_hash import value_hashes
from yishu.settings import settings

GATE = "conflict"
_PLACE = ["department", "resource", "delivery_id", "row_number"]


def settle_conflicts(data: Path, catalogue: Catalogue, build: Path, pin: Pin) -> int:
    """Make the conflicts of a whole build the violations of this gate; return how many stand.

    Raises duckdb.CatalogException where the build lacks a conflict table: then it says nothing.
    """
    with duckdb.connect(str(build), read_only=True) as connection:
        losers = pl.concat([_losers(connection, schema) for schema in sorted({entity.schema_ for entity in catalogue.authority.values()})])
    parts = list(_of_resources(data, catalogue, losers, pin))
    found = _news(data, pl.concat([violations.empty(), *parts]))
    ledger, runs = Ledger(data), dict[str, int]()

    def run_of(id_: str) -> int:
        here = found.filter((pl.col("department") + "." + pl.col("resource")) == id_)
        told = here.select(*violations.IDENTITY, VALUE_HASH, "delivery_id", "row_number").sort(pl.all())
        last = ledger.last_gate_run(GATE, id_)
        batch = hashlib.sha256(told.write_csv().encode()).hexdigest()[:16]
        return runs.setdefault(id_, ledger.gate_run(GATE, id_, batch, str(last["run"] if last else 0)))

    violations.settle_whole(data, GATE, found, run_of, actor=settings.actor)
    ledger.gate_results([(run, [], found.filter((pl.col("department") + "." + pl.col("resource")) == id_).height) for id_, run in runs.items()])
    return found.height


def _losers(connection: duckdb.DuckDBPyConnection, schema: str) -> pl.DataFrame:
    """Claims that another source outranks: entity, attribute, place of the row, and the source that was chosen."""
    read = connection.execute(
        f"select l.entity, l.attribute, l.department, l.resource, l.delivery_id, l.row_number, "
        f"min(w.department || '.' || w.resource) as chosen_source from \"{schema}\".conflict as l "
        f'join "{schema}".conflict as w on w.entity = l.entity and w.entity_id = l.entity_id and w.attribute = l.attribute and w.chosen '
        "where not l.chosen and l.value <> w.value and (w.department, w.resource) <> (l.department, l.resource) "
        "group by all order by all"
    ).to_arrow_table()
    frame = pl.from_arrow(read)
    assert isinstance(frame, pl.DataFrame)
    return frame.with_columns(schema=pl.lit(schema))


def _of_resources(data: Path, catalogue: Catalogue, losers: pl.DataFrame, pin: Pin) -> Iterator[pl.DataFrame]:
    for (department, name), rows in losers.group_by(["department", "resource"], maintain_order=True):
        resource = catalogue.resources[f"{department}.{name}"]
        pool = read_pool(data, resource, pool_types(resource), pin.get(resource.id))
        places = rows.select(_delivery_id="delivery_id", _row_number=pl.col("row_number").cast(pl.Int64)).unique()
        mine = pool.join(places, on=["_delivery_id", "_row_number"], how="semi")
        today = where_today(data, catalogue, resource, mine.select(KEY, "_delivery_id", "_row_number"))
        for (schema, entity, attribute, source), claims in rows.group_by(["schema", "entity", "attribute", "chosen_source"], maintain_order=True):
            item = next(item for item in resource.items if item.feeds == f"{entity}.{attribute}")
            of_claims = claims.select(_delivery_id="delivery_id", _row_number=pl.col("row_number").cast(pl.Int64)).unique()
            said = mine.join(of_claims, on=["_delivery_id", "_row_number"], how="semi")
            hashed = said.select(KEY, value_hashes(said, {item.name: item.name}))
            chosen = catalogue.resources[str(source)]
            message = (
                f"“{item.title}”与{catalogue.departments[chosen.department].short_title}《{chosen.title}》的权威数据不一致；"
                "请核实后更正，或说明不更正的依据"
            )
            name_of_rule = f"conflict.{str(schema).removeprefix('base_')}.{entity}.{attribute}"
            rule = Rule(name_of_rule, "-", {}, "content", "一致性", "D03", message)
            yield accuse(data, today.join(hashed, on=KEY, how="inner", maintain_order="left"), rule, item.name, GATE, digest(pin))


def _news(data: Path, found: pl.DataFrame) -> pl.DataFrame:
    """Without the values of which the department has been told: of this or of what causes it."""
    told = violations.standing_violations(data, pl.col("gate").is_in(["row", "cross"]) & (pl.col("severity") != "advisory"))
    return found.join(told, on=["department", "resource", "subject", "column"], how="anti")
