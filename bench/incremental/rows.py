"""Eight sources of one entity shaped like person, and a night that changes some of its keys. Synthetic: no number has a valid check digit.

Not here: how rows are stored (pools), which source outranks which (models; it follows the order of SOURCES).
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

FIRST_NIGHT, SECOND_NIGHT = date(2026, 3, 1), date(2026, 3, 2)
# Of the keys that move.
NEW_SHARE, VANISHING_SHARE, LEAVING_SHARE = 0.05, 0.05, 0.05
# source -> share of the keys it knows, attributes it claims; the first outranks the second, and so on.
SOURCES: dict[str, tuple[float, tuple[str, ...]]] = {
    "resident": (1.0, ("full_name", "former_name", "sex", "ethnicity", "birth_date", "household_no", "registered_division_code",
                       "registered_address", "phone", "marital_status")),
    "birth_registration": (0.1, ("full_name", "sex", "birth_date")),
    "residence_registration": (0.25, ("full_name", "sex", "birth_date", "residence_division_code", "residence_address", "phone")),
    "pension_insured": (0.6, ("full_name", "sex", "birth_date", "pension_insurance_type", "pension_insured_date")),
    "medical_insured": (0.7, ("full_name", "sex", "birth_date", "medical_insured_status", "medical_insured_date")),
    "pension": (0.1, ("full_name", "pension_monthly_yuan", "retired_date")),
    "student": (0.15, ("full_name", "sex", "ethnicity", "birth_date", "student_status")),
    "housing_fund": (0.2, ("full_name", "housing_fund_base_yuan")),
}  # fmt: skip
ATTRIBUTES = tuple(dict.fromkeys(attribute for _, attributes in SOURCES.values() for attribute in attributes))
ORIGIN = ("_key", "_delivery_id", "_delivery_seq", "_row_number", "_as_of", "_invalid")


def kind_of(attribute: str) -> str:
    """date, double or string: the attribute's type, in words that DuckDB and Spark share."""
    return "date" if attribute.endswith("_date") else "double" if attribute.endswith("_yuan") else "string"


@dataclass(frozen=True)
class Night:
    """One source before and after a night. arriving: rows that are new or other; leaving: `_key` of those that are gone."""

    before: pl.DataFrame
    after: pl.DataFrame
    arriving: pl.DataFrame
    leaving: pl.DataFrame


def nights(keys: int, share: float, seed: int = 7) -> dict[str, Night]:
    """Every source of `keys` keys over a night in which `share` of them have a row that changed, left or came.

    Of the keys that move one in twenty is new, one in twenty leaves every source, of one in twenty a single row leaves; the rest have another row.
    """
    random = np.random.default_rng(seed)
    before = {source: _rows(source, np.flatnonzero(random.random(keys) < known), 1, random) for source, (known, _) in SOURCES.items()}
    moving = random.choice(keys, size=max(3, round(keys * share)), replace=False)
    new, vanishing = (max(1, round(moving.size * part)) for part in (NEW_SHARE, VANISHING_SHARE))
    gone, staying = pl.DataFrame({"_key": _keys(moving[new : new + vanishing])}), pl.DataFrame({"_key": _keys(moving[new + vanishing :])})
    # Each of the others in one of the sources that know it, by lot.
    rows = pl.concat([frame.select("_key", pl.lit(source).alias("source")).join(staying, on="_key", how="semi") for source, frame in before.items()])
    chosen = rows.sample(fraction=1, shuffle=True, seed=seed).unique("_key", keep="first", maintain_order=True)
    return {
        source: _night(
            source,
            before[source],
            other=chosen.filter(pl.col("source") == source)["_key"].sort(),
            gone=gone,
            born=keys + np.flatnonzero(random.random(new) < known),
            random=random,
        )
        for source, (known, _) in SOURCES.items()
    }


def _night(source: str, before: pl.DataFrame, other: pl.Series, gone: pl.DataFrame, born: np.ndarray, random: np.random.Generator) -> Night:
    leaves = pl.Series(random.random(other.len()) < LEAVING_SHARE)
    leaving = pl.concat([other.filter(leaves).to_frame("_key"), before.select("_key").join(gone, on="_key", how="semi")])
    changed = other.filter(~leaves).str.slice(6).cast(pl.Int64).to_numpy()
    arriving = _rows(source, np.concatenate([changed, born]), 2, random)
    moved = pl.concat([leaving, other.to_frame("_key")]).unique()
    after = pl.concat([before.join(moved, on="_key", how="anti"), arriving]).sort("_key")
    return Night(before, after, arriving, leaving)


def _keys(numbers: np.ndarray) -> pl.Series:
    return "410402" + pl.Series(numbers).cast(pl.String).str.zfill(12)


def _rows(source: str, numbers: np.ndarray, delivery: int, random: np.random.Generator) -> pl.DataFrame:
    """Rows as a pool has them. One in five hundred has an identifier that broke its rule: it belongs to nobody."""
    key = _keys(numbers).alias("_key")
    wrong = pl.Series(random.random(numbers.size) < 0.002)
    day = FIRST_NIGHT if delivery == 1 else SECOND_NIGHT
    frame = pl.DataFrame({"_key": key, "citizen_id": key, "_row_number": np.arange(2, numbers.size + 2, dtype=np.int64)})
    return frame.with_columns(
        *(_values(attribute, numbers, random).alias(attribute) for attribute in SOURCES[source][1]),
        _delivery_id=pl.lit(f"{source}-{delivery}"),
        _delivery_seq=pl.lit(delivery, pl.Int64),
        _as_of=pl.lit(day, pl.Date),
        _invalid=pl.select(pl.when(wrong).then(pl.lit("|citizen_id|"))).to_series(),
    )


def _values(attribute: str, numbers: np.ndarray, random: np.random.Generator) -> pl.Series:
    """What a source says: mostly what all say of the key, one time in fifty something else, one in twenty nothing."""
    said = (numbers * 7919 + ATTRIBUTES.index(attribute) * 104729) % 1_000_003
    said = np.where(random.random(numbers.size) < 0.02, random.integers(0, 1_000_003, numbers.size), said)
    silent = pl.Series(random.random(numbers.size) < 0.05)
    if kind_of(attribute) == "date":
        values = pl.Series(np.datetime64("1950-01-01") + said % 25_000).cast(pl.Date)
    elif kind_of(attribute) == "double":
        values = pl.Series(said % 20_000 / 4)
    else:
        width = 1_000_003 if attribute.endswith(("_no", "_address", "phone")) else 4_000 if attribute.endswith("_name") else 8
        values = pl.Series(said % width).cast(pl.String)
        values = "建设路" + values + "号" if attribute.endswith("_address") else values
    return pl.select(pl.when(~silent).then(values)).to_series()
