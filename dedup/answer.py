"""Findings to the rows people read: the last step before a report.

Rows are made when they are looked at, so a million articles cost no million objects.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar, overload

import numpy as np

from dedup.dates import day_text
from dedup.measures import COLUMN
from dedup.packing import without
from dedup.rank import RELATIONS
from dedup.results import Cluster, ClusterRow, PairRow, Result
from dedup.settings import EVENT_DAYS, LEVELS, NO_DATE
from dedup.wording import Waterfall

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.rank import Model
    from dedup.results import Findings
    from dedup.settings import Level, Settings


T = TypeVar("T")

LOOKED_AT = 4096
"""Pairs whose rows are prepared together."""

NESTED: tuple[Level, ...] = ("near", "event", "story")

PREFIXES = {"exact": "x", "near": "n", "event": "e", "story": "s"}
"""What the ids of clusters begin with, by level."""

_EXACT, _NEAR, _EVENT, _STORY = (f"{PREFIXES[level]}-" for level in LEVELS)


class Rows(Sequence[T], Generic[T]):
    """A sequence whose items are made on demand: ``make(key)`` for each of ``keys`` : int64[n].

    ``make_all`` makes those of many keys, one after the other, where that costs less than one by one.
    """

    def __init__(
        self,
        keys: NDArray[Any],
        make: Callable[[int], T],
        make_all: Callable[[NDArray[Any]], Iterator[T]] | None = None,
    ) -> None:
        self._keys = keys
        self._make = make
        self._make_all = make_all

    def __len__(self) -> int:
        return len(self._keys)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Rows[T]: ...
    def __getitem__(self, index: int | slice) -> T | Rows[T]:
        if isinstance(index, slice):
            return Rows(self._keys[index], self._make, self._make_all)
        return self._make(int(self._keys[index]))

    def __iter__(self) -> Iterator[T]:
        return self._make_all(self._keys) if self._make_all else map(self._make, self._keys.tolist())


def result_of(corpus: Corpus, findings: Findings, settings: Settings, model: Model) -> Result:
    """Return what a run found as rows, clusters and ranked pairs of ``settings.level``.

    ``model`` : the one that judged, with a threshold for each level.
    """
    level = settings.level
    column = RELATIONS.index(level) if level != "exact" else 0
    cut = model.thresholds[level]
    exact = findings.labels["exact"]
    same = exact[findings.left] == exact[findings.right]
    wanted = np.flatnonzero(same if level == "exact" else findings.p[:, column] >= cut)
    scores = findings.p[wanted].mean(axis=1)
    likeness = np.nan_to_num(findings.evidence[wanted, COLUMN["jaccard"]])
    ranked = wanted[np.lexsort((findings.right[wanted], findings.left[wanted], -likeness, -scores))]
    names = _Names(corpus, findings.labels, level, settings.keep)
    return Result(
        rows=Rows(corpus.input_order, names.row, names.rows),
        clusters=Rows(names.shown(), lambda label: names.cluster(label, findings)),
        pairs=Rows(ranked, PairRows(corpus, findings, ranked, model, level).row),
        settings=settings,
        threshold=cut,
        stats=dict(findings.stats),
    )


def cleaned_texts(corpus: Corpus, findings: Findings, rows: Sequence[int]) -> list[bytes]:
    """Return the texts of some rows without their furniture."""
    return [
        without(text, [(start, end) for start, end, _ in findings.cut(row)])
        for row, text in zip(rows, corpus.texts.rows(rows), strict=True)
    ]


class Looked(NamedTuple):
    """What a row tells of a pair beside its probabilities: evidence, shingles, and the points of a relation's tables.

    ``judged`` : the evidence the points were given for, in which the wording is unknown where a run did not compare it.
    """

    evidence: NDArray[np.float32]
    shingles: NDArray[np.int32]
    judged: NDArray[np.float32]
    relation: str
    points: NDArray[np.float64]


class PairRows:
    """Makes pair rows, some thousands at a time as they are looked at.

    ``ranked`` : int64[n], the pairs in the order they will be asked for. Only then is the wording of pairs compared
    that share no more than a subject.
    """

    def __init__(
        self, corpus: Corpus, findings: Findings, ranked: NDArray[np.int64], model: Model, level: Level
    ) -> None:
        self.corpus = corpus
        self.findings = findings
        self.model = model
        self.wide = level if level in ("event", "story") else "near"
        self.ranked = ranked
        self.looked: dict[int, Looked] = {}
        self.place: dict[int, int] = {}
        self.waterfalls = {name: Waterfall(relation.tables) for name, relation in model.relations.items()}

    def row(self, k: int) -> PairRow:
        """Return pair ``k`` of the findings as a row, with the reasons for its relation, the weightiest first."""
        findings, corpus = self.findings, self.corpus
        looked = self.look(k)
        left, right = int(findings.left[k]), int(findings.right[k])
        in_left, in_right, shared = looked.shingles.tolist()
        title = float(looked.evidence[COLUMN["title"]])
        near, event, story = findings.p[k].tolist()
        return PairRow(
            a=corpus.ids[left],
            b=corpus.ids[right],
            relation=self._relation(k, left, right),
            score=(near + event + story) / 3,
            p_near=near,
            p_event=event,
            p_story=story,
            jaccard=float(looked.evidence[COLUMN["jaccard"]]),
            containment_a=shared / max(1, in_left),
            containment_b=shared / max(1, in_right),
            title_similarity=None if np.isnan(title) else title,
            reasons=self.waterfalls[looked.relation].reasons(looked.points, looked.judged),
        )

    def look(self, k: int) -> Looked:
        """Return what is told of pair ``k``, looking at the pairs ranked behind it at once."""
        if k not in self.looked:
            if not self.place:
                self.place = {pair: i for i, pair in enumerate(self.ranked.tolist())}
            at = self.place[k]
            pairs = self.ranked[at : at + LOOKED_AT]
            evidence, shingles = self.findings.reread(pairs)
            judged = self.findings.evidence[pairs]
            told = self._told(self.findings.p[pairs], evidence[:, COLUMN["days"]] > EVENT_DAYS)
            self.looked = {}
            for which, relation in enumerate(RELATIONS):
                rows = np.flatnonzero(told == which)
                points = self.model.contributions(relation, judged[rows])
                for row, each in zip(rows.tolist(), points, strict=True):
                    self.looked[int(pairs[row])] = Looked(evidence[row], shingles[row], judged[row], relation, each)
        return self.looked[k]

    def _told(self, p: NDArray[np.float64], late: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Return whose points make up the probability of the tightest relation that holds, or of the widest asked about.

        That is the relation itself, or the tighter one it is no less likely than. ``p`` : float64[n, 3]; ``late`` :
        bool[n], too far apart for one event; int64[n], places in ``RELATIONS``.
        """
        told = np.full(len(p), RELATIONS.index(self.wide))
        for which in range(int(told.max(initial=0)), -1, -1):
            told[p[:, which] >= self.model.thresholds[RELATIONS[which]]] = which
        for which in range(len(RELATIONS) - 1, 0, -1):
            own = (p[:, which] > p[:, which - 1]) | (p[:, which] == 0) | (late & (RELATIONS[which] == "event"))
            told[(told == which) & ~own] = which - 1
        return told

    def _relation(self, k: int, left: int, right: int) -> str:
        """Return the tightest relation that holds."""
        exact = self.findings.labels["exact"]
        if exact[left] == exact[right]:
            return "exact"
        scores = zip(NESTED, self.findings.p[k].tolist(), strict=True)
        return next((name for name, p in scores if p >= self.model.thresholds[name]), "none")


