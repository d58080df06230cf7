"""Great Expectations' renderers in Chinese: runs and suites in, its rendered content (sections, tables, string templates) out.

GX is imported here: import this module only where a page has to be made. Not here: HTML (`expectations.docs.view`).
What is left out of GX's renderers on purpose: tables of unexpected values, the only place where values of rows would come from.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from great_expectations.core import ExpectationSuiteValidationResult, ExpectationValidationResult
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration
from great_expectations.expectations.metadata_types import FailureSeverity
from great_expectations.render.components import (
    RenderedHeaderContent,
    RenderedSectionContent,
    RenderedStringTemplateContent,
    RenderedTableContent,
    TextContent,
)
from great_expectations.render.renderer.column_section_renderer import ExpectationSuiteColumnSectionRenderer, ValidationResultsColumnSectionRenderer
from great_expectations.render.renderer.content_block.bullet_list_content_block import ExpectationSuiteBulletListContentBlockRenderer
from great_expectations.render.renderer.content_block.validation_results_table_content_block import ValidationResultsTableContentBlockRenderer
from great_expectations.render.renderer.page_renderer import ExpectationSuitePageRenderer, ValidationResultsPageRenderer

from expectations.docs.model import Asset, is_met
from expectations.docs.wording import SEVERITIES, attributes, examples, number, parameters, share
from expectations.engine.run import SEVERITY
from expectations.suite import Rule

WHOLE = "整表"
_WHOLE = (WHOLE, "Table-level Expectations", "Table-Level Expectations")  # what GX calls rules without a column
# GX shows columns of `meta` in the order of their keys.
_SHOWN = {"1": "severity", "2": "dimension", "3": "clause", "4": "evaluated", "5": "unexpected", "6": "share", "7": "observed"}
HEADINGS = ("结果", "规则", "级别", "质量维度", "条款", "受检", "不符", "占比", "实测值")
_GX_COLUMN = "column"


def results_page(asset: Asset) -> dict[str, Any]:
    """The page of the asset's run, as GX's rendered document in JSON's terms."""
    return dict(ResultsPage(asset).render(_validation(asset)).to_json_dict())


def suite_page(asset: Asset) -> dict[str, Any]:
    """The page of the asset's rules, as GX's rendered document in JSON's terms."""
    return dict(SuitePage(asset).render(_Listing(asset)).to_json_dict())


def _validation(asset: Asset) -> ExpectationSuiteValidationResult:
    results = [_result(asset, result) for result in (asset.run.results if asset.run else ())]
    met = sum(bool(result.success) for result in results)
    statistics = {"evaluated_expectations": len(results), "successful_expectations": met, "unsuccessful_expectations": len(results) - met}
    return ExpectationSuiteValidationResult(met == len(results), results, asset.title, statistics=statistics)


def _result(asset: Asset, result: Mapping[str, Any]) -> ExpectationValidationResult:
    """The evidence of one rule as GX's own result: counts only, no list of values. The arguments of the rule stand on the suite's page."""
    column = asset.column(result["column"])
    shown = {key: name for key, name in _SHOWN.items() if name != "observed" or asset.observes}
    kwargs = ({_GX_COLUMN: column} if column else {}) | {"meta_properties_to_render": shown}
    meta = {"attributes": attributes(result), "rule": result["rule"], "met": is_met(result)}
    configuration = _configuration(result["expectation"], kwargs, meta, result["message"], result["severity"])
    return ExpectationValidationResult(success=is_met(result), expectation_config=configuration)


def _configuration(expectation: str, kwargs: dict[str, Any], meta: dict[str, Any], message: str, severity: str) -> ExpectationConfiguration:
    level = FailureSeverity(SEVERITY.get(severity, "info"))
    return ExpectationConfiguration(type=expectation, kwargs=kwargs, meta=meta, description=message, severity=level)


def _template(**params: Any) -> RenderedStringTemplateContent:
    """Named texts as a string template: the view picks them by name, and escapes them."""
    return RenderedStringTemplateContent(string_template={"template": " ".join(f"${name}" for name in params), "params": params})


class _Listing:
    """What the page renderer reads of an ExpectationSuite. GX's own would build and check an expectation for each rule, with every value
    of every code list: seconds for a register."""

    def __init__(self, asset: Asset) -> None:
        self.name, self.meta, self.notes = asset.title, dict[str, Any](), None
        self.expectations = self.expectation_configurations = list[Any]()
        self.listed = [_listed(asset, rule) for rule in asset.rules]


def _listed(asset: Asset, rule: Rule) -> ExpectationConfiguration:
    # A rule between tables stands under the table it accuses.
    under = rule.on if rule.on in asset.columns else asset.column(rule.column)
    shown = attributes({**vars(rule), "evaluated": 0, "unexpected": 0})
    meta = {
        "rule": rule.rule,
        **{name: shown[name] for name in ("severity", "dimension", "clause")},
        "parameters": parameters(rule, asset),
        "breaks": examples(rule.breaks, asset),
        "passes": examples(rule.passes, asset),
    }
    return _configuration(rule.expectation, {_GX_COLUMN: under} if under else {}, meta, rule.message, rule.severity)


