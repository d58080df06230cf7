"""Names in the one form by which they are compared; SQL and polars say the same of any text."""

import polars as pl
import pytest
import sqlglot
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.yishu.normalise.macros import asked, sql
from yishu.catalogue import load_catalogue
from yishu.catalogue.variants import variant_characters
from yishu.normalise import normal_address, normal_name

VARIANTS = variant_characters(load_catalogue())
# What registers write, more often than chance would: figures, units, wide and traditional characters, dots, blanks.
_OFTEN = "一二三十〇百12０９号號幢棟#座单元層室户院组楼a Ａ\u3000（)【·•.．—-,省市路劉万萬喆é'\\"
WRITTEN = st.text(st.sampled_from(_OFTEN), max_size=14) | st.text(max_size=10)


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("阿卜杜拉•买买提", "阿卜杜拉·买买提"),
        ("阿卜杜拉．买买提", "阿卜杜拉·买买提"),
        (" 张　三 ", "张三"),
        ("劉備", "刘备"),
        ("河南（平顶山）商贸有限公司", "河南(平顶山)商贸有限公司"),
        ("【ＡＢＣ】公司", "(ABC)公司"),
        ("李喆", "李喆"),
        ("\u3000", None),
        (None, None),
    ],
)
def test_names_written_differently_have_one_form(written: str | None, normal: str | None) -> None:
    assert asked(["normal_name"], [written]) == [(normal,)]


def test_no_standard_character_is_a_variant_of_another() -> None:
    """Else a name folded twice would differ from one folded once."""
    assert not set(VARIANTS) & set(VARIANTS.values())


def test_characters_that_the_table_gives_back_to_names_are_not_folded() -> None:
    assert not set("喆堃淼昇陞甦邨乾於锺") & set(VARIANTS)


@settings(max_examples=6, deadline=None)
@given(st.lists(WRITTEN.filter(lambda text: "\0" not in text), min_size=50, max_size=150))
def test_sql_and_polars_normalise_alike_and_once_is_enough(written: list[str]) -> None:
    both = asked(["normal_name", "normal_address"], [*written])
    texts = pl.Series(written, dtype=pl.String)
    assert [name for name, _ in both] == normal_name(texts, VARIANTS).to_list()
    assert [address for _, address in both] == normal_address(texts, VARIANTS).to_list()
    names = normal_name(texts, VARIANTS)
    assert normal_name(names, VARIANTS).to_list() == names.to_list()


@pytest.mark.parametrize("macro", ["normal_name", "normal_address", "capital_wan_yuan", "capital_currency", "capital_unread"])
def test_each_macro_is_spark_sql_too(macro: str) -> None:
    tree = sqlglot.parse_one(f"select {sql(macro, 'spark')} from t", dialect="spark")
    unknown = {function.name.lower() for function in tree.find_all(sqlglot.exp.Anonymous)} - {"translate", "instr"}
    assert not unknown and "regexp_matches" not in sql(macro, "spark") and "\\" not in sql(macro, "spark")
