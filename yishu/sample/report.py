"""What the sample made: files, rows and defects, as the command line prints them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from yishu.sample.truth import CONFLICT


@dataclass(frozen=True)
class DeliveredFile:
    """One file in the landing folder. `records` counts what a reader would call records, broken ones included."""

    resource: str
    as_of: date
    file: Path
    records: int
    bytes: int


@dataclass
class SampleReport:
    """`defects`: how many lines of all files hold a defect of each kind."""

    persons: int
    days: int
    seed: int
    files: list[DeliveredFile] = field(default_factory=list)
    defects: dict[str, int] = field(default_factory=dict)
    truth: Path | None = None

    @property
    def rows(self) -> dict[tuple[str, str], int]:
        """Records by resource and file name: departments name their files alike."""
        return {(delivered.resource, delivered.file.name): delivered.records for delivered in self.files}

    def count(self, truth: pl.DataFrame) -> None:
        """What is broken; a conflict is counted where it comes from."""
        lines = (
            truth.filter(~pl.col("rule").str.starts_with(CONFLICT).fill_null(False))
            .unique(["department", "file", "line", "kind"])["kind"]
            .value_counts()
            .sort("count", "kind", descending=[True, False])
        )
        self.defects = dict(lines.iter_rows())

    def lines(self) -> Iterator[str]:
        """The report in Chinese, line by line."""
        yield f"合成城市：{self.persons:,} 名户籍人口，{self.days} 天，随机种子 {self.seed}"
        for delivered in self.files:
            size = f"{delivered.records:>10,} 行  {delivered.bytes / 1e6:>8.1f} MB"
            yield f"  {delivered.as_of}  {delivered.resource:<36} {size}  {delivered.file.name}"
        yield f"缺陷共 {sum(self.defects.values()):,} 行，{len(self.defects)} 种（真值见 {self.truth}）"
        yield "  " + "、".join(f"{kind} {count:,}" for kind, count in self.defects.items())
