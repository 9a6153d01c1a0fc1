"""Texts to lines: where each short line stands and what it says, for the search for page furniture."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.fold import GOLDEN
from dedup.kernels.text import mix64
from dedup.settings import COLON_BYTES, LINE_BYTES

_GOLDEN = np.uint64(GOLDEN)
_0, _1, _32, _64 = (np.uint64(x) for x in (0, 1, 32, 64))
_LINE_ENDS, _ONES, _HIGH_BITS = (np.uint64(0x0101010101010101 * x) for x in (0x0A, 0x01, 0x80))
_LINE_BYTES = LINE_BYTES
_COLON_BYTES = COLON_BYTES


@compiled
def line_batch(
    buf: Any, words: Any, offsets: Any, known: Any, owners: Any, starts: Any, ends: Any, hashes: Any, flags: Any
) -> int:
    """Write the lines of at most ``LINE_BYTES`` bytes and return how many.

    ``buf, offsets`` : the texts as in ``sketch_batch``; ``words`` : uint64, the same bytes eight at a time (in the
    machine's order: only the equality of hashes is ever used). ``known`` : uint64[power of two], an open-addressing
    table of cues, hashes of a line's first word or of its first two, that known furniture begins with. Filled, one entry a line, blanks around it left out and
    empty lines passed over: ``owners`` : int32, the text; ``starts, ends`` : int32, bytes from the text's beginning;
    ``hashes`` : uint64, of its bytes; ``flags`` : uint8, 1 where a cue is known, plus 2 where a colon is in the line.
    """
    k = 0
    mask = np.uint64(len(known) - 1)
    for t in range(len(offsets) - 1):
        start = offsets[t]
        end = offsets[t + 1]
        i = start
        while i < end:
            stop = i
            while stop < end and buf[stop] != 0x0A:
                stop += 1
                if stop & 7 == 0:
                    place = stop >> 3
                    while (place + 1) << 3 <= end:
                        x = words[place] ^ _LINE_ENDS
                        if (x - _ONES) & ~x & _HIGH_BITS:
                            break
                        place += 1
                    stop = place << 3
            first = i
            last = stop
            while first < last and buf[first] <= 0x20:
                first += 1
            while last > first and buf[last - 1] <= 0x20:
                last -= 1
            i = stop + 1
            if first == last or last - first > _LINE_BYTES:
                continue
            total = np.uint64(last - first)
            j = first
            low = np.uint64((first & 7) << 3)
            while j + 8 <= last:
                word = words[j >> 3]
                if low != _0:
                    word = (word >> low) | (words[(j >> 3) + 1] << (_64 - low))
                total = (total ^ word) * _GOLDEN
                total ^= total >> _32
                j += 8
            while j < last:
                total = (total ^ np.uint64(buf[j])) * _GOLDEN
                j += 1
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
                    j += 1
                if j > begin:
                    x = mix64(cue) | _1
                    slot = x & mask
                    while known[slot] != _0 and known[slot] != x:
                        slot = (slot + _1) & mask
                    if known[slot] == x:
                        flag = 1
                cue += _GOLDEN
                while j < last and not (buf[j] >= 0x80 or 0x41 <= buf[j] <= 0x5A or 0x61 <= buf[j] <= 0x7A):
                    j += 1
            for j in range(first, min(last, first + _COLON_BYTES)):
                if buf[j] == 0x3A:
                    flag |= 2
                    break
            flags[k] = flag
            owners[k] = t
            starts[k] = first - start
            ends[k] = last - start
            hashes[k] = mix64(total)
            k += 1
    return k
