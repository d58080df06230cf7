"""Expectation classes of GX: those made from our declarations, and those about types, which know GX's own engines only.

What it relies on (GX 1.24):
- classes derived from a map expectation register themselves under the snake-case form of their name;
- a validator of a derived class takes the place of the inherited one of the same name (`_validate_column_list`);
- the expectations about types ask `isinstance` of GX's own engines: their `_validate` is led past that for ours.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from great_expectations.compatibility import pydantic
from great_expectations.expectations.expectation import (
    ColumnMapExpectation,
    ColumnPairMapExpectation,
    Expectation,
    MetaExpectation,
    MulticolumnMapExpectation,
)

from expectations.engine.row_rule import REQUIRED, Domain, RowRule
from expectations.engine.seam import SeamEngine

_BASES: Mapping[Domain, type[Expectation]] = {
    Domain.COLUMN: ColumnMapExpectation,
    Domain.COLUMN_PAIR: ColumnPairMapExpectation,
    Domain.COLUMN_LIST: MulticolumnMapExpectation,
}


def define_expectation(rule: RowRule) -> type[Expectation]:
    """GX's class for a rule of ours, made from its declaration; GX registers it as it is made, so once a process."""
    base = _BASES[rule.domain]
    body: dict[str, Any] = {
        "__module__": __name__,
        "__doc__": f"{rule.expectation}, declared as a RowRule.",
        "__annotations__": dict.fromkeys(rule.values, Any),
        "map_metric": rule.metric,
        "success_keys": (*rule.values, "mostly"),
        **{name: (... if default is REQUIRED else default) for name, default in rule.values.items()},
    }
    if rule.ignore_row_if:
        body["__annotations__"]["ignore_row_if"] = str
        body["ignore_row_if"] = rule.ignore_row_if
        # GX's base for pairs leaves it out: what a suite says of missing values would be skipped in silence.
        body["domain_keys"] = tuple(dict.fromkeys((*cast(Any, base).domain_keys, "ignore_row_if")))
    if rule.domain is Domain.COLUMN_LIST:
        body["_validate_column_list"] = pydantic.validator("column_list", allow_reuse=True)(_validate_column_list)
    name = "".join(word.capitalize() for word in rule.expectation.split("_"))
    return cast(type[Expectation], cast(Any, MetaExpectation)(name, (base,), body))


def _validate_column_list(cls: type[Expectation], columns: list[str]) -> list[str]:
    """Stands in for GX's validator of this name, which wants two columns or more: a table of one column repeats rows
    as well."""
    return columns


def lead_types(expectation: type[Expectation], judge: Callable[[Any, Mapping[str, Any]], dict[str, Any]]) -> None:
    """Lets an expectation about types be judged by `judge(engine, kwargs)` where the engine is ours."""
    original = expectation._validate

    def _validate(self: Any, metrics: Any, runtime_configuration: Any = None, execution_engine: Any = None) -> Any:
        if isinstance(execution_engine, SeamEngine):
            return judge(execution_engine, self.configuration.kwargs)
        return original(self, metrics, runtime_configuration, execution_engine)

    cast(Any, expectation)._validate = _validate
