"""Bodies that are no businesses: social organisations (民政) and public institutions (编办), with their codes and seats."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_credit_code
from yishu.sample.chance import Ints, about, between, some, stream, weighted
from yishu.sample.columns import Columns
from yishu.sample.legal_entities import ACTIVE, CANCELLED, CODE_LETTERS
from yishu.sample.people import NONE, Persons
from yishu.sample.places import DIVISION_CODES, Addresses, draw_addresses
from yishu.sample.social import age_on
from yishu.sample.vocabulary import BODY_FIELDS, DIVISIONS, TRADES

ASSOCIATION, SERVICE, FOUNDATION, INSTITUTION = 7, 8, 9, 10
_KINDS = np.array([ASSOCIATION, SERVICE, FOUNDATION, INSTITUTION])
# Registering authority and kind of body (GB 32100): 51, 52, 53 by the civil affairs department, 12 by the establishment office.
_PREFIX = {ASSOCIATION: "51", SERVICE: "52", FOUNDATION: "53", INSTITUTION: "12"}
_SHARE = 0.0014
_FEWEST = 24
_DAYS_A_YEAR = 365


@dataclass
class Bodies(Columns):
    """One entry a body; `representative` is a position among the persons, `capital` whole 万元, `field` what it does."""

    kind: Ints
    field: Ints
    representative: Ints
    capital: Ints
    established_day: Ints
    status: Ints
    serial: Ints


def found_bodies(persons: Persons, seed: int, today: int) -> tuple[Bodies, Addresses]:
    rng = stream(seed, 0, "bodies")
    here = np.flatnonzero(persons.registered & (persons.death_day == NONE))
    size = max(round(len(here) * _SHARE), _FEWEST)
    established = today - between(rng, 30, 25 * _DAYS_A_YEAR, size)
    bodies = _draw(rng, persons, here, size, 1, established, today)
    bodies.status = np.where(rng.random(size) < 0.04, CANCELLED, ACTIVE)
    return bodies, draw_addresses(rng, size)


def advance_bodies(bodies: Bodies, seats: Addresses, persons: Persons, seed: int, day: int, today: int) -> Ints:
    """A few are founded; now and then one is dissolved. Returns the positions of the new ones."""
    rng = stream(seed, day, "bodies")
    here = np.flatnonzero(persons.registered & (persons.death_day == NONE))
    size = about(rng, len(bodies) * 0.002)
    if day % 10 == 0:
        bodies.status[some(rng, np.flatnonzero(bodies.status == ACTIVE), 1)] = CANCELLED
    new = bodies.append(_draw(rng, persons, here, size, len(bodies) + 1, np.full(size, today - 1, dtype=np.int64), today))
    seats.append(draw_addresses(rng, size))
    return new


def _draw(rng: np.random.Generator, persons: Persons, here: Ints, size: int, first_serial: int, established: Ints, today: int) -> Bodies:
    age = age_on(persons, here, today)
    able = here[(age >= 30) & (age <= 65)]
    able = able if len(able) else here
    return Bodies(
        kind=_KINDS[weighted(rng, [30, 30, 4, 36], size)],
        field=between(rng, 0, len(BODY_FIELDS) - 1, size),
        representative=able[between(rng, 0, len(able) - 1, size)],
        capital=np.array([3, 5, 10, 30, 50, 200])[between(rng, 0, 5, size)],
        established_day=established,
        status=np.full(size, ACTIVE, dtype=np.int64),
        serial=np.arange(first_serial, first_serial + size, dtype=np.int64),
    )


def body_codes(bodies: Bodies, seats: Addresses) -> pl.Series:
    """GB 32100 codes, all different; the organisation code (GB 11714) is in positions 9 to 17."""
    scattered = bodies.serial * 7_368_787 % 31**6
    letters = np.array(list(CODE_LETTERS))
    body = pl.Series(["MJ"]).new_from_index(0, len(bodies))
    for place in range(6):
        body = body + pl.Series(letters[scattered // 31**place % 31])
    prefix = pl.Series([_PREFIX[kind] for kind in sorted(_PREFIX)]).gather(bodies.kind - ASSOCIATION)
    return complete_credit_code(prefix + pl.Series(DIVISION_CODES).gather(seats.division), body)


def body_names(bodies: Bodies, seats: Addresses) -> pl.Series:
    place = pl.Series([name for _, name, _, _ in DIVISIONS]).gather(seats.division)
    field = pl.Series([words[0] for words in BODY_FIELDS]).gather(bodies.field)
    trade = pl.Series([word for _, word, _ in TRADES]).gather(bodies.serial % len(TRADES))
    ending = pl.Series(["协会", "服务中心", "基金会", "管理站"]).gather(bodies.kind - ASSOCIATION)
    return "平顶山市" + place + trade + field + ending


def competent_authorities(bodies: Bodies) -> pl.Series:
    return pl.Series([words[1] for words in BODY_FIELDS]).gather(bodies.field)
