"""What an address does not say and the register of standard addresses does, as far as exactly one answer fits.

Not here: reading the text (`places`, `parsing`).
"""

from collections.abc import Sequence
from typing import Final

import polars as pl

# In order: what tells -> what it tells. A level that is there already is never overwritten.
_STEPS: Final[tuple[tuple[Sequence[str], Sequence[str]], ...]] = (
    (("division_code", "community"), ("town",)),
    (("division_code", "quarter"), ("town",)),
    (("division_code", "street"), ("town",)),
    (("town",), ("division_code",)),
    (("town", "community"), ("division_code",)),
    (("town", "quarter"), ("division_code",)),
    (("town", "street"), ("division_code",)),
    (("community",), ("division_code", "town")),
    (("quarter",), ("division_code", "town")),
    (("street",), ("division_code", "town")),
    (("division_code", "town", "street"), ("community",)),
    (("division_code", "town", "quarter"), ("community",)),
)
# Where a street runs through several towns, its numbers may tell.
_NUMBERED_STEPS: Final[tuple[tuple[Sequence[str], Sequence[str]], ...]] = (
    (("division_code", "street", "number"), ("town",)),
    (("division_code", "town", "street", "number"), ("community",)),
    (("division_code", "town", "street", "number"), ("yard",)),
)


def inferred(frame: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """Levels division_code, town, community filled by the names of the others; only where no other place of the country is named."""
    for keys, targets in _STEPS:
        frame = _fill(frame, register, keys, targets)
    return frame


def inferred_by_number(frame: pl.DataFrame, register: pl.DataFrame) -> pl.DataFrame:
    """The same by door plates; and a plate as the register writes it: 12号 is 12号院 where the register has only that, or, of a number that it
    does not have, where it has only yards in the street."""
    bare = pl.col("door_plate_no").str.replace("号院?$", "号")
    numbered = register.drop_nulls(["street", "door_plate_no"]).with_columns(number=bare, yard="door_plate_no")
    frame = frame.with_columns(number=bare, yard=pl.lit(None, pl.String), ending=pl.lit(None, pl.String))
    for keys, targets in _NUMBERED_STEPS:
        frame = _fill(frame, numbered, keys, targets)
    frame = _fill(frame, numbered.with_columns(ending=pl.col("yard").str.extract("(号院?)$", 1)), ("division_code", "town", "street"), ("ending",))
    habit = pl.col("number").str.strip_suffix("号") + pl.col("ending")
    return frame.with_columns(door_plate_no=pl.coalesce("yard", habit, "door_plate_no")).drop("number", "yard", "ending")


def _fill(frame: pl.DataFrame, register: pl.DataFrame, keys: Sequence[str], targets: Sequence[str]) -> pl.DataFrame:
    told = register.select(*keys, *targets).drop_nulls().unique().filter(pl.len().over(keys) == 1)
    told = told.rename({target: f"_{target}" for target in targets})
    found = frame.join(told, on=list(keys), how="left", maintain_order="left")
    fits = pl.col("elsewhere").not_() & pl.all_horizontal(
        [pl.col(target).is_null() | (pl.col(target) == pl.col(f"_{target}")) for target in targets]
    )
    filled = [pl.when(fits).then(pl.coalesce(target, f"_{target}")).otherwise(target).alias(target) for target in targets]
    return found.with_columns(filled).drop([f"_{target}" for target in targets])
