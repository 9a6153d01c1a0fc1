"""What articles quote: the wording within quotation marks, as one column of a corpus.

In: packed titles and texts, chunk by chunk. Out: ``Quotations``. It knows nothing of pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.kernels.fold import fold_table
from dedup.memory import Growing, Room, pages
from dedup.settings import QUOTATION_BYTES

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXPECTED = 128
"""Shingles an article is expected to quote."""

ROOM = 8
"""Slots for each shingle: of those no other article has, one in eight or so is kept."""


class Quotations(NamedTuple):
    """What n articles quote, as hashes of word 3-shingles; article i's being ``starts[i]`` to ``starts[i + 1]``, sorted.

    ``shingles`` : uint32, odd, of which those that one article alone has are left out as far as that is told cheaply;
    ``starts`` : int64[n + 1]; ``sizes`` : int32[n], distinct ones of each, those left out included.
    """

    shingles: NDArray[np.uint32]
    starts: NDArray[np.int64]
    sizes: NDArray[np.int32]


class Collector:
    """Finds the quotations of n articles, any chunk at any time, and joins them in their order."""

    def __init__(self, kernels: Any, n_articles: int) -> None:
        self._kernels = kernels
        self._sizes = np.zeros(n_articles, np.int32)
        self._found = Growing(np.uint32, EXPECTED * n_articles)
        self._room = Room(np.uint32)

    def find(self, buf: NDArray[np.uint8], offsets: NDArray[np.int64], first: int) -> NDArray[np.uint32]:
        """Return the shingles of the articles packed in ``buf``, the first of them being number ``first``."""
        shingles = self._room(len(buf) // 2 + 1)
        sizes = self._sizes[first : first + len(offsets) - 1]
        n = self._kernels.quote_batch(buf, offsets, QUOTATION_BYTES, fold_table(), shingles, sizes)
        return shingles[:n].copy()

    def add(self, shingles: NDArray[np.uint32]) -> None:
        """Take in what ``find`` returned; the chunks come in the order of the articles."""
        self._found.extend(shingles)

    def quotations(self) -> Quotations:
        """Return all of them, once every chunk is in."""
        shingles = self._found.whole()
        starts = np.zeros(len(self._sizes) + 1, np.int64)
        np.cumsum(self._sizes, out=starts[1:])
        seen = pages(1 << (ROOM * len(shingles)).bit_length() >> 2 or 1, np.uint8)
        kept = self._kernels.keep_repeated(shingles, starts, seen)
        return Quotations(shingles[:kept].copy(), starts, self._sizes)
