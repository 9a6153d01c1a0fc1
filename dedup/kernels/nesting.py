"""Ties to groups that hold together: the two that are tied best merge first.

A *bond* is what two groups are tied by: the ties between their members. Bonds are places in flat arrays; those of one
group hang together in a list, and all that are strong enough stand in one heap, each once. Where only the weakest ties
of a bond count, it keeps two skew heaps (Sleator, Tarjan 1986), of what counts and of what does not, which meld in
logarithmic time. Memory is linear in the ties, whatever merges.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled

_COUNTED, _SPARED = 0, 1
_LOW_32 = np.int64((1 << 32) - 1)
_PART = float(1 << 29)
"""A tie of 2^-6 and more is two whole numbers of so many parts each, so that sums are exact in any order."""


@compiled
def merge_groups(
    left: Any, right: Any, ties: Any, sizes: Any, days: Any, longest: int, counted: float, threshold: float, least: float, circle: int, merged: Any
) -> None:  # fmt: skip
    """Fill ``merged`` : int32[n_groups] with the smallest group each has become one with.

    ``left`` < ``right`` : int32[n_ties], the groups tied, sorted; ``ties`` : float64[n_ties], 2^-6 to 1; ``sizes`` :
    int64[n_groups], members. Two groups are tied by the mean of the weakest share ``counted`` of what is asked: all
    their ties, and no fewer than a tie of each member to ``circle`` others, missing ones being nothing. It must reach
    ``least``, between single members ``threshold``. The best tied merge first, of equals the smallest numbers.
    ``days`` : int64[n_groups, 2], the first and the last day of each (for one without: the last before the first); no
    two become one that would together be longer than ``longest`` days.
    """
    n_groups = len(sizes)
    members = sizes.copy()
    spans = days.copy()
    n_bonds = 0
    for t in range(len(ties)):
        n_bonds += t == 0 or left[t] != left[t - 1] or right[t] != right[t - 1]
    ends = np.empty(2 * n_bonds, np.int32)  # the ends of bond k are 2k and 2k + 1, each in the list of its group
    following = np.empty(2 * n_bonds, np.int32)
    first = np.full(n_groups, -1, np.int32)
    known = np.zeros(n_bonds, np.int32)
    taken = np.zeros(n_bonds, np.int32)
    sums = np.zeros((n_bonds, 2), np.int64)
    heads = np.full((n_bonds, 2), -1, np.int32)
    kids = np.full((len(ties) if counted < 1 else 0, 2), -1, np.int32)
    k = -1
    for t in range(len(ties)):
        if t == 0 or left[t] != left[t - 1] or right[t] != right[t - 1]:
            k += 1
            for end in range(2 * k, 2 * k + 2):
                group = left[t] if end == 2 * k else right[t]
                ends[end] = group
                following[end] = first[group]
                first[group] = end
        known[k] += 1
        taken[k] += 1
        high = np.floor(ties[t] * _PART)
        sums[k, 0] += np.int64(high)
        sums[k, 1] += np.int64((ties[t] * _PART - high) * _PART)
        if counted < 1:
            heads[k, _COUNTED] = _meld(heads[k, _COUNTED], np.int32(t), -1.0, ties, kids)
    names = np.empty(n_bonds, np.int64)
    heap = np.empty(n_bonds, np.int32)
    scores = np.empty(n_bonds)  # by place in the heap
    place = np.full(n_bonds, -1, np.int32)
    changed = np.arange(n_bonds).astype(np.int32)
    n_heap = _rank(  # of the types of the call below, lest it is compiled twice
        changed, np.int64(0), ends, members, spans, longest, known, taken, sums, heads, kids, ties, counted, threshold, least, circle, names, heap, scores, place
    )  # fmt: skip
    bond_to = np.zeros(n_groups, np.int32)  # of the group that grew last; where its ends are others, there is none
    latest = -1
    for group in range(n_groups):
        merged[group] = group
    while n_heap > 0:
        k = heap[0]
        a, b = names[k] >> 32, names[k] & _LOW_32
        merged[b] = a
        more_asked = members[a] < circle
        members[a] += members[b]
        spans[a, 0] = min(spans[a, 0], spans[b, 0])
        spans[a, 1] = max(spans[a, 1], spans[b, 1])
        known[k] = 0
        changed[0] = k
        n_changed = 1
        before = -1
        end = first[a] if more_asked or a != latest else np.int32(-1)
        latest = a
        while end >= 0:
            after = following[end]
            k = end >> 1
            if known[k] > 0:
                bond_to[ends[end ^ 1]] = k
                if more_asked:
                    changed[n_changed] = k
                    n_changed += 1
                before = end
            elif before < 0:
                first[a] = after
            else:
                following[before] = after
            end = after
        end = first[b]
        while end >= 0:
            after = following[end]
            k = end >> 1
            if known[k] > 0:
                changed[n_changed] = k
                n_changed += 1
                other = ends[end ^ 1]
                same = bond_to[other]
                x, y = ends[2 * same], ends[2 * same + 1]
                if known[same] > 0 and ((x == a and y == other) or (x == other and y == a)):
                    known[same] += known[k]
                    known[k] = 0
                    taken[same] += taken[k]
                    for part in range(2):
                        sums[same, part] += sums[k, part]
                        sign = -1.0 if part == _COUNTED else 1.0
                        heads[same, part] = _meld(heads[same, part], heads[k, part], sign, ties, kids)
                    if not more_asked:
                        changed[n_changed] = same
                        n_changed += 1
                else:
                    bond_to[other] = k
                    ends[end] = a
                    following[end] = first[a]
                    first[a] = end
            end = after
        n_heap = _rank(
            changed[:n_changed], n_heap, ends, members, spans, longest, known, taken, sums, heads, kids, ties, counted, threshold, least, circle, names, heap, scores, place
        )  # fmt: skip
    for group in range(n_groups):
        merged[group] = merged[merged[group]]


@compiled
def _meld(a: Any, b: Any, sign: Any, ties: Any, kids: Any) -> Any:
    """Return the top of two skew heaps as one: the smallest tie, with ``sign`` -1 the largest."""
    if a >= 0 and b >= 0 and sign * ties[b] < sign * ties[a]:
        a, b = b, a
    top = a if a >= 0 else b
    while a >= 0 and b >= 0:
        kid = kids[a, 1]
        kids[a, 1] = kids[a, 0]
        if kid >= 0 and sign * ties[kid] <= sign * ties[b]:
            kids[a, 0] = kid
            a = kid
        else:
            kids[a, 0] = b
            a, b = b, kid
    return top


@compiled
def _rank(
    changed: Any, n_heap: int, ends: Any, members: Any, spans: Any, longest: int, known: Any, taken: Any, sums: Any, heads: Any, kids: Any, ties: Any, counted: float, threshold: float, least: float, circle: int, names: Any, heap: Any, scores: Any, place: Any
) -> int:  # fmt: skip
    """Weigh bonds anew and put each where it belongs in the heap; return how many stand there."""
    for q in range(len(changed)):
        k = changed[q]
        a, b = np.int64(ends[2 * k]), np.int64(ends[2 * k + 1])
        score = 0.0
        span = max(spans[a, 1], spans[b, 1]) - min(spans[a, 0], spans[b, 0])
        if known[k] > 0 and span <= longest:
            n = np.int64(known[k])
            asked = max(n, min(members[a], circle) * min(members[b], circle))
            share = np.int64(ceil(counted * asked))
            wanted = max(np.int64(0), share - (asked - n))
            while True:
                low, high = heads[k, _COUNTED], heads[k, _SPARED]
                if taken[k] < wanted:
                    source = _SPARED
                elif taken[k] > wanted or (low >= 0 and high >= 0 and ties[low] > ties[high]):
                    source = _COUNTED
                else:
                    break
                sign = 1.0 if source == _SPARED else -1.0
                tie = heads[k, source]
                heads[k, source] = _meld(kids[tie, 0], kids[tie, 1], sign, ties, kids)
                kids[tie, 0] = kids[tie, 1] = -1
                heads[k, 1 - source] = _meld(heads[k, 1 - source], tie, -sign, ties, kids)
                more = 1 if source == _SPARED else -1
                upper = np.floor(ties[tie] * _PART)
                taken[k] += more
                sums[k, 0] += more * np.int64(upper)
                sums[k, 1] += more * np.int64((ties[tie] * _PART - upper) * _PART)
            if wanted > 0:
                mean = (sums[k, 0] * _PART + sums[k, 1]) / (_PART * _PART) / share
                if mean >= (least if members[a] * members[b] > 1 else threshold):
                    score = mean
        names[k] = (min(a, b) << 32) | max(a, b)
        at = np.int64(place[k])
        if score > 0:
            if at < 0:
                at = np.int64(n_heap)
                n_heap += 1
        elif at < 0:
            continue
        else:
            place[k] = -1
            n_heap -= 1
            if at == n_heap:
                continue
            k = heap[n_heap]
            score = scores[n_heap]
        name = names[k]
        while at > 0:
            above = (at - 1) >> 1
            if scores[above] > score or (scores[above] == score and names[heap[above]] < name):
                break
            heap[at], scores[at] = heap[above], scores[above]
            place[heap[at]] = at
            at = above
        while 2 * at + 1 < n_heap:
            below = 2 * at + 1
            if below + 1 < n_heap and scores[below + 1] >= scores[below]:
                below += scores[below + 1] > scores[below] or names[heap[below + 1]] < names[heap[below]]
            if scores[below] < score or (scores[below] == score and names[heap[below]] > name):
                break
            heap[at], scores[at] = heap[below], scores[below]
            place[heap[at]] = at
            at = below
        heap[at], scores[at] = k, score
        place[k] = at
    return n_heap


@compiled
def best_ties(left: Any, right: Any, ties: Any, best: Any) -> None:
    """Fill ``best`` : float64[n_members, most] (zeros) with the best ties of each member, the best first.

    ``left, right`` : int32[n_ties], the members tied; ``ties`` : float64[n_ties].
    """
    last = best.shape[1] - 1
    for t in range(len(ties)):
        for side in range(2):
            member = left[t] if side == 0 else right[t]
            if ties[t] > best[member, last]:
                k = last
                while k > 0 and best[member, k - 1] < ties[t]:
                    best[member, k] = best[member, k - 1]
                    k -= 1
                best[member, k] = ties[t]
