"""Labels held against findings: every labelled pair of articles with its score, its channels and the truth.

In: a corpus, what the river found in it, and labels. Out: a ``Tally``, whose rows each stand for a number of article
pairs alike in score, channels and truth, so that clusters of any size are counted without listing their pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from dedup.errors import InputError
from dedup.labels import PairLabels
from dedup.results import CHANNEL_BITS
from dedup.settings import LEVELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.labels import ClusterLabels, Labels
    from dedup.results import Findings
    from dedup.settings import Level

NO_CLUSTER = -1


@dataclass(frozen=True, slots=True)
class Tally:
    """Labelled article pairs in bulk; each row stands for ``weight`` pairs.

    ``scores`` : float64[n_rows], 0 where a pair was not proposed or not measured; ``channels`` : uint8[n_rows], the
    channels that proposed it (0: none); ``truth`` : bool[n_rows]; ``weight`` : int64[n_rows].
    """

    scores: NDArray[np.float64]
    channels: NDArray[np.uint8]
    truth: NDArray[np.bool_]
    weight: NDArray[np.int64]

    def claimed(self, threshold: float) -> NDArray[np.bool_]:
        """Return which rows are called positive: a pair without a score never is."""
        return claimed(self.scores, threshold)


@dataclass(frozen=True, slots=True)
class Truth:
    """Labels looked up in a corpus; ``unknown`` counts the ids it does not hold.

    For pairs ``a``, ``b`` : int64[n_pairs] are rows and ``positive`` : bool[n_pairs]; for clusters ``cluster`` :
    int64[n_articles] is the cluster of each row, ``NO_CLUSTER`` where no label names it.
    """

    unknown: int
    a: NDArray[np.int64]
    b: NDArray[np.int64]
    positive: NDArray[np.bool_]
    cluster: NDArray[np.int64] | None = None


@dataclass(frozen=True)
class Scorer:
    """The score of any two articles at a level, looked up in the findings.

    Articles with one body share the pairs of their unit. Two articles of one unit score as the weaker of their
    links to it.
    """

    findings: Findings
    level: Level

    @cached_property
    def scores(self) -> NDArray[np.float64]:
        """The score of each candidate pair; at level ``exact`` 1 or 0."""
        found = self.findings
        if self.level == "exact":
            exact = found.labels["exact"]
            alike: NDArray[np.bool_] = exact[found.left] == exact[found.right]
            return alike.astype(np.float64)
        column: NDArray[np.float64] = found.p[:, LEVELS.index(self.level) - 1]
        return column

    @cached_property
    def to_unit(self) -> NDArray[np.float64]:
        """The score of each article against its unit; 1 for the unit itself."""
        unit = self.findings.unit
        rows = np.arange(len(unit))
        return np.where(unit == rows, 1.0, np.append(self.scores, 0.0)[self.findings.place(unit, rows)])

    def score(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
        """Return score and channels (0: not a candidate) of the pairs of rows ``a``, ``b``."""
        unit = self.findings.unit
        place, same = self.findings.place(unit[a], unit[b]), unit[a] == unit[b]
        scores = np.append(self.scores, 0.0)[place]
        channels = np.append(self.findings.channels, np.uint8(0))[place]
        scores = np.where(same, np.minimum(self.to_unit[a], self.to_unit[b]), scores)
        return scores, np.where(same, np.uint8(CHANNEL_BITS["copies"]), channels)

    def ruled_out(self, a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which pairs of rows were candidates whose wording was not compared, where wording decides."""
        unit = self.findings.unit
        unread = ~self.findings.measured & (self.level in ("exact", "near"))
        return np.append(unread, False)[self.findings.place(unit[a], unit[b])]


def claimed(scores: NDArray[np.float64], threshold: float) -> NDArray[np.bool_]:
    """Return which pairs are called positive: those with a score that reaches the threshold."""
    return (scores >= threshold) & (scores > 0)


def look_up(corpus: Corpus, labels: Labels) -> Truth:
    """Find the rows the labels speak of; raise ``InputError`` if the corpus holds none of them."""
    row_of = {name: row for row, name in enumerate(corpus.ids)}
    if isinstance(labels, PairLabels):
        return _look_up_pairs(row_of, labels)
    rows = _rows(row_of, labels.ids)
    _refuse_strangers(labels, labels.ids, int((rows >= 0).sum()))
    cluster = np.full(len(corpus), NO_CLUSTER, np.int64)
    cluster[rows[rows >= 0]] = labels.cluster[rows >= 0]
    nothing = np.empty(0, np.int64)
    return Truth(int((rows < 0).sum()), nothing, nothing, np.empty(0, bool), cluster)


