"""The tables of the departments, derived from the world: `TABLES` by resource id.

A builder takes the world and the positions of the things to write, and returns their rows as text as the department
writes them: the catalogue's item names as columns, null where nothing is written, and `_subject`, the position.
"""

from collections.abc import Callable, Sized
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.tables import (
    civil_affairs,
    housing,
    human_resources,
    market_regulation,
    natural_resources,
    public_security,
)
from yishu.sample.world import World

Builder = Callable[[World, Ints], pl.DataFrame]
Subjects = Callable[[World], Ints]


class Writes(Protocol):
    """What a resource's table can do: say what stands in it today, and write it."""

    def subjects(self, world: World, /) -> Ints: ...

    def build(self, world: World, positions: Ints, /) -> pl.DataFrame: ...


@dataclass(frozen=True)
class Table:
    """One resource: how its rows are written, and which subjects (ascending positions) stand in it today."""

    build: Builder
    subjects: Subjects


def every(store: Callable[[World], Sized]) -> Subjects:
    """All things of a store, in their order."""
    return lambda world: np.arange(len(store(world)), dtype=np.int64)


# New tables go at the end: corrections are drawn in this order, and what stands above must not shift.
TABLES: dict[str, Writes] = {
    "public_security.resident": Table(public_security.residents, World.alive_here),
    "public_security.death": Table(public_security.deaths, every(lambda world: world.deaths)),
    "civil_affairs.elderly_allowance": Table(civil_affairs.allowances, every(lambda world: world.allowances)),
    "human_resources.insured_person": Table(human_resources.persons, every(lambda world: world.insured)),
    "human_resources.insured_unit": Table(human_resources.units, every(lambda world: world.units)),
    "market_regulation.enterprise": Table(market_regulation.enterprises, every(lambda world: world.entities)),
    "human_resources.pension": Table(human_resources.pensions, every(lambda world: world.pensions)),
    "natural_resources.parcel": Table(natural_resources.parcels, every(lambda world: world.estate.parcels)),
    "natural_resources.real_estate_unit": Table(natural_resources.real_estate_units, natural_resources.titled),
    "housing.house": Table(housing.houses, housing.surveyed),
    "civil_affairs.standard_address": Table(civil_affairs.standard_addresses, every(lambda world: world.estate.sites)),
    "public_security.door_plate": Table(public_security.door_plates, public_security.plated),
}
