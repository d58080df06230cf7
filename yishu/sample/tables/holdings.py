"""What belongs to companies and is held against them or owned beside them: branches, shareholders, lists, taxpayers; bodies of government;
owners of real estate, forests, water permits; persons on the list of defaulters.

Derived from positions, like licences.py.
"""

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_credit_code
from yishu.sample.chance import Bools, Ints
from yishu.sample.estate import is_titled
from yishu.sample.fixed import pick
from yishu.sample.households import HEAD, SPOUSE
from yishu.sample.legal_entities import ACTIVE, INDIVIDUAL, LIMITED, SHARES, entity_names
from yishu.sample.people import NONE, full_names
from yishu.sample.places import DIVISION_CODES
from yishu.sample.tables.addresses import unit_codes
from yishu.sample.tables.licences import companies, since, valid_until
from yishu.sample.tables.text import always, amounts, choice, codes, dates, either, where
from yishu.sample.vocabulary import DIVISIONS, TRADES, VILLAGES
from yishu.sample.world import World

BRANCHES, SERIOUS, LISTED, WATER = 14, 60, 20, 60  # one in so many companies
_FORESTS, _DEFAULTING = 40, 300  # one in so many persons
_DATE = "%Y-%m-%d"
_YEAR = 365
_CODES_SINCE = 16_709  # 2015-10-01: one code in place of the others
_BODIES = ("人民政府办公室", "公安局", "民政局", "财政局", "人力资源和社会保障局", "自然资源局", "教育局", "卫生健康委员会")
_MARKET = "平顶山市市场监督管理局"


def shares_held(world: World) -> Ints:
    """Two for each company with capital: its representative, and the representative of the company registered before it."""
    companies_ = np.flatnonzero(np.isin(world.entities.kind, (LIMITED, SHARES)))
    return np.sort(np.concatenate((companies_ * 2, companies_[companies_ > 0] * 2 + 1))).astype(np.int64)


