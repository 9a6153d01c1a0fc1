"""Where a command writes: stdout, or a file that appears whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_unfinished: set[Path] = set()


@contextlib.contextmanager
def opened(target: str) -> Iterator[TextIO]:
    """Open ``target`` (``-`` for stdout) for UTF-8 text.

    A file is written beside its place and moved there at the end, so that a failed run leaves the old file, or none.
    A device or pipe is written to directly.
    """
    if target == "-":
        yield _stdout()
        return
    path = Path(os.path.realpath(target))
    if path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
            yield out
        return
    with _replacing(path) as out:
        yield out


@contextlib.contextmanager
def opened_both(given: Mapping[str, Any], other: str) -> Iterator[tuple[TextIO, TextIO | None]]:
    """Open the output and, where the option ``other`` is given, its file; UsageError where they are one."""
    first, second = given["output"], given[other]
    if second and os.path.realpath(first) == os.path.realpath(second):
        reason = f"-o and --{other} both write to {second}; give one of them another file"
        raise click.UsageError(reason)
    with opened(first) as out, opened(second) if second else contextlib.nullcontext() as beside:
        yield out, beside


def check_parquet(out: TextIO) -> None:
    """Refuse Parquet on a terminal, or without the package for it, before any work is done."""
    from dedup.report.columns import schema

    check_no_terminal(out, "Parquet")
    schema("rows")


def check_no_terminal(out: TextIO, what: str) -> None:
    """Refuse to write what is not for the eye to a terminal."""
    if out.isatty():
        reason = f"{what} is nothing a terminal can show; name a file with -o, or pipe it on"
        raise click.UsageError(reason)


def discard_unfinished() -> None:
    """Remove the files a run had begun and not finished."""
    for path in list(_unfinished):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def _replacing(path: Path) -> Iterator[TextIO]:
    """Open a new file beside ``path`` and put it in its place if all goes well."""
    beside = path.with_name(f".dedup-{os.getpid()}-{len(_unfinished)}.part")
    try:
        with beside.open("x", encoding="utf-8", errors="backslashreplace", newline="\n") as out:
            _unfinished.add(beside)
            yield out
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as error:
        if error.filename == str(beside):
            error.filename = str(path)
        raise
    finally:
        if beside in _unfinished:
            beside.unlink(missing_ok=True)
            _unfinished.discard(beside)


def _stdout() -> TextIO:
    """Return stdout, set to write any text: UTF-8 and no change of line ends."""
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    return sys.stdout
