"""Read articles from files, folders and standard input.

In: paths. Out: a stream of ``Article``; bad records are named and passed over, or end the reading when it is strict.
Each format has a file of its own; nothing here knows what is done with the articles.
"""

from __future__ import annotations

from importlib import import_module
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dedup.errors import InputError
from dedup.read.files import FoundFile, check_path, find_files
from dedup.read.listener import Listener
from dedup.read.opening import Source, open_blocks
from dedup.read.options import FORMATS, MAX_RECORD_BYTES, ReadOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from dedup.article import Article
    from dedup.results import BadRecord

__all__ = ["FORMATS", "MAX_RECORD_BYTES", "ReadOptions", "read_articles", "total_bytes"]

_READERS = {
    "txt": "text:read_text",
    "jsonl": "jsonl:read_jsonl", "json": "jsonl:read_json",
    "csv": "table:read_csv", "tsv": "table:read_tsv",
    "parquet": "columnar:read_parquet", "arrow": "columnar:read_arrow",
    "html": "html:read_html", "warc": "warc:read_warc", "feed": "feed:read_feed",
}  # fmt: skip
"""The reader of each format, ``file:function``: loaded when a file of the format is met."""


def read_articles(
    paths: Sequence[str | Path] | str | Path,
    options: ReadOptions | None = None,
    *,
    on_bad: Callable[[BadRecord], None] | None = None,
    on_note: Callable[[str], None] | None = None,
    on_bytes: Callable[[int], None] | None = None,
    on_rest: Callable[[str, dict[str, Any]], None] | None = None,
) -> Iterator[Article]:
    """Yield the articles of files, of all files below folders, and of standard input (``-``), one at a time.

    Bad records go to ``on_bad`` (without it: a warning each), remarks such as a guessed encoding to ``on_note``,
    the number of bytes read, as they stand on disk, to ``on_bytes``. The fields of a JSON object or of a row of a CSV
    or TSV file that no article has go to ``on_rest``, with the article's ``where`` and before it.

    Raises
    ------
    InputError
        At once for a path that does not exist; while reading for the first bad record if ``options.strict``.
    """
    options = options or ReadOptions()
    several = _as_list(paths)
    for path in several:
        check_path(path)
    listener = Listener(options.strict, on_bad, on_note, on_bytes, on_rest)
    return chain.from_iterable(_read_path(path, options, listener) for path in several)


def total_bytes(paths: Sequence[str | Path] | str | Path) -> int:
    """Return the size on disk of all that ``read_articles`` would read; standard input counts as nothing."""
    quiet = Listener(on_bad=lambda _: None)
    files = (file for path in _as_list(paths) for file in find_files(path, ReadOptions(), quiet))
    return sum(_size(file.path) for file in files)


def _as_list(paths: Sequence[str | Path] | str | Path) -> list[str | Path]:
    return [paths] if isinstance(paths, str | Path) else list(paths)


def _size(path: Path | None) -> int:
    try:
        return path.stat().st_size if path else 0
    except OSError:
        return 0


def _read_path(path: str | Path, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    for file in find_files(path, options, listener):
        yield from _read_file(file, options, listener)


def _read_file(file: FoundFile, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield a file's articles; what breaks the file as a whole costs what comes after the break."""
    n_articles, n_bad_before = 0, listener.n_bad
    blocks = open_blocks(file.path, file.where, listener)
    try:
        first = next(blocks, b"")
        read = _reader(file.format or _format_within(first))
        for article in read(Source(file.where, file.id, chain((first,), blocks), file.path), options, listener):
            n_articles += 1
            yield article
    except InputError as error:
        if options.strict:
            raise
        listener.bad(error.where, error.reason)
    if not n_articles and listener.n_bad == n_bad_before:
        listener.bad(file.where, "empty; wanted at least one article")


def _reader(form: str) -> Callable[[Source, ReadOptions, Listener], Iterator[Article]]:
    name, _, function = _READERS[form].partition(":")
    read: Callable[[Source, ReadOptions, Listener], Iterator[Article]]
    read = getattr(import_module(f"dedup.read.{name}"), function)
    return read


def _format_within(first: bytes) -> str:
    """Return the format of input without a name: an array is JSON, anything else one JSON object a line."""
    return "json" if first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"[") else "jsonl"
