"""Texts to the days they name, and candidates to the day around which an article's likest ones stand."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import DAY_OF_MONTH, FIRST_MONTH, FIRST_WEEKDAY, MONTH_SIGN, MONTH_STARTS, OF
from dedup.kernels.text import hash_tokens
from dedup.settings import NO_DATE

_STARTS = np.array(MONTH_STARTS, np.int64)
_1 = np.uint64(1)


@compiled
def day_batch(buf: Any, offsets: Any, most_bytes: int, fold: Any, known: Any, codes: Any, named: Any) -> None:
    """Fill ``named`` : int16[n_articles, 1 + most_days] with what the first ``most_bytes`` of each text name.

    First the weekday named first (0 is Monday), then the days of a month named first, each once, as days of a leap
    year; -1 where there are fewer. ``known, codes`` as ``dedup.daynames.day_names`` makes them.
    """
    hashes = np.empty(most_bytes // 2 + 2, np.uint64)
    places = np.empty(0, np.int64)
    last = np.uint64(len(known) - 1)
    said = np.zeros(len(hashes) + 4, np.int64)  # two words before the first and two behind the last say nothing
    for i in range(len(offsets) - 1):
        named[i, :] = -1
        n = hash_tokens(buf, offsets[i], min(offsets[i + 1], offsets[i] + most_bytes), fold, hashes, places, places)
        for k in range(n):
            slot = hashes[k] & last
            while known[slot] != 0 and known[slot] != hashes[k]:
                slot = (slot + _1) & last
            said[k + 2] = codes[slot]
        said[n + 2] = said[n + 3] = 0
        found = 1
        for k in range(2, n + 2):
            code = said[k]
            if FIRST_WEEKDAY <= code < FIRST_MONTH and named[i, 0] < 0:
                named[i, 0] = code - FIRST_WEEKDAY
            if code < FIRST_MONTH or code > MONTH_SIGN:
                continue
            month, day = code - FIRST_MONTH, np.int64(0)
            if code == MONTH_SIGN:
                month, day = said[k - 1] - DAY_OF_MONTH - 1, said[k + 1]
            elif said[k - 1] > DAY_OF_MONTH:
                day = said[k - 1]
            elif said[k - 1] == OF and said[k - 2] > DAY_OF_MONTH:
                day = said[k - 2]
            else:
                day = said[k + 1]
            day -= DAY_OF_MONTH
            if not 0 <= month < 12 or day < 1 or _STARTS[month] + day > _STARTS[month + 1]:
                continue
            place = _STARTS[month] + day - 1
            new = found < named.shape[1]
            for other in range(1, found):
                new = new and named[i, other] != place
            if new:
                named[i, found] = place
                found += 1


@compiled(inline="always")
def _place(others: Any, i: int, other: int) -> Any:
    """Return where an article stands in the company of another; the last place where it does not."""
    k = 0
    while k < others.shape[1] - 1 and others[i, k] != other:
        k += 1
    return k


@compiled
def dated_company(left: Any, right: Any, subject: Any, days: Any, least: Any, others: Any, likeness: Any) -> None:
    """Fill ``others`` : int32[n_articles, k] with the likest dated candidates of each article without a date.

    ``subject`` : float32[n_pairs], likeness of the distinct pairs ``left, right`` : int32[n_pairs]; below ``least`` it
    does not count. ``days`` : int32[n_articles]. Likest first, the smaller row where they are equally alike, -1 where
    there are fewer; ``likeness`` : float32[n_articles, k] is filled beside it, with 0 where there are fewer.
    """
    others[:] = -1
    likeness[:] = 0
    most = np.uint64(others.shape[1])
    for p in range(len(left)):
        x = subject[p]
        if (days[left[p]] == NO_DATE) == (days[right[p]] == NO_DATE) or not x >= least:
            continue
        whose, other = left[p], right[p]
        if days[whose] != NO_DATE:
            whose, other = other, whose
        row, k = np.uint64(whose), np.uint64(0)
        while k < most:
            if x > likeness[row, k] or others[row, k] < 0 or (x == likeness[row, k] and other < others[row, k]):
                x, likeness[row, k] = likeness[row, k], x
                other, others[row, k] = others[row, k], other
            k += _1


@compiled
def days_around(
    others: Any, weights: Any, days: Any, nearness: Any, fewest: int, left: Any, right: Any, around: Any
) -> None:
    """Fill ``around`` : float32[n_pairs] where just then a day is guessed: how many lie between left's and right's.

    ``others`` : int32[n_articles, most + 1] as ``dated_company`` fills it, ``weights`` : float32 of each. An article
    without a date has the day of one of its company, of the first ``most`` that are not the other article of the pair:
    the one near which most weight stands, by ``nearness`` : float32, by days apart. Fewer than ``fewest`` say nothing.
    """
    width = others.shape[1]
    guessed = np.empty((len(others), width), np.int32)  # the day of each article without the k-th of its company
    support = np.zeros((width, width), np.float32)
    for i in range(len(others)):
        guessed[i] = NO_DATE
        known = 0
        while known < width and others[i, known] >= 0:
            known += 1
        for k in range(known if known >= fewest else 0):
            for j in range(known):
                gap = abs(np.int64(days[others[i, j]]) - np.int64(days[others[i, k]]))
                support[k, j] = weights[i, k] * nearness[gap] if gap < len(nearness) else 0
        for without in range(width if known >= fewest else 0):
            if known - (without < known) < fewest:
                continue
            heaviest = np.float32(-1)
            for j in range(known):
                total = np.float32(0)
                for k in range(known):
                    if k != without:
                        total += support[k, j]
                if j != without and total > heaviest:
                    heaviest = total
                    guessed[i, without] = days[others[i, j]]
    for p in range(len(left)):
        a, b = left[p], right[p]
        if days[a] != NO_DATE and days[b] != NO_DATE:
            continue
        one, other = days[a], days[b]
        if one == NO_DATE:
            one = guessed[a, _place(others, a, b)]
        if other == NO_DATE:
            other = guessed[b, _place(others, b, a)]
        if one != NO_DATE and other != NO_DATE:
            around[p] = abs(np.int64(one) - np.int64(other))
