"""Sketches to candidate pairs, by channels none of which looks at all pairs.

``copies``: articles whose folded words are the same, linked to the first of them, which alone goes on as their *unit*.
``bands``: units that agree in a band of their MinHash signatures. ``shingles``: units that share kept shingles. A
fourth channel, ``terms``, is made in ``neighbours`` and joined to these here.
In: arrays of the sketch stage. Out: ``Candidates``. No text is seen here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels import kernels_for
from dedup.memory import Growing, Room, pages
from dedup.results import CHANNEL_BITS
from dedup.workers import in_order

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.banding import Banding
    from dedup.settings import Settings

MIN_CONTAINMENT = 0.07
"""Estimated share of the smaller sketch two units must share to be worth measuring: copies with every tenth character
misread still share that much, and most pairs that merely quote the same sentence do not."""

FAINT_CONTAINMENT, FAINT_ERRORS = 0.3, 2.0
"""A pair is faint where that share lies below the first by so many standard errors, and only its shingles propose it.
What has so little wording in common is no copy under another headline (``UNLIKE_TITLES``): an excerpt has more, and what
is misread all over keeps its headline or is not told from a report that quotes."""

UNLIKE_TITLES = 0.6
"""Titles less alike than this are two headlines."""

MIN_SLOTS = 10
"""Equal slots of 128 below which a pair that only the bands propose is chance or boilerplate."""

MOST_SLICES = 16
SLICE_ENTRIES = 1 << 19
"""The range of shingles is joined in slices of about so many entries, to bound the memory of sorting."""

MOST_WAITING = 1 << 20
"""So many pairs of bands may wait, or as many as there are already, before those found more than once are dropped."""

PARTS_PER_THREAD = 8
"""Units differ in how many others they share shingles with: parts taken in turn keep all threads busy to the end."""

_32 = np.uint64(32)
_LOW_32 = np.uint64(0xFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs worth measuring, sorted by (left, right), ``left`` < ``right``.

    ``left, right`` : int32[n_pairs]; ``channels`` : uint8[n_pairs], see ``CHANNEL_BITS``; ``faint`` : bool[n_pairs], see
    ``FAINT_CONTAINMENT``; ``capped`` counts the groups too large to link all to all, by channel.
    """

    left: NDArray[np.int32]
    right: NDArray[np.int32]
    channels: NDArray[np.uint8]
    faint: NDArray[np.bool_]
    capped: dict[str, int]

    def only(self, rows: NDArray[np.bool_]) -> Candidates:
        """Return some of the pairs: bool[n_pairs]."""
        return Candidates(self.left[rows], self.right[rows], self.channels[rows], self.faint[rows], self.capped)


class Shingled(NamedTuple):
    """What the shingles propose: packed pairs (sorted, distinct), which are faint, and the groups above the cap."""

    pairs: NDArray[np.uint64]
    faint: NDArray[np.bool_]
    capped: int


