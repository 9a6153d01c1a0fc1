"""Letters to UTF-8 bytes, as ``str.encode`` does it in more time, and spans taken out of what is packed."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.vectors import MASK_BYTES, NARROWED, beyond_ascii, letter, letter_bytes, lowest_bit, move, narrow

_0, _1, _2 = (np.uint64(x) for x in (0, 1, 2))
_NARROWED, _MOVED = np.uint64(NARROWED), np.uint64(MASK_BYTES)
_LOW, _NEXT = np.uint32(0x3F), np.uint32(0x80)


@compiled
def _encode(text: Any, width: Any, ends: Any, out: Any, at: int, places: Any) -> Any:
    """See ``encode_batch``; ``width`` : an unsigned integer with as many bytes as each letter has in memory."""
    i = _0
    o = np.uint64(at)
    for k in range(len(ends)):
        n = np.uint64(ends[k])
        while i < n:
            if i + _NARROWED <= n:  # there is room: each of these letters has a byte there or more
                narrow(text, i, width, out, o)
                others = beyond_ascii(text, i, width)
                ascii_only = lowest_bit(others) if others else _NARROWED
                i += ascii_only
                o += ascii_only
                if others == _0:
                    continue
            while i < n:
                point = letter(text, i, width)
                i += _1
                if point < 0x80:
                    out[o] = point
                    o += _1
                    break
                if point < 0x800:
                    out[o] = np.uint32(0xC0) | point >> np.uint32(6)
                    o += _1
                else:
                    if point < 0x10000:
                        out[o] = np.uint32(0xE0) | point >> np.uint32(12)
                        o += _1
                    else:
                        out[o] = np.uint32(0xF0) | point >> np.uint32(18)
                        out[o + _1] = _NEXT | (point >> np.uint32(12) & _LOW)
                        o += _2
                    out[o] = _NEXT | (point >> np.uint32(6) & _LOW)
                    o += _1
                out[o] = _NEXT | (point & _LOW)
                o += _1
        places[k] = o
    return np.int64(o)


@compiled
def encode_batch(text: Any, ends: Any, out: Any, at: int, places: Any) -> Any:
    """Write texts as UTF-8 to ``out`` from byte ``at`` on and return the byte behind the last of them.

    ``text`` : str, all texts joined, text k ending before its letter ``ends[k]`` and the next beginning there; a lone
    surrogate becomes three malformed bytes. ``out`` : uint8[at + 4 n and more], for n letters. Filled: ``places`` :
    int64[n_texts], the byte behind each text. RFC 3629, section 3.
    """
    size = letter_bytes(text)
    if size == 1:
        return _encode(text, np.uint8(0), ends, out, at, places)
    if size == 2:
        return _encode(text, np.uint16(0), ends, out, at, places)
    return _encode(text, np.uint32(0), ends, out, at, places)


@compiled
def cut_batch(buf: Any, offsets: Any, bounds: Any, starts: Any, ends: Any) -> None:
    """Take spans out of packed texts, each text moving up to the one before it; ``offsets`` become those of what is left.

    ``buf`` : uint8, text i being ``buf[offsets[i]:offsets[i + 1]]``. Of text i the spans go from ``starts[k]`` to
    ``ends[k]``, bytes of that text, k from ``bounds[i]`` to ``bounds[i + 1]``, in order and apart from each other.
    """
    to = np.uint64(offsets[0])
    begin = to
    for i in range(len(offsets) - 1):
        end = np.uint64(offsets[i + 1])
        at = begin
        for k in range(bounds[i], bounds[i + 1] + 1):
            stop = begin + np.uint64(starts[k]) if k < bounds[i + 1] else end
            if to == at:
                to = stop
            else:
                while at + _MOVED <= stop:  # what is written over has been read
                    move(buf, at, to)
                    at += _MOVED
                    to += _MOVED
                for j in range(at, stop):
                    buf[to] = buf[j]
                    to += _1
            at = begin + np.uint64(ends[k]) if k < bounds[i + 1] else end
        begin = end
        offsets[i + 1] = to
