"""Articles as columns, in an order of their own: what the stages work on.

In: articles in any order, with or without ids. Out: a ``Corpus`` sorted by id, so that nothing downstream can depend
on the order of the input. It knows no file format and measures nothing.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from itertools import count, islice, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.addresses import host_of
from dedup.arrow_texts import ArrowTexts
from dedup.article import Article
from dedup.days import Days
from dedup.errors import InputError
from dedup.packing import UTF8_MOST, Texts, as_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    AnyTexts = Sequence[str | bytes | memoryview]


AT_A_TIME = 256
"""Articles taken apart together."""

MOST_CHARS = (1 << 31) // UTF8_MOST - 1
"""Characters a text may have: places in its bytes are counted in 31 bits."""


@dataclass(slots=True)
class Corpus:
    """Columns of equal length, one row an article, sorted by ``ids``.

    ``sources`` are as they came; ``outlets`` are the same, or where none is named the hosts of the addresses.
    ``input_order`` : int64[n_articles], the row each input article became. ``renamed`` counts articles that got
    another id.
    """

    ids: list[str]
    titles: list[str]
    texts: Texts
    sources: list[str]
    outlets: list[str]
    dates: list[str]
    languages: list[str]
    urls: list[str]
    wheres: list[str]
    days: Days
    input_order: NDArray[np.int64]
    renamed: int = 0
    notes: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.ids)


def as_article(item: Article | str | Mapping[str, Any], number: int) -> Article:
    """Return an article from what a caller gave: an Article, its text, or a mapping with the fields of one.

    Raises InputError naming the place in the caller's list where there is no text to work with.
    """
    where = _place(number)
    if isinstance(item, Article):
        for name, value in zip(Article._fields, item, strict=True):
            if not isinstance(value, str):
                raise InputError(where, f"an Article whose {name} is a {type(value).__name__}; wanted a str")
        return item
    if isinstance(item, str):
        return Article(text=item, where=where)
    if not hasattr(item, "items"):
        raise InputError(where, f"a {type(item).__name__}; wanted a str, a mapping with 'text', or a dedup.Article")
    text = item.get("text")
    if not isinstance(text, str):
        raise InputError(where, f"no 'text' of type str (found: {', '.join(map(str, item)) or 'nothing'})")
    field_of = item.get
    return Article(
        text,
        _as_text(field_of("id")),
        _as_text(field_of("title")),
        _as_text(field_of("source")),
        _as_text(field_of("date")),
        _as_text(field_of("language")),
        _as_text(field_of("url")),
        where,
    )


def _as_text(value: Any) -> str:
    """Return a field's value as text; None is unknown."""
    if isinstance(value, str):
        return value
    return "" if value is None else str(value)


def corpus_of(items: Iterable[Article | str | Mapping[str, Any]]) -> Corpus:
    """Gather what a caller gave into a corpus: what ``build_corpus`` makes of the items ``as_article`` takes, sooner."""
    columns = _Columns.empty()
    items, number = iter(items), 0
    while some := list(islice(items, AT_A_TIME)):
        columns.extend(_plain_columns(some, number) or zip(*map(as_article, some, count(number)), strict=True))
        number += len(some)
    return _arranged(columns, columns.text)


def _plain_columns(items: list[Any], number: int) -> list[list[str]] | None:
    """Return the columns of items that are all dicts with a text, the first of them the caller's ``number``th."""
    if set(map(type, items)) != {dict}:
        return None
    texts = [item.get("text") for item in items]
    if set(map(type, texts)) != {str}:
        return None
    named = set().union(*items)
    others = [_field(items, name) if name in named else [""] * len(items) for name in Article._fields[1:-1]]
    return [texts, *others, [_place(k) for k in range(number, number + len(items))]]


def _field(items: list[Any], name: str) -> list[str]:
    """Return one field of all items, as text."""
    values: list[Any] = list(map(dict.get, items, repeat(name)))
    return values if set(map(type, values)) == {str} else list(map(_as_text, values))


def _place(number: int) -> str:
    """Say where in the caller's list an item stands."""
    return f"articles[{number}]"


