"""CSV and TSV files: a header, then one article a row.

In: blocks of bytes. Out: articles, each bad row told to the listener with the line it begins on.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from dedup.errors import InputError
from dedup.read.encodings import guessed_utf8_blocks
from dedup.read.fields import FieldError, FieldPlan, build_article, plan_fields
from dedup.read.lines import cut_lines
from dedup.read.naming import list_names
from dedup.read.rows import Row, RowReader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.article import Article
    from dedup.read.listener import Listener
    from dedup.read.opening import Source
    from dedup.read.options import ReadOptions


def read_csv(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the articles of a table with commas, or with semicolons or tabs where the header has no comma."""
    reader = _row_reader(source, options, listener)
    return _read_rows(reader.rows(reader.delimiter()), source.where, options, listener)


def read_tsv(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the articles of a table with tabs."""
    return _read_rows(_row_reader(source, options, listener).rows("\t"), source.where, options, listener)


def _row_reader(source: Source, options: ReadOptions, listener: Listener) -> RowReader:
    blocks = guessed_utf8_blocks(source, options.encoding, listener)
    return RowReader(cut_lines(blocks, options.max_record_bytes), source.where, options)


def _read_rows(rows: Iterator[Row], where: str, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    header = next(rows, None)
    if header is None:
        return
    names = [name.strip() for name in header.cells]
    place = f"{where}:{header.line}"
    if header.fault:
        raise InputError(place, f"the header cannot be read: {header.fault}")
    plan = _plan_columns(names, place, options)
    for row in rows:
        fault = row.fault or _count_fault(len(row.cells), len(names))
        if not fault:
            try:
                record, place = dict(zip(names, row.cells, strict=True)), f"{where}:{row.line}"
                article = build_article(record, plan, place)
                listener.rest(place, record, plan.used)
                yield article
            except FieldError as met:
                fault = str(met)
        if fault:
            listener.bad(f"{where}:{row.line}", fault)


def _plan_columns(names: list[str], place: str, options: ReadOptions) -> FieldPlan:
    """Find the columns; a header that cannot be right costs the file."""
    twice = [name for name, count in Counter(names).items() if count > 1 and name]
    if twice:
        raise InputError(place, f"the header names columns twice ({list_names(twice)}); wanted each name once")
    try:
        plan = plan_fields([name for name in names if name], options)
    except FieldError as fault:
        raise InputError(place, f"in the header, {fault}") from None
    if plan.missing:
        asked, found = list_names(plan.missing), list_names(names)
        raise InputError(place, f"no column {asked} in the header (found: {found}); name one of those")
    return plan


def _count_fault(met: int, wanted: int) -> str:
    return "" if met == wanted else f"{met} columns; wanted {wanted} as in the header"
