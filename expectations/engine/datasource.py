"""GX's own way to the engine: `context.data_sources.add_polars(name)`, with assets in memory, in Parquet and in Delta.

Importing this module makes the data source, and the expectations of the field, known to GX. From there everything is GX's:
batch definitions, validation definitions, checkpoints, actions, Data Docs. `refused` says which expectations of a suite the
engine cannot run, before it runs. Not here: the gate's own entrance (`run`), which reads keys and shows no values.

    import expectations.engine.datasource
    asset = context.data_sources.add_polars("lake").add_delta_asset("residents", path="data/pool/public_security/resident")
    batch_definition = asset.add_batch_definition_whole_table("all")
"""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Literal

import great_expectations.exceptions as gx_exceptions
import polars as pl
from great_expectations.core.batch import LegacyBatchDefinition
from great_expectations.core.batch_definition import BatchDefinition
from great_expectations.core.batch_spec import RuntimeDataBatchSpec
from great_expectations.core.id_dict import IDDict
from great_expectations.datasource.fluent.batch_request import BatchRequest
from great_expectations.datasource.fluent.constants import _DATA_CONNECTOR_NAME
from great_expectations.datasource.fluent.interfaces import Batch, DataAsset, Datasource
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

from expectations.engine.coverage import fault
from expectations.engine.execution_engine import PolarsExecutionEngine, register

FRAME = "dataframe"  # the one option whose value GX keeps out of its results
EngineType = type[PolarsExecutionEngine]  # named out here: within the classes below `type` is GX's word for their kind


class _PolarsAsset(DataAsset[Any, Any]):
    """An asset of one batch: the whole table."""

    def add_batch_definition_whole_table(self, name: str) -> BatchDefinition[Any]:
        return self.add_batch_definition(name=name, partitioner=None)

    def test_connection(self) -> None:
        """Raises TestConnectionError where there is nothing to read."""

    def get_batch_parameters_keys(self, partitioner: Any = None) -> tuple[str, ...]:
        return ()

    def get_batch_identifiers_list(self, batch_request: BatchRequest[Any]) -> list[dict[str, Any]]:
        return [IDDict(batch_request.options)]

    def build_batch_request(self, options: Any = None, batch_slice: Any = None, partitioner: Any = None) -> BatchRequest[Any]:
        """Raises BuildBatchRequestError for a slice, a partitioner, or options that the asset does not take."""
        wanted = set(self.get_batch_parameters_keys())
        if batch_slice is not None or partitioner is not None or set(options or {}) != wanted:
            raise gx_exceptions.exceptions.BuildBatchRequestError(
                message=f"asset {self.name} is one batch; its options are {sorted(wanted) or 'none'}, and it takes no slice and no partitioner"
            )
        return BatchRequest(datasource_name=self.datasource.name, data_asset_name=self.name, options=options or {})

    def get_batch(self, batch_request: BatchRequest[Any]) -> Batch:
        spec = RuntimeDataBatchSpec(batch_data=self._frame(batch_request))
        data, markers = self.datasource.get_execution_engine().get_batch_data_and_markers(batch_spec=spec)
        return Batch(
            datasource=self.datasource,
            data_asset=self,
            batch_request=batch_request,
            data=data,
            metadata=self._get_batch_metadata_from_batch_request(batch_request=batch_request, ignore_options=(FRAME,)),
            batch_markers=markers,
            batch_spec=spec,
            batch_definition=LegacyBatchDefinition(
                datasource_name=self.datasource.name,
                data_connector_name=_DATA_CONNECTOR_NAME,
                data_asset_name=self.name,
                batch_identifiers=IDDict({name: value for name, value in batch_request.options.items() if name != FRAME}),
            ),
        )

    def _frame(self, batch_request: BatchRequest[Any]) -> pl.LazyFrame:
        raise NotImplementedError(f"{type(self).__name__} has nothing to read")


class FrameAsset(_PolarsAsset):
    """A frame of polars, eager or lazy, handed over at run time: `batch_parameters={"dataframe": frame}`."""

    type: Literal["frame"] = "frame"

    def get_batch_parameters_keys(self, partitioner: Any = None) -> tuple[str, ...]:
        return (FRAME,)

    def _frame(self, batch_request: BatchRequest[Any]) -> pl.LazyFrame:
        frame = batch_request.options[FRAME]
        if not isinstance(frame, pl.DataFrame | pl.LazyFrame):
            raise gx_exceptions.exceptions.BuildBatchRequestError(message=f"option dataframe is a {type(frame).__name__}, not a frame of polars")
        return frame.lazy()


class ParquetAsset(_PolarsAsset):
    """Parquet files: a path, or a pattern of paths."""

    type: Literal["parquet"] = "parquet"
    path: str

    def _frame(self, batch_request: BatchRequest[Any]) -> pl.LazyFrame:
        return pl.scan_parquet(self.path)


class DeltaAsset(_PolarsAsset):
    """A Delta table, at a version or as it stands."""

    type: Literal["delta"] = "delta"
    path: str
    version: int | None = None

    def _frame(self, batch_request: BatchRequest[Any]) -> pl.LazyFrame:
        return pl.scan_delta(self.path, version=self.version)


class PolarsDatasource(Datasource[Any, PolarsExecutionEngine]):
    """Tables read by polars."""

    asset_types: ClassVar[list[type[DataAsset[Any, Any]]]] = [FrameAsset, ParquetAsset, DeltaAsset]

    type: Literal["polars"] = "polars"
    assets: list[FrameAsset | ParquetAsset | DeltaAsset] = []

    @property
    def execution_engine_type(self) -> EngineType:
        return PolarsExecutionEngine

    def test_connection(self, test_assets: bool = True) -> None:
        """Nothing to connect to."""

    def add_frame_asset(self, name: str) -> FrameAsset:
        asset = FrameAsset(name=name)
        self._add_asset(asset)
        return asset

    def add_parquet_asset(self, name: str, path: str) -> ParquetAsset:
        asset = ParquetAsset(name=name, path=path)
        self._add_asset(asset)
        return asset

    def add_delta_asset(self, name: str, path: str, version: int | None = None) -> DeltaAsset:
        asset = DeltaAsset(name=name, path=path, version=version)
        self._add_asset(asset)
        return asset


def refused(suite: Iterable[ExpectationConfiguration]) -> Sequence[str]:
    """What the engine cannot run of a suite (`suite.expectation_configurations`), each by name with its reason."""
    return [wrong for asked in suite if (wrong := fault(asked.type, {name: value for name, value in asked.kwargs.items() if name != "batch_id"}))]


register()  # a suite may name the expectations of the field before any engine is made
