"""The one world from which every department's table is derived, as it stands on the evening before the first
delivery.

Belongs here: the founding, and what a person, entity or address is at any moment. Not here: what happens from day to
day (changes.py) nor how a department writes it down (tables/).
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from yishu.sample.bodies import Bodies, found_bodies
from yishu.sample.certificates import Certificates, found_certificates
from yishu.sample.chance import Ints, between, stream, weighted
from yishu.sample.credit import Credit, found_credit
from yishu.sample.estate import Estate, found_estate
from yishu.sample.households import HEAD, SPOUSE, WIDOWED, YEAR, found_households
from yishu.sample.legal_entities import CANCELLED, LIMITED, REVOKED, SHARES, LegalEntities, credit_codes, draw_entities
from yishu.sample.people import NONE, Persons, citizen_ids
from yishu.sample.places import DIVISION_CODES, Addresses, draw_addresses
from yishu.sample.social import (
    ALLOWANCE_AGE,
    ENDED,
    STOPPED,
    Allowances,
    Deaths,
    Insured,
    Pensions,
    Units,
    age_on,
    choose_dying,
    draw_allowances,
    draw_insured,
    draw_pensions,
    retired_insured,
)
from yishu.sample.vocabulary import OTHER_AREAS

DEATHS_A_YEAR = 0.009
_ENTITIES_A_PERSON = 0.09
_NEWCOMERS = 0.02  # insured here, registered elsewhere: a legitimate trap for references


@dataclass
class World:
    """Positions name things: a person, household, entity, unit, insurance, allowance or death keeps its position for
    ever."""

    persons: Persons
    citizen_id: pl.Series
    homes: Addresses
    entities: LegalEntities
    credit_code: pl.Series
    seats: Addresses
    units: Units
    insured: Insured
    allowances: Allowances
    residences: Addresses
    deaths: Deaths
    estate: Estate
    pensions: Pensions
    bodies: Bodies
    body_seats: Addresses
    credit: Credit
    certificates: Certificates
    today: int

    def alive_here(self) -> Ints:
        """Everybody in the city's register."""
        return np.flatnonzero(self.persons.registered & (self.persons.death_day == NONE))


def found_world(persons: int, seed: int, first_day: int) -> World:
    """A city of `persons` living registered persons, and those who died in the year before `first_day`."""
    dead_count = max(round(persons * DEATHS_A_YEAR), 2)
    rng = stream(seed, 0, "households")
    people, homes = found_households(rng, persons + dead_count, first_day)
    dead = _let_die(people, dead_count, seed, first_day)
    people.append(_newcomers(persons, seed, first_day))
    ids = citizen_ids(people)
    entities, seats = _found_entities(people, seed, first_day)
    units = _found_units(entities, seed, first_day)
    insured = _insure(people, len(units), seed, first_day)
    allowances = _grant(people, seed, first_day)
    _end_for_the_dead(people, insured, allowances)
    residences = draw_addresses(stream(seed, 0, "residences"), len(allowances))
    return World(
        people,
        ids,
        homes,
        entities,
        credit_codes(entities, seats),
        seats,
        units,
        insured,
        allowances,
        residences,
        _registered_deaths(people, dead, seed, first_day),
        found_estate(people, homes, entities, seats, seed, first_day),
        draw_pensions(stream(seed, 0, "pensions"), people, insured, retired_insured(people, insured, first_day)),
        *found_bodies(people, seed, first_day),
        found_credit(people, entities, seed, first_day),
        found_certificates(people, entities, seed, first_day),
        first_day,
    )


def _newcomers(persons: int, seed: int, today: int) -> Persons:
    """Those who work here and are registered elsewhere."""
    newcomers, _ = found_households(stream(seed, 0, "newcomers"), max(round(persons * _NEWCOMERS), 1), today)
    newcomers.registered[:] = False
    newcomers.household[:] = NONE
    # The numbers of the city's own divisions belong to its register: those of newcomers begin elsewhere.
    newcomers.area[:] = len(DIVISION_CODES) + newcomers.area % len(OTHER_AREAS)
    return newcomers


def _registered_deaths(people: Persons, dead: Ints, seed: int, today: int) -> Deaths:
    return Deaths(
        person=dead,
        death_day=people.death_day[dead],
        serial=np.arange(1, len(dead) + 1),
        withdrawn=np.zeros(len(dead), dtype=np.int64),
        cancelled_day=np.minimum(
            people.death_day[dead] + between(stream(seed, 0, "registration"), 1, 20, len(dead)), today
        ),
    )


