"""Salient terms to likeness: cosines of two articles' terms, and the likest candidates of each article."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import IN_OPENING, IN_TITLE, IS_NAME, IS_NUMBER


@compiled
def term_lengths(weights: Any, flags: Any, offsets: Any, lengths: Any) -> None:
    """Fill ``lengths`` : float32[n_articles, 7]: how long each article's vector of terms is in each field.

    The fields are the cosines of ``likeness_batch``; the last is the plain sum of the weights of the title's terms.
    """
    for i in range(len(offsets) - 1):
        for field in range(7):
            lengths[i, field] = 0
        for e in range(offsets[i], offsets[i + 1]):
            square = weights[e] * weights[e]
            flag = flags[e]
            lengths[i, 0] += square
            if flag & (IN_TITLE | IN_OPENING):
                lengths[i, 1] += square
            if flag & IN_TITLE:
                lengths[i, 2] += square
                lengths[i, 6] += weights[e]
            if flag & IS_NAME:
                lengths[i, 3] += square
            elif flag & IS_NUMBER:
                lengths[i, 4] += square
            else:
                lengths[i, 5] += square
        for field in range(6):
            lengths[i, field] = np.sqrt(lengths[i, field])


@compiled
def likeness_batch(
    terms: Any, weights: Any, flags: Any, offsets: Any, lengths: Any, left: Any, right: Any, out: Any
) -> None:
    """Fill ``out`` : float32[n_pairs, 7] with the cosines of two articles' terms, NaN where one has none.

    The fields: all terms, those in title or opening of both, in the titles, names, numbers, and the rest; then how
    much of its title the other article has, by weight, the lesser share of the two. ``terms`` are sorted within each
    article; ``lengths`` from ``term_lengths``; ``left, right`` : int32[n_pairs].
    """
    products = np.empty(8, np.float32)
    for p in range(len(left)):
        a, b = left[p], right[p]
        i, end_i = np.uint64(offsets[a]), np.uint64(offsets[a + 1])
        j, end_j = np.uint64(offsets[b]), np.uint64(offsets[b + 1])
        products[:] = 0
        while i < end_i and j < end_j:
            x, y = terms[i], terms[j]
            if x == y:
                product = weights[i] * weights[j]
                both = flags[i] & flags[j]
                products[0] += product
                if flags[i] & (IN_TITLE | IN_OPENING) and flags[j] & (IN_TITLE | IN_OPENING):
                    products[1] += product
                if both & IN_TITLE:
                    products[2] += product
                if flags[i] & IN_TITLE:
                    products[6] += weights[i]
                if flags[j] & IN_TITLE:
                    products[7] += weights[j]
                if both & IS_NAME:
                    products[3] += product
                elif both & IS_NUMBER:
                    products[4] += product
                elif not (flags[i] | flags[j]) & (IS_NAME | IS_NUMBER):
                    products[5] += product
            i += np.uint64(x <= y)
            j += np.uint64(y <= x)
        for field in range(6):
            length = lengths[a, field] * lengths[b, field]
            out[p, field] = min(products[field] / length, np.float32(1)) if length > 0 else np.nan
        if lengths[a, 6] > 0 and lengths[b, 6] > 0:
            out[p, 6] = min(products[6] / lengths[a, 6], products[7] / lengths[b, 6], np.float32(1))
        else:
            out[p, 6] = np.nan


@compiled
def rivals(left: Any, right: Any, subject: Any, best: Any) -> None:
    """Fill ``best`` : float32[n_articles, k] with each article's likest candidates, likest first, -1 where there are fewer.

    ``subject`` : float32[n_pairs], likeness of the pairs ``left, right`` : int32[n_pairs].
    """
    best[:] = -1
    most = best.shape[1]
    for p in range(len(left)):
        for side in range(2):
            row = best[left[p] if side == 0 else right[p]]
            x = subject[p]
            for k in range(most):
                if x > row[k]:
                    x, row[k] = row[k], x
