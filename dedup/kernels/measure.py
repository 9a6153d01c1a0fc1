"""Pairs of texts to exact counts: how much two articles have in common.

Each article becomes eight sets of 64-bit hashes; for a pair the sizes of the intersections are counted, not estimated.
In the same walk the shorter text tells how many of its words stand in the longer in runs. From these counts come
resemblance, containment and the rest (``evidence``).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import (
    NAME,
    NAME_SLOTS,
    NAMES,
    NUMBER,
    NUMBER_SLOTS,
    NUMBERS,
    PLAIN,
    SET_SALTS,
    SETS,
    SHINGLES,
    SINGLE,
    SLOT_WORDS,
    VOCABULARY,
)
from dedup.kernels.fold import CAPITAL_BIT, CHARACTER, GAP
from dedup.kernels.sketch import rotate
from dedup.kernels.text import decode, mix64, tokenize
from dedup.settings import LONG_WORD_BYTES, RUN_WORDS

_0, _1, _2, _3, _7, _21, _42 = (np.uint64(x) for x in (0, 1, 2, 3, 7, 21, 42))
_SLOT_WORDS = np.uint64(SLOT_WORDS)
_SALTS = np.array(SET_SALTS, np.uint64)
_RUN_SHINGLES = RUN_WORDS - 2
_CAPITAL_BIT = np.uint32(CAPITAL_BIT)
_N_SETS = len(SETS)
_LONG = LONG_WORD_BYTES
_SINGLE, _NAME = np.uint8(SINGLE), np.uint8(NAME)
_FRESHENS = np.array([chr(b) in '.\n"?!:' for b in range(256)], np.uint8)
_CAPITALS = np.array([0x41 <= b <= 0x5A for b in range(256)], np.uint8)
_LOOKS = np.array([NUMBER if b <= 0x39 else PLAIN for b in range(256)], np.uint8)
"""What an ASCII byte says of the word it begins, or of the word after it."""


@compiled
def beyond_ascii(buf: Any, i: int, end: int, fold: Any) -> Any:
    """Return class and entry of the character at byte ``i``, and whether it is a quotation mark or full stop."""
    stage, blocks, _, _, _ = fold
    point, _ = decode(buf, i, end)
    if point < 0:
        return GAP, np.uint32(0), False
    entry = blocks[(np.int64(stage[point >> 8]) << 8) | (point & 255)]
    return np.int64((entry >> np.uint32(24)) & np.uint32(7)), entry, point in (0x201C, 0x201D, 0x201E, 0x3002)


@compiled
def mark_words(buf: Any, start: int, end: int, fold: Any, starts: Any, ends: Any, n: int, looks: Any) -> None:
    """Fill ``looks`` : uint8[n] with SINGLE, PLAIN, NAME or NUMBER.

    A number begins with a digit. A name is a word of two bytes or more with a capital that its place does not
    explain: it does not come first in its text, sentence, line or quotation. Where more than half of all words have
    a capital (a text in upper case), capitals say nothing and no word is a name.
    """
    capitals = 0
    at = np.uint64(start)
    fresh = np.uint8(1)
    for k in range(np.uint64(n)):
        first = np.uint64(starts[k])
        while at < first:
            b = buf[at]
            fresh |= _FRESHENS[b]
            if b >= 0xC0 and beyond_ascii(buf, np.int64(at), end, fold)[2]:
                fresh = np.uint8(1)
            at += _1
        b = buf[first]
        at = np.uint64(ends[k])
        look = _LOOKS[b]
        capital = _CAPITALS[b]
        if b >= 0x80:
            kind, entry, _ = beyond_ascii(buf, np.int64(first), end, fold)
            capital = np.uint8(entry & _CAPITAL_BIT != 0)
            if kind == CHARACTER:
                look = _SINGLE
                capital = np.uint8(0)
        capitals += capital
        looks[k] = _NAME if capital & ~fresh & np.uint8(at - first > _1) else look
        fresh = np.uint8(0)
    if 2 * capitals > n:
        for k in range(n):
            if looks[k] == NAME:
                looks[k] = PLAIN


@compiled(inline="always")
def seek(keys: Any, mask: Any, x: Any) -> Any:
    """Return the slot of ``x`` in an open-addressing table, or the empty slot where it belongs."""
    slot = (x >> _7) & mask
    while keys[slot] != _0 and keys[slot] != x:
        slot = (slot + _1) & mask
    return slot


@compiled(inline="always")
def _table_mask(elements: Any) -> Any:
    """Return the mask of the smallest table that so many elements fill to a quarter at most."""
    used = np.uint64(16)
    while used < (elements << _2):
        used += used
    return used - _1


@compiled
def elements(hashes: Any, starts: Any, ends: Any, looks: Any, n: int, out: Any, kinds: Any) -> Any:
    """Write the elements of an article's sets, repeated as they stand, and return how many (at most 5 a word).

    ``out`` : uint64, hashes made odd and salted by set; ``kinds`` : uint8, the set. The shingles come first, in the
    order of the text.
    """
    m = _0
    count = np.uint64(n)
    if 0 < n < 3:
        second = hashes[1] if n == 2 else _0
        out[0] = mix64(hashes[0] + rotate(second, _21)) | _1
        kinds[0] = SHINGLES
        m = _1
    elif n:
        m = count - _2
    for k in range(m if n > 2 else _0):
        out[k] = mix64(hashes[k] + rotate(hashes[k + _1], _21) + rotate(hashes[k + _2], _42)) | _1
        kinds[k] = SHINGLES
    for k in range(count):
        look = looks[k]
        out[m] = (hashes[k] + _SALTS[VOCABULARY]) | _1
        kinds[m] = VOCABULARY
        m += np.uint64(ends[k] - starts[k] >= _LONG and look != SINGLE)
        if look == NAME or look == NUMBER:
            kind = NAMES if look == NAME else NUMBERS
            out[m] = (hashes[k] + _SALTS[kind]) | _1
            kinds[m] = kind
            m += _1
            if k >= _SLOT_WORDS:
                slot = NAME_SLOTS if look == NAME else NUMBER_SLOTS
                before = hashes[k - _3] + rotate(hashes[k - _2], _21) + rotate(hashes[k - _1], _42)
                out[m] = mix64(before + _SALTS[slot]) | _1
                kinds[m] = slot
                out[m + _1] = mix64(before + mix64(hashes[k] + _SALTS[slot + 1])) | _1
                kinds[m + _1] = slot + 1
                m += _2
    return np.int64(m)


@compiled
def measure_batch(buf: Any, offsets: Any, fold: Any, longer: Any, shorter: Any, sizes: Any, common: Any) -> None:
    """Count set sizes of the two articles of each pair and what they have in common.

    ``buf, offsets`` : the texts as in ``sketch_batch``. ``longer, shorter`` : int32[n_pairs], sorted by ``longer``.
    Filled: ``sizes`` : int32[n_pairs, 2, 9], distinct elements of each set of the longer and the shorter text, then
    their words; ``common`` : int32[n_pairs, 10], in the order of ``COUNTS``.
    """
    size_bytes = 0
    for i in range(len(offsets) - 1):
        size_bytes = max(size_bytes, offsets[i + 1] - offsets[i])
    most = size_bytes // 2 + 3
    hashes = np.empty(most, np.uint64)
    starts = np.empty(most, np.int64)
    ends = np.empty(most, np.int64)
    looks = np.empty(most, np.uint8)
    things = np.empty(5 * most, np.uint64)
    kinds = np.empty(5 * most, np.uint8)
    slots = 16
    while slots < 20 * most:
        slots *= 2
    ours = np.empty(slots, np.uint64)
    theirs = np.empty(slots, np.uint64)
    our_mask = _0
    our_sizes = np.zeros(_N_SETS + 1, np.int32)
    their_sizes = np.zeros(_N_SETS + 1, np.int32)
    both = np.zeros(_N_SETS + 2, np.int32)
    for p in range(len(longer)):
        if p == 0 or longer[p - 1] != longer[p]:
            start, end = offsets[longer[p]], offsets[longer[p] + 1]
            n = tokenize(buf, start, end, fold, hashes, starts, ends)
            mark_words(buf, start, end, fold, starts, ends, n, looks)
            m = np.uint64(elements(hashes, starts, ends, looks, n, things, kinds))
            our_mask = _table_mask(m)
            ours[: np.int64(our_mask) + 1] = _0
            our_sizes[:] = 0
            our_sizes[_N_SETS] = n
            for e in range(m):
                slot = seek(ours, our_mask, things[e])
                our_sizes[kinds[e]] += ours[slot] == _0
                ours[slot] = things[e]
        start, end = offsets[shorter[p]], offsets[shorter[p] + 1]
        n = tokenize(buf, start, end, fold, hashes, starts, ends)
        mark_words(buf, start, end, fold, starts, ends, n, looks)
        m = np.uint64(elements(hashes, starts, ends, looks, n, things, kinds))
        mask = _table_mask(m)
        theirs[: np.int64(mask) + 1] = _0
        their_sizes[:] = 0
        their_sizes[_N_SETS] = n
        both[:] = 0
        streak = 0
        covered = 0
        in_order = np.uint64(max(1, n - 2))
        for e in range(m):
            x = things[e]
            slot = seek(theirs, mask, x)
            new = theirs[slot] == _0
            theirs[slot] = x
            their_sizes[kinds[e]] += new
            if e >= in_order and not new:
                continue
            hit = ours[seek(ours, our_mask, x)] != _0
            both[kinds[e]] += new and hit
            if e < in_order:
                streak = streak + 1 if hit else 0
                if streak >= _RUN_SHINGLES:
                    at = np.int64(e) + 3
                    first = at - RUN_WORDS if streak == _RUN_SHINGLES else at - 1
                    both[_N_SETS] += at - (first if first > covered else covered)
                    covered = at
                    both[_N_SETS + 1] = max(both[_N_SETS + 1], streak + 2)
        sizes[p, 0] = our_sizes
        sizes[p, 1] = their_sizes
        common[p] = both
