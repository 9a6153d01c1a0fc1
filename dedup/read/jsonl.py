"""JSON files: one object a line, or an array or row of objects over any number of lines.

In: blocks of bytes. Out: articles, each bad record told to the listener with its line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.errors import InputError
from dedup.read.encodings import utf8_blocks
from dedup.read.json_record import RecordParser
from dedup.read.json_values import cut_values
from dedup.read.lines import cut_lines, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.article import Article
    from dedup.read.listener import Listener
    from dedup.read.opening import Source
    from dedup.read.options import ReadOptions

_BLANK = b" \t\r\n"


def read_jsonl(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the articles of a file with one JSON object a line; blank lines are passed over."""
    return _read_lines(utf8_blocks(source, options.encoding), source.where, options, listener)


def read_json(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the articles of a file that holds an array of objects, objects over several lines, or one object a line."""
    blocks = utf8_blocks(source, options.encoding)
    first = next((block for block in blocks if block.strip(_BLANK)), b"")
    both = _both(first, blocks)
    if _is_one_a_line(first):
        yield from _read_lines(both, source.where, options, listener)
    else:
        yield from _read_values(both, source.where, options, listener)


def _both(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _is_one_a_line(block: bytes) -> bool:
    """Whether a file is JSON lines by its first line: an array's or a pretty-printed object's is not a whole object."""
    line, end, _ = block.lstrip(_BLANK).partition(b"\n")
    line = line.rstrip(_BLANK)
    if line.startswith(b"["):
        return False
    return not end or not line.endswith((b"{", b"[", b","))


def _read_lines(blocks: Iterator[bytes], where: str, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    parse = RecordParser(where, options, listener)
    for number, line in enumerate(cut_lines(blocks, options.max_record_bytes), start=1):
        if line is None:
            listener.bad(f"{where}:{number}", too_long(options.max_record_bytes))
        elif line and not line.isspace():
            article = parse.article(line, f"{where}:{number}")
            if article is not None:
                yield article


def _read_values(blocks: Iterator[bytes], where: str, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    parse = RecordParser(where, options, listener)
    for number, value in enumerate(cut_values(blocks, options.max_record_bytes), start=1):
        place = f"{where}:{value.line} (item {number})"
        if value.fault:
            raise InputError(place, value.fault)
        if value.content is None:
            listener.bad(place, too_long(options.max_record_bytes))
        else:
            article = parse.article(value.content, place)
            if article is not None:
                yield article
