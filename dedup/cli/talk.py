"""Talk to the person at the terminal: notes on stderr, made inert, never a reason to fail."""

from __future__ import annotations

import contextlib
import sys


def say(sentence: str) -> None:
    """Write one line on stderr; where nobody listens, nothing is lost but the line."""
    from dedup.report.escape import inert

    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(inert(sentence) + "\n")
        sys.stderr.flush()
