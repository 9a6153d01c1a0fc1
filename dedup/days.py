"""The day each article is of: that of its date field, or else the one its address or its text states.

Looking through texts takes longer than all else that is done to gather a corpus, so an article's is looked at when
somebody first asks for its day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.addresses import addressed_day
from dedup.datelines import STATED_CHARS, StatedDate, may_state_dates, stated_date
from dedup.dates import day_number
from dedup.packing import UTF8_MOST
from dedup.settings import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dedup.packing import AnyText


class Days:
    """The days of articles whose ``dates, urls, titles, texts`` are columns of equal length."""

    def __init__(
        self, dates: Sequence[str], urls: Sequence[str], titles: Sequence[str], texts: Sequence[AnyText]
    ) -> None:
        day_of = {date: day_number(date) for date in set(dates)}
        self._days = np.array([day_of[date] for date in dates], np.int32)
        self._unread = self._days == NO_DATE
        self._urls, self._titles, self._texts = urls, titles, texts
        self._stated: dict[int, StatedDate] = {}

    def __getitem__(self, row: int) -> int:
        """Return the day of one article."""
        if self._unread[row]:
            self._read([row])
        return int(self._days[row])

    def of(self, rows: NDArray[Any]) -> NDArray[np.int32]:
        """Return the days of some articles, since 1970-01-01 or ``settings.NO_DATE``: int32, as ``rows``."""
        self._read(np.unique(rows[self._unread[rows]]).tolist())
        found: NDArray[np.int32] = self._days[rows]
        return found

    def all(self) -> NDArray[np.int32]:
        """Return the days of all articles: int32[n_articles]."""
        self._read(np.flatnonzero(self._unread).tolist())
        return self._days

    def stated(self, row: int) -> StatedDate | None:
        """Return the day an article states where its date field tells none."""
        return self._stated.get(row) if self[row] != NO_DATE else None

    def _read(self, rows: list[int]) -> None:
        """Look for the days some articles state: in the address or else in the text."""
        found = {row: day for row in rows if (url := self._urls[row]) and (day := addressed_day(url))}
        left = [row for row in rows if row not in found]
        for k in may_state_dates(_head(self._texts[row]) for row in left):
            if day := stated_date(_head(self._texts[left[k]]), self._titles[left[k]]):
                found[left[k]] = day
        for row, stated in found.items():
            self._days[row] = stated.day
        self._stated |= found
        self._unread[rows] = False


def _head(text: AnyText) -> str:
    """Return as much of a text as may state a date."""
    if isinstance(text, str):
        return text[:STATED_CHARS]
    end = min(len(text), UTF8_MOST * STATED_CHARS)
    while 0 < end < len(text) and text[end] & 0xC0 == 0x80:  # not into a character
        end -= 1
    return str(text[:end], "utf-8", "surrogatepass")[:STATED_CHARS]
