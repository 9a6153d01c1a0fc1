"""Candidate pairs to evidence of a common subject: cosines of salient terms.

In: ``Terms`` and pairs. Out: columns of the evidence table. Every figure is that of the terms an article is described
by (``settings.MOST_TERMS``), not an estimate. It decides nothing.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels import kernels_for
from dedup.measures import COLUMN
from dedup.workers import in_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.quotations import Quotations
    from dedup.terms import Terms

FIELDS = ("subject", "opening", "headline", "actors", "figures", "topic", "told")
"""What ``kernels.likeness.likeness_batch`` takes, in its order; their columns stand together."""

LEAST = {"subject": 0.1, "opening": 0.1, "headline": 0.15, "told": 0.25}
"""A pair that reaches none of these is of no event or story: of 5,900 labelled pairs of one event the model finds two
that are below."""

WEEK, LEAP_YEAR = 7, 366

AT_A_TIME = 1 << 15


def add_likeness(
    table: NDArray[np.float32], terms: Terms, left: NDArray[np.int32], right: NDArray[np.int32], threads: int = 1
) -> None:
    """Fill the columns of ``FIELDS`` for pairs of rows ``left``, ``right`` : int32[n_pairs]."""
    kernels = kernels_for(8 * len(left) * int(np.diff(terms.offsets).max(initial=0)))
    lengths = np.empty((len(terms.offsets) - 1, 7), np.float32)
    kernels.term_lengths(terms.weights, terms.flags, terms.offsets, lengths)
    first = COLUMN[FIELDS[0]]

    def work(start: int) -> None:
        block = slice(start, start + AT_A_TIME)
        out = np.empty((len(left[block]), len(FIELDS)), np.float32)
        kernels.likeness_batch(
            terms.terms, terms.weights, terms.flags, terms.offsets, lengths, left[block], right[block], out
        )
        table[block, first : first + len(FIELDS)] = out

    for _ in in_order(work, range(0, len(left), AT_A_TIME), threads):
        pass


def add_quotes(
    table: NDArray[np.float32], quoted: Quotations, left: NDArray[np.int32], right: NDArray[np.int32]
) -> None:
    """Fill ``quotes`` for pairs of rows ``left``, ``right`` : int32[n_pairs], unknown where one quotes nothing."""
    out = np.empty(len(left), np.float32)
    kernels_for(8 * len(left)).common_quotes(*quoted, left, right, out)
    table[:, COLUMN["quotes"]] = out


def is_promising(table: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say which pairs are alike enough in something to be judged at all: bool[n_pairs]."""
    found = np.zeros(len(table), bool)
    for name, least in LEAST.items():
        found |= table[:, COLUMN[name]] >= least
    return found


def add_days_named(
    table: NDArray[np.float32], named: NDArray[np.int16], pairs: tuple[NDArray[np.int32], NDArray[np.int32]]
) -> None:
    """Fill ``weekdays`` and ``days_named``, unknown where one article names none; ``named`` as in ``Terms``.

    Weekdays of articles whose dates are more than half a week apart say nothing.
    """
    left, right = (named[side] for side in pairs)
    table[:, COLUMN["weekdays"]] = table[:, COLUMN["days_named"]] = np.nan
    rows = np.flatnonzero((left[:, 0] >= 0) & (right[:, 0] >= 0) & ~(table[:, COLUMN["days"]] > WEEK // 2))
    table[rows, COLUMN["weekdays"]] = _apart(left[rows, 0], right[rows, 0], WEEK)
    rows = np.flatnonzero((left[:, 1] >= 0) & (right[:, 1] >= 0))
    nearest = np.full(len(rows), LEAP_YEAR, np.int16)
    for i, j in product(range(1, named.shape[1]), repeat=2):
        one, other = left[rows, i], right[rows, j]
        gap = np.where((one >= 0) & (other >= 0), _apart(one, other, LEAP_YEAR), LEAP_YEAR)
        nearest = np.minimum(nearest, gap)
    table[rows, COLUMN["days_named"]] = nearest


def _apart(one: NDArray[np.int16], other: NDArray[np.int16], turn: int) -> NDArray[np.int16]:
    """Return how far apart two days stand on a circle of so many."""
    gap: NDArray[np.int16] = np.abs(one - other)
    return np.minimum(gap, turn - gap)
