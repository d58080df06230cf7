"""The errors that departments often make when they fill the national table, each as a check (DOMAIN_FACTS 1.2: frequent filling errors).

Works on rows as they stand in the table; what an entry must hold beyond that the models say.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from expectations.rules.identifiers import valid_credit_code
from yishu.catalogue.interchange import national

_SYSTEM = re.compile(r"(系统|平台|子系统|信息化项目|APP)$")
_DIGITS = re.compile(r"\d+")
_CODE = re.compile(r"^[1-3]\d{5,}/\d+$")
_UNIT = re.compile(r"^\s*[\d.]+\s*[^\d\s.]+\s*$")
_CLAUSE = re.compile(r"《[^》]+》")
_REQUIRED = ("信息资源名称", "信息资源提供方", "信息资源摘要", "信息项名称", "信息资源代码", "更新周期", "共享类型")
_CREDIT_CODE_LENGTH = 18


@dataclass(frozen=True)
class Row:
    """A row of the table: worksheet row (from 1) and its texts by column title; resource columns carried down."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, title: str) -> str:
        return self.cells.get(title, "")


@dataclass(frozen=True)
class Mistake:
    """line and column title say the cell; `problem` and `way_out` are for whoever fills the table."""

    line: int
    column: str
    problem: str
    way_out: str


def mistakes(rows: list[Row]) -> list[Mistake]:
    """Every filling error of the table, in the order of its rows."""
    found = [mistake for row in rows for mistake in _of_row(row)]
    first_rows = list({row["信息资源代码"] or f"row {row.line}": row for row in reversed(rows)}.values())[::-1]
    return sorted([*found, *_of_names(first_rows), *_of_providers(first_rows)], key=lambda mistake: (mistake.line, mistake.column))


def _of_row(row: Row) -> Iterator[Mistake]:
    for title in _REQUIRED:
        if not row[title]:
            yield Mistake(row.line, title, f"“{title}”为空", "请填写")
    if _SYSTEM.search(row["信息资源名称"]):
        yield Mistake(row.line, "信息资源名称", "填的是系统名称，不是信息资源名称", "请写这张表登记的是什么，如“户籍人口信息”")
    if row["信息资源代码"] and not _CODE.match(row["信息资源代码"]):
        yield Mistake(row.line, "信息资源代码", f"代码 {row['信息资源代码']} 不符合编制指南", "请写成 类项目细目/顺序码，如 307001/0012")
    yield from _of_sharing(row)
    yield from _of_format(row)
    if row["更新周期"] and row["更新周期"] not in (*national.FREQUENCIES.values(),):
        yield Mistake(row.line, "更新周期", f"没有更新周期 {row['更新周期']}", f"可填：{'、'.join(national.FREQUENCIES.values())}")
    if row["数据类型"] and row["数据类型"] not in national.TYPES:
        yield Mistake(row.line, "数据类型", f"没有数据类型 {row['数据类型']}", f"可填字母：{'、'.join(sorted(national.TYPES))}")
    for title in ("标识", "必填"):
        if _UNIT.match(row[title]):
            yield Mistake(row.line, title, f"“{title}”是数字列，却写了单位（{row[title]}）", "请只写数字")


def _of_sharing(row: Row) -> Iterator[Mistake]:
    kind = row["共享类型"]
    if kind and kind not in national.SHARING.values():
        yield Mistake(row.line, "共享类型", f"没有共享类型 {kind}", "可填：1 无条件、2 有条件、3 不予")
    if kind == "2" and not row["共享条件"]:
        yield Mistake(row.line, "共享条件", "有条件共享没有写明条件", "请写明共享条件（B08）")
    if kind == "3" and not _CLAUSE.search(row["共享条件"]):
        yield Mistake(row.line, "共享条件", "不予共享没有引用法律法规", "请引用依据，如《…法》第…条（B07）")
    if row["是否向社会开放"] not in ("", "0", "1"):
        yield Mistake(row.line, "是否向社会开放", f"不能是 {row['是否向社会开放']}", "可填：1 是、0 否")


def _of_format(row: Row) -> Iterator[Mistake]:
    number, concrete = row["信息资源格式大类"], row["信息资源格式"].lower()
    known = next((kind for kind in national.FORMATS if number in (kind.number, kind.name)), None)
    if number and known is None:
        yield Mistake(row.line, "信息资源格式大类", f"没有格式大类 {number}", "可填：" + "、".join(f"{k.number} {k.name}" for k in national.FORMATS))
    if known is None:
        return
    if concrete and known.concrete and concrete not in known.concrete:
        yield Mistake(row.line, "信息资源格式", f"{concrete} 不是{known.name}的格式", f"{known.name}可填：{'、'.join(known.concrete)}")
    way = row["共享方式"].rpartition("/")[2]
    if row["共享方式"].startswith("共享平台方式") and way not in known.shared_as:
        yield Mistake(row.line, "共享方式", f"{known.name}不能以“{way}”共享", f"可填：{'、'.join(f'共享平台方式/{one}' for one in known.shared_as)}")


def _of_names(rows: Iterable[Row]) -> Iterator[Mistake]:
    """Excel counts up when a cell is dragged down; two names that differ by that only are one name."""
    plain: dict[str, Row] = {}
    without_digits: dict[str, Row] = {}
    for row in rows:
        name = row["信息资源名称"]
        if not name:
            continue
        key = _plain(name)
        if key in plain:
            other = plain[key]
            yield Mistake(
                row.line, "信息资源名称", f"与第 {other.line} 行的名称只差标点或空格，或完全相同", "请合并为一个信息资源，或改成能区分的名称"
            )
        elif _DIGITS.sub("", key) in without_digits and _DIGITS.search(key):
            other = without_digits[_DIGITS.sub("", key)]
            yield Mistake(row.line, "信息资源名称", f"与第 {other.line} 行的名称只差数字，可能是下拉填充造成的", "请核对名称")
        plain.setdefault(key, row)
        without_digits.setdefault(_DIGITS.sub("", key), row)


def _of_providers(rows: Iterable[Row]) -> Iterator[Mistake]:
    codes: dict[str, Row] = {}
    for row in rows:
        provider, code = row["信息资源提供方"], row["信息资源提供方代码"]
        if provider in codes and codes[provider]["信息资源提供方代码"] != code:
            yield Mistake(
                row.line, "信息资源提供方代码", f"{provider} 在第 {codes[provider].line} 行是另一个代码", "一个提供方只有一个代码，请改成一致"
            )
        codes.setdefault(provider, row)
        if len(code) < _CREDIT_CODE_LENGTH:
            yield Mistake(row.line, "信息资源提供方代码", f"代码只有 {len(code)} 位", "请填 18 位统一社会信用代码")
        elif not valid_credit_code(pl.Series([code])).item():
            yield Mistake(row.line, "信息资源提供方代码", "统一社会信用代码的校验码不符（GB 32100）", "请核对 18 位代码")


def _plain(name: str) -> str:
    """Without punctuation and spaces, full-width as half-width."""
    text = unicodedata.normalize("NFKC", name)
    return "".join(letter for letter in text if unicodedata.category(letter)[0] in "LN").lower()
