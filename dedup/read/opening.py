"""Files, gzip files and standard input as blocks of bytes.

Out: blocks of bounded size. What can go wrong with a file as a whole ends the blocks with an ``InputError``; what came
before it has been handed over by then.
"""

from __future__ import annotations

import io
import sys
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from dedup.errors import InputError
from dedup.read.listener import Listener
from dedup.read.unpacking import GZIP_MAGIC, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

BLOCK_BYTES = 1 << 18
"""Large enough to make calls cheap, small enough to stay in the cache when it is unpacked."""


@dataclass(frozen=True, slots=True)
class Source:
    """One input: ``where`` names it in messages, ``id`` is its article's id if it holds but one, ``path`` the file if any."""

    where: str
    id: str
    blocks: Iterator[bytes]
    path: Path | None = None


def open_blocks(path: Path | None, where: str, listener: Listener) -> Iterator[bytes]:
    """Yield a file's content (standard input: ``path`` is None), unpacked where it is gzip."""
    raw = _read_blocks(path, where, listener)
    first = next(raw, b"")
    if first.startswith(GZIP_MAGIC) or (first and path is not None and path.suffix.lower() == ".gz"):
        again = partial(_read_blocks, path, where, Listener()) if path is not None and path.is_file() else None
        yield from unpack(_chain(first, raw), where, again)
    elif first:
        yield from _chain(first, raw)


class _HeardFile(io.FileIO):
    """A file read here and there, of which the listener hears."""

    def __init__(self, path: Path, listener: Listener) -> None:
        super().__init__(path, "rb")
        self._listener = listener

    def read(self, size: int | None = -1) -> bytes:
        """Read on from where the file stands."""
        found = super().read(-1 if size is None else size) or b""
        self._listener.bytes_read(len(found))
        return found


@contextmanager
def opened_whole(source: Source, listener: Listener) -> Iterator[BinaryIO]:
    """Open a source that has to be read at any place: its file, or where it is packed or piped a copy on disk."""
    with ExitStack() as held:
        file: BinaryIO | None = None
        if source.path is not None and source.path.is_file():
            file = held.enter_context(_HeardFile(source.path, listener))
            if file.read(len(GZIP_MAGIC)) == GZIP_MAGIC:
                file = None
        if file is None:
            file = held.enter_context(tempfile.TemporaryFile())
            for block in source.blocks:
                file.write(block)
        file.seek(0)
        yield file


def gather(blocks: Iterator[bytes], limit: int) -> bytes | None:
    """Return all blocks as one, or None as soon as they exceed ``limit`` bytes."""
    held: list[bytes] = []
    size = 0
    for block in blocks:
        size += len(block)
        if size > limit:
            return None
        held.append(block)
    return b"".join(held)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _read_blocks(path: Path | None, where: str, listener: Listener) -> Iterator[bytes]:
    try:
        if path is None:
            if sys.stdin is None:
                raise InputError(where, "standard input is closed; give a file or a folder")
            yield from _blocks_of(sys.stdin.buffer, listener)
        else:
            with path.open("rb") as stream:
                yield from _blocks_of(stream, listener)
    except OSError as error:
        raise InputError(where, f"cannot be read: {error.strerror or error}") from None


def _blocks_of(stream: BinaryIO, listener: Listener) -> Iterator[bytes]:
    while block := stream.read(BLOCK_BYTES):
        listener.bytes_read(len(block))
        yield block
