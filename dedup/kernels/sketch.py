"""Tokens to sketches: a MinHash signature and a mod-m sketch of the word shingles of each article.

The signature is Fast Similarity Sketching (Dahlgaard, Knudsen, Thorup 2017, section 2): every shingle is thrown into
one of the slots, round after round with another hash, until each slot has a smallest value. The mod-m sketch keeps
every shingle whose hash falls into the lowest 1/m of the range (Broder 1997, section 4), and at least a floor of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import SHINGLE_TURNS
from dedup.kernels.fold import GOLDEN
from dedup.kernels.text import hash_tokens, mix64
from dedup.kernels.vectors import COMPARED, below, bit_count, spread
from dedup.settings import SHINGLE_WORDS, SIGNATURE_SLOTS

_GOLDEN = np.uint64(GOLDEN)
_SLOTS = np.uint64(SIGNATURE_SLOTS)
_SLOT_MASK = np.uint64(SIGNATURE_SLOTS - 1)
_0, _1, _8, _16, _32, _56, _64 = (np.uint64(x) for x in (0, 1, 8, 16, 32, 56, 64))
_21, _42 = (np.uint64(x) for x in SHINGLE_TURNS)
_LOW_16, _LOW_32, _FULL = np.uint64(0xFFFF), np.uint64(0xFFFFFFFF), np.uint64(0xFFFFFFFFFFFFFFFF)
_WORDS, _COMPARED = SHINGLE_WORDS, np.uint64(COMPARED)


@compiled(inline="always")
def rotate(x: Any, left: Any) -> Any:
    """Rotate 64 bits to the left."""
    return (x << left) | (x >> (_64 - left))


@compiled
def body(hashes: Any, n: int) -> Any:
    """Return a 128-bit hash of a sequence of tokens: two sums of products, each token's with a factor of its place.

    Multilinear hashing (Carter, Wegman 1979, section 3): a sum, unlike a chain, is taken over many tokens at once.
    """
    first = np.uint64(n)
    second = np.uint64(n)
    for k in range(np.uint64(n)):
        x = hashes[k]
        place = k * _GOLDEN
        first += x * (place | _1)
        second += (x ^ (x >> _32)) * ((place >> _16) | _1)
    return mix64(first), mix64(second)


@compiled
def shingle(hashes: Any, n_tokens: int, out: Any) -> int:
    """Write the hashes of all word 3-shingles and return how many; a text of one or two words is one shingle."""
    if n_tokens == 0:
        return 0
    if n_tokens < _WORDS:
        second = hashes[1] if n_tokens == 2 else _0
        out[0] = mix64(hashes[0] + rotate(second, _21))
        return 1
    for i in range(n_tokens - 2):
        out[i] = mix64(hashes[i] + rotate(hashes[i + 1], _21) + rotate(hashes[i + 2], _42))
    return n_tokens - 2


@compiled
def sign(shingles: Any, n: int, best: Any, out: Any) -> None:
    """Fill ``out`` : uint16[SIGNATURE_SLOTS] from ``n`` shingle hashes; ``best`` : uint64[SIGNATURE_SLOTS] is scratch."""
    for s in range(_SLOTS):
        best[s] = _FULL
    for i in range(np.uint64(n)):
        x = shingles[i]
        slot = x & _SLOT_MASK
        best[slot] = min(best[slot], x >> _8)
    empty = 0
    for s in range(_SLOTS):
        empty += best[s] == _FULL
    turn = _0
    while empty > 0:
        turn += _1
        for i in range(n):
            x = mix64(shingles[i] + turn * _GOLDEN)
            slot = x & _SLOT_MASK if turn < _SLOTS else turn - _SLOTS
            best[slot] = min(best[slot], (turn << _56) | (x >> _8))
        empty = 0
        for s in range(_SLOTS):
            empty += best[s] == _FULL
    for s in range(_SLOTS):
        out[s] = np.uint16(best[s] & _LOW_16)


@compiled
def keep_small(shingles: Any, n: int, limit: Any, floor: int, places: Any, out: Any) -> Any:
    """Write the kept hashes and return how many; ``places`` : uint32[n + COMPARED] is scratch.

    Kept are the shingles below ``limit``, in the order of the text and as often as they stand there; where those are
    fewer than ``floor``, the ``floor`` smallest distinct ones in rising order. Stored are bits 16 to 47 of each hash
    (uint32), which are free of the choice made on the highest bits.
    """
    m = _0
    i = _0
    while i + _COMPARED <= np.uint64(n):
        small = below(shingles, i, limit)
        spread(small, np.uint32(i), places, m)
        m += bit_count(small)
        i += _COMPARED
    while i < np.uint64(n):
        places[m] = i
        m += np.uint64(shingles[i] < limit)
        i += _1
    if m >= np.uint64(floor):
        for k in range(m):
            out[k] = np.uint32((shingles[places[k]] >> _16) & _LOW_32)
        return np.int64(m)
    kept = np.sort(shingles[:n])
    k = 0
    for i in range(n):
        if i > 0 and kept[i] == kept[i - 1]:
            continue
        if kept[i] >= limit and k >= floor:
            break
        out[k] = np.uint32((kept[i] >> _16) & _LOW_32)
        k += 1
    return k


@compiled
def sketch_batch(
    buf: Any,
    offsets: Any,
    fold: Any,
    limit: Any,
    floor: int,
    signatures: Any,
    kept: Any,
    kept_counts: Any,
    n_tokens: Any,
    bodies: Any,
) -> int:
    """Sketch the articles ``buf[offsets[i]:offsets[i + 1]]`` and return how many hashes were kept in all.

    ``fold`` : the fold table's three arrays. Filled: ``signatures`` : uint16[n, SIGNATURE_SLOTS], ``kept`` :
    uint32[...], one article after the other, ``kept_counts`` : int32[n], ``n_tokens`` : int32[n], ``bodies`` :
    uint64[n, 2], a 128-bit hash of the token sequence.
    """
    longest = 0
    for i in range(len(offsets) - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    hashes = np.empty(longest // 2 + 2, np.uint64)
    none = np.empty(0, np.int64)
    shingles = np.empty(longest // 2 + 2, np.uint64)
    places = np.empty(len(shingles) + COMPARED, np.uint32)
    best = np.empty(_SLOTS, np.uint64)
    at = 0
    for i in range(len(offsets) - 1):
        n = hash_tokens(buf, offsets[i], offsets[i + 1], fold, hashes, none, none)
        n_tokens[i] = n
        bodies[i, 0], bodies[i, 1] = body(hashes, n)
        m = shingle(hashes, n, shingles)
        if m == 0:
            signatures[i, :] = 0
            kept_counts[i] = 0
            continue
        sign(shingles, m, best, signatures[i])
        k = keep_small(shingles, m, limit, floor, places, kept[at:])
        kept_counts[i] = k
        at += k
    return at
