"""A model fitted to somebody's own labels: the tables of one relation, or its threshold alone, or nothing.

In: what is known of a corpus, labels, and the model to start from. Out: a ``Fit``, with the figures before and after.
Every figure is cross-validated: a pair is judged by tables and a threshold that saw no label of either article's group.
Texts that are equal count once.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from dedup.boosting import Pace, directions_of, grow
from dedup.errors import InputError
from dedup.measures import COLUMN
from dedup.metrics import PairCounts, average_precision, expected_calibration_error
from dedup.plurals import many
from dedup.rank import RELATIONS, Model, Relation
from dedup.settings import EVENT_DAYS
from dedup.tally import NO_CLUSTER, look_up

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from dedup.gathering import Gathered, Progress
    from dedup.labels import Labels
    from dedup.settings import Level
    from dedup.tally import Truth

    Part = tuple[NDArray[np.bool_], NDArray[np.bool_]]

Change = Literal["nothing", "threshold", "tables"]

FEWEST_PAIRS = 30
"""Labelled candidates a fit asks for."""

FOLDS = 5
LARGEST_GROUP = 0.2
"""Share of the labelled pairs that may be connected with each other; more could not be cut into folds."""

PACE = Pace(rounds=20, step=0.3, ridge=10.0, pull=10.0, late=0)
"""Every step of a table is held where it was by as much as 10 labelled pairs could move it: few labels change little."""

BELIEVED = 50.0
"""As how many labels the model's own probabilities count when a threshold is sought: the best of many is chance else."""

CUTS = np.arange(5, 96) / 100


@dataclass(frozen=True, slots=True)
class Figures:
    """How well labelled pairs are told apart, all 0..1; ``threshold`` is the one in use."""

    threshold: float
    precision: float
    recall: float
    f1: float
    average_precision: float
    calibration_error: float


@dataclass(frozen=True, slots=True)
class Fit:
    """What fitting came to.

    ``tried`` has the figures of each change, ``best`` is the one with the highest F1, ``gain`` what it wins and
    ``gain_error`` the standard error of that; ``change`` is what the labels bear out, ``best`` or nothing. ``pairs``
    labelled candidates in ``groups``, of them ``positive``; ``missed`` positive pairs are no candidates.
    """

    level: Level
    pairs: int
    positive: int
    missed: int
    groups: int
    tried: dict[Change, Figures]
    change: Change
    best: Change
    gain: float
    gain_error: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain dicts, lists and numbers: the JSON of ``dedup fit -f json``."""
        return asdict(self)


class Sample(NamedTuple):
    """Labelled candidate pairs of different texts.

    ``evidence, copyable, judged`` as in ``Gathered``; ``truth`` : bool[n]; ``open`` : bool[n], those the tables decide
    and no rule; ``groups`` : int64[n, 2], the group of either article, which no fold cuts; ``missed`` : positive pairs
    that are no candidates; ``where`` : the file of the labels.
    """

    where: str
    evidence: NDArray[np.float32]
    copyable: NDArray[np.bool_]
    judged: NDArray[np.bool_]
    truth: NDArray[np.bool_]
    open: NDArray[np.bool_]
    groups: NDArray[np.int64]
    missed: int

    def scores(self, model: Model, level: Level, rows: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Return the probability of the level for all pairs, or for some rows."""
        some = slice(None) if rows is None else rows
        p = model.probabilities(self.evidence[some], self.copyable[some], self.judged[some])
        column: NDArray[np.float64] = p[:, RELATIONS.index(level)]
        return column


