"""The tables of the departments, derived from the world: `BUILDERS` by resource id.

A builder takes the world and the positions of the things to write, and returns their rows as text as the department
writes them: the catalogue's item names as columns, null where nothing is written, and `_subject`, the position.
"""

from collections.abc import Callable

import polars as pl

from yishu.sample.chance import Ints
from yishu.sample.tables import civil_affairs, human_resources, market_regulation, public_security
from yishu.sample.world import World

Builder = Callable[[World, Ints], pl.DataFrame]

BUILDERS: dict[str, Builder] = {
    "public_security.resident": public_security.residents,
    "public_security.death": public_security.deaths,
    "human_resources.insured_unit": human_resources.units,
    "human_resources.insured_person": human_resources.persons,
    "civil_affairs.elderly_allowance": civil_affairs.allowances,
    "market_regulation.enterprise": market_regulation.enterprises,
}
