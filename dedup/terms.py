"""Texts to salient terms: what each article is about.

In: cleaned titles and texts. Out: ``Terms``, arrays with one slice an article. A term's weight grows with how often and
how prominently it stands there and with how few articles of the corpus, and of the news at large, have it. It knows
nothing of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.background import background
from dedup.daynames import day_names
from dedup.kernels import kernels_for
from dedup.kernels.fold import fold_table
from dedup.packing import Texts, as_bytes, pack
from dedup.quotations import Collector, Quotations
from dedup.settings import DAYS_BYTES, MOST_DAYS, MOST_TERMS, SEARCHED_TERMS, SUBJECT_BYTES
from dedup.workers import in_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    Found = tuple[list[NDArray[Any]], NDArray[np.uint32]]

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


class TermTaker:
    """Finds the terms of articles whose texts are read anyway, chunk by chunk, and weighs them once all are there.

    ``titles`` : of all articles; ``texts`` : theirs, of which only the number and roughly the size are asked.
    """

    def __init__(self, titles: Sequence[str], texts: Texts) -> None:
        self._titles = titles
        self._kernels = kernels_for(PLAIN_WORK * texts.work_bytes())
        self._counts = np.zeros(len(texts), np.int32)
        self._named = np.empty((len(texts), 1 + MOST_DAYS), np.int16)
        self._quoted = Collector(self._kernels, len(texts))
        # room for the most there can be: what is never written to takes no memory
        dtypes = np.uint32, np.float32, np.uint8, np.uint8
        self._columns: list[NDArray[Any]] = [np.empty(len(texts) * MOST_TERMS, dtype) for dtype in dtypes]
        self._size = 0

    def find(self, buf: NDArray[np.uint8], offsets: NDArray[np.int64], first: int) -> Found:
        """Return the terms of the articles whose texts are packed in ``buf``, the first of them being number ``first``."""
        ends = np.minimum(offsets[1:], offsets[:-1] + SUBJECT_BYTES)
        raw = buf.data
        texts = (raw[start:end] for start, end in zip(offsets[:-1].tolist(), ends.tolist(), strict=True))
        return self.find_in(texts, first, first + len(ends))

    def find_in(self, texts: Iterable[bytes | memoryview], first: int, last: int) -> Found:
        """Return the terms of articles ``first`` to ``last``, of whose ``texts`` no more is given than is read."""
        heads = (as_bytes(title) + TITLE_END for title in self._titles[first:last])
        buf, ends = pack(list(chain.from_iterable(zip(heads, texts, strict=True))))
        offsets, title_ends = ends[::2].copy(), ends[1::2].copy()
        room = int(np.minimum(np.diff(offsets), MOST_TERMS).sum())
        terms, masses = np.empty(room, np.uint32), np.empty(room, np.float32)
        rarities, flags = np.empty(room, np.uint8), np.empty(room, np.uint8)
        n = self._kernels.term_batch(
            buf, offsets, title_ends, fold_table(), *background(), MOST_TERMS,
            terms, masses, rarities, flags, self._counts[first:last],
        )  # fmt: skip
        self._kernels.day_batch(buf, offsets, DAYS_BYTES, fold_table(), *day_names(), self._named[first:last])
        quotes = self._quoted.find(buf, offsets, first)
        return [terms[:n].copy(), masses[:n].copy(), rarities[:n].copy(), flags[:n].copy()], quotes

    def add(self, found: Found) -> None:
        """Take in what was found; the chunks come in the order of the articles."""
        part, quotes = found
        start, stop = self._size, self._size + len(part[0])
        for column, piece in zip(self._columns, part, strict=True):
            column[start:stop] = piece
        self._size = stop
        self._quoted.add(quotes)

    def terms(self) -> Terms:
        """Weigh the terms and return them, once every chunk is in; nothing is kept here."""
        terms, weights, rarities, flags = (_cut_to(column, self._size) for column in self._columns)
        quotations = self._quoted.quotations()
        del self._columns, self._quoted
        offsets = np.zeros(len(self._counts) + 1, np.int64)
        np.cumsum(self._counts, out=offsets[1:])
        weighed = _weigh(terms, weights, rarities, flags, offsets)
        return Terms(terms, weights, flags, offsets, *weighed, self._named, quotations)


def take_terms(titles: Sequence[str], texts: Texts, threads: int = 1) -> Terms:
    """Find the terms of every article."""
    taker = TermTaker(titles, texts)

    def work(span: tuple[int, int]) -> Found:
        return taker.find_in(texts.each(range(*span), SUBJECT_BYTES), *span)

    for found in in_order(work, texts.chunks(), threads):
        taker.add(found)
    return taker.terms()


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
