"""Names and addresses in the one form by which they are compared, and the levels of a written address.

Belongs here: pure functions over texts, polars in and polars out. Not here: which entity a record belongs to (linkage), where an address lies
(spatial), SQL (dbt_project/macros/{characters,names,addresses,capital}.sql).
"""

from yishu.normalise.gazetteer import LEVELS, Gazetteer, gazetteer
from yishu.normalise.parsing import parse_addresses
from yishu.normalise.texts import normal_address, normal_name

__all__ = ["LEVELS", "Gazetteer", "gazetteer", "normal_address", "normal_name", "parse_addresses"]
