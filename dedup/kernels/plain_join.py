"""The kernels that join, in plain Python: buckets and groups to candidate pairs; see ``plain``."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np

from dedup.settings import LARGE_BANDS

LOW_32 = (1 << 32) - 1


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


def slice_entries(kept: Any, offsets: Any, alive: Any, part: int, parts: int, out: Any) -> int:
    """See ``join.slice_entries``."""
    k = 0
    for i in np.flatnonzero(alive).tolist():
        for x in kept[offsets[i] : offsets[i + 1]].tolist():
            if x % parts == part:
                out[k] = x << 32 | i
                k += 1
    return k


def keep_groups(entries: Any, cap: int, units: Any, spans: Any) -> int:
    """See ``join.keep_groups``."""
    k = 0
    for group in _groups(entries):
        members = sorted(set(group))
        if len(members) < 2:
            continue
        for j, unit in enumerate(members):
            rest = len(members) - j
            units[k] = unit
            spans[k] = rest if len(members) <= cap or j == 0 else min(rest, 2)
            k += 1
    return k


def index_units(units: Any, n_entries: int, offsets: Any, places: Any) -> None:
    """See ``join.index_units``."""
    offsets[0] = 0
    offsets[1:] = np.cumsum(np.bincount(units[:n_entries], minlength=len(offsets) - 1))
    places[:n_entries] = np.argsort(units[:n_entries], kind="stable")


def shared_links(
    units: Any, spans: Any, offsets: Any, places: Any, first: int, last: int, min_shared: int, out: Any, shared: Any
) -> tuple[int, int]:
    """See ``join.shared_links``."""
    k = 0
    for u in range(first, last):
        counts: dict[int, int] = {}
        for place in places[offsets[u] : offsets[u + 1]].tolist():
            for other in units[place + 1 : place + int(spans[place])].tolist():
                counts[other] = counts.get(other, 0) + 1
        found = sorted(other for other, count in counts.items() if count >= min_shared)
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
