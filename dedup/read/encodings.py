"""Any encoding in, UTF-8 out, block by block.

A byte order mark decides; else the encoding named; else UTF-8. Bytes that do not fit come out as bytes that are not
UTF-8 either, so the fault stays in its record and is found there.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedup.read.listener import Listener
    from dedup.read.opening import Source

_BYTE_ORDER_MARKS = (  # utf-32 first: its mark begins with that of utf-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_MARK_FAULTS = "dedup.mark_faults"


def _mark_fault(error: UnicodeError) -> tuple[str | bytes, int]:
    """Stand in for what cannot be converted: a lone surrogate in text, a byte that is never UTF-8 in bytes."""
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    if isinstance(error, UnicodeEncodeError):
        return b"\xff" * (error.end - error.start), error.end
    raise error


codecs.register_error(_MARK_FAULTS, _mark_fault)


def utf8_blocks(source: Source, named: str | None) -> Iterator[bytes]:
    """Yield a source's blocks as UTF-8 without a byte order mark; what is no UTF-8 stays as it is."""
    first = next(source.blocks, b"")
    encoding = marked_encoding(first) or _plain_name(named)
    if encoding != "utf-8":
        yield from _transcode(_both(first, source.blocks), encoding, source.where)
        return
    yield first.removeprefix(codecs.BOM_UTF8)
    yield from source.blocks


def guessed_utf8_blocks(source: Source, named: str | None, listener: Listener) -> Iterator[bytes]:
    """Do as ``utf8_blocks``, and where nothing is named and the bytes are not UTF-8, read them as cp1252 and say so.

    The first block with anything beyond ASCII decides: where most of that is sound UTF-8, the rest is damage.
    """
    blocks = utf8_blocks(source, named)
    if named is not None:
        yield from blocks
        return
    for block in blocks:
        if block.isascii() or _mostly_utf8(block):
            yield block
            if not block.isascii():
                yield from blocks
            continue
        if b"\0" in block:
            raise InputError(source.where, "holds binary data, not text; if it is text, name it with --encoding")
        encoding = "latin-1" if _NOT_IN_CP1252.search(block) else "cp1252"
        listener.note(f"{source.where}: not UTF-8; read as {encoding} (name it with --encoding)")
        yield from _transcode(_both(block, blocks), encoding, source.where)


def fault_reason(error: UnicodeDecodeError, named: str | None) -> str:
    """Return the sentence for a record whose bytes do not fit the encoding."""
    encoding = _plain_name(named)
    if encoding != "utf-8":
        return f"holds bytes that are not valid {encoding}; name another encoding with --encoding"
    return f"not valid UTF-8 at byte {error.start + 1}; save it as UTF-8 or name its encoding with --encoding"


def _plain_name(named: str | None) -> str:
    name = codecs.lookup(named).name if named else "utf-8"
    return "utf-8" if name == "utf-8-sig" else name


def marked_encoding(first: bytes) -> str | None:
    """Return the encoding a byte order mark tells, or None."""
    if first.startswith(codecs.BOM_UTF8):
        return "utf-8"
    return next((name for mark, name in _BYTE_ORDER_MARKS if first.startswith(mark)), None)


def _both(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _transcode(blocks: Iterable[bytes], encoding: str, where: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(_MARK_FAULTS)
    mark = codecs.BOM_UTF8
    try:
        for block in blocks:
            out = decoder.decode(block).encode("utf-8", _MARK_FAULTS)
            if out:
                yield out.removeprefix(mark)
                mark = b""
        yield decoder.decode(b"", final=True).encode("utf-8", _MARK_FAULTS)
    except UnicodeError:
        raise InputError(where, f"cannot be read as {encoding}; name another encoding with --encoding") from None


def _mostly_utf8(block: bytes) -> bool:
    """Whether sound multi-byte characters outnumber broken ones (one torn by the block's end is neither)."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(block)
    broken = text.count("\ufffd") - block.count("\ufffd".encode())
    if broken == 0:
        return True
    ascii_only = len(text.encode("ascii", "ignore"))
    return len(text) - ascii_only - broken > broken
