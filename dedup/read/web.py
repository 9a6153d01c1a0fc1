"""The packages of the extra ``html``, loaded where a page is met and not before."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from dedup.errors import MissingExtra

_FEATURE = "reading web pages and feeds"


@lru_cache(maxsize=16)
def web_module(name: str) -> Any:
    """Return a module of the extra; ``MissingExtra`` if its package, or one that it needs, is not installed."""
    try:
        return import_module(name)
    except ImportError as error:
        raise MissingExtra(_FEATURE, error.name or name, "html") from None
