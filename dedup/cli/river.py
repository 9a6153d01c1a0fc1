"""One run of the pipeline for a command: input read, the river run, progress shown, the line cleared at the end."""

from __future__ import annotations

import sys
from bisect import bisect_left
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any

from dedup.cli.intake import Intake
from dedup.cli.progress import Progress
from dedup.cli.rows import article_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.article import Article
    from dedup.results import Explanation, Result
    from dedup.settings import Settings


class River:
    """The corpus of ``paths`` and what the pipeline found in it under ``settings``."""

    def __init__(self, paths: Sequence[str], settings: Settings, given: Mapping[str, Any]) -> None:
        from dedup.pipeline import model_of, run

        model_of(settings)  # a broken model is told before anything is read
        self.progress = progress = Progress()
        self.settings = settings
        self.intake = Intake(given, progress)
        try:
            with nullcontext() if settings.sketch == "datasketch" else _without_blas():  # datasketch integrates
                self.corpus = self.intake.corpus(paths)
                self.findings = run(self.corpus, settings, progress=progress.stage)
        finally:
            progress.clear()

    def result(self) -> Result:
        """Return the findings as readable rows."""
        from dedup.pipeline import readable

        return readable(self.corpus, self.findings, self.settings)

    def n_joined(self) -> int:
        """Return how many articles are in clusters of two or more."""
        import numpy as np

        sizes = np.bincount(self.findings.labels[self.settings.level])
        return int(sizes[sizes > 1].sum())

    def article(self, name: str) -> Article:
        """Return the article of an id."""
        return article_at(self.corpus, self.row_of(name))

    def row_of(self, name: str) -> int:
        """Return the corpus row of an id."""
        return bisect_left(self.corpus.ids, name)

    def explain(self, a: str, b: str) -> Explanation:
        """Return why two articles of the corpus, named by id, are or are not one text."""
        from dedup.pipeline import explain

        return explain(self.article(a), self.article(b), self.settings)


@contextmanager
def _without_blas() -> Iterator[None]:
    """Keep numba from loading scipy's linear algebra as it starts: a third of a second, and no kernel needs it.

    For a process of our own alone: numba would miss it in code that does.
    """
    name = "scipy.linalg"
    hidden = name not in sys.modules
    if hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # importing it fails, which numba takes for not installed
    try:
        yield
    finally:
        if hidden:
            del sys.modules[name]
