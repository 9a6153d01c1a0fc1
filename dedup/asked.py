"""Pairs somebody asks about, candidates or not: judged alone, or among all others as a run judged them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.answer import PairRows
from dedup.corpus import corpus_of
from dedup.explanation import explain_candidate
from dedup.gathering import gather
from dedup.pipeline import judged, model_of
from dedup.settings import LEVELS, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dedup.article import Article
    from dedup.corpus import Corpus
    from dedup.results import Explanation, Findings

    Given = Article | str | Mapping[str, Any]

ALL_LEVELS = Settings(level="story")
TOGETHER = {
    "exact": "as one text",
    "near": "as copies",
    "event": "in one event",
    "story": "in one story, in two events",
}
"""How a run has two articles whose tightest common cluster is of this level."""


def explain(a: Given, b: Given, settings: Settings = ALL_LEVELS) -> Explanation:
    """Say why two articles are, or are not, copies, of one event or of one story; they need not be candidates.

    Each is an ``Article``, a text, or a mapping with at least ``text``. They are judged as if there were no others, up to
    the level ``settings`` ask for. Raises InputError for an article without text.

    >>> import dedup
    >>> dedup.explain(dedup.Article("The ferry sank at dawn.", "a"), dedup.Article("THE FERRY SANK AT DAWN!", "b")).pair.relation
    'exact'
    """
    (asked,) = _measured(corpus_of((a, b)), [(0, 1)], settings)
    return explain_candidate(*asked)


def explain_among(corpus: Corpus, findings: Findings, pair: tuple[int, int], settings: Settings) -> Explanation:
    """Say of two rows of a corpus what the run that made ``findings`` under ``settings`` makes of them, and why.

    Two articles it never compared are measured now, among all the others.
    """
    ((rows, k),) = judged_among(corpus, findings, [pair], settings)
    ends = int(rows.findings.left[k]), int(rows.findings.right[k])
    notes = [
        f"{corpus.ids[row]} has the same words as {corpus.ids[end]}, which is judged for it."
        for row, end in ((row, int(findings.unit[row])) for row in pair)
        if row not in ends
    ]
    if rows.findings is not findings:
        notes.append("No channel proposes this pair: a run does not compare the two.")
    return explain_candidate(rows, k, notes=(*notes, _together(findings, pair, settings)))


def judged_among(
    corpus: Corpus, findings: Findings, pairs: Sequence[tuple[int, int]], settings: Settings
) -> list[tuple[PairRows, int]]:
    """Return for each pair of rows a face of the findings that hold it, and its place there.

    Those are the findings given, or where no channel proposed the pair, new ones in which it is measured among all
    others. Articles with one body stand for each other, as they do in a run.
    """
    a, b = np.array(pairs, np.int32).reshape(-1, 2).T
    unit = findings.unit
    copies = unit[a] == unit[b]
    a, b = np.where(copies, a, unit[a]), np.where(copies, b, unit[b])
    left, right = np.minimum(a, b), np.maximum(a, b)
    place = findings.place(left, right)
    known = place < len(findings.left)
    asked = list(zip(left[~known].tolist(), right[~known].tolist(), strict=True))
    measured = iter(_measured(corpus, asked, settings) if asked else ())
    held = _faced(corpus, findings, place[known], settings)
    return [(held, k) if there else next(measured) for k, there in zip(place.tolist(), known.tolist(), strict=True)]


def _measured(corpus: Corpus, pairs: list[tuple[int, int]], settings: Settings) -> list[tuple[PairRows, int]]:
    """Measure pairs of rows, the smaller first, among all others, whatever the channels say of them."""
    findings = judged(gather(corpus, settings, asked=pairs), model_of(settings))
    place = findings.place(*np.array(pairs, np.int32).T)
    rows = _faced(corpus, findings, place, settings)
    return [(rows, k) for k in place.tolist()]


def _faced(corpus: Corpus, findings: Findings, place: NDArray[np.int64], settings: Settings) -> PairRows:
    """Return a face of findings for pairs asked for in this order, each of which is looked at once."""
    ranked = np.array(list(dict.fromkeys(place.tolist())), np.int64)
    return PairRows(corpus, findings, ranked, model_of(settings), settings.level)


def _together(findings: Findings, pair: tuple[int, int], settings: Settings) -> str:
    """Return how close together two rows stand in the clusters of a run."""
    a, b = pair
    for level in LEVELS[: LEVELS.index(settings.level) + 1]:
        if findings.labels[level][a] == findings.labels[level][b]:
            return f"The run has both {TOGETHER[level]}."
    return "The run has them in no cluster together."
