"""Codes outside their list that say which code is meant: a name for its code, width, lost zeros, a division that was abolished.

Only what the list itself decides: a word that merely resembles a name is left to the department.
"""

import polars as pl

from expectations.rules.successors import division_successors
from yishu.catalogue.models import CodeList
from yishu.gate.suggestions.cases import CASE, CERTAIN, LIKELY, Accused, proposals

_DIVISIONS = "GB/T 2260"


def listed(accused: Accused, codes: CodeList) -> pl.DataFrame:
    """Proposals for one code item."""
    cases = accused.rows.select(CASE, text=_plain(pl.col(f"{accused.item.name}__text")), present=accused.item.name)
    cases = cases.filter(pl.col("text").is_not_null() & pl.col("present").is_null())
    found = [_named(cases, codes), _as_code(cases, codes), _without_zeros(cases, codes)]
    if codes.standard == _DIVISIONS:
        found.append(_succeeded(cases, codes))
    return pl.concat(found).unique(CASE, keep="first", maintain_order=True)


def _plain(text: pl.Expr) -> pl.Expr:
    return text.str.normalize("NFKC").str.replace_all(r"[\s\p{Cf}]", "")


def _looked_up(cases: pl.DataFrame, meant: pl.DataFrame) -> pl.DataFrame:
    """meant: text, proposal; a text that means two codes means none."""
    alone = meant.unique().filter(pl.len().over("text") == 1)
    return cases.join(alone, on="text", maintain_order="left")


def _named(cases: pl.DataFrame, codes: CodeList) -> pl.DataFrame:
    meant = pl.DataFrame({"text": list(codes.entries.values()), "proposal": list(codes.entries)}, schema_overrides={"text": pl.String})
    found = _looked_up(cases, meant.with_columns(_plain(pl.col("text"))))
    return proposals(found, "code.name", CERTAIN, f"填的是代码表中的名称，应填其代码（{codes.standard}）")


def _as_code(cases: pl.DataFrame, codes: CodeList) -> pl.DataFrame:
    found = cases.filter(pl.col("text").is_in(list(codes.entries))).with_columns(proposal="text")
    return proposals(found, "code.form", CERTAIN, f"代码本身在代码表中，只是用了全角字符或含空格（{codes.standard}）")


def _without_zeros(cases: pl.DataFrame, codes: CodeList) -> pl.DataFrame:
    padded = [code for code in codes.entries if code.isdigit() and code.startswith("0")]
    meant = pl.DataFrame({"text": [code.lstrip("0") for code in padded], "proposal": padded}, schema={"text": pl.String, "proposal": pl.String})
    found = _looked_up(cases, meant.filter(~pl.col("text").is_in(["", *codes.entries])))
    return proposals(found, "code.zeros", LIKELY, f"像是丢了前导零，补零后为代码表中唯一的代码（{codes.standard}）")


def _succeeded(cases: pl.DataFrame, codes: CodeList) -> pl.DataFrame:
    successors = division_successors().select(text="code", proposal="successor", year="year")
    found = cases.join(successors, on="text", maintain_order="left").filter(pl.col("proposal").is_in(list(codes.entries)))
    reason = pl.format("该行政区划已于 {} 年撤销，据平台所列，此为唯一承接其区域的现行代码（未与区划批复核对）", "year")
    return proposals(found, "division.successor", LIKELY, reason)
