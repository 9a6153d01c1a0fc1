"""Candidate pairs to evidence: named measures a reader can check, exact and never estimated.

In: cleaned texts, titles and days of the articles, pairs of row numbers. Out: float32[n_pairs, n_measures], NaN where
a measure is unknown (no title, no date, no numbers). It decides nothing.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels import kernels_for
from dedup.kernels.elements import (
    COUNTS,
    NAME_SLOTS,
    NAMES,
    NAMES_IN_SLOTS,
    NUMBER_SLOTS,
    NUMBERS,
    NUMBERS_IN_SLOTS,
    SETS,
    SHINGLES,
    VOCABULARY,
    room_for_elements,
)
from dedup.kernels.fold import fold_table
from dedup.kernels.plain import folded_words
from dedup.measures import COLUMN, MEASURES
from dedup.memory import Room
from dedup.packing import Packer
from dedup.settings import NO_DATE
from dedup.workers import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from dedup.packing import Texts

FEWEST = 3
"""With fewer long words, names, numbers or common slots than this, their agreement is unknown rather than all or nothing."""

BYTES_PER_WORD = 6

WORDS_AT_A_TIME = 1 << 18
"""Pairs whose texts have about so many words are packed together."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """``table`` : float32[n_pairs, n_measures]; ``shingles`` : int32[n_pairs, 3], those of left, of right, of both."""

    table: NDArray[np.float32]
    shingles: NDArray[np.int32]

    @property
    def containment_left(self) -> NDArray[np.float64]:
        """Share of the left text's shingles that stand in the right: float64[n_pairs]."""
        return self.shingles[:, 2] / np.maximum(1, self.shingles[:, 0])

    @property
    def containment_right(self) -> NDArray[np.float64]:
        """Share of the right text's shingles that stand in the left: float64[n_pairs]."""
        return self.shingles[:, 2] / np.maximum(1, self.shingles[:, 1])


def take_evidence(
    texts: Texts,
    n_words: NDArray[np.int32],
    bodies: NDArray[np.uint64],
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]],
    *,
    threads: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Evidence:
    """Measure the texts of every pair; titles and dates are added by ``add_titles`` and ``add_days``.

    ``n_words`` : int32[n_articles] and ``bodies`` : uint64[n_articles, 2], from the sketches. ``pairs`` : left and
    right, int32[n_pairs] each. A pair may name one row twice: its evidence is that of two equal texts. Where two
    texts have as many words, the hash of their bodies says which is taken as the longer.
    """
    left, right = pairs
    swapped = n_words[right] > n_words[left]
    swapped |= (n_words[right] == n_words[left]) & (bodies[right, 0] > bodies[left, 0])
    longer, shorter = np.where(swapped, right, left), np.where(swapped, left, right)
    _, first, where = np.unique(right, return_index=True, return_inverse=True)
    order = np.lexsort((right, left[first[where]]))  # what is linked to one text is packed, and so read, together
    table = np.full((len(left), len(MEASURES)), np.nan, np.float32)
    shingles = np.zeros((len(left), 3), np.int32)
    work_bytes = BYTES_PER_WORD * int(n_words[longer].sum())
    kernels = kernels_for(work_bytes)
    packer, things_room, kinds_room = Packer(work_bytes), Room(np.uint64), Room(np.uint8)

    def work(block: NDArray[np.int64]) -> None:
        block = block[np.argsort(longer[block])]
        rows, where = np.unique(np.concatenate([longer[block], shorter[block]]), return_inverse=True)
        buf, offsets = texts.pack(rows.tolist(), packer)
        sizes = np.empty((len(block), 2, len(SETS) + 1), np.int32)
        common = np.empty((len(block), len(COUNTS)), np.int32)
        a, b = np.split(where.astype(np.int32), 2)
        room = room_for_elements(int(offsets[-1]), len(rows))
        scratch = things_room(room), kinds_room(room)
        kernels.measure_batch(buf, offsets, fold_table(), a, b, *scratch, sizes, common)
        table[block, : COLUMN["title"]] = _shares(sizes[:, 0], sizes[:, 1], common)
        shingles[block, 0] = sizes[np.arange(len(block)), swapped[block].astype(int), SHINGLES]
        shingles[block, 1] = sizes[np.arange(len(block)), 1 - swapped[block].astype(int), SHINGLES]
        shingles[block, 2] = common[:, 0]
        if progress is not None:
            progress(len(block), int(offsets[-1]))

    for _ in in_order(work, _blocks(order, n_words[longer] + n_words[shorter]), threads):
        pass
    return Evidence(table, shingles)


def _blocks(order: NDArray[np.int64], words: NDArray[np.int32]) -> list[NDArray[np.int64]]:
    """Cut pairs in some order into blocks of about ``WORDS_AT_A_TIME`` words."""
    number = np.cumsum(words[order], dtype=np.int64) // WORDS_AT_A_TIME
    return np.split(order, np.flatnonzero(np.diff(number)) + 1) if len(order) else []


