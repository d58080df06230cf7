"""What companies hold by licence: venues, agencies, food licences, mines, vehicles, hazardous goods.

Each is derived from the company's position alone, so that it stays what it was. What they report or are accused of stands in filings.py.
"""

from collections.abc import Callable

import numpy as np
import polars as pl

from yishu.sample.chance import Bools, Ints
from yishu.sample.fixed import pick
from yishu.sample.legal_entities import ACTIVE, entity_names
from yishu.sample.people import full_names
from yishu.sample.places import division_codes, written
from yishu.sample.tables.text import always, codes, dates
from yishu.sample.vocabulary import TRADES
from yishu.sample.world import World

VENUES, AGENCIES, FOOD, MINES, HAZARDS, VEHICLES = 40, 90, 8, 150, 60, 9  # one in so many companies
_YEAR = 365
_LETTERS = np.array(list("ABCDEFGHJKLMNPRSTUVWXYZ"))


def one_in(many: int, purpose: str) -> Callable[[World], Ints]:
    """Companies (positions) picked for a purpose, the first always, so that no table is empty in the smallest city."""

    def picked(world: World) -> Ints:
        positions = np.arange(len(world.entities), dtype=np.int64)
        return np.flatnonzero((pick(positions, purpose, many) == 0) | (positions == 0))

    return picked


def companies(world: World, positions: Ints) -> dict[str, pl.Series]:
    """What every table says of a company."""
    entities, seats = world.entities.take(positions), world.seats.take(positions)
    return {
        "credit_code": world.credit_code.gather(positions),
        "name": entity_names(entities, seats),
        "representative_name": full_names(world.persons, entities.representative),
        "address": written(seats).str.replace(",", "，", literal=True),
        "division_code": division_codes(seats),
    }


def since(world: World, positions: Ints, purpose: str, years: int = 4) -> Ints:
    """A day after the company was founded, within so many years, not after the city's first day."""
    founded = world.entities.established_day[positions]
    return np.asarray(np.minimum(founded + pick(positions, purpose, years * _YEAR), np.maximum(founded, 20_000)), dtype=np.int64)


