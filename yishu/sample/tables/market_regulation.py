"""市市场监管局: the register of companies and businesses. Habits: dates with a time of midnight, scopes over two
lines, quotes within quotes."""

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.legal_entities import INDIVIDUAL, entity_names, registration_numbers, scopes
from yishu.sample.people import NONE, full_names
from yishu.sample.places import division_codes, written
from yishu.sample.tables.text import always, codes, dates, where
from yishu.sample.vocabulary import TRADES
from yishu.sample.world import World


def enterprises(world: World, positions: Ints) -> pl.DataFrame:
    entities, seats = world.entities.take(positions), world.seats.take(positions)
    # An individual business may be registered without the number of its owner: legitimate, the item is optional.
    shown = (entities.kind != INDIVIDUAL) | (entities.serial % 10 != 0)
    return pl.DataFrame(
        {
            "_subject": positions,
            "credit_code": world.credit_code.gather(positions),
            "registration_no": registration_numbers(entities),
            "name": entity_names(entities, seats),
            "entity_type": codes(entities.kind),
            "industry_code": pl.Series([code for code, _, _ in TRADES]).gather(entities.trade),
            "industry_edition": always("2017", len(entities)),
            "representative_name": full_names(world.persons, entities.representative),
            "representative_citizen_id": where(shown, world.citizen_id.gather(entities.representative)),
            "registered_capital_wan_yuan": where(
                entities.capital != NONE, codes(np.maximum(entities.capital, 0)) + ".00"
            ),
            "capital_currency": where(entities.capital != NONE, always("156", len(entities))),
            "division_code": division_codes(seats),
            "address": written(seats),
            "established_date": dates(entities.established_day, "%Y-%m-%d 00:00:00"),
            "status": codes(entities.status),
            "scope": scopes(entities),
        }
    )
