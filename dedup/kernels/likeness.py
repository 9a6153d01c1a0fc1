"""Salient terms to likeness: cosines of two articles' terms."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import IN_OPENING, IN_TITLE, IS_NAME, IS_NUMBER

_1, _ODD = np.uint64(1), np.uint32(1)
_ROOM = np.uint64(8)  # slots for each term: hardly one is taken already, and no processor has to guess
_NONE = np.float32(0)
_PROMINENT = IN_TITLE | IN_OPENING


@compiled(inline="always")
def table_mask(n: Any) -> Any:
    """Return the mask of a table with room for so many entries."""
    mask = _1
    while mask < _ROOM * n:
        mask = mask << _1 | _1
    return mask


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
    much of its title the other article has, by weight, the lesser share of the two. ``terms``, none 0, are sorted within
    each article; ``lengths`` from ``term_lengths``; ``left, right`` : int32[n_pairs], soonest done in the order of left.
    """
    most = np.uint64(1)
    for p in range(len(left)):
        most = max(most, np.uint64(offsets[left[p] + 1] - offsets[left[p]]))
    mask = table_mask(most)
    keys = np.zeros(mask + _1, np.uint32)  # the terms of the left article: its pairs stand together
    places = np.empty(mask + _1, np.uint64)
    ours, theirs = np.empty(most + _1, np.uint64), np.empty(most + _1, np.uint64)
    products = np.empty(6, np.float32)
    hashed = -1
    for p in range(len(left)):
        a, b = left[p], right[p]
        if a != hashed:
            hashed = a
            keys[:] = 0
            for i in range(np.uint64(offsets[a]), np.uint64(offsets[a + 1])):
                slot = np.uint64(terms[i] >> _ODD) & mask
                while keys[slot] != 0:
                    slot = (slot + _1) & mask
                keys[slot] = terms[i]
                places[slot] = i
        n = np.uint64(0)
        for j in range(np.uint64(offsets[b]), np.uint64(offsets[b + 1])):
            term = terms[j]
            slot = np.uint64(term >> _ODD) & mask
            met = keys[slot]
            while (met != term) & (met != 0):
                slot = (slot + _1) & mask
                met = keys[slot]
            ours[n] = places[slot]
            theirs[n] = j
            n += np.uint64(met == term)
        everything = opening = headline = actors = figures = topic = told_left = told_right = _NONE
        for k in range(n):
            i, j = ours[k], theirs[k]
            one, other = flags[i], flags[j]
            both, either = one & other, one | other
            product = weights[i] * weights[j]
            everything += product
            opening += product if ((one & _PROMINENT) != 0) & ((other & _PROMINENT) != 0) else _NONE
            headline += product if both & IN_TITLE else _NONE
            actors += product if both & IS_NAME else _NONE
            figures += product if both & (IS_NAME | IS_NUMBER) == IS_NUMBER else _NONE
            topic += product if either & (IS_NAME | IS_NUMBER) == 0 else _NONE
            told_left += weights[i] if one & IN_TITLE else _NONE
            told_right += weights[j] if other & IN_TITLE else _NONE
        products[0], products[1], products[2] = everything, opening, headline
        products[3], products[4], products[5] = actors, figures, topic
        for field in range(6):
            length = lengths[a, field] * lengths[b, field]
            out[p, field] = min(products[field] / length, np.float32(1)) if length > 0 else np.nan
        if lengths[a, 6] > 0 and lengths[b, 6] > 0:
            out[p, 6] = min(told_left / lengths[a, 6], told_right / lengths[b, 6], np.float32(1))
        else:
            out[p, 6] = np.nan
