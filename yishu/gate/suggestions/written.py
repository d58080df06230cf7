"""Identifiers that were only written wrongly: width, spaces, case, 15 digits, letters for digits. Determined by the standards.

Not here: digits that are wrong (`near`), which takes somebody's word for who is meant.
"""

import polars as pl

from yishu.gate.suggestions.cases import CASE, CERTAIN, LIKELY, Accused, only_one, proposals
from yishu.gate.typing import IDENTIFIERS

# GB 11643 knows no letter but the last X; GB 32100 leaves out I, O, S, V, Z because they are misread.
_LETTERS = {
    "citizen_id": ({"O": "0", "I": "1", "L": "1"}, "公民身份号码只有数字和末位 X，把字母 O、I 读作数字 0、1 后校验码相符（GB 11643）"),
    "credit_code": ({"O": "0", "I": "1"}, "统一社会信用代码不用字母 I、O，读作数字 1、0 后两个校验码都相符（GB 32100）"),
}
_MISREAD = ({"O": "0", "I": "1", "Z": "2", "S": "5"}, "统一社会信用代码不用字母 Z、S、V，换作形近的字符后两个校验码都相符（GB 32100）")
_FOR_V = ("U", "Y", "W")
CENTENARIANS = r"^[0-9]{12}99[6-9]$"  # 996–999 were kept for people born before 1900: their century is not 19


def rewritten(accused: Accused) -> pl.DataFrame:
    """Proposals for one identifier item: the same number as its standard writes it."""
    kind = accused.item.type
    cases = accused.rows.select(CASE, text=_tidy(pl.col(f"{accused.item.name}__text")), verbatim=f"{accused.item.name}__verbatim")
    cases = cases.filter(pl.col("text").is_not_null())
    found = [_of_form(cases, kind)]
    if kind in _LETTERS:
        found.append(_of_letters(cases, kind, *_LETTERS[kind], "letters", CERTAIN))
    if kind == "credit_code":
        found += [_of_letters(cases, kind, {**_MISREAD[0], "V": v}, _MISREAD[1], "misread", LIKELY) for v in _FOR_V]
        found = [found[0], found[1], only_one(pl.concat(found[2:]))]
    return pl.concat(found).unique(CASE, keep="first", maintain_order=True)


def _tidy(text: pl.Expr) -> pl.Expr:
    return text.str.normalize("NFKC").str.replace_all(r"[\s\p{Cf}]", "").str.to_uppercase()


def _valid(cases: pl.DataFrame, kind: str) -> pl.DataFrame:
    """The cases whose `proposal` is valid and not what was delivered."""
    return cases.filter(IDENTIFIERS[kind].valid(cases["proposal"]).fill_null(False) & (pl.col("proposal") != pl.col("verbatim")))


def _of_form(cases: pl.DataFrame, kind: str) -> pl.DataFrame:
    old = pl.col("_digits").str.contains(r"^[0-9]{15}$") if kind == "citizen_id" else pl.lit(False)
    verbatim = pl.col("verbatim").str.normalize("NFKC").str.replace_all(r"\s", "")
    canonical = IDENTIFIERS[kind].canonical(cases["text"])
    found = _valid(cases.with_columns(canonical.alias("proposal"), _digits=verbatim), kind)
    found = found.filter(~pl.col("_digits").str.contains(CENTENARIANS)) if kind == "citizen_id" else found
    tidied = proposals(found.filter(~old), f"{kind}.form", CERTAIN, f"号码本身有效，只是写法不合规定：应为{IDENTIFIERS[kind].form}")
    words = "15 位旧号按 GB 11643 升为 18 位：出生年份前补 19，末位加校验码"
    return pl.concat([tidied, proposals(found.filter(old), f"{kind}.15_digits", CERTAIN, words)])


def _of_letters(cases: pl.DataFrame, kind: str, letters: dict[str, str], reason: str, method: str, confidence: str) -> pl.DataFrame:
    read = pl.col("text").str.replace_many(list(letters), list(letters.values()))
    changed = cases.with_columns(_read=read).filter(pl.col("_read") != pl.col("text"))
    if kind == "citizen_id":
        changed = changed.filter(~pl.col("_read").str.contains(CENTENARIANS))
    found = _valid(changed.with_columns(IDENTIFIERS[kind].canonical(changed["_read"]).alias("proposal")), kind)
    return proposals(found, f"{kind}.{method}", confidence, reason)
