"""How good an answer is against the truth: measures of pairs, of clusters and of probabilities.

In: plain arrays of scores, verdicts or cluster numbers. Out: numbers from 0 to 1 (the Rand index may go below 0). It
knows no article. Where nothing was claimed precision is 1, and where nothing was there to find recall is 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class PairCounts:
    """Pairs claimed rightly, claimed wrongly, and missed."""

    true_positives: int
    false_positives: int
    false_negatives: int

    @property
    def precision(self) -> float:
        """Share of the claimed pairs that are right."""
        return _share(self.true_positives, self.true_positives + self.false_positives)

    @property
    def recall(self) -> float:
        """Share of the right pairs that were claimed."""
        return _share(self.true_positives, self.true_positives + self.false_negatives)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        double = 2 * self.true_positives
        return _share(double, double + self.false_positives + self.false_negatives)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What a threshold would give."""

    threshold: float
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class BCubed:
    """B-cubed precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


def pair_counts(predicted: ArrayLike, truth: ArrayLike, weights: ArrayLike | None = None) -> PairCounts:
    """Count agreement between two bool[n_pairs]; ``weights`` : int64[n_pairs], how many pairs each row stands for."""
    claimed, right = np.asarray(predicted, bool), np.asarray(truth, bool)
    weight = _weights(weights, len(right))
    return PairCounts(
        int(weight[claimed & right].sum()),
        int(weight[claimed & ~right].sum()),
        int(weight[~claimed & right].sum()),
    )


def average_precision(scores: ArrayLike, truth: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the mean precision at each right pair, ranked by score.

    Pairs of one score stand at one rank, so the order of the rows cannot matter; precision is not interpolated
    (Manning, Raghavan, Schütze 2008, section 8.4).
    """
    _, hits, claims = _ranking(scores, truth, weights)
    total = int(hits[-1]) if len(hits) else 0
    if total == 0:
        return 1.0
    gained = np.diff(hits, prepend=0)
    return float((gained * (hits / np.maximum(claims, 1))).sum() / total)


