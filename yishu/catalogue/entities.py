"""What the authority list says of an entity, and what a table says of identifiers that belong to one.

Belongs here: the declarations. Not here: sources resolved to columns (authority.py), who is who today (yishu/lake/identities.py).
"""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from yishu.catalogue.documents import Misplaced
from yishu.catalogue.entry import Entry, Name, Text

RECORD = "record"  # the group of the attributes that no group names


class Reference(Entry):
    """That a value is the key of another entity. Written as a name alone, the target may be absent: whom another city registers.

    required: every row that states the value feeds the target too, so a missing one is our fault and stops the build; else it is told as a
    warning (dbt_project/tests). reason: why the target must be there, or why it may not.
    """

    entity: Name
    required: bool = False
    reason: Text = "可为外地登记的，或尚未报来"

    @model_validator(mode="after")
    def _required_says_why(self) -> "Reference":
        if self.required and "reason" not in self.model_fields_set:
            raise ValueError("required: true 会使构建停下，须写 reason：为什么所指的实体一定在")
        return self


def _from_name(value: Any) -> Any:
    return {"entity": value} if isinstance(value, str) else value


ReferenceOrName = Annotated[Reference, BeforeValidator(_from_name, json_schema_input_type=Name | Reference)]


class Relation(Entry):
    """That a row of an entity states a family relation: `person` is the `relation` of `relative` (the wife of the husband, the mother of the child).

    person, relative: keys or attributes that hold a citizen id. relation: the attribute with the code, or `code`, where every row states the
    same (GB/T 4761). household: the attribute that a household shares; the relative is then its only head, not somebody the row names.
    since, until: attributes with the days. rank: which statement counts where several are about the same two persons, 1 first (A06).
    """

    person: Name
    relative: Name | None = None
    household: Name | None = None
    relation: Name | None = None
    code: Text | None = None
    since: Name | None = None
    until: Name | None = None
    rank: Annotated[int, Field(ge=1)]

    @model_validator(mode="after")
    def _one_of_each(self) -> "Relation":
        if (self.relation is None) == (self.code is None) or (self.relative is None) == (self.household is None):
            raise ValueError("relation 和 code、relative 和 household 各写一个；请补充或删去")
        return self

    @property
    def attributes(self) -> tuple[str, ...]:
        """The keys and attributes it names, that which tells it first: its provenance is the relation's (D04)."""
        return tuple(name for name in (self.relation, self.person, self.relative, self.household, self.since, self.until) if name)


class Entity(Entry):
    """A kind of entity of a base database (those of one `schema` make up one database): its key and, for each attribute, the
    sources in order of authority; the first is the only authority (A06).

    key: one attribute, or several that identify together (an annual report by credit code and year). groups: attributes whose history is
    kept together; those in no group are the group `record`. references: key or attribute -> the entity whose key it is. identifiers: other
    kinds of identifier -> the attributes that make one up, by which a row without the key is linked where the register knows whose it is.
    otherwise: which of these identifies whom no key does: a row without the key, that nobody is known by, is an entity of its own (a person who
    has only a passport). relations: the family relations that each row states. forms: attribute -> what kind of text it is; the table has it in the
    form by which such texts are compared as well (dbt_project/macros/names.sql, addresses.sql).
    """

    title: Text
    key: Name | Annotated[list[Name], Field(min_length=2)]
    schema_: Annotated[str, StringConstraints(pattern=r"^base_[a-z_]+$")] = Field(alias="schema")
    attributes: dict[Name, list[str]]
    groups: dict[Name, Annotated[list[Name], Field(min_length=1)]] = Field(default_factory=dict)
    references: dict[Name, ReferenceOrName] = Field(default_factory=dict)
    identifiers: dict[Name, Annotated[list[Name], Field(min_length=1)]] = Field(default_factory=dict)

    otherwise: Name | None = None
    forms: dict[Name, Literal["name", "address"]] = Field(default_factory=dict)
    relations: list[Relation] = Field(default_factory=list)

    @model_validator(mode="after")
    def _otherwise_is_whole(self) -> "Entity":
        if self.otherwise is not None and (not isinstance(self.key, str) or len(self.identifiers.get(self.otherwise, ())) < 2):
            raise Misplaced("otherwise 须是 identifiers 中由几个属性组成的一种，且实体只有一个标识属性；请改正", "otherwise")
        return self

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key,) if isinstance(self.key, str) else tuple(self.key)

    @property
    def grouped(self) -> dict[str, list[str]]:
        """Every attribute in its group of history, in the order of the list."""
        named = {name for members in self.groups.values() for name in members}
        rest = [name for name in self.attributes if name not in named]
        return self.groups | ({RECORD: rest} if rest else {})


class Identifies(Entry):
    """Each row says that its identifier of `kind` (the item, or the items that together make it up) and its `key` are of one entity.

    kind, key_kind: names of identifiers as the authority list has them (citizen_id, credit_code, registration_no). changed: the number was
    replaced by the key, which is the current one; then both are of one kind.
    """

    kind: Name
    identifier: Annotated[list[Name], Field(min_length=1)]
    key: Name
    key_kind: Name
    changed: bool = False
