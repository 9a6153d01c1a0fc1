"""The kinds of table there are: how each names its columns, hands one over to Arrow, and takes new ones.

In: what a caller holds. Out: one face for all of them. A library that is not loaded cannot have made the object, so
none is loaded here but pyarrow.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from dedup.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType


class _HasColumns(Protocol):
    @property
    def columns(self) -> Any: ...


class _HasColumnNames(Protocol):
    @property
    def column_names(self) -> Any: ...


AnyTable = _HasColumns | _HasColumnNames
"""What a type checker takes for a table: by what tables alone have."""

TableT = TypeVar("TableT", bound=AnyTable)


class TableKind(Protocol):
    """A table: the names of its columns in order, its number of rows, one column, and itself with more columns."""

    names: list[Any]
    n_rows: int

    def column(self, name: str) -> Any:
        """Return a column as a ``pyarrow.ChunkedArray``, or as a list where Arrow has no type for what is in it."""

    def with_columns(self, columns: Mapping[str, Any]) -> Any:
        """Return the caller's table with Arrow arrays behind its own columns."""


def kind_of(given: Any) -> TableKind | list[Any] | None:
    """Return a table, the items of an Arrow column, or None for anything else."""
    for module, name, kind in _KINDS:
        if isinstance(given, getattr(sys.modules.get(module), name, ())):
            return kind(given, _pyarrow())
    if not hasattr(given, "__arrow_c_stream__") and not hasattr(given, "__arrow_c_array__"):
        return None
    if any(isinstance(given, getattr(sys.modules.get(module), "Series", ())) for module in ("pandas", "polars")):
        return None  # a list of texts like any other
    return _from_arrow(given, _pyarrow())


class _ArrowTable:
    """An Arrow table, in one piece, in batches or from a stream."""

    def __init__(self, given: Any, pa: ModuleType) -> None:
        self._given, self._pa = given, pa
        if isinstance(given, pa.RecordBatchReader):
            self._table = given.read_all()
        else:
            self._table = pa.Table.from_batches([given]) if isinstance(given, pa.RecordBatch) else given
        self.names: list[Any] = self._table.column_names
        self.n_rows: int = self._table.num_rows

    def column(self, name: str) -> Any:
        return self._table.column(name)

    def with_columns(self, columns: Mapping[str, Any]) -> Any:
        table = self._given if isinstance(self._given, self._pa.RecordBatch) else self._table
        for name, column in columns.items():
            table = table.append_column(name, column)
        return table.to_reader() if isinstance(self._given, self._pa.RecordBatchReader) else table


class _PandasFrame:
    """A pandas data frame; its index is not looked at."""

    def __init__(self, given: Any, pa: ModuleType) -> None:
        self._given, self._pa = given, pa
        self.names: list[Any] = list(given.columns)
        self.n_rows: int = len(given)

    def column(self, name: str) -> Any:
        series = self._given[name]
        if getattr(series.dtype, "tz", None) and hasattr(series, "__arrow_c_stream__"):  # of the other way pandas warns
            return _as_column(self._pa, series)
        return _as_column(self._pa, series, from_pandas=True)

    def with_columns(self, columns: Mapping[str, Any]) -> Any:
        return self._given.assign(**{name: column.to_pandas().array for name, column in columns.items()})


class _PolarsFrame:
    """A polars data frame."""

    def __init__(self, given: Any, pa: ModuleType) -> None:
        self._given, self._pa = given, pa
        self.names: list[Any] = given.columns
        self.n_rows: int = given.height

    def column(self, name: str) -> Any:
        series = self._given.get_column(name)
        return list(series) if str(series.dtype) == "Object" else _as_column(self._pa, series)  # Arrow gets pointers

    def with_columns(self, columns: Mapping[str, Any]) -> Any:
        return self._given.hstack(sys.modules["polars"].DataFrame(self._pa.table(dict(columns))))


class _HuggingFaceDataset:
    """A dataset of Hugging Face's ``datasets``, which has no Arrow interface but hands out Arrow tables."""

    def __init__(self, given: Any, pa: ModuleType) -> None:
        self._given, self._pa = given, pa
        self.names: list[Any] = given.column_names
        self.n_rows: int = given.num_rows

    def column(self, name: str) -> Any:
        return self._given.select_columns([name]).with_format("arrow")[:].column(name)

    def with_columns(self, columns: Mapping[str, Any]) -> Any:
        dataset, features = self._given, sys.modules["datasets"].Features
        for name, column in columns.items():
            schema = self._pa.schema([(name, column.type)])
            dataset = dataset.add_column(name, column.to_pylist(), feature=features.from_arrow_schema(schema)[name])
        return dataset


_KINDS = (
    ("pyarrow", "Table", _ArrowTable),
    ("pyarrow", "RecordBatch", _ArrowTable),
    ("pyarrow", "RecordBatchReader", _ArrowTable),
    ("pandas", "DataFrame", _PandasFrame),
    ("polars", "DataFrame", _PolarsFrame),
    ("datasets", "Dataset", _HuggingFaceDataset),
)


def _pyarrow() -> ModuleType:
    try:
        import pyarrow as pa
    except ImportError:
        feature = "finding in a table"
        raise MissingExtra(feature, "pyarrow", extra="parquet") from None
    found: ModuleType = pa
    return found


def _from_arrow(given: Any, pa: ModuleType) -> TableKind | list[Any]:
    """Return what speaks Arrow's C interface: a stream of records is a table, anything else a column."""
    column = pa.chunked_array(given if hasattr(given, "__arrow_c_stream__") else [pa.array(given)])
    if pa.types.is_struct(column.type):
        return _ArrowTable(pa.Table.from_struct_array(column), pa)
    items: list[Any] = column.to_pylist()
    return items


def _as_column(pa: ModuleType, series: Any, **how: Any) -> Any:
    """Return a series as an Arrow column, or as a list where its values are of several kinds."""
    try:
        found = pa.chunked_array(series) if not how else pa.array(series, **how)
    except (pa.ArrowException, ValueError, TypeError, OverflowError):
        return list(series)
    return pa.chunked_array([found]) if isinstance(found, pa.Array) else found
