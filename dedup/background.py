"""How common terms are in the news at large: a shipped table of counts that stands behind those of a corpus.

Two articles alone have no corpus to count in; the table tells that "minister" is in many articles and "Shoigu" in few.
It holds hashes of terms and no text, and was made by ``benchmarks/background_table.py``: for each term the largest
share of articles that have it in any one language.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.settings import RAREST

if TYPE_CHECKING:
    from numpy.typing import NDArray

BACKGROUND_PATH = Path(__file__).with_name("background.bin")
MAGIC = b"terms  2"


class Background(NamedTuple):
    """An open-addressing table: ``known`` : uint64[power of two], term hashes or 0, and ``rarity`` : uint8 of each.

    Rarity is minus the logarithm of the share of articles, in steps of ``1 / settings.RARITY_STEPS``.
    """

    known: NDArray[np.uint64]
    rarity: NDArray[np.uint8]


@lru_cache(maxsize=1)
def background() -> Background:
    """Read the table; raise RuntimeError if the file is of another version than the code."""
    raw = BACKGROUND_PATH.read_bytes()
    if raw[: len(MAGIC)] != MAGIC:
        message = f"{BACKGROUND_PATH.name} begins with {raw[: len(MAGIC)]!r}, the code wants {MAGIC!r}; install it anew"
        raise RuntimeError(message)
    n = (len(raw) - len(MAGIC)) // 5
    keys = np.frombuffer(raw, "<u4", n, len(MAGIC)).astype(np.uint64)
    rarity = np.frombuffer(raw, np.uint8, n, len(MAGIC) + 4 * n)
    return hashed(keys, np.minimum(rarity, np.uint8(RAREST)))  # the kernels count in tables of RAREST steps


def hashed(keys: NDArray[np.uint64], rarity: NDArray[np.uint8]) -> Background:
    """Put distinct keys, none of them 0, into a table at most half full.

    All keys try their next slot together; one of those that meet in a free slot gets it.
    """
    size = 1 << max(1, (2 * len(keys) - 1).bit_length())
    table = Background(np.zeros(size, np.uint64), np.zeros(size, np.uint8))
    waiting = np.arange(len(keys))
    slots = (keys & np.uint64(size - 1)).astype(np.int64)
    while len(waiting):
        free = table.known[slots] == 0
        table.known[slots[free]] = keys[waiting[free]]
        settled = table.known[slots] == keys[waiting]
        table.rarity[slots[settled]] = rarity[waiting[settled]]
        waiting, slots = waiting[~settled], (slots[~settled] + 1) & (size - 1)
    return table
