"""Pairs to groups that have a centre: the likeliest pair merges first; what a centre is, ``cluster`` says.

The members of a group hang together in a list. A merge costs what the smaller group's members have in ties.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import NO_BETTER


@compiled
def join_groups(
    bounds: Any, others: Any, scores: Any, left: Any, right: Any, least: float, group_of: Any, pull: Any
) -> None:
    """Merge the groups of one pair of rows after the other, where the merged one has a centre.

    ``bounds`` : int64[n_rows + 1]: row ``i`` is tied to ``others`` : int32[n_ties] from ``bounds[i]`` to ``bounds[i + 1]``
    by ``scores`` : float64[n_ties]. ``left, right`` : int32[n_pairs], in the order they are to merge; ``least`` : the
    mean score a centre has. Filled: ``group_of`` : int32[n_rows], a row of the group for all its members; ``pull`` :
    float64[n_rows], the sum of each row's ties within its group.
    """
    n_rows = len(group_of)
    first = np.arange(n_rows)  # of each group's list
    last = np.arange(n_rows)
    following = np.full(n_rows, -1)
    sizes = np.ones(n_rows, np.int64)
    centre = np.arange(n_rows)
    gained = np.zeros(n_rows)
    is_asked = np.zeros(n_rows, np.bool_)
    asked = np.empty(n_rows, np.int64)
    for row in range(n_rows):
        group_of[row] = row
        pull[row] = 0.0
    for p in range(len(left)):
        large, small = group_of[left[p]], group_of[right[p]]
        if large == small:
            continue
        if sizes[large] < sizes[small]:
            large, small = small, large
        asked[0], asked[1] = centre[large], centre[small]
        is_asked[asked[0]] = is_asked[asked[1]] = True
        n_asked = 2
        row = first[small]
        while row >= 0:
            for t in range(bounds[row], bounds[row + 1]):
                if group_of[others[t]] == large:
                    for end in (row, np.int64(others[t])):
                        gained[end] += scores[t]
                        if not is_asked[end]:
                            is_asked[end] = True
                            asked[n_asked] = end
                            n_asked += 1
            row = following[row]
        asked[:n_asked].sort()
        chosen, best = -1, -1.0
        for row in asked[:n_asked]:
            now = pull[row] + gained[row]
            across = sizes[large] if group_of[row] == small else sizes[small]
            held = now >= least * (sizes[large] + sizes[small] - 1) and gained[row] >= least * across
            if held and now > best + NO_BETTER:
                chosen, best = row, now
        for row in asked[:n_asked]:
            if chosen >= 0:
                pull[row] += gained[row]
            gained[row] = 0.0
            is_asked[row] = False
        if chosen < 0:
            continue
        row = first[small]
        while row >= 0:
            group_of[row] = large
            row = following[row]
        following[last[large]] = first[small]
        last[large] = last[small]
        sizes[large] += sizes[small]
        centre[large] = chosen
