"""Texts to sketches: what an article is reduced to before it meets any other.

In: cleaned texts as bytes. Out: ``Sketches``, arrays with one row (or slice) an article. It knows nothing of pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.errors import SketchMismatch
from dedup.kernels import kernels_for
from dedup.kernels.fold import FOLD_VERSION, fold_table
from dedup.memory import Growing, Room, pages
from dedup.packing import Packer, Texts
from dedup.settings import SHINGLE_WORDS, SIGNATURE_SLOTS
from dedup.workers import in_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.packing import Beside
    from dedup.settings import Settings


BYTES_PER_WORD = 4
"""Words have so many bytes at least, as a rule; where they do not, sketches take some copying."""


class SketchKey(NamedTuple):
    """What two sketches must have in common to be compared."""

    fold_version: int
    shingle_words: int
    slots: int
    modulus: int
    floor: int


@dataclass(frozen=True, slots=True)
class Sketches:
    """The sketches of n articles.

    ``signatures`` : uint16[n, SIGNATURE_SLOTS]. ``kept`` : uint32[...], the mod-m sketches one after the other,
    article i's being ``kept[offsets[i]:offsets[i + 1]]``. ``n_words`` : int32[n]. ``bodies`` : uint64[n, 2], equal
    exactly where the sequences of folded words are.
    """

    key: SketchKey
    signatures: NDArray[np.uint16]
    kept: NDArray[np.uint32]
    offsets: NDArray[np.int64]
    n_words: NDArray[np.int32]
    bodies: NDArray[np.uint64]

    def check(self, other: Sketches) -> None:
        """Raise SketchMismatch unless both were made with the same settings."""
        if self.key != other.key:
            raise SketchMismatch(self.key, other.key)


def sketch_texts(
    texts: Texts,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
    beside: Beside | None = None,
) -> Sketches:
    """Sketch every text; ``progress`` hears (articles done, bytes done) after each chunk, ``beside`` reads it too."""
    key = SketchKey(FOLD_VERSION, SHINGLE_WORDS, SIGNATURE_SLOTS, settings.modulus, settings.floor)
    signatures = pages(len(texts) * SIGNATURE_SLOTS, np.uint16).reshape(-1, SIGNATURE_SLOTS)
    counts = np.zeros(len(texts), np.int32)
    n_words = np.zeros(len(texts), np.int32)
    bodies = np.zeros((len(texts), 2), np.uint64)
    work_bytes = texts.work_bytes()
    kernels = kernels_for(work_bytes)
    packer, make_room = Packer(work_bytes), Room(np.uint32)
    limit = np.uint64((1 << 64) // settings.modulus if settings.modulus > 1 else (1 << 64) - 1)

    def work(span: tuple[int, int]) -> tuple[NDArray[np.uint32], Any]:
        first, last = span
        buf, offsets = texts.pack(range(first, last), packer)
        kept = make_room(len(buf) // 2 + (settings.floor + 2) * (last - first))
        rows = slice(first, last)
        n = kernels.sketch_batch(
            buf,
            offsets,
            fold_table(),
            limit,
            settings.floor,
            signatures[rows],
            kept,
            counts[rows],
            n_words[rows],
            bodies[rows],
        )
        found = beside.find(buf, offsets, first) if beside else None
        if progress is not None:
            progress(last - first, int(offsets[-1]))
        return kept[:n].copy(), found

    kept = Growing(np.uint32, work_bytes // (BYTES_PER_WORD * settings.modulus) + settings.floor * len(texts))
    for piece, found in in_order(work, texts.chunks(), settings.threads):
        kept.extend(piece)
        if beside:
            beside.add(found)
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    return Sketches(key, signatures, kept.whole(), offsets, n_words, bodies)
