"""Every kind of entity whose records are linked. A new kind is a module beside persons.py and a name here."""

from yishu.linkage.legal_entities import LEGAL_ENTITIES
from yishu.linkage.persons import PERSONS

KINDS = (PERSONS, LEGAL_ENTITIES)
