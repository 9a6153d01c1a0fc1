"""Pairs of a large pile that were graded by reading, to score events on: what the model doubts among 35,000 articles.

Among so many, much more is nearly one event than among the articles of a labelled set alone: ten columns on the week's
matter, the same quarrel the day after.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dedup.corpus import as_article, build_corpus
from dedup.gathering import gather
from dedup.settings import Settings

if TYPE_CHECKING:
    from data import NewsSet
    from numpy.typing import NDArray

GRADED = Path(__file__).parent / "graded" / "news_corpus.csv"
"""Pairs and their grades; the README beside it tells how they were drawn and graded."""

ONE_EVENT = "1"


class Graded(NamedTuple):
    """Graded pairs among all articles of their pile.

    ``pairs`` : the ids of each, with a number that pairs sharing an article have in common; ``evidence`` :
    float32[n, n_measures]; ``events`` : int64[n], 1 for one event; ``stands_for`` : float64[n], how many candidates each
    stands for.
    """

    pairs: list[tuple[tuple[str, str], int]]
    evidence: NDArray[np.float32]
    events: NDArray[np.int64]
    stands_for: NDArray[np.float64]


def graded(part: NewsSet, file: Path = GRADED) -> Graded:
    """Measure the graded pairs of a set that are candidates among all its articles; one reader suffices for an event."""
    corpus = build_corpus(as_article(row, k) for k, row in enumerate(part.articles()))
    known = gather(corpus, Settings(level="story", threads=2))
    ends = zip(known.candidates.left.tolist(), known.candidates.right.tolist(), strict=True)
    row_of = {pair: row for row, pair in enumerate(ends)}
    place = {article: k for k, article in enumerate(corpus.ids)}
    with file.open(encoding="utf-8", newline="") as lines:
        graded = [
            row | {"at": (place.get(row["id_a"], -1), place.get(row["id_b"], -1))} for row in csv.DictReader(lines)
        ]
    graded = [row for row in graded if row["at"] in row_of]
    at = np.array([row["at"] for row in graded], np.int64).reshape(-1, 2)
    graph = coo_matrix((np.ones(len(at)), at.T), shape=(len(corpus), len(corpus)))
    block = connected_components(graph, directed=False)[1][at[:, 0]]
    return Graded(
        [((row["id_a"], row["id_b"]), int(b)) for row, b in zip(graded, block, strict=True)],
        known.evidence[[row_of[row["at"]] for row in graded]],
        np.array([ONE_EVENT in (row["grade"], row["second_grade"]) for row in graded], np.int64),
        np.array([float(row["stands_for"]) for row in graded]),
    )
