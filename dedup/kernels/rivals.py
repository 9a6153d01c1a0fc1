"""Likest candidates to standing: the rank a pair has among those of its two articles."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled

_1 = np.uint64(1)


@compiled
def standing(left: Any, right: Any, score: Any, best: Any, out: Any) -> None:
    """Fill ``out`` : float32[n_pairs] with the mean of 1 / rank that each pair has among the best of either article.

    ``score`` : float32[n_pairs], of the pairs ``left, right`` : int32[n_pairs]; ``best`` : float32[n_articles, k], the
    highest scores of each article, highest first. A rank is one more than the number of them above the pair's own.
    """
    half = np.float32(0.5)
    most = np.uint64(best.shape[1])
    p = np.uint64(0)
    while p < np.uint64(len(left)):
        a, b, x = np.uint64(left[p]), np.uint64(right[p]), score[p]
        i = j = np.uint64(0)
        while i < most and best[a, i] > x:
            i += _1
        while j < most and best[b, j] > x:
            j += _1
        out[p] = half / np.float32(i + _1) + half / np.float32(j + _1)
        p += _1
