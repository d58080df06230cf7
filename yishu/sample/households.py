"""How the first persons come together: households of plausible ages, couples, children, parents. Vectorised over all
households at once."""

from dataclasses import dataclass

import numpy as np

from yishu.sample.chance import Bools, Ints, between, weighted
from yishu.sample.people import AREAS, NONE, Persons, draw_given, draw_phones
from yishu.sample.places import DIVISION_CODES, Addresses, draw_addresses
from yishu.sample.vocabulary import SURNAMES

HEAD, SPOUSE, SON, DAUGHTER, FATHER, MOTHER = 2, 10, 20, 30, 51, 52
UNMARRIED, MARRIED, REMARRIED, WIDOWED, DIVORCED = 10, 20, 22, 30, 40
_CHILD, _PARENT, _SECOND_PARENT = 100, 101, 102  # slots of a template, before the sex is known
YEAR = 365
# Members after the head, how frequent (of 100 households), and the ages of heads.
_TEMPLATES: tuple[tuple[tuple[int, ...], float, tuple[int, int]], ...] = (
    ((), 12, (22, 55)),
    ((), 8, (60, 97)),
    ((SPOUSE,), 10, (25, 59)),
    ((SPOUSE,), 13, (60, 92)),
    ((SPOUSE, _CHILD), 20, (25, 56)),
    ((SPOUSE, _CHILD, _CHILD), 17, (28, 52)),
    ((SPOUSE, _CHILD, _PARENT), 9, (30, 62)),
    ((SPOUSE, _CHILD, _CHILD, _PARENT, _SECOND_PARENT), 7, (28, 55)),
    ((_CHILD,), 4, (26, 55)),
)
_AVERAGE_SIZE = sum((1 + len(members)) * share for members, share, _ in _TEMPLATES) / sum(
    share for _, share, _ in _TEMPLATES
)


@dataclass
class _Draft:
    """Everybody of all households, in the order of households; `head` and `spouse` are positions of the own
    household's."""

    household: Ints
    slot: Ints
    order_of_child: Ints
    head: Ints
    spouse: Ints
    template: Ints


def found_households(rng: np.random.Generator, persons: int, today: int) -> tuple[Persons, Addresses]:
    """Exactly `persons` persons born before `today` (days since 1970) and the addresses of their households."""
    draft = _draft(rng, persons)
    birth = _births(rng, draft, today)
    male = _sexes(rng, draft)
    addresses = draw_addresses(rng, int(draft.household.max()) + 1 if persons else 0)
    given_first, given_second = draw_given(rng, male, birth)
    nothing = np.full(persons, NONE, dtype=np.int64)
    ethnicity = np.array([1, 3, 11, 2, 15])[weighted(rng, [97, 2, 0.5, 0.3, 0.2], persons)]
    people = Persons(
        household=draft.household,
        relation=_relations(draft, male),
        male=male,
        birth_day=birth,
        surname=_surnames(rng, draft, male),
        given_first=given_first,
        given_second=given_second,
        former_first=nothing.copy(),
        former_second=nothing.copy(),
        ethnicity=np.where(draft.slot == _CHILD, ethnicity[draft.head], ethnicity),
        marital=_marital(rng, draft, birth, today),
        phone=np.where((rng.random(persons) < 0.85) & (birth < today - 14 * YEAR), draw_phones(rng, persons), NONE),
        death_day=nothing,
        registered=np.ones(persons, dtype=np.bool_),
        area=_areas(rng, addresses.division[draft.household]),
    )
    return people, addresses


def _draft(rng: np.random.Generator, persons: int) -> _Draft:
    drawn = weighted(rng, [share for _, share, _ in _TEMPLATES], int(persons / _AVERAGE_SIZE * 1.1) + 20)
    sizes = np.array([1 + len(members) for members, _, _ in _TEMPLATES])[drawn]
    ends = np.cumsum(sizes)
    household = np.repeat(np.arange(len(drawn)), sizes)[:persons]
    place = np.arange(persons) - (ends - sizes)[household]
    slots = np.full((len(_TEMPLATES), 6), HEAD, dtype=np.int64)
    order = np.zeros((len(_TEMPLATES), 6), dtype=np.int64)
    for row, (members, _, _) in enumerate(_TEMPLATES):
        slots[row, 1 : 1 + len(members)] = members
        order[row, 1 : 1 + len(members)] = np.cumsum([member == _CHILD for member in members])
    template = drawn[household]
    head = (ends - sizes)[household]
    slot = slots[template, place]
    # The last household may have lost members to the exact count: its head then stands for the spouse.
    has_spouse = (slots[template, 1] == SPOUSE) & (head + 1 < persons)
    return _Draft(household, slot, order[template, place], head, np.where(has_spouse, head + 1, head), template)


