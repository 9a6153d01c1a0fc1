"""Texts to sketches: what an article is reduced to before it meets any other.

In: cleaned texts as bytes. Out: ``Sketches``, arrays with one row (or slice) an article. It knows nothing of pairs.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.errors import SketchMismatch
from dedup.kernels import kernels_for
from dedup.kernels.fold import FOLD_VERSION, fold_table
from dedup.packing import Texts, drained, pack
from dedup.settings import SHINGLE_WORDS, SIGNATURE_SLOTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.settings import Settings


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


def sketch_texts(texts: Texts, settings: Settings, progress: Callable[[int, int], None] | None = None) -> Sketches:
    """Sketch every text; ``progress`` hears (articles done, bytes done) after each chunk."""
    key = SketchKey(FOLD_VERSION, SHINGLE_WORDS, SIGNATURE_SLOTS, settings.modulus, settings.floor)
    signatures = np.zeros((len(texts), SIGNATURE_SLOTS), np.uint16)
    counts = np.zeros(len(texts), np.int32)
    n_words = np.zeros(len(texts), np.int32)
    bodies = np.zeros((len(texts), 2), np.uint64)
    kernels = kernels_for(texts.work_bytes())
    limit = np.uint64((1 << 64) // settings.modulus if settings.modulus > 1 else (1 << 64) - 1)

    def work(span: tuple[int, int]) -> list[NDArray[np.uint32]]:
        first, last = span
        buf, offsets = pack(texts[first:last])
        kept = np.empty(len(buf) // 2 + (settings.floor + 2) * (last - first), np.uint32)
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
        if progress is not None:
            progress(last - first, len(buf))
        return [kept[:n].copy()]

    with ThreadPoolExecutor(settings.threads) as pool:
        pieces = list(pool.map(work, texts.chunks()))
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(counts, out=offsets[1:])
    kept = drained(pieces, 0) if pieces else np.empty(0, np.uint32)
    return Sketches(key, signatures, kept, offsets, n_words, bodies)
