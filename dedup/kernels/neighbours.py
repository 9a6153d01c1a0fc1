"""Salient terms to neighbours: for each article those that share the most weight of terms, near in time.

An inverted index: per term the articles that have it, in the order of their dates. An article looks at the entries of
its terms that are nearest in time, a bounded number on either side, so that the work grows with the number of articles
and not with its square.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.settings import NO_DATE

_NO_DATE = np.int32(NO_DATE)
_0, _1, _32 = np.uint64(0), np.uint64(1), np.uint64(32)


@compiled
def count_terms(terms: Any, keys: Any, counts: Any, places: Any) -> int:
    """Count how many entries each term has and return how many terms there are.

    ``terms`` : uint32[n], none 0. ``keys`` : uint32[power of two], zeros, at least twice the number of terms. Filled:
    ``keys`` and ``counts`` : int32, an open-addressing table; ``places`` : int32[n], each entry's slot in it.
    """
    mask = np.uint64(len(keys) - 1)
    found = 0
    for e in range(np.uint64(len(terms))):
        key = terms[e]
        slot = (np.uint64(key) >> _1) & mask
        while keys[slot] != 0 and keys[slot] != key:
            slot = (slot + _1) & mask
        if keys[slot] == 0:
            keys[slot] = key
            found += 1
        counts[slot] += 1
        places[e] = np.int32(slot)
    return found


@compiled
def post_terms(
    slots: Any, weights: Any, offsets: Any, order: Any, lists: Any, owners: Any, shares: Any, at: Any
) -> None:
    """Fill the inverted index: the entries of a term stand together, in the given order of articles.

    ``slots`` : int32[n_entries], the term of each entry (negative: left out); ``weights`` : float32[n_entries];
    article i's entries are ``offsets[i]`` to ``offsets[i + 1]``; ``order`` : int32[n_articles], articles in time.
    ``lists`` : int64[n_slots + 1], where each term's entries begin. Filled: ``owners`` : int32[...], places in
    ``order``; ``shares`` : float32[...]; ``at`` : int32[n_entries], where each entry went.
    """
    filled = np.zeros(len(lists), np.int32)
    for place in range(len(order)):
        article = order[place]
        for e in range(offsets[article], offsets[article + 1]):
            slot = slots[e]
            if slot < 0:
                continue
            k = lists[slot] + filled[slot]
            filled[slot] += 1
            owners[k] = place
            shares[k] = weights[e]
            at[e] = k


@compiled
def neighbours(
    first: int,
    last: int,
    slots: Any,
    weights: Any,
    offsets: Any,
    order: Any,
    lists: Any,
    undated: Any,
    owners: Any,
    shares: Any,
    at: Any,
    days: Any,
    nearness: Any,
    unknown: Any,
    reach: int,
    top: int,
    least: Any,
    out: Any,
) -> int:
    """Write each article's nearest others, for the places ``first`` up to ``last`` in time; return how many links.

    The arrays are those of ``post_terms``; ``undated`` : int64[n_slots], where each term's undated entries begin; they
    come last. ``days`` : int32[n_places]. The score of a pair is the sum of the products of its weights times
    ``nearness`` : float32[n_days] of the days between them (its last entry for any longer time), or ``unknown`` where
    one has no date. An article looks ``reach`` entries to either side in its own part of a list, and into the other
    part if that has at most ``reach`` entries. Kept are the ``top`` best with a score of at least ``least``, then by
    row. ``out`` : uint64[(last - first) * top], two articles, the smaller in the high half.
    """
    n_places = len(order)
    sums = np.zeros(n_places, np.float32)
    touched = np.empty(n_places + 1, np.uint32)
    best = np.empty(top + 1, np.float32)
    whom = np.empty(top + 1, np.int64)
    k = 0
    for place in range(first, last):
        article = order[place]
        mine = days[place]
        n_touched = _0
        for e in range(offsets[article], offsets[article + 1]):
            slot = slots[e]
            if slot < 0:
                continue
            weight = weights[e]
            here = at[e]
            start, split, stop = lists[slot], undated[slot], lists[slot + 1]
            for part in range(2):
                low, high = (start, split) if part == 0 else (split, stop)
                if low <= here < high:
                    low = max(low, here - reach)
                    high = min(high, here + reach + 1)
                elif high - low > reach:
                    continue
                for q in range(np.uint64(low), np.uint64(high)):
                    other = np.uint32(owners[q])
                    touched[n_touched] = other
                    n_touched += np.uint64(sums[other] == 0)
                    sums[other] += weight * shares[q]
        kept = 0
        for t in range(n_touched):
            other = touched[t]
            score = sums[other]
            sums[other] = np.float32(0)
            if other == place or score < least:
                continue
            theirs = days[other]
            if mine == _NO_DATE or theirs == _NO_DATE:
                score *= unknown
            else:
                gap = abs(mine - theirs)
                score *= nearness[min(gap, len(nearness) - 1)]
            if score < least or (kept == top and score < best[kept - 1]):
                continue
            j = min(kept, top - 1)
            if kept == top and not (score > best[j] or (score == best[j] and order[other] < whom[j])):
                continue
            while j > 0 and (best[j - 1] < score or (best[j - 1] == score and whom[j - 1] > order[other])):
                best[j] = best[j - 1]
                whom[j] = whom[j - 1]
                j -= 1
            best[j] = score
            whom[j] = order[other]
            kept = min(kept + 1, top)
        for j in range(kept):
            low, high = min(whom[j], np.int64(article)), max(whom[j], np.int64(article))
            out[k] = (np.uint64(low) << _32) | np.uint64(high)
            k += 1
    return k
