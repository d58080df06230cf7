"""What authorities decide about companies and persons: permits, penalties, tax credit grades, defaulters.

Belongs here: the decisions. Not here: how a department writes them (tables/), nor when the credit office hears of them.
"""

from dataclasses import dataclass

import numpy as np

from yishu.sample.chance import Ints, about, between, some, stream, weighted
from yishu.sample.columns import Columns
from yishu.sample.legal_entities import ACTIVE, LIMITED, SHARES, LegalEntities
from yishu.sample.people import NONE, Persons
from yishu.sample.social import age_on
from yishu.sample.vocabulary import OFFENCES, PERMITS

MARKET, TRANSPORT, EMERGENCY = 0, 1, 2
GRADES = ("A", "B", "M", "C", "D")
_LOWEST_POINTS, _HIGHEST_POINTS = np.array([9000, 7000, 7000, 4000, 0]), np.array([10000, 8999, 8999, 6999, 3999])
_SHARE_PERMITS, _SHARE_OF_PERSONS, _SHARE_PENALTIES, _SHARE_DEFAULTERS = 0.45, 0.05, 0.065, 0.016  # of the entities
_YEAR = 365


@dataclass
class Permits(Columns):
    """One entry a decision; `entity` or `person` is NONE; `until_day` NONE where the permit has no end; `kind` in PERMITS."""

    kind: Ints
    entity: Ints
    person: Ints
    decided_day: Ints
    until_day: Ints
    serial: Ints


@dataclass
class Penalties(Columns):
    """One entry a decision; fine and confiscation in yuan, NONE where there is none; `offence` in OFFENCES."""

    offence: Ints
    entity: Ints
    decided_day: Ints
    fine: Ints
    confiscated: Ints
    serial: Ints


@dataclass
class TaxCredits(Columns):
    """One entry a company; `points` in hundredths."""

    entity: Ints
    grade: Ints
    points: Ints
    assessed_day: Ints


@dataclass
class Defaulters(Columns):
    """One entry a company that was listed; `listed` false once the court took it off the list."""

    entity: Ints
    serial: Ints
    amount: Ints
    listed_day: Ints
    listed: Ints


@dataclass
class Credit:
    permits: Permits
    penalties: Penalties
    tax: TaxCredits
    defaulters: Defaulters


def found_credit(persons: Persons, entities: LegalEntities, seed: int, today: int) -> Credit:
    rng = stream(seed, 0, "credit")
    size = len(entities)
    here = np.flatnonzero(persons.registered & (persons.death_day == NONE))
    age = age_on(persons, here, today)
    adults = here[(age >= 20) & (age <= 60)]
    permits = _permits(rng, entities, adults if len(adults) else here, max(round(size * _SHARE_PERMITS), 8), 1, today, 0)
    penalties = _penalties(rng, entities, max(round(size * _SHARE_PENALTIES), 8), 1, today, 0)
    companies = np.flatnonzero((entities.status == ACTIVE) & ((entities.kind == LIMITED) | (entities.kind == SHARES)))
    listed = some(rng, companies, max(round(size * _SHARE_DEFAULTERS), 4))
    grades = _grades(rng, companies, today)
    wanted = today - between(rng, 20, 900, len(listed))
    listed_day = np.minimum(np.maximum(wanted, entities.established_day[listed] + 1), today)
    return Credit(permits, penalties, grades, _defaulters(rng, listed, 1, listed_day))


