"""The frozen code-point table: what each character is to the tokeniser and what it folds to.

The table is a file beside this one, written by ``benchmarks/fold_table.py``; its version goes into every sketch.
Entry of a code point: bits 0-20 the folded code point (0: itself; for an expansion: its place in the pool), bits 24-26 the
class, bit 27 set for a capital, bits 28-30 the length of an expansion.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FOLD_VERSION = 2
FOLD_PATH = Path(__file__).with_name("fold.bin")

GAP, LETTER, DIGIT, CHARACTER, DROPPED, EXPANSION = range(6)
"""Classes: between tokens; in a word; a digit; a token by itself; not there; a letter folding to several."""

CAPITAL_BIT = 1 << 27

MASK_64 = (1 << 64) - 1
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB
GOLDEN = 0x9E3779B97F4A7C15
"""Constants of splitmix64 (Steele, Lea, Flood 2014, figure 17); they are part of every sketch and never change."""


STEP = MIX_1
"""What the hash of a token is a polynomial in."""


def mix_int(x: int) -> int:
    """Scramble a 64-bit Python integer so that each bit depends on all: splitmix64's last steps."""
    x = (x ^ (x >> 30)) * MIX_1 & MASK_64
    x = (x ^ (x >> 27)) * MIX_2 & MASK_64
    return x ^ (x >> 31)


def word_hash(raw: bytes) -> int:
    """Return the 64-bit hash of a token from the UTF-8 bytes of its folded characters.

    Eight bytes at a time, the first the lowest, are the coefficients of a polynomial in ``STEP`` (Carter, Wegman 1979,
    section 3, over machine integers); the high half of its product with ``GOLDEN`` is folded onto the low one. No two
    tokens of up to eight bytes have one hash.
    """
    total, factor = 0, GOLDEN
    for at in range(0, len(raw), 8):
        total += int.from_bytes(raw[at : at + 8], "little") * factor
        factor = factor * STEP & MASK_64
    total &= MASK_64
    return total ^ total >> 32


class FoldTable(NamedTuple):
    """The table's arrays.

    ``stage`` : uint16[4352], the block of each 256 code points; ``blocks`` : uint32[n_blocks * 256]; ``pool`` :
    uint32.
    """

    stage: NDArray[np.uint16]
    blocks: NDArray[np.uint32]
    pool: NDArray[np.uint32]


def pack(kind: int, value: int, capital: bool, length: int) -> int:
    """Return the table entry of one code point."""
    return value | kind << 24 | (CAPITAL_BIT if capital else 0) | length << 28


@lru_cache(maxsize=1)
def fold_table() -> FoldTable:
    """Read the shipped table."""
    raw = FOLD_PATH.read_bytes()
    version, n_blocks, n_pool = np.frombuffer(raw, "<u4", 3).tolist()
    if version != FOLD_VERSION:
        msg = f"{FOLD_PATH.name} is version {version}, the code wants {FOLD_VERSION}"
        raise RuntimeError(msg)
    at = 12
    stage = np.frombuffer(raw, "<u2", 0x1100, at).astype(np.uint16)
    at += 2 * 0x1100
    blocks = np.frombuffer(raw, "<u4", n_blocks * 256, at).astype(np.uint32)
    at += 4 * 256 * n_blocks
    pool = np.frombuffer(raw, "<u4", n_pool, at).astype(np.uint32)
    return FoldTable(stage, blocks, pool)
