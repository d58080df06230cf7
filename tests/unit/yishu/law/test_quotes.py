"""Guards the one thing a profile must never do: put words into the law's mouth. Each quote stands in the article it is
cited from.

The texts of the regulations are not part of the project; where they lie beside the checkout they are read, elsewhere
the tests say so.
"""

import re

import pytest

from yishu.catalogue.law import Parameters, Profile, load_profile
from yishu.settings import ROOT

REGULATIONS = ROOT.parent / "shared" / "regulations"
PROFILES = sorted(path.stem for path in (ROOT / "catalogue" / "jurisdictions").glob("*.yaml"))
IMPRINT = "版记"
NUMBERS = sorted(Parameters.model_fields)

pytestmark = pytest.mark.skipif(not REGULATIONS.is_dir(), reason="the regulations' texts do not lie beside this checkout (../shared/regulations)")


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def articles(text: str) -> dict[str, str]:
    """Article heading -> its words without white space; the last article runs into the imprint."""
    parts = re.split(r"^(第[一二三四五六七八九十]+条)", text, flags=re.MULTILINE)
    found = {heading: bare(body) for heading, body in zip(parts[1::2], parts[2::2], strict=True)}
    return found | {IMPRINT: bare(parts[-1])}


def text_of(profile: Profile) -> str:
    return (REGULATIONS / profile.regulation.text).read_text(encoding="utf-8")


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> Profile:
    return load_profile(request.param, ROOT / "catalogue")


@pytest.mark.parametrize("number", NUMBERS)
def test_each_quote_stands_in_the_article_it_is_cited_from(profile: Profile, number: str) -> None:
    of = articles(text_of(profile))
    for citation in profile.parameter(number).citations:
        assert bare(citation.quote) in of[citation.article], f"{number} {citation.article}：原文中没有「{citation.quote}」"


def test_each_term_is_a_word_of_the_regulation(profile: Profile) -> None:
    of = articles(text_of(profile))
    terms = [getattr(profile.term_statements, name) for name in type(profile.term_statements).model_fields]
    assert [term.word for term in terms if term and bare(term.word) not in of[term.article]] == []


def test_each_violation_clause_is_quoted_in_its_words(profile: Profile) -> None:
    of = articles(text_of(profile))
    clauses = profile.parameter("P36").value.clauses
    assert [clause.article for clause in clauses if bare(clause.article[-3:] + clause.quote) not in of[clause.article[:-3]]] == []


def test_the_profile_is_silent_exactly_where_the_analysis_says_the_regulation_is(profile: Profile) -> None:
    rows = [line.split("|") for line in (REGULATIONS / "OBLIGATIONS.md").read_text(encoding="utf-8").splitlines() if re.match(r"\| P\d\d \|", line)]
    column = {"JJ": 3, "FJ": 4, "JM": 5, "PDS": 6, "LS": 7}[profile.regulation.code]
    assert len(rows) == len(NUMBERS)
    silent = {row[1].strip() for row in rows if row[column].strip() == "-"}
    assert {number for number in NUMBERS if profile.parameter(number).value is None} == silent


def test_the_text_names_the_regulation_as_the_profile_does(profile: Profile) -> None:
    text = bare(text_of(profile))
    assert bare(profile.title) in text
    assert profile.regulation.document_no is None or bare(profile.regulation.document_no) in text
