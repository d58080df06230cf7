"""What happens to the estate from one day to the next: sites for who moved or was founded, new buildings, sales.

All work on arrays of the world; who moves where is decided in changes.py.
"""

import numpy as np

from yishu.sample.chance import Ints, about, between, some, stream
from yishu.sample.estate import DWELLING, PREMISES, Estate, build, heads_of, is_titled, keys_of, none_of
from yishu.sample.legal_entities import LegalEntities
from yishu.sample.people import NONE, Persons
from yishu.sample.places import VILLAGE, Addresses, draw_addresses

_FLATS_A_BUILDING = 6
_SHARE_INTO_VACANT = 0.5


def addresses_to_move_to(estate: Estate, rng: np.random.Generator, inhabited: Ints, size: int) -> Addresses:
    """Where `size` households go: about half to dwellings that stand empty, the others to new ones."""
    chosen = draw_addresses(rng, size)
    vacant = some(rng, estate.vacant(inhabited), round(size * _SHARE_INTO_VACANT))
    chosen.put(np.arange(len(vacant)), estate.sites.take(vacant).addresses())
    return chosen


def advance_estate(
    estate: Estate, persons: Persons, homes: Addresses, entities: LegalEntities, seats: Addresses, seed: int, day: int, today: int
) -> None:
    rng = stream(seed, day, "estate")
    before = len(estate.sites)
    heads = heads_of(persons, len(homes))
    moved = np.flatnonzero(estate.sites.key[estate.home] != keys_of(homes))
    went = homes.take(moved)
    estate.home[moved] = build(estate, rng, went, DWELLING, heads[moved], none_of(went), today)
    founded = np.arange(len(estate.seat), len(entities), dtype=np.int64)
    new_seats = seats.take(founded)
    estate.seat = np.concatenate((estate.seat, build(estate, rng, new_seats, PREMISES, none_of(new_seats), founded, today)))
    buyers = heads[heads != NONE]
    _complete_buildings(estate, rng, buyers, today)
    new = np.arange(before, len(estate.sites))
    estate.sites.registered_day[new] = today  # built or first put on record today, whenever the house was completed
    _sell(estate, rng, buyers, today)


def _complete_buildings(estate: Estate, rng: np.random.Generator, buyers: Ints, today: int) -> None:
    """A building in a town, with flats one above the other, each sold to somebody."""
    count = about(rng, len(estate.sites) * 0.00004, least=1)
    drawn = draw_addresses(rng, count * 4)
    corners = drawn.take(np.flatnonzero(drawn.style != VILLAGE)[:count])
    flats = corners.take(np.repeat(np.arange(len(corners)), _FLATS_A_BUILDING))
    flats.room = (np.arange(len(flats)) % _FLATS_A_BUILDING + 1) * 100 + 1
    before = len(estate.sites)
    build(estate, rng, flats, DWELLING, buyers[between(rng, 0, len(buyers) - 1, len(flats))], none_of(flats), today)
    estate.sites.completed_day[before:] = today - 60


def _sell(estate: Estate, rng: np.random.Generator, buyers: Ints, today: int) -> None:
    """A dwelling in five thousand changes hands a day: another owner, another certificate."""
    sites = estate.sites
    owned = np.flatnonzero(is_titled(sites) & (sites.owner_person != NONE) & (sites.registered_day < today))
    sold = some(rng, owned, about(rng, len(owned) * 0.0002, least=1))
    wanted = buyers[between(rng, 0, len(buyers) - 1, len(sold))]
    other = sites.owner_person[sold] != wanted
    sold, wanted = sold[other], wanted[other]
    sites.owner_person[sold] = wanted
    sites.registered_day[sold] = today
    sites.title[sold] = estate.titles + 1 + np.arange(len(sold))
    estate.titles += len(sold)
