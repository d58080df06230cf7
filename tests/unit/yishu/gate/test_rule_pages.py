"""docs/rules.md says what the suites say today."""

from expectations.suite import load_rules
from yishu.catalogue import load_catalogue
from yishu.gate.rule_pages import rules_page
from yishu.settings import ROOT, settings


def test_the_committed_page_of_rules_is_a_fresh_one() -> None:
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == rules_page(load_catalogue()), "run `make docs` and commit docs/rules.md"


def test_every_rule_of_the_raw_suites_stands_on_the_page_with_its_words() -> None:
    page = rules_page(load_catalogue())
    rules = [rule for file in (settings.suites_dir / "raw").rglob("*.yaml") for rule in load_rules(file)]
    assert len(rules) > 300
    assert not [rule.rule for rule in rules if f"| `{rule.rule}` | {rule.message} | " not in page]
