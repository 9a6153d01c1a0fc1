"""Salient terms to candidate pairs: the articles nearest in subject and time, a bounded number for each.

The channel that finds independent reports, which share hardly a shingle. In: ``Terms`` and dates. Out: packed pairs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels import kernels_for
from dedup.settings import (
    HEAVY,
    LEAST_LIKENESS,
    NEAR_DAYS,
    NEARNESS_DAYS,
    NEARNESS_FAR,
    NEARNESS_UNKNOWN,
    NEIGHBOURS,
    NO_DATE,
    PROMISE,
    REACH,
)
from dedup.workers import in_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.terms import Terms

FAR_DAYS = 64
"""Days from which on nearness no longer falls."""

PARTS = 16
"""Stretches of time worked on one after the other, by whichever thread is free."""


def neighbour_channel(
    terms: Terms,
    units: NDArray[np.int32],
    days: NDArray[np.int32],
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> NDArray[np.uint64]:
    """Return the packed pairs (sorted, distinct) of each unit with its nearest ones.

    ``units`` : int32[n_units], the rows that take part; ``days`` : int32[n_articles]. Likeness is the cosine of the
    searched terms times a nearness in time that falls from 1 on the same day to ``NEARNESS_FAR``. ``progress`` hears
    (units done, 0) after each stretch of time.
    """
    dated = days[units] != NO_DATE
    order = units[np.lexsort((units, days[units], ~dated))]
    found = np.concatenate(_links(terms, order, days[order], threads, progress))
    found.sort()
    return found[np.concatenate([[True], found[1:] != found[:-1]])] if len(found) else found


def _links(
    terms: Terms,
    order: NDArray[np.int32],
    days: NDArray[np.int32],
    threads: int,
    progress: Callable[[int, int], None] | None,
) -> list[NDArray[np.uint64]]:
    """Return packed pairs, stretch of time by stretch; ``order`` : rows in time, with ``days`` the day of each."""
    kernels = kernels_for(16 * len(terms.terms))
    held = int(np.diff(terms.starts)[order].sum())
    lists, undated = np.empty(terms.n_slots + 1, np.int64), np.empty(terms.n_slots, np.int64)
    posts = np.empty((held, 2), np.uint32)  # whose entry it is beside its weight: they are read together
    owners, shares = posts[:, 0], posts.view(np.float32)[:, 1]
    at = np.empty(len(terms.slots), np.int32)
    kernels.post_terms(
        terms.slots, terms.starts, terms.weights, terms.flags, terms.offsets, order, np.count_nonzero(days != NO_DATE),
        lists, undated, owners, shares, at,
    )  # fmt: skip
    gaps = np.arange(FAR_DAYS)
    nearness = (NEARNESS_FAR + (1 - NEARNESS_FAR) * np.exp(-gaps / NEARNESS_DAYS)).astype(np.float32)
    edges = np.linspace(0, len(order), PARTS + 1).astype(np.int64).tolist()

    def work(part: int) -> NDArray[np.uint64]:
        first, last = edges[part], edges[part + 1]
        out = np.empty((last - first) * NEIGHBOURS, np.uint64)
        n = kernels.neighbours(
            first, last, terms.slots, terms.starts, order, lists, undated, owners, shares, at, days,
            nearness, np.float32(NEARNESS_UNKNOWN), REACH, NEAR_DAYS, np.float32(HEAVY), np.float32(PROMISE), NEIGHBOURS,
            np.float32(LEAST_LIKENESS), out,
        )  # fmt: skip
        if progress is not None:
            progress(last - first, 0)
        return out[:n].copy()

    return list(in_order(work, range(PARTS), threads))
