"""How kernels are compiled: numba without the interpreter lock, kept on disk where a place can be written.

A read-only installation without a writable home must still run, so a cache that cannot be made is done without. numba
takes a kernel on disk for good as long as its own file is the same; but a kernel holds the constants and helpers of other
files too, so here those count as well.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
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
        kernel = njit(cache=True, **options)(function)
    except RuntimeError:  # numba found no folder it may write its cache to
        return njit(**options)(function)
    index: Any = getattr(getattr(kernel, "_cache", None), "_cache_file", None)
    if hasattr(index, "_source_stamp"):  # what must be the same for a kernel on disk to count
        index._source_stamp = (index._source_stamp, _sources())
    return kernel


@lru_cache(maxsize=1)
def _sources() -> str:
    """Return the hex digest of all files that kernels take something from."""
    kernels = Path(__file__).parent
    digest = blake2b(digest_size=16)
    for path in [*sorted(kernels.glob("*.py")), kernels.parent / "settings.py"]:
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()
