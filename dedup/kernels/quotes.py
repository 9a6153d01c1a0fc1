"""Texts to the wording of their quotations, and pairs to how much of it they have in common."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.likeness import table_mask
from dedup.kernels.sketch import rotate
from dedup.kernels.terms import sort_hashes
from dedup.kernels.text import hash_tokens, mix64

_0, _1, _2, _21, _32, _42 = (np.uint64(x) for x in (0, 1, 2, 21, 32, 42))
_ONE, _TWO, _THREE = (np.uint32(x) for x in (1, 2, 3))
_SEEN = np.uint8(1)
_NEITHER, _BREAK, _EITHER, _TURN, _UP, _DOWN, _SINGLE_UP, _SINGLE_DOWN = range(8)
"""What a byte is: no mark; the end of a line; a mark that opens or closes by what stands around it; one that closes what
is open and else opens; one that opens; one that closes; single marks of either kind."""

_TOUCHED = np.array([chr(b) in '\n\r"' or b in {0xC2, 0xE2, 0xE3} for b in range(256)])
"""Bytes a mark may begin with."""
_NO_OPENING_BEFORE = np.array([b <= 0x20 or chr(b) in ",.;:?!)]" for b in range(256)])
_NO_CLOSING_BEHIND = np.array([b <= 0x20 or chr(b) in "([" for b in range(256)])
_LETTER = np.array([chr(b).isascii() and chr(b).isalnum() for b in range(256)])


@compiled
def mark_at(buf: Any, k: int, end: int) -> Any:
    """Return what stands at byte ``k``, and its length in bytes."""
    b = buf[k]
    if b == 0x22:
        return _EITHER, 1
    if b < 0x80:
        return _BREAK, 1
    if b == 0xC2:
        return (_TURN, 2) if k + 1 < end and (buf[k + 1] == 0xAB or buf[k + 1] == 0xBB) else (_NEITHER, 1)
    if k + 2 >= end or buf[k + 1] != 0x80:
        return _NEITHER, 1
    last = buf[k + 2]
    kind = _NEITHER
    if b == 0xE2:
        if last == 0x9C or last == 0x9D:
            kind = _EITHER
        elif last == 0x9E:
            kind = _UP
        elif last == 0x98:
            kind = _SINGLE_UP
        elif last == 0x99:
            kind = _SINGLE_DOWN
    elif last == 0x8C or last == 0x8E:
        kind = _UP
    elif last == 0x8D or last == 0x8F:
        kind = _DOWN
    return kind, 3 if kind != _NEITHER else 1


@compiled
def quote_batch(buf: Any, offsets: Any, longest: int, fold: Any, shingles: Any, sizes: Any) -> int:
    """Write the distinct word 3-shingles within quotation marks of each text, sorted, and return how many in all.

    ``buf, offsets`` : the texts as in ``sketch_batch``. A quotation ends where its line or text does, at the latest; one
    of more than ``longest`` bytes is none. Double marks of all kinds and ``‘ ’`` are known, the straight ``'`` is not. A
    mark behind a blank and before a word opens, one behind a word and before a blank or punctuation closes. Filled:
    ``shingles`` : uint32[half as many as there are bytes], odd, ``sizes`` : int32[n].
    """
    hashes = np.empty(longest // 2 + 2, np.uint64)
    places = np.empty(0, np.int64)
    most = 0
    for i in range(len(offsets) - 1):
        most = max(most, offsets[i + 1] - offsets[i])
    values = np.empty(most // 2 + 1, np.uint64)
    spare = np.empty(most // 2 + 1, np.uint64)
    tally = np.empty(257, np.int64)
    at = 0
    for i in range(len(offsets) - 1):
        start, end = offsets[i], offsets[i + 1]
        n_values = _0
        opened = start
        inside = 0
        k = start
        while k <= end:
            look, stop = np.uint64(k), np.uint64(end)
            while look < stop and not _TOUCHED[buf[look]]:
                look += _1
            k = np.int64(look)
            kind, size = mark_at(buf, k, end) if k < end else (_BREAK, 1)
            if kind == _EITHER:
                behind_word = k > start and not _NO_CLOSING_BEHIND[buf[k - 1]]
                before_word = k + size < end and not _NO_OPENING_BEFORE[buf[k + size]]
                closing = behind_word if behind_word != before_word else inside == 1
                kind = _DOWN if closing else _UP
            elif kind == _TURN:
                kind = _DOWN if inside == 1 else _UP
            if kind == _SINGLE_DOWN and k + size < end and _LETTER[buf[k + size]]:
                kind = _NEITHER
            if kind == _BREAK or (kind == _DOWN and inside == 1) or (kind == _SINGLE_DOWN and inside == 2):
                if inside and k - opened <= longest:
                    n = np.uint64(hash_tokens(buf, opened, k, fold, hashes, places, places))
                    for t in range(max(n, _2) - _2):
                        shingle = hashes[t] + rotate(hashes[t + _1], _21) + rotate(hashes[t + _2], _42)
                        values[n_values] = mix64(shingle)
                        n_values += _1
                inside = 0
            elif kind == _UP:
                inside = 1
                opened = k + size
            elif kind == _SINGLE_UP and inside == 0:
                inside = 2
                opened = k + size
            k += size
        sort_hashes(values, n_values, spare, tally)
        first = at
        for q in range(n_values):
            key = np.uint32(values[q] >> _32) | _ONE
            if at == first or key != shingles[at - 1]:
                shingles[at] = key
                at += 1
        sizes[i] = at - first
    return at


@compiled
def keep_repeated(shingles: Any, starts: Any, seen: Any) -> int:
    """Keep the shingles that another article may have too, moved to the front, and return how many these are.

    ``shingles`` : uint32, those of article i from ``starts[i]`` to ``starts[i + 1]``, distinct; ``starts`` :
    int64[n + 1] becomes that of what is kept. ``seen`` : uint8[power of two], zeros, four slots a byte; with more of
    them fewer are kept that no other article has.
    """
    mask = np.uint32(4 * len(seen) - 1)
    for k in range(np.uint64(starts[len(starts) - 1])):
        slot = shingles[k] >> _ONE & mask
        byte = slot >> _TWO
        first = _SEEN << np.uint8((slot & _THREE) << _ONE)
        again = first << _SEEN
        seen[byte] |= again if seen[byte] & first else first
    kept = 0
    begun = 0
    for i in range(len(starts) - 1):
        for k in range(np.uint64(begun), np.uint64(starts[i + 1])):
            slot = shingles[k] >> _ONE & mask
            shingles[kept] = shingles[k]
            kept += np.int64(seen[slot >> _TWO] >> np.uint8(((slot & _THREE) << _ONE) + _ONE) & _SEEN)
        begun = starts[i + 1]
        starts[i + 1] = kept
    return kept


@compiled
def common_quotes(shingles: Any, starts: Any, sizes: Any, left: Any, right: Any, out: Any) -> None:
    """Fill ``out`` : float32[n_pairs] with the quoted shingles both have, of those of the article with fewer.

    ``shingles, starts`` as ``keep_repeated`` leaves them; ``sizes`` : int32[n_articles], of all; NaN where one has none.
    ``left, right`` : int32[n_pairs], soonest done in the order of left.
    """
    most = np.uint64(1)
    for i in range(len(sizes)):
        most = max(most, np.uint64(starts[i + 1] - starts[i]))
    mask = table_mask(most)
    keys = np.zeros(mask + _1, np.uint32)  # what the left article quotes: its pairs stand together
    hashed = -1
    for p in range(len(left)):
        a, b = left[p], right[p]
        fewer = min(sizes[a], sizes[b])
        if fewer == 0:
            out[p] = np.nan
            continue
        if a != hashed:
            hashed = a
            mask = table_mask(np.uint64(starts[a + 1] - starts[a]))
            keys[: np.int64(mask) + 1] = 0
            for i in range(np.uint64(starts[a]), np.uint64(starts[a + 1])):
                slot = np.uint64(shingles[i] >> _ONE) & mask
                while keys[slot] != 0:
                    slot = (slot + _1) & mask
                keys[slot] = shingles[i]
        common = 0
        for j in range(np.uint64(starts[b]), np.uint64(starts[b + 1])):
            shingle = shingles[j]
            slot = np.uint64(shingle >> _ONE) & mask
            met = keys[slot]
            while (met != shingle) & (met != 0):
                slot = (slot + _1) & mask
                met = keys[slot]
            common += met == shingle
        out[p] = np.float32(common) / np.float32(fewer)
