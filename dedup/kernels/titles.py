"""Titles to their likeness: rapidfuzz's token_set_ratio over words that are numbered once.

What words both titles have is found by number. What is left of each is joined, and the longest common subsequence of
the two is counted 64 letters at a time (Hyyrö 2004, "Bit-parallel LCS-length computation revisited", section 3).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled

_0, _1, _2, _4, _56, _64 = (np.uint64(x) for x in (0, 1, 2, 4, 56, 64))
_ALL = np.uint64(0xFFFFFFFFFFFFFFFF)
_PAIRS, _FOURS, _EIGHTS, _SUM = (
    np.uint64(x) for x in (0x5555555555555555, 0x3333333333333333, 0x0F0F0F0F0F0F0F0F, 0x0101010101010101)
)


@compiled(inline="always")
def _count(x: Any) -> Any:
    """Return how many bits are set."""
    x -= (x >> _1) & _PAIRS
    x = (x & _FOURS) + ((x >> _2) & _FOURS)
    x = (x + (x >> _4)) & _EIGHTS
    return (x * _SUM) >> _56


@compiled(inline="always")
def _share(apart: Any, letters: Any) -> Any:
    """Return how much of two texts is alike, 0 to 100, if so many of their letters are not."""
    return 100.0 - 100.0 * np.float64(apart) / np.float64(letters)


@compiled
def title_batch(letters: Any, ends: Any, words: Any, offsets: Any, left: Any, right: Any, out: Any) -> None:
    """Fill ``out`` : float32[n_pairs] with the likeness of two titles, 0 to 100; 0 where one has no word.

    Word w, in the order of code points and with a blank behind it, is ``letters[ends[w] : ends[w + 1]]`` : uint32. The
    words of title i, rising and each once, are ``words[offsets[i] : offsets[i + 1]]`` : int32. ``left, right`` :
    int32[n_pairs].
    """
    room = _0
    for i in range(len(offsets) - 1):
        size = _0
        for e in range(offsets[i], offsets[i + 1]):
            size += np.uint64(ends[words[e] + 1] - ends[words[e]])
        room = max(room, size)
    one, other = np.empty(room, np.uint32), np.empty(room, np.uint32)
    carries = np.empty(room, np.uint64)
    places = np.zeros(np.int64(letters.max()) + 1 if len(letters) else 0, np.uint64)
    for p in range(len(left)):
        i, end_i = np.uint64(offsets[left[p]]), np.uint64(offsets[left[p] + 1])
        j, end_j = np.uint64(offsets[right[p]]), np.uint64(offsets[right[p] + 1])
        if i == end_i or j == end_j:
            out[p] = 0
            continue
        n = m = common = _0
        while i < end_i or j < end_j:
            if j == end_j or (i < end_i and words[i] < words[j]):
                w = np.uint64(words[i])
                for at in range(np.uint64(ends[w]), np.uint64(ends[w + _1])):
                    one[n] = letters[at]
                    n += _1
                i += _1
            elif i == end_i or words[j] < words[i]:
                w = np.uint64(words[j])
                for at in range(np.uint64(ends[w]), np.uint64(ends[w + _1])):
                    other[m] = letters[at]
                    m += _1
                j += _1
            else:
                w = np.uint64(words[i])
                common += np.uint64(ends[w + _1] - ends[w])
                i += _1
                j += _1
        if common > 0 and (n == 0 or m == 0):
            out[p] = 100
            continue
        n -= np.uint64(n > 0)  # the blank behind the last word
        m -= np.uint64(m > 0)
        pattern, text = (one, other) if n <= m else (other, one)
        short, long = min(n, m), max(n, m)
        alike = begin = _0
        carries[:long] = 0
        while begin < short:
            stop = min(begin + _64, short)
            bit = _1
            for at in range(begin, stop):
                places[pattern[at]] |= bit
                bit <<= _1
            free = _ALL
            for at in range(long):
                used = free & places[text[at]]
                total = free + used
                over = np.uint64(total < free)
                total += carries[at]
                carries[at] = over | np.uint64(total < carries[at])
                free = total | (free - used)
            for at in range(begin, stop):
                places[pattern[at]] = 0
            alike += _count(~free)
            begin = stop
        best = _share(n + m - _2 * alike, n + m + _2 * common)
        if common > 0:
            best = max(best, _share(n + _1, n + _2 * common - _1), _share(m + _1, m + _2 * common - _1))
        out[p] = best
