"""Electronic certificates: licences of companies, and cards of persons. Their ids are made in tables/ (GB/T 36904)."""

from dataclasses import dataclass

import numpy as np

from yishu.sample.chance import Ints, about, between, some, stream
from yishu.sample.columns import Columns
from yishu.sample.legal_entities import LegalEntities
from yishu.sample.people import NONE, Persons
from yishu.sample.social import age_on

LICENCE, FOOD, TRANSPORT, ELDERLY = 0, 1, 2, 3
_YEAR = 365
_SHARE_FOOD, _SHARE_TRANSPORT, _SHARE_ELDERLY = 0.25, 0.08, 0.4


@dataclass
class Certificates(Columns):
    """One entry a certificate; `entity` or `person` is NONE; `until_day` NONE where it has no end."""

    kind: Ints
    entity: Ints
    person: Ints
    issued_day: Ints
    until_day: Ints


def found_certificates(persons: Persons, entities: LegalEntities, seed: int, today: int) -> Certificates:
    """Every entity has its licence; some have more; the old have their card."""
    rng = stream(seed, 0, "certificates")
    everybody = np.arange(len(entities), dtype=np.int64)
    certificates = _of_entities(rng, entities, LICENCE, everybody, today, NONE)
    food = everybody[rng.random(len(entities)) < _SHARE_FOOD]
    certificates.append(_of_entities(rng, entities, FOOD, food, today, 5 * _YEAR))
    transport = everybody[rng.random(len(entities)) < _SHARE_TRANSPORT]
    certificates.append(_of_entities(rng, entities, TRANSPORT, transport if len(transport) else everybody[:3], today, 4 * _YEAR))
    here = np.flatnonzero(persons.registered & (persons.death_day == NONE))
    old = here[(age_on(persons, here, today) >= 65) & (rng.random(len(here)) < _SHARE_ELDERLY)]
    certificates.append(_of_persons(ELDERLY, old, today - between(rng, 1, 4 * _YEAR, len(old))))
    return certificates


def advance_certificates(certificates: Certificates, persons: Persons, entities: LegalEntities, seed: int, day: int, today: int) -> None:
    """Licences for the newly founded, cards for some of the old."""
    rng = stream(seed, day, "certificates")
    licensed = np.zeros(len(entities), dtype=np.bool_)
    licensed[certificates.entity[certificates.kind == LICENCE]] = True
    certificates.append(_of_entities(rng, entities, LICENCE, np.flatnonzero(~licensed), today, NONE))
    active = np.flatnonzero(entities.established_day < today)
    certificates.append(_of_entities(rng, entities, FOOD, some(rng, active, about(rng, len(entities) * 0.0005, least=1)), today, 5 * _YEAR))
    certificates.append(_of_entities(rng, entities, TRANSPORT, some(rng, active, about(rng, len(entities) * 0.0002)), today, 4 * _YEAR))
    here = np.flatnonzero(persons.registered & (persons.death_day == NONE))
    old = np.setdiff1d(here[age_on(persons, here, today) >= 65], certificates.person)
    chosen = some(rng, old, about(rng, len(here) * 0.0001, least=1))
    certificates.append(_of_persons(ELDERLY, chosen, np.full(len(chosen), today - 1, dtype=np.int64)))


def _of_entities(rng: np.random.Generator, entities: LegalEntities, kind: int, chosen: Ints, today: int, lasts: int) -> Certificates:
    size = len(chosen)
    founded = entities.established_day[chosen]
    earliest = founded if lasts == NONE else np.maximum(founded, today - lasts + 30)
    issued = np.minimum(earliest + between(rng, 0, 200, size), today) if lasts == NONE else between(rng, earliest, np.full(size, today - 1), size)
    issued = np.minimum(issued, today)
    until = np.full(size, NONE, dtype=np.int64) if lasts == NONE else issued + lasts
    return Certificates(np.full(size, kind, dtype=np.int64), chosen, np.full(size, NONE, dtype=np.int64), issued, until)


def _of_persons(kind: int, chosen: Ints, issued: Ints) -> Certificates:
    nothing = np.full(len(chosen), NONE, dtype=np.int64)
    return Certificates(np.full(len(chosen), kind, dtype=np.int64), nothing, chosen, issued, nothing.copy())
