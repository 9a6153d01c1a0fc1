"""Texts to lines: where each short line stands and what it says, for the search for page furniture."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.fold import GOLDEN, MASK_64, STEP
from dedup.kernels.text import FIRST_BYTES, NEXT_BYTES, fold_hash, mix64
from dedup.kernels.vectors import MASK_BYTES, eight_bytes, lowest_bit, within
from dedup.settings import CREDIT_BYTES, CREDIT_ENDS, CUE_BYTES, HEAD_BYTES, LINE_BYTES

_GOLDEN, _NEXT_FACTOR = np.uint64(GOLDEN), np.uint64(GOLDEN * STEP & MASK_64)
_LOWER, _LAST_BIT = np.uint64(0x2020202020202020), np.uint64(1 << CUE_BYTES)
_0, _1, _2, _8, _16, _32, _MASK_BYTES = (np.uint64(x) for x in (0, 1, 2, 8, 16, 32, MASK_BYTES))
_LINE_BYTES, _CREDIT_BYTES, _HEAD_BYTES = (np.uint64(x) for x in (LINE_BYTES, CREDIT_BYTES, HEAD_BYTES))
_CREDIT_ENDS = tuple(ord(pair[0]) << 8 | ord(pair[1]) for pair in CREDIT_ENDS)


@compiled(inline="always")
def _may_credit(buf: Any, first: Any, colon: Any) -> bool:
    """Say whether the last two letters before a colon, blanks between, are those of a word that names a credit."""
    j = colon
    while j > first and buf[j - _1] <= 0x20:
        j -= _1
    if j < first + _2:
        return j > first and buf[j - _1] >= 0x80
    if buf[j - _1] >= 0x80 or buf[j - _2] >= 0x80:
        return True
    pair = (np.int64(buf[j - _2]) << 8 | np.int64(buf[j - _1])) | 0x2020
    found = False
    for credit in _CREDIT_ENDS:
        found |= pair == credit
    return found


@compiled(inline="always")
def _word_end(buf: Any, first: Any, last: Any) -> Any:
    """Return where the letters end that begin at ``first``, ``CUE_BYTES`` behind it at the latest."""
    letters = within(buf, first, 0x41, 0x5A) | within(buf, first, 0x61, 0x7A) | within(buf, first, 0x80, 0xFF)
    return min(last, first + lowest_bit(~letters | _LAST_BIT))


@compiled(inline="always")
def _is_word(b: Any) -> bool:
    """Say whether a byte is an ASCII letter, digit or underscore, or part of another character."""
    return b >= 0x80 or b == 0x5F or 0x30 <= b <= 0x39 or 0x41 <= b <= 0x5A or 0x61 <= b <= 0x7A


@compiled
def _fewest_words(buf: Any, first: Any, last: Any) -> int:
    """Count the words of a line that begin in ASCII, at its start or behind a mark or blank: it has no fewer."""
    words = 0
    inside = False
    for j in range(first, last):
        b = buf[j]
        now = _is_word(b)
        words += now and not inside and b < 0x80
        inside = now
    return words


@compiled
def line_batch(
    buf: Any, offsets: Any, known: Any, most: Any, names: Any,
    owners: Any, starts: Any, ends: Any, hashes: Any, flags: Any,
) -> Any:  # fmt: skip
    """Write the lines of at most ``LINE_BYTES`` bytes and return how many there are; those without room are not written.

    ``buf, offsets`` : the texts as in ``sketch_batch``. ``known`` : uint64[power of two], an open-addressing
    table of cues, odd hashes of a line's first word or of its first two (of 16 bytes each), that known furniture begins with; an even one
    is that of a first word, less 1, that is no cue without the second. ``most`` : uint8, as long, how many words a line
    with that cue may have. ``names`` : uint64[n_names, n_texts], what each text's names hash to as lines, 0 for none.
    Filled, one entry a line, blanks around it left out and empty lines passed over: ``owners`` : int32, the text;
    ``starts, ends`` : int32, bytes from the text's beginning; ``hashes`` : uint64, of its bytes; ``flags`` : uint8, 1
    where a cue is known and ``_fewest_words`` not above its ``most``, plus 2 for a line that is short and near enough to
    the head to be a picture's credit and has a colon as ``_may_credit`` wants it, plus 4 for a name in the head.
    """
    k = _0
    room = np.uint64(len(owners))
    mask = np.uint64(len(known) - 1)
    for t in range(len(offsets) - 1):
        start = np.uint64(offsets[t])
        end = np.uint64(offsets[t + 1])
        i = start
        while i < end:
            stop = i
            breaks = _0
            while stop < end and breaks == _0:
                breaks = within(buf, stop, 0x0A, 0x0A)
                stop += lowest_bit(breaks) if breaks else _MASK_BYTES
            stop = min(stop, end)
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
            k += _1
            if k > room:
                continue
            total = size
            other = _0
            j = first
            while j < last:  # two chains of products, for neither waits for the other
                rest = min(last - j, _16)
                total = (total ^ (eight_bytes(buf, j) & FIRST_BYTES[rest])) * _GOLDEN
                other = (other ^ (eight_bytes(buf, j + _8) & NEXT_BYTES[rest])) * _GOLDEN
                total ^= total >> _32
                other ^= other >> _32
                j += _16
            total ^= (other << _32) | (other >> _32)
            flag = 0
            cue = _0
            j = first
            for _ in range(2):
                begin = j
                j = _word_end(buf, begin, last)
                if j == begin:
                    break
                size = min(j - begin, _16)
                low = (eight_bytes(buf, begin) | _LOWER) & FIRST_BYTES[size]
                high = (eight_bytes(buf, begin + _8) | _LOWER) & NEXT_BYTES[size]
                cue = fold_hash((cue ^ low) * _GOLDEN + high * _NEXT_FACTOR)
                x = cue | _1
                slot = x & mask
                while known[slot] != _0 and known[slot] | _1 != x:
                    slot = (slot + _1) & mask
                if known[slot] == x:
                    flag = int(_fewest_words(buf, first, last) <= most[slot])
                    break
                if known[slot] == _0:
                    break
                while j < last and not (buf[j] >= 0x80 or 0x41 <= buf[j] <= 0x5A or 0x61 <= buf[j] <= 0x7A):
                    j += _1
            line = mix64(total)
            if first - start < _HEAD_BYTES:
                for name in range(len(names)):
                    if names[name, t] == line:
                        flag |= 4
                if last - first <= _CREDIT_BYTES:
                    for j in range(first + _1, last):
                        if buf[j] == 0x3A and _may_credit(buf, first, j):
                            flag |= 2
                            break
            place = k - _1
            flags[place] = flag
            owners[place] = t
            starts[place] = first - start
            ends[place] = last - start
            hashes[place] = line
    return np.int64(k)


@compiled
def tally_lines(hashes: Any, bounds: Any, salts: Any, least: int, seen: Any) -> int:
    """Count lines by the slot they fall into and return how many fell into one with ``least`` or more.

    ``hashes`` : uint64[n_lines], text t's being ``hashes[bounds[t]:bounds[t + 1]]``; lines are told apart by hash and
    by their text's salt (``salts`` : uint64[n_texts]). ``seen`` : uint8[power of two] (filled), zero at the beginning;
    counted up to ``least``, at most 255. Different lines may share a slot.
    """
    mask = np.uint64(len(seen) - 1)
    n = 0
    for t in range(len(bounds) - 1):
        for k in range(bounds[t], bounds[t + 1]):
            slot = (hashes[k] ^ salts[t]) & mask
            if seen[slot] >= least:
                n += 1
            else:
                seen[slot] += 1
                n += least * (seen[slot] == least)
    return n


@compiled
def crowded_lines(hashes: Any, bounds: Any, salts: Any, least: int, seen: Any, out: Any) -> None:
    """Write the places, rising, of the lines ``tally_lines`` counted, given as to it; ``out`` : int64[how many]."""
    mask = np.uint64(len(seen) - 1)
    n = 0
    for t in range(len(bounds) - 1):
        for k in range(bounds[t], bounds[t + 1]):
            if seen[(hashes[k] ^ salts[t]) & mask] >= least:
                out[n] = k
                n += 1
