"""Texts that stay where Arrow holds them, each cut out of its buffer when it is looked at.

In: a column of bytes, in any of Arrow's layouts. Out: a sequence of views of them; no text is copied or decoded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INLINE_BYTES = 12
"""A text of up to so many bytes stands in its view itself (Arrow columnar format, variable-size binary view layout)."""

_VIEW_BYTES = 16
_STEP = 4096
"""Places turned into Python numbers at a time."""


class ArrowTexts(Sequence[memoryview]):
    """Texts by their places in ``buffers``.

    ``places`` : int64[n, 3], of each text the buffer, the first byte and the byte after the last; buffer -1 is null.
    """

    def __init__(self, buffers: list[memoryview], places: NDArray[np.int64]) -> None:
        self._buffers = buffers
        self._places = places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> memoryview: ...
    @overload
    def __getitem__(self, index: slice) -> ArrowTexts: ...
    def __getitem__(self, index: int | slice) -> memoryview | ArrowTexts:
        if isinstance(index, slice):
            return ArrowTexts(self._buffers, self._places[index])
        buffer, start, end = self._places[index].tolist()
        text: memoryview = self._buffers[buffer][start:end]
        return text

    def __iter__(self) -> Iterator[memoryview]:
        for first in range(0, len(self._places), _STEP):
            for buffer, start, end in self._places[first : first + _STEP].tolist():
                yield self._buffers[buffer][start:end]

    def picked(self, rows: Sequence[int] | NDArray[Any]) -> ArrowTexts:
        """Return the texts of some rows, in their order."""
        return ArrowTexts(self._buffers, self._places[np.asarray(rows, np.int64)])

    def known(self) -> NDArray[np.int64]:
        """Return the rows that are not null: int64[n_known]."""
        return np.flatnonzero(self._places[:, 0] >= 0)


def texts_of(arrays: Iterable[Any]) -> ArrowTexts:
    """Return the texts of arrays of bytes: plain, large, views, or a dictionary of them, as pyarrow names them.

    The arrays must have been validated: places are taken as they stand.
    """
    buffers: list[memoryview] = []
    places = [_places(array, buffers) for array in arrays]
    return ArrowTexts(buffers, np.concatenate(places) if places else np.empty((0, 3), np.int64))


def _places(array: Any, buffers: list[memoryview]) -> NDArray[np.int64]:
    """Return where the texts of one array stand, adding its buffers to those known."""
    if hasattr(array, "dictionary"):
        words = np.vstack([_places(array.dictionary, buffers), np.full((1, 3), -1)])  # the last stands for null
        at = array.indices.fill_null(0).to_numpy(zero_copy_only=False).astype(np.int64)  # int8 may end before the null
        at[array.indices.is_null().to_numpy(zero_copy_only=False)] = len(words) - 1
        found: NDArray[np.int64] = words[at]
        return found
    if not len(array):
        return np.empty((0, 3), np.int64)
    places = np.empty((len(array), 3), np.int64)
    first = len(buffers)
    held = [memoryview(buffer or b"").cast("B") for buffer in array.buffers()[1:]]
    rows = slice(array.offset, array.offset + len(array))
    if str(array.type) in ("binary", "large_binary"):
        offsets = np.frombuffer(held[0], np.int32 if str(array.type) == "binary" else np.int64)
        places[:, 0], places[:, 1] = first, offsets[rows]
        places[:, 2] = offsets[rows.start + 1 : rows.stop + 1]
        buffers.append(held[1])
    else:
        views = np.frombuffer(held[0], np.int32).reshape(-1, 4)[rows]
        inline = views[:, 0] <= _INLINE_BYTES
        at = (np.arange(rows.start, rows.stop) * _VIEW_BYTES) + 4
        places[:, 0] = np.where(inline, first, first + 1 + views[:, 2])
        places[:, 1] = np.where(inline, at, views[:, 3])
        places[:, 2] = places[:, 1] + views[:, 0]
        buffers += held
    places[array.is_null().to_numpy(zero_copy_only=False)] = -1
    return places
