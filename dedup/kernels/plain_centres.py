"""The kernel of clusters in plain Python: pairs to groups that have a centre; see ``plain``."""

from __future__ import annotations

from typing import Any

from dedup.kernels.elements import NO_BETTER


def join_groups(
    bounds: Any, others: Any, scores: Any, left: Any, right: Any, least: float, group_of: Any, pull: Any
) -> None:
    """See ``centres.join_groups``."""
    edges = bounds.tolist()
    tied = list(zip(others.tolist(), scores.tolist(), strict=True))
    groups = list(range(len(group_of)))
    members = [[row] for row in groups]
    centre = list(groups)
    pulls = [0.0] * len(groups)
    for a, b in zip(left.tolist(), right.tolist(), strict=True):
        large, small = groups[a], groups[b]
        if large == small:
            continue
        if len(members[large]) < len(members[small]):
            large, small = small, large
        gained = dict.fromkeys((centre[large], centre[small]), 0.0)
        for row in members[small]:
            for other, score in tied[edges[row] : edges[row + 1]]:
                if groups[other] == large:
                    gained[row] = gained.get(row, 0.0) + score
                    gained[other] = gained.get(other, 0.0) + score
        size = len(members[large]) + len(members[small])
        chosen, best = -1, -1.0
        for row, more in sorted(gained.items()):
            now = pulls[row] + more
            across = size - len(members[groups[row]])
            if now >= least * (size - 1) and more >= least * across and now > best + NO_BETTER:
                chosen, best = row, now
        if chosen < 0:
            continue
        for row, more in gained.items():
            pulls[row] += more
        for row in members[small]:
            groups[row] = large
        members[large] += members[small]
        members[small] = []
        centre[large] = chosen
    group_of[:] = groups
    pull[:] = pulls
