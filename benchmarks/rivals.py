"""datasketch 2 at the settings that serve it best, its answers in the shape of ours so that one judge measures both.

In: a corpus. Out: for each setting the pairs it holds for copies and the clusters they hang together in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from datasketch import MinHash, MinHashLSH
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dedup.results import CHANNEL_BITS, Findings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dedup.corpus import Corpus

PERMUTATIONS = 128

_words = re.compile(r"\w+").findall


@dataclass(frozen=True, slots=True)
class Rival:
    """One setting: words per shingle, similarity aimed at, and whether each pair's exact Jaccard is checked."""

    words: int
    threshold: float
    verified: bool = False

    @property
    def name(self) -> str:
        """The setting as a table says it."""
        check = ", verified" if self.verified else ""
        return f"datasketch, {self.words} words, {self.threshold}{check}"


RIVALS = (Rival(3, 0.5), Rival(3, 0.7), Rival(5, 0.5, verified=True))


def run_rivals(corpus: Corpus) -> dict[str, Findings]:
    """Return the answer of each setting by its name."""
    answers: dict[str, Findings] = {}
    for words in sorted({rival.words for rival in RIVALS}):
        shingles = [shingle_set(text.decode("utf-8", "replace"), words) for text in corpus.texts]
        sketches = MinHash.bulk(([s.encode() for s in sorted(each)] for each in shingles), num_perm=PERMUTATIONS)
        for rival in RIVALS:
            if rival.words == words:
                pairs = banded_pairs(sketches, rival.threshold)
                if rival.verified:
                    pairs = {(a, b) for a, b in pairs if jaccard(shingles[a], shingles[b]) >= rival.threshold}
                answers[rival.name] = as_findings(len(corpus), pairs)
    return answers


def shingle_set(text: str, n_words: int) -> set[str]:
    """Return the runs of ``n_words`` lower-case words; a shorter text is one run."""
    words = _words(text.lower())
    starts = range(max(1, len(words) - n_words + 1))
    return {" ".join(words[i : i + n_words]) for i in starts}


def jaccard(a: set[str], b: set[str]) -> float:
    """Return the resemblance of two sets."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared)


def banded_pairs(sketches: list[MinHash], threshold: float) -> set[tuple[int, int]]:
    """Return the pairs of positions that share an LSH band, the smaller first."""
    index = MinHashLSH(threshold=threshold, num_perm=PERMUTATIONS)
    with index.insertion_session() as session:
        for i, sketch in enumerate(sketches):
            session.insert(i, sketch, check_duplication=False)
    return {(j, i) for i, sketch in enumerate(sketches) for j in index.query(sketch) if j < i}


def as_findings(n_articles: int, pairs: Iterable[tuple[int, int]]) -> Findings:
    """Return claimed pairs as findings: each certain, and whatever hangs together in one cluster."""
    ends = np.array(sorted(pairs), np.int32).reshape(-1, 2)
    left, right = ends[:, 0], ends[:, 1]
    edges = coo_matrix((np.ones(len(ends)), (left, right)), shape=(n_articles, n_articles))
    _, cluster = connected_components(edges, directed=False)
    unit = np.arange(n_articles, dtype=np.int32)
    return Findings(
        unit=unit,
        left=left,
        right=right,
        channels=np.full(len(ends), CHANNEL_BITS["bands"], np.uint8),
        measured=np.ones(len(ends), bool),
        p=np.ones((len(ends), 3)),
        evidence=np.empty((len(ends), 0), np.float32),
        labels={"exact": unit, "near": cluster.astype(np.int32)},
        stats={},
        reread=lambda pairs: (np.empty((len(pairs), 0), np.float32), np.zeros((len(pairs), 3), np.int32)),
    )
