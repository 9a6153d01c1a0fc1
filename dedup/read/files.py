"""Paths as files to read: what each holds by its name, and what stands in a folder."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.errors import InputError
from dedup.plurals import many
from dedup.read.naming import STDIN_NAME, one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.read.listener import Listener
    from dedup.read.options import ReadOptions

STDIN = "-"

_FORMAT_OF_SUFFIX = {
    ".txt": "txt", ".text": "txt", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "json", ".csv": "csv", ".tsv": "tsv",
    ".parquet": "parquet", ".arrow": "arrow", ".feather": "arrow",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".warc": "warc",
    ".rss": "feed", ".atom": "feed", ".xml": "feed",
}  # fmt: skip
SUFFIXES = " ".join(_FORMAT_OF_SUFFIX)


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file to read; ``path`` None is standard input, ``format`` None has to be told from its first bytes."""

    path: Path | None
    where: str
    id: str
    format: str | None


def check_path(path: Path | str) -> None:
    """Raise ``InputError`` for a path that is not there."""
    if str(path) != STDIN and not os.path.lexists(path):
        raise InputError(one_line(str(path)), "no such file or folder; give one that exists, or - for standard input")


def find_files(path: Path | str, options: ReadOptions, listener: Listener) -> Iterator[FoundFile]:
    """Yield the files a path stands for: itself, or all below it in sorted order with a name that tells its format."""
    if str(path) == STDIN:
        yield FoundFile(None, STDIN_NAME, STDIN_NAME, options.format)
        return
    path = Path(path)
    if path.is_dir():
        yield from _find_below(path, listener)
        return
    where = one_line(str(path))
    kind = format_of(path.name) or options.format
    if kind is None and path.is_file():
        listener.bad(where, f"unknown kind of file {path.suffix!r}; wanted one of {SUFFIXES}, each also with .gz")
        return
    yield FoundFile(path, where, one_line(path.name), kind)


def format_of(name: str) -> str | None:
    """Return the format a file's name tells, looking through ``.gz``."""
    return _FORMAT_OF_SUFFIX.get(os.path.splitext(name.lower().removesuffix(".gz"))[1])  # noqa: PTH122


def _find_below(folder: Path, listener: Listener) -> Iterator[FoundFile]:
    skipped: Counter[str] = Counter()
    n_found = 0
    for path in _walk(folder, listener):
        kind = format_of(path.name)
        if kind is None or not (path.is_file() or path.is_symlink()):
            skipped[path.suffix.lower() or "no suffix"] += 1
            continue
        n_found += 1
        yield FoundFile(path, one_line(str(path)), one_line(path.relative_to(folder).as_posix()), kind)
    where = one_line(str(folder))
    if skipped:
        kinds = ", ".join(f"{one_line(kind)} {count}" for kind, count in sorted(skipped.items()))
        listener.note(f"{where}: {many(skipped.total(), 'file')} of other kinds skipped ({kinds})")
    if not n_found:
        listener.bad(where, f"a folder without articles; wanted files named {SUFFIXES}, each also with .gz")


def _walk(folder: Path, listener: Listener) -> Iterator[Path]:
    """Yield the files below a folder, hidden ones left out, links to folders not followed (they may run in circles)."""

    def unreadable(error: OSError) -> None:
        listener.bad(one_line(str(error.filename)), f"cannot be read: {error.strerror or error}")

    for parent, folders, names in os.walk(folder, onerror=unreadable):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(parent, name)
