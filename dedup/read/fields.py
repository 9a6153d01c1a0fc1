"""Records with named fields as articles: which field is which, and what it may hold.

In: one mapping a record, from JSON or a table. Out: an ``Article``, or a ``FieldError`` that says what is wrong. The
fields are found by name alone, so every record of one shape is read alike.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dedup.article import Article
from dedup.read.naming import list_names, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dedup.read.options import ReadOptions

# Usual names, the likeliest first; compared without case, "_", "-", "." and blanks.
_TEXT = "text body content article articlebody articletext maintext fulltext bodytext plaintext cleantext story"
_ID = "id uid guid uuid articleid docid documentid newsid"
_TITLE = "title headline articletitle heading name"
_SOURCE = "source outlet publisher site sitename sourcename sourcedomain domain newspaper publication media provider"
_DATE = (
    "date published publishdate publicationdate datepublish datepublished publishedat publisheddate publishedon"
    " pubdate timestamp datetime time createdat created"
)
_LANGUAGE = "lang language langcode languagecode"
_URL = "url link canonicalurl articleurl sourceurl weburl permalink uri href"

_INNER_NAMES = ("name", "$oid", "$date")
"""What stands for an object where a plain value is wanted: a publisher's name, MongoDB's ids and dates."""

_JSON_NAMES = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}


class FieldError(Exception):
    """A record that makes no article, and why."""


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """The name of each field in records of one shape; None where there is none."""

    text: str
    id: str | None
    title: str | None
    source: str | None
    date: str | None
    language: str | None
    url: str | None
    missing: tuple[str, ...] = ()
    """Fields asked for by name that these records do not have."""

    @property
    def used(self) -> tuple[str | None, ...]:
        """The names an article is made from."""
        return self.text, self.id, self.title, self.source, self.date, self.language, self.url


def plan_fields(names: Iterable[str], options: ReadOptions) -> FieldPlan:
    """Find the fields of an article among the names of a record; ``FieldError`` if there is no text."""
    found = list(names)
    folded: dict[str, str] = {}
    for name in sorted(found, reverse=True):
        folded[name.lower().translate(_FOLD)] = name
    known = frozenset(found)

    def pick(asked: str | None, usual: str) -> str | None:
        if asked is not None:
            return asked if asked in known else None
        exact = next((name for name in usual.split() if name in known), None)
        return exact or next((folded[name] for name in usual.split() if name in folded), None)

    text = pick(options.text_field, _TEXT)
    if text is None:
        wanted = options.text_field or "text"
        way_out = "give --text-field one of them" if options.text_field else "name it with --text-field"
        reason = f"no field '{one_line(wanted)}' (found: {list_names(found)}); {way_out}"
        raise FieldError(reason)
    asked = [options.id_field, options.title_field, options.source_field]
    asked += [options.date_field, options.lang_field, options.url_field]
    return FieldPlan(
        text=text,
        id=pick(options.id_field, _ID),
        title=pick(options.title_field, _TITLE),
        source=pick(options.source_field, _SOURCE),
        date=pick(options.date_field, _DATE),
        language=pick(options.lang_field, _LANGUAGE),
        url=pick(options.url_field, _URL),
        missing=tuple(name for name in asked if name is not None and name not in known),
    )


_FOLD = {ord(mark): None for mark in "_-. "}


def build_article(record: Mapping[str, Any], plan: FieldPlan, where: str) -> Article:
    """Return the article a record holds; ``FieldError`` names the field that cannot be used."""
    text = record[plan.text]
    if type(text) is not str or not text or text.isspace():
        raise FieldError(_no_text(plan.text, text))
    return Article(
        text,
        _plain(record, plan.id),
        _plain(record, plan.title),
        _plain(record, plan.source),
        _plain(record, plan.date),
        _plain(record, plan.language),
        _plain(record, plan.url),
        where,
    )


def _no_text(name: str, value: object) -> str:
    shown = one_line(name)
    if value is None:
        return f"field '{shown}' is null; it must hold the text"
    if isinstance(value, str):
        return f"field '{shown}' is empty; it must hold the text"
    return f"field '{shown}' is {_JSON_NAMES.get(type(value), 'no text')}, not text; name another with --text-field"


def _plain(record: Mapping[str, Any], name: str | None) -> str:
    """Return a field as a string, empty where there is none."""
    if name is None:
        return ""
    value = record[name]
    if type(value) is str:
        value = value.strip()
        # Lone surrogates cannot be written out again; a name or date has no need of them.
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if type(value) is dict:
        inner = next((key for key in _INNER_NAMES if key in value), None)
        if inner is not None and type(value[inner]) is not dict:
            return _plain(value, inner)
    if value is None:
        return ""
    if type(value) is int:
        return _digits(value, name)
    if type(value) is float and math.isfinite(value):
        return str(int(value)) if value.is_integer() else str(value)
    reason = f"field '{one_line(name)}' is {_JSON_NAMES.get(type(value), 'no text')}; wanted text, a number or null"
    raise FieldError(reason)


def _digits(value: int, name: str) -> str:
    try:
        return str(value)
    except ValueError:  # Python's limit on digits
        reason = f"field '{one_line(name)}' is a number of too many digits; wanted an id, a name or a date"
        raise FieldError(reason) from None
