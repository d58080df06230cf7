"""Identifiers with wrong digits: somebody of the same name is known under a number that differs in one slip.

A slip is: one digit wrong, two neighbours swapped, one digit missing or doubled; in a citizen id also a wrong district before the right
birth date and sequence; and a wrong sequence after the right district and birth date, where it is 000 (never given) or a rule misses
the number in a register. A valid citizen id is never one wrong digit or one swap away from another: the check digit sees both.
Candidates come from the names, not from trying digits: 180 variations a number would be made, and the name is needed anyway.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from expectations.rules.characters import ZERO, Bytes, Flags
from yishu.gate.suggestions.cases import CASE, LIKELY, no_proposals, only_one, proposals

WIDTH = 18
# One slip leaves one of three thirds as it was; a missing or doubled character leaves the first or the last eight.
_THIRDS = ((0, 6), (6, 6), (12, 6))
_ENDS = 8
_REASONS = {
    "one_digit": "与“{}”中同名者的号码只差一位",
    "swapped": "与“{}”中同名者的号码只是相邻两位颠倒",
    "missing_digit": "比“{}”中同名者的号码少一位",
    "extra_digit": "比“{}”中同名者的号码多一位",
    "district": "出生日期、顺序码与“{}”中同名者一致，只是前六位区划（及随之而变的校验码）不同",
    "sequence": "区划、出生日期与“{}”中同名者一致，只是顺序码（及校验码）不同",
}


class Accusation(NamedTuple):
    """cases: `_case`, `text`, `name` (`same_spelling`; a case has a row for each name beside it), `valid`, `unknown` (a rule
    misses the number in a register). known: as `known_names` gives it."""

    kind: str
    cases: pl.DataFrame
    known: pl.DataFrame


def near_misses(accusation: Accusation) -> pl.DataFrame:
    """Proposals where exactly one number of a namesake is one slip away."""
    cases = accusation.cases.drop_nulls(["text", "name"])
    # A number that is known under this very name is a candidate itself: the register that lacks it may be the one that is wrong.
    cases = cases.join(accusation.known, left_on=["text", "name"], right_on=["id", "name"], how="anti")
    known = accusation.known.join(cases.select("name").unique(), on="name", how="semi")
    if not cases.height or not known.height:
        return no_proposals()
    pairs = pl.concat([_same_length(cases, known, accusation.kind), _one_more_or_less(cases, known)])
    found = only_one(pairs.filter(pl.col("proposal") != pl.col("text")))
    parts = [
        proposals(part, f"{accusation.kind}.{slip[0]}", LIKELY, pl.format(_REASONS[str(slip[0])] + "，且为唯一候选", "register"))
        for slip, part in found.partition_by("slip", as_dict=True, maintain_order=True).items()
    ]
    return pl.concat([no_proposals(), *parts])


def _same_length(cases: pl.DataFrame, known: pl.DataFrame, kind: str) -> pl.DataFrame:
    whole = cases.filter(pl.col("text").str.len_bytes() == WIDTH)
    pairs = _pairs(whole, known, [(pl.col("text").str.slice(*third), pl.col("id").str.slice(*third)) for third in _THIRDS])
    delivered, right = _matrix(pairs["text"]), _matrix(pairs["proposal"])
    slips = {"one_digit": _one_digit(delivered, right), "swapped": _swapped(delivered, right)}
    if kind == "citizen_id":
        valid, unknown = pairs["valid"].to_numpy(), pairs["unknown"].to_numpy()
        nobodys = (valid & unknown) | (delivered[:, 14:17] == ZERO).all(axis=1)
        slips["district"] = valid & (delivered[:, 6:17] == right[:, 6:17]).all(axis=1)
        slips["sequence"] = nobodys & (delivered[:, :14] == right[:, :14]).all(axis=1)
    return _named(pairs, slips)


def _one_more_or_less(cases: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    parts = []
    for width, slip in ((WIDTH - 1, "missing_digit"), (WIDTH + 1, "extra_digit")):
        some = cases.filter(pl.col("text").str.len_bytes() == width)
        ends = [(pl.col("text").str.head(_ENDS), pl.col("id").str.head(_ENDS)), (pl.col("text").str.tail(_ENDS), pl.col("id").str.tail(_ENDS))]
        pairs = _pairs(some, known, ends)
        delivered, right = _matrix(pairs["text"], width), _matrix(pairs["proposal"])
        short, long = (delivered, right) if width < WIDTH else (right, delivered)
        parts.append(_named(pairs, {slip: _one_left_out(short, long)}))
    return pl.concat(parts)


def _pairs(cases: pl.DataFrame, known: pl.DataFrame, blocks: list[tuple[pl.Expr, pl.Expr]]) -> pl.DataFrame:
    """Each case with each number of a namesake that has one of the blocks in common: `_case`, `text`, `valid`, `unknown`, `proposal`,
    `register`."""
    found = []
    for here, there in blocks:
        both = cases.with_columns(_block=here).join(known.with_columns(_block=there), on=["name", "_block"])
        found.append(both.select(CASE, "text", "valid", "unknown", proposal="id", register="register"))
    # Two names beside one number may meet in two registers: which of them the reason tells must not change from night to night.
    return pl.concat(found).sort(CASE, "proposal", "register").unique([CASE, "proposal"], keep="first", maintain_order=True)


def _named(pairs: pl.DataFrame, slips: dict[str, Flags]) -> pl.DataFrame:
    """The pairs that one of the slips explains, with the first such as `slip`."""
    name = pl.coalesce(pl.when(pl.Series(slip, flags, dtype=pl.Boolean)).then(pl.lit(slip)) for slip, flags in slips.items())
    return pairs.with_columns(slip=name).filter(pl.col("slip").is_not_null())


def _matrix(texts: pl.Series, width: int = WIDTH) -> Bytes:
    """A row each text, a column each position."""
    flat = texts.cast(pl.Binary).bin.reinterpret(dtype=pl.Array(pl.UInt8, width)).to_numpy()
    return np.asarray(flat, dtype=np.uint8).reshape(-1, width)


def _one_digit(delivered: Bytes, right: Bytes) -> Flags:
    return np.asarray((delivered != right).sum(axis=1) == 1)


def _swapped(delivered: Bytes, right: Bytes) -> Flags:
    differs = delivered != right
    crossed = (delivered[:, :-1] == right[:, 1:]) & (delivered[:, 1:] == right[:, :-1]) & differs[:, :-1] & differs[:, 1:]
    return np.asarray((differs.sum(axis=1) == 2) & crossed.any(axis=1))


def _one_left_out(short: Bytes, long: Bytes) -> Flags:
    """Whether the longer one without one of its characters is the shorter one: the same up to some place, and after it."""
    size = short.shape[1]
    before: npt.NDArray[np.int64] = np.cumprod(short == long[:, :size], axis=1).sum(axis=1)
    after: npt.NDArray[np.int64] = np.cumprod((short == long[:, 1:])[:, ::-1], axis=1).sum(axis=1)
    return np.asarray(before + after >= size)
