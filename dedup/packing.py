"""Texts as the stages see them: bytes, made when asked for, cut and packed into flat buffers.

Articles in memory are usually ``str``; keeping a second copy of each as bytes would double the memory of a run.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, repeat
from typing import TYPE_CHECKING, Any, Protocol, overload

import numpy as np

from dedup.kernels import kernels_for
from dedup.memory import pages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Packed = tuple[NDArray[np.uint8], NDArray[np.int64]]

CHUNK_CHARS = 1 << 19
"""Text packed at a time: small enough to stay in the cache between packing and reading."""

SHARED_CHUNKS = 2
"""So many chunks are one where several threads also need the interpreter for each: they wait for it less often."""

Span = tuple[int, int]
"""First byte, and byte after the last."""

AnyText = str | bytes | memoryview

PAD_BYTES = 64
"""Vector instructions read so many bytes from a place in a text on, and may read beyond its end."""

LINE_BREAK = 0x0A

UTF8_MOST = 4
"""Bytes a character has at most."""

JOINED = 1 << 22
"""Texts of so many characters together, a chunk always, are joined and encoded in one call: with more calls, threads hand the interpreter to each other more often. Others are encoded one by one."""


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

    def picked(self, rows: list[int]) -> Cuts:
        """Return what is cut from some texts."""
        at = np.array(rows, np.int64)
        firsts = self.bounds[at]
        counts = self.bounds[at + 1] - firsts
        bounds = np.concatenate([[0], np.cumsum(counts)])
        places = np.repeat(firsts - bounds[:-1], counts) + np.arange(bounds[-1])
        return Cuts(bounds, self.starts[places], self.ends[places], self.reasons[places])

    def reasons_of(self, i: int) -> list[int]:
        """Return why each span of text ``i`` is cut."""
        found: list[int] = self.reasons[slice(*self.bounds[i : i + 2].tolist())].tolist()
        return found


class Texts(Sequence[bytes]):
    """Texts as UTF-8 bytes, without the spans cut from them.

    ``raw`` holds each text as it came, in a list or any sequence that cuts it out when asked; lone surrogates pass
    through as malformed bytes, which the kernels read as gaps.
    """

    def __init__(self, raw: Sequence[AnyText], cuts: Cuts | None = None) -> None:
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
        raw = self.raw
        rows = list(rows)
        for i, spans in zip(rows, self._spans(rows), strict=True):
            needed = None if most is None else most + sum(end - start for start, end in spans)
            text = as_bytes(raw[i][:needed])[:needed]  # no character has less than a byte
            yield (without(text, spans) if spans else text)[:most]

    def pack(self, rows: Iterable[int], packer: Packer) -> Packed:
        """Pack the texts of some rows."""
        rows = list(rows)
        return packer(map(self.raw.__getitem__, rows), None if self.cuts is None else self.cuts.picked(rows))

    def _spans(self, rows: list[int]) -> Iterable[Sequence[Span]]:
        """Return what is cut from the texts of some rows."""
        if self.cuts is None:
            return repeat((), len(rows))
        cuts = self.cuts.picked(rows)
        spans = zip(cuts.starts.tolist(), cuts.ends.tolist(), strict=True)  # of all these texts at once
        return (list(islice(spans, count)) if count else () for count in np.diff(cuts.bounds).tolist())

    def chunks(self, several: int = 1) -> list[tuple[int, int]]:
        """Cut the rows into spans of about ``CHUNK_CHARS`` characters, or ``several`` times as many."""
        ends = np.cumsum(np.fromiter(map(len, self.raw), np.int64, len(self.raw)))
        found = []
        first = before = 0
        while first < len(ends):
            last = min(int(np.searchsorted(ends, before + several * CHUNK_CHARS)) + 1, len(ends))
            found.append((first, last))
            first, before = last, int(ends[last - 1])
        return found

    def work_bytes(self) -> int:
        """Return roughly how many bytes all texts have."""
        return sum(map(len, self.raw))


def as_bytes(text: AnyText) -> bytes:
    """Return a text as UTF-8; a lone surrogate becomes three malformed bytes, and bytes stay what they are."""
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else bytes(text)


def _flat(text: AnyText) -> bytes | memoryview:
    """Return a text as UTF-8, bytes and views of them as they are."""
    return as_bytes(text) if isinstance(text, str) else text


def without(text: bytes, spans: Sequence[Span]) -> bytes:
    """Return a text without the spans."""
    pieces = []
    at = 0
    for start, end in spans:
        pieces.append(text[at:start])
        at = end
    pieces.append(text[at:])
    return b"".join(pieces)


def pack(texts: Sequence[bytes | memoryview]) -> Packed:
    """Return texts as one uint8 buffer and int64[n + 1] offsets into it.

    Behind the last text stand ``PAD_BYTES`` line breaks nobody owns.
    """
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=offsets[1:])
    return np.frombuffer(b"".join([*texts, bytes([LINE_BREAK]) * PAD_BYTES]), np.uint8), offsets


class Beside(Protocol):
    """Who reads packed texts beside another stage: ``find`` from any thread, ``add`` in the order of the chunks."""

    def find(self, buf: NDArray[np.uint8], offsets: NDArray[np.int64], first: int) -> Any:
        """Read the texts ``buf[offsets[i]:offsets[i + 1]]``, of articles from number ``first`` on."""

    def add(self, found: Any) -> None:
        """Take in what ``find`` returned."""


class Packer(threading.local):
    """Packs texts as ``pack`` does, again and again into the same buffer: each thread has one of its own.

    What a call returns is good until the thread's next call. ``work_bytes`` : roughly how much is packed in all.
    """

    def __init__(self, work_bytes: int = 0) -> None:
        self._kernels = kernels_for(work_bytes)
        self._room = pages(PAD_BYTES, np.uint8)

    def __call__(self, texts: Iterable[AnyText], cuts: Cuts | None = None) -> Packed:
        """Pack some texts, without what is cut from them."""
        texts = list(texts)
        ends = [0]
        if set(map(type, texts)) == {str} and sum(map(len, texts)) <= JOINED:
            self._encode(texts, ends)
        else:
            for packed in map(_flat, texts):
                at, end = ends[-1], ends[-1] + len(packed)
                self._reserve(at, end)
                self._room.data[at:end] = packed
                ends.append(end)
        offsets = np.array(ends, np.int64)
        if cuts is not None and len(cuts.starts):
            self._kernels.cut_batch(self._room, offsets, cuts.bounds, cuts.starts, cuts.ends)
        at = int(offsets[-1])
        end = at + PAD_BYTES
        self._room[at:end] = LINE_BREAK
        return np.frombuffer(self._room.data.toreadonly(), np.uint8, end), offsets

    def _encode(self, texts: list[Any], ends: list[int]) -> None:
        """Encode texts, all of them ``str``, as the first ones packed."""
        joined = "".join(texts)
        self._reserve(0, UTF8_MOST * len(joined))
        letters = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)))
        places = np.empty(len(texts), np.int64)
        self._kernels.encode_batch(joined, letters, self._room, 0, places)
        ends.extend(places.tolist())

    def _reserve(self, used: int, wanted: int) -> None:
        """See to it that there is room up to byte ``wanted`` and for the pad, keeping the first ``used`` bytes."""
        if wanted + PAD_BYTES > len(self._room):
            room = pages(2 * (wanted + PAD_BYTES), np.uint8)
            room[:used] = self._room[:used]
            self._room = room
