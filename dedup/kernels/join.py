"""Sketches to candidate pairs: who shares a key with whom.

Both channels look alike: many (key, unit) entries, sorted; a *group* is a run of equal keys. Small groups link all
their members with each other. Large groups (a text copied a thousand times, a line of boilerplate in every article)
link each member with the group's first and with the one before it, so that the work stays linear.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import LAST, NEXT_ONLY
from dedup.kernels.fold import GOLDEN
from dedup.kernels.vectors import COMPARED, bit_count, ending_in, spread
from dedup.settings import LARGE_BANDS

_0, _1, _32 = np.uint64(0), np.uint64(1), np.uint64(32)
_GOLDEN, _29 = np.uint64(GOLDEN), np.uint64(29)
_LARGE_BANDS, _COMPARED = LARGE_BANDS, np.uint64(COMPARED)
_LOW_32 = np.uint64(0xFFFFFFFF)
_LAST, _NEXT_ONLY, _UNIT = np.uint32(LAST), np.uint32(NEXT_ONLY), np.uint32(NEXT_ONLY - 1)
_NONE, _ONE, _TO_LAST = np.uint32(0), np.uint32(1), np.uint32(1)
"""A member that links with the next alone makes it the last: bit 30 moves to bit 31."""
_WINDOW = np.uint64(1024)
"""So many kept shingles of an article are looked at before those found are written."""
_DIGIT, _DIGITS = np.uint64(11), 3
"""Keys of 32 bits are sorted by so many digits of so many bits: the counts of each stay in the nearest cache."""
_DIGIT_MASK = (_1 << _DIGIT) - _1


@compiled
def band_entries(signatures: Any, units: Any, first: int, rows: int, out: Any) -> None:
    """Fill ``out`` : uint64[n_units], unsorted, with the entries of the band of ``rows`` slots from slot ``first`` on.

    ``signatures`` : uint16[n_articles, n_slots]; ``units`` : int32[n_units]. In an entry the hash of a unit's slots
    stands in the high half and the unit in the low half.
    """
    for i in range(len(units)):
        key = np.uint64(first + 1)
        for slot in range(first, first + rows):
            key = (key ^ np.uint64(signatures[units[i], slot])) * _GOLDEN
            key ^= key >> _29
        out[i] = (key & ~_LOW_32) | np.uint64(units[i])


@compiled
def sort_entries(entries: Any, out: Any) -> None:
    """Write entries in the order of their keys, those with one key in the order they stand in.

    ``entries`` : uint64[n], the key in the high half; they are scratch space and lost. ``out`` : uint64[n].
    By digits from the lowest on (Knuth, The Art of Computer Programming 3, section 5.2.5, algorithm R).
    """
    n = np.uint64(len(entries))
    places = np.zeros((_DIGITS, 1 << np.int64(_DIGIT)), np.uint32)
    for i in range(n):
        key = entries[i] >> _32
        for digit in range(_DIGITS):
            places[digit, key & _DIGIT_MASK] += _ONE
            key >>= _DIGIT
    for digit in range(_DIGITS):
        before = _NONE
        for value in range(places.shape[1]):
            count = places[digit, value]
            places[digit, value] = before
            before += count
    source, target = entries, out
    shift = _32
    for digit in range(_DIGITS):  # an odd number: the last writes to ``out``
        place = places[digit]
        for i in range(n):
            entry = source[i]
            value = (entry >> shift) & _DIGIT_MASK
            target[place[value]] = entry
            place[value] += _ONE
        source, target = target, source
        shift += _DIGIT


@compiled
def band_links(entries: Any, cap: int, served: Any, out: Any) -> int:
    """Write the links of one band and return how many; where ``out`` is too short, return the number needed, negated.

    ``entries`` : uint64[n], sorted, the band's key in the high half and the unit in the low half. ``out`` :
    uint64[...], the smaller unit of a link in the high half and the larger in the low half. ``served`` :
    uint8[n_units], in how many bands each unit was linked in a large group; after ``LARGE_BANDS`` it is so no more.
    """
    n = len(entries)
    room = len(out)
    k = 0
    begin = 0
    for i in range(n):
        key = entries[i] >> _32
        if i > begin and (entries[begin] >> _32) != key:
            begin = i
        size = i - begin
        if size == 0:
            continue
        unit = entries[i] & _LOW_32
        large = i - begin >= cap or (begin + cap < n and (entries[begin + cap] >> _32) == key)
        if large:
            if served[unit] >= _LARGE_BANDS:
                continue
            served[unit] += 1
        for j in range(begin, i, max(1, size - 1) if large else 1):
            if k < room:
                out[k] = ((entries[j] & _LOW_32) << _32) | unit
            k += 1
    return k if k <= room else -k


@compiled
def large_groups(entries: Any, cap: int) -> Any:
    """Return how many groups of ``entries`` (as in ``band_links``) are larger than ``cap``, and the largest size."""
    n = len(entries)
    count = 0
    largest = 0
    begin = 0
    for i in range(1, n + 1):
        if i == n or (entries[i] >> _32) != (entries[begin] >> _32):
            size = i - begin
            largest = max(largest, size)
            count += size > cap
            begin = i
    return count, largest


@compiled
def slice_sizes(kept: Any, out: Any) -> None:
    """Count the shingles of each part of their range; ``out`` : int64[parts], zeros, see ``slice_entries``."""
    low = np.uint32(len(out) - 1)
    for i in range(np.uint64(len(kept))):
        out[kept[i] & low] += 1


@compiled
def slice_entries(kept: Any, offsets: Any, alive: Any, part: int, parts: int, out: Any) -> Any:
    """Write the entries of one part of the range of shingles and return how many.

    ``kept, offsets`` : the sketches (see ``sketch.Sketches``); ``alive`` : bool[n_articles], whose entries count.
    ``part`` : 0 to ``parts`` - 1, compared with the shingle modulo ``parts``. ``out`` : uint64[...], unsorted, the
    shingle in the high half and the article in the low half.
    """
    places = np.empty(_WINDOW + _COMPARED, np.uint32)
    k = _0
    low = np.uint32(parts - 1)
    wanted = np.uint32(part)
    for i in range(len(offsets) - 1):
        if not alive[i]:
            continue
        owner = np.uint64(i)
        at = np.uint64(offsets[i])
        end = np.uint64(offsets[i + 1])
        while at < end:
            size = min(end - at, _WINDOW)
            n = j = _0
            while j + _COMPARED <= size:
                some = ending_in(kept, at + j, low, wanted)
                spread(some, np.uint32(j), places, n)
                n += bit_count(some)
                j += _COMPARED
            while j < size:
                places[n] = j
                n += np.uint64((kept[at + j] & low) == wanted)
                j += _1
            for p in range(n):
                out[k + p] = (np.uint64(kept[at + places[p]]) << _32) | owner
            k += n
            at += size
    return np.int64(k)


@compiled
def keep_groups(entries: Any, cap: int, members: Any) -> Any:
    """Keep what stands in groups of two or more; return how many entries that are, and how many groups are above ``cap``.

    ``entries`` : uint64[n], sorted, the shingle in the high half and the unit (below 2^30) in the low half; repeated
    entries count once. Filled: ``members`` : uint32[n], the units, a group's side by side. The last of a group bears
    the bit ``LAST``. A member links with those after it in its group; in a group larger than ``cap`` all but the first
    bear the bit ``NEXT_ONLY`` and link with the next alone.
    """
    n = len(entries)
    k = 0
    i = 0
    large = 0
    while i < n:
        key = entries[i] >> _32
        begin = k
        while i < n and (entries[i] >> _32) == key:
            unit = np.uint32(entries[i] & _LOW_32)
            if k == begin or members[k - 1] != unit:
                members[k] = unit
                k += 1
            i += 1
        if k - begin < 2:
            k = begin
            continue
        if k - begin > cap:
            large += 1
            for j in range(begin + 1, k):
                members[j] |= _NEXT_ONLY
        members[k - 1] |= _LAST
    return k, large


@compiled
def index_units(members: Any, offsets: Any, places: Any, crowded: Any) -> None:
    """Turn groups around: unit ``u`` stands, and is not the last of its group, at ``places[offsets[u]:offsets[u + 1]]``.

    ``members`` : uint32[n], as ``keep_groups`` leaves them. Filled: ``offsets`` : int64[n_units + 1]; ``places`` :
    int32[n], rising for each unit; ``crowded`` : int32[n_units], in how many groups above the cap each unit stands,
    those it is the first of left out.
    """
    offsets[:] = 0
    crowded[:] = 0
    for k in range(len(members)):
        offsets[np.int64(members[k] & _UNIT) + 1] += (members[k] & _LAST) == 0
    for u in range(len(offsets) - 1):
        offsets[u + 1] += offsets[u]
    at = offsets[:-1].copy()
    for k in range(len(members)):
        mark = members[k]
        u = mark & _UNIT
        crowded[u] += (mark & _NEXT_ONLY) != 0
        if mark & _LAST == 0:
            places[at[u]] = k
            at[u] += 1


@compiled
def shared_links(
    members: Any, offsets: Any, places: Any, first: int, last: int, least: Any, out: Any, shared: Any
) -> Any:
    """Write the links of units ``first`` up to ``last`` that share keys enough; return (links, next unit).

    The arrays are those of ``keep_groups`` and ``index_units``. ``least`` : int32[n_units], 1 or more; a link shares at
    least the smaller of the two numbers of its units. ``out`` : uint64[...] as in ``band_links``,
    ``shared`` : int32[...]. The loop stops before a unit whose links might not fit, and is called again from there.
    """
    n_units = len(offsets) - 1
    counts = np.zeros(n_units, np.int32)
    touched = np.empty(n_units + 1, np.uint32)
    k = _0
    for u in range(first, last):
        n_touched = _0
        for p in range(np.uint64(offsets[u]), np.uint64(offsets[u + 1])):
            q = np.uint64(places[p])
            last_too = (members[q] & _NEXT_ONLY) << _TO_LAST
            mark = _NONE
            while mark & _LAST == 0:
                q += _1
                mark = members[q]
                other = mark & _UNIT
                touched[n_touched] = other
                n_touched += np.uint64(counts[other] == 0)
                counts[other] += 1
                mark |= last_too
        n_found = _0
        for t in range(n_touched):
            other = touched[t]
            touched[n_found] = other
            enough = counts[other] >= min(least[u], least[other])
            n_found += np.uint64(enough)
            if not enough:
                counts[other] = 0
        fits = n_found <= np.uint64(len(out)) - k
        found = np.sort(touched[: np.int64(n_found)])
        for other in found:
            if fits:
                out[k] = (np.uint64(u) << _32) | np.uint64(other)
                shared[k] = counts[other]
                k += _1
            counts[other] = 0
        if not fits:
            return np.int64(k), u
    return np.int64(k), last


@compiled
def matching_slots(signatures: Any, left: Any, right: Any, out: Any) -> None:
    """Fill ``out`` : int32[n_pairs] with the number of equal slots of each pair's signatures."""
    for p in range(len(left)):
        same = 0
        a = signatures[left[p]]
        b = signatures[right[p]]
        for s in range(len(a)):
            same += a[s] == b[s]
        out[p] = same
