"""Candidate pairs to evidence of a common subject: cosines of salient terms, and how they compare with the rivals'.

In: ``Terms`` and pairs. Out: columns of the evidence table. Every figure is that of the terms an article is described
by (``settings.MOST_TERMS``), not an estimate. It decides nothing.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels import kernels_for
from dedup.measures import COLUMN

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.terms import Terms

FIELDS = ("subject", "opening", "headline", "actors", "figures", "topic", "told")
"""What ``kernels.likeness.likeness_batch`` takes, in its order; their columns stand together."""

RIVALS = 6
"""The likest candidates of an article that a pair is compared with; the very likest is left out, it may be the pair."""

FEWEST_RIVALS = 3

LEAST = {"subject": 0.1, "opening": 0.1, "headline": 0.15, "told": 0.25}
"""A pair that reaches none of these is of no event or story: of 5,900 labelled pairs of one event the model finds two
that are below."""

AT_A_TIME = 1 << 15


def add_likeness(
    table: NDArray[np.float32], terms: Terms, left: NDArray[np.int32], right: NDArray[np.int32], threads: int = 1
) -> None:
    """Fill the columns of ``FIELDS`` and the lift for pairs of rows ``left``, ``right`` : int32[n_pairs]."""
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

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(0, len(left), AT_A_TIME)))
    best = np.empty((len(lengths), RIVALS), np.float32)
    subject = np.ascontiguousarray(table[:, COLUMN["subject"]])
    kernels.rivals(left, right, np.nan_to_num(subject), best)
    known = (best[:, 1:] >= 0).sum(axis=1)
    level = np.where(known >= FEWEST_RIVALS, np.maximum(best[:, 1:], 0).sum(axis=1) / np.maximum(1, known), np.nan)
    table[:, COLUMN["lift"]] = subject - (level[left] + level[right]) / 2
    table[:, COLUMN["lift_over_denser"]] = subject - np.fmax(level[left], level[right])


def is_promising(table: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say which pairs are alike enough in something to be judged at all: bool[n_pairs]."""
    found = np.zeros(len(table), bool)
    for name, least in LEAST.items():
        found |= table[:, COLUMN[name]] >= least
    return found
