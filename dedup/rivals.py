"""Candidate pairs among their rivals: how a pair stands out from the other candidates of its two articles.

In: likeness of subjects and dates of all candidates. Out: columns of the evidence table. That is what tells an event
from its surroundings, and where an article without a date most likely belongs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels import kernels_for
from dedup.measures import COLUMN
from dedup.settings import FEW_ARTICLES, NEARNESS_DAYS, NEARNESS_FAR, NEARNESS_UNKNOWN

if TYPE_CHECKING:
    from numpy.typing import NDArray

RIVALS = 6
"""The likest candidates of an article that a pair is compared with; the very likest is left out, it may be the pair."""

FEWEST_RIVALS = 3
"""With fewer of those an article has no level of its own; but in a pile of ``FEW_ARTICLES`` and more, that nothing else
comes near it is a finding too."""

LAST_RANK = 20
"""An article further down among the candidates of another stands as low as one can."""

AROUND, FEWEST_AROUND = 12, 4
LEAST_AROUND = 0.08
"""An article without a date stands on the day most of its likest dated candidates do: of so many, if there are so few at
least, and none counts whose subject is less alike."""

AROUND_DAYS = 2.0
FAR_AROUND = 64
"""Dates support each other by e to the power of minus the days between them over ``AROUND_DAYS``, until ``FAR_AROUND``."""

COPIED = 0.5
"""Resemblance from which on two texts are one rival, not two."""

Pairs = tuple["NDArray[np.int32]", "NDArray[np.int32]"]


def add_rivalry(table: NDArray[np.float32], days: NDArray[np.int32], pairs: Pairs) -> None:
    """Fill the lifts, ``standing`` and ``days_around``, from the columns ``jaccard``, ``subject`` and ``days``.

    ``days`` : int32[n_articles] or ``settings.NO_DATE``; ``pairs`` : left and right, int32[n_pairs].
    """
    left, right = pairs
    subject = np.nan_to_num(table[:, COLUMN["subject"]])
    groups = _copies(pairs, table[:, COLUMN["jaccard"]] >= COPIED, len(days))
    best, whom = _best(pairs, subject, groups, RIVALS)
    known = (best[:, 1:] >= 0).sum(axis=1)
    level = np.where(known >= FEWEST_RIVALS, np.maximum(best[:, 1:], 0).sum(axis=1) / np.maximum(1, known), np.nan)
    levels = level[left], level[right]
    table[:, COLUMN["lift"]] = subject - (levels[0] + levels[1]) / 2
    table[:, COLUMN["lift_over_denser"]] = subject - np.fmax(*levels)
    telling = (known >= FEWEST_RIVALS) | (len(days) >= FEW_ARTICLES)
    np.maximum(best, 0, out=best)
    best[~telling] = np.nan
    rival = [np.where(whom[a, 0] != groups[b], best[a, 0], best[a, 1]) for a, b in (pairs, pairs[::-1])]
    table[:, COLUMN["lift_over_rival"]] = subject - (rival[0] + rival[1]) / 2
    table[:, COLUMN["standing"]] = _standing(table, pairs, groups, telling)
    table[:, COLUMN["days_around"]] = _days_around(table, days, pairs)


def _copies(pairs: Pairs, copied: NDArray[np.bool_], n_articles: int) -> NDArray[np.int32]:
    """Return the first article that each is a copy of, by the pairs that are copies and those of the copies: int32[n]."""
    left, right = pairs[0][copied], pairs[1][copied]
    groups, before = np.arange(n_articles, dtype=np.int32), None
    while before is None or not np.array_equal(groups, before):
        before = groups.copy()
        np.minimum.at(groups, left, before[right])
        np.minimum.at(groups, right, before[left])
        groups = groups[groups]
    return groups


def _best(
    pairs: Pairs, score: NDArray[np.float32], groups: NDArray[np.int32], most: int
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return the highest scores of each article with others' groups, highest first, -1 where there are fewer, and whose."""
    best, whom = np.empty((len(groups), most), np.float32), np.empty((len(groups), most), np.int32)
    kernels_for(8 * len(score)).rivals(*pairs, score, groups, best, whom)
    return best, whom


def _standing(
    table: NDArray[np.float32], pairs: Pairs, groups: NDArray[np.int32], telling: NDArray[np.bool_]
) -> NDArray[np.float32]:
    """Return the mean of 1 / rank that either article has among the candidates of the other, by subject and date."""
    gap = table[:, COLUMN["days"]]
    nearness = NEARNESS_FAR + (1 - NEARNESS_FAR) * np.exp(-gap / NEARNESS_DAYS)
    nearness[np.isnan(gap)] = NEARNESS_UNKNOWN
    score = np.nan_to_num(table[:, COLUMN["subject"]]) * nearness.astype(np.float32)
    standing = np.empty(len(score), np.float32)
    ranked = _best(pairs, score, groups, LAST_RANK)
    kernels_for(8 * len(score)).standing(*pairs, score, groups, *ranked, standing)
    standing[~(telling[pairs[0]] & telling[pairs[1]])] = np.nan
    return standing


def _days_around(table: NDArray[np.float32], days: NDArray[np.int32], pairs: Pairs) -> NDArray[np.float32]:
    """Return the days between two dates, one that is missing taken from the article's likest candidates."""
    around = table[:, COLUMN["days"]].copy()
    subject = np.ascontiguousarray(table[:, COLUMN["subject"]])
    others = np.empty((len(days), AROUND + 1), np.int32)
    likeness = np.empty(others.shape, np.float32)
    nearness = np.exp(-np.arange(FAR_AROUND) / AROUND_DAYS).astype(np.float32)
    kernels = kernels_for(64 * len(around))
    kernels.dated_company(*pairs, subject, days, np.float32(LEAST_AROUND), others, likeness)
    kernels.days_around(others, likeness**2, days, nearness, FEWEST_AROUND, *pairs, around)
    return around
