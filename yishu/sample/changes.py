"""What happens in the city from one day to the next: births, deaths, moves, weddings, new names, companies,
insurance, allowances.

Each event touches the world once; all departments see it on the same day, because all tables come from the same
world.
"""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from yishu.sample.bodies import advance_bodies
from yishu.sample.certificates import advance_certificates
from yishu.sample.chance import Ints, about, between, some, stream
from yishu.sample.credit import advance_credit
from yishu.sample.estate_changes import addresses_to_move_to, advance_estate
from yishu.sample.households import DAUGHTER, HEAD, MARRIED, SON, SPOUSE, UNMARRIED, WIDOWED
from yishu.sample.legal_entities import ACTIVE, CANCELLED, credit_codes, draw_entities
from yishu.sample.people import NONE, Persons, citizen_ids, draw_given
from yishu.sample.places import draw_addresses
from yishu.sample.social import (
    ALLOWANCE_AGE,
    CONTRIBUTING,
    ENDED,
    PAID,
    PAUSED,
    RETIREMENT_AGE,
    STOPPED,
    Deaths,
    Units,
    age_on,
    choose_dying,
    draw_allowances,
    draw_insured,
    draw_pensions,
    retired_insured,
)
from yishu.sample.world import World, may_die, may_insure, set_partners


@dataclass
class DayEvents:
    """What the register of deaths has to exchange after a day: positions among the deaths."""

    new_deaths: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    corrected_deaths: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    withdrawn_deaths: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


def advance(world: World, seed: int, day: int, untouchable_deaths: Ints) -> DayEvents:
    """The city one day later. `untouchable_deaths`: registered deaths that must stay as they are, because defects
    refer to them."""
    world.today += 1
    events = DayEvents()
    _correct_deaths(world, seed, day, untouchable_deaths, events)
    events.new_deaths = _die(world, seed, day)
    _be_born(world, seed, day)
    _marry(world, seed, day)
    _move(world, seed, day)
    _rename(world, seed, day)
    _found_and_close(world, seed, day)
    _insure(world, seed, day)
    _grant(world, seed, day)
    _retire(world, seed, day)
    advance_estate(world.estate, world.persons, world.homes, world.entities, world.seats, seed, day, world.today)
    advance_bodies(world.bodies, world.body_seats, world.persons, seed, day, world.today)
    advance_credit(world.credit, world.persons, world.entities, seed, day, world.today)
    advance_certificates(world.certificates, world.persons, world.entities, seed, day, world.today)
    return events


def _correct_deaths(world: World, seed: int, day: int, untouchable: Ints, events: DayEvents) -> None:
    """One death in fifty corrected a month, and now and then one that was somebody else's: that person lives on."""
    rng = stream(seed, day, "corrected deaths")
    deaths, persons = world.deaths, world.persons
    standing = np.setdiff1d(np.flatnonzero(deaths.withdrawn == 0), untouchable)
    chosen = some(rng, standing, 1 + about(rng, len(standing) * 0.0007))
    withdrawn, corrected = chosen[:1] if day % 2 == 0 else chosen[:0], chosen[1:] if day % 2 == 0 else chosen
    deaths.death_day[corrected] -= 1
    persons.death_day[deaths.person[corrected]] -= 1
    person = deaths.person[withdrawn]
    deaths.withdrawn[withdrawn] = 1
    persons.death_day[person] = NONE
    set_partners(persons, person, MARRIED)
    again = np.isin(world.insured.person, person)
    world.insured.status[again] = PAUSED
    world.allowances.status[np.isin(world.allowances.person, person)] = PAID
    events.corrected_deaths, events.withdrawn_deaths = corrected, withdrawn


def _die(world: World, seed: int, day: int) -> Ints:
    rng = stream(seed, day, "deaths")
    persons, here = world.persons, world.alive_here()
    represents = np.isin(here, world.entities.representative)
    dead = choose_dying(
        rng, persons, may_die(persons, here, world.today), about(rng, len(here) * 0.0001, least=1), world.today
    )
    dead = np.setdiff1d(dead, here[represents])
    persons.death_day[dead] = world.today - between(rng, 0, 2, len(dead))
    set_partners(persons, dead, WIDOWED)
    gone = np.isin(world.insured.person, dead)
    world.insured.status[gone], world.insured.unit[gone], world.insured.base[gone] = ENDED, NONE, NONE
    world.allowances.status[np.isin(world.allowances.person, dead)] = STOPPED
    return world.deaths.append(
        Deaths(
            dead,
            persons.death_day[dead],
            np.full(len(dead), world.today, dtype=np.int64),
            np.arange(len(world.deaths) + 1, len(world.deaths) + 1 + len(dead)),
            np.zeros(len(dead), dtype=np.int64),
        )
    )


