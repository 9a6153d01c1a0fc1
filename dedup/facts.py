"""The facts a text tells, as far as spelling shows them: names, numbers with what they count, and dates.

In: the words of a text. Out: its mentions in order. It compares nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.briefs import Fact
from dedup.datelines import month_of
from dedup.kernels.elements import NAME, NUMBER, PLAIN
from dedup.settings import LONG_WORD_BYTES
from dedup.words import ends_of_names

if TYPE_CHECKING:
    from dedup.words import Words

LONGEST_NAME = 6
"""Words of a name; a longer run of capitals is a headline."""

DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?")
YEAR = re.compile(r"(?:19|20)\d\d")
CURRENCY = "$€£¥₹"
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday".split())
"""Capitals make them look like names in English, which they are not."""


class Mention(NamedTuple):
    """A fact in its place: ``keys`` are what it is compared by, ``first`` and ``last`` its words, ``start`` its character."""

    fact: Fact
    keys: tuple[str, ...]
    first: int
    last: int
    start: int


class _Read(NamedTuple):
    """The columns of ``Words`` as lists, with where names end, which Python walks faster than arrays."""

    text: str
    starts: list[int]
    ends: list[int]
    looks: list[int]
    ends_of_names: list[int]

    def word(self, first: int, last: int) -> str:
        """Return the text from one word to another."""
        return self.text[self.starts[first] : self.ends[last]]

    def between(self, k: int) -> str:
        """Return what stands between word ``k`` and the next, nothing behind the last."""
        return self.text[self.ends[k] : self.starts[k + 1]] if k + 1 < len(self.looks) else ""


def mentions_of(words: Words) -> list[Mention]:
    """Return the names, numbers and dates of a text in its order.

    A name is compared by its words, a number by its digits, a date by month and day. Years, and single digits that count
    nothing, tell too little and are left out.
    """
    columns = words.starts.tolist(), words.ends.tolist(), words.looks.tolist()
    read = _Read(words.text, *columns, ends_of_names(words))
    found: list[Mention] = []
    done = -1
    for k in np.flatnonzero((words.looks == NAME) | (words.looks == NUMBER)).tolist():
        if k <= done:
            continue
        mention = _name(read, k) if read.looks[k] == NAME else _date(read, k) or _number(read, k)
        if mention is not None:
            found.append(mention)
            done = mention.last
    return found


def _name(read: _Read, k: int) -> Mention | None:
    last = read.ends_of_names[k]
    text = read.word(k, last)
    parts = tuple(text.casefold().split(" "))
    title = last == k and not text.isupper() and len(text) <= (3 if read.text.startswith(".", read.ends[k]) else 2)
    if title or last - k >= LONGEST_NAME or all(part in WEEKDAYS or month_of(part) for part in parts):
        return None
    return Mention(Fact("name", text), parts, k, last, read.starts[k])


def _date(read: _Read, k: int) -> Mention | None:
    """Return the day of a month that word ``k`` is part of, if it is."""
    day = DAY.fullmatch(read.word(k, k))
    if not day or not 1 <= int(day[1]) <= 31:
        return None
    for first in (k - 1, k):
        if first < 0 or read.between(first) not in (" ", ". "):
            continue
        other = read.word(first, first) if first < k else read.word(k + 1, k + 1)
        if (month := None if other.isdecimal() else month_of(other)) is not None:
            text = read.word(first, first + 1)
            return Mention(Fact("date", text), (f"{month}/{int(day[1])}",), first, first + 1, read.starts[first])
    return None


def _number(read: _Read, k: int) -> Mention | None:
    last = k
    while read.between(last) in (",", ".") and read.looks[last + 1] == NUMBER:
        last += 1
    start, end = read.starts[k], read.ends[last]
    digits = read.text[start:end]
    before, behind = read.text[max(0, start - 1) : start], read.text[end : end + 1]
    if YEAR.fullmatch(digits) or before == "-":
        return None
    counted = f"{before if before and before in CURRENCY else ''}{digits}{'%' if behind == '%' else ''}"
    if read.between(last) in (" ", "-") and read.looks[last + 1] == PLAIN:
        unit = read.word(last + 1, last + 1)
        if len(unit.encode("utf-8", "replace")) >= LONG_WORD_BYTES:
            counted += read.between(last) + unit
    if counted == digits and len(digits) == 1:
        return None
    return Mention(Fact("number", counted), (digits.replace(",", ""),), k, last, start)
