"""Accused rows in the forms that GX's results take: values, places, a query, rows. For people who ask GX for them; the
gate itself takes keys only (`PolarsExecutionEngine.keys`) and shows nobody's values."""

from typing import TYPE_CHECKING, Any

import polars as pl

from expectations.engine.row_rule import Domain

if TYPE_CHECKING:
    from expectations.engine.seam import Sample


def needs_rows(sample: "Sample") -> bool:
    """Whether the frame has to be read for it. Values that are to be left out are not looked at: they are people's data."""
    excluded = sample.kind == ".unexpected_values" and sample.result_format.get("exclude_unexpected_values")
    return not excluded and sample.kind != ".unexpected_index_query"


def shown(sample: "Sample", accused: pl.DataFrame | None, index: str, schema: pl.Schema) -> Any:
    """What GX expects of the sample's metric; `accused` is None where nobody is. All of it for COMPLETE, else the first few."""
    asked = sample.result_format
    if sample.kind == ".unexpected_index_query":
        # None of the expression's text is a value of the frame, only the rule's own kwargs.
        return None if asked.get("return_unexpected_index_query") is False else f"frame.filter({sample.predicate})"
    if accused is None:
        return pl.DataFrame(schema=schema).to_pandas() if sample.kind == ".unexpected_rows" else []
    rows = accused if asked["result_format"] == "COMPLETE" else accused.head(asked["partial_unexpected_count"])
    match sample.kind:
        case ".unexpected_values":
            return [] if asked.get("exclude_unexpected_values") else _values(sample, rows)
        case ".unexpected_index_list":
            return _places(sample, rows, index)
        case _:
            return rows.drop(index).to_pandas(date_as_object=True)


def _values(sample: "Sample", rows: pl.DataFrame) -> list[Any]:
    columns = list(sample.columns)
    if sample.rule.domain is Domain.COLUMN:
        return rows[columns[0]].to_list()
    return rows.select(columns).rows() if sample.rule.domain is Domain.COLUMN_PAIR else rows.select(columns).to_dicts()


def _places(sample: "Sample", rows: pl.DataFrame, index: str) -> list[Any]:
    """Row numbers from 0; or, where columns are named to tell rows apart, those and the rule's own."""
    names = sample.result_format.get("unexpected_index_column_names")
    if not names:
        return rows[index].to_list()
    if sample.result_format.get("exclude_unexpected_values"):
        return [{name: rows[name].to_list() for name in names}] if rows.height else []
    return rows.select(list(dict.fromkeys((*sample.columns, *names)))).to_dicts()
