"""The proposed links held against a synthetic city's truth: each broken key has its right value in truth/defects.parquet."""

from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue
from yishu.gate.step import pool_types
from yishu.lake.ledger import Ledger
from yishu.lake.pins import current_pin
from yishu.lake.pool import KEY, read_pool
from yishu.linkage.kinds import Kind
from yishu.linkage.measuring import Measure, measure
from yishu.linkage.proposing import likely_path, propose
from yishu.linkage.records import ID, SOURCE, SOURCE_KEY, known, sources, waiting


def measured(data: Path, catalogue: Catalogue, kind: Kind) -> tuple[Measure, pl.DataFrame]:
    """How right the links of the kind are, and a row for each record that waits: source, reason it is known by, right key, proposed key."""
    pin = current_pin(data, catalogue)
    propose(data, catalogue, pin, actor="bench")
    found = sources(data, catalogue, pin, kind)
    records, entities = waiting(found, kind), known(found, catalogue, kind)
    place = pl.concat_str(pl.lit(""), pl.col("department"), pl.lit("."), pl.col("resource")).alias(SOURCE)
    proposed = pl.read_delta(str(likely_path(data))).filter(pl.col("entity") == kind.entity)
    likely = proposed.select(place, SOURCE_KEY, "entity_key", "probability").join(records.select(ID, SOURCE, SOURCE_KEY), on=[SOURCE, SOURCE_KEY])
    answers = pl.concat([_answers(data, catalogue, pin, kind, id_) for id_ in sorted(records[SOURCE].unique())])
    told = records.select(ID, SOURCE, SOURCE_KEY).join(answers, on=[SOURCE, SOURCE_KEY])
    rows = told.join(likely.select(ID, "entity_key", "probability"), on=ID, how="left")
    rows = rows.with_columns(findable=pl.col("answer").is_in(entities["entity_key"].implode()))
    return measure(likely.select(ID, "entity_key"), told.select(ID, "answer"), entities), rows


def _answers(data: Path, catalogue: Catalogue, pin: dict[str, int], kind: Kind, id_: str) -> pl.DataFrame:
    """SOURCE, SOURCE_KEY, answer, defect: of the rows of a pool whose key a defect has broken."""
    resource = catalogue.resources[id_]
    item = resource.feeding(f"{kind.entity}.{catalogue.authority[kind.entity].keys[0]}")
    assert item is not None
    truth = pl.read_parquet(data / "truth" / "defects.parquet").filter(
        (pl.col("department") == resource.department) & (pl.col("resource") == resource.name) & (pl.col("column") == item.name))  # fmt: skip
    deliveries = {delivery.delivery_id: delivery.file for delivery in Ledger(data).deliveries(resource.department, resource.name)}
    pool = read_pool(data, resource, pool_types(resource), pin[id_])
    pool = pool.select(KEY, "_row_number", file=pl.col("_delivery_id").replace_strict(deliveries, default=None))
    right = truth.drop_nulls("right_value").select("file", "line", answer="right_value", defect="kind").unique(["file", "line"], keep="first")
    both = pool.join(right, left_on=["file", "_row_number"], right_on=["file", "line"])
    return both.select(pl.lit(id_).alias(SOURCE), pl.col(KEY).alias(SOURCE_KEY), "answer", "defect")
