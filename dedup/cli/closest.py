"""The pair of a small pile that is most alike, for when nothing in it was joined."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from dedup.report.clusters_view import SMALL_PILE

if TYPE_CHECKING:
    from dedup.corpus import Corpus
    from dedup.results import Explanation, Findings
    from dedup.settings import Settings


FEW = 4
"""Up to this many articles, every pair is measured where the run measured none."""


def closest_pair(corpus: Corpus, findings: Findings, settings: Settings) -> Explanation | None:
    """Return the explanation of the most probable pair.

    That is the best of the pairs the run measured; where it measured none, the best of all pairs of ``FEW`` articles.
    None for a larger pile without any, and for more than ``SMALL_PILE`` articles.
    """
    from dedup.asked import judged_among
    from dedup.explanation import explain_candidate

    if len(corpus) > SMALL_PILE:
        return None
    pairs = _best_measured(findings) or (list(combinations(range(len(corpus)), 2)) if len(corpus) <= FEW else [])
    found = [explain_candidate(rows, k) for rows, k in judged_among(corpus, findings, pairs, settings)]
    return max(found, key=lambda each: (each.pair.score, each.pair.jaccard), default=None)


def _best_measured(findings: Findings) -> list[tuple[int, int]]:
    """Return the most probable pair of those measured, if any."""
    rows = [row for row, taken in enumerate(findings.measured) if taken]
    best = max(rows, key=lambda row: (*findings.p[row], -row), default=None)
    return [] if best is None else [(int(findings.left[best]), int(findings.right[best]))]
