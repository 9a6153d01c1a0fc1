"""Scored pairs to clusters that hold together.

Pairs are taken best first; two clusters merge only if the merged one still has a *centre*: a member to which the
others are, on average, likely enough related (a pair that was never a candidate counts as unrelated). That keeps
round-ups with all they contain and hubs with their excerpts, and breaks chains in which the ends know nothing of
each other. In: pairs and probabilities. Out: labels and what holds each cluster together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MIN_COHESION = 0.5
"""Mean probability of a cluster's members against its centre."""


@dataclass(slots=True)
class _Group:
    """A cluster on its way: its members, the member with the largest ``pull`` and that pull."""

    members: list[int]
    centre: int
    pull: float = 0.0


@dataclass(frozen=True, slots=True)
class Clusters:
    """``labels`` : int32[n], the smallest member of each row's cluster; the rest by label, for clusters of two or more.

    ``centre`` is the member the others are most likely related to, ``cohesion`` their mean probability against it,
    ``weakest`` the member whose best tie to the rest is loosest and ``weakest_score`` that tie.
    """

    labels: NDArray[np.int32]
    centre: dict[int, int] = field(default_factory=dict)
    cohesion: dict[int, float] = field(default_factory=dict)
    weakest: dict[int, int] = field(default_factory=dict)
    weakest_score: dict[int, float] = field(default_factory=dict)


def cluster_pairs(
    n: int, left: NDArray[np.int32], right: NDArray[np.int32], p: NDArray[np.float64], threshold: float
) -> Clusters:
    """Cluster ``n`` rows by their pairs: ``left, right`` : int32[n_pairs], ``p`` : float64[n_pairs], 0..1."""
    joined = p >= threshold
    active = np.zeros(n, bool)
    active[left[joined]] = True
    active[right[joined]] = True
    told = active[left] & active[right] & (p > 0)
    left, right, p = left[told], right[told], p[told]
    ties: dict[int, list[tuple[int, float]]] = {}
    for a, b, score in zip(left.tolist(), right.tolist(), p.tolist(), strict=True):
        ties.setdefault(a, []).append((b, score))
        ties.setdefault(b, []).append((a, score))
    group_of = {row: _Group([row], row) for row in ties}
    pull = dict.fromkeys(ties, 0.0)
    order = np.lexsort((right, left, -p))
    for k in order[p[order] >= threshold].tolist():
        _merge(group_of, pull, ties, int(left[k]), int(right[k]))
    return _describe(n, group_of, pull, ties)


def _merge(
    group_of: dict[int, _Group], pull: dict[int, float], ties: dict[int, list[tuple[int, float]]], a: int, b: int
) -> None:
    """Merge the clusters of two rows if the merged one has a centre."""
    large, small = group_of[a], group_of[b]
    if large is small:
        return
    if len(large.members) < len(small.members):
        large, small = small, large
    gained: dict[int, float] = {}
    for row in small.members:
        for other, score in ties[row]:
            if group_of[other] is large:
                gained[row] = gained.get(row, 0.0) + score
                gained[other] = gained.get(other, 0.0) + score
    centre, best = large.centre, large.pull + gained.get(large.centre, 0.0)
    for row in sorted({small.centre, *gained}):
        total = pull[row] + gained.get(row, 0.0)
        if total > best + 1e-12:
            centre, best = row, total
    size = len(large.members) + len(small.members)
    if best < MIN_COHESION * (size - 1):
        return
    for row, more in gained.items():
        pull[row] += more
    for row in small.members:
        group_of[row] = large
    large.members.extend(small.members)
    large.centre, large.pull = centre, best


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
