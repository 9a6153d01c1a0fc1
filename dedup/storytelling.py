"""The stories of a run, ranked by independent newsrooms, each with its events, its copies and what differs in them.

In: a corpus, what the river found in it and its readable face. Out: rows a report shows. Clusters of any level are told
so; they are called stories here.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.answer import by_date, cleaned_texts
from dedup.briefs import Event, Story, Version
from dedup.measures import COLUMN
from dedup.newsrooms import newsrooms, origins
from dedup.pipeline import model_of
from dedup.rank import RELATIONS
from dedup.settings import NO_DATE
from dedup.versions import Compared, News, compare_versions
from dedup.words import take_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.corpus import Corpus
    from dedup.doubts import Suspect
    from dedup.results import Cluster, Findings, Result

STORIES_TOLD = 150
VERSIONS_TOLD = 24
"""Stories whose versions are read again and held against each other, and versions of each."""

READ_BYTES = 20_000
"""Of a version, so much is read again."""

VERSIONS_LISTED = 200
ALL_LISTED = 60_000
"""Versions listed of one story, and of all stories together."""

NAME_CHARS = 80
"""Characters of a title that a story is called by elsewhere."""

STORIES_PAIRED = 40
"""Stories of which the closest copies and the closest reports of two newsrooms are shown side by side."""

NOTHING_NEW = News((), 0, "")

_Noted = tuple[tuple[int, ...], tuple[tuple[int, str], ...]]
"""Of a story: the numbers of its pairs shown, and of its doubtful ones with the doubt."""


class _Ranked(NamedTuple):
    """A cluster in its rank: ``place`` is its place in the result, ``rows`` its members in the order of time."""

    place: int
    cluster: Cluster
    rows: list[int]
    newsrooms: int
    reports: int


class Telling:
    """What is needed to tell the stories of one run; ``labels`` are the labels of the clusters of ``result``."""

    def __init__(self, corpus: Corpus, findings: Findings, result: Result) -> None:
        self.corpus = corpus
        self.findings = findings
        self.result = result
        self.level = result.settings.level
        self.origin = origins(corpus, findings.labels["near"])
        row_of = {name: row for row, name in enumerate(corpus.ids)}
        time = np.empty(len(corpus), np.int64)
        time[by_date(corpus, findings.labels[self.level])] = np.arange(len(corpus))
        self.labels: list[int] = []
        ranked = []
        for place, cluster in enumerate(result.clusters):
            rows = sorted((row_of[name] for name in cluster.members), key=time.__getitem__)
            self.labels.append(int(findings.labels[self.level][rows[0]]))
            reports = sum(self.origin[row] == row for row in rows)
            ranked.append(_Ranked(place, cluster, rows, newsrooms(corpus, self.origin, rows), reports))
        of_reports = self.level in ("event", "story")  # copies of one text have one newsroom behind them at the most
        self.ranked = sorted(
            ranked,
            key=lambda each: (
                *((-each.newsrooms, -each.reports) if of_reports else ()),
                -len(each.rows),
                time[each.rows[0]],
                each.cluster.id,
            ),
        )
        self.copies = self._copies()

    def places(self) -> dict[int, str]:
        """Return the id of each cluster by its label."""
        return {label: cluster.id for label, cluster in zip(self.labels, self.result.clusters, strict=True)}

    def pairs(self) -> dict[int, str]:
        """Return why a pair is shown, by its place among the candidates: two of each of the first stories."""
        labels, findings = self.findings.labels[self.level], self.findings
        wanted = {self.labels[each.place]: rank for rank, each in enumerate(self.ranked[:STORIES_PAIRED])}
        inside = np.flatnonzero(
            (labels[findings.left] == labels[findings.right]) & np.isin(labels[findings.left], list(wanted))
        )
        cut = model_of(self.result.settings).thresholds["near"]
        column = RELATIONS.index(self.level) if self.level in RELATIONS else 0
        best: dict[tuple[int, int], tuple[tuple[float, ...], int]] = {}
        for k in inside.tolist():
            left, right = int(findings.left[k]), int(findings.right[k])
            copies = findings.p[k, 0] >= cut
            same = findings.unit[left] == findings.unit[right]
            elsewhere = self.corpus.outlets[left] != self.corpus.outlets[right]
            merit = (float(not same), float(elsewhere), float(findings.p[k, 0 if copies else column]), -float(k))
            key = (wanted[int(labels[left])], 0 if copies else 1)
            best[key] = max(best.get(key, (merit, k)), (merit, k))
        words = ("the closest copies", "the closest reports of their own")
        return {k: f"{words[kind]} in {self._name(self.ranked[rank])}" for (rank, kind), (_, k) in sorted(best.items())}

    def stories(self, most: int, numbers: dict[int, int], suspects: Sequence[Suspect]) -> tuple[Story, ...]:
        """Return the first stories; ``numbers`` : the number of each pair shown, by its place among the candidates."""
        labels = self.findings.labels[self.level]
        paired: dict[int, list[int]] = {}
        for k, number in numbers.items():
            left, right = int(labels[self.findings.left[k]]), int(labels[self.findings.right[k]])
            if left == right:
                paired.setdefault(left, []).append(number)
        doubted: dict[int, list[tuple[int, str]]] = {}
        for suspect in suspects:
            for end in sorted(
                {int(labels[self.findings.left[suspect.k]]), int(labels[self.findings.right[suspect.k]])}
            ):
                doubted.setdefault(end, []).append((numbers[suspect.k], suspect.words))
        stories = []
        room = ALL_LISTED
        for rank, each in enumerate(self.ranked[:most]):
            label = self.labels[each.place]
            listed = each.rows[: max(2, min(VERSIONS_LISTED, room))]
            room -= len(listed)
            told = self._compared(each) if rank < STORIES_TOLD else None
            stories.append(
                self._story(each, listed, told, (tuple(paired.get(label, ())), tuple(doubted.get(label, ()))))
            )
        return tuple(stories)

    def _story(self, each: _Ranked, listed: list[int], told: Compared | None, noted: _Noted) -> Story:
        cluster, corpus = each.cluster, self.corpus
        days = [day for row in each.rows if (day := corpus.days[row]) != NO_DATE]
        news = dict(zip(each.rows, told.news, strict=False)) if told else {}
        return Story(
            id=cluster.id,
            title=self._title(each),
            representative=cluster.representative,
            newsrooms=each.newsrooms,
            reports=each.reports,
            articles=len(each.rows),
            outlets=cluster.outlets,
            first=min(days, default=None),
            last=max(days, default=None),
            cohesion=cluster.cohesion,
            events=tuple(self._events(cluster, listed, news)),
            n_events=len(set(cluster.parts)) if self.level == "story" else 0,
            unlisted=len(each.rows) - len(listed),
            told=told is not None,
            common=told.common if told else (),
            differences=told.differences if told else (),
            pairs=noted[0],
            doubts=noted[1],
        )

    def _title(self, each: _Ranked) -> str:
        """Return the title of a story, which is that of its representative."""
        row = next(row for row in each.rows if self.corpus.ids[row] == each.cluster.representative)
        return self.corpus.titles[row]

    def _name(self, each: _Ranked) -> str:
        """Return what a story is called where another is spoken of."""
        title = " ".join(self._title(each)[: 2 * NAME_CHARS].split())
        if not title:
            return each.cluster.id
        return f"“{title if len(title) <= NAME_CHARS else title[:NAME_CHARS] + '…'}”"

    def _events(self, cluster: Cluster, rows: list[int], news: dict[int, News]) -> list[Event]:
        """Return the events of a story in the order of their first article; a tighter cluster has no parts to tell."""
        if self.level != "story":
            return [Event("", tuple(self._version(row, news.get(row, NOTHING_NEW)) for row in rows))]
        part_of = dict(zip(cluster.members, cluster.parts, strict=True))
        begun: dict[str, int] = {}
        for place, row in enumerate(rows):
            begun.setdefault(part_of[self.corpus.ids[row]], place)
        ordered = sorted(rows, key=lambda row: begun[part_of[self.corpus.ids[row]]])
        return [
            Event(part, tuple(self._version(row, news.get(row, NOTHING_NEW)) for row in inside))
            for part, inside in groupby(ordered, key=lambda row: part_of[self.corpus.ids[row]])
        ]

    def _version(self, row: int, news: News) -> Version:
        corpus, origin = self.corpus, int(self.origin[row])
        day = corpus.days[row]
        return Version(
            id=corpus.ids[row],
            title=corpus.titles[row] or corpus.texts[row][:400].decode("utf-8", "ignore").strip(),
            outlet=corpus.outlets[row],
            day=None if day == NO_DATE else day,
            url=corpus.urls[row],
            copy_of=None if origin == row else corpus.outlets[origin] or corpus.ids[origin],
            later=NO_DATE != corpus.days[origin] < day,
            shared=self._shared(origin, row),
            new=news.facts,
            more_new=news.more,
            sentence=news.sentence,
        )

    def _copies(self) -> dict[tuple[int, int], int]:
        """Return the candidate pairs of texts whose wording was compared: (left, right) to the pair's place."""
        near = self.findings.labels["near"]
        left, right = self.findings.left, self.findings.right
        inside = np.flatnonzero((near[left] == near[right]) & self.findings.measured)
        return dict(zip(zip(left[inside].tolist(), right[inside].tolist(), strict=True), inside.tolist(), strict=True))

    def _shared(self, origin: int, row: int) -> float | None:
        """Return how much of the smaller text's wording two copies share, if that was measured."""
        if origin != row and self.findings.unit[origin] == self.findings.unit[row]:
            return 1.0
        k = self.copies.get((min(origin, row), max(origin, row)))
        return None if k is None else float(self.findings.evidence[k, COLUMN["containment"]])

    def _compared(self, each: _Ranked) -> Compared:
        """Read the first versions again and hold them against each other."""
        rows = each.rows[:VERSIONS_TOLD]
        texts = [
            text[:READ_BYTES].decode("utf-8", "ignore") for text in cleaned_texts(self.corpus, self.findings, rows)
        ]
        return compare_versions(
            list(take_words(texts)), [self.corpus.outlets[row] or self.corpus.ids[row] for row in rows]
        )
