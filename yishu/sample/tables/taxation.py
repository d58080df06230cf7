"""市税务局: tax credit grades of companies. Habits: points with two decimals, dates as eight digits."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.credit import GRADES
from yishu.sample.legal_entities import entity_names
from yishu.sample.tables.text import amounts, codes, dates
from yishu.sample.world import World


def tax_credits(world: World, positions: Ints) -> pl.DataFrame:
    chosen = world.credit.tax.take(positions)
    assessed_year = (np.full(len(chosen), world.today).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64)) + 1970 - 1
    return pl.DataFrame(
        {
            "_subject": positions,
            "credit_code": world.credit_code.gather(chosen.entity),
            "name": entity_names(world.entities.take(chosen.entity), world.seats.take(chosen.entity)),
            "tax_year": codes(assessed_year),
            "tax_grade": pl.Series(GRADES).gather(chosen.grade),
            "tax_points": amounts(chosen.points),
            "assessed_date": dates(chosen.assessed_day, "%Y%m%d"),
        }
    )
