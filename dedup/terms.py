"""Texts to salient terms: what each article is about.

In: cleaned titles and texts. Out: ``Terms``, arrays with one slice an article. A term's weight grows with how often and
how prominently it stands there and with how few articles of the corpus, and of the news at large, have it. It knows
nothing of pairs.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.background import background
from dedup.daynames import day_names
from dedup.kernels import kernels_for
from dedup.kernels.fold import fold_table
from dedup.packing import Packer, Texts, as_bytes
from dedup.quotations import Collector, Quotations
from dedup.settings import DAYS_BYTES, MOST_DAYS, MOST_TERMS, SEARCHED_TERMS, SUBJECT_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

TITLE_END = b"\n\n"
PLAIN_WORK = 2
"""Finding terms takes the plain twin as long as other work on so many times the bytes."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of n articles, article i's being ``offsets[i]`` to ``offsets[i + 1]``, sorted by hash.

    ``terms`` : uint32; ``weights`` : float32, of length 1 over an article; ``flags`` : uint8, see ``kernels.elements``.
    The terms by which an article's neighbours are sought carry ``IS_SOUGHT``; for these alone, article i's being
    ``starts[i]`` to ``starts[i + 1]``, ``slots`` : int32 has the number of the term in the corpus, below ``n_slots``.
    ``named`` : int16[n_articles, 1 + settings.MOST_DAYS], the days each names first, see ``kernels.days``; ``quoted`` :
    what each quotes.
    """

    terms: NDArray[np.uint32]
    weights: NDArray[np.float32]
    flags: NDArray[np.uint8]
    offsets: NDArray[np.int64]
    slots: NDArray[np.int32]
    starts: NDArray[np.int64]
    n_slots: int
    named: NDArray[np.int16]
    quoted: Quotations


def take_terms(
    titles: Sequence[str], texts: Texts, threads: int = 1, progress: Callable[[int, int], None] | None = None
) -> Terms:
    """Find the terms of every article; ``progress`` hears (articles done, bytes done) after each chunk."""
    kernels = kernels_for(PLAIN_WORK * texts.work_bytes())
    known, rarity = background()
    counts = np.zeros(len(texts), np.int32)
    named = np.empty((len(texts), 1 + MOST_DAYS), np.int16)
    quoted = Collector(kernels, len(texts))
    pack = Packer()

    def work(span: tuple[int, int]) -> tuple[list[NDArray[np.generic]], NDArray[np.uint32]]:
        first, last = span
        heads = [as_bytes(title) + TITLE_END for title in titles[first:last]]
        told = zip(heads, texts.each(range(first, last), SUBJECT_BYTES), strict=True)
        buf, ends = pack(chain.from_iterable(told))
        offsets, title_ends = ends[::2].copy(), ends[1::2].copy()
        room = int(np.minimum(np.diff(offsets), MOST_TERMS).sum())
        terms, masses = np.empty(room, np.uint32), np.empty(room, np.float32)
        rarities, flags = np.empty(room, np.uint8), np.empty(room, np.uint8)
        n = kernels.term_batch(
            buf, offsets, title_ends, fold_table(), known, rarity, MOST_TERMS,
            terms, masses, rarities, flags, counts[first:last],
        )  # fmt: skip
        kernels.day_batch(buf, offsets, DAYS_BYTES, fold_table(), *day_names(), named[first:last])
        if progress is not None:
            progress(last - first, len(buf))
        quotes = quoted.find(buf, offsets, first)
        return [terms[:n].copy(), masses[:n].copy(), rarities[:n].copy(), flags[:n].copy()], quotes

    # room for the most there can be: what is never written to takes no memory
    columns = [np.empty(len(texts) * MOST_TERMS, dtype) for dtype in (np.uint32, np.float32, np.uint8, np.uint8)]
    n = 0
    with ThreadPoolExecutor(threads) as pool:
        for part, shingles in pool.map(work, texts.chunks()):
            for column, piece in zip(columns, part, strict=True):
                column[n : n + len(piece)] = piece
            n += len(part[0])
            quoted.add(shingles)
    terms, weights, rarities, flags = (_cut_to(column, n) for column in columns)
    del columns
    quotations = quoted.quotations()
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    weighed = _weigh(terms, weights, rarities, flags, offsets)
    return Terms(terms, weights, flags, offsets, *weighed, named, quotations)


def _weigh(
    terms: NDArray[np.uint32],
    weights: NDArray[np.float32],
    rarities: NDArray[np.uint8],
    flags: NDArray[np.uint8],
    offsets: NDArray[np.int64],
) -> tuple[NDArray[np.int32], NDArray[np.int64], int]:
    """Turn masses into weights by how many articles have each term; return ``slots, starts, n_slots`` of ``Terms``."""
    kernels = kernels_for(16 * len(terms))
    ordered = np.sort(terms)
    distinct = int(np.count_nonzero(ordered[1:] != ordered[:-1])) + 1
    del ordered
    keys = np.zeros(1 << (2 * distinct - 1).bit_length(), np.uint32)
    found = np.zeros(len(keys), np.int32)
    slots = np.empty(len(terms), np.int32)
    kernels.count_terms(terms, keys, found, slots)
    del keys
    kernels.weigh_terms(slots, found, rarities, flags, offsets, SEARCHED_TERMS, weights, slots)
    starts = np.empty(len(offsets), np.int64)
    n_slots = kernels.keep_shared(slots, found, offsets, flags, starts)
    return _cut_to(slots, int(starts[-1])), starts, n_slots


def _cut_to(column: NDArray[Any], n: int) -> NDArray[Any]:
    """Return an array cut to its first entries in place, the memory of the others given back."""
    column.resize(n, refcheck=False)
    return column