class _Names:
    """Names for clusters and representatives for them.

    A cluster is named after its earliest member (then the smallest id), so later articles leave its name alone.
    """

    def __init__(self, corpus: Corpus, labels: dict[str, NDArray[np.int32]], level: Level, keep: str) -> None:
        self.corpus = corpus
        self.labels = labels
        self.level = level
        order = by_date(corpus, labels[LEVELS[-1]])
        self.keepers = first_by(labels[level], _keep_order(corpus, keep, order))
        heads = [first_by(labels[name], order) for name in LEVELS]
        self.heads = np.stack([*heads, self.keepers], axis=1).astype(np.int32)
        self.members = np.argsort(labels[level], kind="stable")
        self.ends = np.cumsum(np.bincount(labels[level], minlength=len(corpus)))

    def name(self, level: Level, row: int) -> str:
        """Return the id of the row's cluster."""
        return f"{PREFIXES[level]}-{_digest(self.corpus.ids[self.heads[row, LEVELS.index(level)]])}"

    def row(self, row: int) -> ClusterRow:
        """Return the row of one article."""
        return next(self.rows(np.array([row])))

    def rows(self, rows: NDArray[np.int64]) -> Iterator[ClusterRow]:
        """Make the rows of articles, one after the other."""
        corpus = self.corpus
        ids, titles, sources, dates = corpus.ids, corpus.titles, corpus.sources, corpus.dates
        for first in range(0, len(rows), LOOKED_AT):
            some = rows[first : first + LOOKED_AT]
            digests = _Digests(ids)
            for row, (exact, near, event, story, keeper) in zip(some.tolist(), self.heads[some].tolist(), strict=True):
                yield ClusterRow(
                    ids[row],
                    titles[row],
                    sources[row],
                    dates[row],
                    _EXACT + digests[exact],
                    _NEAR + digests[near],
                    _EVENT + digests[event],
                    _STORY + digests[story],
                    ids[keeper],
                )

    def shown(self) -> NDArray[np.int64]:
        """Return the labels of the level's clusters of two or more, largest first."""
        sizes = np.bincount(self.labels[self.level], minlength=len(self.corpus))
        found = np.flatnonzero(sizes > 1)
        return found[np.lexsort((found, -sizes[found]))]

    def cluster(self, label: int, findings: Findings) -> Cluster:
        """Return one cluster of the level."""
        rows = self.members[self.ends[label - 1] if label else 0 : self.ends[label]]
        keeper = int(self.keepers[rows[0]])
        members = [keeper, *(int(row) for row in rows if row != keeper)]
        held = findings.clusters.get(self.level)
        weakest = held.weakest.get(label, keeper) if held else keeper
        days = sorted({self.corpus.days[row] for row in members} - {NO_DATE})
        return Cluster(
            id=self.name(self.level, keeper),
            representative=self.corpus.ids[keeper],
            members=tuple(self.corpus.ids[row] for row in members),
            cohesion=held.cohesion.get(label, 1.0) if held else 1.0,
            weakest=self.corpus.ids[weakest],
            weakest_score=held.weakest_score.get(label, 1.0) if held else 1.0,
            outlets=tuple(sorted({self.corpus.outlets[row] for row in members} - {""})),
            first=day_text(days[0]) if days else "",
            last=day_text(days[-1]) if days else "",
            parts=tuple(self.name(LEVELS[max(0, LEVELS.index(self.level) - 1)], row) for row in members),
        )


