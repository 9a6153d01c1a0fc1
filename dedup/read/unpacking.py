"""Gzip data as the bytes that were packed.

What stands before a break is handed over before the ``InputError`` that tells of it.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_quick: Any
try:
    from isal import isal_zlib as _quick
except ImportError:  # it has no wheel for this platform
    _quick = None

GZIP_MAGIC = b"\x1f\x8b"

_GZIP_WINDOW = 31
"""zlib's code for a gzip header and the largest window."""

_STEP_BYTES = 1 << 19
"""What is unpacked at a time."""

_REPLAY_BYTES = 16
"""Step in which a broken block is read again to save what stands before the break."""


class _Break(Exception):
    """Data that cannot be unpacked, with what stands before the break."""

    def __init__(self, saved: bytes, reason: str) -> None:
        super().__init__(reason)
        self.saved = saved


def unpack(blocks: Iterator[bytes], where: str, again: Callable[[], Iterator[bytes]] | None) -> Iterator[bytes]:
    """Unpack gzip members standing one behind the other (RFC 1952, section 2.2).

    ``again`` reads the same blocks from their beginning, None where that cannot be done. Where it can, isal unpacks,
    three times as fast as zlib; but it hands out nothing of a step that breaks, so broken data are unpacked again.
    """
    n_given = 0
    if _quick is not None and again is not None:
        try:
            for text in _members(blocks, _quick, _step):
                n_given += len(text)
                yield text
        except (_quick.error, EOFError):
            blocks = again()
        else:
            return
    for text in _carefully(blocks, where):
        if len(text) > n_given:
            yield text[n_given:]
        n_given = max(0, n_given - len(text))


def _carefully(blocks: Iterator[bytes], where: str) -> Iterator[bytes]:
    try:
        yield from _members(blocks, zlib, _saving_step)
    except EOFError:
        reason = "the gzip file ends too early; what stands before its end is used, the rest is lost"
        raise InputError(where, reason) from None
    except _Break as found:
        yield found.saved
        raise InputError(where, str(found)) from None


def _members(blocks: Iterator[bytes], engine: Any, step: Callable[[Any, bytes], bytes]) -> Iterator[bytes]:
    """Unpack with zlib or what works like it; ``EOFError`` for data that end too early."""
    inflate = engine.decompressobj(_GZIP_WINDOW)
    for block in blocks:
        packed = block
        while packed:
            if inflate.eof:
                packed = packed.lstrip(b"\0")  # padding of tapes and block devices
                if not packed:
                    break
                inflate = engine.decompressobj(_GZIP_WINDOW)
            if text := step(inflate, packed):
                yield text
            packed = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    if not inflate.eof:
        yield inflate.flush()
        raise EOFError


def _step(inflate: Any, packed: bytes) -> bytes:
    text: bytes = inflate.decompress(packed, _STEP_BYTES)
    return text


def _saving_step(inflate: Any, packed: bytes) -> bytes:
    """Unpack a step; where it breaks, save what zlib had unpacked, as it hands out nothing of a call that fails."""
    before = inflate.copy()
    try:
        return _step(inflate, packed)
    except zlib.error as error:
        raise _Break(b"".join(_until_break(before, packed)), _break_reason(error)) from None


def _until_break(inflate: Any, packed: bytes) -> Iterator[bytes]:
    try:
        for at in range(0, len(packed), _REPLAY_BYTES):
            yield inflate.decompress(packed[at : at + _REPLAY_BYTES])
    except zlib.error:
        return


def _break_reason(error: zlib.error) -> str:
    if "incorrect data check" in str(error) or "incorrect length check" in str(error):
        return "the gzip checksum is wrong; records read from the file may be damaged, unpack or fetch it again"
    return "the gzip data are broken; what stands before the break is used, the rest is lost"
