"""Heads of texts to those that may state their own date: a year with a digit near, early in its line."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import DAY_REACH, FIRST_DIGIT_BEYOND, LINE_BREAKS, LINE_REACH, PUNCTUATION, YEAR_SIGNS

_YEAR_SIGNS, _LINE_BREAKS = np.array(YEAR_SIGNS, np.uint32), np.array(LINE_BREAKS, np.uint32)
_FIRST_PUNCTUATION, _LAST_PUNCTUATION = np.uint32(PUNCTUATION[0]), np.uint32(PUNCTUATION[-1])
_ONE = np.uint32(0x31)
_1, _4, _8 = (np.uint64(x) for x in (1, 4, 8))
_DAY_REACH, _LINE_REACH = np.uint64(DAY_REACH), np.uint64(LINE_REACH)


@compiled(inline="always")
def _may_be_digit(point: Any) -> Any:
    if point < FIRST_DIGIT_BEYOND:
        return 0x30 <= point <= 0x39
    return point < _FIRST_PUNCTUATION or point > _LAST_PUNCTUATION


@compiled
def _breaks_line(points: Any, first: Any, last: Any) -> Any:
    """Say whether a line may begin between two places: at a break, or behind blanks that push it in."""
    if (points[first] <= 0x20 or points[first] >= 0x80) and (points[first + _1] <= 0x20 or points[first + _1] >= 0x80):
        return True
    for at in range(first, last):
        for mark in _LINE_BREAKS:
            if points[at] == mark:
                return True
    return False


@compiled
def head_batch(points: Any, offsets: Any, may: Any) -> None:
    """Fill ``may`` : bool[n], which heads have a year that may belong to a full date in the beginning of a line.

    ``points`` : uint32, the code points of the heads, head i's being ``offsets[i]`` to ``offsets[i + 1]``. A year is
    four digits that begin with 1 or 2 and no fifth; any character that may be a digit of another script counts as one.
    A day stands at most ``DAY_REACH`` characters before it or in the four behind it.
    """
    for i in range(len(offsets) - 1):
        start, stop = np.uint64(offsets[i]), np.uint64(offsets[i + 1])
        may[i] = False
        for at in range(start, max(start + np.uint64(3), stop) - np.uint64(3)):
            point = points[at]
            if np.uint32(point - _ONE) > 1 and (point < FIRST_DIGIT_BEYOND or not (point == _YEAR_SIGNS).any()):
                continue
            if not (_may_be_digit(points[at + _1]) and _may_be_digit(points[at + np.uint64(2)])):
                continue
            if not _may_be_digit(points[at + np.uint64(3)]):
                continue
            after = at + _4
            if after < stop and 0x30 <= points[after] <= 0x39:
                continue
            dated = False
            for place in range(at - min(at - start, _DAY_REACH), at):
                dated |= _may_be_digit(points[place])
            for place in range(after, min(stop, at + _8)):
                dated |= _may_be_digit(points[place])
            if dated and (at - start < _LINE_REACH or _breaks_line(points, at - _LINE_REACH, at)):
                may[i] = True
                break
