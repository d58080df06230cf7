"""市民政局 and 市编办: the registers of social organisations and of public institutions, kept in Excel. Habits: names in place of codes."""

import numpy as np
import polars as pl

from yishu.sample.bodies import INSTITUTION, Bodies, body_codes, body_names, competent_authorities
from yishu.sample.chance import Ints
from yishu.sample.people import full_names
from yishu.sample.places import Addresses, division_codes, written
from yishu.sample.tables.text import codes, dates
from yishu.sample.world import World

_STATES = pl.Series(["", "存续", "吊销", "注销"])
_VALID_YEARS = 5


def social(world: World) -> Ints:
    return np.flatnonzero(world.bodies.kind != INSTITUTION)


def public(world: World) -> Ints:
    return np.flatnonzero(world.bodies.kind == INSTITUTION)


def social_organisations(world: World, positions: Ints) -> pl.DataFrame:
    bodies, seats = world.bodies.take(positions), world.body_seats.take(positions)
    return pl.DataFrame(
        {
            "_subject": positions,
            **_shared(world, bodies, seats),
            "entity_type": pl.Series(["社会团体", "民办非企业单位", "基金会", ""]).gather(bodies.kind - 7),
            "activity_area": pl.Series(["平顶山市"]).new_from_index(0, len(bodies)),
            "valid_until_date": dates(world.today + bodies.serial % (_VALID_YEARS * 365) + 30, "%Y-%m-%d"),
        }
    )


def public_institutions(world: World, positions: Ints) -> pl.DataFrame:
    bodies, seats = world.bodies.take(positions), world.body_seats.take(positions)
    return pl.DataFrame(
        {
            "_subject": positions,
            **_shared(world, bodies, seats),
            "organisation_code": body_codes(bodies, seats).str.slice(8, 9),
            "entity_type": pl.Series(["事业单位"]).new_from_index(0, len(bodies)),
            "fund_source": pl.Series(["财政补助", "经费自理"]).gather(bodies.serial % 2),
            "scope": "为社会提供" + competent_authorities(bodies).str.strip_prefix("平顶山市") + "职责范围内的公益服务",
        }
    )


def _shared(world: World, bodies: Bodies, seats: Addresses) -> dict[str, pl.Series]:
    return {
        "credit_code": body_codes(bodies, seats),
        "name": body_names(bodies, seats),
        "representative_name": full_names(world.persons, bodies.representative),
        "competent_authority": competent_authorities(bodies),
        "capital_wan_yuan": codes(bodies.capital),
        "division_code": division_codes(seats),
        "address": written(seats),
        "established_date": dates(bodies.established_day, "%Y-%m-%d"),
        "status": _STATES.gather(bodies.status),
    }
