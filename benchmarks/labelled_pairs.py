"""Labelled pairs with their evidence and folds: what the tables of events and stories are fitted on and judged by.

Event: pairs of one labelled cluster, or labelled one event. Story: pairs by their graded score where there is one, every
event positive of the others, and against it the other event of the same type (``topics.csv``), or pairs drawn at random.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from more_pairs import undated
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dedup.corpus import as_article, build_corpus
from dedup.gathering import gather
from dedup.results import CHANNEL_BITS
from dedup.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from data import NewsSet
    from numpy.typing import NDArray

    from dedup.corpus import Corpus

NOT_JUDGED, BETWEEN = -1, -2
"""Pairs left out of fit and scores, and pairs fitted on as no event but left out of the scores."""

SAME_STORY, OTHER_STORY = 2.33, 3.33
"""Graded scores (1 the same story, 4 unrelated) up to and from which a pair is taken for either."""

RANDOM_PAIRS = 6000
FOLDS = 5
PILES = 6


class Labelled(NamedTuple):
    """Labelled pairs to fit on.

    ``evidence`` : float32[n, n_measures]; ``truth`` : by relation int64[n], 1, 0, NOT_JUDGED or BETWEEN; ``folds`` :
    int64[n, 2], of either article.
    """

    evidence: NDArray[np.float32]
    truth: dict[str, NDArray[np.int64]]
    folds: NDArray[np.int64]


class Sample(NamedTuple):
    """One set: its ``labelled`` candidate pairs, and what is needed to score them.

    ``missed`` : by relation the positive pairs that were no candidates, ``unproposed`` the negative ones; ``pairs`` :
    int32[n] rows of either article; ``near`` : the unit of each article; ``named`` : its labelled cluster. ``places`` :
    where each article's block, which no fold cuts, stands in a shuffled order: its fold and its pile follow from that.
    """

    labelled: Labelled
    missed: dict[str, int]
    unproposed: dict[str, int]
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]]
    near: NDArray[np.int32]
    named: NDArray[np.int64] | None
    places: dict[str, int]


def sample_of(part: NewsSet, rows: Iterable[dict[str, Any]], places: Mapping[str, int] | None = None) -> Sample:
    """Take the evidence of every labelled candidate pair of articles of a set; ``places`` as another sample has them."""
    corpus = build_corpus(as_article(row, k) for k, row in enumerate(rows))
    known = gather(corpus, Settings(level="story", threads=2))
    found = known.candidates
    kept = (found.channels & ~np.uint8(CHANNEL_BITS["copies"])) != 0
    left, right, evidence = found.left[kept], found.right[kept], known.evidence[kept]
    clusters = part.clusters()
    if clusters:
        truth, block, total = _by_clusters(corpus, part, left, right)
        totals = {"event": (total, 0), "story": (total, 0)}
    else:
        truth, block, totals = _by_pairs(corpus, part, left, right)
    missed = {relation: totals[relation][0] - int((truth[relation] == 1).sum()) for relation in truth}
    unproposed = {relation: max(0, totals[relation][1] - int((truth[relation] == 0).sum())) for relation in truth}
    if places is None:
        shuffled = np.random.default_rng(20).permutation(int(block.max()) + 1)
        places = dict(zip(corpus.ids, shuffled[block].tolist(), strict=True))
    fold = np.array([places[article] % FOLDS for article in corpus.ids])
    judged = (truth["event"] != NOT_JUDGED) | (truth["story"] != NOT_JUDGED)
    ends = left[judged], right[judged]
    named = (
        np.unique([clusters.get(article, "") for article in corpus.ids], return_inverse=True)[1] if clusters else None
    )
    labels = {relation: marks[judged] for relation, marks in truth.items()}
    labelled = Labelled(evidence[judged], labels, np.stack([fold[ends[0]], fold[ends[1]]], axis=1))
    return Sample(labelled, missed, unproposed, ends, known.unit, named, dict(places))


def in_piles(part: NewsSet, places: Mapping[str, int], *, short: bool) -> Labelled:
    """Take the evidence of a set cut into small piles without dates."""
    piles: list[list[dict[str, Any]]] = [[] for _ in range(PILES)]
    for row in part.articles():
        if row["id"] in places:
            piles[places[row["id"]] // FOLDS % PILES].append(undated(row, short=short))
    parts = [sample_of(part, pile, places).labelled for pile in piles if pile]
    return Labelled(
        np.concatenate([each.evidence for each in parts]),
        {relation: np.concatenate([each.truth[relation] for each in parts]) for relation in parts[0].truth},
        np.concatenate([each.folds for each in parts]),
    )


def _by_clusters(
    corpus: Corpus, part: NewsSet, left: NDArray[np.int32], right: NDArray[np.int32]
) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.int64], int]:
    """Return the labels of pairs, the block of each article that no fold cuts, and the positive pairs in all."""
    clusters = part.clusters()
    named = np.array([clusters.get(article, "") for article in corpus.ids])
    sizes = np.unique(named, return_counts=True)[1]
    event = (named[left] == named[right]).astype(np.int64)
    story = event.copy()
    block = np.unique(named, return_inverse=True)[1]
    topics = part.folder / "topics.csv"
    if topics.exists():
        with topics.open(encoding="utf-8") as lines:
            topic_of = {row["id"]: row["topic"] for row in csv.DictReader(lines)}
        block = np.unique([topic_of.get(article, "") for article in corpus.ids], return_inverse=True)[1]
    else:
        drawn = np.random.default_rng(20).random(len(left)) < RANDOM_PAIRS / max(1, len(left))
        story[(event == 0) & ~drawn] = NOT_JUDGED
    return {"event": event, "story": story}, block, int((sizes * (sizes - 1) // 2).sum())


def _by_pairs(
    corpus: Corpus, part: NewsSet, left: NDArray[np.int32], right: NDArray[np.int32]
) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.int64], dict[str, tuple[int, int]]]:
    """Return the labels of pairs, the blocks, and the positive and negative pairs in all by relation."""
    row_of = {article: row for row, article in enumerate(corpus.ids)}
    event_of: dict[tuple[int, int], int] = {}
    story_of: dict[tuple[int, int], int] = {}
    with (part.folder / "pairs.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["id_a"] in row_of and row["id_b"] in row_of:
                one, other = sorted((row_of[row["id_a"]], row_of[row["id_b"]]))
                event_of[one, other] = int(row["label"]) if row["label"] else BETWEEN
                score = float(row.get("score") or "nan")
                graded = 1 if score <= SAME_STORY else 0 if score >= OTHER_STORY else NOT_JUDGED
                story_of[one, other] = graded if row.get("score") else event_of[one, other]
    ends = np.array(list(event_of), np.int64)
    graph = coo_matrix((np.ones(len(ends)), ends.T), shape=(len(corpus), len(corpus)))
    block = connected_components(graph, directed=False)[1].astype(np.int64)
    truth = {
        name: np.array([labels.get(pair, NOT_JUDGED) for pair in zip(left.tolist(), right.tolist(), strict=True)])
        for name, labels in (("event", event_of), ("story", story_of))
    }
    totals = {
        name: (list(labels.values()).count(1), list(labels.values()).count(0))
        for name, labels in (("event", event_of), ("story", story_of))
    }
    return truth, block, totals
