"""Records against entities: the weight of each pair, the probability that it is the right one, and the waterfall that explains it.

A record is about one entity at most. So the probability of a candidate is its odds against all other candidates and against none of them,
not Splink's figure for the pair alone: of two namesakes born on one day neither is certain.
"""

import json
from dataclasses import dataclass
from math import log2
from pathlib import Path
from typing import Any

import polars as pl

from yishu.linkage.blocking import count_pairs, refuse_explosion, without_common
from yishu.linkage.engine import linker
from yishu.linkage.kinds import Kind
from yishu.linkage.model import Settings
from yishu.linkage.records import ID, SOURCE

FLOOR = -5.0  # bits: lighter pairs change no probability in the third digit
_WEIGHT, _TERM, _LEVEL = "mw_", "mw_tf_adj_", "gamma_"


@dataclass(frozen=True)
class Scored:
    """pairs: ID, entity_key, weight (bits), probability (0 to 1), waterfall (JSON); compared: how many pairs were scored."""

    pairs: pl.DataFrame
    compared: int


def score(
    records: pl.DataFrame, known: pl.DataFrame, kind: Kind, settings: Settings, taken: pl.DataFrame | None = None, work: Path | None = None
) -> Scored:
    """The candidates of each record, the most probable first. Raises TooManyPairs.

    taken: SOURCE and entity_key of entities that have a row of their own in a source which holds one an entity: no candidates there.
    """
    entities = without_common(known, kind)
    counted = count_pairs(records, entities, kind)
    refuse_explosion(counted, kind)
    if not sum(counted.values()):
        return Scored(_empty(), 0)
    with linker(records, entities, settings, work) as splink:
        predicted = splink.inference.predict(threshold_match_weight=FLOOR, warning_mode="never").as_duckdbpyrelation().pl()
    steps = [name for name in predicted.columns if name.startswith((_WEIGHT, _LEVEL))]
    pairs = predicted.select(pl.col(f"{ID}_l").alias(ID), pl.col(f"{ID}_r").alias("entity_key"), pl.col("match_weight").alias("weight"), *steps)
    if taken is not None:
        pairs = pairs.join(records.select(ID, SOURCE), on=ID).join(taken, on=[SOURCE, "entity_key"], how="anti")
    odds = pl.col("weight").clip(upper_bound=200).map_batches(lambda bits: 2.0**bits, return_dtype=pl.Float64)
    pairs = pairs.with_columns(_odds=odds).with_columns(probability=pl.col("_odds") / (1 + pl.col("_odds").sum().over(ID)))
    ranked = pairs.sort([ID, "weight", "entity_key"], descending=[False, True, False])
    return Scored(ranked.drop("_odds"), sum(counted.values()))


def best(scored: Scored, kind: Kind, settings: Settings) -> pl.DataFrame:
    """ID, entity_key, weight, probability, waterfall of the most probable candidate of each record that has any."""
    first = scored.pairs.unique(ID, keep="first", maintain_order=True)
    told = [json.dumps(waterfall(row, kind, settings), ensure_ascii=False) for row in first.iter_rows(named=True)]
    return first.select(ID, "entity_key", "weight", "probability").with_columns(pl.Series("waterfall", told, dtype=pl.String))


def waterfall(row: dict[str, Any], kind: Kind, settings: Settings) -> list[dict[str, Any]]:
    """The steps from the prior to the final weight: feature, title, level (its title), weight in bits; no value of any row."""
    prior = settings["probability_two_random_records_match"]
    first = {"feature": "prior", "title": "起点", "level": f"约 {round(1 / prior):,} 个实体中任取一个", "weight": _bits(prior)}
    steps: list[dict[str, Any]] = [first]
    for comparison in kind.comparisons:
        level = row.get(_LEVEL + comparison.name)
        if level is None or level < 0:
            continue  # one side has no value: nothing is said
        title = comparison.levels[len(comparison.levels) - 1 - level].title
        weight = row[_WEIGHT + comparison.name] + (row.get(_TERM + comparison.name) or 0.0)
        steps.append({"feature": comparison.name, "title": comparison.title, "level": title, "weight": round(weight, 2)})
    return steps


def _bits(probability: float) -> float:
    return round(log2(probability / (1 - probability)), 2)


def _empty() -> pl.DataFrame:
    return pl.DataFrame(schema={ID: pl.String, "entity_key": pl.String, "weight": pl.Float64, "probability": pl.Float64})
