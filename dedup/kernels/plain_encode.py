"""Code points to UTF-8 in plain Python; see ``plain``."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def encode(points: Any, out: Any, at: int) -> int:
    """See ``encode.encode``."""
    codec = "utf-32-le" if sys.byteorder == "little" else "utf-32-be"
    raw = points.tobytes().decode(codec, "surrogatepass").encode("utf-8", "surrogatepass")
    out[at : at + len(raw)] = np.frombuffer(raw, np.uint8)
    return at + len(raw)
