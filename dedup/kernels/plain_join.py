"""The kernels that join, in plain Python: buckets and groups to candidate pairs; see ``plain``."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np

from dedup.kernels.elements import LAST, NEXT_ONLY
from dedup.kernels.fold import GOLDEN, MASK_64
from dedup.settings import LARGE_BANDS

LOW_32 = (1 << 32) - 1


def band_entries(signatures: Any, units: Any, first: int, rows: int, out: Any) -> None:
    """See ``join.band_entries``."""
    for i, unit in enumerate(units.tolist()):
        key = first + 1
        for slot in signatures[unit, first : first + rows].tolist():
            key = (key ^ slot) * GOLDEN & MASK_64
            key ^= key >> 29
        out[i] = key >> 32 << 32 | unit


def sort_entries(entries: Any, out: Any) -> None:
    """See ``join.sort_entries``."""
    out[:] = entries[np.argsort(entries >> 32, kind="stable")]


def band_links(entries: Any, cap: int, served: Any, out: Any) -> int:
    """See ``join.band_links``."""
    links = []
    for group in _groups(entries):
        for i, unit in enumerate(group[1:], 1):
            before = group[:i]
            if len(group) > cap:
                before = sorted({group[0], group[i - 1]}) if served[unit] < LARGE_BANDS else []
                served[unit] += bool(before)
            links += [other << 32 | unit for other in before]
    if len(links) > len(out):
        return -len(links)
    out[: len(links)] = links
    return len(links)


def large_groups(entries: Any, cap: int) -> tuple[int, int]:
    """See ``join.large_groups``."""
    sizes = [len(group) for group in _groups(entries)]
    return sum(size > cap for size in sizes), max(sizes, default=0)


def slice_sizes(kept: Any, out: Any) -> None:
    """See ``join.slice_sizes``."""
    for x in kept.tolist():
        out[x % len(out)] += 1


def slice_entries(kept: Any, offsets: Any, alive: Any, part: int, parts: int, out: Any) -> int:
    """See ``join.slice_entries``."""
    k = 0
    for i in np.flatnonzero(alive).tolist():
        for x in kept[offsets[i] : offsets[i + 1]].tolist():
            if x % parts == part:
                out[k] = x << 32 | i
                k += 1
    return k


def keep_groups(entries: Any, cap: int, members: Any) -> tuple[int, int]:
    """See ``join.keep_groups``."""
    k = large = 0
    for group in _groups(entries):
        units = sorted(set(group))
        if len(units) < 2:
            continue
        for j, unit in enumerate(units):
            members[k] = unit | LAST * (j == len(units) - 1) | NEXT_ONLY * (j > 0 and len(units) > cap)
            k += 1
        large += len(units) > cap
    return k, large


def index_units(members: Any, offsets: Any, places: Any, crowded: Any) -> None:
    """See ``join.index_units``."""
    units = members & (NEXT_ONLY - 1)
    crowded[:] = np.bincount(units[(members & NEXT_ONLY) != 0], minlength=len(crowded))
    followed = np.flatnonzero((members & LAST) == 0)
    offsets[0] = 0
    offsets[1:] = np.cumsum(np.bincount(units[followed], minlength=len(offsets) - 1))
    places[: len(followed)] = followed[np.argsort(units[followed], kind="stable")]


def shared_links(
    members: Any, offsets: Any, places: Any, first: int, last: int, least: Any, out: Any, shared: Any
) -> tuple[int, int]:
    """See ``join.shared_links``."""
    marks = members.tolist()
    k = 0
    for u in range(first, last):
        counts: dict[int, int] = {}
        for place in places[offsets[u] : offsets[u + 1]].tolist():
            end = place
            while not marks[end] & LAST:
                end += 1
            if marks[place] & NEXT_ONLY:
                end = min(end, place + 1)
            for mark in marks[place + 1 : end + 1]:
                other = mark & (NEXT_ONLY - 1)
                counts[other] = counts.get(other, 0) + 1
        found = sorted(other for other, count in counts.items() if count >= min(least[u], least[other]))
        if len(found) > len(out) - k:
            return k, u
        for other in found:
            out[k], shared[k] = u << 32 | other, counts[other]
            k += 1
    return k, last


def matching_slots(signatures: Any, left: Any, right: Any, out: Any) -> None:
    """See ``join.matching_slots``."""
    out[:] = (signatures[left] == signatures[right]).sum(axis=1)


def _groups(entries: Any) -> list[list[int]]:
    """Return the units of each run of equal keys."""
    packed = entries.tolist()
    return [[x & LOW_32 for x in group] for _, group in groupby(packed, key=lambda x: x >> 32)]
