"""The proposals held against the truth of a synthetic city: of each method how many were right, of each kind of defect how many got one."""

from pathlib import Path

import polars as pl

from yishu.catalogue.models import Catalogue
from yishu.gate.suggestions.suggesting import suggest
from yishu.lake.violations import open_violations

_PLACE = ["department", "resource", "file", "line", "rule"]
_SEXES = {"男": "1", "女": "2"}  # what a file may write for the codes of GB/T 2261.1


def judged(data: Path, catalogue: Catalogue) -> pl.DataFrame:
    """A row for each open violation that the truth explains by a defect of the accused column: `kind`, `method`, `confidence`
    (null without a proposal), `right`."""
    found = open_violations(data)
    proposed = suggest(data, catalogue, found).rename({"item": "column"})
    truth = pl.read_parquet(data / "truth" / "defects.parquet").unique(_PLACE, keep="first", maintain_order=True)
    accused = found.rename({"row_number": "line"}).join(truth.select(*_PLACE, "kind", "right_value", "column"), on=[*_PLACE, "column"])
    both = accused.join(proposed, on=["department", "resource", "rule", "subject", "column"], how="left", maintain_order="left")
    right = pl.col("right_value").replace(_SEXES)
    day = right.str.replace_all(r"[-/]", "") == pl.col("proposal").str.replace_all("-", "")  # a date in whatever form the file has
    return both.with_columns(right=(right == pl.col("proposal")).fill_null(False) | (pl.col("column").str.ends_with("_date") & day).fill_null(False))


def by_method(judgements: pl.DataFrame) -> pl.DataFrame:
    """method, confidence, proposed, right, precision."""
    given = judgements.filter(pl.col("method").is_not_null())
    counted = given.group_by("method", "confidence").agg(proposed=pl.len(), right=pl.col("right").sum())
    return counted.with_columns(precision=pl.col("right") / pl.col("proposed")).sort("confidence", "method")


def by_kind(judgements: pl.DataFrame) -> pl.DataFrame:
    """kind, violations, right, recall: of the kinds of defect that got any proposal."""
    counted = judgements.group_by("kind").agg(violations=pl.len(), proposed=pl.col("method").is_not_null().sum(), right=pl.col("right").sum())
    return counted.filter(pl.col("proposed") > 0).with_columns(recall=pl.col("right") / pl.col("violations")).sort("kind")
