"""Tight clusters to wider ones: events of near copies, stories of events.

Agglomerative, between average and complete linkage (Sokal, Michener 1958): the two clusters merge first whose members
are tied best, by the mean of all ties between them (stories) or of the weaker two thirds (events, in which one strong
tie must not outvote weak ones), as long as that reaches what ``Linkage`` asks. No chain holds together that way. A pair that was never a candidate counts as
unrelated, except that a member is asked of at most ``CIRCLE`` others: candidates are bounded, so nobody can know the
whole of a large cluster. No cluster of the level below is ever cut. In: labels, pairs, probabilities. Out: labels and what holds each cluster together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels import kernels_for
from dedup.results import Clusters
from dedup.settings import EVENT_DAYS, NO_DATE

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

CIRCLE = 12
"""Members of a cluster that a newcomer must be related to, at most."""


class Linkage(NamedTuple):
    """When two clusters are one: by the mean of a share of the ties between them, ``counted``, the weakest.

    Two single members need a tie that reaches the threshold; where several ties are asked for, the share ``eased`` of
    it is enough: their mean is surer than any one of them.
    """

    counted: float
    eased: float


LINKAGES = {"event": Linkage(2 / 3, 0.8), "story": Linkage(1.0, 1.0)}
AMONG_FEW = {"event": Linkage(0.5, 1.0), "story": Linkage(1.0, 1.0)}
"""By level; the second in piles below ``settings.FEW_ARTICLES``. There a pair has hardly rivals to stand out from and
probabilities are less sure, so for events the weaker half of the ties must reach the whole threshold."""

LEAST_TIE = 0.02
"""Probabilities below this count as none; no less than 2^-6, so that the kernels' sums are exact."""

NEVER = 1 << 32
"""A day after all days there are."""

BYTES_PER_TIE = 16
"""Two members and a probability: what a kernel reads of each tie."""


class _Ties(NamedTuple):
    """Who is tied, ``low`` < ``high`` : int32[n_ties], sorted, and how well, ``tie`` : float64[n_ties]."""

    low: NDArray[np.int32]
    high: NDArray[np.int32]
    tie: NDArray[np.float64]


def nest_clusters(
    inner: NDArray[np.int32],
    nodes: NDArray[np.int32],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    p: NDArray[np.float64],
    cut: tuple[float, Linkage],
    *,
    days: NDArray[np.int32] | None = None,
) -> Clusters:
    """Merge the clusters of one level to those of the next.

    ``inner`` : int32[n], the labels to nest; ``nodes`` : int32[n], labels of copies, which count as one member.
    ``pairs`` : left and right (int32[n_pairs]); ``p`` : float64[n_pairs], 0..1; ``cut`` : the threshold on
    what two clusters are tied by, and how that is counted. ``days`` : int32[n], given where no cluster may be longer
    than ``settings.EVENT_DAYS``, from the first text of one near group to the first of another.
    """
    threshold, linkage = cut
    least = threshold * linkage.eased
    touched, ties = _ties(inner, nodes, pairs, p, least)
    groups = np.flatnonzero(touched).astype(np.int32)
    members = np.flatnonzero((nodes == np.arange(len(nodes))) & touched[inner])
    group_of = (np.cumsum(touched) - 1).astype(np.int32)[inner]
    sizes = np.bincount(group_of[members], minlength=len(groups))
    bonds = _sorted_ties(group_of[ties.low], group_of[ties.high], ties.tie)
    merged = np.empty(len(groups), np.int32)
    kernels = kernels_for(BYTES_PER_TIE * len(ties.tie))
    spans = _spans(inner, groups, days)
    kernels.merge_groups(*bonds, sizes, spans, EVENT_DAYS, linkage.counted, threshold, least, CIRCLE, merged)
    label_of = np.arange(len(inner), dtype=np.int32)
    label_of[groups] = groups[merged]
    result = Clusters(label_of[inner])
    grown = np.bincount(merged, minlength=len(groups))[merged] > 1
    _describe(result, members[grown[group_of[members]]], ties, kernels.best_ties)
    return result


