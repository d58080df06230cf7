"""Texts in the one form by which they are compared, in polars: the twins of dbt_project/macros/{characters,names,addresses}.sql.

Belongs here: what Python steps need of those macros, with the same results (tests/unit/yishu/normalise holds them together). Not here: the
list of variants (catalogue/codes), amounts of capital (SQL alone reads them), the levels of an address (`parsing`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Final

import polars as pl

Change = Callable[[pl.Expr], pl.Expr]
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_WIDE: Final = "".join(chr(ord(character) + 0xFEE0) for character in f"0123456789{_LETTERS}{_LETTERS.upper()}")
_FOLDED: Final = {
    **dict(zip(_LETTERS, _LETTERS.upper(), strict=True)),
    **dict(zip(_WIDE, f"0123456789{_LETTERS.upper()}{_LETTERS.upper()}", strict=True)),
    **dict(zip("（【〔［｛）】〕］｝，．：；／＃＆＋＊＝％？！－—–―─～•・･‧∙⋅●", "((((()))))" ",.:;/#&+*=%?!-----" "-·······", strict=True)),
    **dict.fromkeys(" \t\n\r\u00a0\u00ad\u2002\u2003\u2009\u200b\u200c\u200d\u3000\ufeff", ""),
}
_FIGURES: Final = "一二三四五六七八九"
_UNIT: Final = "(号|幢|栋|座|单元|层|室|组)"
# Pattern and replacement, in order: 二十三号 as 23号, up to ninety-nine; 五〇一室 as 501室, right to left.
_COUNTS: Final = (
    (f"([{_FIGURES}])十([{_FIGURES}]){_UNIT}", "${1}${2}${3}"),
    (f"([{_FIGURES}])十{_UNIT}", "${1}0${2}"),
    (f"十([{_FIGURES}]){_UNIT}", "1${1}${2}"),
    (f"十{_UNIT}", "10${1}"),
    *((f"{name}([0-9]?[0-9]?){_UNIT}", f"{value % 10}${{1}}${{2}}") for _ in range(3) for value, name in enumerate(f"〇{_FIGURES}零")),
)
_BUILDINGS: Final = (
    ("([0-9A-Z]+)(号楼|号幢|号栋|#楼|#|幢|栋|座)", "${1}号楼"),
    (r"([0-9])(户|房间|房)($|[,(])", "${1}室${3}"),
)


def plain_characters(texts: pl.Series, variants: Mapping[str, str]) -> pl.Series:
    """Half width, capitals, round brackets, one dash, one middle dot, no white space, standard characters."""
    for folded in (_FOLDED, variants):
        texts = _where(texts, f"[{''.join(folded)}]", [_folding(folded)])
    return texts


def normal_name(texts: pl.Series, variants: Mapping[str, str]) -> pl.Series:
    """A person's or an organisation's name as names are compared; null for nothing."""
    return _stated(plain_characters(texts, variants).str.replace_all("([一-龥])[.]", "${1}·"))


def tidy_address(texts: pl.Series, variants: Mapping[str, str]) -> pl.Series:
    """Plain characters, counts in figures, one word for a building and one for a room; a yard is still a yard. Null for nothing."""
    counted = _where(plain_characters(texts, variants), f"[{_FIGURES}十〇零]", [_replacing(*count) for count in _COUNTS])
    return _stated(replaced_all(counted, _BUILDINGS))


def normal_address(texts: pl.Series, variants: Mapping[str, str]) -> pl.Series:
    """A written address as addresses are compared; null for nothing."""
    return tidy_address(texts, variants).str.replace_all("([0-9])号院", "${1}号")


def replaced_all(texts: pl.Series, patterns: Sequence[tuple[str, str]]) -> pl.Series:
    """Every match of every pattern replaced, in order."""
    return texts.to_frame("text").select(reduce(lambda text, change: change(text), [_replacing(*each) for each in patterns], pl.col("text")))["text"]


def _folding(folded: Mapping[str, str]) -> Change:
    return lambda text: text.str.replace_many(list(folded), list(folded.values()))


def _replacing(pattern: str, replacement: str) -> Change:
    return lambda text: text.str.replace_all(pattern, replacement)


def _where(texts: pl.Series, pattern: str, changes: Sequence[Change]) -> pl.Series:
    """The changes where the pattern is found: most texts need none, and looking is much cheaper than replacing."""
    found = texts.str.contains(pattern).fill_null(False)
    if not found.any():
        return texts
    frame = texts.filter(found).to_frame("text")
    changed = frame.select(reduce(lambda text, change: change(text), changes, pl.col("text")))["text"]
    return texts.clone().scatter(found.arg_true(), changed)


def _stated(texts: pl.Series) -> pl.Series:
    return texts.set(texts == "", None)
