"""Rows of Parquet and Arrow files picked by the places their articles had, with every column as it stands."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from dedup.errors import InputError
from dedup.read.columnar import opened_arrow, opened_parquet, place_of
from dedup.read.files import find_files
from dedup.read.listener import Listener
from dedup.read.opening import Source, open_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dedup.read.columnar import TableFile
    from dedup.read.files import FoundFile
    from dedup.read.options import ReadOptions

_OPENERS = {"parquet": opened_parquet, "arrow": opened_arrow}


def table_files(paths: Sequence[str], options: ReadOptions) -> list[FoundFile]:
    """Return the files of ``paths``; InputError for one that is no Parquet or Arrow file."""
    quiet = Listener(on_bad=lambda _: None)
    files = [file for path in paths for file in find_files(path, options, quiet)]
    for file in files:
        if file.path is None or file.format not in _OPENERS:
            raise InputError(file.where, "no Parquet or Arrow file; -f parquet writes rows of such files alone")
    return files


def kept_tables(files: Sequence[FoundFile], wheres: Iterable[str]) -> Iterator[Any]:
    """Yield the rows at ``wheres`` as tables, files and rows in input order; where there are none, one empty table.

    Raises InputError for a file with other columns than the first.
    """
    import pyarrow as pa

    wanted: dict[str, set[int]] = {}
    for where in wheres:
        name, number = place_of(where)
        wanted.setdefault(name, set()).add(number)
    schema = None
    for file in files:
        rows = wanted.pop(file.where, set())
        if not rows:
            continue
        with _opened(file) as table:
            schema = schema or table.schema
            if not table.schema.equals(schema):
                reason = "has other columns, or of other types, than the file before; filter them one by one"
                raise InputError(file.where, reason)
            first, last = 1, max(rows)
            for batch in table.batches(None):
                kept = [batch.slice(row, 1) for row in range(batch.num_rows) if first + row in rows]
                if kept:
                    yield pa.Table.from_batches(kept).combine_chunks()  # a copy: a slice would hold the whole batch
                first += batch.num_rows
                if first > last:
                    break
    if schema is None:
        yield _empty_table(files)


@contextmanager
def _opened(file: FoundFile) -> Iterator[TableFile]:
    """Open a table file without a word: what is wrong with it was told when its articles were read."""
    quiet = Listener(on_bad=lambda _: None)
    source = Source(file.where, file.id, open_blocks(file.path, file.where, quiet), file.path)
    with _OPENERS[str(file.format)](source, quiet) as table:
        yield table


def _empty_table(files: Sequence[FoundFile]) -> Any:
    """Return a table of no rows with the columns of the first file that can be read, of none where none can."""
    import pyarrow as pa

    for file in files:
        with suppress(InputError), _opened(file) as table:
            return table.schema.empty_table()
    return pa.table({})
