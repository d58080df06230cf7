"""What can be linked: for each kind of entity the features compared, how they are compared, and the ways to find candidates.

A kind is a module of its own (persons.py, legal_entities.py) that fills in `Kind`; every.py names them all.
Not here: frames (records.py), probabilities as they are learned (training.py).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

Spelling = Callable[[pl.Expr], pl.Expr]
KEY_FEATURE = "key_text"  # what a record has in the place of the key; of an entity, the key


@dataclass(frozen=True)
class Feature:
    """One thing compared. attributes: of the entity in the authority list, the first the most telling.

    many: every source's word counts (a list), else the word of the most authoritative source. of_key: what a key says of it by itself (a
    birth date); for an entity it overrules the sources, for a record it stands in where the record says nothing.
    """

    name: str
    attributes: tuple[str, ...]
    spelling: Spelling
    many: bool = False
    of_key: Spelling | None = None


@dataclass(frozen=True)
class Level:
    """How far two values agree: an SQL condition over `<feature>_l` and `<feature>_r`, alike in both, and its Chinese title.

    m, u: how often among true pairs, and among others, as long as training has not seen better. fixed: training leaves them; the records
    it learns from have sound keys and cannot tell how keys break. frequency: the feature whose rare values count for more.
    """

    condition: str
    title: str
    m: float
    u: float
    fixed: bool = False
    frequency: str | None = None


@dataclass(frozen=True)
class Comparison:
    """Levels in order, the first that holds counts; `missing`: the condition under which nothing can be said."""

    name: str
    title: str
    missing: str
    levels: tuple[Level, ...]


@dataclass(frozen=True)
class Kind:
    """A kind of entity, by its name in the authority list, with all that its model needs.

    derived: name -> expression over the features, compared beside them.
    names, addresses: the attributes that are; they are compared in the form that yishu/normalise gives them.
    blocks: name -> expression over the features: a record is compared with the entities that share one of them; null finds none.
    trained_on: features that are no lists; on the pairs that agree on them a round of EM is run, which learns of all other comparisons.
    threshold: the probability from which on a link is proposed.
    """

    entity: str
    title: str
    features: tuple[Feature, ...]
    derived: Mapping[str, pl.Expr]
    names: tuple[str, ...]
    addresses: tuple[str, ...]
    key_spelling: Spelling
    comparisons: tuple[Comparison, ...]
    blocks: Mapping[str, pl.Expr]
    trained_on: tuple[tuple[str, ...], ...]
    threshold: float = 0.99

    @property
    def attributes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(attribute for feature in self.features for attribute in feature.attributes))


def compared(name: str, title: str, *levels: Level) -> Comparison:
    """A comparison of one feature, which says nothing where either side has no value."""
    return Comparison(name, title, f"{name}_l is null or {name}_r is null", levels)


def near(name: str, ends: int) -> str:
    """SQL: ASCII texts that differ by one character; DuckDB's distances count bytes, of which a Chinese character has three.

    One of their ends, so many characters, is alike then; it is asked first, being cheap. Damerau's distance, which forgives a swap too, is
    not asked: it takes fifty times as long.
    """
    end = " or ".join(f"{side}({name}_l, {ends}) = {side}({name}_r, {ends})" for side in ("left", "right"))
    return f"length({name}_l) > {ends} and ({end}) and levenshtein({name}_l, {name}_r) = 1"
