"""Candidate pairs to evidence: named measures a reader can check, exact and never estimated.

In: cleaned texts, titles and days of the articles, pairs of row numbers. Out: float32[n_pairs, n_measures], NaN where
a measure is unknown (no title, no date, no numbers). It decides nothing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.measures import COLUMN, MEASURES
from dedup.kernels import kernels_for
from dedup.kernels.fold import fold_table
from dedup.packing import pack
from dedup.settings import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

FEWEST_NAMES = 3
FEWEST_NUMBERS = 2
"""With fewer names (numbers) than this in one text, their agreement is unknown rather than all or nothing."""

PAIRS_AT_A_TIME = 512
"""Pairs whose texts are packed together."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """``table`` : float32[n_pairs, n_measures]; ``shingles`` : int32[n_pairs, 3], those of left, of right, of both."""

    table: NDArray[np.float32]
    shingles: NDArray[np.int32]

    @property
    def containment_left(self) -> NDArray[np.float64]:
        """Share of the left text's shingles that stand in the right: float64[n_pairs]."""
        return self.shingles[:, 2] / np.maximum(1, self.shingles[:, 0])

    @property
    def containment_right(self) -> NDArray[np.float64]:
        """Share of the right text's shingles that stand in the left: float64[n_pairs]."""
        return self.shingles[:, 2] / np.maximum(1, self.shingles[:, 1])


def take_evidence(
    texts: Sequence[bytes],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    *,
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Evidence:
    """Measure the texts of every pair; titles and dates are added by ``add_titles`` and ``add_days``.

    A pair may name one row twice: its evidence is that of two equal texts.
    """
    sizes = np.array([len(text) for text in texts], np.int64)
    swapped = sizes[right] > sizes[left]
    longer, shorter = np.where(swapped, right, left), np.where(swapped, left, right)
    order = np.lexsort((shorter, longer))
    table = np.full((len(left), len(MEASURES)), np.nan, np.float32)
    shingles = np.zeros((len(left), 3), np.int32)
    kernels = kernels_for(int(sizes[longer].sum()))

    def work(start: int) -> None:
        block = order[start : start + PAIRS_AT_A_TIME]
        rows, where = np.unique(np.concatenate([longer[block], shorter[block]]), return_inverse=True)
        buf, offsets = pack([texts[row] for row in rows])
        counts = np.empty((len(rows), 5), np.int32)
        common = np.empty((len(block), 6), np.int32)
        a, b = np.split(where.astype(np.int32), 2)
        kernels.measure_batch(buf, offsets, fold_table(), a, b, counts, common)
        table[block, : COLUMN["title"]] = _shares(counts[a], counts[b], common)
        shingles[block, 0] = np.where(swapped[block], counts[b, 0], counts[a, 0])
        shingles[block, 1] = np.where(swapped[block], counts[a, 0], counts[b, 0])
        shingles[block, 2] = common[:, 0]
        if progress is not None:
            progress(len(block), len(buf))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(0, len(order), PAIRS_AT_A_TIME)))
    return Evidence(table, shingles)


def _shares(a: NDArray[np.int32], b: NDArray[np.int32], common: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the text measures from set sizes of the longer and the shorter text and what they have in common."""
    fewer = np.minimum(a, b)
    both = common[:, :4]
    of_fewer = both / np.maximum(1, fewer[:, :4])
    of_fewer[:, 2][fewer[:, 2] < FEWEST_NAMES] = np.nan
    of_fewer[:, 3][fewer[:, 3] < FEWEST_NUMBERS] = np.nan
    words = np.maximum(1, fewer[:, 4])
    columns = (
        both[:, 0] / np.maximum(1, a[:, 0] + b[:, 0] - both[:, 0]),
        of_fewer[:, 0],
        np.minimum(1.0, common[:, 4] / np.maximum(1, b[:, 4])),
        of_fewer[:, 1],
        of_fewer[:, 2],
        of_fewer[:, 3],
        fewer[:, 4] / np.maximum(1, np.maximum(a[:, 4], b[:, 4])),
        words,
    )
    return np.stack(columns, axis=1)


def add_titles(
    table: NDArray[np.float32], titles: Sequence[str], left: NDArray[np.int32], right: NDArray[np.int32], threads: int = 1
) -> None:
    """Fill the ``title`` column: the fuzzy pass of rapidfuzz over folded titles, unknown where one is missing."""
    from rapidfuzz import fuzz, process

    known = np.array([bool(title) for title in titles], bool)
    rows = np.flatnonzero(known[left] & known[right])
    if len(rows) == 0:
        return
    scores = process.cpdist(
        [titles[i] for i in left[rows].tolist()],
        [titles[i] for i in right[rows].tolist()],
        scorer=fuzz.token_set_ratio,
        dtype=np.float32,
        workers=threads,
    )
    table[rows, COLUMN["title"]] = scores / 100


def add_days(
    table: NDArray[np.float32], days: NDArray[np.int32], left: NDArray[np.int32], right: NDArray[np.int32]
) -> None:
    """Fill the ``days`` column, unknown where a date is missing."""
    known = (days[left] != NO_DATE) & (days[right] != NO_DATE)
    gap = np.abs(days[left].astype(np.int64) - days[right])
    table[:, COLUMN["days"]] = np.where(known, gap, np.nan)
