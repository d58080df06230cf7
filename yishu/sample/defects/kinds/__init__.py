"""Which kinds of defects each resource suffers, and the rules that can see them: `KINDS` by resource id, of all
modules together."""

from yishu.sample.defects.kind import Kind
from yishu.sample.defects.kinds import companies, contradictions, credit, estate, holdings, land, movements, persons, registers

_OF_ONE_TABLE: dict[str, tuple[Kind, ...]] = {
    **registers.KINDS,
    **credit.KINDS,
    **estate.KINDS,
    **land.KINDS,
    **companies.KINDS,
    **persons.KINDS,
    **movements.KINDS,
    **holdings.KINDS,
}

_RESOURCES = (*_OF_ONE_TABLE, *(name for name in contradictions.KINDS if name not in _OF_ONE_TABLE))
KINDS = {name: (*_OF_ONE_TABLE.get(name, ()), *contradictions.KINDS.get(name, ())) for name in _RESOURCES}