def advance_credit(credit: Credit, persons: Persons, entities: LegalEntities, seed: int, day: int, today: int) -> None:
    """New decisions every day; companies are graded a month after their founding; defaulters are listed and taken off."""
    rng = stream(seed, day, "credit")
    here = np.flatnonzero(persons.registered & (persons.death_day == NONE))
    credit.permits.append(_permits(rng, entities, here, about(rng, len(credit.permits) * 0.002, least=1), len(credit.permits) + 1, today, 1))
    credit.penalties.append(_penalties(rng, entities, about(rng, len(credit.penalties) * 0.003, least=1), len(credit.penalties) + 1, today, 1))
    companies = np.flatnonzero((entities.status == ACTIVE) & ((entities.kind == LIMITED) | (entities.kind == SHARES)))
    due = np.setdiff1d(companies[entities.established_day[companies] < today - 3], credit.tax.entity)
    credit.tax.append(_grades(rng, due, today))
    standing = np.flatnonzero(credit.defaulters.listed == 1)
    # At most one in twenty a day: a list that shrinks more is held by the gate (max_shrink of the entry).
    credit.defaulters.listed[some(rng, standing, min(about(rng, len(standing) * 0.004), len(standing) // 20))] = 0
    fresh = some(rng, np.setdiff1d(companies, credit.defaulters.entity), about(rng, len(standing) * 0.008))
    credit.defaulters.append(_defaulters(rng, fresh, len(credit.defaulters) + 1, np.full(len(fresh), today - 1, dtype=np.int64)))


def _permits(rng: np.random.Generator, entities: LegalEntities, adults: Ints, size: int, first: int, today: int, newest: int) -> Permits:
    """`newest`: 1 for decisions of yesterday, 0 for those of the years before."""
    to_person = rng.random(size) < _SHARE_OF_PERSONS
    entity = between(rng, 0, len(entities) - 1, size)
    kind = between(rng, 0, len(PERMITS) - 1, size)
    earliest = np.where(to_person, today - 5 * _YEAR, np.maximum(entities.established_day[entity] + 1, today - 5 * _YEAR))
    decided = np.full(size, today - 1, dtype=np.int64) if newest else between(rng, np.minimum(earliest, today - 1), today - 2, size)
    years = np.array([3, 5, 5, 0])[between(rng, 0, 3, size)]
    return Permits(
        kind=kind,
        entity=np.where(to_person, NONE, entity),
        person=np.where(to_person, adults[between(rng, 0, len(adults) - 1, size)], NONE),
        decided_day=decided,
        until_day=np.where(years == 0, NONE, decided + years * _YEAR),
        serial=np.arange(first, first + size, dtype=np.int64),
    )


def _penalties(rng: np.random.Generator, entities: LegalEntities, size: int, first: int, today: int, newest: int) -> Penalties:
    entity = between(rng, 0, len(entities) - 1, size)
    earliest = np.maximum(entities.established_day[entity] + 1, today - 6 * _YEAR)
    fine = np.array([500, 1_000, 2_000, 5_000, 10_000, 30_000, 50_000, 120_000])[weighted(rng, [20, 20, 20, 15, 12, 7, 4, 2], size)]
    return Penalties(
        offence=between(rng, 0, len(OFFENCES) - 1, size),
        entity=entity,
        decided_day=np.full(size, today - 1, dtype=np.int64) if newest else between(rng, np.minimum(earliest, today - 1), today - 2, size),
        fine=np.where(rng.random(size) < 0.85, fine, NONE),
        confiscated=np.where(rng.random(size) < 0.15, fine // 2, NONE),
        serial=np.arange(first, first + size, dtype=np.int64),
    )


def _grades(rng: np.random.Generator, companies: Ints, today: int) -> TaxCredits:
    grade = weighted(rng, [18, 40, 30, 8, 4], len(companies))
    points = between(rng, _LOWEST_POINTS[grade], _HIGHEST_POINTS[grade], len(companies))
    return TaxCredits(companies, grade, points, np.full(len(companies), today - 2, dtype=np.int64))


def _defaulters(rng: np.random.Generator, entity: Ints, first: int, listed_day: Ints) -> Defaulters:
    size = len(entity)
    amount = between(rng, 8, 900, size) * 10_000 + between(rng, 0, 9_999, size)
    return Defaulters(entity, np.arange(first, first + size, dtype=np.int64), amount, listed_day, np.ones(size, dtype=np.int64))
