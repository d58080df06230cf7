"""The probabilities of a model, learned from the city's own records by expectation maximisation (EM).

Records whose keys are sound are compared, their keys hidden, with the entities as another source alone knows them: so one source's word is
never compared with itself. u is counted over random pairs with a fixed seed, m by EM over the pairs that agree on some features (`trained_on`).
No key is used as an answer; what the answers say of the result is measured apart (measuring.py). With too few records the kind's own figures
stay.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from yishu.catalogue.models import Catalogue
from yishu.linkage.blocking import without_common
from yishu.linkage.engine import linker
from yishu.linkage.kinds import KEY_FEATURE, Kind
from yishu.linkage.model import Settings, agreeing, fixed_settings
from yishu.linkage.records import SOURCE, Source, keyed, known

ENOUGH = 500  # records on either side; with fewer, chance decides more than the city does
RECORDS, ENTITIES = 20_000, 200_000  # taken for training: more changes the figures in the third digit only
# What is stated counts for a tenth beside what is learned: a city whose sources never disagreed so far has no proof that they cannot.
STATED = 0.1
RANDOM_PAIRS, SEED = 1_000_000, 20_260_301


def learned_settings(found: Sequence[Source], catalogue: Catalogue, kind: Kind, entities: int, work: Path | None = None) -> tuple[Settings, bool]:
    """The model for `entities` known ones, and whether it was learned; the kind's own figures where there is too little to learn from."""
    stated = fixed_settings(kind, entities)
    records, others = training_frames(found, catalogue, kind)
    if min(records.height, others.height) < ENOUGH:
        return stated, False
    return learned_from(records, others, kind, stated, work), True


def learned_from(records: pl.DataFrame, others: pl.DataFrame, kind: Kind, stated: Settings, work: Path | None = None) -> Settings:
    """The stated model with what records and entities teach, each record's entity being among the entities."""
    # Every record has its entity among the others, so the share of true pairs is known; Splink scales it to the pairs that agree on a feature,
    # as long as that is a column of a comparison. Held fixed: where two features are left to compare, as among persons born on one day, EM
    # alone cannot tell few true pairs that agree from many that do not.
    with linker(records, others, fixed_settings(kind, others.height), work) as splink:
        splink.training.estimate_u_using_random_sampling(max_pairs=RANDOM_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1)
        for features in kind.trained_on:
            splink.training.estimate_parameters_using_expectation_maximisation(
                agreeing(*features), estimate_without_term_frequencies=True, fix_probability_two_random_records_match=True)
        learned = splink.misc.save_model_to_json()
    return _completed(stated, learned)


def training_frames(found: Sequence[Source], catalogue: Catalogue, kind: Kind) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(records, entities): the keyed records of all sources but the largest, and the entities as the largest knows them; each thinned evenly."""
    if len(found) < 2:
        return pl.DataFrame(), pl.DataFrame()
    largest = max(found, key=lambda source: source.rows["entity_key"].count())
    others = _thinned(without_common(known([largest], catalogue, kind), kind), ENTITIES)
    records = keyed([source for source in found if source is not largest], kind)
    there = records.filter(pl.col("entity_key").is_in(others["entity_key"].implode()))
    return _thinned(there.drop(SOURCE), RECORDS), others.with_columns(pl.lit(None, pl.String).alias(KEY_FEATURE))


def _thinned(frame: pl.DataFrame, most: int) -> pl.DataFrame:
    """Every n-th row of a sorted frame: spread over it, and the same for the same frame."""
    return frame.gather_every(max(1, -(-frame.height // most)))


def _completed(stated: Settings, learned: dict[str, Any]) -> Settings:
    """The stated settings with the learned probabilities."""
    by_name = {one["output_column_name"]: one for one in learned["comparisons"]}
    comparisons = [_with_learned(one, by_name[one["output_column_name"]]["comparison_levels"]) for one in stated["comparisons"]]
    return stated | {"comparisons": comparisons}


def _with_learned(stated: Settings, learned: list[Settings]) -> Settings:
    """One comparison. What training never met keeps the stated figure; the learned ones share what that leaves of 1."""
    levels = [dict(level) for level in stated["comparison_levels"]]
    for name in ("m_probability", "u_probability"):
        free = [place for place, level in enumerate(levels) if not level.get("is_null_level") and not level["fix_" + name]]
        met = {place: learned[place][name] for place in free if _is_measured(learned[place].get(name))}
        left = 1 - sum(levels[place][name] for place in free if place not in met)
        for place, figure in met.items():
            measured = figure * left / sum(met.values())
            levels[place][name] = round(measured if name == "u_probability" else (1 - STATED) * measured + STATED * levels[place][name], 10)
    return stated | {"comparison_levels": levels}


def _is_measured(figure: object) -> bool:
    """Splink says in words where a level was never met, and EM may drive a rare one to nothing: neither is a measure."""
    return isinstance(figure, float) and 1e-9 < figure <= 1
