"""Bulletins of a series, which copies are told from: one headline or much of one wording, filled anew on other days.

Labelled sets hardly hold any, and a set of wire copy is full of them without a label: what lies more than a week apart
there, and is not the same from end to end, is taken for another bulletin. How far apart must not tell, for newsrooms
print copies days later: bulletins are dated as close together as those, or not at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dedup.corpus import as_article, build_corpus
from dedup.gathering import gather
from dedup.measures import COLUMN
from dedup.results import CHANNEL_BITS
from dedup.settings import EVENT_DAYS, NO_DATE, Settings

if TYPE_CHECKING:
    from data import NewsSet
    from numpy.typing import NDArray

    from dedup.rank import Relation

LEAST, MOST, HEADLINE, WORDING = 0.05, 0.9, 0.8, 0.3
"""Bulletins share wording (containment), but not from end to end, and a headline (likeness) or more of the wording."""

COPY_DAYS, SURE_COPY = 1, 0.9
"""Copies beside them are no further apart, and as likely some by a model that was not fitted on any of this."""

SERIES_WEIGHT, COPIES_WEIGHT = 1.0, 0.1
"""What bulletins weigh beside a set, and copies beside bulletins."""


class Series(NamedTuple):
    """Pairs of a dated set that share wording.

    ``evidence`` : float32[n, n_measures]; ``apart`` : int64[n], days; ``component`` : int64[n], of the graph of such pairs.
    """

    evidence: NDArray[np.float32]
    apart: NDArray[np.int64]
    component: NDArray[np.int64]

    def only(self, rows: NDArray[np.bool_]) -> Series:
        """Return some of the pairs."""
        return Series(*(column[rows] for column in self))


def series_of(part: NewsSet) -> Series:
    """Measure bulletins, and what may be a copy."""
    corpus = build_corpus(as_article(row, k) for k, row in enumerate(part.articles()))
    known = gather(corpus, Settings(level="event", threads=2))
    kept = known.measured & ((known.candidates.channels & CHANNEL_BITS["copies"]) == 0)
    left, right, evidence = known.candidates.left[kept], known.candidates.right[kept], known.evidence[kept]
    days = corpus.days.all()
    share, title = evidence[:, COLUMN["containment"]], evidence[:, COLUMN["title"]]
    apart = np.abs(days[left] - days[right])
    fit = (days[left] != NO_DATE) & (days[right] != NO_DATE) & (share >= LEAST)
    fit &= (apart <= COPY_DAYS) | ((apart > EVENT_DAYS) & (share < MOST) & ((share >= WORDING) | (title >= HEADLINE)))
    graph = coo_matrix((np.ones(fit.sum()), (left[fit], right[fit])), shape=(len(corpus), len(corpus)))
    component = connected_components(graph, directed=False)[1].astype(np.int64)
    return Series(evidence[fit], apart[fit].astype(np.int64), component[left[fit]])


def told_apart(
    series: Series, first: Relation, days: tuple[int, ...], weight: float
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]:
    """Return evidence, truth and weights of bulletins and of the copies that a ``first`` model is sure of.

    Half of either is undated, the other half of bulletins lies one of ``days`` apart; ``weight`` : of one set.
    """
    bulletins = series.evidence[series.apart > COPY_DAYS]
    likely = 1 / (1 + np.exp(-first.log_odds(series.evidence)))
    copies = series.evidence[(series.apart <= COPY_DAYS) & (likely >= SURE_COPY)]
    dated = bulletins.copy()
    dated[:, COLUMN["days"]] = np.random.default_rng(20).choice(days, len(dated))
    truth = np.repeat([False, True], [len(bulletins), len(copies)])
    each = np.where(truth, COPIES_WEIGHT / max(1, len(copies)), 1 / max(1, len(bulletins))) * SERIES_WEIGHT * weight / 2
    return np.concatenate([dated, copies, undated(bulletins), undated(copies)]), np.tile(truth, 2), np.tile(each, 2)


def undated(evidence: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the evidence of pairs as if they had no dates."""
    evidence = evidence.copy()
    evidence[:, COLUMN["days"]] = np.nan
    return evidence
