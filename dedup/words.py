"""Texts to their words with their places: what is read again when something is shown.

In: texts. Out: per text the columns of its words. It compares nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels import kernels_for
from dedup.kernels.elements import NAME
from dedup.kernels.fold import fold_table
from dedup.packing import pack

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Words:
    """The words of ``text``, a column each.

    ``hashes`` : uint64[n], of the folded words; ``starts, ends`` : int64[n], characters of the text; ``looks`` :
    uint8[n], see ``kernels.elements.PLAIN``.
    """

    text: str
    hashes: NDArray[np.uint64]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    looks: NDArray[np.uint8]


def take_words(texts: Sequence[str]) -> Iterator[Words]:
    """Yield the words of each text; lone surrogates count as question marks."""
    raws = [text.encode("utf-8", "replace") for text in texts]
    buf, offsets = pack(raws)
    room = len(buf) // 2 + 2 * len(raws) + 2
    hashes, looks = np.empty(room, np.uint64), np.empty(room, np.uint8)
    starts, ends = np.empty(room, np.int64), np.empty(room, np.int64)
    counts = np.zeros(len(raws), np.int64)
    kernels_for(int(offsets[-1])).word_batch(buf, offsets, fold_table(), hashes, starts, ends, looks, counts)
    at = 0
    for text, raw, n in zip(texts, raws, counts.tolist(), strict=True):
        of_text = slice(at, at + n)
        begun, ended = starts[of_text], ends[of_text]
        if not text.isascii():
            before = _characters_before(raw)
            begun, ended = before[begun], before[ended]
        yield Words(text, hashes[of_text], begun, ended, looks[of_text])
        at += n


def ends_of_names(words: Words) -> list[int]:
    """Return for each word the last of the name it is a part of: names with one blank between them are one.

    A word that is no name is its own last.
    """
    names = words.looks == NAME
    last = list(range(len(names)))
    for k in np.flatnonzero(names[:-1] & names[1:])[::-1].tolist():
        if words.text[words.ends[k] : words.starts[k + 1]] == " ":
            last[k] = last[k + 1]
    return last


def _characters_before(raw: bytes) -> NDArray[np.int64]:
    """Return for each byte of well-formed UTF-8, and for its end, how many characters begin before it."""
    begins = (np.frombuffer(raw, np.uint8) & 0xC0) != 0x80
    return np.concatenate([[0], np.cumsum(begins)])