def tally(findings: Findings, truth: Truth, level: Level) -> Tally:
    """Hold every labelled pair against the findings."""
    scorer = Scorer(findings, level)
    if truth.cluster is None:
        scores, channels = scorer.score(truth.a, truth.b)
        return Tally(scores, channels, truth.positive, np.ones(len(scores), np.int64))
    found = [_between_units(scorer, truth.cluster), _within_units(scorer, truth.cluster)]
    sizes = np.bincount(truth.cluster[truth.cluster != NO_CLUSTER])
    positives, pairs = _pairs_within(sizes), _pairs_within(sizes.sum(keepdims=True))
    seen = [int(part.weight[part.truth == side].sum()) for part in found for side in (True, False)]
    rest = np.array([positives - seen[0] - seen[2], pairs - positives - seen[1] - seen[3]], np.int64)
    found.append(Tally(np.zeros(2), np.zeros(2, np.uint8), np.array([True, False]), rest))
    return Tally(
        np.concatenate([part.scores for part in found]),
        np.concatenate([part.channels for part in found]),
        np.concatenate([part.truth for part in found]),
        np.concatenate([part.weight for part in found]),
    )


def expand(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for ranges of ``sizes`` from ``starts``, the range each element comes from and the element."""
    owner = np.repeat(np.arange(len(sizes)), sizes)
    offset = np.arange(len(owner)) - np.repeat(sizes.cumsum() - sizes, sizes)
    return owner, starts[owner] + offset


def earlier(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each element how many before it are equal to it."""
    order = np.argsort(groups, kind="stable")
    _, sizes = np.unique(groups, return_counts=True)
    earlier = np.empty(len(groups), np.int64)
    earlier[order] = expand(np.zeros(len(sizes), np.int64), sizes)[1]
    return earlier


def _between_units(scorer: Scorer, cluster: NDArray[np.int64]) -> Tally:
    """Count the article pairs behind each pair of units, by how many of either unit carry which label."""
    found = scorer.findings
    labelled = np.flatnonzero(cluster != NO_CLUSTER)
    width = int(cluster.max(initial=0)) + 1
    key, count = np.unique(found.unit[labelled].astype(np.int64) * width + cluster[labelled], return_counts=True)
    size = np.bincount(found.unit[labelled], minlength=len(cluster))
    pairs = np.flatnonzero(found.unit[found.left] != found.unit[found.right])
    left, right = found.left[pairs].astype(np.int64), found.right[pairs].astype(np.int64)
    start = np.searchsorted(key, left * width)
    pair, entry = expand(start, np.searchsorted(key, (left + 1) * width) - start)
    wanted = right[pair] * width + key[entry] % width
    place = np.searchsorted(key, wanted)
    met = np.append(key, -1)[place] == wanted
    same = np.zeros(len(pairs), np.int64)
    np.add.at(same, pair[met], count[entry[met]] * count[place[met]])
    return _two_sided(scorer.scores[pairs], found.channels[pairs], same, size[left] * size[right])


def _within_units(scorer: Scorer, cluster: NDArray[np.int64]) -> Tally:
    """Count the article pairs inside each unit: an article's pairs with those closer to the unit score as it does."""
    labelled = np.flatnonzero(cluster != NO_CLUSTER)
    rows = labelled[np.argsort(-scorer.to_unit[labelled], kind="stable")]
    unit = scorer.findings.unit[rows].astype(np.int64)
    before = earlier(unit)
    alike = earlier(unit * (int(cluster.max(initial=0)) + 1) + cluster[rows])
    return _two_sided(scorer.to_unit[rows], np.full(len(rows), CHANNEL_BITS["copies"], np.uint8), alike, before)


def _two_sided(
    scores: NDArray[np.float64], channels: NDArray[np.uint8], positives: NDArray[np.int64], pairs: NDArray[np.int64]
) -> Tally:
    """Split each row into its true and its false pairs."""
    truth = np.repeat([True, False], len(scores))
    weight = np.concatenate([positives, pairs - positives])
    return Tally(np.tile(scores, 2), np.tile(channels, 2), truth, weight)


def _pairs_within(sizes: NDArray[np.int64]) -> int:
    return int((sizes * (sizes - 1) // 2).sum())


def _look_up_pairs(row_of: dict[str, int], labels: PairLabels) -> Truth:
    a, b = _rows(row_of, labels.ids_a), _rows(row_of, labels.ids_b)
    known = (a >= 0) & (b >= 0)
    names = set(labels.ids_a) | set(labels.ids_b)
    _refuse_strangers(labels, labels.ids_a, int(known.sum()))
    unknown = len(names - row_of.keys())
    return Truth(unknown, np.minimum(a, b)[known], np.maximum(a, b)[known], labels.positive[known])


def _rows(row_of: dict[str, int], names: tuple[str, ...]) -> NDArray[np.int64]:
    return np.array([row_of.get(name, -1) for name in names], np.int64)


def _refuse_strangers(labels: PairLabels | ClusterLabels, names: tuple[str, ...], known: int) -> None:
    if known:
        return
    if not names:
        raise InputError(labels.where, "no scored label; wanted at least one")
    met = f"no scored label speaks of articles in the corpus (it names {names[0]!r})"
    raise InputError(labels.where, f"{met}; the ids must be those of the articles, as `dedup cluster` prints them")
