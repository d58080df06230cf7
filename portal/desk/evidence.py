"""From the lake's frames to what the desk compares: which subjects fail, and which closing is proved for the others.

Pure: frames in, dictionaries out; no Django. The order of rows makes no difference to the result.
"""

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl

CLOSINGS = ("corrected", "withdrawn", "corrected_or_withdrawn", "rule_changed", "refused")


class Subject(NamedTuple):
    """What a ticket item is about; the identity under which nights recognise it."""

    department: str
    resource: str
    rule: str
    subject: str


class Failure(NamedTuple):
    """Where a subject fails as of now: the first row of the newest delivery that accuses it."""

    file: str
    row_number: int | None
    row_count: int
    delivery_id: str
    delivery_seq: int
    gate_run: int
    since: date | None
    column: str
    message: str
    severity: str
    dimension: str
    clause: str
    value_hash: str


class Proposal(NamedTuple):
    """What the right value may be, and why: never applied by itself. Empty where nothing can be inferred."""

    proposal: str = ""
    proposal_item: str = ""
    proposal_reason: str = ""


class Closing(NamedTuple):
    """How a subject stopped failing, and the gate run that saw it."""

    closing: str
    closed_run: int | None


def failures(violations: "pl.DataFrame") -> dict[Subject, Failure]:
    """The failing subjects, in order. Advisory violations are counted elsewhere and never become work."""
    import polars as pl

    if violations.is_empty():
        return {}
    _has_columns(violations, [*Subject._fields, *(field for field in Failure._fields if field != "row_count")])
    failing = violations.filter(pl.col("severity").ne_missing("advisory"))
    if "closed_run" in violations.columns:
        failing = failing.filter(pl.col("closed_run").is_null())
    _has_subjects(failing)
    newest = failing.filter(pl.col("delivery_seq").fill_null(0) == pl.col("delivery_seq").fill_null(0).max().over(Subject._fields))
    in_order = newest.sort([*Subject._fields, "file", "row_number", "gate_run", "message"], nulls_last=True)
    first = in_order.group_by(Subject._fields, maintain_order=True).agg(pl.all().first(), row_count=pl.len())
    filled = first.with_columns(
        pl.col("file", "delivery_id", "column", "message", "severity", "dimension", "clause", "value_hash").cast(pl.String).fill_null(""),
        pl.col("delivery_seq", "gate_run").fill_null(0),
    )
    return {Subject(*row[:4]): Failure(*row[4:]) for row in filled.select(*Subject._fields, *Failure._fields).iter_rows()}


def proved_closings(closings: "pl.DataFrame") -> dict[Subject, Closing]:
    """The proof for each subject that no longer fails; `superseded` (failed again) proves nothing."""
    import polars as pl

    if closings.is_empty():
        return {}
    _has_columns(closings, [*Subject._fields, *Closing._fields])
    proved = closings.filter(pl.col("closing").is_not_null() & pl.col("closing").ne_missing("superseded"))
    _has_subjects(proved)
    unknown = sorted(set(proved["closing"].to_list()) - set(CLOSINGS))
    if unknown:
        raise ValueError(f"closings 中有未知的办结方式 {unknown}；可用：{'、'.join(CLOSINGS)}")
    last = proved.sort([*Subject._fields, "closed_run", "closing"]).unique(Subject._fields, keep="last", maintain_order=True)
    return {Subject(*row[:4]): Closing(*row[4:]) for row in last.select(*Subject._fields, *Closing._fields).iter_rows()}


def proposals(suggestions: "pl.DataFrame | None") -> dict[Subject, Proposal]:
    """The proposal for each subject, of at most one a subject: what contradicts itself proposes nothing."""
    if suggestions is None or suggestions.is_empty():
        return {}
    _has_columns(suggestions, [*Subject._fields, "proposal", "item", "reason"])
    single = suggestions.unique([*Subject._fields, "proposal", "item"], maintain_order=True).unique(list(Subject._fields), keep="none")
    return {Subject(*row[:4]): Proposal(*row[4:]) for row in single.select(*Subject._fields, "proposal", "item", "reason").iter_rows()}


def _has_columns(frame: "pl.DataFrame", wanted: list[str]) -> None:
    missing = [column for column in wanted if column not in frame.columns]
    if missing:
        raise ValueError(f"违规数据缺少列：{'、'.join(missing)}；请检查 violations 表的结构")


def _has_subjects(frame: "pl.DataFrame") -> None:
    """A null in the identity would merge unrelated subjects into one item."""
    for column in Subject._fields:
        if frame[column].null_count():
            raise ValueError(f"违规数据的 {column} 列有空值，无法确定对象；请检查产生该行的检查规则")
