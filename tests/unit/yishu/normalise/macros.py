"""The macros of names, addresses and capital rendered without dbt, for DuckDB and for Spark. Not here: assertions."""

import re
from functools import cache, partial
from typing import Any

import duckdb
import jinja2

from yishu.catalogue import load_catalogue
from yishu.catalogue.variants import variants_macro
from yishu.settings import settings

FILES = ("characters", "names", "addresses", "capital")
MACRO = re.compile(r"{%-? macro (?P<name>\w+).*?endmacro -?%}", re.S)


class _Returned(Exception):
    def __init__(self, value: Any) -> None:
        self.value = value


def _return(value: Any) -> None:
    raise _Returned(value)


def _returning(macro: Any) -> Any:
    """dbt's `return` hands a value out of a macro; jinja's macros only write text."""

    def called(*arguments: Any, **named: Any) -> Any:
        try:
            return macro(*arguments, **named).strip()
        except _Returned as returned:
            return returned.value

    return called


@cache
def macros(engine: str) -> dict[str, Any]:
    """Name -> macro; engine: `default` (DuckDB) or `spark`."""
    texts = [variants_macro(load_catalogue()), *((settings.dbt_dir / "macros" / f"{name}.sql").read_text("utf-8") for name in FILES)]
    # One template a macro, as in dbt: each sees all others, wrapped so that what they return is a value.
    blocks = {match["name"]: match[0] for text in texts for match in MACRO.finditer(text)}
    found: dict[str, Any] = {}

    class Adapter:
        @staticmethod
        def dispatch(name: str) -> Any:
            return found[f"{engine}__{name}" if f"{engine}__{name}" in found else f"default__{name}"]

    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    environment.globals |= {"adapter": Adapter, "return": _return}
    environment.globals |= {name: partial(lambda name, *arguments: found[name](*arguments), name) for name in blocks}
    for name, block in blocks.items():
        found[name] = _returning(getattr(environment.from_string(block).module, name))
    return found


def sql(name: str, engine: str = "default", column: str = "x") -> str:
    """The expression that the macro makes of the column."""
    return str(macros(engine)[name](column))


def asked(names: list[str], texts: list[str | None]) -> list[tuple[Any, ...]]:
    """What DuckDB says the macros make of each text, in order."""
    with duckdb.connect() as connection:
        connection.execute("create table t as select unnest(range(len($1))) as n, unnest($1) as x from (select cast($1 as varchar[]))", [texts])
        return connection.execute(f"select {', '.join(sql(name) for name in names)} from t order by n").fetchall()
