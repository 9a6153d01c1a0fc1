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
_REPEATED = np.uint8(len(SETS))
_LONG = LONG_WORD_BYTES
_SINGLE, _NAME = np.uint8(SINGLE), np.uint8(NAME)
_FRESHENS = np.array([chr(b) in '.\n"?!:' for b in range(256)], np.uint8)
_CAPITALS = np.array([0x41 <= b <= 0x5A for b in range(256)], np.uint8)
_LOOKS = np.array([NUMBER if b <= 0x39 else PLAIN for b in range(256)], np.uint8)
"""What an ASCII byte says of the word it begins, or of the word after it."""


@compiled
def beyond_ascii(buf: Any, i: int, end: int, fold: Any) -> Any:
    """Return class and entry of the character at byte ``i``, and whether it is a quotation mark or full stop."""
    stage, blocks, _ = fold
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
def keep_elements(things: Any, kinds: Any, m: int, n_shingles: int, keys: Any, mask: Any, sizes: Any) -> Any:
    """Leave all shingles in order and the other elements once each; return how many these are together.

    ``things, kinds`` : the ``m`` elements as ``elements`` fills them; a shingle met before becomes ``_REPEATED``.
    Filled: ``keys`` : uint64, a table of the elements with this ``mask``; ``sizes`` : int32[9], zeros, how many
    distinct ones each set has.
    """
    keys[: np.int64(mask) + 1] = _0
    distinct = 0
    for e in range(np.uint64(n_shingles)):
        slot = seek(keys, mask, things[e])
        new = keys[slot] == _0
        keys[slot] = things[e]
        kinds[e] = SHINGLES if new else _REPEATED
        distinct += new
    sizes[SHINGLES] = distinct
    k = np.uint64(n_shingles)
    for e in range(np.uint64(n_shingles), np.uint64(m)):
        slot = seek(keys, mask, things[e])
        new = keys[slot] == _0
        keys[slot] = things[e]
        things[k] = things[e]
        kinds[k] = kinds[e]
        sizes[kinds[e]] += new
        k += np.uint64(new)
    return np.int64(k)


@compiled
def measure_batch(
    buf: Any, offsets: Any, fold: Any, longer: Any, shorter: Any, things: Any, kinds: Any, sizes: Any, common: Any
) -> None:
    """Count set sizes of the two articles of each pair and what they have in common; a text is read once.

    ``buf, offsets`` : the texts as in ``sketch_batch``. ``longer, shorter`` : int32[n_pairs], sorted by ``longer``.
    ``things`` : uint64, ``kinds`` : uint8 are scratch, each with the ``room_for_elements`` of these texts. Filled:
    ``sizes`` : int32[n_pairs, 2, 9], distinct elements of each set of the longer and the shorter text, then their
    words; ``common`` : int32[n_pairs, 10], in the order of ``COUNTS``.
    """
    n_texts = len(offsets) - 1
    most = 0
    for i in range(n_texts):
        most = max(most, offsets[i + 1] - offsets[i])
    most = most // 2 + 3
    hashes = np.empty(most, np.uint64)
    starts = np.empty(most, np.int64)
    ends = np.empty(most, np.int64)
    looks = np.empty(most, np.uint8)
    slots = np.int64(_table_mask(np.uint64(5 * most))) + 1
    ours = np.empty(slots, np.uint64)
    theirs = np.empty(slots, np.uint64)
    our_mask = _0
    # In ``things`` the elements of one text stand behind those of another, in the order they are asked for.
    begins = np.full((n_texts, 3), -1, np.int64)  # of a text's shingles, of its other elements, of the next text's
    own_sizes = np.zeros((n_texts, _N_SETS + 1), np.int32)
    free = 0
    both = np.zeros(_N_SETS + 2, np.int32)
    for p in range(len(longer)):
        is_other = p == 0 or longer[p - 1] != longer[p]
        for i in (longer[p], shorter[p]):
            if begins[i, 0] >= 0:
                continue
            start, end = offsets[i], offsets[i + 1]
            n = tokenize(buf, start, end, fold, hashes, starts, ends)
            mark_words(buf, start, end, fold, starts, ends, n, looks)
            m = elements(hashes, starts, ends, looks, n, things[free:], kinds[free:])
            n_shingles = min(m, max(1, n - 2))
            own_sizes[i, _N_SETS] = n
            begins[i, 0] = free
            begins[i, 1] = free + n_shingles
            if i == longer[p]:
                our_mask = _table_mask(np.uint64(m))
                free += keep_elements(things[free:], kinds[free:], m, n_shingles, ours, our_mask, own_sizes[i])
                is_other = False
            else:
                mask = _table_mask(np.uint64(m))
                free += keep_elements(things[free:], kinds[free:], m, n_shingles, theirs, mask, own_sizes[i])
            begins[i, 2] = free
        if is_other:
            first, others, last = begins[longer[p]]
            our_mask = _table_mask(np.uint64(last - first))
            ours[: np.int64(our_mask) + 1] = _0
            for e in range(np.uint64(first), np.uint64(last)):
                ours[seek(ours, our_mask, things[e])] = things[e]
        first, others, last = begins[shorter[p]]
        both[:] = 0
        shared = 0
        streak = 0
        covered = 0
        for e in range(np.uint64(first), np.uint64(others)):
            hit = ours[seek(ours, our_mask, things[e])] != _0
            shared += hit & (kinds[e] == SHINGLES)
            streak = streak + 1 if hit else 0
            if streak >= _RUN_SHINGLES:
                at = np.int64(e) - first + 3
                begun = at - RUN_WORDS if streak == _RUN_SHINGLES else at - 1
                both[_N_SETS] += at - (begun if begun > covered else covered)
                covered = at
                both[_N_SETS + 1] = max(both[_N_SETS + 1], streak + 2)
        both[SHINGLES] = shared
        for e in range(np.uint64(others), np.uint64(last)):
            both[kinds[e]] += ours[seek(ours, our_mask, things[e])] != _0
        # One by one: for a whole row numba compiles, for seconds, what it would say if it did not fit.
        for k in range(_N_SETS + 1):
            sizes[p, 0, k], sizes[p, 1, k] = own_sizes[longer[p], k], own_sizes[shorter[p], k]
        for k in range(len(both)):
            common[p, k] = both[k]