def build_corpus(articles: Iterable[Article], texts: ArrowTexts | list[bytes] | None = None) -> Corpus:
    """Gather articles into a corpus.

    ``texts`` are those of the articles, in their order, where something else holds them; the articles' own are not
    looked at then.

    An article without an id gets one from its content (``c-`` and 12 hex digits). Where several articles carry one
    id, the one whose content hash is smallest keeps it and the others become ``id~2``, ``id~3``, ... in that order:
    the rule does not see the order of the input.
    """
    columns = _Columns.empty()
    articles = iter(articles)
    while some := list(islice(articles, AT_A_TIME)):  # all of them are never there as articles at once
        columns.extend(zip(*some, strict=True))
    return _arranged(columns, columns.text if texts is None else texts)


def _arranged(given: _Columns, held: AnyTexts) -> Corpus:
    """Return columns as a corpus, in the order of their ids; ``held`` : the texts."""
    for where, size in zip(given.where, map(len, held), strict=True):
        if size > MOST_CHARS:
            raise InputError(
                where, f"a text of {size:,} characters; wanted {MOST_CHARS:,} at most: cut it into articles"
            )
    ids, renamed = _unique_ids(given, held)
    order = sorted(range(len(ids)), key=ids.__getitem__)
    input_order = np.empty(len(ids), np.int64)
    input_order[order] = np.arange(len(ids))
    held = held.picked(order) if isinstance(held, ArrowTexts) else [held[i] for i in order]
    titles, sources, dates, languages, urls, wheres = (
        [column[i] for i in order] if any(column) else column  # nobody has it: there is nothing to arrange
        for column in (given.title, given.source, given.date, given.language, given.url, given.where)
    )
    return Corpus(
        ids=[ids[i] for i in order],
        titles=titles,
        texts=Texts(held),
        sources=sources,
        outlets=[source or (host_of(url) if url else "") for source, url in zip(sources, urls, strict=True)],
        dates=dates,
        languages=languages,
        urls=urls,
        wheres=wheres,
        days=Days(dates, urls, titles, held),
        input_order=input_order,
        renamed=renamed,
    )


class _Columns(NamedTuple):
    """The fields of ``Article``, each of all articles."""

    text: list[str]
    id: list[str]
    title: list[str]
    source: list[str]
    date: list[str]
    language: list[str]
    url: list[str]
    where: list[str]

    @classmethod
    def empty(cls) -> _Columns:
        """Return columns of no articles."""
        return cls(*([] for _ in cls._fields))

    def extend(self, columns: Iterable[Iterable[str]]) -> None:
        """Add the columns of more articles."""
        for column, values in zip(self, columns, strict=True):
            column.extend(values)

    def content_hash(self, i: int, text: str | bytes | memoryview) -> str:
        """Return the hex digest of an article's text, title, source, date and url; ``text`` stands for its own."""
        digest = hashlib.blake2b(digest_size=16)
        for part in (text, self.title[i], self.source[i], self.date[i], self.url[i]):
            digest.update(as_bytes(part) + b"\0")
        return digest.hexdigest()


def _unique_ids(given: _Columns, texts: AnyTexts) -> tuple[list[str], int]:
    """Return one id per row, no two alike, and how many had to change."""
    ids = list(given.id)
    for i in [i for i, name in enumerate(ids) if not name]:
        ids[i] = f"c-{given.content_hash(i, texts[i])[:12]}"
    taken = Counter(ids)
    if len(taken) == len(ids):
        return ids, 0
    groups: dict[str, list[int]] = {}
    for i, name in enumerate(ids):
        if taken[name] > 1:
            groups.setdefault(name, []).append(i)
    renamed = 0
    for name in sorted(groups):
        members = sorted(groups[name], key=lambda i: (given.content_hash(i, texts[i]), given.language[i]))
        suffix = 2
        for i in members[1:]:
            while f"{name}~{suffix}" in taken:
                suffix += 1
            ids[i] = f"{name}~{suffix}"
            taken[ids[i]] = 1
            renamed += 1
    return ids, renamed
