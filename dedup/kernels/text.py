"""UTF-8 bytes to folded word tokens, in one compiled pass.

In: any bytes. Out: per token a 64-bit hash of its folded characters and, where asked for, where it ends. Malformed bytes (stray continuations, overlong forms, surrogates, cut sequences) are
gaps, one each. Scripts written without spaces give one token a character. ``plain.tokenize`` says the same without
haste.

The loop over ASCII has no branch that depends on the text: word ends come every few bytes and no processor guesses
them. It counts in unsigned numbers: a signed index costs a test for negative ones at every access. A token's hash is a cyclic polynomial (Cohen 1997, section 2.3): per letter one rotation and one exclusive or.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import TURN
from dedup.kernels.fold import CHARACTER, DROPPED, EXPANSION, GAP, GOLDEN, MASK_64, MIX_1, MIX_2

_MIX_1, _MIX_2, _GOLDEN = np.uint64(MIX_1), np.uint64(MIX_2), np.uint64(GOLDEN)
_0, _1, _27, _30, _31 = (np.uint64(x) for x in (0, 1, 27, 30, 31))
_ALL = np.uint64(MASK_64)
_LEFT, _RIGHT = np.uint64(TURN), np.uint64(64 - TURN)
_VALUE_MASK = np.uint32(0x1FFFFF)


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


def _tokenizer(full: bool) -> Any:
    """Make the tokeniser; without ``full`` it writes hashes alone, which is all that a sketch needs."""

    def tokenize(buf: Any, start: int, end: int, fold: Any, hashes: Any, starts: Any, ends: Any) -> Any:
        stage, blocks, pool, ascii_hash, ascii_mask = fold
        n = _0
        total = _0
        inside = _0
        i = np.uint64(start)
        stop = np.uint64(end)
        begun = i
        while i < stop:
            while i < stop:
                b = buf[i]
                if b >= 0x80:
                    break
                mask = ascii_mask[b]
                hashes[n] = total
                if full:
                    begun = begun if inside else i
                    starts[n] = begun
                    ends[n] = i
                n += inside & ~mask & _1
                total = (((total << _LEFT) | (total >> _RIGHT)) ^ ascii_hash[b]) & mask
                inside = mask
                i += _1
            if i == stop:
                break
            point, size = decode(buf, np.int64(i), end)
            entry = np.uint32(0)
            if point >= 0:
                entry = blocks[(np.int64(stage[point >> 8]) << 8) | (point & 255)]
            kind = (entry >> np.uint32(24)) & np.uint32(7)
            after = i + np.uint64(size)
            if kind == DROPPED:
                i = after
                continue
            if inside and (kind == GAP or kind == CHARACTER):
                hashes[n] = total
                if full:
                    ends[n] = i
                n += _1
                inside = _0
            if not inside:
                total = _0
                begun = i
            if kind != GAP:
                inside = _ALL
                if full:
                    starts[n] = begun
                value = entry & _VALUE_MASK
                length = 1
                if kind == EXPANSION:
                    length = np.int64((entry >> np.uint32(28)) & np.uint32(7))
                for k in range(length):
                    folded = value
                    if kind == EXPANSION:
                        folded = pool[np.int64(value) + k]
                    elif value == 0:
                        folded = np.uint32(point)
                    total = ((total << _LEFT) | (total >> _RIGHT)) ^ mix64(np.uint64(folded) * _GOLDEN)
                if kind == CHARACTER:
                    hashes[n] = total
                    if full:
                        ends[n] = after
                    n += _1
                    inside = _0
                    total = _0
            i = after
        if inside:
            hashes[n] = total
            if full:
                ends[n] = end
            n += _1
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