def collapse(bodies: NDArray[np.uint64], n_words: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return for each article the first one with the same words (itself if there is none): int32[n].

    An article without a word is nobody's copy.
    """
    n = len(bodies)
    unit = np.arange(n, dtype=np.int32)
    order = np.lexsort((unit, bodies[:, 1], bodies[:, 0]))
    same = np.zeros(n, bool)
    same[1:] = (bodies[order[1:]] == bodies[order[:-1]]).all(axis=1) & (n_words[order[1:]] > 0)
    heads = np.maximum.accumulate(np.where(same, 0, np.arange(n)))
    unit[order] = order[heads]
    return unit


def copy_channel(unit: NDArray[np.int32], exact: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Return the packed pairs (sorted, distinct) of each copy with its unit, and with the first of the same title too."""
    rows = np.arange(len(unit), dtype=np.uint64)
    links = [(head.astype(np.uint64) << _32) | rows for head in (unit, exact)]
    return distinct(np.concatenate([link[head != rows] for link, head in zip(links, (unit, exact), strict=True)]))


def band_channel(
    signatures: NDArray[np.uint16], units: NDArray[np.int32], banding: Banding, settings: Settings
) -> tuple[NDArray[np.uint64], int]:
    """Return the packed pairs (sorted, distinct) that agree in a band, and how many buckets were above the cap."""
    join, cap = kernels_for(banding.bands * 8 * len(units)), settings.bucket_cap

    def entries_of(band: int) -> NDArray[np.uint64]:
        entries, in_order_of_keys = np.empty((2, len(units)), np.uint64)
        join.band_entries(signatures, units, band * banding.rows, banding.rows, entries)
        join.sort_entries(entries, in_order_of_keys)
        return in_order_of_keys

    found, waiting = [np.empty(0, np.uint64)], 0
    capped = 0
    room = np.empty(max(1024, 8 * len(units)), np.uint64)
    served = np.zeros(len(signatures), np.uint8)
    for entries in in_order(entries_of, range(banding.bands), settings.threads):
        before = served.copy()
        n = join.band_links(entries, cap, served, room)
        if n < 0:
            room = np.empty(-2 * n, np.uint64)
            n = join.band_links(entries, cap, before, room)
        capped += int(join.large_groups(entries, cap)[0])
        found.append(room[:n].copy())
        waiting += n
        if waiting > max(MOST_WAITING, len(found[0])):
            found, waiting = [distinct(np.concatenate(found))], 0
    return distinct(np.concatenate(found)), capped


def rule_out_bands(
    banded: tuple[NDArray[np.uint64], int], signatures: NDArray[np.uint16]
) -> tuple[NDArray[np.uint64], int]:
    """Return what ``band_channel`` does without the pairs whose signatures have too few slots in common."""
    bands, capped = banded
    left, right = split(bands)
    slots = np.empty(len(bands), np.int32)
    kernels_for(len(bands) * signatures.shape[1]).matching_slots(signatures, left, right, slots)
    return bands[slots >= MIN_SLOTS], capped


def group_shingles(
    kept: NDArray[np.uint32], offsets: NDArray[np.int64], units: NDArray[np.int32], settings: Settings
) -> tuple[NDArray[np.uint32], int]:
    """Return the groups of units that have a kept shingle in common, and how many were above the cap.

    The groups stand one behind the other, as ``kernels.join.keep_groups`` writes them.
    """
    alive = np.zeros(len(offsets) - 1, bool)
    alive[units] = True
    slices = min(MOST_SLICES, 1 << (len(kept) // SLICE_ENTRIES).bit_length())
    sizes = np.zeros(slices, np.int64)
    join = kernels_for(8 * len(kept))
    join.slice_sizes(kept, sizes)
    entries_room, sorted_room = Room(np.uint64), Room(np.uint64)

    def groups_of(number: int) -> tuple[NDArray[np.uint32], int]:
        entries = entries_room(int(sizes[number]) + 1)
        entries = entries[: join.slice_entries(kept, offsets, alive, number, slices, entries)]
        in_order_of_keys = sorted_room(len(entries))
        join.sort_entries(entries, in_order_of_keys)
        members = entries.view(np.uint32)  # sorted, they are of no more use where they stood
        n, large = join.keep_groups(in_order_of_keys, settings.max_df, members)
        return members[:n].copy(), int(large)

    groups = Growing(np.uint32, len(kept))
    capped = 0
    for members, large in in_order(groups_of, range(slices), settings.threads):
        groups.extend(members)
        capped += large
    return groups.whole(), capped


def shingle_channel(
    grouped: tuple[NDArray[np.uint32], int], sketch_sizes: NDArray[np.int64], settings: Settings
) -> Shingled:
    """Return the pairs that share kept shingles.

    ``sketch_sizes`` : int64[n_articles], kept shingles of each article. A pair shares ``settings.min_shared`` of them
    at least, and of the smaller sketch ``MIN_CONTAINMENT``.
    """
    members, capped = grouped
    n_articles = len(sketch_sizes)
    join = kernels_for(16 * len(members))
    index = np.zeros(n_articles + 1, np.int64)
    places, crowded = pages(len(members), np.int32), np.empty(n_articles, np.int32)
    join.index_units(members, index, places, crowded)
    least = np.floor(MIN_CONTAINMENT * sketch_sizes)  # the fewest that are a share of so much when divided
    least += least / np.maximum(1, sketch_sizes) < MIN_CONTAINMENT
    least = np.maximum(settings.min_shared, least).astype(np.int32)
    parts = 1 if settings.threads == 1 else PARTS_PER_THREAD * settings.threads
    edges = np.linspace(0, n_articles, parts + 1).astype(np.int64).tolist()

    def links(part: int) -> list[tuple[NDArray[np.uint64], NDArray[np.bool_]]]:
        found = [(np.empty(0, np.uint64), np.empty(0, bool))]
        at, stop = edges[part], edges[part + 1]
        room = max(1 << 16, n_articles)
        while at < stop:
            out, shared = pages(room, np.uint64), pages(room, np.int32)
            n, at = join.shared_links(members, index, places, at, stop, least, out, shared)
            left, right = split(out[:n])
            smaller = np.where(sketch_sizes[left] <= sketch_sizes[right], left, right)
            found.append((out[:n].copy(), _are_faint(shared[:n], sketch_sizes[smaller], crowded[smaller])))
        return found

    pieces = [piece for part in in_order(links, range(parts), settings.threads) for piece in part]
    pairs, faint = (np.concatenate(column) for column in zip(*pieces, strict=True))
    return Shingled(pairs, faint, capped)


def _are_faint(shared: NDArray[np.int32], sizes: NDArray[np.int64], crowded: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Say which pairs are faint, by the smaller sketch of each: bool[n_pairs].

    Of its ``sizes`` shingles ``crowded`` ones stand in too many units to be looked at. Where those are most of them,
    the rest says nothing: what many copies have in common is all crowded.
    """
    looked_at = np.maximum(1, sizes - crowded)
    share = np.minimum(1.0, shared / looked_at)
    error = np.sqrt(share * (1 - share) / looked_at)
    faint: NDArray[np.bool_] = (share + FAINT_ERRORS * error < FAINT_CONTAINMENT) & (2 * crowded <= sizes)
    return faint


def merge(
    banded: tuple[NDArray[np.uint64], int], shingled: Shingled, certain: dict[str, NDArray[np.uint64]]
) -> Candidates:
    """Join the channels; ``certain`` : the packed pairs (sorted, distinct) of those that count no groups, by name."""
    parts = {"shingles": shingled.pairs, "bands": banded[0], **certain}
    pairs = distinct(np.concatenate(list(parts.values())))
    channels = np.zeros(len(pairs), np.uint8)
    for name, part in parts.items():
        channels[np.searchsorted(pairs, part)] |= np.uint8(CHANNEL_BITS[name])
    faint = np.zeros(len(pairs), bool)
    faint[np.searchsorted(pairs, shingled.pairs[shingled.faint])] = True
    faint &= (channels & (CHANNEL_BITS["bands"] | CHANNEL_BITS["copies"])) == 0
    left, right = split(pairs)
    return Candidates(left, right, channels, faint, {"bands": banded[1], "shingles": shingled.capped})


def packed(left: NDArray[np.int32], right: NDArray[np.int32]) -> NDArray[np.uint64]:
    """Return pairs of rows, the smaller first, each as one number."""
    return (left.astype(np.uint64) << _32) | right.astype(np.uint64)


def split(pairs: NDArray[np.uint64]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return the two halves of packed pairs."""
    return (pairs >> _32).astype(np.int32), (pairs & _LOW_32).astype(np.int32)


def distinct(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the values sorted, each once; three times as fast as ``np.unique`` on uint64."""
    values = np.sort(values)
    return values[np.concatenate([[True], values[1:] != values[:-1]])] if len(values) else values
