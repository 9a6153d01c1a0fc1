"""Memory for large arrays: asked of the system in whole pages, and given back the moment an array is gone.

What goes through the allocator instead may stay with the process, in holes between smaller things, until it ends or
the C library is asked for it.
"""

from __future__ import annotations

import contextlib
import ctypes
import mmap
import threading
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

MANY_ARTICLES = 10_000
"""In a smaller run there is little to give back; and where a program's memory is in pieces, asking takes some hundredths of a second."""


LARGE_PAGE = 1 << 21
"""A small page costs a microsecond and more when it is first touched; a large one of so many bytes little more."""

_PRIVATE: Any = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
"""Pages are shared with child processes by default, which makes the first touch of each dearer."""


def pages(size: int, dtype: DTypeLike) -> NDArray[Any]:
    """Return an array of ``size`` zeros; what is never written takes no memory where the system is lazy.

    Raises MemoryError where there is not so much to be had.
    """
    kind = np.dtype(dtype)
    n_bytes = max(1, size * kind.itemsize)
    try:
        held = mmap.mmap(-1, n_bytes, **_PRIVATE)
    except (OSError, OverflowError) as error:
        raise MemoryError from error
    if n_bytes >= LARGE_PAGE and hasattr(mmap, "MADV_HUGEPAGE"):
        with contextlib.suppress(OSError):  # a system without large pages gives small ones
            held.madvise(mmap.MADV_HUGEPAGE)
    return np.frombuffer(held, kind, size)


class Room(threading.local):
    """Scratch space, one array a thread: asking for more entries than ever before makes it anew."""

    def __init__(self, dtype: DTypeLike) -> None:
        self._entries = pages(0, dtype)

    def __call__(self, size: int) -> NDArray[Any]:
        """Return so many entries, good until the thread's next call."""
        if size > len(self._entries):
            self._entries = pages(size, self._entries.dtype)
        return self._entries[:size]


class Growing:
    """An array that pieces are laid into one behind the other, so that no piece need be kept until all are there.

    ``room`` : how many entries are expected; where more come, all move.
    """

    def __init__(self, dtype: DTypeLike, room: int) -> None:
        self._entries = pages(room, dtype)
        self._size = 0

    def extend(self, piece: NDArray[Any]) -> None:
        """Lay one more piece behind the others."""
        size = self._size + len(piece)
        if size > len(self._entries):
            larger = pages(size + (size >> 1), self._entries.dtype)
            larger[: self._size] = self.whole()
            self._entries = larger
        self._entries[self._size : size] = piece
        self._size = size

    def whole(self) -> NDArray[Any]:
        """Return the pieces so far as one array."""
        return self._entries[: self._size]


def give_back(n_articles: int) -> None:
    """Return freed memory to the system in a run of many articles, where the C library can be asked to."""
    if n_articles >= MANY_ARTICLES:
        with contextlib.suppress(AttributeError, OSError, TypeError):
            ctypes.CDLL(None).malloc_trim(0)
