"""What the desk's decisions mean for the lake: which violations are muted, and which doubts stand.

Read from the pool of desk.annotation, where decisions arrive as deliveries like any other; the last word on a subject counts, in ledger
order. Not here: how they get there (yishu/ingest/desk_source.py), nor what a doubt says of today's row (yishu/gate/doubts.py).
"""

from functools import lru_cache
from pathlib import Path

import polars as pl

from yishu.lake import delta

IDENTITY = ["department", "resource", "rule", "subject"]
_SAID = {"annotation_id": pl.String, "kind": pl.String, **dict.fromkeys(IDENTITY, pl.String), "item_name": pl.String, "value_hash": pl.String,
         "entity_key": pl.String, "decided_on": pl.Date, "_delivery_id": pl.String, "_delivery_seq": pl.Int64, "_row_number": pl.Int64}  # fmt: skip


def annotations_path(data: Path) -> Path:
    return data / "pool" / "desk" / "annotation"


def annotations(data: Path) -> pl.DataFrame:
    """Every decision, in ledger order: annotation_id, kind, IDENTITY, item_name, value_hash, entity_key, decided_on, origin."""
    path = annotations_path(data)
    state = delta.state(path)
    return pl.DataFrame(schema=_SAID) if state is None else _said(path, state)


def mutes(data: Path) -> pl.DataFrame:
    """department, resource, rule, subject, value_hash: the accepted refusals that nobody has revoked."""
    said = _last_words(annotations(data), "refusal_accepted", "refusal_revoked")
    return said.filter(pl.col("kind") == "refusal_accepted").select(*IDENTITY, "value_hash")


def doubts(data: Path) -> pl.DataFrame:
    """The doubts that stand, as in `annotations`: one a rule and subject, that of the last doubter, unless withdrawn after it."""
    return _last_words(annotations(data), "doubt", "doubt_withdrawn").filter(pl.col("kind") == "doubt")


def _last_words(said: pl.DataFrame, *kinds: str) -> pl.DataFrame:
    return said.filter(pl.col("kind").is_in(kinds)).unique(IDENTITY, keep="last", maintain_order=True)


# Every settling of a night asks, and between two deliveries of the desk the answer is the same.
@lru_cache(maxsize=1)
def _said(path: Path, state: delta.State) -> pl.DataFrame:
    frame = delta.read(path, columns=_SAID)
    # A pool of before links were decided has no entity_key yet.
    there = [pl.col(name).cast(type_) if name in frame.columns else pl.lit(None, type_).alias(name) for name, type_ in _SAID.items()]
    return frame.select(there).sort("_delivery_seq", "_row_number")
