"""The truth about what was broken: a row for each (file, line, rule) that a defect may accuse, and for each defect
that no rule can see."""

from datetime import date
from pathlib import Path

import polars as pl

from yishu.catalogue import Resource
from yishu.sample.chance import Ints
from yishu.sample.defects.book import Defect

CONFLICT = "conflict."  # rules of this beginning tell who may be right: no accusation
SCHEMA = {
    "department": pl.String,
    "resource": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "column": pl.String,
    "kind": pl.String,
    "right_value": pl.String,
    "rule": pl.String,
    "night": pl.Date,
}


def truth_of(
    rows: pl.DataFrame, lines: Ints, defects: list[Defect], resource: Resource, file: str, as_of: date
) -> pl.DataFrame:
    """The truth of one file, line by line, from the night of `as_of` on. A rule between resources accuses a row where
    its department finds it today: each file tells anew."""
    wrong = (
        rows.select("_defect", "_right").with_columns(pl.Series("line", lines)).filter(pl.col("_defect").is_not_null())
    )
    found: list[tuple[object, ...]] = []
    for at, right, line in wrong.iter_rows():
        defect = defects[at]
        for rule in defect.rules or (None,):
            found.append((resource.department, resource.name, file, line, defect.column, defect.kind, right, rule, as_of))
    return pl.DataFrame(found, schema=SCHEMA, orient="row").sort("line", maintain_order=True)


def _seen(truth: pl.DataFrame) -> pl.DataFrame:
    """A defect that no rule of its own table can see may be seen from another one: then it is not unseen. A conflict accuses nobody."""
    place = ["department", "resource", "file", "line", "kind"]
    seen = truth.filter(~pl.col("rule").str.starts_with(CONFLICT)).select(place).unique()
    unseen = truth.filter(pl.col("rule").is_null()).join(seen, on=place, how="semi")
    return truth.join(unseen, on=truth.columns, how="anti", nulls_equal=True, maintain_order="left") if unseen.height else truth


def write_truth(parts: list[pl.DataFrame], data: Path) -> Path:
    """DIR/truth/defects.parquet, of all files together."""
    folder = data / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "defects.parquet"
    _seen(pl.concat([pl.DataFrame(schema=SCHEMA), *parts])).write_parquet(file)
    return file
