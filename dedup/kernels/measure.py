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

_0, _1, _7, _21, _42 = (np.uint64(x) for x in (0, 1, 7, 21, 42))
_SALTS = np.array(SET_SALTS, np.uint64)
_RUN_SHINGLES = RUN_WORDS - 2
_CAPITAL_BIT = np.uint32(CAPITAL_BIT)
_N_SETS = len(SETS)
_LONG = LONG_WORD_BYTES


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
    at = start
    for k in range(n):
        fresh = k == 0
        for i in range(at, starts[k]):
            b = buf[i]
            if b == 0x20:
                continue
            if b == 0x2E or b == 0x0A or b == 0x22 or b == 0x3F or b == 0x21 or b == 0x3A:
                fresh = True
            elif b >= 0xC0:
                fresh = fresh or beyond_ascii(buf, i, end, fold)[2]
        b = buf[starts[k]]
        at = ends[k]
        look = PLAIN
        capital = 0x41 <= b <= 0x5A
        if b >= 0x80:
            kind, entry, _ = beyond_ascii(buf, starts[k], end, fold)
            capital = entry & _CAPITAL_BIT != 0
            if kind == CHARACTER:
                look = SINGLE
                capital = False
        elif b <= 0x39:
            look = NUMBER
        if capital:
            capitals += 1
            if not fresh and ends[k] - starts[k] > 1:
                look = NAME
        looks[k] = look
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


@compiled
def elements(hashes: Any, starts: Any, ends: Any, looks: Any, n: int, out: Any, kinds: Any) -> int:
    """Write the elements of an article's sets, repeated as they stand, and return how many (at most 5 a word).

    ``out`` : uint64, hashes made odd and salted by set; ``kinds`` : uint8, the set. The shingles come first, in the
    order of the text.
    """
    m = 0
    if 0 < n < 3:
        second = hashes[1] if n == 2 else _0
        out[0] = mix64(hashes[0] + rotate(second, _21)) | _1
        kinds[0] = SHINGLES
        m = 1
    for k in range(n - 2):
        out[k] = mix64(hashes[k] + rotate(hashes[k + 1], _21) + rotate(hashes[k + 2], _42)) | _1
        kinds[k] = SHINGLES
    m = max(m, n - 2)
    for k in range(n):
        look = looks[k]
        if ends[k] - starts[k] >= _LONG and look != SINGLE:
            out[m] = (hashes[k] + _SALTS[VOCABULARY]) | _1
            kinds[m] = VOCABULARY
            m += 1
        if look == NAME or look == NUMBER:
            kind = NAMES if look == NAME else NUMBERS
            out[m] = (hashes[k] + _SALTS[kind]) | _1
            kinds[m] = kind
            m += 1
            if k >= SLOT_WORDS:
                slot = NAME_SLOTS if look == NAME else NUMBER_SLOTS
                before = hashes[k - 3] + rotate(hashes[k - 2], _21) + rotate(hashes[k - 1], _42)
                out[m] = mix64(before + _SALTS[slot]) | _1
                kinds[m] = slot
                out[m + 1] = mix64(before + mix64(hashes[k] + _SALTS[slot + 1])) | _1
                kinds[m + 1] = slot + 1
                m += 2
    return m


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
    while slots < 10 * most:
        slots *= 2
    ours = np.empty(slots, np.uint64)
    theirs = np.empty(slots, np.uint64)
    our_mask = _0
    sizes[:] = 0
    common[:] = 0
    for p in range(len(longer)):
        for side in range(2):
            article = longer[p] if side == 0 else shorter[p]
            if side == 0 and p > 0 and longer[p - 1] == article:
                sizes[p, 0] = sizes[p - 1, 0]
                continue
            start = offsets[article]
            end = offsets[article + 1]
            n = tokenize(buf, start, end, fold, hashes, starts, ends)
            mark_words(buf, start, end, fold, starts, ends, n, looks)
            m = elements(hashes, starts, ends, looks, n, things, kinds)
            sizes[p, side, _N_SETS] = n
            used = 16
            while used < 2 * m:
                used *= 2
            mask = np.uint64(used - 1)
            if side == 0:
                our_mask = mask
                ours[:used] = _0
                for e in range(m):
                    slot = seek(ours, mask, things[e])
                    sizes[p, 0, kinds[e]] += ours[slot] == _0
                    ours[slot] = things[e]
                continue
            theirs[:used] = _0
            streak = 0
            covered = 0
            for e in range(m):
                x = things[e]
                slot = seek(theirs, mask, x)
                new = theirs[slot] == _0
                theirs[slot] = x
                sizes[p, 1, kinds[e]] += new
                if e >= max(1, n - 2):
                    if new:
                        common[p, kinds[e]] += ours[seek(ours, our_mask, x)] != _0
                    continue
                hit = ours[seek(ours, our_mask, x)] != _0
                common[p, SHINGLES] += new and hit
                streak = streak + 1 if hit else 0
                if streak >= _RUN_SHINGLES:
                    first = e + 3 - RUN_WORDS if streak == _RUN_SHINGLES else e + 2
                    common[p, _N_SETS] += e + 3 - max(first, covered)
                    covered = e + 3
                    common[p, _N_SETS + 1] = max(common[p, _N_SETS + 1], streak + 2)