def _be_born(world: World, seed: int, day: int) -> None:
    """Children of couples in which the mother is between 20 and 42; all were born yesterday, so that no number meets
    an older one's."""
    rng = stream(seed, day, "births")
    persons, here = world.persons, world.alive_here()
    age = age_on(persons, here, world.today)
    mothers = some(
        rng,
        here[
            ~persons.male[here]
            & (persons.relation[here] <= SPOUSE)
            & (persons.marital[here] == MARRIED)
            & (age >= 20)
            & (age <= 42)
        ],
        about(rng, len(here) * 0.0002, least=1),
    )
    size = len(mothers)
    male, birth = rng.random(size) < 0.52, np.full(size, world.today - 1, dtype=np.int64)
    heads = np.full(int(persons.household.max()) + 1, NONE, dtype=np.int64)
    is_head = np.flatnonzero((persons.relation == HEAD) & (persons.household != NONE))
    heads[persons.household[is_head]] = is_head
    first, second = draw_given(rng, male, birth)
    nothing = np.full(size, NONE, dtype=np.int64)
    children = Persons(
        household=persons.household[mothers],
        relation=np.where(male, SON, DAUGHTER),
        male=male,
        birth_day=birth,
        surname=persons.surname[heads[persons.household[mothers]]],
        given_first=first,
        given_second=second,
        former_first=nothing,
        former_second=nothing.copy(),
        ethnicity=persons.ethnicity[mothers],
        marital=np.full(size, UNMARRIED, dtype=np.int64),
        phone=nothing.copy(),
        death_day=nothing.copy(),
        registered=np.ones(size, dtype=np.bool_),
        area=world.homes.division[persons.household[mothers]],
    )
    persons.append(children)
    world.citizen_id = pl.concat([world.citizen_id, citizen_ids(children)])


def _marry(world: World, seed: int, day: int) -> None:
    """Men who live alone and daughters who are grown: she moves in."""
    rng = stream(seed, day, "weddings")
    persons, here = world.persons, world.alive_here()
    age = age_on(persons, here, world.today)
    sizes = np.bincount(persons.household[here])
    single = (persons.marital[here] == UNMARRIED) & (age >= 22) & (age <= 40)
    alone = sizes[persons.household[here]] == 1
    men = here[single & persons.male[here] & (persons.relation[here] == HEAD) & alone]
    women = here[single & (persons.relation[here] == DAUGHTER)]
    count = min(about(rng, len(here) * 0.0002, least=1), len(men), len(women))
    grooms, brides = rng.permutation(some(rng, men, count)), some(rng, women, count)
    persons.marital[grooms] = persons.marital[brides] = MARRIED
    persons.household[brides] = persons.household[grooms]
    persons.relation[brides] = SPOUSE


def _move(world: World, seed: int, day: int) -> None:
    rng = stream(seed, day, "moves")
    inhabited = np.unique(world.persons.household[world.alive_here()])
    households = some(rng, inhabited, about(rng, len(inhabited) * 0.001, least=1))
    world.homes.put(households, addresses_to_move_to(world.estate, rng, inhabited, len(households)))


def _rename(world: World, seed: int, day: int) -> None:
    rng = stream(seed, day, "names")
    persons, here = world.persons, world.alive_here()
    chosen = some(rng, here[persons.former_first[here] == NONE], about(rng, len(here) * 0.0001, least=1))
    persons.former_first[chosen], persons.former_second[chosen] = (
        persons.given_first[chosen],
        persons.given_second[chosen],
    )
    persons.given_first[chosen], persons.given_second[chosen] = draw_given(
        rng, persons.male[chosen], persons.birth_day[chosen]
    )


def _found_and_close(world: World, seed: int, day: int) -> None:
    rng = stream(seed, day, "entities")
    here = world.alive_here()
    age = age_on(world.persons, here, world.today)
    founders = some(rng, here[(age >= 22) & (age <= 65)], about(rng, len(world.entities) * 0.001, least=1))
    active = np.setdiff1d(np.flatnonzero(world.entities.status == ACTIVE), world.units.entity)
    world.entities.status[some(rng, active, about(rng, len(world.entities) * 0.0007, least=1))] = CANCELLED
    established = np.full(len(founders), world.today, dtype=np.int64)
    entities, seats = draw_entities(rng, founders, len(world.entities) + 1, established)
    world.entities.append(entities)
    world.seats.append(seats)
    world.credit_code = pl.concat([world.credit_code, credit_codes(entities, seats)])


def _insure(world: World, seed: int, day: int) -> None:
    rng = stream(seed, day, "insured")
    new_units = some(
        rng, np.setdiff1d(may_insure(world.entities), world.units.entity), about(rng, len(world.units) * 0.002, least=1)
    )
    world.units.append(Units(new_units, np.full(len(new_units), world.today, dtype=np.int64)))
    here = world.alive_here()
    age = age_on(world.persons, here, world.today)
    able = np.setdiff1d(here[(age >= 17) & (age < RETIREMENT_AGE)], world.insured.person)
    chosen = some(rng, able, about(rng, len(world.insured) * 0.001, least=1))
    new = draw_insured(rng, world.persons, chosen, len(world.units), world.today)
    new.started_day[:] = world.today
    new.status[:] = CONTRIBUTING
    world.insured.append(new)


def _grant(world: World, seed: int, day: int) -> None:
    rng = stream(seed, day, "allowances")
    here = world.alive_here()
    old = np.setdiff1d(here[age_on(world.persons, here, world.today) >= ALLOWANCE_AGE], world.allowances.person)
    new = draw_allowances(
        rng, world.persons, some(rng, old, about(rng, len(world.allowances) * 0.004, least=1)), world.today
    )
    new.granted_day[:] = world.today - 1
    world.allowances.append(new)
    world.residences.append(draw_addresses(rng, len(new)))


def _retire(world: World, seed: int, day: int) -> None:
    """Who has reached the age stops contributing and is paid; who died is paid no longer, who lives after all is paid again."""
    new = np.setdiff1d(retired_insured(world.persons, world.insured, world.today), world.pensions.insured)
    world.pensions.append(draw_pensions(stream(seed, day, "pensions"), world.persons, world.insured, new))
    living = new[world.persons.death_day[world.insured.person[new]] == NONE]
    world.insured.status[living], world.insured.unit[living], world.insured.base[living] = PAUSED, NONE, NONE
    world.pensions.paid_until = world.persons.death_day[world.insured.person[world.pensions.insured]]
