"""Scored pairs to clusters that hold together.

Pairs are taken best first; two clusters merge only if the merged one still has a *centre*: a member to which all
others, and the members of the part it did not come from, are on average likely enough related (a pair that was never
a candidate counts as unrelated). That keeps round-ups with all they contain and hubs with their excerpts, breaks
chains in which the ends know nothing of each other, and lets no single pair join two tight families. In: pairs and probabilities. Out: labels and what holds each cluster together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.results import Clusters

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_COHESION = 0.5
"""Mean probability of a cluster's members against its centre."""


@dataclass(slots=True)
class _Group:
    """A cluster on its way: its members and its centre."""

    members: list[int]
    centre: int


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
    told = active[left] & active[right] & (p > 0) & ~copies
    ties: dict[int, list[tuple[int, float]]] = {}
    for a, b, score in zip(left[told].tolist(), right[told].tolist(), p[told].tolist(), strict=True):
        ties.setdefault(a, []).append((b, score))
        ties.setdefault(b, []).append((a, score))
    group_of = {row: _Group([row], row) for row in ties}
    pull = dict.fromkeys(ties, 0.0)
    ranked = np.flatnonzero(joined)
    ranked = ranked[np.lexsort((right[ranked], left[ranked], -p[ranked]))]
    for a, b in zip(left[ranked].tolist(), right[ranked].tolist(), strict=True):
        one, other = group_of[a], group_of[b]
        if one is not other:
            _merge(group_of, pull, ties, one, other)
    followers = np.flatnonzero(copies & (p >= threshold))
    result = _describe(len(unit), group_of, pull, ties)
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


def _merge(
    group_of: dict[int, _Group],
    pull: dict[int, float],
    ties: dict[int, list[tuple[int, float]]],
    large: _Group,
    small: _Group,
) -> None:
    """Merge two clusters if the merged one has a centre."""
    if len(large.members) < len(small.members):
        large, small = small, large
    gained: dict[int, float] = {}
    for row in small.members:
        for other, score in ties[row]:
            if group_of[other] is large:
                gained[row] = gained.get(row, 0.0) + score
                gained[other] = gained.get(other, 0.0) + score
    centre = _centre(large, small, pull, gained)
    if centre < 0:
        return
    for row, more in gained.items():
        pull[row] += more
    for row in small.members:
        group_of[row] = large
    large.members.extend(small.members)
    large.centre = centre


def _centre(large: _Group, small: _Group, pull: dict[int, float], gained: dict[int, float]) -> int:
    """Return the centre the two would have as one, or -1; ``gained`` is what ties across them add to each pull."""
    size = len(large.members) + len(small.members)
    mine = set(small.members)
    centre, best = -1, -1.0
    for row in sorted({large.centre, small.centre, *gained}):
        more = gained.get(row, 0.0)
        others = len(large.members if row in mine else small.members)
        held = pull[row] + more >= MIN_COHESION * (size - 1) and more >= MIN_COHESION * others
        if held and pull[row] + more > best + 1e-12:
            centre, best = row, pull[row] + more
    return centre


def _describe(
    n: int, group_of: dict[int, _Group], pull: dict[int, float], ties: dict[int, list[tuple[int, float]]]
) -> Clusters:
    """Turn groups into labels and tell what holds each together."""
    result = Clusters(np.arange(n, dtype=np.int32))
    seen: set[int] = set()
    for row in sorted(group_of):
        group = group_of[row]
        if row in seen or len(group.members) < 2:
            continue
        seen.update(group.members)
        label = min(group.members)
        result.labels[group.members] = label
        best_tie = {m: max(score for other, score in ties[m] if group_of[other] is group) for m in group.members}
        weakest = min(sorted(best_tie), key=best_tie.__getitem__)
        centre = max(sorted(group.members), key=pull.__getitem__)
        result.centre[label] = centre
        result.cohesion[label] = min(1.0, pull[centre] / (len(group.members) - 1))
        result.weakest[label] = weakest
        result.weakest_score[label] = best_tie[weakest]
    return result