def valid_until(issued: Ints) -> Ints:
    """Five years; what had run out was renewed."""
    return np.asarray(issued + 5 * _YEAR * (1 + np.maximum(0, (20_700 - issued) // (5 * _YEAR))), dtype=np.int64)


def _state(world: World, positions: Ints, given_up: Bools) -> pl.Series:
    """2 where it was given up or its holder closed. One in three outlives its holder: nobody has told the authority."""
    closed = (world.entities.status[positions] != ACTIVE) & (positions % 3 != 0)
    return codes(np.where(given_up | closed, 2, 1))


def venues(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    issued = since(world, positions, "venue issued")
    return pl.DataFrame(
        {
            "_subject": positions,
            "licence_no": "4104" + codes(positions + 1, 8),
            "venue_name": told["name"],
            "credit_code": told["credit_code"],
            "kind": pl.Series(["歌舞娱乐场所", "游艺娱乐场所", "互联网上网服务营业场所", "演出场所"]).gather(pick(positions, "venue kind", 4)),
            "representative_name": told["representative_name"],
            "address": told["address"],
            "division_code": told["division_code"],
            "capacity": codes(pick(positions, "capacity", 400) + 30),
            "issued_date": dates(issued, "%Y-%m-%d"),
            "valid_until_date": dates(valid_until(issued), "%Y-%m-%d"),
            "state": _state(world, positions, pick(positions, "venue state", 12) == 1),
        }
    )


def agencies(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    return pl.DataFrame(
        {
            "_subject": positions,
            "licence_no": "L-HEN-D" + codes(positions + 1, 5),
            "agency_name": told["name"],
            "credit_code": told["credit_code"],
            "representative_name": told["representative_name"],
            "phone": "0375-6" + codes(positions % 1_000_000, 6),
            "deposit_yuan": pl.Series(["200000.00", "1400000.00"]).gather(pick(positions, "outbound", 2)),
            "issued_date": dates(since(world, positions, "agency issued"), "%Y-%m-%d"),
        }
    )


def food_licences(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    issued = since(world, positions, "food issued")
    entities = world.entities.take(positions)
    return pl.DataFrame(
        {
            "_subject": positions,
            "licence_no": "JY1410400" + codes(positions + 1, 7),
            "name": told["name"],
            "credit_code": told["credit_code"],
            "representative_name": told["representative_name"],
            "address": told["address"],
            "business_kind": codes(pick(positions, "food kind", 3) + 1),
            "scope": pl.Series([scope for _, _, scope in TRADES]).gather(entities.trade),
            "issuing_authority": always("平顶山市市场监督管理局", len(positions)),
            "issued_date": dates(issued, "%Y-%m-%d"),
            "valid_from_date": dates(issued, "%Y-%m-%d"),
            "valid_until_date": dates(valid_until(issued), "%Y-%m-%d"),
            "state": _state(world, positions, pick(positions, "food state", 20) == 1),
        }
    )


def mining_rights(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    issued = since(world, positions, "mine issued")
    return pl.DataFrame(
        {
            "_subject": positions,
            "licence_no": "C4104" + codes(positions + 1, 18),
            "mine_name": told["name"] + "采矿场",
            "credit_code": told["credit_code"],
            "holder_name": told["name"],
            "mineral": codes(pick(positions, "mineral", 5) + 1),
            "division_code": told["division_code"],
            "area_square_kilometres": codes(pick(positions, "mine area", 40) + 1) + ".5",
            "capacity_wan_tonnes": codes(pick(positions, "mine capacity", 90) + 3),
            "valid_from_date": dates(issued, "%Y-%m-%d"),
            "valid_until_date": dates(valid_until(issued), "%Y-%m-%d"),
        }
    )


def hazardous_enterprises(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    issued = since(world, positions, "hazard issued")
    officers = (world.entities.representative[positions] * 31 + 7) % len(world.persons)
    return pl.DataFrame(
        {
            "_subject": positions,
            "credit_code": told["credit_code"],
            "name": told["name"],
            "address": told["address"],
            "division_code": told["division_code"],
            "hazard_grade": codes(pick(positions, "hazard grade", 4) + 1),
            "licence_no": "豫D危化〔2024〕" + codes(positions % 10_000, 4) + "号",
            "valid_until_date": dates(valid_until(issued), "%Y/%m/%d"),
            "safety_officer_name": full_names(world.persons, officers),
            "phone": "0375" + codes(positions % 10_000_000 + 2_000_000, 7),
            "employee_count": codes(pick(positions, "staff", 300) + 5),
            "inspected_date": dates(np.minimum(issued + 90, world.today), "%Y/%m/%d"),
        }
    )


def vehicles(world: World, positions: Ints) -> pl.DataFrame:
    """One vehicle a company; it changes now and then, and `changed_time` tells when."""
    told = companies(world, positions)
    registered = since(world, positions, "vehicle registered")
    letters = pl.Series(_LETTERS)
    changed = np.minimum(registered + pick(positions, "vehicle changed", 200), world.today)
    return pl.DataFrame(
        {
            "_subject": positions,
            "plate_no": "豫D" + codes(positions % 10_000, 4) + letters.gather(positions // 10_000 % len(_LETTERS)),
            "plate_colour": codes(pick(positions, "plate", 2) + 1),
            "vin": "LZZ" + letters.gather(pick(positions, "vin", len(_LETTERS))) + "5ELB0" + codes(positions + 10_000_000, 8),
            "credit_code": told["credit_code"],
            "owner_name": told["name"],
            "certificate_no": "410400" + codes(positions + 1, 6),
            "load_tonnes": codes(pick(positions, "load", 30) + 1) + ".5",
            "registered_date": dates(registered, "%Y-%m-%d"),
            "valid_until_date": dates(valid_until(registered), "%Y-%m-%d"),
            "state": _state(world, positions, pick(positions, "vehicle state", 15) == 1),
            "changed_time": dates(changed, "%Y-%m-%d") + " 08:" + codes(positions % 60, 2) + ":00",
        }
    )