def by_date(corpus: Corpus, labels: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the rows from the earliest day to the latest, those without one at the end.

    ``labels`` : int32[n_articles], of clusters; nobody asks for the days of what is in a cluster alone.
    """
    days = np.full(len(corpus), NO_DATE, np.int32)
    clustered = np.flatnonzero((np.bincount(labels, minlength=len(labels)) > 1)[labels])
    days[clustered] = corpus.days.of(clustered)
    dated = np.where(days == NO_DATE, np.iinfo(np.int32).max, days)
    return np.lexsort((np.arange(len(corpus)), dated))


def first_by(labels: NDArray[np.int32], order: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each row the member of its cluster that comes first in ``order``."""
    place = np.empty(len(order), np.int64)
    place[order] = np.arange(len(order))
    best = np.full(len(labels), len(labels), np.int64)
    np.minimum.at(best, labels, place)
    return order[best[labels]] if len(order) else order


def _keep_order(corpus: Corpus, keep: str, by_date: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the rows in the order in which they would represent a cluster."""
    rows = np.arange(len(corpus))
    if keep == "first":
        return rows
    if keep == "longest":
        return np.lexsort((rows, -np.array([len(text) for text in corpus.texts], np.int64)))
    if keep.startswith("source:"):
        wanted = [name.strip().casefold() for name in keep.removeprefix("source:").split(",")]
        rank = np.array([wanted.index(s.casefold()) if s.casefold() in wanted else len(wanted) for s in corpus.outlets])
        return np.lexsort((rows, rank))
    return by_date


class _Digests(dict[int, str]):
    """The digests of ids by row, each made when it is first asked for."""

    def __init__(self, ids: list[str]) -> None:
        self._ids = ids

    def __missing__(self, row: int) -> str:
        self[row] = found = _digest(self._ids[row])
        return found


def _digest(name: str) -> str:
    """Return ten hex digits that stand for an article id."""
    return hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=5).hexdigest()
