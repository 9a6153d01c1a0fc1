"""Letters to UTF-8, and spans taken out of packed texts, in plain Python; see ``plain``."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np


def encode_batch(text: str, ends: Any, out: Any, at: int, places: Any) -> int:
    """See ``packing.encode_batch``."""
    for k, (begin, end) in enumerate(pairwise([0, *ends.tolist()])):
        raw = text[begin:end].encode("utf-8", "surrogatepass")
        out[at : at + len(raw)] = np.frombuffer(raw, np.uint8)
        at += len(raw)
        places[k] = at
    return at


def cut_batch(buf: Any, offsets: Any, bounds: Any, starts: Any, ends: Any) -> None:
    """See ``packing.cut_batch``."""
    texts = [buf[start:end].tobytes() for start, end in pairwise(offsets.tolist())]
    to = int(offsets[0])
    for i, text in enumerate(texts):
        some = slice(bounds[i], bounds[i + 1])
        edges = [0, *(edge for span in zip(starts[some].tolist(), ends[some].tolist(), strict=True) for edge in span)]
        left = b"".join(text[begin:end] for begin, end in zip(edges[::2], [*edges[1::2], len(text)], strict=True))
        buf[to : to + len(left)] = np.frombuffer(left, np.uint8)
        to += len(left)
        offsets[i + 1] = to
