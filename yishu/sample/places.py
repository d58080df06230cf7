"""Addresses: where households live and companies sit, and how an address is written out.

An address is whole numbers into the vocabulary; only `written` makes text of it.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from yishu.sample.chance import Ints, between, weighted
from yishu.sample.columns import Columns
from yishu.sample.vocabulary import DIVISIONS, QUARTERS, ROADS, VILLAGES

ROAD, QUARTER, VILLAGE = 0, 1, 2
DIVISION_CODES = [code for code, _, _, _ in DIVISIONS]
TOWNS = [town for _, _, _, towns in DIVISIONS for town in towns]
TOWN_DIVISIONS = [at for at, (_, _, _, towns) in enumerate(DIVISIONS) for _ in towns]
_FIRST_TOWN = np.cumsum([0, *(len(towns) for _, _, _, towns in DIVISIONS)])
_IS_STREET = np.array([town.endswith("街道") for town in TOWNS])
# One address in two hundred carries a comma, which a CSV file has to quote: a legitimate trap for readers.
_SHARE_WITH_COMMA = 0.005


@dataclass
class Addresses(Columns):
    """division: position in DIVISIONS; town: in the list of all towns; style 0 road, 1 quarter, 2 village; comma:
    written with a remark."""

    division: Ints
    town: Ints
    style: Ints
    street: Ints
    number: Ints
    building: Ints
    unit: Ints
    room: Ints
    comma: Ints


def draw_addresses(rng: np.random.Generator, size: int, division: Ints | None = None) -> Addresses:
    """New addresses, in the given divisions or anywhere in the city in proportion to population."""
    if division is None:
        division = weighted(rng, [weight for _, _, weight, _ in DIVISIONS], size)
    town = between(rng, _FIRST_TOWN[division], _FIRST_TOWN[division + 1] - 1, size)
    style = np.where(_IS_STREET[town], (rng.random(size) < 0.6).astype(np.int64), 2)
    choices = np.array([len(ROADS), len(QUARTERS), len(VILLAGES)])[style]
    return Addresses(
        division=division,
        town=town,
        style=style,
        street=between(rng, 0, choices - 1, size),
        number=between(rng, 1, 260, size),
        building=between(rng, 1, 24, size),
        unit=between(rng, 1, 4, size),
        room=between(rng, 1, 18, size) * 100 + between(rng, 1, 4, size),
        comma=(rng.random(size) < _SHARE_WITH_COMMA).astype(np.int64),
    )


def division_codes(addresses: Addresses) -> pl.Series:
    """GB/T 2260 codes, as text."""
    return pl.Series(DIVISION_CODES).gather(addresses.division)


def written(addresses: Addresses) -> pl.Series:
    """The full address as one text, from the province down to the room."""
    start = pl.Series(
        [f"河南省平顶山市{name}" if name.endswith("区") else f"河南省{_county(name)}" for _, name, _, _ in DIVISIONS]
    )
    frame = pl.DataFrame(
        {
            "start": start.gather(addresses.division) + pl.Series(TOWNS).gather(addresses.town),
            "style": addresses.style,
            "road": pl.Series(ROADS).gather(addresses.street % len(ROADS)),
            "quarter": pl.Series(QUARTERS).gather(addresses.street % len(QUARTERS)),
            "village": pl.Series(VILLAGES).gather(addresses.street % len(VILLAGES)),
            "number": addresses.number,
            "building": addresses.building,
            "unit": addresses.unit,
            "room": addresses.room,
            "comma": addresses.comma,
        }
    )
    text = (
        pl.when(pl.col("style") == 0)
        .then(pl.format("{}{}{}号院{}号楼{}室", "start", "road", "number", "building", "room"))
        .when(pl.col("style") == 1)
        .then(pl.format("{}{}{}号楼{}单元{}室", "start", "quarter", "building", "unit", "room"))
        .otherwise(pl.format("{}{}村{}组{}号", "start", "village", "building", "number"))
    )
    remark = pl.when(pl.col("comma") == 1).then(pl.lit(",临街门面东侧")).otherwise(pl.lit(""))
    return frame.select((text + remark).alias("address")).to_series()


def _county(name: str) -> str:
    return name if name.endswith("市") else f"平顶山市{name}"
