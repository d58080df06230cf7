"""Who had another citizen id before, and which: numbers given twice or wrongly, replaced by a right one. Who keeps using the old number, a
department's table says."""

import numpy as np
import polars as pl

from expectations.rules.identifiers import complete_citizen_id
from yishu.sample.chance import Ints
from yishu.sample.fixed import pick
from yishu.sample.world import World

_ONE_IN = 300
_BORN_BEFORE = 18_000  # 2019-04: numbers of later years were never given twice
_PAIR = 497  # 994 and 995: given to nobody else, and no defect uses them


def changed(world: World) -> Ints:
    """Persons (positions) whose number was replaced; the first of those whose old numbers would meet."""
    persons = np.flatnonzero(world.persons.registered & (world.persons.birth_day < _BORN_BEFORE))
    some = persons[(pick(persons, "former number", _ONE_IN) == 0) | (persons == persons[0])]
    return np.asarray(some[former_ids(world, some).arg_unique().sort().to_numpy()], dtype=np.int64)


def former_ids(world: World, positions: Ints) -> pl.Series:
    """The old numbers: same area, birth date and sex, a serial that nobody else has."""
    serial = pl.Series(2 * _PAIR + world.persons.male[positions].astype(np.int64)).cast(pl.String)
    return complete_citizen_id(world.citizen_id.gather(positions).str.slice(0, 14) + serial)


def as_known_to(world: World, positions: Ints, department: str) -> pl.Series:
    """The citizen ids of persons as a department has them: of those that were replaced, every second it never heard."""
    old = np.isin(positions, changed(world)) & (pick(positions, f"former number in {department}", 2) == 0)
    return pl.select(pl.when(pl.Series(old)).then(former_ids(world, positions)).otherwise(world.citizen_id.gather(positions))).to_series()
