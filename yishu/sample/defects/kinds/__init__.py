"""Which kinds of defects each resource suffers, and the rules that can see them: `KINDS` by resource id, of all
modules together."""

from yishu.sample.defects.kind import Kind
from yishu.sample.defects.kinds import companies, credit, estate, persons, registers

KINDS: dict[str, tuple[Kind, ...]] = {
    **registers.KINDS,
    **credit.KINDS,
    **estate.KINDS,
    **companies.KINDS,
    **persons.KINDS,
}
