"""Which kernel says that an identifier is valid, by the name of its kind, for rules that compare identifiers with what stands beside them.

An identifier that is not valid is accused of that alone: what it says of anything else is then nobody's evidence. Not here: the rules
about validity itself (`codes`, `citizen_id`).
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import polars as pl

from expectations.engine.row_rule import Ask
from expectations.rules.codes import VALID, Kernel
from expectations.rules.identifiers import valid_citizen_id

KERNELS: Final[Mapping[str, Kernel]] = MappingProxyType({**VALID, "citizen_id": valid_citizen_id})


def text_of(ask: Ask, role: str, kind: str | None = None) -> pl.Expr:
    """The column as text, dates as YYYYMMDD; null where it is no valid identifier of the kind."""
    column = ask.column(role)
    text = column.dt.strftime("%Y%m%d") if ask.dtype(role).is_temporal() else column.cast(pl.String)
    if kind is None:
        return text
    return pl.when(text.map_batches(KERNELS[kind], return_dtype=pl.Boolean, is_elementwise=True)).then(text)


def wrong_kind(kwargs: Mapping[str, Any], *names: str) -> str | None:
    """What is wrong with the kwargs that name a kind of identifier."""
    for name in names:
        if kwargs.get(name) is not None and kwargs[name] not in KERNELS:
            return f"{name} 应为 {'、'.join(KERNELS)} 之一"
    return None


def wrong_pattern(pattern: object, name: str) -> str | None:
    """What is wrong with a regular expression."""
    try:
        pl.Series([""]).str.contains(str(pattern))
    except pl.exceptions.ComputeError:
        return f"{name} 不是 polars（Rust）支持的正则表达式；不支持环视与反向引用"
    return None