def sample_of(known: Gathered, labels: Labels, level: Level) -> Sample:
    """Take the labelled candidate pairs; raise ``InputError`` where the labels name no article of the corpus."""
    truth = look_up(known.corpus, labels)
    left, right = known.candidates.left.astype(np.int64), known.candidates.right.astype(np.int64)
    if truth.cluster is None:
        positive, group, total = _by_pairs(known.unit, truth, left, right)
    else:
        positive, group, total = _by_clusters(known.unit, truth.cluster, left, right)
    rows = np.flatnonzero((positive >= 0) & (known.unit[left] != known.unit[right]))
    evidence, copyable, judged = known.evidence[rows], known.copyable[rows], known.judged[rows]
    open_ = copyable if level == "near" else judged & ~np.isnan(evidence[:, COLUMN["subject"]])
    if level == "event":
        open_ = open_ & ~(evidence[:, COLUMN["days"]] > EVENT_DAYS)
    right_ones = positive[rows] == 1
    groups = np.stack([group[left[rows]], group[right[rows]]], axis=1)
    return Sample(labels.where, evidence, copyable, judged, right_ones, open_, groups, total - int(right_ones.sum()))


def _by_pairs(
    unit: NDArray[np.int32], truth: Truth, left: NDArray[np.int64], right: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return 1, 0 or -1 (no label) for each candidate, the group of each unit, and the positive pairs in all.

    A group is what labelled pairs connect; where that puts more than ``LARGEST_GROUP`` of them into one, what pairs
    that belong together connect. Where the labels of copies disagree, their texts belong together.
    """
    a, b = unit[truth.a].astype(np.int64), unit[truth.b].astype(np.int64)
    label_of: dict[tuple[int, int], int] = {}
    for one, other, belong in zip(a.tolist(), b.tolist(), truth.positive.tolist(), strict=True):
        if one != other:
            pair = min(one, other), max(one, other)
            label_of[pair] = max(int(belong), label_of.get(pair, 0))
    groups = _connected(len(unit), label_of)
    sizes = np.bincount(groups[[pair[0] for pair in label_of]], minlength=1)
    if sizes.max() > LARGEST_GROUP * len(label_of):
        groups = _connected(len(unit), [pair for pair, label in label_of.items() if label])
    labels = np.array([label_of.get(pair, -1) for pair in zip(left.tolist(), right.tolist(), strict=True)], np.int64)
    return labels, groups, sum(label_of.values())


def _connected(n: int, pairs: Iterable[tuple[int, int]]) -> NDArray[np.int64]:
    """Return for each of n rows the first row it is connected with."""
    group = list(range(n))
    for one, other in pairs:
        first, second = sorted((_root(group, one), _root(group, other)))
        group[second] = first
    return np.array([_root(group, row) for row in range(n)], np.int64)


def _root(group: list[int], row: int) -> int:
    """Return the first row of a group, shortening the way there."""
    while group[row] != row:
        group[row] = group[group[row]]
        row = group[row]
    return row


def _by_clusters(
    unit: NDArray[np.int32], cluster: NDArray[np.int64], left: NDArray[np.int64], right: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], int]:
    """Return the same; a group is a cluster, and a text's is that of its first labelled copy."""
    labelled = np.flatnonzero(cluster != NO_CLUSTER)[::-1]
    named = np.full(len(unit), NO_CLUSTER, np.int64)
    named[unit[labelled]] = cluster[labelled]
    positive = np.where((named[left] == NO_CLUSTER) | (named[right] == NO_CLUSTER), -1, named[left] == named[right])
    sizes = np.bincount(named[named != NO_CLUSTER])
    return positive.astype(np.int64), named, int((sizes * (sizes - 1) // 2).sum())


def fit(
    sample: Sample,
    model: Model,
    level: Level,
    *,
    only_threshold: bool = False,
    folds: int = FOLDS,
    progress: Progress | None = None,
) -> Fit:
    """Try what a level gains by another threshold, and by tables fitted to the labels.

    The change with the highest F1 is borne out where it wins more than the standard error of what it wins. Raises
    ``InputError`` where the labels are too few, of one kind, or in fewer groups than folds.
    """
    _refuse_too_few(sample, folds)
    parts = list(_parts(_folds(sample.groups, folds)))
    before = sample.scores(model, level)
    used = model.thresholds[level]
    verdicts: dict[Change, _Verdict] = {"nothing": _Verdict(before, np.full(len(before), used), used)}
    verdicts["threshold"] = _with_thresholds(before, sample, parts, used)
    if not only_threshold:
        fitted = _cross_fitted(sample, model, level, parts, progress)
        verdicts["tables"] = _with_thresholds(fitted, sample, parts, used)
    tried = {change: _figures(sample, verdict) for change, verdict in verdicts.items()}
    best = max(list(tried)[1:], key=lambda change: tried[change].f1)
    gain = tried[best].f1 - tried["nothing"].f1
    error = _gain_error(sample, verdicts["nothing"], verdicts[best])
    return Fit(
        level=level,
        pairs=len(sample.truth),
        positive=int(sample.truth.sum()),
        missed=sample.missed,
        groups=len(np.unique(sample.groups)),
        tried=tried,
        change=best if gain > error else "nothing",
        best=best,
        gain=gain,
        gain_error=error,
    )


def changed(sample: Sample, model: Model, level: Level, change: Change, threshold: float) -> Model:
    """Return the model with a change made to a level by all labels."""
    relations = dict(model.relations)
    if change == "tables":
        relations[level] = regrown(relations[level], sample, sample.open)
    return replace(model, relations=relations, thresholds={**model.thresholds, level: threshold})


def regrown(relation: Relation, sample: Sample, seen: NDArray[np.bool_]) -> Relation:
    """Return a relation whose tables moved towards the labels that may be seen, monotone where they were."""
    tables = [
        (replace(table, points=table.points.copy()), directions)
        for table, directions in zip(relation.tables, directions_of(relation), strict=True)
    ]
    evidence, truth = sample.evidence[seen], sample.truth[seen]
    grow(tables, relation.log_odds(evidence), (evidence, truth, np.ones(len(truth))), PACE)
    return Relation(relation.base, tuple(table for table, _ in tables))


class _Verdict(NamedTuple):
    """Scores of the pairs, the threshold each is held against, and the threshold all labels together suggest."""

    scores: NDArray[np.float64]
    cuts: NDArray[np.float64]
    threshold: float


def _folds(groups: NDArray[np.int64], folds: int) -> NDArray[np.int64]:
    """Return the fold of either article of each pair: the largest groups first, each to the fold with fewest pairs."""
    names, place = np.unique(groups, return_inverse=True)
    size = np.bincount(place.ravel(), minlength=len(names))
    order = np.lexsort((np.random.default_rng(20).permutation(len(names)), -size))
    fold, load = np.zeros(len(names), np.int64), [0] * folds
    for group in order.tolist():
        fold[group] = load.index(min(load))
        load[fold[group]] += int(size[group])
    return np.sort(fold[place.reshape(groups.shape)], axis=1)


def _parts(folds: NDArray[np.int64]) -> Iterator[Part]:
    """Yield for each two folds the pairs between them and the pairs that touch neither."""
    for two in combinations_with_replacement(range(int(folds.max()) + 1), 2):
        tested: NDArray[np.bool_] = (folds == two).all(axis=1)
        clear = np.isin(folds, two, invert=True).all(axis=1)
        if tested.any():
            yield tested, np.asarray(clear, bool)


def _cross_fitted(
    sample: Sample, model: Model, level: Level, parts: list[Part], progress: Progress | None
) -> NDArray[np.float64]:
    """Return for each pair its probability by tables that saw no label of its folds."""
    p = np.zeros(len(sample.truth))
    for done, (tested, unseen) in enumerate(parts):
        if progress is not None:
            progress("fit", done, len(parts))
        relation = regrown(model.relations[level], sample, unseen & sample.open)
        rows = np.flatnonzero(tested)
        p[rows] = sample.scores(replace(model, relations={**model.relations, level: relation}), level, rows)
    return p


def _with_thresholds(p: NDArray[np.float64], sample: Sample, parts: list[Part], used: float) -> _Verdict:
    """Hold each pair against the threshold that is best for the pairs which share no fold with it."""
    cuts = np.full(len(p), used)
    for tested, unseen in parts:
        cuts[tested] = best_threshold(p[unseen], sample.truth[unseen], used)
    return _Verdict(p, cuts, best_threshold(p, sample.truth, used))


def best_threshold(p: NDArray[np.float64], truth: NDArray[np.bool_], used: float) -> float:
    """Return the threshold at which F1 is highest; of equals the one closest to that in use.

    The truth of a pair is its label and, as far as ``BELIEVED`` pairs weigh against all labels, its probability.
    """
    belief = (len(p) * truth + BELIEVED * p) / (len(p) + BELIEVED)
    order = np.argsort(p, kind="stable")
    below = np.searchsorted(p[order], CUTS)
    hits = belief.sum() - np.append(0.0, belief[order].cumsum())[below]
    f1 = np.round(2 * hits / np.maximum(len(p) - below + belief.sum(), 1), 6)
    return float(CUTS[np.lexsort((CUTS, np.abs(CUTS - used), -f1))[0]])


def _counts(sample: Sample, claimed: NDArray[np.bool_]) -> PairCounts:
    """Count verdicts against labels, the positive pairs that are no candidates among the misses."""
    hits = int((claimed & sample.truth).sum())
    return PairCounts(hits, int(claimed.sum()) - hits, int(sample.truth.sum()) - hits + sample.missed)


def _figures(sample: Sample, verdict: _Verdict) -> Figures:
    counts = _counts(sample, verdict.scores >= verdict.cuts)
    scores = np.append(verdict.scores, np.zeros(sample.missed))
    truth = np.append(sample.truth, np.ones(sample.missed, bool))
    return Figures(
        verdict.threshold,
        counts.precision,
        counts.recall,
        counts.f1,
        average_precision(scores, truth),
        expected_calibration_error(scores, truth),
    )


def _gain_error(sample: Sample, before: _Verdict, after: _Verdict) -> float:
    """Return the standard error of the F1 won, by leaving out one group after the other (jackknife; Efron 1982)."""
    names, place = np.unique(sample.groups, return_inverse=True)
    place = place.reshape(sample.groups.shape)
    once = [place[:, 0], np.where(place[:, 0] == place[:, 1], len(names), place[:, 1])]
    f1 = []
    for verdict in (before, after):
        claimed = verdict.scores >= verdict.cuts
        without = []
        for part in (2.0 * (claimed & sample.truth), claimed + 0.0 + sample.truth):
            of_group = sum(np.bincount(ends, part, len(names) + 1)[: len(names)] for ends in once)
            without.append(part.sum() - of_group)
        f1.append(without[0] / np.maximum(without[1] + sample.missed, 1))
    gain = f1[1] - f1[0]
    return float(np.sqrt((len(names) - 1) / len(names) * ((gain - gain.mean()) ** 2).sum()))


def _refuse_too_few(sample: Sample, folds: int) -> None:
    """Raise ``InputError`` where there is too little to learn from."""
    n, positive, groups = len(sample.truth), int(sample.truth.sum()), len(np.unique(sample.groups))
    more = "label more with `dedup label`"
    if n < FEWEST_PAIRS:
        reason = f"{many(n, 'labelled pair')} of different texts among the candidates here; a fit needs {FEWEST_PAIRS}: {more}"
    elif positive in (0, n):
        kind = "1 (same)" if positive else "0 (different)"
        reason = f"all {n} labelled candidates are {kind}; a fit needs both kinds: {more}"
    elif groups < folds:
        reason = f"the labels fall into {groups} groups connected with each other, too few for {folds} folds; {more}"
    else:
        return
    raise InputError(sample.where, reason)
