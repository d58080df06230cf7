"""What stands in the city: sites (dwellings and premises) and the parcels they stand on, at the founding and as they are added.

A site keeps its address for ever; a household that moves goes to another site. Not here: what happens to them day by day
(estate_changes.py), where they lie (coordinates.py), how a department writes them (tables/).
"""

from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from yishu.sample.chance import Ints, between, stream
from yishu.sample.columns import Columns
from yishu.sample.legal_entities import ACTIVE, LegalEntities
from yishu.sample.people import NONE, Persons
from yishu.sample.places import QUARTER, ROAD, VILLAGE, Addresses, draw_addresses

DWELLING, PREMISES = 0, 1
_YEAR = 365
# How many numbers (of a road), buildings (of a quarter) or groups (of a village) share a parcel.
_GROUPED = np.array([20, 6, 4])
_STOREYS = np.array([18, 22, 26, 33])  # rooms go up to the eighteenth
_SHARE_REGISTERED = np.array([0.9, 0.25])  # of dwellings, of premises: the others rent, or have no certificate yet
_SHARE_VACANT = 0.03
_OLDEST_TITLE = 20 * _YEAR
_FIRST_COMPLETED = 5_479  # 1985-01-01


@dataclass
class Sites(Columns):
    """One entry an address in use or built. `key` is the address as one number; `owner_person` and `owner_entity` are positions
    or NONE, `title` (the certificate's number) is NONE where none is registered; `slot` counts the sites of a parcel; `area` in
    hundredths of m²."""

    key: Ints
    use: Ints
    division: Ints
    town: Ints
    style: Ints
    street: Ints
    number: Ints
    building: Ints
    unit: Ints
    room: Ints
    parcel: Ints
    slot: Ints
    owner_person: Ints
    owner_entity: Ints
    registered_day: Ints
    title: Ints
    area: Ints
    storeys: Ints
    completed_day: Ints

    def addresses(self) -> Addresses:
        names = ("division", "town", "style", "street", "number", "building", "unit", "room")
        return Addresses(**{name: getattr(self, name) for name in names}, comma=np.zeros(len(self), dtype=np.int64))

    def lots(self) -> Ints:
        """Building by building, house by house: what shares a lot shares its point and the facts of the building."""
        road = self.number * 30 + self.building
        return np.where(self.style == ROAD, road, np.where(self.style == QUARTER, self.building, self.building * 300 + self.number))


@dataclass
class Parcels(Columns):
    """One entry a parcel; `group` its number within the street, quarter or village; `count` how many sites stand on it."""

    key: Ints
    division: Ints
    town: Ints
    style: Ints
    street: Ints
    group: Ints
    count: Ints
    area: Ints
    registered_day: Ints


@dataclass
class Estate:
    """`home`: household -> site; `seat`: entity -> site. Two households at one address share the site. `titles`: how many certificates
    were issued."""

    sites: Sites
    parcels: Parcels
    home: Ints
    seat: Ints
    titles: int = 0

    def vacant(self, inhabited: Ints) -> Ints:
        """Dwellings in which none of the `inhabited` households lives."""
        dwellings = np.flatnonzero(self.sites.use == DWELLING)
        return np.setdiff1d(dwellings, self.home[inhabited])


def found_estate(persons: Persons, homes: Addresses, entities: LegalEntities, seats: Addresses, seed: int, today: int) -> Estate:
    """A site for every household and every entity there is, and some dwellings that stand empty."""
    nothing = np.zeros(0, dtype=np.int64)
    empty = [[nothing] * len(fields(store)) for store in (Sites, Parcels)]
    estate = Estate(Sites(*empty[0]), Parcels(*empty[1]), nothing, nothing)
    rng = stream(seed, 0, "estate")
    heads = heads_of(persons, len(homes))
    estate.home = build(estate, rng, homes, DWELLING, heads, none_of(homes), today)
    owners = np.where(entities.status == ACTIVE, np.arange(len(entities)), NONE)
    estate.seat = build(estate, rng, seats, PREMISES, none_of(seats), owners, today)
    vacant = draw_addresses(rng, max(round(len(homes) * _SHARE_VACANT), 1))
    owning = heads[heads != NONE]
    build(estate, rng, vacant, DWELLING, owning[between(rng, 0, len(owning) - 1, len(vacant))], none_of(vacant), today)
    return estate


def none_of(addresses: Addresses) -> Ints:
    return np.full(len(addresses), NONE, dtype=np.int64)


def heads_of(persons: Persons, households: int) -> Ints:
    """Household -> the first living member in the register, NONE where all are dead. Heads come first in their household."""
    heads = np.full(households, NONE, dtype=np.int64)
    living = np.flatnonzero(persons.registered & (persons.death_day == NONE) & (persons.household != NONE))[::-1]
    heads[persons.household[living]] = living  # the last one written is the first in the register
    return heads


