"""What a page states of its article: title, date, outlet, address, language.

In: the tree of a page. Out: ``PageFacts``; empty is unknown. Nothing is guessed: a date counts where the page says it
is that of publication, never one of the footer, the file or today.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from dedup.dates import day_number
from dedup.settings import NO_DATE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TITLES = (
    "og:title",
    "citation_title",
    "parsely-title",
    "sailthru.title",
    "dc.title",
    "dcterms.title",
    "twitter:title",
)
_DATES = (
    "article:published_time", "og:article:published_time", "og:published_time", "datepublished", "citation_publication_date",
    "citation_date", "parsely-pub-date", "sailthru.date", "dc.date.issued", "dcterms.issued", "dc.date", "dc.date.created",
    "dcterms.created", "dcterms.date", "article_date_original", "publication_date", "publish-date", "publish_date",
    "publishdate", "pubdate", "article.published", "published_at", "date",
)  # fmt: skip
_SITES = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "citation_journal_title")
_LANGUAGES = ("content-language", "og:locale", "dc.language", "language")
_ARTICLE_TYPES = re.compile(r"article|posting|report\b", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{4}\)(https?://[^\s<>]{1,2000}?)\s*-->")

_MAX_SCRIPT_CHARS = 1_000_000
_MAX_SCRIPTS = 50
_MAX_NODES = 10_000
_HEAD_TAGS = 200
"""The head of an article: so many tags from its beginning, or up to its first paragraph."""

_PARAGRAPH_CHARS = 120
_NOT_HEAD = frozenset(("aside", "nav", "footer", "form", "figure"))


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What a page states; ``text`` is the article where it is stated beside the page, in its JSON-LD."""

    title: str
    date: str
    site: str
    url: str
    language: str
    text: str


def gather_facts(tree: Any, url: str) -> PageFacts:
    """Return what a page states; ``url`` is where it came from, if that is known, and makes relative addresses whole."""
    meta = _meta(tree)
    node = _article_node(tree)
    return PageFacts(
        title=_first((*_of(meta, _TITLES[:1]), _said(node, "headline"), *_of(meta, _TITLES[1:]), *_headings(tree))),
        date=next(_dates(tree, meta, node), ""),
        site=_first((*_of(meta, _SITES), _name(node.get("publisher")))),
        url=next(_addresses(tree, meta, node, url), ""),
        language=next(_languages(tree, meta, node), ""),
        text=_said(node, "articleBody"),
    )


def saved_from(text: str) -> str:
    """Return the address a browser noted in a page when it saved it."""
    match = _SAVED_FROM.search(text, 0, 4096)
    return match[1] if match else ""


def _meta(tree: Any) -> dict[str, str]:
    """Return what the page's ``meta`` tags say, by name; the first of a name counts."""
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        value = " ".join((element.get("content") or "").split())
        if value:
            for key in ("property", "name", "itemprop", "http-equiv"):
                found.setdefault((element.get(key) or "").lower(), value)
    return found


def _of(meta: dict[str, str], names: Iterable[str]) -> Iterator[str]:
    return (meta[name] for name in names if name in meta)


def _article_node(tree: Any) -> dict[str, Any]:
    """Return the first article that the page's JSON-LD describes, or nothing."""
    for script in list(tree.iter("script"))[:_MAX_SCRIPTS]:
        text = script.text or ""
        if "ld+json" not in (script.get("type") or "").lower() or len(text) > _MAX_SCRIPT_CHARS:
            continue
        try:
            nodes = _nodes(json.loads(text.strip().removesuffix(";"), strict=False))
            found = next((node for node in nodes if _ARTICLE_TYPES.search(str(node.get("@type", ""))[:200])), None)
        except (ValueError, RecursionError):
            continue
        if found is not None:
            return found
    return {}


