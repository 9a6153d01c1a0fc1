"""Texts as the stages see them: bytes, made when asked for, cut and packed into flat buffers.

Articles in memory are usually ``str``; keeping a second copy of each as bytes would double the memory of a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK_CHARS = 1 << 19
"""Text packed at a time: small enough to stay in the cache between packing and reading."""

Span = tuple[int, int]
"""First byte, and byte after the last."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """What is cut from n texts: of text i the spans ``bounds[i]`` to ``bounds[i + 1]``, in order, none overlapping.

    ``bounds`` : int64[n + 1]. ``starts, ends`` : int32[...], the first byte of a span and the byte after its last.
    ``reasons`` : uint8[...], why, as a place in a list of whoever cut.
    """

    bounds: NDArray[np.int64]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    reasons: NDArray[np.uint8]

    def n_cut(self) -> int:
        """Return how many texts lost something."""
        return int(np.count_nonzero(np.diff(self.bounds)))

    def spans(self, i: int) -> list[Span]:
        """Return what is cut from text ``i``."""
        some = slice(*self.bounds[i : i + 2].tolist())
        return list(zip(self.starts[some].tolist(), self.ends[some].tolist(), strict=True))

    def reasons_of(self, i: int) -> list[int]:
        """Return why each span of text ``i`` is cut."""
        found: list[int] = self.reasons[slice(*self.bounds[i : i + 2].tolist())].tolist()
        return found


class Texts(Sequence[bytes]):
    """Texts as UTF-8 bytes, without the spans cut from them.

    ``raw`` holds each text as it came, in a list or any sequence that cuts it out when asked; lone surrogates pass
    through as malformed bytes, which the kernels read as gaps.
    """

    def __init__(self, raw: Sequence[str] | Sequence[bytes] | Sequence[memoryview], cuts: Cuts | None = None) -> None:
        self.raw = raw
        self.cuts = cuts

    def __len__(self) -> int:
        return len(self.raw)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> list[bytes]: ...
    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:
        if isinstance(index, slice):
            return self.rows(range(*index.indices(len(self.raw))))
        return self.rows((index,))[0]

    def rows(self, rows: Iterable[int]) -> list[bytes]:
        """Return the texts of some rows."""
        rows = list(rows)
        raw = self.raw
        texts = [as_bytes(raw[i]) for i in rows]
        if self.cuts is not None:
            for k in np.flatnonzero(np.diff(self.cuts.bounds)[rows]).tolist():
                texts[k] = without(texts[k], self.cuts.spans(rows[k]))
        return texts

    def chunks(self) -> list[tuple[int, int]]:
        """Cut the rows into spans of about ``CHUNK_CHARS`` characters."""
        found = []
        first = size = 0
        for i, text in enumerate(self.raw):
            size += len(text)
            if size >= CHUNK_CHARS:
                found.append((first, i + 1))
                first, size = i + 1, 0
        if first < len(self.raw):
            found.append((first, len(self.raw)))
        return found

    def work_bytes(self) -> int:
        """Return roughly how many bytes all texts have."""
        return sum(map(len, self.raw))


def as_bytes(text: str | bytes | memoryview) -> bytes:
    """Return a text as UTF-8; a lone surrogate becomes three malformed bytes, and bytes stay what they are."""
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)


def without(text: bytes, spans: Sequence[Span]) -> bytes:
    """Return a text without the spans."""
    pieces = []
    at = 0
    for start, end in spans:
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    return b"".join(pieces)


def drained(parts: list[list[Any]], column: int) -> NDArray[Any]:
    """Return one column of many parts as one array, and let go of it in the parts: both would double the memory."""
    joined = np.empty(sum(len(part[column]) for part in parts), parts[0][column].dtype)
    at = 0
    for part in parts:
        piece, part[column] = part[column], None
        joined[at : at + len(piece)] = piece
        at += len(piece)
    return joined


def pack(texts: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return texts as one uint8 buffer and int64[n + 1] offsets into it.

    One to eight line breaks nobody owns fill the buffer up to a multiple of eight bytes.
    """
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    filler = b"\n" * (8 - int(offsets[-1]) % 8)
    return np.frombuffer(b"".join([*texts, filler]), np.uint8), offsets
