"""How well a run did against labels: candidates, pairs and clusters, each measured where it arises.

In: a corpus, what the river found in it, and labels. Out: an ``Evaluation``, whose ``as_dict()`` is the JSON of
``dedup bench``. It runs nothing and decides nothing.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.labels import PairLabels
from dedup.metrics import (
    CurvePoint,
    adjusted_rand_index,
    area_under_roc,
    average_precision,
    b_cubed,
    cluster_pair_counts,
    pair_counts,
    threshold_curve,
)
from dedup.results import CHANNEL_BITS
from dedup.tally import NO_CLUSTER, Tally, Truth, claimed, look_up, tally

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.labels import Labels
    from dedup.results import Findings
    from dedup.settings import Level

CURVE_THRESHOLDS = tuple(step / 20 for step in range(1, 20))


@dataclass(frozen=True, slots=True)
class LabelCounts:
    """What the labels said: ``articles`` of the corpus they name, pairs of either kind, and what was left out."""

    kind: str
    articles: int
    positives: int
    negatives: int
    unscored: int
    unknown_ids: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Share of the positive pairs that were proposed, and the pairs proposed per article of the corpus."""

    recall: float
    per_article: float


@dataclass(frozen=True, slots=True)
class PairMeasures:
    """How well pairs were told apart at ``threshold``, at every threshold of ``curve``, and over all of them.

    ``auc``, the area under the ROC curve, is None where all labelled pairs are of one kind.
    """

    precision: float
    recall: float
    f1: float
    average_precision: float
    auc: float | None
    threshold: float
    curve: tuple[CurvePoint, ...]


@dataclass(frozen=True, slots=True)
class ClusterMeasures:
    """How well the clusters agree; all but the ``pair_`` measures are None where only pairs are labelled.

    ``pair_`` measures take two articles in one cluster for the verdict.
    """

    ari: float | None
    bcubed_precision: float | None
    bcubed_recall: float | None
    bcubed_f1: float | None
    pair_precision: float
    pair_recall: float
    pair_f1: float


@dataclass(frozen=True, slots=True)
class LanguageMeasures:
    """How well the labelled pairs of one language, or of one language and another, were told apart."""

    positives: int
    negatives: int
    precision: float
    recall: float
    f1: float
    average_precision: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every measure of a run at one level; ``channels`` has the reach of each candidate channel by name.

    ``languages``, most labelled pairs first, has the measures by language ("en", or "de-fr" for pairs across two);
    it is empty where clusters are labelled.
    """

    level: Level
    labels: LabelCounts
    candidates: Reach
    channels: dict[str, Reach]
    pairs: PairMeasures
    clusters: ClusterMeasures
    languages: dict[str, LanguageMeasures]
    notes: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists and numbers: the JSON of ``dedup bench -f json``."""
        plain = asdict(self)
        plain["pairs"]["curve"] = list(plain["pairs"]["curve"])
        plain["notes"] = list(self.notes)
        return plain


def evaluate(corpus: Corpus, findings: Findings, labels: Labels, *, level: Level, threshold: float) -> Evaluation:
    """Measure what was found against labels, at one level and one threshold (0..1).

    A pair counts as proposed when its articles have one body or their bodies are a candidate pair, and as claimed
    when its score reaches the threshold; a pair never proposed scores 0. Labels of articles the corpus does not
    hold, and articles without a label, are left out and noted. Raises ``InputError`` if nothing is left.
    """
    truth = look_up(corpus, labels)
    pairs = tally(findings, truth, level)
    counts = label_counts(truth, pairs, labels)
    return Evaluation(
        level=level,
        labels=counts,
        candidates=_reach(pairs, findings, 0xFF),
        channels={name: _reach(pairs, findings, bit) for name, bit in CHANNEL_BITS.items()},
        pairs=_pair_measures(pairs, threshold),
        clusters=cluster_measures(findings.labels[level], truth),
        languages=_languages(corpus, truth, pairs, threshold),
        notes=notes_on(counts, corpus),
    )


