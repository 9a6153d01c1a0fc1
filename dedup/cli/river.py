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
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dedup.article import Article
    from dedup.cli.intake import OnRest
    from dedup.corpus import Corpus
    from dedup.results import Explanation, PairRow, Result
    from dedup.settings import Settings


class River:
    """The corpus of ``paths`` and what the pipeline found in it under ``settings``."""

    def __init__(
        self,
        paths: Sequence[str],
        settings: Settings,
        given: Mapping[str, Any],
        *,
        check: Callable[[Corpus], None] | None = None,
        on_rest: OnRest | None = None,
    ) -> None:
        """Read and run; ``check`` may refuse the corpus before it is worked on, ``on_rest`` as in ``read_articles``."""
        from dedup.pipeline import model_of, run

        model_of(settings)  # a broken model is told before anything is read
        self.progress = progress = Progress()
        self.settings = settings
        self.intake = Intake(given, progress)
        try:
            with nullcontext() if settings.sketch == "datasketch" else _without_blas():  # datasketch integrates
                self.corpus = self.intake.corpus(paths, on_rest)
                if check is not None:
                    check(self.corpus)
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
        """Return why two articles of the corpus, named by id, are or are not together in this run."""
        from dedup.asked import explain_among

        return explain_among(self.corpus, self.findings, (self.row_of(a), self.row_of(b)), self.settings)

    def judged(self, pairs: Sequence[tuple[str, str]]) -> Iterator[PairRow]:
        """Yield what the run makes of pairs of ids, those it never compared among them."""
        from dedup.asked import judged_among

        rows = [(self.row_of(a), self.row_of(b)) for a, b in pairs]
        for found, k in judged_among(self.corpus, self.findings, rows, self.settings):
            yield found.row(k)


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
