"""The model of a kind as Splink's settings: plain data, saved as JSON and read back, the same for the same input.

Belongs here: settings from the kind's definition, and what a saved model is called. Not here: how its probabilities are learned (training.py).
"""

import hashlib
import json
from typing import Any

from yishu.linkage.kinds import Comparison, Kind, Level
from yishu.linkage.records import ID

Settings = dict[str, Any]


def fixed_settings(kind: Kind, entities: int) -> Settings:
    """The settings with the probabilities that the kind states. entities: how many are known; one of them, if any, is the right one."""
    return {
        "link_type": "link_only",
        "sql_dialect": "duckdb",
        "unique_id_column_name": ID,
        "source_dataset_column_name": "source_dataset",
        "linker_uid": kind.entity,  # else it is drawn at random
        "probability_two_random_records_match": 1 / max(entities, 2),
        "em_convergence": 0.0001,
        "max_iterations": 25,
        "retain_matching_columns": True,  # without them Splink leaves out the levels
        "retain_intermediate_calculation_columns": True,
        "blocking_rules_to_generate_predictions": [_rule(block) for block in kind.blocks],
        "comparisons": [_comparison(comparison) for comparison in kind.comparisons],
    }


def agreeing(*columns: str) -> str:
    """The rule that pairs records and entities which agree on all of these."""
    return " and ".join(f'l."{column}" = r."{column}"' for column in columns)


def _rule(block: str) -> Settings:
    return {"blocking_rule": agreeing(block), "sql_dialect": "duckdb"}


def _comparison(comparison: Comparison) -> Settings:
    missing = {"sql_condition": comparison.missing, "label_for_charts": "缺", "is_null_level": True}
    return {
        "output_column_name": comparison.name,
        "comparison_description": comparison.title,
        "comparison_levels": [missing, *(_level(level) for level in comparison.levels)],
    }


def _level(level: Level) -> Settings:
    made: Settings = {
        "sql_condition": level.condition,
        "label_for_charts": level.title,
        "m_probability": level.m,
        "u_probability": level.u,
        "fix_m_probability": level.fixed,
        "fix_u_probability": level.fixed,
    }
    if level.frequency:
        made |= {"tf_adjustment_column": level.frequency, "tf_adjustment_weight": 1.0}
    return made


def as_json(settings: Settings) -> str:
    return json.dumps(settings, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def digest(settings: Settings) -> str:
    """The name of a model: 12 digits of the SHA-256 of its JSON."""
    return hashlib.sha256(as_json(settings).encode()).hexdigest()[:12]
