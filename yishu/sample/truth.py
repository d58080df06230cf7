"""The truth about what was broken: a row for each (file, line, rule) that a defect may accuse, and for each defect
that no rule can see."""

from pathlib import Path

import polars as pl

from yishu.catalogue import Resource
from yishu.sample.chance import Ints
from yishu.sample.defects.book import Defect

SCHEMA = {
    "department": pl.String,
    "resource": pl.String,
    "file": pl.String,
    "line": pl.Int64,
    "column": pl.String,
    "kind": pl.String,
    "right_value": pl.String,
    "rule": pl.String,
}


def truth_of(rows: pl.DataFrame, lines: Ints, defects: list[Defect], resource: Resource, file: str) -> pl.DataFrame:
    """The truth of one file, line by line. A rule between resources accuses a row where its department finds it
    today: each file tells anew."""
    wrong = (
        rows.select("_defect", "_right").with_columns(pl.Series("line", lines)).filter(pl.col("_defect").is_not_null())
    )
    found: list[tuple[str, str, str, int, str | None, str, str | None, str | None]] = []
    for at, right, line in wrong.iter_rows():
        defect = defects[at]
        for rule in defect.rules or (None,):
            found.append((resource.department, resource.name, file, line, defect.column, defect.kind, right, rule))
    return pl.DataFrame(found, schema=SCHEMA, orient="row").sort("line", maintain_order=True)


def write_truth(parts: list[pl.DataFrame], data: Path) -> Path:
    """DIR/truth/defects.parquet, of all files together."""
    folder = data / "truth"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "defects.parquet"
    pl.concat([pl.DataFrame(schema=SCHEMA), *parts]).write_parquet(file)
    return file
