"""Arrow tables and Parquet out: the fields of the machine formats as typed columns.

In: a result. Out: one table row a row, with the rounding and the names of ``report.records``.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, Literal

from dedup.errors import MissingExtra, SettingsError
from dedup.report.records import CLUSTER_FIELDS, PAIR_FIELDS, cluster_record, pair_record, rounded_throughout

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from dedup.results import Cluster, Result

Part = Literal["rows", "clusters", "pairs"]

BATCH_ROWS = 4096
"""Rows made and written together."""

_GROUP_FIELDS = (
    "id", "representative", "members", "cohesion", "weakest", "weakest_score", "outlets", "first", "last", "parts",
)  # fmt: skip


def to_arrow(result: Result, part: Part = "rows") -> Any:
    """Return the rows, clusters or pairs of a result as a ``pyarrow.Table``, which pandas and polars read.

    Raises MissingExtra where pyarrow is not installed, SettingsError for another part.
    """
    return _pyarrow().concat_tables([schema(part).empty_table(), *_tables(result, part)])


def write_parquet(result: Result, part: Part, out: BinaryIO) -> None:
    """Write the rows, clusters or pairs of a result as a Parquet file, some thousand at a time."""
    write_tables(_tables(result, part), schema(part), out)


def write_tables(tables: Iterable[Any], types: Any, out: BinaryIO) -> None:
    """Write tables one behind the other as a Parquet file, some thousand rows to a group."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetWriter(out, types, compression="zstd") as writer:
        held, n_rows = [], 0
        for table in tables:
            held.append(table)
            n_rows += len(table)
            if n_rows >= BATCH_ROWS:
                writer.write_table(pa.concat_tables(held))
                held, n_rows = [], 0
        if held:
            writer.write_table(pa.concat_tables(held))


def schema(part: Part) -> Any:
    """Return the types of a part's columns."""
    pa = _pyarrow()
    text, number = pa.string(), pa.float64()
    reason = pa.struct([("measure", text), ("value", number), ("points", number), ("words", text)])
    special = {
        "reasons": pa.list_(reason),
        **dict.fromkeys(("members", "outlets", "parts"), pa.list_(text)),
        **dict.fromkeys((*PAIR_FIELDS[3:-1], "cohesion", "weakest_score"), number),
    }
    return pa.schema([(name, special.get(name, text)) for name in _told(part)[0]])


def _told(part: Part) -> tuple[tuple[str, ...], Callable[[Any], dict[str, Any]]]:
    """Return the fields of a part, and what makes a record of one of its rows."""
    known: dict[str, tuple[tuple[str, ...], Callable[[Any], dict[str, Any]]]] = {
        "rows": (CLUSTER_FIELDS, cluster_record),
        "clusters": (_GROUP_FIELDS, _group_record),
        "pairs": (PAIR_FIELDS, pair_record),
    }
    if part not in known:
        name, wanted = "part", "one of " + ", ".join(known)
        raise SettingsError(name, part, wanted)
    return known[part]


def _group_record(cluster: Cluster) -> dict[str, Any]:
    return {name: rounded_throughout(getattr(cluster, name)) for name in _GROUP_FIELDS}


def _tables(result: Result, part: Part) -> Iterator[Any]:
    pa = _pyarrow()
    types, record = schema(part), _told(part)[1]
    rows = iter(getattr(result, part))
    while some := [_sound(record(row)) for row in islice(rows, BATCH_ROWS)]:
        yield pa.Table.from_pylist(some, types)


def _sound(value: Any) -> Any:
    """Return a record without lone surrogates, which no UTF-8 can hold."""
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {name: _sound(inner) for name, inner in value.items()}
    return [_sound(inner) for inner in value] if isinstance(value, list) else value


def _pyarrow() -> Any:
    try:
        import pyarrow as pa
    except ImportError:
        feature = "a result as Arrow or Parquet"
        raise MissingExtra(feature, "pyarrow", extra="parquet") from None
    return pa
