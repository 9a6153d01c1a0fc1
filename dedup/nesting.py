"""Tight clusters to wider ones: events of near copies, stories of events.

Agglomerative, between average and complete linkage (Sokal, Michener 1958): the two clusters merge first whose members
are tied best, by the mean of all ties between them (stories) or of the weaker two thirds (events, in which one strong
tie must not outvote weak ones), as long as that reaches what ``Linkage`` asks. No chain holds together that way. A pair that was never a candidate counts as
unrelated, except that a member is asked of at most ``CIRCLE`` others: candidates are bounded, so nobody can know the
whole of a large cluster. No cluster of the level below is ever cut. In: labels, pairs, probabilities. Out: labels and what holds each cluster together.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import ceil, fsum
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.results import Clusters

if TYPE_CHECKING:
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
"""Probabilities below this count as none."""

Ties = dict[int, dict[int, float]]
Bonds = dict[int, dict[int, list[float]]]
"""Between two groups: the ties of their nodes."""


def nest_clusters(
    inner: NDArray[np.int32],
    nodes: NDArray[np.int32],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    p: NDArray[np.float64],
    cut: tuple[float, Linkage],
) -> Clusters:
    """Merge the clusters of one level to those of the next.

    ``inner`` : int32[n], the labels to nest; ``nodes`` : int32[n], labels of copies, which count as one member.
    ``pairs`` : left and right (int32[n_pairs]); ``p`` : float64[n_pairs], 0..1; ``cut`` : the threshold on
    what two clusters are tied by, and how that is counted.
    """
    threshold, linkage = cut
    least = threshold * linkage.eased

    def tied(bond: list[float], a: int, b: int) -> float:
        """Return what two groups are tied by; nothing if that is too little to be one."""
        found = _mean_tie(bond, sizes[a], sizes[b], linkage.counted)
        return found if found >= (least if sizes[a] * sizes[b] > 1 else threshold) else 0.0

    groups, sizes, ties, told = _start(inner, nodes, pairs, p, least)
    heap = [
        (-score, a, b)
        for a, others in ties.items()
        for b, bond in others.items()
        if a < b and (score := tied(bond, a, b))
    ]
    heapify(heap)
    while heap:
        score, a, b = heappop(heap)
        if b not in ties.get(a, {}) or tied(ties[a][b], a, b) != -score:
            continue
        groups[a] += groups.pop(b)
        sizes[a] += sizes.pop(b)
        del ties[a][b]
        for other, bond in ties.pop(b).items():
            if other != a:
                ties[a][other] = ties[a].get(other, []) + bond
                del ties[other][b]
                ties[other][a] = ties[a][other]
        for other, bond in ties[a].items():
            if now := tied(bond, a, other):
                heappush(heap, (-now, min(a, other), max(a, other)))
    return _described(inner, groups, told)


def _start(
    inner: NDArray[np.int32],
    nodes: NDArray[np.int32],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    p: NDArray[np.float64],
    threshold: float,
) -> tuple[dict[int, list[int]], dict[int, int], Bonds, Ties]:
    """Return the groups to begin with, their sizes in nodes, the ties between groups, and those between nodes.

    Two nodes are tied by the likeliest of their pairs, two groups by all ties of their nodes.
    """
    left, right = nodes[pairs[0]], nodes[pairs[1]]
    kept = np.flatnonzero((p >= LEAST_TIE) & (left != right))
    low, high = np.minimum(left[kept], right[kept]), np.maximum(left[kept], right[kept])
    order = np.lexsort((-p[kept], high, low))
    low, high, score = low[order], high[order], p[kept][order]
    first = np.ones(len(low), bool)
    first[1:] = (low[1:] != low[:-1]) | (high[1:] != high[:-1])
    low, high, score = low[first], high[first], score[first]
    touched = np.zeros(len(inner), bool)
    strong = (score >= threshold) & (inner[low] != inner[high])
    touched[inner[low[strong]]] = True
    touched[inner[high[strong]]] = True
    useful = touched[inner[low]] & touched[inner[high]]
    told: Ties = {}
    ties: Bonds = {}
    for a, b, tie in zip(low[useful].tolist(), high[useful].tolist(), score[useful].tolist(), strict=True):
        told.setdefault(a, {})[b] = tie
        told.setdefault(b, {})[a] = tie
        x, y = int(inner[a]), int(inner[b])
        if x != y:
            ties.setdefault(x, {})[y] = ties.setdefault(y, {})[x] = [*ties.get(x, {}).get(y, ()), tie]
    members = np.flatnonzero((nodes == np.arange(len(nodes))) & touched[inner])
    groups: dict[int, list[int]] = {}
    for node in members.tolist():
        groups.setdefault(int(inner[node]), []).append(node)
    for group in groups:
        ties.setdefault(group, {})
    return groups, {group: len(nodes_in) for group, nodes_in in groups.items()}, ties, told


def _mean_tie(bond: list[float], a: int, b: int, counted: float) -> float:
    """Return the mean of the weakest ties of two groups: of all that are known, and no fewer than are asked for."""
    asked = max(len(bond), min(a, CIRCLE) * min(b, CIRCLE))
    taken = ceil(counted * asked)
    missing = asked - len(bond)
    if missing >= taken:
        return 0.0
    weakest = bond if taken == asked else sorted(bond)[: taken - missing]
    return fsum(weakest) / taken


def _described(inner: NDArray[np.int32], groups: dict[int, list[int]], told: Ties) -> Clusters:
    """Turn groups into labels and tell what holds each together; one with a single inner cluster has nothing to tell."""
    label_of = np.arange(len(inner), dtype=np.int32)
    result = Clusters(label_of)
    for nodes in groups.values():
        inside = sorted({int(inner[node]) for node in nodes})
        if len(inside) < 2:
            continue
        label = inside[0]
        label_of[inside] = label
        among = set(nodes)
        ties = {n: [tie for other, tie in told.get(n, {}).items() if other in among] for n in sorted(nodes)}
        asked = min(len(nodes) - 1, CIRCLE)
        held = {n: min(1.0, sum(sorted(found)[-asked:]) / asked) for n, found in ties.items()}
        result.centre[label] = max(held, key=held.__getitem__)
        result.cohesion[label] = sum(held.values()) / len(held)
        result.weakest[label] = min(held, key=held.__getitem__)
        result.weakest_score[label] = held[result.weakest[label]]
    result.labels[:] = label_of[inner]
    return result
