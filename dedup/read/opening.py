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
from typing import TYPE_CHECKING

from dedup.errors import InputError

if TYPE_CHECKING:
    import zlib
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from dedup.read.listener import Listener
else:
    try:
        from zlib_ng import zlib_ng as zlib  # the same, twice as fast
    except ImportError:  # it has no wheel for this platform
        import zlib

BLOCK_BYTES = 1 << 20
"""Large enough to make calls cheap, small enough to stay in the cache."""

_GZIP_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 31
"""zlib's code for a gzip header and the largest window."""

_REPLAY_BYTES = 16
"""Step in which a broken block is read again to save what stands before the break."""


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
    if first.startswith(_GZIP_MAGIC) or (first and path is not None and path.suffix.lower() == ".gz"):
        yield from _unpack(_chain(first, raw), where)
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
            if file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC:
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


def _unpack(blocks: Iterator[bytes], where: str) -> Iterator[bytes]:
    """Unpack gzip members standing one behind the other (RFC 1952, section 2.2)."""
    inflate = zlib.decompressobj(_GZIP_WINDOW)
    for block in blocks:
        packed = block
        while packed:
            if inflate.eof:
                packed = packed.lstrip(b"\0")  # padding of tapes and block devices
                if not packed:
                    break
                inflate = zlib.decompressobj(_GZIP_WINDOW)
            before = inflate.copy()
            try:
                text = inflate.decompress(packed, BLOCK_BYTES)
            except zlib.error as error:
                yield from _save_until_break(before, packed)
                raise InputError(where, _break_reason(error)) from None
            if text:
                yield text
            packed = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    if not inflate.eof:
        yield inflate.flush()
        raise InputError(where, "the gzip file ends too early; what stands before its end is used, the rest is lost")


def _break_reason(error: zlib.error) -> str:
    if "incorrect data check" in str(error) or "incorrect length check" in str(error):
        return "the gzip checksum is wrong; records read from the file may be damaged, unpack or fetch it again"
    return "the gzip data are broken; what stands before the break is used, the rest is lost"


def _save_until_break(inflate: zlib._Decompress, packed: bytes) -> Iterator[bytes]:
    """Yield what a block gives before it breaks: zlib hands out nothing from a call that fails."""
    try:
        for at in range(0, len(packed), _REPLAY_BYTES):
            yield inflate.decompress(packed[at : at + _REPLAY_BYTES])
    except zlib.error:
        return
