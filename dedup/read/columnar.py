"""Parquet and Arrow files: one article a row, read some rows at a time.

In: a source. Out: articles, each bad row told to the listener by its number, from 1 up. Only the columns of an
article's fields are read.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

from dedup.errors import InputError, MissingExtra
from dedup.read.arrow_values import as_binary, holds_text, values_of
from dedup.read.encodings import fault_reason
from dedup.read.fields import FieldError, FieldPlan, build_article, plan_fields
from dedup.read.lines import too_long
from dedup.read.naming import list_names, one_line
from dedup.read.opening import opened_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import BinaryIO

    from dedup.article import Article
    from dedup.read.listener import Listener
    from dedup.read.opening import Source
    from dedup.read.options import ReadOptions

ROWS_AT_A_TIME = 256
"""Few enough that even long texts fit in memory together."""

_ROW = ":row "
_PAGE_BYTES = 1 << 20
_MESSAGE_CHARS = 160
_ARROW_FILE, _OLD_FEATHER = b"ARROW1", b"FEA1"


def read_parquet(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the articles of a Parquet file."""
    with opened_parquet(source, listener) as table:
        yield from _read_table(table, source.where, options, listener)


def read_arrow(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the articles of an Arrow (Feather) file or stream."""
    with opened_arrow(source, listener) as table:
        yield from _read_table(table, source.where, options, listener)


class TableFile(NamedTuple):
    """An open file: the schema, and a function that yields record batches with the columns named (None: all)."""

    schema: Any
    batches: Callable[[list[str] | None], Iterable[Any]]


@contextmanager
def opened_parquet(source: Source, listener: Listener) -> Iterator[TableFile]:
    """Open a Parquet file; it is read a page at a time."""
    with _whole(source, listener, "reading Parquet") as file:
        import pyarrow.parquet as pq

        table = pq.ParquetFile(file, pre_buffer=False, buffer_size=_PAGE_BYTES)
        how = {"batch_size": ROWS_AT_A_TIME, "use_threads": False}
        yield TableFile(table.schema_arrow, lambda columns: table.iter_batches(columns=columns, **how))


@contextmanager
def opened_arrow(source: Source, listener: Listener) -> Iterator[TableFile]:
    """Open an Arrow file or stream; it is read in the batches it was written in."""
    with _whole(source, listener, "reading Arrow") as file:
        from pyarrow import ipc

        begins = file.read(len(_ARROW_FILE))
        file.seek(0)
        if begins.startswith(_OLD_FEATHER):
            raise InputError(source.where, "a Feather file of version 1; write it anew as Feather 2, Arrow or Parquet")
        if begins == _ARROW_FILE:
            table = ipc.open_file(file)
            yield TableFile(table.schema, lambda _: map(table.get_batch, range(table.num_record_batches)))
        else:
            stream = ipc.open_stream(file)
            yield TableFile(stream.schema, lambda _: stream)


def place_of(where: str) -> tuple[str, int]:
    """Return the file and the row of an article that came from a table file."""
    file, _, number = where.rpartition(_ROW)
    return file, int(number)


@contextmanager
def _whole(source: Source, listener: Listener, feature: str) -> Iterator[BinaryIO]:
    """Open a source for reading at any place; whatever pyarrow meets in it ends as one sentence."""
    try:
        import pyarrow as pa
    except ImportError:
        raise MissingExtra(feature, "pyarrow", extra="parquet") from None
    with opened_whole(source, listener) as file:
        if not file.read(1):
            raise InputError(source.where, "empty; wanted at least one article")
        file.seek(0)
        try:
            yield file
        except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
            said = one_line(" ".join(str(error).split())[:_MESSAGE_CHARS]) or "it asks for more memory than there is"
            raise InputError(source.where, f"damaged, cut short, or not of its kind ({said})") from None


def _columns(plan: FieldPlan) -> list[str]:
    """Return the names of the columns that are read."""
    return list(dict.fromkeys(name for name in plan.used if name is not None))


def _plan_columns(schema: Any, where: str, options: ReadOptions) -> FieldPlan:
    """Find the columns; a table without a column of texts is no input."""
    try:
        plan = plan_fields(schema.names, options)
    except FieldError as fault:
        raise InputError(where, f"in the table, {fault}") from None
    if plan.missing:
        asked, found = list_names(plan.missing), list_names(schema.names)
        raise InputError(where, f"no column {asked} in the table (found: {found}); name one of those")
    used, count = _columns(plan), Counter(schema.names)
    twice = [name for name in used if count[name] > 1]
    if twice:
        raise InputError(where, f"the table names columns twice ({list_names(twice)}); wanted each name once")
    kind = schema.field(plan.text).type
    if not holds_text(kind):
        met = f"column '{one_line(plan.text)}' is {one_line(str(kind))[:40]}"
        raise InputError(where, f"{met}, not text; name another with --text-field")
    return plan


def _read_table(table: TableFile, where: str, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    plan = _plan_columns(table.schema, where, options)
    columns, first = _columns(plan), 1
    for batch in table.batches(columns):
        arrays = [as_binary(batch.column(batch.schema.get_field_index(name))) for name in columns]
        for array in arrays:
            array.validate(full=True)
        for start in range(0, batch.num_rows, ROWS_AT_A_TIME):
            values = [values_of(array.slice(start, ROWS_AT_A_TIME)) for array in arrays]
            for number, row in enumerate(zip(*values, strict=True), start=first + start):
                place = f"{where}{_ROW}{number}"
                try:
                    yield _article(dict(zip(columns, row, strict=True)), plan, place, options)
                except FieldError as fault:
                    listener.bad(place, str(fault))
        first += batch.num_rows


def _article(record: dict[str, Any], plan: FieldPlan, where: str, options: ReadOptions) -> Article:
    for name, value in record.items():
        if type(value) is bytes:
            try:
                record[name] = value.decode(options.encoding or "utf-8")
            except UnicodeDecodeError as error:
                reason = f"field '{one_line(name)}': {fault_reason(error, options.encoding)}"
                raise FieldError(reason) from None
    text = record[plan.text]
    if type(text) is str and len(text) > options.max_record_bytes:
        raise FieldError(too_long(options.max_record_bytes))
    return build_article(record, plan, where)
