"""市中级法院: companies on the list of defaulters, as it stands. Habits: case numbers in full-width brackets."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.legal_entities import entity_names
from yishu.sample.tables.text import codes, dates
from yishu.sample.vocabulary import DIVISIONS
from yishu.sample.world import World


def listed(world: World) -> Ints:
    return np.flatnonzero(world.credit.defaulters.listed == 1)


def defaulters(world: World, positions: Ints) -> pl.DataFrame:
    chosen = world.credit.defaulters.take(positions)
    seats = world.seats.take(chosen.entity)
    return pl.DataFrame(
        {
            "_subject": positions,
            "credit_code": world.credit_code.gather(chosen.entity),
            "name": entity_names(world.entities.take(chosen.entity), seats),
            "case_no": "（" + dates(chosen.listed_day, "%Y") + "）豫04执" + codes(chosen.serial) + "号",
            "court_name": pl.Series([f"{name}人民法院" for _, name, _, _ in DIVISIONS]).gather(seats.division),
            "performance": pl.Series(["全部未履行", "部分未履行"]).gather(chosen.serial % 2),
            "amount_yuan": codes(chosen.amount),
            "listed_date": dates(chosen.listed_day, "%Y-%m-%d"),
        }
    )