def branches(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    division = pick(positions, "branch in", len(DIVISIONS))
    place = pl.Series([name for _, name, _, _ in DIVISIONS]).gather(division)
    established = since(world, positions, "branch founded", 3)
    manager = world.entities.representative[positions // 2]
    return pl.DataFrame(
        {
            "_subject": positions,
            "credit_code": complete_credit_code("91" + pl.Series(DIVISION_CODES).gather(division), "MF" + codes(positions + 1, 6)),
            "name": told["name"] + place + "分公司",
            "parent_credit_code": told["credit_code"],
            "parent_name": told["name"],
            "representative_name": full_names(world.persons, manager),
            "division_code": pl.Series(DIVISION_CODES).gather(division),
            "address": "河南省平顶山市" + place + "建设路" + codes(pick(positions, "branch at", 200) + 1) + "号",
            "established_date": dates(established, _DATE),
            "status": codes(world.entities.status[positions]),
        }
    )


def shareholders(world: World, subjects: Ints) -> pl.DataFrame:
    entity, second = subjects // 2, subjects % 2 == 1
    holder = world.entities.representative[np.where(second, entity - 1, entity)]
    subscribed = np.maximum(world.entities.capital[entity], 0) * np.where(second, 40, np.where(entity > 0, 60, 100))
    paid = subscribed * (pick(subjects, "paid in", 11) * 10) // 100
    return pl.DataFrame(
        {
            "_subject": subjects,
            "credit_code": world.credit_code.gather(entity),
            "sequence_no": codes(second + np.ones(len(subjects), dtype=np.int64)),
            "holder_name": full_names(world.persons, holder),
            "holder_id_kind": always("111", len(subjects)),
            "holder_citizen_id": world.citizen_id.gather(holder),
            "holder_credit_code": where(np.zeros(len(subjects), dtype=np.bool_), world.credit_code.gather(entity)),
            "subscribed_wan_yuan": amounts(subscribed),
            "paid_wan_yuan": amounts(paid),
            "currency": always("156", len(subjects)),
            "contribution_form": codes(np.maximum(pick(subjects, "contributed", 12) - 8, 0) + 1),
            "contributed_date": dates(since(world, entity, "contributed on", 3), _DATE),
        }
    )


def serious_violations(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    listed = since(world, positions, "serious", 3)
    return pl.DataFrame(
        {
            "_subject": positions,
            "record_no": "YZ" + codes(positions + 1, 9),
            "credit_code": told["credit_code"],
            "name": told["name"],
            "reason": codes(pick(positions, "serious reason", 4) + 1),
            "listed_date": dates(listed, _DATE),
            "listing_authority": always(_MARKET, len(positions)),
            "removed_date": dates(np.where(pick(positions, "serious removed", 4) == 0, listed, NONE), _DATE),
        }
    )


def governing(world: World) -> Ints:
    return np.arange(len(DIVISIONS) * len(_BODIES), dtype=np.int64)


def government_bodies(world: World, positions: Ints) -> pl.DataFrame:
    division, kind = positions // len(_BODIES), positions % len(_BODIES)
    place = pl.Series([name for _, name, _, _ in DIVISIONS]).gather(division)
    code = complete_credit_code("11" + pl.Series(DIVISION_CODES).gather(division), "MG" + codes(positions + 100_000, 6))
    head = world.entities.representative[positions % 3]  # the smallest city has three
    return pl.DataFrame(
        {
            "_subject": positions,
            "credit_code": code,
            "organisation_code": code.str.slice(8, 9),
            "name": place + pl.Series(_BODIES).gather(kind),
            "entity_type": always("机关", len(positions)),
            "superior_name": place + "人民政府",
            "representative_name": full_names(world.persons, head),
            "division_code": pl.Series(DIVISION_CODES).gather(division),
            "address": "河南省平顶山市" + place + "人民路" + codes(kind + 1) + "号",
            "established_date": dates(4_000 + pick(positions, "body founded", 9_000), _DATE),
            "status": always("存续", len(positions)),
        }
    )


def taxed(world: World) -> Ints:
    return np.flatnonzero(world.entities.kind != INDIVIDUAL)


def taxpayers(world: World, positions: Ints) -> pl.DataFrame:
    """Who was registered before the one code keeps the old number: six digits of the place, nine of the organisation."""
    told = companies(world, positions)
    organisation = told["credit_code"].str.slice(8, 9)
    old = world.entities.established_day[positions] < _CODES_SINCE
    trade = pl.Series([code for code, _, _ in TRADES]).cast(pl.Int64)
    as_of_2011 = pl.select(pl.when(trade > 79).then(trade - 1).otherwise(trade)).to_series().cast(pl.String).str.zfill(2)
    return pl.DataFrame(
        {
            "_subject": positions,
            "credit_code": told["credit_code"],
            "name": told["name"],
            "tax_no": where(old, told["division_code"] + organisation),
            "organisation_code": organisation,
            "industry_2011_code": as_of_2011.gather(world.entities.trade[positions]),
            "registered_date": dates(since(world, positions, "taxed", 1), "%Y%m%d"),
            "state": codes(np.where(world.entities.status[positions] != ACTIVE, 3, np.where(pick(positions, "tax state", 40) == 0, 2, 1))),
        }
    )


def defaulting(world: World) -> Ints:
    """Grown-ups of the register; the first always, so that no table is empty."""
    persons = np.flatnonzero(world.persons.registered & (world.persons.birth_day < 12_000))
    return np.asarray(persons[(pick(persons, "defaults", _DEFAULTING) == 0) | (persons == persons[0])], dtype=np.int64)


def personal_defaulters(world: World, positions: Ints) -> pl.DataFrame:
    listed = 18_000 + pick(positions, "defaulted", 2_400)
    return pl.DataFrame(
        {
            "_subject": positions,
            "case_no": "（" + dates(listed, "%Y") + "）豫04执" + codes(positions + 5_000_001) + "号",
            "citizen_id": world.citizen_id.gather(positions),
            "name": full_names(world.persons, positions),
            "court_name": pl.Series([f"{name}人民法院" for _, name, _, _ in DIVISIONS]).gather(pick(positions, "court", len(DIVISIONS))),
            "performance": choice(pick(positions, "performed", 2) == 0, "全部未履行", "部分未履行"),
            "amount_yuan": codes(pick(positions, "owes", 900_000) + 5_000),
            "listed_date": dates(listed, _DATE),
        }
    )


def rated(world: World) -> Ints:
    """Companies as position * 2, persons as position * 2 + 1."""
    entities, persons = np.arange(len(world.entities)), defaulting(world)
    listed = entities[(pick(entities, "credit list", LISTED) == 0) | (entities == 0)]
    return np.sort(np.concatenate((listed * 2, persons * 2 + 1))).astype(np.int64)


def credit_lists(world: World, subjects: Ints) -> pl.DataFrame:
    by_person, thing = subjects % 2 == 1, subjects // 2
    entity, person = np.where(by_person, 0, thing), np.where(by_person, thing, 0)
    entities, seats = world.entities.take(entity), world.seats.take(entity)
    black = by_person | (pick(subjects, "black list", 3) == 0)
    listed = np.where(by_person, 19_000, since(world, entity, "credit listed", 3)) + np.where(by_person, pick(subjects, "listed on", 1_300), 0)
    single = ~by_person & (entities.kind == INDIVIDUAL)
    return pl.DataFrame(
        {
            "_subject": subjects,
            "record_no": "MD" + codes(subjects + 1, 9),
            "list_kind": choice(black, "2", "1"),
            "subject_kind": pl.Series(["1", "2", "3"]).gather(np.where(by_person, 1, np.where(single, 2, 0))),
            "name": either(by_person, full_names(world.persons, person), entity_names(entities, seats)),
            "credit_code": where(~by_person, world.credit_code.gather(entity)),
            "citizen_id": where(by_person, world.citizen_id.gather(person)),
            "reason": choice(black, "有履行能力而不履行义务", "连续三年纳税信用为 A 级"),
            "authority_name": choice(black, "平顶山市中级人民法院", "国家税务总局平顶山市税务局"),
            "listed_date": dates(listed, _DATE),
            "removed_date": dates(np.where(pick(subjects, "delisted", 5) == 0, listed, NONE), _DATE),
        }
    )


def owned(world: World) -> Ints:
    """Two for a dwelling that a couple owns together, one for any other: position * 2, + 1 for the spouse."""
    sites = np.flatnonzero(is_titled(world.estate.sites))
    shared = sites[_together(world, sites)]
    return np.sort(np.concatenate((sites * 2, shared * 2 + 1))).astype(np.int64)


def _together(world: World, sites: Ints) -> Bools:
    return np.asarray((_spouses(world, sites) != NONE) & (pick(sites, "owned together", 3) == 0), dtype=np.bool_)


def _spouses(world: World, sites: Ints) -> Ints:
    """The spouse of each owner who heads a household, NONE where there is none."""
    people, owner = world.persons, world.estate.sites.owner_person[sites]
    spouses = np.flatnonzero((people.relation == SPOUSE) & people.registered & (people.household != NONE))
    of_household = np.full(len(world.homes), NONE, dtype=np.int64)
    of_household[people.household[spouses]] = spouses
    known = np.maximum(owner, 0)
    heads = (owner != NONE) & (people.relation[known] == HEAD)
    return np.where(heads, of_household[np.maximum(people.household[known], 0)], NONE).astype(np.int64)


def right_holders(world: World, subjects: Ints) -> pl.DataFrame:
    position, second = subjects // 2, subjects % 2 == 1
    sites = world.estate.sites.take(position)
    together = _together(world, position)
    person = np.maximum(np.where(second, _spouses(world, position), sites.owner_person), 0)
    by_person, owner = sites.owner_person != NONE, np.maximum(sites.owner_entity, 0)
    names = entity_names(world.entities.take(owner), world.seats.take(owner))
    return pl.DataFrame(
        {
            "_subject": subjects,
            "unit_code": unit_codes(sites, world.estate.parcels),
            "sequence_no": codes(second + np.ones(len(subjects), dtype=np.int64)),
            "certificate_no": "豫(" + dates(sites.registered_day, "%Y") + ")平顶山市不动产权第" + codes(sites.title, 7) + "号",
            "holder_name": either(by_person, full_names(world.persons, person), names),
            "holder_id_kind": choice(by_person, "111", "001"),
            "holder_citizen_id": where(by_person, world.citizen_id.gather(person)),
            "holder_credit_code": where(~by_person, world.credit_code.gather(owner)),
            "co_ownership": choice(together, "1", "0"),
            "share_percent": choice(together, "50.00", "100.00"),
            "registered_date": dates(sites.registered_day, "%Y/%m/%d"),
        }
    )


def wooded(world: World) -> Ints:
    persons = np.flatnonzero(world.persons.registered & (world.persons.birth_day < 12_000))
    return np.asarray(persons[(pick(persons, "forest", _FORESTS) == 0) | (persons == persons[0])], dtype=np.int64)


def forest_rights(world: World, positions: Ints) -> pl.DataFrame:
    division = pick(positions, "forest in", len(DIVISIONS))
    since_day = 14_000 + pick(positions, "forest since", 5_000)
    return pl.DataFrame(
        {
            "_subject": positions,
            "certificate_no": "LQ4104" + codes(positions + 1, 9),
            "holder_name": full_names(world.persons, positions),
            "holder_citizen_id": world.citizen_id.gather(positions),
            "division_code": pl.Series(DIVISION_CODES).gather(division),
            "location": pl.Series([name for _, name, _, _ in DIVISIONS]).gather(division)
            + pl.Series(VILLAGES).gather(pick(positions, "forest at", len(VILLAGES))) + "村",
            "area_mu": codes(pick(positions, "forest area", 80) + 1) + ".5",
            "forest_kind": codes(pick(positions, "forest kind", 5) + 1),
            "tree_species": pl.Series(["侧柏", "杨树", "栎类", "核桃", None]).gather(pick(positions, "species", 5)),
            "valid_from_date": dates(since_day, _DATE),
            "valid_until_date": dates(since_day + 70 * _YEAR, _DATE),
        }
    )  # fmt: skip


def water_permits(world: World, positions: Ints) -> pl.DataFrame:
    told = companies(world, positions)
    issued, ground = since(world, positions, "water permit"), pick(positions, "ground water", 3) == 0
    return pl.DataFrame(
        {
            "_subject": positions,
            "permit_no": "D410400" + choice(ground, "G", "S") + codes(positions + 1, 7),
            "holder_name": told["name"],
            "credit_code": told["credit_code"],
            "water_source": choice(ground, "2", "1"),
            "water_use": codes(pick(positions, "water use", 4) + 1),
            "annual_volume_cubic_metres": codes((pick(positions, "water a year", 900) + 1) * 1_000) + ".0",
            "division_code": told["division_code"],
            "valid_from_date": dates(issued, _DATE),
            "valid_until_date": dates(valid_until(issued), _DATE),
            "state": codes(np.where((world.entities.status[positions] != ACTIVE) & (positions % 3 != 0), 2, 1)),
        }
    )