def _births(rng: np.random.Generator, draft: _Draft, today: int) -> Ints:
    size = len(draft.slot)
    low = np.array([low for _, _, (low, _) in _TEMPLATES])[draft.template]
    high = np.array([high for _, _, (_, high) in _TEMPLATES])[draft.template]
    # Fewer the older: the higher of two draws counts from the top.
    span = high - low
    age = low + np.where(low >= 60, np.minimum(rng.random(size), rng.random(size)) * span, rng.random(size) * span)
    own = today - (age * YEAR).astype(np.int64) - between(rng, 1, YEAR, size)
    head = own[draft.head]
    spouse = np.minimum(head + (rng.normal(1.5, 2.2, size) * YEAR).astype(np.int64), today - 22 * YEAR)[draft.spouse]
    grown = np.maximum(head, spouse) + 20 * YEAR
    room = np.clip(today - 1 - grown, 2, 15 * YEAR)
    # The first child in the first two fifths of the years there were, the second in the last two: siblings, not
    # triplets.
    child = grown + np.where(
        draft.order_of_child == 2, room - between(rng, 0, room * 2 // 5, size), between(rng, 0, room * 2 // 5, size)
    )
    parent = np.maximum(head - between(rng, 21 * YEAR, 32 * YEAR, size), today - 105 * YEAR)
    birth = np.select([draft.slot == HEAD, draft.slot == SPOUSE, draft.slot == _CHILD], [head, spouse, child], parent)
    return np.asarray(np.minimum(birth, today - 1), dtype=np.int64)


def _sexes(rng: np.random.Generator, draft: _Draft) -> Bools:
    chance = rng.random(len(draft.slot))
    head, parent = (chance < 0.76)[draft.head], chance < 0.35
    slots = [draft.slot == slot for slot in (HEAD, SPOUSE, _CHILD, _PARENT)]
    # The second parent follows the first and is of the other sex.
    return np.asarray(np.select(slots, [head, ~head, chance < 0.52, parent], ~np.roll(parent, 1)), dtype=np.bool_)


def _relations(draft: _Draft, male: Bools) -> Ints:
    child, parent = np.where(male, SON, DAUGHTER), np.where(male, FATHER, MOTHER)
    return np.select([draft.slot <= SPOUSE, draft.slot == _CHILD], [draft.slot, child], parent).astype(np.int64)


def _surnames(rng: np.random.Generator, draft: _Draft, male: Bools) -> Ints:
    """Drawn with the frequent ones first; children and the head's father bear the family's name."""
    own = weighted(rng, [1 / (rank + 3) for rank in range(len(SURNAMES))], len(draft.slot))
    father = np.where(male[draft.head], draft.head, draft.spouse)
    inherits = (draft.slot == _CHILD) | (((draft.slot == _PARENT) | (draft.slot == _SECOND_PARENT)) & male)
    return np.where(inherits, own[np.where(draft.slot == _CHILD, father, draft.head)], own).astype(np.int64)


def _marital(rng: np.random.Generator, draft: _Draft, birth: Ints, today: int) -> Ints:
    size = len(draft.slot)
    age = (today - birth) // YEAR
    coupled = np.where(rng.random(size) < 0.04, REMARRIED, MARRIED)[draft.head]
    single = np.where(
        age < 34, UNMARRIED, np.where(age < 60, DIVORCED, np.where(rng.random(size) < 0.85, WIDOWED, UNMARRIED))
    )
    alone_with_child = np.where(rng.random(size) < 0.7, DIVORCED, WIDOWED)
    has_child = np.array([len(members) > 0 for members, _, _ in _TEMPLATES])[draft.template]
    head = np.where(draft.spouse != draft.head, coupled, np.where(has_child, alone_with_child, single))
    both_parents = np.array([_SECOND_PARENT in members for members, _, _ in _TEMPLATES])[draft.template]
    parent = np.where(both_parents, MARRIED, WIDOWED)
    return np.select(
        [draft.slot == HEAD, draft.slot == SPOUSE, draft.slot == _CHILD], [head, coupled, UNMARRIED], parent
    ).astype(np.int64)


def _areas(rng: np.random.Generator, division: Ints) -> Ints:
    """Most numbers begin with the division of residence; some with another of the city, some with another city of
    the province."""
    size, chance = len(division), rng.random(len(division))
    elsewhere = between(rng, len(DIVISION_CODES), len(AREAS) - 1, size)
    return np.where(
        chance < 0.85, division, np.where(chance < 0.93, between(rng, 0, len(DIVISION_CODES) - 1, size), elsewhere)
    ).astype(np.int64)
