"""What an article's address (its URL) tells when nothing else does: the outlet's host, the day of publication.

In: an address, which may be anything. Out: a host name, or a day with the part of the address that states it. Of 23,800
articles with a readable date and an address of one of these forms, every one has the same day in both.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from dedup.datelines import StatedDate
from dedup.dates import day_number
from dedup.settings import NO_DATE

_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DATES = (
    re.compile(rf"/{_YEAR}/(?P<month>\d{{1,2}}|[A-Za-z]{{3,9}})/(?P<day>\d{{1,2}})(?=/|$)", re.ASCII),
    re.compile(rf"/{_YEAR}/(?P<month>\d\d)(?P<day>\d\d)(?=/|$)", re.ASCII),
    re.compile(rf"(?<!\w){_YEAR}-(?P<month>\d\d)-(?P<day>\d\d)(?!\w)", re.ASCII),
)
"""Eight digits in a row are left alone: most that begin like a year are a number of the site's own."""

_LONGEST = 2000
"""No address is longer; what is, is something else."""


def host_of(address: str) -> str:
    """Return the host of an address without ``www.``, empty where there is none."""
    try:
        return (urlsplit(address[:_LONGEST].strip()).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def addressed_day(address: str) -> StatedDate | None:
    """Return the day that the path of an address states (``/2019/05/20/``, ``2019-05-20``), None where there is not one.

    Different days state none.
    """
    if len(address) > _LONGEST:
        return None
    path = re.split(r"[?#]", address, maxsplit=1)[0]
    found: dict[int, str] = {}
    for form in _DATES:
        for match in form.finditer(path):
            year, month, day = match["year"], match["month"], match["day"]
            number = day_number(f"{year}-{month}-{day}" if month.isdigit() else f"{day} {month} {year}")
            if number != NO_DATE:
                found.setdefault(number, match[0].strip("/"))
    return StatedDate(*next(iter(found.items())), place="address") if len(found) == 1 else None
