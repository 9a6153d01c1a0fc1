"""Texts as the stages see them: bytes, made when asked for, cut and packed into flat buffers.

Articles in memory are usually ``str``; keeping a second copy of each as bytes would double the memory of a run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol, overload

import numpy as np

from dedup.memory import pages

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

    def __init__(self, raw: Sequence[str | bytes | memoryview], cuts: Cuts | None = None) -> None:
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
        return list(self.each(rows))

    def each(self, rows: Iterable[int], most: int | None = None) -> Iterator[bytes]:
        """Make the texts of some rows one by one, or their first ``most`` bytes, for who needs one at a time."""
        raw, cuts = self.raw, self.cuts
        if cuts is None:
            for i in rows:
                yield as_bytes(raw[i][:most])[:most]
            return
        picked = np.array(list(rows), np.int64)
        firsts = cuts.bounds[picked]
        counts = cuts.bounds[picked + 1] - firsts
        places = np.repeat(firsts - np.cumsum(counts) + counts, counts) + np.arange(counts.sum())
        spans = zip(cuts.starts[places].tolist(), cuts.ends[places].tolist(), strict=True)  # of all these texts at once
        for i, count in zip(picked.tolist(), counts.tolist(), strict=True):
            if not count:
                yield as_bytes(raw[i][:most])[:most]  # no character has less than a byte
                continue
            own = list(islice(spans, count))
            needed = None if most is None else most + sum(end - start for start, end in own)
            yield without(as_bytes(raw[i][:needed])[:needed], own)[:most]

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


def pack(texts: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return texts as one uint8 buffer and int64[n + 1] offsets into it.

    One to eight line breaks nobody owns fill the buffer up to a multiple of eight bytes.
    """
    return Packer(sum(map(len, texts)))(texts)


class Beside(Protocol):
    """Who reads packed texts beside another stage: ``find`` from any thread, ``add`` in the order of the chunks."""

    def find(self, buf: NDArray[np.uint8], offsets: NDArray[np.int64], first: int) -> Any:
        """Read the texts ``buf[offsets[i]:offsets[i + 1]]``, of articles from number ``first`` on."""

    def add(self, found: Any) -> None:
        """Take in what ``find`` returned."""


class Packer(threading.local):
    """Packs texts as ``pack`` does, again and again into the same buffer: each thread has one of its own.

    What a call returns is good until the thread's next call. ``room`` : how many bytes are expected.
    """

    def __init__(self, room: int = 0) -> None:
        self._room = pages(room + 8, np.uint8).data

    def __call__(self, texts: Iterable[bytes | memoryview]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """Pack some texts."""
        room = self._room
        ends = [0]
        at = 0
        for text in texts:
            end = at + len(text)
            if end + 8 > len(room):
                room = pages(2 * end + 8, np.uint8).data
                room[:at] = self._room[:at]
                self._room = room
            room[at:end] = text
            at = end
            ends.append(at)
        end = at + 8 - at % 8
        room[at:end] = b"\n" * (end - at)
        return np.frombuffer(room.toreadonly(), np.uint8, end), np.array(ends, np.int64)
