"""市住建局: houses as surveyed. Habits: names in place of codes, dates with hyphens."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.estate import DWELLING, is_titled
from yishu.sample.places import VILLAGE
from yishu.sample.tables.addresses import levels, storeys_of, unit_codes
from yishu.sample.tables.text import amounts, choice, codes, dates, where
from yishu.sample.world import World

_UNKNOWN, _UNSEEN = 20, 50  # one in so many
_STRUCTURES = ("混合结构", "钢筋混凝土结构", "砖木结构")


def surveyed(world: World) -> Ints:
    """Sites with a title, but for those built before records were kept."""
    known = is_titled(world.estate.sites) & (np.arange(len(world.estate.sites)) % _UNKNOWN != 0)
    return np.flatnonzero(known)


def houses(world: World, positions: Ints) -> pl.DataFrame:
    sites = world.estate.sites.take(positions)
    structure = np.where(sites.style != VILLAGE, (sites.storeys > 18).astype(np.int64), 2 - sites.storeys % 2 * 2)
    return pl.DataFrame(
        {
            "_subject": positions,
            "unit_code": unit_codes(sites, world.estate.parcels),
            "house_no": "FW" + codes(positions + 1, 9),
            "location": levels(sites)["full_address"],
            "planned_use": choice(sites.use == DWELLING, "住宅", "商业"),
            "structure": where(positions % _UNSEEN != 3, pl.Series(_STRUCTURES).gather(structure)),
            "floor_area_square_metres": amounts(sites.area),
            "storey": codes(storeys_of(sites)),
            "storeys": codes(sites.storeys),
            "completed_date": where(positions % _UNSEEN != 5, dates(sites.completed_day, "%Y-%m-%d")),
        }
    )
