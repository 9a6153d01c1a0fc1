"""Texts to their short lines: where each stands, what it hashes to, and which are worth a look.

A line is flagged where a phrase of ``furniture`` may begin it, where it may be a picture's credit, or may be a name.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.furniture import KINDS
from dedup.kernels import kernels_for
from dedup.kernels.plain_lines import add_word
from dedup.packing import Packer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from dedup.packing import AnyText

_LETTERS = re.compile(rb"[a-z\x80-\xff]+")
"""The words of a line in lower case, as ``kernels.lines`` takes them."""

CUED, CREDITED, NAMED = 1, 2, 4
"""Why a line is worth a look."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Short lines of a corpus, in order.

    Article i's are those from ``bounds[i]`` to ``bounds[i + 1]``. ``bounds`` : int64[n_articles + 1]; ``starts`` :
    int32[n], in bytes of the text, ``sizes`` : uint16[n], ``hashes`` : uint64[n].
    """

    bounds: NDArray[np.int64]
    starts: NDArray[np.int32]
    sizes: NDArray[np.uint16]
    hashes: NDArray[np.uint64]

    def owners(self, places: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the articles some lines stand in: int64, as ``places``."""
        return np.searchsorted(self.bounds, places, side="right") - 1

    def ends(self, places: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the bytes behind some lines: int32, as ``places``."""
        return self.starts[places] + self.sizes[places]


class ChunkLines(NamedTuple):
    """Short lines of a chunk of texts, in order: see ``kernels.lines``.

    ``flags`` : CUED where known phrases may begin it, CREDITED where it may be the credit of a picture, NAMED where it
    may be a name of its text.
    """

    owners: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    hashes: NDArray[np.uint64]
    flags: NDArray[np.uint8]


def room_for(n_lines: int) -> ChunkLines:
    """Return columns for so many lines, not filled yet."""
    owners, starts, ends = (np.empty(n_lines, np.int32) for _ in range(3))
    return ChunkLines(owners, starts, ends, np.empty(n_lines, np.uint64), np.empty(n_lines, np.uint8))


class LineReader(threading.local):
    """Reads chunks of texts; what it returns is good until its thread's next call."""

    def __init__(self, work_bytes: int) -> None:
        self._line_batch = kernels_for(work_bytes).line_batch
        self._pack = Packer(work_bytes)
        self._room = room_for(0)

    def read(self, texts: Iterable[AnyText], names: NDArray[np.uint64] | None = None) -> Chunk:
        """Find the lines of texts; ``names`` as in ``kernels.lines.line_batch``."""
        buf, offsets = self._pack(texts)
        if names is None:
            names = np.empty((0, len(offsets) - 1), np.uint64)
        given = buf, offsets, *cue_table(), names
        n = self._line_batch(*given, *self._room)
        if n > len(self._room.owners):
            self._room = room_for(2 * n)
            n = self._line_batch(*given, *self._room)
        owners, starts, ends, hashes, flags = self._room
        lines = ChunkLines(owners[:n], starts[:n], ends[:n], hashes[:n], flags[:n])
        return Chunk(buf.data, offsets, lines, np.zeros(n, np.uint8))


class Chunk(NamedTuple):
    """Texts one behind the other, their lines, and why each line is cut."""

    raw: memoryview
    offsets: NDArray[np.int64]
    lines: ChunkLines
    cut: NDArray[np.uint8]

    def said(self, places: NDArray[np.int64]) -> list[bytes]:
        """Return some lines."""
        lines, begins = self.lines, self.offsets[self.lines.owners[places]]
        spans = zip((begins + lines.starts[places]).tolist(), (begins + lines.ends[places]).tolist(), strict=True)
        return [bytes(self.raw[start:end]) for start, end in spans]

    def text(self, i: int) -> bytes:
        """Return one text."""
        start, end = self.offsets[i : i + 2].tolist()
        return bytes(self.raw[start:end])


@lru_cache(maxsize=1)
def cue_table() -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Return ``known`` and ``most`` of ``kernels.lines``: the cues of all phrases, and the words their lines may have."""
    most: dict[int, int] = {_cue([b"\xc2\xa9"]): max(kind.max_words for kind in KINDS)}  # the copyright sign
    firsts: dict[int, int] = {}
    for kind in KINDS:
        for spelled in chain.from_iterable(map(_spellings, kind.phrases)):
            words = _LETTERS.findall(spelled.encode().lower())
            for table, cue in ((most, _cue(words[:2])), (firsts, _cue(words[:1]))):
                table[cue] = max(kind.max_words, table.get(cue, 0))
    entries = {first - 1: 0 for first in firsts if first not in most}
    entries |= {cue: max(words, firsts.get(cue, 0)) for cue, words in most.items()}
    known = np.zeros(1 << (4 * len(entries)).bit_length(), np.uint64)
    allowed = np.zeros(len(known), np.uint8)
    for cue in sorted(entries):
        slot = (cue | 1) % len(known)
        while known[slot]:
            slot = (slot + 1) % len(known)
        known[slot], allowed[slot] = cue, entries[cue]
    return known, allowed


def _spellings(phrase: str) -> set[str]:
    """Return how a phrase is set: as headlines are in some way, its apostrophes straight or curly, the Turkish i dotted."""
    heads = {phrase, phrase[:1].upper() + phrase[1:], phrase.upper(), " ".join(map(_capital, phrase.split(" ")))}
    heads |= {"İ" + head[1:] for head in heads if head.startswith("I") and phrase.startswith("i")}
    return heads | {head.replace("'", "’") for head in heads}


def _capital(word: str) -> str:
    """Return a word with its first letter large."""
    return word[:1].upper() + word[1:]


def _cue(words: list[bytes]) -> int:
    """Return the cue of one or two words."""
    return reduce(add_word, words, 0) | 1
