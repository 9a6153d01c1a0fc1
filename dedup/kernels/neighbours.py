"""Salient terms to neighbours: for each article those that share the most weight of terms, near in time.

An inverted index: per term the articles that have it, in the order of their dates. An article looks at the entries of
its terms that are nearest in time, a bounded number on either side, so that the work grows with the number of articles
and not with its square.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import IS_SOUGHT
from dedup.settings import NO_DATE

_NO_DATE = np.int32(NO_DATE)
_0, _1, _32 = np.uint64(0), np.uint64(1), np.uint64(32)
_0_32 = np.float32(0)


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
def keep_shared(slots: Any, counts: Any, offsets: Any, flags: Any, starts: Any) -> int:
    """Keep the entries whose term two articles and more are sought by, and return how many terms these are.

    ``slots`` : int32[n_entries], below ``len(counts)``, negative for entries no neighbour is sought by. What is kept
    is moved to its front, with terms numbered anew from 0. ``flags`` : uint8[n_entries], ``IS_SOUGHT`` is set for what is
    kept. Article i's entries are ``offsets[i]`` to ``offsets[i + 1]``; filled is ``starts`` : int64[n_articles + 1],
    the same of what is kept. ``counts`` : int32[...], overwritten.
    """
    counts[:] = 0
    for e in range(np.uint64(len(slots))):
        if slots[e] >= 0:
            counts[np.uint64(slots[e])] += 1
    n_slots = 0
    for slot in range(np.uint64(len(counts))):
        shared = counts[slot] > 1
        counts[slot] = n_slots if shared else -1
        n_slots += shared
    kept = 0
    for i in range(len(starts) - 1):
        starts[i] = kept
        for e in range(np.uint64(offsets[i]), np.uint64(offsets[i + 1])):
            slot = counts[np.uint64(slots[e])] if slots[e] >= 0 else np.int32(-1)
            if slot >= 0:
                flags[e] |= IS_SOUGHT
                slots[kept] = slot
                kept += 1
    starts[len(starts) - 1] = kept
    return n_slots


@compiled
def post_terms(
    slots: Any, starts: Any, weights: Any, flags: Any, offsets: Any, order: Any, n_dated: int,
    lists: Any, undated: Any, owners: Any, shares: Any, at: Any,
) -> None:  # fmt: skip
    """Fill the inverted index: the entries of a term stand together, in the given order of articles.

    ``slots, starts, flags, offsets`` as ``keep_shared`` leaves them; ``weights`` : float32[n_entries]; ``order`` :
    int32[n_places], articles in time, the first ``n_dated`` of them dated. Filled: ``lists`` : int64[n_slots + 1], where
    the entries of each term begin, and ``undated`` : int64[n_slots], those of its undated articles; ``owners`` :
    uint32[n], places in ``order``; ``shares`` : float32[n]; ``at`` : int32[len(slots)], where each entry went.
    """
    lists[:] = 0
    undated[:] = 0
    for place in range(len(order)):
        article = order[place]
        for s in range(np.uint64(starts[article]), np.uint64(starts[article + 1])):
            slot = np.uint64(slots[s])
            lists[slot + _1] += 1
            undated[slot] += place < n_dated
    for slot in range(np.uint64(len(undated))):
        undated[slot] += lists[slot]
        lists[slot + _1] += lists[slot]
    ends = lists.copy()
    for place in range(len(order)):
        article = order[place]
        s = np.uint64(starts[article])
        for e in range(np.uint64(offsets[article]), np.uint64(offsets[article + 1])):
            if flags[e] & IS_SOUGHT:
                slot = np.uint64(slots[s])
                k = ends[slot]
                ends[slot] = k + 1
                owners[k] = place
                shares[k] = weights[e]
                at[s] = k
                s += _1


@compiled
def neighbours(
    first: int, last: int, slots: Any, starts: Any, order: Any, lists: Any, undated: Any, owners: Any, shares: Any,
    at: Any, days: Any, nearness: Any, unknown: Any, reach: int, near: int, heavy: Any, promise: Any, top: int,
    least: Any, out: Any,
) -> int:  # fmt: skip
    """Write each article's nearest others, for the places ``first`` up to ``last`` in time; return how many links.

    The arrays are those of ``post_terms``; ``days`` : int32[n_places]. The score of a pair is the sum of the products
    of its weights times ``nearness`` : float32[n_days], 0 to 1, of the days between them (its last entry for any longer
    time), or ``unknown``, 0 to 1, where one has no date. An article looks ``reach`` entries to either side in its own
    part of a list, and into the other part if that has at most ``reach`` entries. A dated article at first looks no
    further than ``near`` days by terms lighter than ``heavy`` times its mean weight (and than its heaviest); where
    somebody further away so reaches ``promise`` of the score it takes, it looks again, by all terms at full reach. Kept
    are the ``top`` best with a score of at least ``least``, then by row. ``out`` : uint64[(last - first) * top], two
    articles, the smaller in the high half.
    """
    n_places = len(order)
    sums = np.zeros(n_places, np.float32)
    touched = np.empty(n_places + 1, np.uint32)
    best = np.empty(top + 1, np.float32)
    whom = np.empty(top + 1, np.int64)
    k = left = right = 0
    for place in range(first, last):
        article = order[place]
        mine = days[place]
        limit = _0_32
        if mine != _NO_DATE:
            while left < place and (days[left] == _NO_DATE or days[left] < mine - near):
                left += 1
            while right < n_places and days[right] != _NO_DATE and days[right] <= mine + near:
                right += 1
            total = heaviest = _0_32
            for s in range(np.uint64(starts[article]), np.uint64(starts[article + 1])):
                total += shares[at[s]]
                heaviest = max(heaviest, shares[at[s]])
            mean = total / np.float32(max(1, starts[article + 1] - starts[article]))
            limit = min(heavy * mean, heaviest)
        while True:
            n_touched = _0
            for s in range(np.uint64(starts[article]), np.uint64(starts[article + 1])):
                slot = np.uint64(slots[s])
                here = np.int64(at[s])
                weight = shares[here]
                start, split, stop = lists[slot], undated[slot], lists[slot + _1]
                for part in range(2):
                    low, high = (start, split) if part == 0 else (split, stop)
                    if low <= here < high:
                        low = max(low, here - reach)
                        high = min(high, here + reach + 1)
                        if weight < limit:
                            if owners[low] < left:
                                low = here
                                while owners[low - 1] >= left:
                                    low -= 1
                            if owners[high - 1] >= right:
                                high = here + 1
                                while owners[high] < right:
                                    high += 1
                    elif high - low > reach:
                        continue
                    for q in range(np.uint64(low), np.uint64(high)):
                        other = owners[q]
                        known = sums[other]
                        sums[other] = known + weight * shares[q]
                        touched[n_touched] = other
                        n_touched += np.uint64(known == 0)
            kept = 0
            floor = least  # nobody below it can be among the best, as nearness only takes away
            far = _0_32
            for t in range(n_touched):
                other = touched[t]
                score = sums[other]
                sums[other] = np.float32(0)
                if score < floor or other == place:
                    continue
                theirs = days[other]
                if mine == _NO_DATE or theirs == _NO_DATE:
                    score *= unknown
                else:
                    gap = abs(mine - theirs)
                    score *= nearness[min(gap, len(nearness) - 1)]
                    if gap > near:
                        far = max(far, score)
                if score < floor:
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
                if kept == top:
                    floor = best[top - 1]
            if limit == 0 or far == 0 or far < promise * floor:
                break
            limit = _0_32
        for j in range(kept):
            low, high = min(whom[j], np.int64(article)), max(whom[j], np.int64(article))
            out[k] = (np.uint64(low) << _32) | np.uint64(high)
            k += 1
    return k
