"""More pairs to fit events on: small piles without dates, dated news with its dates hidden, and frames filled twice.

A labelled set is one large pile, most of its articles long; users also have a few hundred posts of some sentences. And
labels hardly show what dates tell apart: the same matter a week later, bulletins of a series. Nor do they hold frames: two
companies' results, two towns' burglaries in the same words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np

from dedup.corpus import as_article, build_corpus
from dedup.gathering import gather
from dedup.measures import COLUMN
from dedup.results import CHANNEL_BITS
from dedup.settings import EVENT_DAYS, NO_DATE, Settings

if TYPE_CHECKING:
    from data import NewsSet
    from numpy.typing import NDArray

    from dedup.gathering import Gathered
    from dedup.rank import Relation

OPENING = (60, 140)
"""Fewest and most words an article is shortened to, by its id."""

LIKE, COPIED = 0.2, 0.3
"""Hidden dates are fitted on for pairs whose subjects are so alike at least, and that share less wording than copies do."""

HIDDEN_PAIRS = 20_000
FIRST_LETTERS = 200


SOME = 0.3
"""Share of the articles that lose their dates where the others keep theirs: the pile around one without then dates it."""


MONTH = 30
"""Days that the articles of a set are moved to, so that the frames of a series meet there as those of one day do."""

FRAME, FRAME_PAIRS = 0.1, 6000
"""Wording (containment) two frames share at least, and how many pairs of frames, and of copies, are taken."""

SURE_COPY, COPY_DAYS = 0.9, 2
"""Copies, against which frames are held, are so likely to be some and no further apart."""


class Framed(NamedTuple):
    """Candidate pairs that share wording: copies and frames filled twice.

    ``evidence`` : float32[n, n_measures]; ``copies`` : bool[n]; ``blocks`` : int64[n, 2], of either article, which no fold
    cuts.
    """

    evidence: NDArray[np.float32]
    copies: NDArray[np.bool_]
    blocks: NDArray[np.int64]


class Hidden(NamedTuple):
    """Candidate pairs measured as if no article, or one of either pair, had no date.

    ``evidence`` : float32[n, n_measures]; ``days`` : int64[n], those between the dates that were hidden.
    """

    evidence: NDArray[np.float32]
    days: NDArray[np.int64]


def undated(row: dict[str, Any], *, short: bool) -> dict[str, Any]:
    """Return an article without its date, be it in the address, and if asked for without what follows its first words."""
    known = {name: value for name, value in row.items() if name not in ("date", "url")}
    if short:
        fewest, most = OPENING
        words = list(re.finditer(r"\S+", row["text"]))[: fewest + crc32(row["id"].encode()) % (most - fewest)]
        known["text"] = row["text"][: words[-1].end()] if words else ""
    return known


def opening_letters(row: dict[str, Any]) -> str:
    """Return the first letters of a text, to know it again in another set."""
    return re.sub(r"\W+", "", row["text"][:FIRST_LETTERS])


def hidden_pairs(part: NewsSet, labelled: set[str], *, share: float = 1.0, short: bool = False) -> Hidden:
    """Measure some alike pairs of a dated set with the dates of a share of its articles hidden, at least one of a pair's.

    Articles that begin like a labelled one are left out.
    """
    rows = [row for row in part.articles() if opening_letters(row) not in labelled]
    dated = build_corpus(as_article(row, k) for k, row in enumerate(rows))
    day_of = dict(zip(dated.ids, dated.days.all().tolist(), strict=True))
    bare = {row["id"] for row in rows if crc32(row["id"].encode()) < share * (1 << 32)}
    seen = (undated(row, short=short) if row["id"] in bare else row for row in rows)
    corpus = build_corpus(as_article(row, k) for k, row in enumerate(seen))
    known = gather(corpus, Settings(level="story", threads=2))
    days = np.array([day_of.get(article, NO_DATE) for article in corpus.ids], np.int64)
    hidden = np.array([article in bare for article in corpus.ids], bool)
    ends = known.candidates.left, known.candidates.right
    left, right = (days[side] for side in ends)
    fit = (left != NO_DATE) & (right != NO_DATE) & known.judged & (hidden[ends[0]] | hidden[ends[1]])
    fit &= (known.evidence[:, COLUMN["subject"]] >= LIKE) & ~(known.evidence[:, COLUMN["containment"]] >= COPIED)
    some = np.random.default_rng(20).permutation(np.flatnonzero(fit))[:HIDDEN_PAIRS]
    return Hidden(known.evidence[some], np.abs(left - right)[some])


def told_by_dates(teacher: Relation, hidden: Hidden) -> NDArray[np.float64]:
    """Return how likely each pair is one event by a model that may look at the dates: float64[n]."""
    evidence = hidden.evidence.copy()
    evidence[:, COLUMN["days"]] = evidence[:, COLUMN["days_around"]] = hidden.days
    p = 1 / (1 + np.exp(-teacher.log_odds(evidence)))
    return np.where(hidden.days > EVENT_DAYS, 0.0, p)


def swapped_pairs(part: NewsSet) -> Framed:
    """Measure edits of one text, and texts whose names and numbers were exchanged against the edits of their base."""
    base_of = {row["id_hard"]: row["id_base"] for row in part.table("pairs_hard.csv") if row["kind"] == "entity_swap"}
    clusters = part.clusters()
    corpus = build_corpus(as_article(row, k) for k, row in enumerate(part.articles()))
    known = gather(corpus, Settings(level="story", threads=2))
    text_of = [clusters.get(base_of.get(article, article), article) for article in corpus.ids]
    swapped = np.array([article in base_of for article in corpus.ids])
    block = np.array([crc32(text.encode()) for text in text_of], np.int64)
    left, right = known.candidates.left, known.candidates.right
    some = np.flatnonzero(_by_wording(known) & (block[left] == block[right]) & ~(swapped[left] & swapped[right]))
    ends = left[some], right[some]
    return Framed(
        known.evidence[some], ~(swapped[ends[0]] | swapped[ends[1]]), np.stack([block[e] for e in ends], axis=1)
    )


def framed_pairs(part: NewsSet, near: Relation, *, dated: bool = True) -> Framed:
    """Measure pairs of a dated set that share wording but no event, for they are too far apart, as if of one month or undated.

    The articles of one day are moved together. ``near`` tells copies, of which those of one day are taken too.
    """
    rows = part.articles()
    true = build_corpus(as_article(row, k) for k, row in enumerate(rows))
    day_of = dict(zip(true.ids, true.days.all().tolist(), strict=True))
    random = np.random.default_rng(20)
    moved = {day: int(random.integers(1, MONTH + 1)) for day in sorted(set(day_of.values()) - {NO_DATE})}
    seen = (
        undated(row, short=False)
        | ({"date": f"1999-04-{moved[day]:02}"} if dated and (day := day_of.get(row["id"])) in moved else {})
        for row in rows
    )
    corpus = build_corpus(as_article(row, k) for k, row in enumerate(seen))
    known = gather(corpus, Settings(level="story", threads=2))
    days = np.array([day_of.get(article, NO_DATE) for article in corpus.ids], np.int64)
    left, right = known.candidates.left, known.candidates.right
    fit = np.flatnonzero(_by_wording(known) & (days[left] != NO_DATE) & (days[right] != NO_DATE))
    evidence, apart = known.evidence[fit], np.abs(days[left] - days[right])[fit]
    p = 1 / (1 + np.exp(-near.log_odds(evidence)))
    frames = (apart > EVENT_DAYS) & (p < 0.5) & (evidence[:, COLUMN["containment"]] >= FRAME)
    frames &= ~(evidence[:, COLUMN["days"]] > EVENT_DAYS)
    copies = (apart <= COPY_DAYS) & (p >= SURE_COPY)
    some = np.concatenate([random.permutation(np.flatnonzero(which))[:FRAME_PAIRS] for which in (frames, copies)])
    block = np.array([crc32(article.encode()) for article in corpus.ids], np.int64)
    return Framed(evidence[some], copies[some], np.stack([block[left[fit[some]]], block[right[fit[some]]]], axis=1))


def _by_wording(known: Gathered) -> NDArray[np.bool_]:
    """Say which candidates share wording, copies word for word left out."""
    kept: NDArray[np.bool_] = known.measured & ((known.candidates.channels & CHANNEL_BITS["copies"]) == 0)
    return kept
