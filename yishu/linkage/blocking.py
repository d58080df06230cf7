"""How many pairs a comparison would make, before any is made: too common values find no candidates, too many pairs are refused.

A default value in one column (one telephone for everybody) would pair everybody with everybody. Such values are left out as ways to find
candidates; the record is still found by its other values, and the value is still compared.
"""

import polars as pl

from yishu.linkage.kinds import Kind

COMMON = 300  # entities that share a value: from there on it tells nobody apart, and other values must find them
LARGEST = 30_000_000  # pairs; scoring takes about a minute for so many on two cores


class TooManyPairs(ValueError):
    """Comparing would make more pairs than can be scored in a night: how many, by which value, and the way out, in Chinese."""


def without_common(known: pl.DataFrame, kind: Kind) -> pl.DataFrame:
    """The entities with those blocks null that more than COMMON share."""
    return known.with_columns(pl.when(pl.len().over(block) <= COMMON).then(pl.col(block)).alias(block) for block in kind.blocks)


def count_pairs(records: pl.DataFrame, known: pl.DataFrame, kind: Kind) -> dict[str, int]:
    """Pairs that each block makes, by its name; a pair that two blocks make is counted twice."""
    counted = {}
    for block in kind.blocks:
        ours, theirs = (frame.select(block).drop_nulls().group_by(block).len() for frame in (records, known))
        both = ours.join(theirs, on=block, suffix="_known")
        counted[block] = int((both["len"].cast(pl.Int64) * both["len_known"].cast(pl.Int64)).sum())
    return counted


def refuse_explosion(pairs: dict[str, int], kind: Kind, largest: int = LARGEST) -> None:
    """Raises TooManyPairs, naming the way to find candidates that makes most of them."""
    total = sum(pairs.values())
    if total > largest:
        worst = max(pairs, key=lambda block: pairs[block])
        raise TooManyPairs(
            f"{kind.title}：待关联记录与已知实体要比较 {total:,} 对，超过上限 {largest:,} 对，其中按 {worst} 查找的占 {pairs[worst]:,} 对。"
            f"请核对该项是否被大量填成默认值；确需比较的，请在 yishu/linkage 中收窄 {worst} 的查找条件"
        )
