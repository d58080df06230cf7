"""Texts against patterns: regular expressions, SQL's LIKE, dates as text, JSON.

Regular expressions are Rust's: linear in time, and so without look-around and back references; `$` is the end of the text,
not also the place before a last line feed. GX's pandas engine knows no LIKE: here it is that of the SQL standard, case counts.
"""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from expectations.engine.core.by_value import by_value
from expectations.engine.row_rule import REQUIRED, Ask, Domain, RowRule


def text(ask: Ask) -> pl.Expr:
    """The column as text. Raises TypeError for another type: its spelling is nobody's rule."""
    if ask.dtype() not in (pl.String, pl.Null):
        raise TypeError(f"a pattern is for texts, the column is {ask.dtype()}: cast it first")
    return ask.column()


def _hits(ask: Ask, patterns: Iterable[str]) -> list[pl.Expr]:
    return [text(ask).str.contains(pattern) for pattern in patterns]


def _matched(ask: Ask, patterns: Iterable[str]) -> pl.Expr:
    """Whether any of the patterns matches, or all of them where `match_on` says so."""
    how = pl.all_horizontal if ask.kwargs.get("match_on") == "all" else pl.any_horizontal
    return how(_hits(ask, patterns))


def like(pattern: str, escape: str | None = None) -> str:
    """A LIKE pattern as a regular expression over the whole text: `%` any characters, `_` one."""
    parts, rest = [], iter(pattern)
    for character in rest:
        if character == escape:
            parts.append(re.escape(next(rest, character)))
        else:
            parts.append({"%": ".*", "_": "."}.get(character) or re.escape(character))
    return f"(?s)^{''.join(parts)}$"


def _likes(ask: Ask) -> list[str]:
    patterns = ask.kwargs["like_pattern_list"] if "like_pattern_list" in ask.kwargs else [ask.kwargs["like_pattern"]]
    return [like(pattern, ask.kwargs.get("escape")) for pattern in patterns]


def _dateutil(value: str) -> bool:
    from dateutil.parser import parse

    try:
        parse(value)
    except (ValueError, OverflowError):
        return False
    return True


def _strptime(ask: Ask) -> pl.Expr:
    layout = ask.value("strftime_format")

    def fits(value: str) -> bool:
        try:
            dt.datetime.strptime(value, layout)
        except ValueError:
            return False
        return True

    return by_value(text(ask), fits)


def _is_json(value: str) -> bool:
    try:
        json.loads(value)
    except ValueError:
        return False
    return True


def _fits_schema(ask: Ask) -> pl.Expr:
    import jsonschema

    validator = jsonschema.validators.validator_for(ask.value("json_schema"))(ask.value("json_schema"))

    def fits(value: str) -> bool:
        return _is_json(value) and bool(validator.is_valid(json.loads(value)))

    return by_value(text(ask), fits)


def _wrong_regexes(*names: str) -> Callable[[Mapping[str, Any]], str | None]:
    def wrong(kwargs: Mapping[str, Any]) -> str | None:
        for name in names:
            given = kwargs[name]
            for regex in given if isinstance(given, list | tuple) else [given]:
                try:
                    pl.Series([""]).str.contains(str(regex))
                except pl.exceptions.ComputeError:
                    return f"{name} 不是 polars（Rust）支持的正则表达式；不支持环视与反向引用"
        return _wrong_list(*names)(kwargs)

    return wrong


def _wrong_list(*names: str) -> Callable[[Mapping[str, Any]], str | None]:
    def wrong(kwargs: Mapping[str, Any]) -> str | None:
        for name in names:
            if name.endswith("_list") and (not isinstance(kwargs[name], list | tuple) or not kwargs[name]):
                return f"{name} 应为非空的列表"
        if kwargs.get("match_on", "any") not in ("any", "all"):
            return "match_on 应为 any 或 all"
        return None

    return wrong


def _wrong_layout(kwargs: Mapping[str, Any]) -> str | None:
    try:
        day = dt.datetime(2000, 1, 2, 3, 4, 5)
        dt.datetime.strptime(day.strftime(kwargs["strftime_format"]), kwargs["strftime_format"])
    except (TypeError, ValueError):
        return "strftime_format 不能用来读取日期，例如应写作 %Y-%m-%d"
    return None


def _wrong_schema(kwargs: Mapping[str, Any]) -> str | None:
    import jsonschema

    try:
        jsonschema.validators.validator_for(kwargs["json_schema"]).check_schema(kwargs["json_schema"])
    except Exception:  # whatever the schema library raises of a schema that is none
        return "json_schema 不是有效的 JSON Schema"
    return None


Wrong = Callable[[Mapping[str, Any]], str | None]


def _rule(name: str, metric: str, broken: Callable[[Ask], pl.Expr], values: Mapping[str, Any], wrong: Wrong) -> RowRule:
    return RowRule(
        expectation=f"expect_column_values_to_{name}",
        metric=f"column_values.{metric}",
        domain=Domain.COLUMN,
        broken=broken,
        values=values,
        shipped=True,
        wrong=wrong,
    )


_NO_WRONG = _wrong_list()
_LIKE: Mapping[str, Any] = {"like_pattern": REQUIRED, "escape": None}
_LIKES: Mapping[str, Any] = {"like_pattern_list": REQUIRED, "escape": None}

RULES = (
    _rule("match_regex", "match_regex", lambda ask: ~_matched(ask, [ask.value("regex")]), {"regex": REQUIRED}, _wrong_regexes("regex")),
    _rule("not_match_regex", "not_match_regex", lambda ask: _matched(ask, [ask.value("regex")]), {"regex": REQUIRED}, _wrong_regexes("regex")),
    _rule("match_regex_list", "match_regex_list", lambda ask: ~_matched(ask, ask.value("regex_list")),
          {"regex_list": REQUIRED, "match_on": "any"}, _wrong_regexes("regex_list")),
    _rule("not_match_regex_list", "not_match_regex_list", lambda ask: _matched(ask, ask.value("regex_list")),
          {"regex_list": REQUIRED}, _wrong_regexes("regex_list")),
    _rule("match_like_pattern", "match_like_pattern", lambda ask: ~_matched(ask, _likes(ask)), _LIKE, _NO_WRONG),
    _rule("not_match_like_pattern", "not_match_like_pattern", lambda ask: _matched(ask, _likes(ask)), _LIKE, _NO_WRONG),
    _rule("match_like_pattern_list", "match_like_pattern_list", lambda ask: ~_matched(ask, _likes(ask)),
          {**_LIKES, "match_on": "any"}, _wrong_list("like_pattern_list")),
    _rule("not_match_like_pattern_list", "not_match_like_pattern_list", lambda ask: _matched(ask, _likes(ask)),
          _LIKES, _wrong_list("like_pattern_list")),
    _rule("be_dateutil_parseable", "dateutil_parseable", lambda ask: ~by_value(text(ask), _dateutil), {}, _NO_WRONG),
    _rule("match_strftime_format", "match_strftime_format", lambda ask: ~_strptime(ask), {"strftime_format": REQUIRED}, _wrong_layout),
    _rule("be_json_parseable", "json_parseable", lambda ask: ~by_value(text(ask), _is_json), {}, _NO_WRONG),
    _rule("match_json_schema", "match_json_schema", lambda ask: ~_fits_schema(ask), {"json_schema": REQUIRED}, _wrong_schema),
)  # fmt: skip
