"""Where findings and labels disagree, one line a pair: what was missed, what was claimed wrongly, and why.

In: corpus, findings and labels. Out: the worst mistakes first, in an order that depends on nothing but scores and ids.
Articles with one body make one mistake together, not one for each of their pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dedup.tally import NO_CLUSTER, Scorer, claimed, expand, look_up

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.labels import Labels
    from dedup.results import Findings
    from dedup.settings import Level

SCAN_PAIRS = 1 << 16
"""Pairs looked at in one step of the search for misses."""

Pairs = tuple["NDArray[np.int64]", "NDArray[np.int64]"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """A pair where verdict and label differ; ``why`` is the reason in words."""

    id_a: str
    id_b: str
    score: float
    why: str


def misses(
    corpus: Corpus, findings: Findings, labels: Labels, *, level: Level, threshold: float, limit: int = 20
) -> list[Mistake]:
    """Return labelled pairs that were not claimed, those with the lowest scores first."""
    truth = look_up(corpus, labels)
    scorer = Scorer(findings, level)
    if truth.cluster is None:
        a, b = truth.a[truth.positive], truth.b[truth.positive]
    else:
        a, b = _missed_in_clusters(scorer, truth.cluster, threshold, limit)
    scores, _ = scorer.score(a, b)
    missed = ~claimed(scores, threshold)
    return _listed(corpus, scorer, (a[missed], b[missed]), limit, worst_is_high=False)


def false_alarms(
    corpus: Corpus, findings: Findings, labels: Labels, *, level: Level, threshold: float, limit: int = 20
) -> list[Mistake]:
    """Return pairs that were claimed against their labels, those with the highest scores first."""
    truth = look_up(corpus, labels)
    scorer = Scorer(findings, level)
    if truth.cluster is None:
        a, b = truth.a[~truth.positive], truth.b[~truth.positive]
    else:
        a, b = _joined_across_clusters(scorer, truth.cluster)
    scores, _ = scorer.score(a, b)
    wrong = claimed(scores, threshold)
    return _listed(corpus, scorer, (a[wrong], b[wrong]), limit, worst_is_high=True)


def _missed_in_clusters(scorer: Scorer, cluster: NDArray[np.int64], threshold: float, limit: int) -> Pairs:
    """Find missed pairs of bodies inside the labelled clusters, and of copies of one body.

    Pairs are looked at in the order of their rows, so the search may end at ``limit`` pairs without a score: no
    later pair can stand before them. What it looks at is thus bounded by the candidates, not by the clusters.
    """
    labelled = np.flatnonzero(cluster != NO_CLUSTER)
    first, copies, firsts_of_copies = _bodies(scorer.findings.unit, cluster, labelled)
    first = first[np.lexsort((first, cluster[first]))]
    _, sizes = np.unique(cluster[first], return_counts=True)
    later = np.repeat(sizes.cumsum(), sizes) - np.arange(len(first)) - 1
    turn = np.argsort(first)
    steps = np.searchsorted(later[turn].cumsum(), np.arange(SCAN_PAIRS, int(later.sum()), SCAN_PAIRS))
    found, unscored = [(firsts_of_copies, copies)], 0
    for batch in np.split(turn, np.unique(steps)):
        owner, mate = expand(batch + 1, later[batch])
        a, b = first[batch[owner]], first[mate]
        scores, _ = scorer.score(a, b)
        missed = ~claimed(scores, threshold)
        found.append((a[missed], b[missed]))
        unscored += int((scores == 0).sum())
        if unscored >= limit:
            break
    return np.concatenate([pair[0] for pair in found]), np.concatenate([pair[1] for pair in found])


def _joined_across_clusters(scorer: Scorer, cluster: NDArray[np.int64]) -> Pairs:
    """Return, for each candidate pair of bodies and for each body, one pair of articles from two clusters if any."""
    findings = scorer.findings
    first, second = _two_labels(scorer, cluster)
    left, right = findings.left, findings.right
    a, b = first[left], first[right]
    alike = (a >= 0) & (b >= 0) & (cluster[a] == cluster[b])
    swap_right = alike & (second[right] >= 0)
    swap_left = alike & ~swap_right & (second[left] >= 0)
    b = np.where(swap_right, second[right], b)
    a = np.where(swap_left, second[left], a)
    usable = (findings.unit[left] != findings.unit[right]) & (a >= 0) & (b >= 0) & (~alike | swap_right | swap_left)
    mixed = second >= 0
    a, b = np.concatenate([a[usable], first[mixed]]), np.concatenate([b[usable], second[mixed]])
    return np.minimum(a, b), np.maximum(a, b)


def _bodies(
    unit: NDArray[np.int32], cluster: NDArray[np.int64], labelled: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the first article of each body in each cluster, the other articles, and the first of each of those."""
    key = unit[labelled].astype(np.int64) * (int(cluster.max(initial=0)) + 1) + cluster[labelled]
    _, first, body = np.unique(key, return_index=True, return_inverse=True)
    first_of = labelled[first][body]
    others = first_of != labelled
    return labelled[first], labelled[others], first_of[others]


def _two_labels(scorer: Scorer, cluster: NDArray[np.int64]) -> Pairs:
    """Return for each unit the labelled article closest to it and the closest of another cluster; -1 for none."""
    unit = scorer.findings.unit
    labelled = np.flatnonzero(cluster != NO_CLUSTER)
    closest_last = labelled[np.argsort(-scorer.to_unit[labelled], kind="stable")][::-1]
    first, second = np.full(len(unit), -1, np.int64), np.full(len(unit), -1, np.int64)
    first[unit[closest_last]] = closest_last
    other = closest_last[cluster[closest_last] != cluster[first[unit[closest_last]]]]
    second[unit[other]] = other
    return first, second


def _listed(corpus: Corpus, scorer: Scorer, pairs: Pairs, limit: int, *, worst_is_high: bool) -> list[Mistake]:
    """Order by score and then by id, and put the reason into words."""
    a, b = pairs
    scores, channels = scorer.score(a, b)
    order = np.lexsort((b, a, -scores if worst_is_high else scores))[:limit]
    ruled_out = scorer.ruled_out(a, b)
    return [
        Mistake(
            corpus.ids[a[i]],
            corpus.ids[b[i]],
            float(scores[i]),
            _why(scorer.level, float(scores[i]), proposed=bool(channels[i]), ruled_out=bool(ruled_out[i])),
        )
        for i in order
    ]


def _why(level: Level, score: float, *, proposed: bool, ruled_out: bool) -> str:
    if not proposed:
        return "not a candidate"
    if level == "exact":
        return "the same text" if score else "the texts differ"
    return "ruled out by sketch" if ruled_out else f"scored {score:.2f}"
