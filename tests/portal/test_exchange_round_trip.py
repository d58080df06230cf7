"""What is typed into a workbook is what is filed, whatever it looks like: properties of the way out and back."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.portal.nights import Desk
from tests.portal.people import POLICE
from tests.portal.rows import IDS, NUMBER
from tests.portal.workbooks import downloaded, filed, place_of, uploaded, workbook

TYPED = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), min_size=1, max_size=30).filter(
    lambda text: "_x" not in text and not {"\ufffe", "\uffff"} & set(text)
)


SPECIAL = ["007", "=1+1", "+86", "-1", "@x", "'x", "第一行\n第二行", " 前后有空格 ", "<b>&amp;</b>", "0.10", "1E5", "#N/A", "2024-02-30"]


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TYPED, min_size=40, max_size=60))
def test_what_is_typed_is_what_is_read(filled: Desk, texts: list[str]) -> None:
    """Many cells a workbook: opening each costs a process."""
    from portal.exchange.reading import read_upload

    header, row = downloaded()[:2]
    texts = [*SPECIAL, *texts]
    table = [header, *([*row[:-1], text] for text in texts)]
    rows = read_upload("a.xlsx", workbook(table), filled.catalogue.resources["public_security.resident"])
    assert [one.values["phone"] for one in rows] == texts
    assert {one.values["former_name"] for one in rows} == {"+1"} and not any(one.trouble for one in rows)


def test_what_is_typed_is_what_is_filed(filled: Desk) -> None:
    from portal.exchange import steps

    texts = ["=1+1 ", "007", "第一行\n第二行", "<b>@x</b>"]
    table = downloaded()
    for row, sex, text in zip(table[1:], "2111", texts, strict=True):
        row[place_of(table, "性别")], row[place_of(table, "户籍详址")] = sex, text
    draft = uploaded(table)
    assert (draft.accepted, draft.refused) == (4, [])
    steps.confirm(POLICE, NUMBER, draft.key)
    assert [row["HJXZ"] for row in filed(filled)] == texts
    assert [row["CYM"] for row in filed(filled)] == ["+1", "", "", ""] and [row["GMSFHM"] for row in filed(filled)] == IDS


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_an_untouched_cell_keeps_its_value_whatever_it_holds(value: str) -> None:
    from portal.exchange.form import as_shown, typed_into

    assert typed_into({"a": value}, {"a": as_shown(value)}) == {"a": value}
    assert as_shown(as_shown(value)) == as_shown(value)
