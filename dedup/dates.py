"""Date fields as day numbers.

In: the text of a date *field*, as feeds, tables and archives write it. Out: whole days since 1970-01-01. It does not
look for dates in running text and guesses nothing: a date that can be read two ways is not known.
"""

from __future__ import annotations

import re
from datetime import date

from dedup.settings import NO_DATE

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST_YEAR, _LAST_YEAR = 1600, 2100
"""The first newspapers are of 1605; years outside are placeholders (0001, 9999) or slips."""

_LONGEST_FIELD = 80
"""No date field is longer; what is, is prose."""

_SECONDS_A_DAY = 86_400
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_DAY = r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(\d{4})(?!\d)"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:\s+(?:[a-z]{1,5}|[+-]\d{4}))?"

_YEAR_FIRST = re.compile(r"\s*(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)", re.ASCII)
_YEAR_FIRST_HAN = re.compile(r"\s*(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日", re.ASCII)
_YEAR_LAST = re.compile(r"\s*(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_DIGITS = re.compile(r"\s*(\d+)(?:\.\d*)?\s*", re.ASCII)
_BASIC = re.compile(r"\s*(\d{4})(\d{2})(\d{2})(?:T?\d{6}(?!\d)|T\d{4}(?!\d)|(?!\w))", re.ASCII)
_DAY_MONTH_YEAR = re.compile(rf"{_DAY}[\s.,/-]*\b{_MONTH}[\s.,/-]+{_YEAR}", re.ASCII | re.IGNORECASE)
_MONTH_DAY_YEAR = re.compile(rf"\b{_MONTH}[\s.,/-]*{_DAY}\b[\s.,/-]+(?:{_CLOCK}\s+)?{_YEAR}", re.ASCII | re.IGNORECASE)


def day_number(text: str) -> int:
    """Return the days from 1970-01-01 to a date field, or ``settings.NO_DATE`` when it is empty or not understood.

    The day is the one written, whatever the time zone; Unix epochs (seconds or milliseconds) count in UTC.
    ``03/04/2019`` may be March or April and is not known; ``20/04/2019`` can only be April, and dots (``03.04.2019``)
    always stand behind the day.
    """
    if len(text) >= 10 and text[4] == "-" and text[7] == "-" and not text[10:11].isdigit():
        try:
            found = date.fromisoformat(text[:10])
        except ValueError:
            return NO_DATE
        return found.toordinal() - _EPOCH if _FIRST_YEAR <= found.year <= _LAST_YEAR else NO_DATE
    if not text or len(text) > _LONGEST_FIELD:
        return NO_DATE
    if text.lstrip()[:1].isdigit():
        known = _starting_with_digits(text)
        if known is not None:
            return known
    return _with_month_name(text)


def day_text(day: int) -> str:
    """Return a day number as YYYY-MM-DD."""
    return date.fromordinal(day + _EPOCH).isoformat()


def _starting_with_digits(text: str) -> int | None:
    """Return the day of an all-numeric date; None when another form may fit."""
    if match := _YEAR_FIRST.match(text):
        return _day(match[1], match[3], match[4])
    if match := _YEAR_FIRST_HAN.match(text):
        return _day(*match.groups())
    if match := _BASIC.match(text):
        return _day(*match.groups())
    if match := _YEAR_LAST.match(text):
        return _day_or_month_first(match[1], match[2], match[3], match[4])
    if match := _DIGITS.fullmatch(text):
        return _from_epoch(match[1])
    return None


def _day_or_month_first(first: str, mark: str, second: str, year: str) -> int:
    if mark == "." or int(first) > 12 or first == second:
        return _day(year, second, first)
    if int(second) > 12:
        return _day(year, first, second)
    return NO_DATE


def _with_month_name(text: str) -> int:
    if match := _DAY_MONTH_YEAR.search(text):
        return _day(match[3], match[2], match[1])
    if match := _MONTH_DAY_YEAR.search(text):
        return _day(match[3], match[1], match[2])
    return NO_DATE


def _from_epoch(digits: str) -> int:
    """Return the day of a Unix time: 9 or 10 digits are seconds (from 1973 on), 13 milliseconds (from 2001 on)."""
    if len(digits) in (9, 10):
        days = int(digits) // _SECONDS_A_DAY
    elif len(digits) == 13:  # 12 may as well be YYYYMMDDhhmm
        days = int(digits) // (_SECONDS_A_DAY * 1000)
    else:
        return NO_DATE
    return days if date.fromordinal(days + _EPOCH).year <= _LAST_YEAR else NO_DATE


def _day(year: str, month: str, day: str) -> int:
    """Return the day number of a date in parts, ``NO_DATE`` where there is no such day."""
    number = int(month) if month.isdigit() else _MONTHS[month[:3].lower()]
    try:
        found = date(int(year), number, int(day))
    except ValueError:
        return NO_DATE
    return found.toordinal() - _EPOCH if _FIRST_YEAR <= found.year <= _LAST_YEAR else NO_DATE
