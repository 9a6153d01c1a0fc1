"""How kernels are compiled: numba without the interpreter lock, kept on disk where a place can be written.

A read-only installation without a writable home must still run, so a cache that cannot be made is done without.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from numba import njit

if TYPE_CHECKING:
    from collections.abc import Callable


def compiled(function: Callable[..., Any] | None = None, *, inline: str = "never") -> Any:
    """Compile a kernel (``nogil``, cached); use as ``@compiled`` or ``@compiled(inline="always")``."""
    if function is None:
        return lambda f: compiled(f, inline=inline)
    options: dict[str, Any] = {"nogil": True, "inline": inline, "boundscheck": False, "error_model": "numpy"}
    try:
        return njit(cache=True, **options)(function)
    except RuntimeError:  # numba found no folder it may write its cache to
        return njit(**options)(function)
