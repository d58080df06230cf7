"""Guards the one thing a profile must never do: put words into the law's mouth. Each quote stands in the article it is
cited from.

The texts of the regulations are not part of the project; where they lie beside the checkout they are read, elsewhere
the tests say so.
"""

import re
from functools import cache
from typing import Any

import pytest
import yaml

from yishu.catalogue.law import Parameters, Profile, load_profile
from yishu.settings import ROOT

REGULATIONS = ROOT.parent / "shared" / "regulations"
JURISDICTIONS = ROOT / "catalogue" / "jurisdictions"
PROFILES = sorted(path.stem for path in JURISDICTIONS.glob("*.yaml"))
BEFORE, IMPRINT = "题注", "版记"
NUMBERS = sorted(Parameters.model_fields)
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"

pytestmark = pytest.mark.skipif(not REGULATIONS.is_dir(), reason="the regulations' texts do not lie beside this checkout (../shared/regulations)")


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def articles(text: str) -> dict[str, str]:
    """Article heading -> its words without white space; what stands before the first is 题注, the last runs into the imprint.

    A regulation without 条 counts in 一、（一）; those are named 一（一）.
    """
    if not re.search(r"^\s*第一条", text, flags=re.MULTILINE):
        return sections(text)
    parts = re.split(r"^\s*(第[一二三四五六七八九十]+条)", text, flags=re.MULTILINE)
    found = {heading: bare(body) for heading, body in zip(parts[1::2], parts[2::2], strict=True)}
    return found | {BEFORE: bare(parts[0]), IMPRINT: bare(parts[-1])}


def sections(text: str) -> dict[str, str]:
    parts = re.split(r"^([一二三四五六七八九])、", text, flags=re.MULTILINE)
    found = {BEFORE: bare(parts[0]), IMPRINT: bare(parts[-1])}
    for section, body in zip(parts[1::2], parts[2::2], strict=True):
        items = re.split(r"^[（(]([一二三四五六七八九十])[）)]", body, flags=re.MULTILINE)
        found |= {f"{section}（{item}）": bare(words) for item, words in zip(items[1::2], items[2::2], strict=True)}
    return found


@cache
def told(name: str) -> dict[str, str]:
    """The articles of the regulation that a profile quotes."""
    text = (REGULATIONS / load_profile(name, ROOT / "catalogue").regulation.text).read_text(encoding="utf-8")
    return articles(text)


def of(profile: Profile, regulation: str | None) -> dict[str, str]:
    return told(next(name for name, title in profile.lineage.items() if title == regulation))


def numbered(article: str) -> tuple[str, str]:
    """第二十七条（一） -> 第二十七条, （一）; 六（一）① -> 六（一）, ①"""
    number = article[-1:] if article[-1:] in CIRCLED else article[-3:]
    return article.removesuffix(number), number


@pytest.fixture(params=PROFILES)
def profile(request: pytest.FixtureRequest) -> Profile:
    return load_profile(request.param, ROOT / "catalogue")


@pytest.mark.parametrize("number", NUMBERS)
def test_each_quote_stands_in_the_article_it_is_cited_from(profile: Profile, number: str) -> None:
    for citation in profile.parameter(number).citations:
        found = of(profile, citation.regulation).get(citation.article, "")
        assert bare(citation.quote) in found, f"{number} {citation.reference}：原文中没有「{citation.quote}」"


def test_each_term_is_a_word_of_the_article_it_is_cited_from(profile: Profile) -> None:
    terms = [getattr(profile.term_statements, name) for name in type(profile.term_statements).model_fields]
    assert [term.word for term in terms if term and bare(term.word) not in of(profile, term.regulation)[term.article]] == []


def test_each_other_name_is_a_word_of_the_regulation(profile: Profile) -> None:
    terms = [getattr(profile.term_statements, name) for name in type(profile.term_statements).model_fields]
    for term in filter(None, terms):
        assert [word for word in term.also if word not in "".join(of(profile, term.regulation).values())] == []


def test_each_violation_clause_is_quoted_in_its_words(profile: Profile) -> None:
    parameter = profile.parameter("P36")
    wrong = []
    for clause in parameter.value.clauses:
        article, number = numbered(clause.article)
        text = of(profile, parameter.regulation)[article]
        half_width = number.replace("（", "(").replace("）", ")")
        wrong += [clause.article] * (bare(number + clause.quote) not in text and bare(half_width + clause.quote) not in text)
    assert wrong == []


def test_the_violation_clauses_are_as_many_as_the_analysis_counts(profile: Profile) -> None:
    counted = {"JJ": 10, "FJ": 7, "JM": 9, "PDS": 6, "LS": 3 + 4}
    assert len(profile.parameter("P36").value.clauses) == counted[profile.regulation.code]


def test_each_step_of_escalation_is_in_the_words_of_its_article(profile: Profile) -> None:
    regulation = profile.parameters.P22.regulation
    for step in profile.escalation:
        assert step.article in of(profile, regulation), step.article


def test_the_note_for_the_counter_is_made_of_the_words_of_the_law(profile: Profile) -> None:
    checking = profile.serve_while_checking
    quote = profile.parameters.P21.quote or ""
    for words in re.split("[，。]", checking.note) if checking else []:
        assert words.removeprefix("校核期间") in quote


def analysed(code: str) -> dict[str, str]:
    """P01 … P36 -> what the analysis says of that regulation."""
    column = {"JJ": 3, "FJ": 4, "JM": 5, "PDS": 6, "LS": 7}[code]
    lines = (REGULATIONS / "OBLIGATIONS.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if re.match(r"\| P\d\d \|", line)]
    return {row[1].strip(): row[column].strip() for row in rows}


def written(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((JURISDICTIONS / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def test_the_profile_is_silent_exactly_where_the_analysis_says_the_regulation_is(profile: Profile) -> None:
    said = analysed(profile.regulation.code)
    assert sorted(said) == NUMBERS
    silent = {number for number, words in said.items() if words in ("-", "- ; -") or re.match(r"- \(|inherit", words)}
    if profile.extends:
        assert set(NUMBERS) - set(written(profile.name)["parameters"]) == silent, "what is not said is the parent's: leave it out"
    else:
        assert {number for number in NUMBERS if profile.parameter(number).value is None} == silent


def test_the_profile_makes_exactly_the_obligations_that_the_analysis_quotes_from_it(profile: Profile) -> None:
    lines = (REGULATIONS / "OBLIGATIONS.md").read_text(encoding="utf-8").splitlines()
    rows = [line.split("|") for line in lines if re.match(r"\| [A-I]\d\d \|", line)]
    quoted = {row[1].strip() for row in rows if re.search(rf"\b{profile.regulation.code} ", row[2])}
    assert len(rows) == 110
    assert set(written(profile.name)["obligations"]) == quoted


def test_the_text_names_the_regulation_as_the_profile_does(profile: Profile) -> None:
    text = "".join(told(profile.name).values())
    assert bare(profile.title) in text
    assert profile.regulation.document_no is None or bare(profile.regulation.document_no) in text
