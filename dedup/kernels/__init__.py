"""Loops over arrays, twice: compiled (``fast``) and plain (``plain``), with equal results.

Compiled code costs a second to load, so little work is done by the plain twin.
"""

from __future__ import annotations

import importlib
import sys
from typing import Any

PLAIN_BYTES = 100_000
"""Work up to so many bytes is done sooner by the plain twin than the compiled code is loaded."""


def kernels_for(work_bytes: int) -> Any:
    """Return the module to do so much work with."""
    fast = "dedup.kernels.fast"
    if work_bytes > PLAIN_BYTES or fast in sys.modules:
        return importlib.import_module(fast)
    return importlib.import_module("dedup.kernels.plain")