def keys_of(at: Addresses | Sites) -> Ints:
    """Each address as one number, of the levels that its style writes: what is not written tells no two apart."""
    number = np.where(at.style == QUARTER, 0, at.number)
    unit, room = np.where(at.style == QUARTER, at.unit, 0), np.where(at.style == VILLAGE, 0, at.room)
    street = (at.town * 3 + at.style) * 100 + at.street
    return np.asarray(((street * 1_000 + number) * 100 + at.building) * 50_000 + unit * 10_000 + room, dtype=np.int64)


def build(estate: Estate, rng: np.random.Generator, at: Addresses, use: int, persons: Ints, entities: Ints, today: int) -> Ints:
    """The sites at these addresses, new ones where none stands yet; `persons` or `entities` then own them."""
    keys = keys_of(at)
    unknown = np.flatnonzero(~np.isin(keys, estate.sites.key))
    first = np.sort(unknown[np.unique(keys[unknown], return_index=True)[1]])
    estate.sites.append(_new_sites(estate, rng, at.take(first), use, persons[first], entities[first], today))
    return _positions(estate.sites.key, keys)


def _positions(known: Ints, wanted: Ints) -> Ints:
    order = np.argsort(known, kind="stable")
    return np.asarray(order[np.searchsorted(known[order], wanted)], dtype=np.int64)


def _new_sites(
    estate: Estate, rng: np.random.Generator, at: Addresses, use: int, persons: Ints, entities: Ints, today: int
) -> Sites:
    size, village = len(at), at.style == VILLAGE
    parcel, slot = _settle(estate, rng, at, today)
    registered = today - between(rng, 1, _OLDEST_TITLE, size)
    titled = (rng.random(size) < _SHARE_REGISTERED[use]) & ((persons != NONE) | (entities != NONE))
    titles = np.cumsum(titled) + estate.titles
    estate.titles += int(titled.sum())
    sites = Sites(
        key=keys_of(at), use=np.full(size, use, dtype=np.int64),
        division=at.division, town=at.town, style=at.style, street=at.street, number=at.number, building=at.building, unit=at.unit, room=at.room,
        parcel=parcel, slot=slot,
        owner_person=np.where(titled, persons, NONE), owner_entity=np.where(titled, entities, NONE),
        registered_day=registered, title=np.where(titled, titles, NONE),
        area=np.where(village, between(rng, 90_00, 260_00, size), between(rng, 48_00, 165_00, size)),
        storeys=at.number, completed_day=at.number,
    )  # fmt: skip
    # Neighbours agree: what belongs to the building follows from it.
    building = (at.town * 100 + at.street) * 7 + sites.lots()
    sites.storeys = np.where(village, building % 3 + 1, _STOREYS[building % len(_STOREYS)])
    sites.completed_day = _FIRST_COMPLETED + building * 37 % (20 * _YEAR)
    return sites


def _settle(estate: Estate, rng: np.random.Generator, at: Addresses, today: int) -> tuple[Ints, Ints]:
    """The parcel of each address, new ones where none is known, and the place of each site on it."""
    group = np.where(at.style == ROAD, at.number, at.building) // _GROUPED[at.style]
    key = ((at.town * 3 + at.style) * 100 + at.street) * 1_000 + group
    unknown = np.flatnonzero(~np.isin(key, estate.parcels.key))
    origin = unknown[np.unique(key[unknown], return_index=True)[1]]
    size = len(origin)
    estate.parcels.append(
        Parcels(
            key=key[origin], division=at.division[origin], town=at.town[origin], style=at.style[origin], street=at.street[origin],
            group=group[origin], count=np.zeros(size, dtype=np.int64), area=between(rng, 600_00, 18_000_00, size),
            registered_day=today - _OLDEST_TITLE - between(rng, 1, 5 * _YEAR, size),
        )  # fmt: skip
    )
    parcel = _positions(estate.parcels.key, key)
    by_parcel = np.argsort(parcel, kind="stable")
    ordered = parcel[by_parcel]
    rank = np.empty(len(parcel), dtype=np.int64)
    rank[by_parcel] = np.arange(len(parcel)) - np.searchsorted(ordered, ordered, side="left")
    slot = estate.parcels.count[parcel] + rank
    estate.parcels.count += np.bincount(parcel, minlength=len(estate.parcels))
    return parcel, slot


def is_titled(sites: Sites) -> "npt.NDArray[np.bool_]":
    """Whose title is registered."""
    return np.asarray(sites.title != NONE, dtype=np.bool_)
