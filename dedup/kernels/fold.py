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

FOLD_VERSION = 1
FOLD_PATH = Path(__file__).with_name("fold.bin")

GAP, LETTER, DIGIT, CHARACTER, DROPPED, EXPANSION = range(6)
"""Classes: between tokens; in a word; a digit; a token by itself; not there; a letter folding to several."""

CAPITAL_BIT = 1 << 27

MASK_64 = (1 << 64) - 1
MIX_1 = 0xBF58476D1CE4E5B9
MIX_2 = 0x94D049BB133111EB
GOLDEN = 0x9E3779B97F4A7C15
"""Constants of splitmix64 (Steele, Lea, Flood 2014, figure 17); they are part of every sketch and never change."""


def mix_int(x: int) -> int:
    """Scramble a 64-bit Python integer so that each bit depends on all: splitmix64's last steps."""
    x = (x ^ (x >> 30)) * MIX_1 & MASK_64
    x = (x ^ (x >> 27)) * MIX_2 & MASK_64
    return x ^ (x >> 31)


def letter_hash(point: int) -> int:
    """Return the 64-bit hash of one folded code point."""
    return mix_int(point * GOLDEN & MASK_64)


class FoldTable(NamedTuple):
    """The table's arrays.

    ``stage`` : uint16[4352], the block of each 256 code points; ``blocks`` : uint32[n_blocks * 256]; ``pool`` :
    uint32; ``ascii_hash`` : uint64[256], the hash of the letter or digit an ASCII byte folds to, 0 for a gap;
    ``ascii_mask`` : uint64[256], all bits set for a letter or digit, 0 for a gap.
    """

    stage: NDArray[np.uint16]
    blocks: NDArray[np.uint32]
    pool: NDArray[np.uint32]
    ascii_hash: NDArray[np.uint64]
    ascii_mask: NDArray[np.uint64]


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
    ascii_hash = np.zeros(256, np.uint64)
    ascii_mask = np.zeros(256, np.uint64)
    for byte in range(128):
        entry = int(blocks[256 * int(stage[0]) + byte])
        if entry >> 24 & 7 in (LETTER, DIGIT):
            ascii_hash[byte], ascii_mask[byte] = letter_hash(entry & 0x1FFFFF or byte), MASK_64
    return FoldTable(stage, blocks, pool, ascii_hash, ascii_mask)