def _nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Yield the objects of JSON-LD from the top: those in lists, in a graph, and what a page is about."""
    waiting = [value]
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting.extend(value[:_MAX_NODES])
        elif isinstance(value, dict):
            yield value
            waiting.extend(value[key] for key in ("@graph", "mainEntity", "mainEntityOfPage") if key in value)


def _said(node: dict[str, Any], key: str) -> str:
    value = node.get(key)
    return value.strip() if isinstance(value, str) else ""


def _name(value: Any) -> str:
    """Return the name of a publisher, given as such or as an object or a list of them."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return value.strip() if isinstance(value, str) else ""


def _headings(tree: Any) -> Iterator[str]:
    """Yield the title as the page shows it: its one heading of the first order, else the name of its window."""
    headings = [text for element in tree.iter("h1") if (text := _text(element))]
    window = next((text for element in tree.iter("title") if (text := _text(element))), "")
    if len(headings) != 1:
        yield from (text for text in headings if window.startswith(text))
        yield window
    yield from headings


def _text(element: Any) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _first(candidates: Iterable[str]) -> str:
    return next((clean for text in candidates if (clean := " ".join(text.split()))), "")


def _dates(tree: Any, meta: dict[str, str], node: dict[str, Any]) -> Iterator[str]:
    """Yield the dates of publication the page states, the surest first."""
    for value in (_said(node, "datePublished"), *_of(meta, _DATES), *_times(tree)):
        if day_number(value) != NO_DATE:
            yield value


def _times(tree: Any) -> Iterator[str]:
    """Yield the times marked as publication, then those in the head of the article."""
    marked = [element for element in tree.iter("time", "span", "abbr") if "datepublished" in _marks(element)]
    for element in (*marked, *_head(tree)):
        if element.tag == "time" or element in marked:
            yield element.get("datetime") or element.get("content") or element.get("title") or _text(element)[:80]


def _marks(element: Any) -> str:
    return f"{element.get('itemprop') or ''} {'datepublished' if element.get('pubdate') is not None else ''}".lower()


def _head(tree: Any) -> Iterator[Any]:
    """Yield the elements of the article's head: from its start or its heading up to its first paragraph."""
    start = next(tree.iter("article"), None)
    if start is None:
        start = next(tree.iter("h1"), None)
    if start is None:
        return
    below: Any = None
    n_seen = 0
    for element in _onwards(start):
        if below is not None and element in below:
            continue
        n_seen += 1
        if n_seen > _HEAD_TAGS or (element.tag == "p" and len(_text(element)) > _PARAGRAPH_CHARS):
            return
        if element.tag in _NOT_HEAD:
            below = set(element.iter())
        elif (
            "updat" not in (element.get("class") or "").lower()
            and "modif" not in (element.get("itemprop") or "").lower()
        ):
            yield element


def _onwards(start: Any) -> Iterator[Any]:
    """Yield an element, what is in it, and all that follows it in the page."""
    yield from start.iter()
    while start is not None:
        for sibling in start.itersiblings():
            yield from sibling.iter()
        start = start.getparent()


def _addresses(tree: Any, meta: dict[str, str], node: dict[str, Any], url: str) -> Iterator[str]:
    """Yield the page's own addresses, whole ones only."""
    canonical = (link.get("href") for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical")
    main = node.get("mainEntityOfPage")
    stated = (
        *canonical,
        meta.get("og:url"),
        _said(node, "url"),
        main.get("@id") if isinstance(main, dict) else main,
        url,
    )
    for address in stated:
        if isinstance(address, str) and (whole := _whole(address.strip(), url)):
            yield whole


def _whole(address: str, base: str) -> str:
    try:
        whole = urljoin(base, address) if address else ""
        parts = urlsplit(whole)
        known = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return whole if known and whole.isprintable() else ""


def _languages(tree: Any, meta: dict[str, str], node: dict[str, Any]) -> Iterator[str]:
    root = tree.get("lang") or tree.get("xml:lang") or ""
    for value in (root, *_of(meta, _LANGUAGES), _said(node, "inLanguage")):
        if match := _LANGUAGE.fullmatch(value.strip()):
            yield match[0].replace("_", "-")
