"""The kernels of days in plain Python; see ``plain``."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.elements import DAY_OF_MONTH, FIRST_MONTH, FIRST_WEEKDAY, MONTH_SIGN, MONTH_STARTS, OF
from dedup.kernels.plain_texts import tokenize
from dedup.settings import NO_DATE


def day_batch(buf: Any, offsets: Any, most_bytes: int, fold: Any, known: Any, codes: Any, named: Any) -> None:  # noqa: ARG001 (the plain tokeniser reads the table itself)
    """See ``days.day_batch``."""
    code_of = dict(zip(known.tolist(), codes.tolist(), strict=True)) | {0: 0}
    for i, (start, end) in enumerate(zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)):
        words = tokenize(buf[start : min(end, start + most_bytes)].tobytes())[0]
        said = [0, 0, *(code_of.get(word, 0) for word in words), 0, 0]
        weekdays = [code - FIRST_WEEKDAY for code in said if FIRST_WEEKDAY <= code < FIRST_MONTH]
        days = [day for k in range(2, len(said) - 2) if (day := _day_at(said, k)) >= 0]
        row = [weekdays[0] if weekdays else -1, *dict.fromkeys(days)]
        named[i] = (row + [-1] * named.shape[1])[: named.shape[1]]


def _day_at(said: list[int], k: int) -> int:
    """Return the day of a leap year named around a month at place ``k``, or -1."""
    if not FIRST_MONTH <= said[k] <= MONTH_SIGN:
        return -1
    month, day = said[k] - FIRST_MONTH, said[k + 1]
    if said[k] == MONTH_SIGN:
        month = said[k - 1] - DAY_OF_MONTH - 1
    elif said[k - 1] > DAY_OF_MONTH:
        day = said[k - 1]
    elif said[k - 1] == OF and said[k - 2] > DAY_OF_MONTH:
        day = said[k - 2]
    day -= DAY_OF_MONTH
    if not 0 <= month < 12 or not 1 <= day <= MONTH_STARTS[month + 1] - MONTH_STARTS[month]:
        return -1
    return MONTH_STARTS[month] + day - 1


def dated_company(left: Any, right: Any, subject: Any, days: Any, least: Any, others: Any, likeness: Any) -> None:
    """See ``days.dated_company``."""
    others[:], likeness[:] = -1, 0
    found: dict[int, list[tuple[float, int]]] = {}
    for a, b, x in zip(left.tolist(), right.tolist(), subject.tolist(), strict=True):
        if (days[a] == NO_DATE) != (days[b] == NO_DATE) and x >= least:
            whose, other = (a, b) if days[a] == NO_DATE else (b, a)
            found.setdefault(whose, []).append((-x, other))
    for whose, company in found.items():
        for k, (x, other) in enumerate(sorted(company)[: others.shape[1]]):
            others[whose, k], likeness[whose, k] = other, -x


def days_around(
    others: Any, weights: Any, days: Any, nearness: Any, fewest: int, left: Any, right: Any, around: Any
) -> None:
    """See ``days.days_around``."""

    def day_of(i: int, other: int) -> int:
        if days[i] != NO_DATE:
            return int(days[i])
        taken = [k for k, x in enumerate(others[i].tolist()) if x not in (-1, other)][: others.shape[1] - 1]
        sums = []
        for j in taken if len(taken) >= fewest else ():
            total = np.float32(0)
            for k in taken:
                gap = abs(int(days[others[i, j]]) - int(days[others[i, k]]))
                if gap < len(nearness):
                    total += weights[i, k] * nearness[gap]
            sums.append(total)
        return int(days[others[i, taken[sums.index(max(sums))]]]) if sums else NO_DATE

    for p, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        if NO_DATE in (days[a], days[b]):
            one, other = day_of(a, b), day_of(b, a)
            if NO_DATE not in (one, other):
                around[p] = abs(one - other)
