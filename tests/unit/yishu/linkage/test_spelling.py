"""How values are written for comparing: what two offices write differently becomes one, what says nothing becomes null."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yishu.linkage import spelling
from yishu.linkage.kinds import Spelling

ALL = [spelling.name, spelling.address, spelling.street, spelling.phone, spelling.plain, spelling.identifier]


def written(how: Spelling, text: str | None) -> str | None:
    return pl.DataFrame({"text": [text]}, schema={"text": pl.String}).select(how(pl.col("text"))).item()


@pytest.mark.parametrize(
    ("how", "one", "other"),
    [
        (spelling.name, "阿卜杜拉·买买提", "阿卜杜拉买买提"),
        (spelling.name, "汝州市(临汝)商贸", "汝州市临汝商贸"),
        (spelling.address, "建设路1号,2号楼", "建设路1号2号楼"),
        (spelling.phone, "138-0013-8000", "+86 13800138000"),
        (spelling.identifier, "41o402 19800511207x", "41O40219800511207X"),
        (spelling.identifier, "410402＊＊19", "410402××19"),
    ],
)
def test_two_spellings_of_one_thing_are_one(how: Spelling, one: str, other: str) -> None:
    assert written(how, one) == written(how, other) is not None


@pytest.mark.parametrize(
    ("how", "nothing"),
    [(spelling.phone, "000"), (spelling.phone, "00000000000"), (spelling.identifier, "0" * 18), (spelling.identifier, "*" * 18),
     (spelling.name, "()"), (spelling.street, "建设路")],
)  # fmt: skip
def test_what_says_nothing_is_null(how: Spelling, nothing: str) -> None:
    assert written(how, nothing) is None


# Combining marks are another matter: what Unicode joins, joins again once something between is gone.
WRITTEN = st.text(alphabet="张三李小梅建设路号院室１２Ａ（）()·•. -*×＊０0123456789XOxo\u3000,，", max_size=30)


@given(WRITTEN, st.sampled_from([spelling.name, spelling.address, spelling.identifier, spelling.phone]))
def test_a_spelling_spelt_again_is_itself(text: str, how: Spelling) -> None:
    once = written(how, text)
    assert written(how, once) == once


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("李小梅", "李小某", True), ("李小梅", "王小梅", True), ("李小梅", "李某某", False), ("李小梅", "李小", False), ("李", "王", False)],
)
def test_names_that_differ_by_one_character_share_a_gap(one: str, other: str, alike: bool) -> None:
    frame = pl.DataFrame({"text": [one, other]}).select(gaps=spelling.gaps(pl.col("text"), 6))
    first, second = (set(one or []) for one in frame["gaps"].to_list())
    assert bool(first & second) is alike


@pytest.mark.parametrize("how", ALL)
def test_null_stays_null(how: Spelling) -> None:
    assert written(how, None) is None
