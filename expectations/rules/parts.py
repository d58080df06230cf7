"""Two columns that must agree in a part of what they say: the organisation code inside the credit code (GB 32100-2015, positions 9
to 17), the year in a document's number and on its date. Not here: whole values that must be equal (GX has that).
"""

from collections.abc import Mapping
from typing import Any

import polars as pl

from expectations.engine.row_rule import Ask, Domain, RowRule
from expectations.rules.valid import text_of, wrong_kind, wrong_pattern


def _part(ask: Ask, side: str) -> pl.Expr:
    """What the pattern's one group catches; the whole without a pattern. Null, and so not compared, where it does not match: whether
    a value has its form is another rule's matter."""
    text = text_of(ask, f"column_{side}", ask.kwargs.get(f"valid_{side}"))
    pattern = ask.kwargs.get(f"part_{side}")
    return text if pattern is None else text.str.extract(pattern, 1)


def _differing(ask: Ask) -> pl.Expr:
    return _part(ask, "A") != _part(ask, "B")


def _wrong(kwargs: Mapping[str, Any]) -> str | None:
    for name in ("part_A", "part_B"):
        pattern = kwargs.get(name)
        if pattern is None:
            continue
        if wrong := wrong_pattern(pattern, name):
            return wrong
        if len(pl.Series([""]).str.extract_groups(pattern).struct.fields) != 1:
            return f"{name} 应有且只有一个捕获组（要比较的部分）；其余括号请写成 (?:…)"
    return wrong_kind(kwargs, "valid_A", "valid_B")


RULES = (
    RowRule(
        expectation="expect_column_pair_parts_to_be_equal",
        metric="column_pair_values.equal_parts",
        domain=Domain.COLUMN_PAIR,
        broken=_differing,
        values={"part_A": None, "part_B": None, "valid_A": None, "valid_B": None},
        ignore_row_if="either_value_is_missing",
        wrong=_wrong,
    ),
)
