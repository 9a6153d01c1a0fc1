"""Scored pairs to clusters that hold together.

Pairs are taken best first; two clusters merge only if the merged one still has a *centre*: a member to which all
others, and the members of the part it did not come from, are on average likely enough related (a pair that was never
a candidate counts as unrelated). That keeps round-ups with all they contain and hubs with their excerpts, breaks
chains in which the ends know nothing of each other, and lets no single pair join two tight families. In: pairs and probabilities. Out: labels and what holds each cluster together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.results import Clusters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MIN_COHESION = 0.5
"""Mean probability of a cluster's members against its centre."""


class _Graph:
    """Rows and the ties between them, and the groups they are in so far.

    A row goes by its place in ``rows``. Its ties are ``others`` and ``scores`` from ``bounds[i]`` to ``bounds[i + 1]``;
    ``pull`` is the sum of those within its group. Plain lists of numbers: they are what Python is quickest at.
    """

    def __init__(self, left: NDArray[np.int32], right: NDArray[np.int32], p: NDArray[np.float64]) -> None:
        self.rows, places = np.unique(np.concatenate([left, right]), return_inverse=True)
        ends = places.reshape(2, -1)
        owners = ends.T.ravel()
        order = np.argsort(owners, kind="stable")
        self.others: list[int] = ends[::-1].T.ravel()[order].tolist()
        self.scores: list[float] = np.repeat(p, 2)[order].tolist()
        self.bounds: list[int] = np.searchsorted(owners[order], np.arange(len(self.rows) + 1)).tolist()
        self.group_of = list(range(len(self.rows)))
        self.members = [[row] for row in self.group_of]
        self.centre = list(self.group_of)
        self.pull = [0.0] * len(self.rows)

    def ties(self, row: int) -> Iterator[tuple[int, float]]:
        """Return the rows a row is tied to, and how likely they are related."""
        some = slice(self.bounds[row], self.bounds[row + 1])
        return zip(self.others[some], self.scores[some], strict=True)


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
    graph = _Graph(left[told], right[told], p[told])
    group_of = graph.group_of
    ranked = np.flatnonzero(joined)
    ranked = ranked[np.lexsort((right[ranked], left[ranked], -p[ranked]))]
    ends = (np.searchsorted(graph.rows, side[ranked]).tolist() for side in (left, right))
    for a, b in zip(*ends, strict=True):
        if group_of[a] != group_of[b]:
            _merge(graph, group_of[a], group_of[b])
    followers = np.flatnonzero(copies & (p >= threshold))
    result = _describe(len(unit), graph)
    _follow(result, unit, (left[followers], right[followers]), p[followers])
    return result


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


def _merge(graph: _Graph, large: int, small: int) -> None:
    """Merge two groups if the merged one has a centre."""
    if len(graph.members[large]) < len(graph.members[small]):
        large, small = small, large
    gained: dict[int, float] = {}
    for row in graph.members[small]:
        for other, score in graph.ties(row):
            if graph.group_of[other] == large:
                gained[row] = gained.get(row, 0.0) + score
                gained[other] = gained.get(other, 0.0) + score
    centre = _centre(graph, large, small, gained)
    if centre < 0:
        return
    for row, more in gained.items():
        graph.pull[row] += more
    for row in graph.members[small]:
        graph.group_of[row] = large
    graph.members[large] += graph.members[small]
    graph.members[small] = []
    graph.centre[large] = centre


def _centre(graph: _Graph, large: int, small: int, gained: dict[int, float]) -> int:
    """Return the centre the two would have as one, or -1; ``gained`` is what ties across them add to each pull."""
    n_large, n_small = len(graph.members[large]), len(graph.members[small])
    centre, best = -1, -1.0
    for row in sorted({graph.centre[large], graph.centre[small], *gained}):
        more = gained.get(row, 0.0)
        pull = graph.pull[row] + more
        others = n_large if graph.group_of[row] == small else n_small
        held = pull >= MIN_COHESION * (n_large + n_small - 1) and more >= MIN_COHESION * others
        if held and pull > best + 1e-12:
            centre, best = row, pull
    return centre


def _describe(n: int, graph: _Graph) -> Clusters:
    """Turn groups into labels and tell what holds each together."""
    result = Clusters(np.arange(n, dtype=np.int32))
    rows, group_of, pull = graph.rows.tolist(), graph.group_of, graph.pull
    for group, found in enumerate(graph.members):
        if len(found) < 2:
            continue
        members = sorted(found)
        label = rows[members[0]]
        result.labels[graph.rows[members]] = label
        best_tie = [max(score for other, score in graph.ties(m) if group_of[other] == group) for m in members]
        weakest = min(range(len(members)), key=best_tie.__getitem__)
        centre = max(members, key=pull.__getitem__)
        result.centre[label] = rows[centre]
        result.cohesion[label] = min(1.0, pull[centre] / (len(members) - 1))
        result.weakest[label] = rows[members[weakest]]
        result.weakest_score[label] = best_tie[weakest]
    return result
