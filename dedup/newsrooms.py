"""Who reported and who copied: where each text stood first, and which outlets' texts stand at which others.

In: a corpus and the clusters of copies in it. Out: rows a report shows. An outlet counts as a newsroom of a story if a
text of the story stood there first; a copy adds none.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from dedup.answer import by_date, first_by
from dedup.briefs import Flow, Outlet
from dedup.settings import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from dedup.corpus import Corpus

MOST_GIVERS = 12
"""Outlets that had a text on its first day and are set against those that had it later; more say the same again."""


def origins(corpus: Corpus, copies: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return for each row the row its text stood at first: the earliest of its cluster of ``copies``, then the smallest.

    ``copies`` : int32[n_articles], the labels of near copies.
    """
    return first_by(copies, by_date(corpus, copies))


def newsrooms(corpus: Corpus, origin: NDArray[np.int64], rows: Iterable[int]) -> int:
    """Return how many outlets have a report of their own among ``rows``; all without a name count as one."""
    return len({corpus.outlets[row] for row in rows if origin[row] == row})


def exchange(corpus: Corpus, copies: NDArray[np.int32]) -> tuple[tuple[Outlet, ...], tuple[Flow, ...]]:
    """Return the outlets, busiest first, and who had whose texts, most first."""
    origin = origins(corpus, copies)
    articles = Counter(corpus.outlets)
    own = Counter(source for row, source in enumerate(corpus.outlets) if origin[row] == row)
    first: Counter[tuple[str, str]] = Counter()
    undecided: Counter[tuple[str, str]] = Counter()
    up: Counter[str] = Counter()
    over: Counter[str] = Counter()
    for rows in _clusters(copies):
        early, late, unknown = _standing(corpus, rows)
        up.update(early if late else ())
        over.update(late)
        first.update((giver, taker) for giver in early[:MOST_GIVERS] for taker in late)
        heads = (early or unknown)[:1]
        rest = [*early[1:], *unknown] if early else unknown[1:]
        undecided.update((head, other) for head in heads for other in rest)
    outlets = (Outlet(name, n, own[name], up[name], over[name]) for name, n in articles.items() if name)
    flows = (Flow(a, b, first[a, b], undecided[a, b]) for a, b in {*first, *undecided})
    return (
        tuple(sorted(outlets, key=lambda outlet: (-outlet.articles, outlet.name))),
        tuple(sorted(flows, key=lambda flow: (-flow.first - flow.undecided, flow.giver, flow.taker))),
    )


def _clusters(labels: NDArray[np.int32]) -> Iterator[list[int]]:
    """Yield the rows of each cluster of two or more."""
    order = np.argsort(labels, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(labels[order])) + 1):
        if len(rows) > 1:
            yield rows.tolist()


def _standing(corpus: Corpus, rows: list[int]) -> tuple[list[str], list[str], list[str]]:
    """Return the named outlets that had a text on its first day, later, and on a day nobody knows; each sorted."""
    days: dict[str, int | None] = {}
    for row in rows:
        name, day = corpus.outlets[row], corpus.days[row]
        if name and day != NO_DATE:
            known = days.get(name)
            days[name] = day if known is None else min(day, known)
        elif name:
            days.setdefault(name, None)
    begin = min((day for day in days.values() if day is not None), default=None)
    early = sorted(name for name, day in days.items() if day is not None and day == begin)
    late = sorted(name for name, day in days.items() if day is not None and day != begin)
    return early, late, sorted(name for name, day in days.items() if day is None)