def label_counts(truth: Truth, pairs: Tally, labels: Labels) -> LabelCounts:
    """Count what the labels say of a corpus."""
    named = np.union1d(truth.a, truth.b) if truth.cluster is None else np.flatnonzero(truth.cluster != NO_CLUSTER)
    positives = int(pairs.weight[pairs.truth].sum())
    negatives = int(pairs.weight[~pairs.truth].sum())
    unscored = labels.unscored if isinstance(labels, PairLabels) else 0
    return LabelCounts(labels.kind, len(named), positives, negatives, unscored, truth.unknown)


def _reach(pairs: Tally, findings: Findings, bits: int) -> Reach:
    proposed = pair_counts((pairs.channels & bits) > 0, pairs.truth, pairs.weight)
    n_proposed = int(((findings.channels & bits) > 0).sum())
    return Reach(proposed.recall, n_proposed / len(findings.unit))


def _pair_measures(pairs: Tally, threshold: float) -> PairMeasures:
    counts = pair_counts(pairs.claimed(threshold), pairs.truth, pairs.weight)
    auc = area_under_roc(pairs.scores, pairs.truth, pairs.weight)
    return PairMeasures(
        counts.precision,
        counts.recall,
        counts.f1,
        average_precision(pairs.scores, pairs.truth, pairs.weight),
        None if math.isnan(auc) else auc,
        threshold,
        threshold_curve(pairs.scores, pairs.truth, CURVE_THRESHOLDS, pairs.weight),
    )


def cluster_measures(found: NDArray[np.int32], truth: Truth) -> ClusterMeasures:
    """Measure clusters, given as a label for each row of the corpus, against the truth."""
    if truth.cluster is None:
        counts = pair_counts(found[truth.a] == found[truth.b], truth.positive)
        return ClusterMeasures(None, None, None, None, counts.precision, counts.recall, counts.f1)
    labelled = truth.cluster != NO_CLUSTER
    mine, theirs = found[labelled], truth.cluster[labelled]
    counts, purity = cluster_pair_counts(mine, theirs), b_cubed(mine, theirs)
    return ClusterMeasures(
        adjusted_rand_index(mine, theirs),
        purity.precision,
        purity.recall,
        purity.f1,
        counts.precision,
        counts.recall,
        counts.f1,
    )


def _languages(corpus: Corpus, truth: Truth, pairs: Tally, threshold: float) -> dict[str, LanguageMeasures]:
    """Measure the labelled pairs of each language apart; a pair counts where the language of both is known."""
    rows_of: dict[str, list[int]] = {}
    for row, (a, b) in enumerate(zip(truth.a.tolist(), truth.b.tolist(), strict=True)):
        first, second = sorted((corpus.languages[a].casefold(), corpus.languages[b].casefold()))
        if first:
            rows_of.setdefault(first if first == second else f"{first}-{second}", []).append(row)
    ranked = sorted(rows_of.items(), key=lambda item: (-len(item[1]), item[0]))
    return {name: _language_measures(pairs, np.array(rows, np.int64), threshold) for name, rows in ranked}


def _language_measures(pairs: Tally, rows: NDArray[np.int64], threshold: float) -> LanguageMeasures:
    scores, right = pairs.scores[rows], pairs.truth[rows]
    counts = pair_counts(claimed(scores, threshold), right)
    positives = int(right.sum())
    return LanguageMeasures(
        positives,
        len(rows) - positives,
        counts.precision,
        counts.recall,
        counts.f1,
        average_precision(scores, right),
    )


def notes_on(counts: LabelCounts, corpus: Corpus) -> tuple[str, ...]:
    """Say what a reader of the numbers must know."""
    bare = len(corpus) - counts.articles if counts.kind == "clusters" else 0
    said = (
        (counts.unknown_ids, f"{counts.unknown_ids} labelled ids are not in the corpus; their labels are left out"),
        (bare, f"{bare} articles carry no label and are left out of the measures"),
        (
            corpus.renamed,
            f"{corpus.renamed} articles came with an id already taken; a label means the one that kept it",
        ),
        (not counts.positives, "no labelled pair is positive, so recall says nothing"),
        (not counts.negatives, "no labelled pair is negative, so precision says nothing"),
    )
    return tuple(words for holds, words in said if holds)
