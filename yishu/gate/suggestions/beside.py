"""Birth date and sex by the citizen id beside them: GB 11643, positions 7 to 14 and 17.

Which item goes with which identifier is what the resource's suite says: the rules that compare them. An identifier that is not valid is
nobody's evidence; one that the base knows under another name may be somebody else's. Not here: mending the identifier.
"""

from typing import NamedTuple

import polars as pl

from expectations.rules.identifiers import citizen_id_birth_date, citizen_id_sex
from expectations.suite import load_rules
from yishu.catalogue.models import Resource
from yishu.gate.suggestions.cases import CASE, CERTAIN, LIKELY, Accused, proposals
from yishu.gate.suggestions.known import names_beside, same_spelling
from yishu.gate.suggestions.written import CENTENARIANS
from yishu.settings import settings

BIRTH, SEX = "expect_column_values_to_match_citizen_id_birth", "expect_column_values_to_match_citizen_id_sex"


class Fact(NamedTuple):
    """What an identifier item says of another item: by which comparison of the suite."""

    comparison: str
    identifier: str


def facts_of(resource: Resource) -> dict[str, Fact]:
    """Item -> the identifier that says it, as the resource's suite compares them."""
    file = settings.suites_dir / "raw" / resource.department / f"{resource.name}.yaml"
    rules = load_rules(file) if file.exists() else []
    compared = [rule for rule in rules if rule.expectation in (BIRTH, SEX)]
    return {str(rule.kwargs["column_A"]): Fact(rule.expectation, str(rule.kwargs["column_B"])) for rule in compared}


def said_by_identifier(accused: Accused, fact: Fact, known: pl.DataFrame) -> pl.DataFrame:
    """Proposals for a birth date (YYYY-MM-DD) or a sex (GB/T 2261.1). known: id, name of all persons."""
    ids = accused.rows[f"{fact.identifier}__text"]
    ids = ids.set(accused.rows[f"{fact.identifier}__verbatim"].str.strip_chars().str.contains(CENTENARIANS).fill_null(False), None)
    if fact.comparison == BIRTH:
        said, method = citizen_id_birth_date(ids).dt.to_string("%Y-%m-%d"), "birth_date.citizen_id"
        words = "出生日期按同一行公民身份号码第 7 至 14 位（GB 11643），该号码校验码相符"
    else:
        said, method = citizen_id_sex(ids), "sex.citizen_id"
        words = "性别按同一行公民身份号码第 17 位（GB 11643，奇数为男、偶数为女），该号码校验码相符"
    found = pl.DataFrame([accused.rows[CASE], ids.alias("id"), said.alias("proposal"), _present(accused)])
    found = found.filter(pl.col("proposal").is_not_null() & pl.col("proposal").ne_missing(pl.col("present")))
    known_as = _known_as(accused, fact, found, known)
    sure = found.join(known_as.filter("same"), on=CASE, how="semi")
    open_ = found.join(known_as, on=CASE, how="anti")  # of nobody the base knows: nothing speaks against it, nothing confirms it
    confirmed = proposals(sure, method, CERTAIN, words + "，且姓名与基础库一致")
    return pl.concat([confirmed, proposals(open_, method, LIKELY, words + "；基础库中查无此号，请先核对号码")])


def _present(accused: Accused) -> pl.Series:
    return accused.rows[accused.item.name].cast(pl.String).alias("present")


def _known_as(accused: Accused, fact: Fact, found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """`_case`, `same`: of the cases whose identifier is known, whether under the name beside it."""
    names = names_beside(accused.resource, accused.resource.item(fact.identifier))
    beside = accused.rows.select(CASE, *(same_spelling(pl.col(f"{name}__text")).alias(f"name {name}") for name in names))
    told = found.select(CASE, "id").join(known.select("id", "name"), on="id").join(beside, on=CASE)
    same = pl.any_horizontal([pl.col("name") == pl.col(f"name {name}") for name in names]) if names else pl.lit(False)
    return told.group_by(CASE).agg(same.fill_null(False).any().alias("same"))
