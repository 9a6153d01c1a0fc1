"""WARC files: an article a page that a crawler was answered with.

In: blocks of bytes. Out: articles, each bad record told to the listener with its number. Damage costs what stands
between it and the next record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.errors import InputError
from dedup.plurals import many
from dedup.read.http import Answer, HttpError, header_fields, read_answer
from dedup.read.lines import too_long
from dedup.read.naming import one_line
from dedup.read.page import PageError, page_article
from dedup.read.page_encoding import decode_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.article import Article
    from dedup.read.listener import Listener
    from dedup.read.opening import Source
    from dedup.read.options import ReadOptions

_BEGINS = b"WARC/"
_LINE_BYTES = 1 << 16
_HEADER_LINES = 200
_SHOWN_CHARS = 200


@dataclass(frozen=True, slots=True)
class _Record:
    """One record; ``content`` None is one longer than allowed, ``fault`` says why there is no content."""

    fields: dict[str, str]
    content: bytes | None = b""
    fault: str = ""


def read_warc(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the pages of a WARC file."""
    n_others, n_pages, n_bad_before = 0, 0, listener.n_bad
    for number, record in enumerate(_records(source.blocks, options.max_record_bytes), start=1):
        kind, url = record.fields.get("warc-type", ""), record.fields.get("warc-target-uri", "").strip("<>")
        where = f"{source.where} (record {number}{f', {one_line(url[:_SHOWN_CHARS])}' if url else ''})"
        if record.fault:
            listener.bad(where, record.fault)
            continue
        if kind not in ("response", "resource"):
            n_others += 1
            continue
        if record.content is None:
            listener.bad(where, too_long(options.max_record_bytes))
            continue
        try:
            answer = _answer(record, kind, options.max_record_bytes)
            if answer.page is None:
                n_others += 1
                continue
            n_pages += 1
            text = decode_page(answer.page, options.encoding, where, listener, answer.encoding)
            page = page_article(text, where, name=url, url=url)
            yield page._replace(url=url or page.url)
        except (HttpError, PageError) as error:
            listener.bad(where, str(error))
        except InputError as error:
            listener.bad(error.where, error.reason)
    if n_others:
        listener.note(
            f"{source.where}: {many(n_others, 'record')} without a page passed over (requests, pictures, redirects)"
        )
    if not n_pages and listener.n_bad == n_bad_before:
        raise InputError(source.where, "no page in this WARC file; wanted at least one response of the kind text/html")


def _answer(record: _Record, kind: str, limit: int) -> Answer:
    content = record.content or b""
    if kind == "resource":
        return Answer(content if record.fields.get("content-type", "").lower().startswith("text/html") else None)
    return read_answer(content, limit)


def _records(blocks: Iterator[bytes], limit: int) -> Iterator[_Record]:
    """Yield the records of a file in order; what cannot be read, up to the next one, is a record with a fault."""
    stream = _Stream(blocks)
    line = stream.line()
    while line:
        if not line.strip():
            line = stream.line()
        elif line.startswith(_BEGINS):
            fields, line = _header(stream)
            length = _length(fields)
            if length is None or line.strip():
                missing = "tells no length" if length is None else "has no end"
                yield _Record(fields, fault=f"its header {missing}; skipped to the next record")
                line = _next_record(line, stream)
            else:
                yield _record(fields, length, stream, limit)
                line = stream.line()
        else:
            yield _Record({}, fault="no WARC record begins where one should; skipped to the next")
            line = _next_record(line, stream)


def _next_record(line: bytes, stream: _Stream) -> bytes:
    """Return the first line of the next record: this one, or one behind it, or nothing at the end."""
    while line and not line.startswith(_BEGINS):
        line = stream.line()
    return line


def _header(stream: _Stream) -> tuple[dict[str, str], bytes]:
    """Return the fields of the record whose first line has been read, and the line behind them, which should be blank."""
    lines: list[bytes] = []
    while (line := stream.line()).strip() and not line.startswith(_BEGINS) and len(lines) < _HEADER_LINES:
        lines.append(line)
    return header_fields(lines), line


def _length(fields: dict[str, str]) -> int | None:
    """Return how many bytes of content a record has, None where its header does not tell."""
    told = fields.get("content-length", "")
    return int(told) if told.isascii() and told.isdigit() and len(told) < 20 else None


def _record(fields: dict[str, str], length: int, stream: _Stream, limit: int) -> _Record:
    """Return the record whose header has been read."""
    content = stream.take(length, keep=length <= limit)
    if content.n_bytes < length:
        return _Record(fields, fault=f"ends after {content.n_bytes:,} of {length:,} bytes; the file is cut off")
    return _Record(fields, content.kept if length <= limit else None)


@dataclass(frozen=True, slots=True)
class _Taken:
    n_bytes: int
    kept: bytes


class _Stream:
    """Blocks of bytes, read line by line or by length."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._held = b""
        self._at = 0

    def line(self) -> bytes:
        """Return the next line with its end, a piece of it where it is overlong, nothing at the end."""
        parts: list[bytes] = []
        size = 0
        while self._fill():
            end = self._held.find(b"\n", self._at) + 1 or len(self._held)
            part = self._held[self._at : min(end, self._at + _LINE_BYTES - size)]
            self._at += len(part)
            size += len(part)
            parts.append(part)
            if part.endswith(b"\n") or size >= _LINE_BYTES:
                break
        return b"".join(parts)

    def take(self, n_bytes: int, *, keep: bool) -> _Taken:
        """Return the next bytes, or only how many there were."""
        parts: list[bytes] = []
        size = 0
        while size < n_bytes and self._fill():
            end = min(len(self._held), self._at + n_bytes - size)
            if keep:
                parts.append(self._held[self._at : end])
            size += end - self._at
            self._at = end
        return _Taken(size, b"".join(parts))

    def _fill(self) -> bool:
        """Hold at least one byte to read; False at the end."""
        while self._at >= len(self._held):
            block = next(self._blocks, None)
            if block is None:
                return False
            self._held, self._at = block, 0
        return True
