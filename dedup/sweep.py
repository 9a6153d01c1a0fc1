"""How the clusters change with the threshold, and with labels how good they are at each.

In: a corpus, what the river found in it, the clusters at any threshold, and labels if there are any. Out: a ``Sweep``,
whose ``as_dict()`` is the JSON of ``dedup sweep``. It clusters nothing itself.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from dedup.evaluation import CURVE_THRESHOLDS, LabelCounts, cluster_measures, label_counts, notes_on
from dedup.metrics import pair_counts
from dedup.tally import look_up, tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.labels import Labels
    from dedup.results import Findings
    from dedup.settings import Level
    from dedup.tally import Tally, Truth

    LabelsAt = Callable[[float], NDArray[np.int32]]


@dataclass(frozen=True, slots=True)
class SweepRow:
    """One threshold (0..1): its clusters of two or more articles and, where there are labels, how good they are.

    ``n_joined`` articles are in the clusters, ``largest`` in the largest one (0: there is none). ``precision``,
    ``recall`` and ``f1`` are those of the pairs whose score reaches the threshold; ``cluster_f1`` is B-cubed where
    clusters are labelled, and takes two articles in one cluster for the verdict where pairs are.
    """

    threshold: float
    in_use: bool
    n_clusters: int
    n_joined: int
    largest: int
    precision: float | None = None
    recall: float | None = None
    f1: float | None = None
    cluster_f1: float | None = None


@dataclass(frozen=True, slots=True)
class Sweep:
    """The rows of one level, lowest threshold first; ``labels`` is what the labels said, None without any."""

    level: Level
    labels: LabelCounts | None
    rows: tuple[SweepRow, ...]
    notes: tuple[str, ...]

    def best(self, measure: Literal["f1", "cluster_f1"]) -> float | None:
        """Return the threshold where a measure is highest, of equals the one closest to that in use."""
        if self.labels is None:
            return None
        [used] = (row.threshold for row in self.rows if row.in_use)
        return max(self.rows, key=lambda row: (getattr(row, measure), -abs(row.threshold - used))).threshold

    def as_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists and numbers: the JSON of ``dedup sweep -f json``."""
        best = {"f1": self.best("f1"), "cluster_f1": self.best("cluster_f1")}
        return {
            "level": self.level,
            "labels": asdict(self.labels) if self.labels else None,
            "best": best,
            "rows": [asdict(row) for row in self.rows],
            "notes": list(self.notes),
        }


def sweep(
    corpus: Corpus,
    findings: Findings,
    labels: Labels | None,
    *,
    level: Level,
    threshold: float,
    labels_at: LabelsAt,
) -> Sweep:
    """Cluster at the threshold in use and at 0.05 to 0.95 in steps of 0.05, and measure each against the labels.

    ``labels_at`` returns the cluster of each article at a threshold : int32[n_articles]. Raises ``InputError`` where
    the labels name no article of the corpus.
    """
    against: tuple[Truth, Tally] | None = None
    counts: LabelCounts | None = None
    notes: tuple[str, ...] = ()
    if labels is not None:
        truth = look_up(corpus, labels)
        against = truth, tally(findings, truth, level)
        counts = label_counts(*against, labels)
        notes = notes_on(counts, corpus)
    rows = tuple(
        _row(at, labels_at(at), against, in_use=at == threshold) for at in sorted({*CURVE_THRESHOLDS, threshold})
    )
    return Sweep(level, counts, rows, notes)


def _row(threshold: float, found: NDArray[np.int32], against: tuple[Truth, Tally] | None, *, in_use: bool) -> SweepRow:
    sizes = np.bincount(found)
    several = sizes[sizes > 1]
    counted = SweepRow(threshold, in_use, len(several), int(several.sum()), int(several.max(initial=0)))
    if against is None:
        return counted
    truth, pairs = against
    told_apart = pair_counts(pairs.claimed(threshold), pairs.truth, pairs.weight)
    clusters = cluster_measures(found, truth)
    return replace(
        counted,
        precision=told_apart.precision,
        recall=told_apart.recall,
        f1=told_apart.f1,
        cluster_f1=clusters.pair_f1 if clusters.bcubed_f1 is None else clusters.bcubed_f1,
    )
