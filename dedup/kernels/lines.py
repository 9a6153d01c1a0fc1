"""Texts to lines: where each short line stands and what it says, for the search for page furniture."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.fold import GOLDEN
from dedup.kernels.text import mix64
from dedup.settings import CREDIT_BYTES, HEAD_BYTES, LINE_BYTES

_GOLDEN = np.uint64(GOLDEN)
_0, _1, _3, _7, _8, _32, _64 = (np.uint64(x) for x in (0, 1, 3, 7, 8, 32, 64))
_LINE_ENDS, _ONES, _HIGH_BITS = (np.uint64(0x0101010101010101 * x) for x in (0x0A, 0x01, 0x80))
_LINE_BYTES, _CREDIT_BYTES, _HEAD_BYTES = (np.uint64(x) for x in (LINE_BYTES, CREDIT_BYTES, HEAD_BYTES))


@compiled
def line_batch(
    buf: Any, words: Any, offsets: Any, known: Any, owners: Any, starts: Any, ends: Any, hashes: Any, flags: Any
) -> Any:
    """Write the lines of at most ``LINE_BYTES`` bytes and return how many.

    ``buf, offsets`` : the texts as in ``sketch_batch``; ``words`` : uint64, the same bytes eight at a time (in the
    machine's order: only the equality of hashes is ever used). ``known`` : uint64[power of two], an open-addressing
    table of cues, hashes of a line's first word or of its first two, that known furniture begins with. Filled, one
    entry a line, blanks around it left out and empty lines passed over: ``owners`` : int32, the text; ``starts,
    ends`` : int32, bytes from the text's beginning; ``hashes`` : uint64, of its bytes; ``flags`` : uint8, 1 where a
    cue is known, plus 2 for a line with a colon, short and near enough to the head to be a picture's credit.
    """
    k = _0
    mask = np.uint64(len(known) - 1)
    for t in range(len(offsets) - 1):
        start = np.uint64(offsets[t])
        end = np.uint64(offsets[t + 1])
        i = start
        while i < end:
            stop = i
            while stop < end and buf[stop] != 0x0A:
                stop += _1
                if stop & _7 == _0:
                    place = stop >> _3
                    while (place + _1) << _3 <= end:
                        x = words[place] ^ _LINE_ENDS
                        if (x - _ONES) & ~x & _HIGH_BITS:
                            break
                        place += _1
                    stop = place << _3
            first = i
            last = stop
            while first < last and buf[first] <= 0x20:
                first += _1
            while last > first and buf[last - _1] <= 0x20:
                last -= _1
            i = stop + _1
            size = last - first
            if size == _0 or size > _LINE_BYTES:
                continue
            total = size
            j = first
            low = (first & _7) << _3
            while j + _8 <= last:
                word = words[j >> _3]
                if low != _0:
                    word = (word >> low) | (words[(j >> _3) + _1] << (_64 - low))
                total = (total ^ word) * _GOLDEN
                total ^= total >> _32
                j += _8
            while j < last:
                total = (total ^ np.uint64(buf[j])) * _GOLDEN
                j += _1
            flag = 0
            cue = _0
            j = first
            for _ in range(2):
                begin = j
                while j < last and (buf[j] >= 0x80 or 0x41 <= buf[j] <= 0x5A or 0x61 <= buf[j] <= 0x7A):
                    b = buf[j]
                    if 0x41 <= b <= 0x5A:
                        b += 0x20
                    cue = (cue ^ np.uint64(b)) * _GOLDEN
                    j += _1
                if j > begin:
                    x = mix64(cue) | _1
                    slot = x & mask
                    while known[slot] != _0 and known[slot] != x:
                        slot = (slot + _1) & mask
                    if known[slot] == x:
                        flag = 1
                cue += _GOLDEN
                while j < last and not (buf[j] >= 0x80 or 0x41 <= buf[j] <= 0x5A or 0x61 <= buf[j] <= 0x7A):
                    j += _1
            if size <= _CREDIT_BYTES and first - start < _HEAD_BYTES:
                for j in range(first, last):
                    if buf[j] == 0x3A:
                        flag |= 2
                        break
            flags[k] = flag
            owners[k] = t
            starts[k] = first - start
            ends[k] = last - start
            hashes[k] = mix64(total)
            k += _1
    return np.int64(k)
