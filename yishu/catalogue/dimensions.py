"""Quality dimensions: those that a regulation names (P18), and which of GB/T 36344 each of them collects.

The mapping is the bureau's own choice: no regulation states it. Not here: scores (orchestration/quality.py).
"""

from expectations.suite import DIMENSIONS
from yishu.catalogue.statements import Statement, Text

DimensionMap = dict[Text, tuple[Text, ...]]


class Dimensions(Statement):
    """P18: the dimensions that the regulation names, and those it names for what several departments collect together (E01).

    `also_watched`: what it wants watched beside quality (丽水: 数量).
    """

    dimensions: tuple[Text, ...]
    joint_collection: tuple[Text, ...] = ()
    also_watched: tuple[Text, ...] = ()


def fault_of(mapping: DimensionMap, named: Dimensions | None) -> tuple[str, tuple[str, ...]] | None:
    """What is wrong with a mapping ("problem；way out"), and in which field of it; None where nothing is."""
    known = dict.fromkeys((*named.dimensions, *named.joint_collection)) if named else dict.fromkeys(mapping)
    seen: dict[str, str] = {}
    for own, standard in mapping.items():
        if own not in known:
            return f"P18 没有维度“{own}”；可选：{'、'.join(known)}", (own,)
        for name in standard:
            if name not in DIMENSIONS:
                return f"GB/T 36344 没有维度“{name}”；可选：{'、'.join(DIMENSIONS)}", (own,)
            if name in seen:
                return f"“{name}”已归入“{seen[name]}”；一个维度只归入一处，否则重复计数，请删去一处", (own,)
            seen[name] = own
    if lacking := [name for name in DIMENSIONS if name not in seen]:
        return f"GB/T 36344 的“{'”“'.join(lacking)}”没有归入任何维度；请补充到其中一项", ()
    return None


def own_dimension(mapping: DimensionMap, standard: str) -> str:
    """The regulation's dimension in which one of GB/T 36344 is collected."""
    return next(own for own, collected in mapping.items() if standard in collected)
