"""More pairs to fit events on: the labelled sets in small piles without dates, and dated news with its dates hidden.

A labelled set is one large pile, most of its articles long; users also have a few hundred posts of some sentences. And
labels hardly show what dates tell apart: the same matter a week later, bulletins of a series.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from zlib import crc32

import numpy as np

from dedup.corpus import as_article, build_corpus
from dedup.gathering import gather
from dedup.measures import COLUMN
from dedup.settings import EVENT_DAYS, NO_DATE, Settings

if TYPE_CHECKING:
    from data import NewsSet
    from numpy.typing import NDArray

    from dedup.rank import Relation

OPENING = (60, 140)
"""Fewest and most words an article is shortened to, by its id."""

LIKE, COPIED = 0.2, 0.3
"""Hidden dates are fitted on for pairs whose subjects are so alike at least, and that share less wording than copies do."""

HIDDEN_PAIRS = 20_000
FIRST_LETTERS = 200


SOME = 0.3
"""Share of the articles that lose their dates where the others keep theirs: the pile around one without then dates it."""


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