def area_under_roc(scores: ArrayLike, truth: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return how likely a right pair outranks a wrong one, a tie counting half; NaN if there is none of one kind.

    Hanley & McNeil 1982, "The meaning and use of the area under a receiver operating characteristic (ROC) curve".
    """
    _, hits, claims = _ranking(scores, truth, weights)
    right, wrong = np.diff(hits, prepend=0), np.diff(claims - hits, prepend=0)
    n_right, n_wrong = int(right.sum()), int(wrong.sum())
    if n_right == 0 or n_wrong == 0:
        return math.nan
    outranked = n_wrong - wrong.cumsum() + wrong / 2
    return float((right * outranked).sum() / (n_right * n_wrong))


def threshold_curve(
    scores: ArrayLike, truth: ArrayLike, thresholds: Sequence[float], weights: ArrayLike | None = None
) -> tuple[CurvePoint, ...]:
    """Return precision, recall and F1 of the verdict ``score >= threshold`` for each threshold."""
    levels, hits, claims = _ranking(scores, truth, weights)
    total = int(hits[-1]) if len(hits) else 0
    points = []
    for threshold in thresholds:
        taken = int(np.count_nonzero(levels >= threshold))
        hit, claimed = (int(hits[taken - 1]), int(claims[taken - 1])) if taken else (0, 0)
        counts = PairCounts(hit, claimed - hit, total - hit)
        points.append(CurvePoint(threshold, counts.precision, counts.recall, counts.f1))
    return tuple(points)


def cluster_pair_counts(predicted: ArrayLike, truth: ArrayLike) -> PairCounts:
    """Count the pairs that stand in one cluster of int[n_articles] ``predicted``, of ``truth``, or of both."""
    table, rows, columns = _contingency(predicted, truth)
    both, claimed, right = _pairs_within(table[2]), _pairs_within(rows), _pairs_within(columns)
    return PairCounts(both, claimed - both, right - both)


def adjusted_rand_index(predicted: ArrayLike, truth: ArrayLike) -> float:
    """Return the agreement of two clusterings over that expected by chance: 1 equal, 0 chance, at most 1.

    Hubert & Arabie 1985, "Comparing partitions", equation 5. Two clusterings without a single pair, or with every
    pair, agree in full.
    """
    counts = cluster_pair_counts(predicted, truth)
    claimed = counts.true_positives + counts.false_positives
    right = counts.true_positives + counts.false_negatives
    n_articles = len(np.asarray(truth))
    expected = _share(claimed * right, n_articles * (n_articles - 1) // 2)
    ceiling = (claimed + right) / 2
    if claimed == right == counts.true_positives:
        return 1.0
    return (counts.true_positives - expected) / (ceiling - expected)


def b_cubed(predicted: ArrayLike, truth: ArrayLike) -> BCubed:
    """Return the mean over articles of how pure, and how complete, the cluster of each is.

    Bagga & Baldwin 1998, "Entity-based cross-document coreferencing", section 4, every article of equal weight.
    """
    table, rows, columns = _contingency(predicted, truth)
    row, column, count = table
    n_articles = int(count.sum())
    if n_articles == 0:
        return BCubed(1.0, 1.0, 1.0)
    squared = count.astype(np.float64) ** 2
    precision = float((squared / rows[row]).sum() / n_articles)
    recall = float((squared / columns[column]).sum() / n_articles)
    return BCubed(precision, recall, 2 * precision * recall / (precision + recall))


def wilson_interval(hits: int, n: int, z: float = 1.645) -> tuple[float, float]:
    """Return the interval of a share of which ``hits`` of ``n`` were seen; by default it holds nine times of ten.

    Wilson 1927, "Probable inference, the law of succession, and statistical inference".
    """
    if n == 0:
        return 0.0, 1.0
    middle = (hits + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(hits * (n - hits) / n + z * z / 4)
    return max(0.0, middle - half), min(1.0, middle + half)


def expected_calibration_error(probabilities: ArrayLike, truth: ArrayLike, bins: int = 10) -> float:
    """Return the mean gap between promised and observed share of right pairs, over ``bins`` of equal width.

    Naeini, Cooper & Hauskrecht 2015, "Obtaining well calibrated probabilities using Bayesian binning", section 5.
    """
    p, right = np.asarray(probabilities, np.float64), np.asarray(truth, np.float64)
    if len(p) == 0:
        return 0.0
    bin_of = np.minimum((p * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(bin_of, weights=p - right, minlength=bins)
    return float(np.abs(gaps).sum() / len(p))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


def _weights(weights: ArrayLike | None, n: int) -> NDArray[np.int64]:
    return np.ones(n, np.int64) if weights is None else np.asarray(weights, np.int64)


def _ranking(
    scores: ArrayLike, truth: ArrayLike, weights: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the distinct scores, best first, with the right pairs and all pairs at or above each."""
    right = np.asarray(truth, bool)
    weight = _weights(weights, len(right))
    levels, rank = np.unique(-np.asarray(scores, np.float64), return_inverse=True)
    hits, claims = np.zeros(len(levels), np.int64), np.zeros(len(levels), np.int64)
    np.add.at(hits, rank, weight * right)
    np.add.at(claims, rank, weight)
    return -levels, hits.cumsum(), claims.cumsum()


def _contingency(
    predicted: ArrayLike, truth: ArrayLike
) -> tuple[
    tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
    NDArray[np.int64],
    NDArray[np.int64],
]:
    """Return the filled cells (row, column, count) of clusters against classes, and the sums of rows and columns."""
    _, row = np.unique(np.asarray(predicted, np.int64), return_inverse=True)
    classes, column = np.unique(np.asarray(truth, np.int64), return_inverse=True)
    width = max(len(classes), 1)
    cell, count = np.unique(row * width + column, return_counts=True)
    return (cell // width, cell % width, count), np.bincount(row), np.bincount(column)


def _pairs_within(sizes: NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())
