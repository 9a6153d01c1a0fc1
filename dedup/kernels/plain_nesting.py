"""The kernels of nesting in plain Python: ties to groups that hold together; see ``plain``."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from math import ceil, fsum
from typing import Any


def merge_groups(
    left: Any, right: Any, ties: Any, sizes: Any, days: Any, longest: int, counted: float, threshold: float, least: float, circle: int, merged: Any
) -> None:  # fmt: skip
    """See ``nesting.merge_groups``."""
    members = sizes.tolist()
    spans = days.tolist()

    def tied(bond: list[float], a: int, b: int) -> float:
        """Return what two groups are tied by; nothing if that is too little to be one, or they together are too long."""
        if max(spans[a][1], spans[b][1]) - min(spans[a][0], spans[b][0]) > longest:
            return 0.0
        found = mean_tie(bond, min(members[a], circle) * min(members[b], circle), counted)
        return found if found >= (least if members[a] * members[b] > 1 else threshold) else 0.0

    bonds: list[dict[int, list[float]]] = [{} for _ in members]
    for a, b, tie in zip(left.tolist(), right.tolist(), ties.tolist(), strict=True):
        bonds[a].setdefault(b, []).append(tie)
        bonds[b][a] = bonds[a][b]
    into = list(range(len(members)))
    heap = [
        (-score, a, b)
        for a, others in enumerate(bonds)
        for b, bond in others.items()
        if a < b and (score := tied(bond, a, b))
    ]
    heapify(heap)
    while heap:
        score, a, b = heappop(heap)
        if b not in bonds[a] or tied(bonds[a][b], a, b) != -score:
            continue
        into[b] = a
        members[a] += members[b]
        spans[a] = [min(spans[a][0], spans[b][0]), max(spans[a][1], spans[b][1])]
        del bonds[a][b], bonds[b][a]
        for other, bond in bonds[b].items():
            bonds[a][other] = bonds[a].get(other, []) + bond
            del bonds[other][b]
            bonds[other][a] = bonds[a][other]
        bonds[b] = {}
        for other, bond in bonds[a].items():
            if now := tied(bond, a, other):
                heappush(heap, (-now, min(a, other), max(a, other)))
    for group, smaller in enumerate(into):
        merged[group] = into[group] = into[smaller]


def best_ties(left: Any, right: Any, ties: Any, best: Any) -> None:
    """See ``nesting.best_ties``."""
    found: list[list[float]] = [[] for _ in best]
    for a, b, tie in zip(left.tolist(), right.tolist(), ties.tolist(), strict=True):
        found[a].append(tie)
        found[b].append(tie)
    most = best.shape[1]
    for row, mine in zip(best, found, strict=True):
        mine.sort(reverse=True)
        row[: len(mine)] = mine[:most]


def mean_tie(bond: list[float], asked: int, counted: float) -> float:
    """Return the mean of the weakest share of the ties asked for: of all there are, and no fewer than ``asked``."""
    asked = max(len(bond), asked)
    taken = ceil(counted * asked)
    missing = asked - len(bond)
    if missing >= taken:
        return 0.0
    weakest = bond if taken == asked else sorted(bond)[: taken - missing]
    return fsum(weakest) / taken