def _shares(a: NDArray[np.int32], b: NDArray[np.int32], common: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the text measures from set sizes of the longer and the shorter text and what they have in common."""
    fewer = np.minimum(a, b)
    both = common[:, : len(SETS)]
    of_fewer = both / np.maximum(1, fewer[:, : len(SETS)])
    for kind in (VOCABULARY, NAMES, NUMBERS):
        of_fewer[:, kind][fewer[:, kind] < FEWEST] = np.nan
    shorter_words, longer_words = b[:, len(SETS)], a[:, len(SETS)]
    columns = (
        both[:, SHINGLES] / np.maximum(1, a[:, SHINGLES] + b[:, SHINGLES] - both[:, SHINGLES]),
        of_fewer[:, SHINGLES],
        np.minimum(1.0, common[:, len(SETS)] / np.maximum(1, shorter_words)),
        of_fewer[:, VOCABULARY],
        of_fewer[:, NAMES],
        of_fewer[:, NUMBERS],
        _in_place(both[:, NAME_SLOTS], both[:, NAMES_IN_SLOTS]),
        _in_place(both[:, NUMBER_SLOTS], both[:, NUMBERS_IN_SLOTS]),
        np.maximum(0.0, of_fewer[:, VOCABULARY] - of_fewer[:, NAMES]),
        np.minimum(shorter_words, longer_words) / np.maximum(1, np.maximum(shorter_words, longer_words)),
        np.minimum(shorter_words, longer_words),
    )
    return np.stack(columns, axis=1)


def _in_place(slots: NDArray[np.int32], filled_alike: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the share of common slots in which both texts have the same, unknown where there are too few slots."""
    share = np.minimum(1.0, filled_alike / np.maximum(1, slots))
    share[slots < FEWEST] = np.nan
    return share


def add_titles(
    table: NDArray[np.float32],
    titles: Sequence[str],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
    pairs: NDArray[np.int64],
    *,
    threads: int = 1,
) -> None:
    """Fill the ``title`` column of some pairs: the token_set_ratio of rapidfuzz over folded titles.

    It stays unknown where a title has no word. ``pairs`` : int64[n], rows of ``table``, ``left`` and ``right``.
    """
    asked = np.zeros(len(titles), bool)
    asked[left[pairs]] = asked[right[pairs]] = True
    words = _number_words(titles[i] for i in np.flatnonzero(asked).tolist())
    place = np.cumsum(asked, dtype=np.int32) - 1
    one, other = place[left[pairs]], place[right[pairs]]
    known = np.diff(words.offsets) > 0
    both = known[one] & known[other]
    rows, one, other = pairs[both], one[both], other[both]
    scores = np.empty(len(rows), np.float32)
    kernels = kernels_for(len(rows))  # a pair costs the plain twin microseconds: as many as other work has bytes

    edges = np.linspace(0, len(rows), threads + 1).astype(np.int64).tolist()

    def work(part: int) -> None:
        some = slice(*edges[part : part + 2])
        kernels.title_batch(*words, one[some], other[some], scores[some])

    for _ in in_order(work, range(threads), threads):
        pass
    table[rows, COLUMN["title"]] = scores / 100


class _Numbered(NamedTuple):
    """Texts as sets of numbered words, as ``kernels.titles.title_batch`` takes them."""

    letters: NDArray[np.uint32]
    ends: NDArray[np.int64]
    words: NDArray[np.int32]
    offsets: NDArray[np.int64]


def _number_words(texts: Iterable[str]) -> _Numbered:
    """Fold the words of texts and number them in the order of code points."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    found, counts = array("i"), array("i")
    for text in texts:
        folded = folded_words(text) if text else []
        counts.append(len(folded))
        found.extend(map(numbers.__getitem__, folded))
    known = sorted(numbers)
    ranks = np.empty(len(known), np.int64)
    ranks[[numbers[word] for word in known]] = np.arange(len(known))
    owners = np.repeat(np.arange(len(counts)), counts)
    keys = np.sort(owners << 32 | ranks[found])
    keys = keys[np.diff(keys, prepend=-1) != 0]
    letters = "".join(f"{word} " for word in known).encode("utf-32-le", "surrogatepass")
    return _Numbered(
        np.frombuffer(letters, "<u4").astype(np.uint32),
        np.cumsum([0, *(len(word) + 1 for word in known)]),
        (keys & 0xFFFFFFFF).astype(np.int32),
        np.searchsorted(keys >> 32, np.arange(len(counts) + 1)),
    )


def add_days(table: NDArray[np.float32], left: NDArray[np.int32], right: NDArray[np.int32]) -> None:
    """Fill the ``days`` column from the days of left and right, unknown where one is missing."""
    known = (left != NO_DATE) & (right != NO_DATE)
    gap = np.abs(left.astype(np.int64) - right)
    table[:, COLUMN["days"]] = np.where(known, gap, np.nan)
