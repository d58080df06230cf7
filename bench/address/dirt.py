"""The ways in which registers write one address, as functions from the clean text to another one.

Not here: wrong addresses. Every dirtied text names the same place to a reader who knows the city.
"""

from collections.abc import Callable
from typing import Final

import polars as pl

_HALF: Final = "0123456789"
_WIDE: Final = "０１２３４５６７８９"
_FIGURES: Final = "零一二三四五六七八九"
Dirt = Callable[[pl.Expr], pl.Expr]


def _abbreviated(text: pl.Expr) -> pl.Expr:
    return text.str.replace("^河南省", "河南").str.replace("平顶山市", "平顶山").str.replace("^(河南(?:平顶山)?[^区县市]{2,3})[区县市]", "${1}")


def _without_town(text: pl.Expr) -> pl.Expr:
    parts = text.str.split(pl.col("town"))
    return parts.list.first() + parts.list.slice(1).list.join(pl.col("town"))


def _spaced(text: pl.Expr) -> pl.Expr:
    return text.str.replace("省", "省 ").str.replace("(街道|镇|乡)", "${1}　").str.replace("号楼", "号楼 ")


def _wide(text: pl.Expr) -> pl.Expr:
    return text.str.replace_many(list(_HALF), list(_WIDE))


def _counted(text: pl.Expr) -> pl.Expr:
    """One figure before 号楼, 单元, 组 as a character."""
    for value, figure in enumerate(_FIGURES):
        if value:
            text = text.str.replace(f"([^0-9]){value}(号楼|单元|组)", f"${{1}}{figure}${{2}}")
    return text


def _former(text: pl.Expr) -> pl.Expr:
    for present, former in {"平顶山市湛河区": "平顶山市郊区", "平顶山市石龙区": "平顶山市西区", "汝州市": "临汝县", "舞钢市": "舞钢区"}.items():
        text = text.str.replace(present, former, literal=True)
    return text.str.replace("街道", "办事处", literal=True).str.replace("([区县市][^区县市镇乡]{2,4})镇", "${1}乡")


DIRTS: Final[dict[str, Dirt]] = {
    "clean": lambda text: text,
    "upper levels abbreviated": _abbreviated,
    "without province": lambda text: text.str.replace("^河南省", ""),
    "without province and city": lambda text: text.str.replace("^河南省(平顶山市)?", ""),
    "without division": lambda text: text.str.replace("^河南省(?:平顶山市)?[^区县市]{1,3}[区县市]", "平顶山市"),
    "without town": _without_town,
    "full-width figures": _wide,
    "spaces": _spaced,
    "幢 for 号楼": lambda text: text.str.replace("号楼", "幢"),
    "#楼 for 号楼": lambda text: text.str.replace("号楼", "#楼"),
    "号 for 号院": lambda text: text.str.replace("号院", "号"),
    "户 for 室": lambda text: text.str.replace("室", "户"),
    "counted in characters": _counted,
    "hyphens": lambda text: text.str.replace("([0-9]+)号楼([0-9]+)单元([0-9]+)室", "${1}-${2}-${3}"),
    "former names": _former,
    "traditional characters": lambda text: text.str.replace_many(list("号区县镇乡园书龙东"), list("號區縣鎮鄉園書龍東")),
    "no room word": lambda text: text.str.replace("室$", ""),
}
MIXED: Final = (("upper levels abbreviated", "spaces", "幢 for 号楼"), ("without province", "full-width figures", "号 for 号院"),
                ("without province and city", "counted in characters", "户 for 室"), ("former names", "hyphens", "full-width figures"))  # fmt: skip


def dirtied(clean: pl.DataFrame) -> dict[str, pl.Series]:
    """Name of the dirt -> the texts of `full_address` written so; `mixed`: three at a time, by turns."""
    made = {name: clean.select(dirt(pl.col("full_address")))["full_address"] for name, dirt in DIRTS.items()}
    turn = pl.int_range(pl.len()) % len(MIXED)
    mixed = pl.col("full_address")
    for at, names in enumerate(MIXED):
        text = pl.col("full_address")
        for name in names:
            text = DIRTS[name](text)
        mixed = pl.when(turn == at).then(text).otherwise(mixed)
    return made | {"mixed": clean.select(full_address=mixed)["full_address"]}
