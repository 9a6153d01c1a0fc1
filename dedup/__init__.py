"""Finds copies, near-copies and reports of the same story in piles of news articles, and says why.

The flow: read -> clean -> sketch -> candidates -> evidence -> rank -> cluster -> report. ``find`` runs it over articles
in memory; the stages are modules of the same names, and ``pipeline`` is where they meet.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dedup.article import Article as Article
    from dedup.asked import explain as explain
    from dedup.errors import DedupError as DedupError
    from dedup.evaluation import evaluate as evaluate
    from dedup.labels import read_labels as read_labels
    from dedup.pipeline import find as find
    from dedup.read import read_articles as read_articles
    from dedup.report.columns import to_arrow as to_arrow
    from dedup.results import Result as Result
    from dedup.settings import Settings as Settings

__version__ = "0.1.0"

_HOMES = {
    "Article": "dedup.article",
    "DedupError": "dedup.errors",
    "Result": "dedup.results",
    "Settings": "dedup.settings",
    "evaluate": "dedup.evaluation",
    "explain": "dedup.asked",
    "find": "dedup.pipeline",
    "read_articles": "dedup.read",
    "read_labels": "dedup.labels",
    "to_arrow": "dedup.report.columns",
}

__all__ = [*_HOMES, "__version__"]  # noqa: PLE0604  # names are loaded when asked for: importing dedup must cost nothing


def __getattr__(name: str) -> Any:
    """Load a public name from its module when it is first asked for."""
    if name not in _HOMES:
        message = f"module 'dedup' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
