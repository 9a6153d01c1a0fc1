"""Pairs of a large pile: graded by reading, unlike and not read, and those of a labelled set placed in it.

Among 35,000 articles much more is nearly one event than among the articles of a labelled set alone: ten columns on the
week's matter, the same quarrel the day after. And every article has other candidates to be held against.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from more_pairs import opening_letters
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dedup.corpus import as_article, build_corpus
from dedup.gathering import gather
from dedup.settings import Settings

if TYPE_CHECKING:
    from data import NewsSet
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.gathering import Gathered

GRADED_FILE, UNLIKE_FILE = (Path(__file__).parent / "graded" / name for name in ("news_corpus.csv", "unlike.csv"))
"""Pairs and their grades, and pairs taken for unlike; the README beside them tells how they were drawn and graded."""

ONE_EVENT = "1"


class Pairs(NamedTuple):
    """Pairs of a crowd.

    ``ids`` : the two articles of each; ``blocks`` : int64[n], a number that pairs sharing an article have in common;
    ``evidence`` : float32[n, n_measures]; ``events`` : int64[n], 1 for one event; ``stands_for`` : float64[n], how many
    candidates each stands for.
    """

    ids: list[tuple[str, str]]
    blocks: NDArray[np.int64]
    evidence: NDArray[np.float32]
    events: NDArray[np.int64]
    stands_for: NDArray[np.float64]


class Crowd:
    """All articles of a set, with those of a labelled one in their places, and the candidate pairs among them."""

    def __init__(self, part: NewsSet, labelled: NewsSet | None = None) -> None:
        own = list(labelled.articles()) if labelled else []
        names, openings = {row["id"] for row in own}, set(map(opening_letters, own))
        rest = (row for row in part.articles() if row["id"] not in names and opening_letters(row) not in openings)
        self.corpus: Corpus = build_corpus(as_article(row, k) for k, row in enumerate([*own, *rest]))
        self.known: Gathered = gather(self.corpus, Settings(level="story", threads=2))
        self.clusters = labelled.clusters() if labelled else {}

    def of_file(self, file: Path) -> Pairs:
        """Take the pairs of a file that are candidates; one reader suffices for an event."""
        place = {article: k for k, article in enumerate(self.corpus.ids)}
        with file.open(encoding="utf-8", newline="") as lines:
            rows = [(place.get(row["id_a"], -1), place.get(row["id_b"], -1), row) for row in csv.DictReader(lines)]
        ends = zip(self.known.candidates.left.tolist(), self.known.candidates.right.tolist(), strict=True)
        candidate = {pair: k for k, pair in enumerate(ends)}
        found = [(candidate[min(a, b), max(a, b)], row) for a, b, row in rows if (min(a, b), max(a, b)) in candidate]
        grades = [(row["grade"], row.get("second_grade", "")) for _, row in found]
        return self._pairs(
            np.array([k for k, _ in found], np.int64),
            np.array([ONE_EVENT in both for both in grades], np.int64),
            np.array([float(row["stands_for"]) for _, row in found]),
        )

    def of_clusters(self) -> Pairs:
        """Take the candidate pairs of labelled articles."""
        left, right = self.known.candidates.left, self.known.candidates.right
        named = np.array([self.clusters.get(article, "") for article in self.corpus.ids])
        kept = np.flatnonzero(
            (named[left] != "") & (named[right] != "") & (self.known.unit[left] != self.known.unit[right])
        )
        return self._pairs(kept, (named[left] == named[right])[kept].astype(np.int64), np.ones(len(kept)))

    def _pairs(self, rows: NDArray[np.int64], events: NDArray[np.int64], stands_for: NDArray[np.float64]) -> Pairs:
        left, right = self.known.candidates.left[rows], self.known.candidates.right[rows]
        shape = len(self.corpus), len(self.corpus)
        block = connected_components(coo_matrix((np.ones(len(left)), (left, right)), shape=shape), directed=False)[1]
        ids = [(self.corpus.ids[a], self.corpus.ids[b]) for a, b in zip(left.tolist(), right.tolist(), strict=True)]
        return Pairs(ids, block[left].astype(np.int64), self.known.evidence[rows], events, stands_for)
