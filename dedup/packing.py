"""Lists of texts to flat buffers, which is what kernels read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CHUNK_BYTES = 1 << 19
"""Text packed at a time: small enough to stay in the cache between packing and reading."""


def chunks(texts: Sequence[bytes]) -> list[tuple[int, int]]:
    """Cut a list of texts into spans of about ``CHUNK_BYTES``."""
    spans = []
    first = size = 0
    for i, text in enumerate(texts):
        size += len(text)
        if size >= CHUNK_BYTES:
            spans.append((first, i + 1))
            first, size = i + 1, 0
    if first < len(texts):
        spans.append((first, len(texts)))
    return spans


def pack(texts: Sequence[bytes]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Return texts as one uint8 buffer and int64[n + 1] offsets into it.

    One to eight line breaks nobody owns fill the buffer up to a multiple of eight bytes.
    """
    offsets = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([len(text) for text in texts], out=offsets[1:])
    filler = b"\n" * (8 - int(offsets[-1]) % 8)
    return np.frombuffer(b"".join([*texts, filler]), np.uint8), offsets
