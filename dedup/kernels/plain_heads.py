"""Heads of texts that may state their own date, in plain Python; see ``plain``."""

from __future__ import annotations

from typing import Any

from dedup.kernels.elements import DAY_REACH, FIRST_DIGIT_BEYOND, LINE_BREAKS, LINE_REACH, PUNCTUATION, YEAR_SIGNS


def head_batch(points: Any, offsets: Any, may: Any) -> None:
    """See ``heads.head_batch``."""
    for i in range(len(offsets) - 1):
        head = points[offsets[i] : offsets[i + 1]].tolist()
        may[i] = any(_may_date(head, at) for at, point in enumerate(head) if point in YEAR_SIGNS)


def _may_date(head: list[int], at: int) -> bool:
    year, before, after = head[at : at + 4], head[max(0, at - DAY_REACH) : at], head[at + 4 : at + 8]
    if len(year) < 4 or not all(map(_may_be_digit, year)) or (after and 0x30 <= after[0] <= 0x39):
        return False
    line = head[max(0, at - LINE_REACH) : at]
    early = at < LINE_REACH or all(point <= 0x20 or point >= 0x80 for point in line[:2])
    return any(map(_may_be_digit, before + after)) and (early or any(point in LINE_BREAKS for point in line))


def _may_be_digit(point: int) -> bool:
    return 0x30 <= point <= 0x39 or (point >= FIRST_DIGIT_BEYOND and point not in PUNCTUATION)