def may_die(persons: Persons, candidates: Ints, today: int) -> Ints:
    """Those whose death leaves a household with a head (the sample has no successions), past infancy."""
    sizes = np.bincount(persons.household[candidates], minlength=1)
    alone = sizes[persons.household[candidates]] == 1
    past_infancy = persons.birth_day[candidates] < today - 2 * YEAR
    may = ((persons.relation[candidates] != HEAD) | alone) & past_infancy
    return np.asarray(candidates[may], dtype=np.int64)


def set_partners(persons: Persons, spouses: Ints, marital: int) -> None:
    """Change the marital status of the heads whose spouses died (or, after all, did not)."""
    households = persons.household[spouses[persons.relation[spouses] == SPOUSE]]
    partners = np.flatnonzero((persons.relation == HEAD) & np.isin(persons.household, households))
    persons.marital[partners] = marital


def _let_die(persons: Persons, count: int, seed: int, today: int) -> Ints:
    rng = stream(seed, 0, "deaths")
    dead = choose_dying(rng, persons, may_die(persons, np.arange(len(persons)), today), count, today)
    if len(dead) < count:  # a village of a few households: somebody has to
        rest = np.setdiff1d(np.arange(len(persons)), dead)
        dead = np.sort(
            np.concatenate((dead, rest[np.argsort(persons.birth_day[rest], kind="stable")][: count - len(dead)]))
        )
    persons.death_day[dead] = today - between(rng, 1, YEAR, len(dead))
    set_partners(persons, dead, WIDOWED)
    return dead


def _found_entities(persons: Persons, seed: int, today: int) -> tuple[LegalEntities, Addresses]:
    rng = stream(seed, 0, "entities")
    here = np.flatnonzero(persons.registered & (persons.death_day == NONE))
    age = age_on(persons, here, today)
    able = here[(age >= 22) & (age <= 75)]
    able = able if len(able) else here
    representatives = able[between(rng, 0, len(able) - 1, max(round(len(here) * _ENTITIES_A_PERSON), 3))]
    wanted = today - 1 - (rng.random(len(representatives)) ** 1.5 * 24 * YEAR).astype(np.int64)
    established = np.clip(wanted, persons.birth_day[representatives] + 19 * YEAR, today - 1)
    entities, seats = draw_entities(rng, representatives, 1, established)
    entities.status = np.array([1, REVOKED, CANCELLED])[weighted(rng, [92, 3, 5], len(entities))]
    return entities, seats


def may_insure(entities: LegalEntities) -> Ints:
    """Active companies, in the order of their founding."""
    active = np.flatnonzero((entities.status == 1) & ((entities.kind == LIMITED) | (entities.kind == SHARES)))
    return active[np.argsort(entities.established_day[active], kind="stable")]


def _found_units(entities: LegalEntities, seed: int, today: int) -> Units:
    rng = stream(seed, 0, "units")
    companies = may_insure(entities)
    chosen = companies[rng.random(len(companies)) < 0.8]
    return Units(chosen, np.minimum(entities.established_day[chosen] + between(rng, 5, 400, len(chosen)), today - 1))


def _insure(persons: Persons, units: int, seed: int, today: int) -> Insured:
    rng = stream(seed, 0, "insured")
    everybody = np.arange(len(persons))
    age = age_on(persons, everybody, today)
    share = np.where(persons.registered, 0.72, 0.95)
    return draw_insured(rng, persons, everybody[(age >= 17) & (rng.random(len(persons)) < share)], units, today)


def _grant(persons: Persons, seed: int, today: int) -> Allowances:
    rng = stream(seed, 0, "allowances")
    here = np.flatnonzero(persons.registered)
    # Of age with time to spare, on their last day too.
    until = np.where(persons.death_day == NONE, today, persons.death_day)[here]
    old = here[(age_on(persons, here, today - 90) >= ALLOWANCE_AGE) & (until - persons.birth_day[here] > (ALLOWANCE_AGE + 1) * 365)]
    return draw_allowances(rng, persons, old[rng.random(len(old)) < 0.94], today)


def _end_for_the_dead(persons: Persons, insured: Insured, allowances: Allowances) -> None:
    gone = persons.death_day[insured.person] != NONE
    insured.status[gone] = ENDED
    insured.unit[gone] = NONE
    insured.base[gone] = NONE
    allowances.status[persons.death_day[allowances.person] != NONE] = STOPPED
    # A grant never follows the death.
    died = np.where(
        persons.death_day[allowances.person] == NONE, allowances.granted_day, persons.death_day[allowances.person] - 1
    )
    allowances.granted_day = np.minimum(allowances.granted_day, died)
