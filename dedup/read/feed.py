"""RSS and Atom files: an article an entry.

In: blocks of bytes. Out: articles, each bad entry told to the listener with its line. Nothing is fetched, and no entity
of the file's own is expanded.
"""

from __future__ import annotations

import html
import re
from html.entities import html5
from typing import TYPE_CHECKING, Any

from dedup.article import Article
from dedup.errors import InputError
from dedup.read.lines import too_long
from dedup.read.opening import Source, gather
from dedup.read.page import PageError, markup_text
from dedup.read.page_encoding import decode_page
from dedup.read.web import web_module

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.read.listener import Listener
    from dedup.read.options import ReadOptions

_ENTRIES = ("item", "entry")
_FEEDS = ("rss", "feed", "rdf", "channel")
_TEXTS = ("encoded", "content", "description", "summary")
_DATES = ("pubdate", "published", "date", "issued", "created", "updated", "modified")
_IDS = ("guid", "id")
_LINKS = ("origlink", "link")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_OF_XML = frozenset(("amp;", "lt;", "gt;", "quot;", "apos;"))
_TAG = re.compile(r"<[^<>]{0,1000}>")


def read_feed(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the entries of a feed."""
    content = gather(source.blocks, options.max_record_bytes)
    if content is None:
        raise InputError(source.where, too_long(options.max_record_bytes))
    root = _parse(decode_page(content, options.encoding, source.where, listener))
    if root is None or _name(root) not in _FEEDS:
        found = "no XML" if root is None else f"XML of the kind {_name(root)[:40]!r}"
        raise InputError(source.where, f"{found}; wanted a feed, RSS or Atom")
    channel = next((element for element in root.iter() if _name(element) in ("channel", "feed")), root)
    of_feed = _fields(channel)
    site, language = _plain(of_feed, ("title",)), _plain(of_feed, ("language",)) or _language(root)
    entries = (element for element in root.iter() if _name(element) in _ENTRIES)
    for number, entry in enumerate(entries, start=1):
        where = f"{source.where}:{entry.sourceline} (entry {number})"
        try:
            yield _article(_fields(entry), site, language, where)
        except PageError as error:
            listener.bad(where, str(error))


def _parse(text: str) -> Any:
    etree = web_module("lxml.etree")
    parser = etree.XMLParser(
        encoding="utf-8", recover=True, resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    plain = _ENTITY.sub(_of_html, text.lstrip())
    try:
        return etree.fromstring(plain.encode("utf-8", "replace"), parser)
    except etree.LxmlError:
        return None


def _of_html(match: re.Match[str]) -> str:
    """Return the character of an entity that HTML knows and XML does not; feeds use them undeclared."""
    return match[0] if match[1] in _OF_XML else html5.get(match[1], match[0])


def _name(element: Any) -> str:
    """Return a tag in lower case without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _fields(element: Any) -> dict[str, list[Any]]:
    """Return an element's children by name."""
    found: dict[str, list[Any]] = {}
    for child in element:
        found.setdefault(_name(child), []).append(child)
    return found


def _article(fields: dict[str, list[Any]], site: str, language: str, where: str) -> Article:
    texts = (markup_text(markup) for name in _TEXTS for child in fields.get(name, ()) if (markup := _markup(child)))
    text = next((text for text in texts if text), "")
    if not text:
        reason = "no text in this entry; wanted a content, description or summary"
        raise PageError(reason)
    link = _link(fields)
    origin = _plain(_fields(fields["source"][0]), ("title",)) if "source" in fields else ""
    return Article(
        text,
        id=_plain(fields, _IDS) or link,
        title=_plain(fields, ("title",)),
        source=origin or _plain(fields, ("source",)) or site,
        date=_plain(fields, _DATES),
        language=_plain(fields, ("language",)) or language,
        url=link,
        where=where,
    )


def _markup(element: Any) -> str:
    """Return the markup an element holds, whether it is written out, escaped or in place."""
    if len(element):
        return str(web_module("lxml.etree").tostring(element, encoding="unicode", with_tail=False))
    return (element.text or "").strip()


def _plain(fields: dict[str, list[Any]], names: tuple[str, ...]) -> str:
    """Return the first of some fields that says something, on one line and without markup."""
    for name in names:
        for child in fields.get(name, ()):
            said = " ".join(html.unescape(_TAG.sub(" ", "".join(child.itertext()))).split())
            if said:
                return said.encode("utf-8", "replace").decode()
    return ""


def _link(fields: dict[str, list[Any]]) -> str:
    """Return the address of an entry's page: the text of RSS, the alternate link of Atom."""
    for name in _LINKS:
        for child in fields.get(name, ()):
            address = (child.get("href") or child.text or "").strip()
            if child.get("rel", "alternate") == "alternate" and address.startswith(("http://", "https://")):
                return address if address.isprintable() else ""
    return ""


def _language(root: Any) -> str:
    return str(root.get("{http://www.w3.org/XML/1998/namespace}lang") or "")
