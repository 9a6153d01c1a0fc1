"""Texts to the days they name, and candidates to the day around which an article's likest ones stand."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import DAY_OF_MONTH, FIRST_MONTH, FIRST_WEEKDAY, MONTH_SIGN, MONTH_STARTS, OF
from dedup.kernels.text import hash_tokens

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


@compiled
def days_around(
    starts: Any, others: Any, days: Any, weights: Any, nearness: Any, most: int, fewest: int, left: Any, right: Any, out: Any
) -> None:  # fmt: skip
    """Fill ``out`` : int32[n_pairs, 2], the row in ``others`` of the entry whose day is that of left and right, or -1.

    Article i's entries, likest first, are ``starts[i]`` to ``starts[i + 1]``: ``others`` : int32, ``days`` : int32 and
    ``weights`` : float32 of each. Of the first ``most`` that are not the other article of the pair the day counts near
    which most weight stands, by ``nearness`` : float32, by days apart; fewer than ``fewest`` say nothing.
    """
    taken = np.empty(most, np.int64)
    for p in range(len(left)):
        for side in range(2):
            article = left[p] if side == 0 else right[p]
            other = right[p] if side == 0 else left[p]
            n = 0
            for e in range(starts[article], starts[article + 1]):
                if others[e] != other and n < most:
                    taken[n] = e
                    n += 1
            out[p, side] = -1
            heaviest = np.float32(-1)
            for j in range(n if n >= fewest else 0):
                total = np.float32(0)
                for k in range(n):
                    gap = abs(np.int64(days[taken[j]]) - np.int64(days[taken[k]]))
                    if gap < len(nearness):
                        total += weights[taken[k]] * nearness[gap]
                if total > heaviest:
                    heaviest = total
                    out[p, side] = taken[j]
