"""Scored pairs to clusters that hold together.

Pairs are taken best first; two clusters merge only if the merged one still has a *centre*: a member to which all
others, and the members of the part it did not come from, are on average likely enough related (a pair that was never
a candidate counts as unrelated). That keeps round-ups with all they contain and hubs with their excerpts, breaks
chains in which the ends know nothing of each other, and lets no single pair join two tight families. In: pairs and probabilities. Out: labels and what holds each cluster together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels import kernels_for
from dedup.results import Clusters

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_COHESION = 0.5
"""Mean probability of a cluster's members against its centre."""

BYTES_PER_TIE = 16
"""Two rows and a probability: what a kernel reads of each tie."""


class _Ties(NamedTuple):
    """Rows and the ties between them: a row goes by its place in ``rows`` : int32[n_rows], sorted.

    It is tied to ``others`` : int32[n_ties] by ``scores`` : float64[n_ties] from ``bounds[i]`` to ``bounds[i + 1]``.
    """

    rows: NDArray[np.int32]
    bounds: NDArray[np.int64]
    others: NDArray[np.int32]
    scores: NDArray[np.float64]


def cluster_pairs(
    unit: NDArray[np.int32],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]],
    p: NDArray[np.float64],
    threshold: float,
) -> Clusters:
    """Cluster rows by their pairs.

    ``unit`` : int32[n], the first row with the same body. ``pairs`` : left and right (int32[n_pairs]) and whether the
    two are copies of one body (bool[n_pairs]); ``p`` : float64[n_pairs], 0..1. Copies count once: units are clustered,
    then each copy follows the row it is linked to if their pair reaches the threshold.
    """
    left, right, copies = pairs
    joined = (p >= threshold) & ~copies
    active = np.zeros(len(unit), bool)
    active[left[joined]] = True
    active[right[joined]] = True
    told = active[left] & active[right] & ((p > 0) | joined) & ~copies
    ties, place = _ties(len(unit), (left[told], right[told]), p[told])
    ranked = np.flatnonzero(joined)
    ranked = ranked[np.lexsort((right[ranked], left[ranked], -p[ranked]))]
    group_of, pull = np.empty(len(ties.rows), np.int32), np.empty(len(ties.rows))
    join_groups = kernels_for(BYTES_PER_TIE * len(ties.others)).join_groups
    join_groups(*ties[1:], place[left[ranked]], place[right[ranked]], MIN_COHESION, group_of, pull)
    followers = np.flatnonzero(copies & (p >= threshold))
    result = _describe(len(unit), ties, group_of, pull)
    _follow(result, unit, (left[followers], right[followers]), p[followers])
    return result


def _ties(
    n: int, pairs: tuple[NDArray[np.int32], NDArray[np.int32]], p: NDArray[np.float64]
) -> tuple[_Ties, NDArray[np.int32]]:
    """Return the ties of pairs of rows, and the place of each row among those tied: int32[n]."""
    tied = np.zeros(n, bool)
    for side in pairs:
        tied[side] = True
    rows = np.flatnonzero(tied).astype(np.int32)
    place = (np.cumsum(tied) - 1).astype(np.int32)
    ends = place[np.stack(pairs, axis=1)]
    owners = ends.ravel()
    order = np.argsort(owners, kind="stable")
    bounds = np.searchsorted(owners[order], np.arange(len(rows) + 1))
    return _Ties(rows, bounds, ends[:, ::-1].ravel()[order], np.repeat(p, 2)[order]), place


def _follow(
    result: Clusters,
    unit: NDArray[np.int32],
    links: tuple[NDArray[np.int32], NDArray[np.int32]],
    p: NDArray[np.float64],
) -> None:
    """Give each copy the label of its unit, or of another copy where the unit's pair did not reach the threshold."""
    labels = result.labels
    left, right = links
    to_unit = unit[right] == left
    for mine in (to_unit, ~to_unit):
        joined = np.flatnonzero(mine)[labels[right[mine]] == right[mine]]
        labels[right[joined]] = labels[left[joined]]
        for row, score in zip(right[joined].tolist(), p[joined].tolist(), strict=True):
            label = int(labels[row])
            result.centre.setdefault(label, label)
            result.cohesion[label] = min(result.cohesion.get(label, 1.0), score)
            if score < result.weakest_score.get(label, 1.1):
                result.weakest[label], result.weakest_score[label] = row, score


def _describe(n: int, ties: _Ties, group_of: NDArray[np.int32], pull: NDArray[np.float64]) -> Clusters:
    """Turn groups into labels and tell what holds each together; ``group_of, pull`` as ``join_groups`` fills them."""
    result = Clusters(np.arange(n, dtype=np.int32))
    members = np.flatnonzero(np.bincount(group_of, minlength=len(group_of))[group_of] > 1)
    members = members[np.argsort(group_of[members], kind="stable")]
    _, starts, sizes = np.unique(group_of[members], return_index=True, return_counts=True)
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    labels = ties.rows[members[starts]]
    result.labels[ties.rows[members]] = labels[cluster]
    best_tie = _best_ties(ties, group_of)
    centre, weakest = (members[np.lexsort((by[members], cluster))[starts]] for by in (-pull, best_tie))
    for told, found in (
        (result.centre, ties.rows[centre]),
        (result.cohesion, np.minimum(1.0, pull[centre] / (sizes - 1))),
        (result.weakest, ties.rows[weakest]),
        (result.weakest_score, best_tie[weakest]),
    ):
        told.update(zip(labels.tolist(), found.tolist(), strict=True))
    return result


def _best_ties(ties: _Ties, group_of: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the best tie of each row within its group, 0 where it is alone: float64[n_rows]."""
    owners = np.repeat(np.arange(len(ties.rows)), np.diff(ties.bounds))
    inside = np.flatnonzero(group_of[owners] == group_of[ties.others])
    with_ties, starts = np.unique(owners[inside], return_index=True)
    best = np.zeros(len(ties.rows))
    best[with_ties] = np.maximum.reduceat(ties.scores[inside], starts) if len(starts) else 0.0
    return best