class ResultsTable(ValidationResultsTableContentBlockRenderer):
    """The rows of one column's rules: GX's status, our message, GX's columns of meta."""

    @classmethod
    def _get_content_block_fn(cls, expectation_type: str, expectation_config: ExpectationConfiguration | None = None) -> Any:
        return cls._row

    @classmethod
    def _row(cls, configuration: ExpectationConfiguration, result: ExpectationValidationResult, **_: Any) -> list[list[Any]]:
        status = cls._diagnostic_status_icon_renderer(result=result)
        message = _template(message=configuration.description, rule=configuration.meta["rule"], expectation=configuration.type)
        cells = Expectation._diagnostic_meta_properties_renderer(result=result)
        return [[status, message, *(cell[0] for cell in cells)]]

    @classmethod
    def _process_content_block(cls, content_block: Any, has_failed_evr: Any, render_object: Any = None) -> None:
        content_block.header_row = list(HEADINGS[: len(content_block.table[0])])


class ResultsSection(ValidationResultsColumnSectionRenderer):
    """A column's section."""

    def __init__(self) -> None:
        super().__init__({"class_name": ResultsTable.__name__, "module_name": __name__})


class ResultsPage(ValidationResultsPageRenderer):
    """A run: overview, then the rules of the table as a whole, then those of each column, in the asset's order."""

    def __init__(self, asset: Asset) -> None:
        super().__init__({"class_name": ResultsSection.__name__, "module_name": __name__})
        self.asset = asset

    def render(self, validation_results: Any, suite_parameters: Any = None) -> Any:
        document = super().render(validation_results, suite_parameters)
        overview = RenderedSectionContent(section_name=self.asset.title, content_blocks=[_header(self.asset), *self._overview(validation_results)])
        document.sections = [overview, *_in_order(self.asset, document.sections[1:])]
        return document

    def _overview(self, validation: ExpectationSuiteValidationResult) -> list[RenderedTableContent]:
        run, stated = self.asset.run, validation.statistics
        results = run.results if run else ()
        evaluated, unexpected = (sum(int(result[name]) for result in results) for name in ("evaluated", "unexpected"))
        rows = {"规则": stated["evaluated_expectations"], "通过": stated["successful_expectations"], "未通过": stated["unsuccessful_expectations"]}
        table = [[label, number(value)] for label, value in rows.items()]
        statistics = RenderedTableContent(table=[*table, ["不符的要素", number(unexpected)], ["占受检要素", share(unexpected, evaluated)]])
        return [statistics, RenderedTableContent(table=[[label, value] for label, value in (run.facts if run else {}).items()])]


class SuiteList(ExpectationSuiteBulletListContentBlockRenderer):
    """The rules of one column."""

    @classmethod
    def _get_content_block_fn(cls, expectation_type: str, expectation_config: ExpectationConfiguration | None = None) -> Any:
        return cls._item

    @classmethod
    def _item(cls, configuration: ExpectationConfiguration, **_: Any) -> list[Any]:
        return [_template(message=configuration.description, expectation=configuration.type, **configuration.meta)]


class SuiteSection(ExpectationSuiteColumnSectionRenderer):
    """A column's section."""

    def __init__(self) -> None:
        super().__init__({"class_name": SuiteList.__name__, "module_name": __name__})


class SuitePage(ExpectationSuitePageRenderer):
    """A suite: what is checked, first of the table as a whole, then column by column."""

    def __init__(self, asset: Asset) -> None:
        super().__init__({"class_name": SuiteSection.__name__, "module_name": __name__})
        self.asset = asset

    @staticmethod
    def _get_grouped_and_ordered_expectations_by_column(expectation_suite: Any) -> tuple[dict[str, list[ExpectationConfiguration]], list[str]]:
        grouped: dict[str, list[ExpectationConfiguration]] = {}
        for configuration in expectation_suite.listed:
            grouped.setdefault(configuration.kwargs.get(_GX_COLUMN, WHOLE), []).append(configuration)
        return grouped, list(grouped)

    def render(self, expectations: Any) -> Any:
        document = super().render(expectations)  # type: ignore[no-untyped-call]  # GX types it in part
        severities = [rule.severity for rule in self.asset.rules]
        rows = [["规则", number(len(severities))], *([f"{label}规则", number(severities.count(name))] for name, label in SEVERITIES.items())]
        blocks = [_header(self.asset), RenderedTableContent(table=rows), TextContent(text=[self.asset.note] if self.asset.note else [])]
        overview = RenderedSectionContent(section_name=self.asset.title, content_blocks=blocks)
        document.sections = [overview, *_in_order(self.asset, document.sections[1:])]
        return document


def _header(asset: Asset) -> RenderedHeaderContent:
    return RenderedHeaderContent(header=_template(title=asset.title, name=asset.name, group=asset.group))


def _in_order(asset: Asset, sections: Sequence[RenderedSectionContent]) -> list[RenderedSectionContent]:
    """The table as a whole first, then the asset's own order, then columns it does not know; each under its title."""
    known = {name: place for place, name in enumerate(asset.columns)} | dict.fromkeys(_WHOLE, -1)
    ordered = sorted(sections, key=lambda section: (known.get(section.section_name, len(known)), section.section_name))
    for section in ordered:
        section.section_name = WHOLE if section.section_name in _WHOLE else asset.column_title(section.section_name)
    return ordered
