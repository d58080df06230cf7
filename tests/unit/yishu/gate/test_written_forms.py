"""What counts as nothing, and what as a number, when an item's text is read."""

import polars as pl

from yishu.catalogue.models import Item
from yishu.gate.typing import canonical_text, fillers_of, typed


def item(**terms: object) -> Item:
    return Item.model_validate({"name": "level", "column": "X", "title": "项", "type": "text", **terms})


def test_the_word_that_a_standard_prescribes_for_nothing_is_a_value() -> None:
    texts, prescribed = pl.Series(["无", "暂无", " 无 ", "3单元", None]), item(absent="无")
    assert canonical_text(texts, prescribed, {}).to_list() == ["无", None, "无", "3单元", None]
    assert canonical_text(texts, item(), {}).to_list() == [None, None, None, "3单元", None]
    assert "无" not in fillers_of(prescribed) and "暂无" in fillers_of(prescribed)


def test_full_width_digits_are_no_number_and_stop_nothing() -> None:
    texts = pl.Series(["１２０.5", "120.5", "１２", "12"])
    assert typed(texts, item(type="decimal"), {}).to_list() == [None, 120.5, None, 12.0]
    assert typed(texts, item(type="integer"), {}).to_list() == [None, None, None, 12]
