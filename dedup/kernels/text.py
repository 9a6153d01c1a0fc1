"""UTF-8 bytes to folded word tokens, in one compiled pass.

In: any bytes. Out: per token a 64-bit hash of its folded characters and, where asked for, where it begins and ends.
Malformed bytes (stray continuations, overlong forms, surrogates, cut sequences) are gaps, one each. Scripts written
without spaces give one token a character. ``plain.tokenize`` says the same without haste.

Where tokens begin and end is read off masks of 64 bytes. One of up to 16 bytes of ASCII is hashed with two
multiplications, and nothing branches on where a token ends: ends come every few bytes, and no processor guesses them.
Whatever else stands between two edges is read character by character. See ``fold.word_hash`` for the hash of a token.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.fold import CHARACTER, DROPPED, EXPANSION, GAP, GOLDEN, MASK_64, MIX_1, MIX_2, STEP
from dedup.kernels.vectors import MASK_BYTES, bit_count, eight_bytes, spread, within

_MIX_1, _MIX_2, _GOLDEN, _STEP = (np.uint64(x) for x in (MIX_1, MIX_2, GOLDEN, STEP))
_NEXT_FACTOR = np.uint64(GOLDEN * STEP & MASK_64)
_0, _1, _2, _4, _6, _8, _10, _12 = (np.uint64(x) for x in (0, 1, 2, 4, 6, 8, 10, 12))
_15, _16, _18, _24, _27 = (np.uint64(x) for x in (15, 16, 18, 24, 27))
_30, _31, _32, _63, _64, _LOW_8 = (np.uint64(x) for x in (30, 31, 32, 63, 64, 255))
_3F00, _3F0000, _3F000000 = (np.uint64(0x3F << shift) for shift in (8, 16, 24))
_TWO, _THREE, _FOUR = np.uint64(0x80C0), np.uint64(0x8080E0), np.uint64(0x808080F0)
"""The bits that mark the bytes of a character of so many bytes."""
_LOWER, _HIGH_BITS = (np.uint64(0x0101010101010101 * x) for x in (0x20, 0x80))
FIRST_BYTES = np.array([(1 << 8 * min(size, 8)) - 1 for size in range(17)], np.uint64)
NEXT_BYTES = np.array([(1 << 8 * max(size - 8, 0)) - 1 for size in range(17)], np.uint64)
"""Masks for the first eight and the next eight of so many bytes, 16 at most."""
_VALUE_MASK = np.uint32(0x1FFFFF)
_GAP_ENTRY = np.uint32(0)
_WINDOW = np.uint64(512)
"""Edges of so many bytes are found before the tokens between them are hashed, all as if they were short and ASCII: both
loops stay simple. A window in which one was not is read again."""


@compiled(inline="always")
def mix64(x: Any) -> Any:
    """Scramble 64 bits so that each depends on all (splitmix64's last steps)."""
    x = (x ^ (x >> _30)) * _MIX_1
    x = (x ^ (x >> _27)) * _MIX_2
    return x ^ (x >> _31)


@compiled
def decode(buf: Any, i: int, end: int) -> Any:
    """Return the code point at byte ``i`` and its length in bytes; a malformed byte is (-1, 1). RFC 3629, section 4."""
    b = np.int64(buf[i])
    if b < 0x80:
        return b, 1
    need = 0
    low = 0x80
    high = 0xBF
    point = np.int64(-1)
    if 0xC2 <= b <= 0xDF:
        need = 1
        point = b & 0x1F
    elif 0xE0 <= b <= 0xEF:
        need = 2
        point = b & 0x0F
        if b == 0xE0:
            low = 0xA0
        elif b == 0xED:
            high = 0x9F
    elif 0xF0 <= b <= 0xF4:
        need = 3
        point = b & 0x07
        if b == 0xF0:
            low = 0x90
        elif b == 0xF4:
            high = 0x8F
    if need == 0 or i + need >= end:
        return np.int64(-1), 1
    for k in range(need):
        c = np.int64(buf[i + 1 + k])
        if c < low or c > high:
            return np.int64(-1), 1
        low = 0x80
        high = 0xBF
        point = point << 6 | (c & 0x3F)
    return point, need + 1


@compiled(inline="always")
def fold_hash(total: Any) -> Any:
    """Fold the high half of a sum of products, which depends on all bytes, onto the low one."""
    return total ^ (total >> _32)


@compiled(inline="always")
def no_letters() -> Any:
    """Return the state of a token's hash before its first letter: sum, next factor, bytes not yet in, their bits."""
    return _0, _GOLDEN, _0, _0


@compiled(inline="always")
def last_hash(state: Any) -> Any:
    """Return the hash of a token from its state after the last letter."""
    total, factor, block, _ = state
    return fold_hash(total + block * factor)


@compiled
def add_letter(state: Any, entry: Any, point: int, pool: Any) -> Any:
    """Return the state of a token's hash with one more letter, as UTF-8; ``entry`` : the letter's in ``fold``."""
    total, factor, block, filled = state
    value = entry & _VALUE_MASK
    expands = (entry >> np.uint32(24)) & np.uint32(7) == EXPANSION
    for k in range(np.int64(entry >> np.uint32(28)) & 7 if expands else 1):
        folded = np.uint64(value)
        if expands:
            folded = np.uint64(pool[np.int64(value) + k])
        elif value == 0:
            folded = np.uint64(point)
        size = _8
        if folded >= 0x10000:
            rest = (folded >> _4 & _3F00) | (folded << _10 & _3F0000) | (folded << _24 & _3F000000)
            folded = _FOUR | folded >> _18 | rest
            size = _32
        elif folded >= 0x800:
            folded = _THREE | folded >> _12 | (folded << _2 & _3F00) | (folded << _16 & _3F0000)
            size = _24
        elif folded >= 0x80:
            folded = _TWO | folded >> _6 | (folded << _8 & _3F00)
            size = _16
        block |= folded << filled
        filled += size
        if filled >= _64:
            total += block * factor
            factor *= _STEP
            filled -= _64
            block = folded >> (size - filled) if filled else _0
    return total, factor, block, filled


@compiled(inline="always")
def _word_bytes(buf: Any, i: Any) -> Any:
    """Return as bits which of ``MASK_BYTES`` bytes may belong to a token: letters, digits and what is beyond ASCII.

    Of the latter all but U+2010 to U+2029, dashes, quotation marks and the like, which part tokens as blanks do; such
    a character that crosses the border of two masks is left for a closer look.
    """
    found = (
        within(buf, i, 0x30, 0x39)
        | within(buf, i, 0x41, 0x5A)
        | within(buf, i, 0x61, 0x7A)
        | within(buf, i, 0x80, 0xFF)
    )
    mark = within(buf, i, 0xE2, 0xE2) & (within(buf, i, 0x80, 0x80) >> _1) & (within(buf, i, 0x90, 0xA9) >> _2)
    return found & ~(mark | mark << _1 | mark << _2)


@compiled(inline="always")
def _lowered(buf: Any, i: Any, size: Any) -> Any:
    """Return the bytes of a token of ASCII of so many, 1 to 16, in lower case, as two numbers."""
    return (eight_bytes(buf, i) | _LOWER) & FIRST_BYTES[size], (eight_bytes(buf, i + _8) | _LOWER) & NEXT_BYTES[size]


@compiled
def _read_runs(
    buf: Any, begin: Any, edges: Any, n_runs: Any, stage: Any, blocks: Any, pool: Any,
    n: Any, hashes: Any, starts: Any, ends: Any, full: bool,
) -> Any:  # fmt: skip
    """Read runs of any bytes, those that are no short token of ASCII character by character; return how many tokens there are.

    ``edges`` : uint32, where runs begin and end, in turn, counted from ``begin``; ``n`` : how many tokens there were.
    """
    for k in range(n_runs):
        i = begin + edges[k + k]
        after = begin + edges[k + k + _1]
        if after - i <= _16:
            first, second = _lowered(buf, i, after - i)
            if (first | second) & _HIGH_BITS == _0:
                hashes[n] = fold_hash(first * _GOLDEN + second * _NEXT_FACTOR)
                if full:
                    starts[n] = i
                    ends[n] = after
                n += _1
                continue
        state = no_letters()
        inside = False
        begun = i
        while i < after:
            point, length = decode(buf, np.int64(i), np.int64(after))
            entry = blocks[(np.int64(stage[point >> 8]) << 8) | (point & 255)] if point >= 0 else _GAP_ENTRY
            kind = (entry >> np.uint32(24)) & np.uint32(7)
            here = i
            i += np.uint64(length)
            if kind == DROPPED:
                continue
            if inside and (kind == GAP or kind == CHARACTER):
                hashes[n] = last_hash(state)
                if full:
                    starts[n] = begun
                    ends[n] = here
                n += _1
                inside = False
            if kind == GAP:
                continue
            if not inside:
                state = no_letters()
                begun = here
            state = add_letter(state, entry, point, pool)
            inside = kind != CHARACTER
            if not inside:
                hashes[n] = last_hash(state)
                if full:
                    starts[n] = begun
                    ends[n] = i
                n += _1
        if inside:
            hashes[n] = last_hash(state)
            if full:
                starts[n] = begun
                ends[n] = after
            n += _1
    return n


def _tokenizer(full: bool) -> Any:
    """Make the tokeniser; without ``full`` it writes hashes alone, which is all that a sketch needs."""

    def tokenize(buf: Any, start: int, end: int, fold: Any, hashes: Any, starts: Any, ends: Any) -> Any:
        stage, blocks, pool = fold
        edges = np.empty(_WINDOW + 2 * MASK_BYTES, np.uint32)
        n_edges = _0
        n = _0
        within_run = _0
        beyond = _0
        begin = np.uint64(start)
        size = np.uint64(end) - begin
        at = _0
        while at < size:
            window = min(size, at + _WINDOW)
            beyond = beyond if n_edges else _0  # what an open run holds counts on
            while at < window:
                run = _word_bytes(buf, begin + at)
                if size - at < _64:
                    run &= (_1 << (size - at)) - _1
                beyond |= run & within(buf, begin + at, 0x80, 0xFF)
                turns = run ^ ((run << _1) | within_run)
                within_run = run >> _63
                for k in range(MASK_BYTES // 8):  # eight places each, of which the next overwrites those not meant
                    some = (turns >> np.uint64(8 * k)) & _LOW_8
                    spread(some, np.uint32(at) + np.uint32(8 * k), edges, n_edges)
                    n_edges += bit_count(some)
                at += _64
            if at >= size and within_run:
                edges[n_edges] = size
                n_edges += _1
            n_runs = n_edges >> _1
            longest = _0
            if beyond == _0:
                for k in range(n_runs):
                    i = begin + edges[k + k]
                    after = begin + edges[k + k + _1]
                    less_one = after - i - _1
                    longest |= less_one
                    first, second = _lowered(buf, i, (less_one & _15) + _1)
                    hashes[n + k] = fold_hash(first * _GOLDEN + second * _NEXT_FACTOR)
                    if full:
                        starts[n + k] = i
                        ends[n + k] = after
            if beyond or longest > _15:
                n = _read_runs(
                    buf, begin, edges, n_runs, stage, blocks, pool, n, hashes, starts, ends, full
                )  # fmt: skip
            else:
                n += n_runs
            if n_edges & _1:  # a run goes on beyond the window
                edges[0] = edges[n_edges - _1]
            n_edges &= _1
        return np.int64(n)

    return compiled(tokenize)


tokenize = _tokenizer(full=True)
"""Write the tokens of ``buf[start:end]`` and return how many there are.

``buf`` : uint8[>= end]. ``fold`` : the fold table's arrays. Filled, for a text of s bytes: ``hashes`` : uint64[s // 2 +
2]; ``starts, ends`` : int64[s // 2 + 2], the first byte of each token and the byte after it (dropped characters
behind it may count in).
"""

hash_tokens = _tokenizer(full=False)
"""The same, but nothing except ``hashes`` is filled."""