def _spans(inner: NDArray[np.int32], groups: NDArray[np.int32], days: NDArray[np.int32] | None) -> NDArray[np.int64]:
    """Return the first and the last day of each group: int64[n_groups, 2], the last before the first where none is known.

    Of copies only the first counts: a text may be printed again years later.
    """
    first = np.full(len(inner), NEVER, np.int64)
    if days is not None:
        dated = days != NO_DATE
        np.minimum.at(first, inner[dated], days[dated])
    first = first[groups]
    return np.stack([first, np.where(first == NEVER, -NEVER, first)], axis=1)


def _ties(
    inner: NDArray[np.int32],
    nodes: NDArray[np.int32],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    p: NDArray[np.float64],
    least: float,
) -> tuple[NDArray[np.bool_], _Ties]:
    """Return which labels may merge (bool[n]) and the ties between the nodes of these.

    Two nodes are tied by the likeliest of their pairs.
    """
    outer = inner[nodes]
    strong = np.flatnonzero(p >= max(least, LEAST_TIE))
    left, right = outer[pairs[0][strong]], outer[pairs[1][strong]]
    touched = np.zeros(len(inner), bool)
    touched[left[left != right]] = touched[right[left != right]] = True
    useful = p >= LEAST_TIE
    for side in pairs:
        useful &= touched[outer][side]
    low, high, tie = _sorted_ties(nodes[pairs[0][useful]], nodes[pairs[1][useful]], p[useful])
    first = np.ones(len(low), bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    likeliest = np.maximum.reduceat(tie, np.flatnonzero(first)) if len(tie) else tie
    return touched, _Ties(low[first], high[first], likeliest)


def _sorted_ties(a: NDArray[np.int32], b: NDArray[np.int32], tie: NDArray[np.float64]) -> _Ties:
    """Return the ties between two that are not the same, the lower number first, in order of both."""
    two = np.flatnonzero(a != b)
    low, high = np.minimum(a, b)[two], np.maximum(a, b)[two]
    order = np.argsort(low.astype(np.int64) << 32 | high, kind="stable")
    return _Ties(low[order], high[order], tie[two][order])


def _describe(result: Clusters, members: NDArray[np.intp], ties: _Ties, best_ties: Callable[..., None]) -> None:
    """Tell what holds each cluster together; ``members`` : int[n_members], the nodes of those there is to tell of."""
    labels = result.labels
    members = members[np.argsort(labels[members], kind="stable")]
    place = np.full(len(labels), -1, np.int32)
    place[members] = np.arange(len(members))
    inside = np.flatnonzero((labels[ties.low] == labels[ties.high]) & (place[ties.low] >= 0))
    best = np.zeros((len(members), CIRCLE))
    best_ties(place[ties.low[inside]], place[ties.high[inside]], ties.tie[inside], best)
    names, starts, sizes = np.unique(labels[members], return_index=True, return_counts=True)
    cluster = np.repeat(np.arange(len(names)), sizes)
    held = np.zeros(len(members))
    for k in reversed(range(CIRCLE)):  # one after the other: sums of arrays are taken in other orders elsewhere
        held += best[:, k]
    held = np.minimum(1.0, held / np.minimum(sizes - 1, CIRCLE)[cluster])
    cohesion = np.bincount(cluster, weights=held, minlength=len(names)) / sizes
    best_held, least_held = (np.lexsort((hold, cluster))[starts] for hold in (-held, held))
    for told, found in (
        (result.centre, members[best_held]),
        (result.cohesion, cohesion),
        (result.weakest, members[least_held]),
        (result.weakest_score, held[least_held]),
    ):
        told.update(zip(names.tolist(), found.tolist(), strict=True))
