"""Likeness of candidates to rivals: the likest of each article, and the rank a pair has among them.

Copies of one text are one rival, and no rivals of each other: a report printed by twenty outlets stands out like one
printed by one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled

_1 = np.uint64(1)


@compiled
def rivals(left: Any, right: Any, score: Any, groups: Any, best: Any, whom: Any) -> None:
    """Fill ``best`` : float32[n_articles, k] with the highest scores of each article's pairs, -1 where there are fewer.

    ``score`` : float32[n_pairs], 0 and more, of the pairs ``left, right`` : int32[n_pairs]; ``groups`` : int32[n_articles],
    equal for copies of one text. Pairs within a group do not count, of an article's pairs with a group the highest does.
    Filled beside ``best`` is ``whom`` : int32[n_articles, k], the group, -1 where there is none; equal scores stand in
    the order of their groups.
    """
    best[:] = -1
    whom[:] = -1
    most = best.shape[1]
    for p in range(len(left)):
        if groups[left[p]] == groups[right[p]]:
            continue
        for side in range(2):
            article = np.uint64(left[p] if side == 0 else right[p])
            group = groups[right[p] if side == 0 else left[p]]
            x, k = score[p], 0
            while k < most and (best[article, k] > x or (best[article, k] == x and whom[article, k] < group)):
                if whom[article, k] == group:
                    k = most
                k += 1
            late = group
            while k < most:
                x, best[article, k] = best[article, k], x
                late, whom[article, k] = whom[article, k], late
                if late == group or late < 0:
                    break
                k += 1


@compiled
def standing(left: Any, right: Any, score: Any, groups: Any, best: Any, whom: Any, out: Any) -> None:
    """Fill ``out`` : float32[n_pairs] with the mean of 1 / rank that each pair has among the best of either article.

    ``left, right, score, groups, best, whom`` as in ``rivals``. A rank is one more than the number of scores above the
    pair's own that are not of the other article's group.
    """
    half = np.float32(0.5)
    most = best.shape[1]
    for p in range(len(left)):
        out[p] = 0
        for side in range(2):
            article = np.uint64(left[p] if side == 0 else right[p])
            group = groups[right[p] if side == 0 else left[p]]
            rank, k = _1, np.uint64(0)
            while k < np.uint64(most) and best[article, k] > score[p]:
                rank += np.uint64(whom[article, k] != group)
                k += _1
            out[p] += half / np.float32(rank)
