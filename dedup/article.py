"""The article: what every reader hands over and every stage is about."""

from __future__ import annotations

from typing import NamedTuple


class Article(NamedTuple):
    """One news article as it was read.

    ``text`` is the body; every other field may be empty, which means *unknown*. ``date`` is kept as it was given
    and understood later. ``where`` names the place the record came from (``feed.jsonl:17``) for messages.
    """

    text: str
    id: str = ""
    title: str = ""
    source: str = ""
    date: str = ""
    language: str = ""
    url: str = ""
    where: str = ""
