"""The pair of a small pile that is most alike, for when nothing in it was joined."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from dedup.cli.rows import article_at
from dedup.report.clusters_view import SMALL_PILE

if TYPE_CHECKING:
    from dedup.corpus import Corpus
    from dedup.results import Explanation, Findings
    from dedup.settings import Settings


def closest_pair(corpus: Corpus, findings: Findings, settings: Settings) -> Explanation | None:
    """Return the explanation of the most probable pair, or None for a pile of more than ``SMALL_PILE`` articles.

    The pairs the run measured come first; where it measured none, every pair of the pile is.
    """
    from dedup.pipeline import explain

    n = len(corpus)
    if not 2 <= n <= SMALL_PILE:
        return None
    measured = [
        (int(left), int(right))
        for left, right, taken in zip(findings.left, findings.right, findings.measured, strict=True)
        if taken
    ]
    found = [
        explain(article_at(corpus, left), article_at(corpus, right), settings)
        for left, right in measured or combinations(range(n), 2)
    ]
    return max(found, key=lambda each: (each.pair.score, each.pair.p_near, each.pair.jaccard))
