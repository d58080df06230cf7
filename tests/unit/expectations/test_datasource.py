"""GX's own way to the engine: data source, batch definition, suite, checkpoint, actions, Data Docs, and all of it read back from files."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

ROWS = pl.DataFrame(
    {
        "number": [1, 2, 3, 3],
        "name": ["a", None, "b", "c"],
        "amount": [1.0, 2.0, -3.0, None],
        "code": ["11010519491231002X", "x", None, "440524188001010014"],
    }
)
KEYS = {"result_format": "COMPLETE", "unexpected_index_column_names": ["number"]}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    """A GX project in files, with one suite and an asset of each kind."""
    import great_expectations as gx
    import great_expectations.expectations as gxe
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    importlib.import_module("expectations.engine.datasource")  # makes add_polars and the expectations of the field known
    folder = tmp_path_factory.mktemp("project")
    ROWS.write_parquet(folder / "rows.parquet")
    ROWS.write_delta(str(folder / "rows"))
    ROWS.head(0).write_delta(str(folder / "rows"), mode="overwrite")  # version 1: nothing left
    context = gx.get_context(mode="file", project_root_dir=folder)
    context.variables.progress_bars = {"globally": False}
    suite = gx.ExpectationSuite("rows")
    suite.add_expectation(gxe.ExpectColumnValuesToBeUnique(column="number", severity="warning"))
    suite.add_expectation(gxe.ExpectColumnValuesToNotBeNull(column="name", mostly=0.7))
    suite.add_expectation(
        gxe.ExpectColumnValuesToBeBetween(column="amount", min_value=0, row_condition='col("number") > 2', condition_parser="great_expectations")
    )
    suite.add_expectation(gxe.ExpectColumnMeanToBeBetween(column="amount", min_value=0, max_value=1))
    suite.add_expectation_configuration(ExpectationConfiguration(type="expect_column_values_to_be_valid_citizen_id", kwargs={"column": "code"}))
    context.suites.add(suite)
    source = context.data_sources.add_polars("lake")
    source.add_frame_asset("memory")
    source.add_parquet_asset("parquet", path=str(folder / "rows.parquet"))
    source.add_delta_asset("delta", path=str(folder / "rows"), version=0)
    for asset in source.assets:
        definition = asset.add_batch_definition_whole_table("whole")
        context.validation_definitions.add(gx.ValidationDefinition(name=asset.name, data=definition, suite=suite))
    yield context, folder


def parameters(name: str) -> dict[str, Any] | None:
    return {"dataframe": ROWS} if name == "memory" else None


@pytest.mark.parametrize("name", ["memory", "parquet", "delta"])
def test_a_validation_definition_judges_each_kind_of_asset_alike(project: tuple[Any, Path], name: str) -> None:
    results = project[0].validation_definitions.get(name).run(batch_parameters=parameters(name), result_format=KEYS)
    by_type = {result.expectation_config.type: result for result in results.results}
    accused = {type_: result.result.get("unexpected_index_list") for type_, result in by_type.items()}
    assert [row["number"] for row in accused["expect_column_values_to_be_unique"]] == [3, 3]
    assert accused["expect_column_values_to_not_be_null"] == [{"name": None, "number": 2}]
    assert by_type["expect_column_values_to_not_be_null"].success
    assert accused["expect_column_values_to_be_between"] == [{"amount": -3.0, "number": 3}]
    assert by_type["expect_column_mean_to_be_between"].result["observed_value"] == 0.0
    assert [row["code"] for row in accused["expect_column_values_to_be_valid_citizen_id"]] == ["x", "440524188001010014"]
    assert not results.success


def test_a_frame_handed_over_is_in_no_result(project: tuple[Any, Path]) -> None:
    results = project[0].validation_definitions.get("memory").run(batch_parameters={"dataframe": ROWS.lazy()}, result_format="BOOLEAN_ONLY")
    assert "440524188001010014" not in str(results.to_json_dict())


def test_a_checkpoint_runs_its_actions_and_all_is_read_back_from_files(project: tuple[Any, Path]) -> None:
    import great_expectations as gx
    from great_expectations.checkpoint import UpdateDataDocsAction

    context, folder = project
    definitions = [context.validation_definitions.get(name) for name in ("parquet", "delta")]
    context.checkpoints.add(gx.Checkpoint(name="nightly", validation_definitions=definitions, actions=[UpdateDataDocsAction(name="docs")]))
    again = gx.get_context(mode="file", project_root_dir=folder)
    again.variables.progress_bars = {"globally": False}
    outcome = again.checkpoints.get("nightly").run()
    assert len(outcome.run_results) == 2
    assert not outcome.success
    pages = list((folder / "gx" / "uncommitted" / "data_docs").rglob("*.html"))
    assert len([page for page in pages if "validations" in page.parts]) == 2
    assert [asset.name for asset in again.data_sources.get("lake").assets] == ["memory", "parquet", "delta"]


def test_a_batch_that_is_no_frame_and_options_that_no_asset_takes_are_refused(project: tuple[Any, Path]) -> None:
    from great_expectations.exceptions.exceptions import BuildBatchRequestError

    definitions = project[0].validation_definitions
    with pytest.raises(BuildBatchRequestError, match="not a frame of polars"):
        definitions.get("memory").run(batch_parameters={"dataframe": [1, 2]})
    with pytest.raises(BuildBatchRequestError, match="its options are"):
        definitions.get("memory").run()
    with pytest.raises(BuildBatchRequestError, match="none"):
        definitions.get("parquet").run(batch_parameters={"dataframe": ROWS})


def test_a_suite_that_cannot_be_run_is_refused_by_name_before_it_runs() -> None:
    import great_expectations as gx
    import great_expectations.expectations as gxe

    from expectations.engine.datasource import refused

    kl = gxe.ExpectColumnKLDivergenceToBeLessThan(column="name", partition_object={"values": ["a"], "weights": [1.0]}, threshold=0.1)
    suite = gx.ExpectationSuite("rows", expectations=[kl, gxe.ExpectColumnValuesToNotBeNull(column="name")])
    (wrong,) = refused(suite.expectation_configurations)
    assert "expect_column_kl_divergence_to_be_less_than" in wrong


def test_all_figures_are_one_pass_and_all_accused_rows_one_more() -> None:
    from expectations.engine.execution_engine import PolarsExecutionEngine
    from tests.unit.expectations.conformance.asked import ROWS as QUESTIONS
    from tests.unit.expectations.conformance.asked import TABLES, TYPES
    from tests.unit.expectations.conformance.engines import COMPLETE, validate

    columns = {"name": ["a", None], "number": [1, 2], "amount": [1.0, None], "record": ["{", "{}"]}
    frame = pl.DataFrame({name: pl.Series(columns.get(name, [None, None]), dtype=dtype) for name, dtype in TYPES.items()})
    engine = PolarsExecutionEngine(frame.with_row_index("_row_number").lazy())
    validate(engine, [*QUESTIONS, *TABLES], COMPLETE)
    assert engine.passes == 2


def test_another_table_of_the_engine_is_counted_by_its_name() -> None:
    from expectations.engine.execution_engine import PolarsExecutionEngine
    from tests.unit.expectations.conformance.engines import validate

    asked = [("expect_table_row_count_to_equal_other_table", {"other_table_name": name}) for name in ("same", "shorter")]
    engine = PolarsExecutionEngine(ROWS.lazy(), tables={"same": ROWS.lazy(), "shorter": ROWS.head(1).lazy()})
    same, shorter = validate(engine, asked, "BASIC")
    assert (same.success, shorter.success) == (True, False)
    assert shorter.result["observed_value"] == {"self": 4, "other": 1}
