"""The kernels of days in plain Python; see ``plain``."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.elements import DAY_OF_MONTH, FIRST_MONTH, FIRST_WEEKDAY, MONTH_SIGN, MONTH_STARTS, OF
from dedup.kernels.plain_texts import tokenize


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


def days_around(
    starts: Any, others: Any, days: Any, weights: Any, nearness: Any, most: int, fewest: int, left: Any, right: Any, out: Any
) -> None:  # fmt: skip
    """See ``days.days_around``."""
    out[:] = -1
    for p, ends in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        for side in range(2):
            first, last = starts[ends[side]], starts[ends[side] + 1]
            taken = [e for e in range(first, last) if others[e] != ends[1 - side]][:most]
            sums = []
            for j in taken if len(taken) >= fewest else ():
                total = np.float32(0)
                for k in taken:
                    gap = abs(int(days[j]) - int(days[k]))
                    if gap < len(nearness):
                        total += weights[k] * nearness[gap]
                sums.append(total)
            if sums:
                out[p, side] = taken[sums.index(max(sums))]
