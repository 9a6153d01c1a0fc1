"""Memory that is free, given back to the system.

The GNU C library keeps what a stage has let go of, in pieces too small for the next one: half the memory of a run.
"""

from __future__ import annotations

import contextlib
import ctypes

MANY_ARTICLES = 10_000
"""In a smaller run there is little to give back; and where a program's memory is in pieces, asking takes some hundredths of a second."""


def give_back(n_articles: int) -> None:
    """Return freed memory to the system in a run of many articles, where the C library can be asked to."""
    if n_articles >= MANY_ARTICLES:
        with contextlib.suppress(AttributeError, OSError, TypeError):
            ctypes.CDLL(None).malloc_trim(0)
