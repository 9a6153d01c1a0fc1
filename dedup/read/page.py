"""One web page as an article, whatever file it came in.

In: the text of a page file. Out: an ``Article``, or a ``PageError`` that says why there is none. No page costs more than
its bounds allow: they are checked before anything is done with its tree.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dedup.addresses import host_of
from dedup.article import Article
from dedup.errors import DedupError
from dedup.read.page_facts import gather_facts, saved_from
from dedup.read.page_text import block_text, main_text
from dedup.read.web import web_module

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_DEPTH = 250
"""Tags nested deeper are no page; the parser itself drops what stands below 256."""

MAX_TAGS = 50_000
MAX_WORK = 1_000_000
"""The depths of all tags together: what the search for the article costs, some seconds at most. A long page has 50,000."""

MAX_TEXT_CHARS = 2_000_000
"""As much as three long novels."""

MAX_ATTRIBUTES = 200
"""In one tag; the parser compares each with each."""

_MAX_ATTRIBUTE_CHARS = 500
"""A longer attribute is a picture or a program; no class, date or address is."""

_TAG = re.compile(r"""<[a-zA-Z](?:[^>"'=]++|=\s*+(?:"[^"]*+"|'[^']*+')?+|["'])*+""")
_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_OF_HEAD = frozenset(("head", "frameset", "base", "link", "meta", "noscript", "script", "style", "title"))
_UNSEEN = frozenset(("script", "style", "template", "noscript", "svg"))


class PageError(Exception):
    """A page that makes no article, and why."""


def page_article(text: str, where: str, *, name: str, url: str = "") -> Article:
    """Return the article of a page; ``name`` is its id, ``url`` where it came from if not itself tells that."""
    tree = parse_page(text)
    facts = gather_facts(tree, url or saved_from(text))
    body = _within_reason(main_text, tree) or facts.text
    if not body:
        reason = "no article found on the page; wanted paragraphs of text"
        raise PageError(reason)
    site = facts.site or host_of(facts.url)
    return Article(body, name, facts.title, site, facts.date, facts.language, facts.url, where)


def markup_text(markup: str) -> str:
    """Return the text of a piece of a page, a block a line; all of it belongs to the article."""
    if not markup or markup.isspace():
        return ""
    return _within_reason(block_text, parse_page(markup))


def _within_reason(read: Callable[[Any], str], tree: Any) -> str:
    """Return what ``read`` finds in a tree, without what can never be written out."""
    try:
        text = read(tree)
    except DedupError:
        raise
    except Exception as error:  # whatever a library trips over costs this page only
        reason = f"the page cannot be searched for its article ({type(error).__name__}); save its text alone"
        raise PageError(reason) from error
    return text.encode("utf-8", "replace").decode().strip()


def parse_page(text: str) -> Any:
    """Return the tree of a page within its bounds: the root element of lxml, overlong attributes left out."""
    etree, html = web_module("lxml.etree"), web_module("lxml.html")
    if not text or text.isspace():
        reason = "empty; wanted a page"
        raise PageError(reason)
    most = max((_n_attributes(tag[0]) for tag in _TAG.finditer(text)), default=0)
    if most > MAX_ATTRIBUTES:
        raise PageError(_too_many(most, MAX_ATTRIBUTES, "attributes in one tag"))
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, no_network=True
    )
    try:
        tree = html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        reason = "no tag and no text that a page could hold"
        raise PageError(reason) from None
    if tree.find("body") is None:  # the parser makes none for tags younger than itself, and nothing is found without
        astray = [child for part in (tree, *tree.findall("head")) for child in part if child.tag not in _OF_HEAD]
        etree.SubElement(tree, "body").extend(astray)
    _bound(etree.iterwalk(tree, events=("start", "end")))
    return tree


def _bound(walk: Any) -> None:
    """Refuse a page that would cost too much, before it does."""
    depth = deepest = work = n_tags = n_chars = 0
    for event, element in walk:
        if event == "end":
            depth -= 1
            continue
        depth += 1
        n_tags += 1
        work += depth
        deepest = max(deepest, depth)
        n_chars += len(element.tail or "") + (0 if element.tag in _UNSEEN else len(element.text or ""))
        for key, value in element.attrib.items():
            if len(value) > _MAX_ATTRIBUTE_CHARS:
                del element.attrib[key]
    for met, most, what in (
        (deepest, MAX_DEPTH, "tags inside each other"),
        (n_tags, MAX_TAGS, "tags"),
        (work, MAX_WORK, "tags times their depth"),
        (n_chars, MAX_TEXT_CHARS, "characters of text"),
    ):
        if met > most:
            raise PageError(_too_many(met, most, what))


def _too_many(met: int, most: int, what: str) -> str:
    return f"holds {met:,} {what}; no page of an article has more than {most:,}, save its text alone"


def _n_attributes(tag: str) -> int:
    """Return at least how many attributes a tag has; short ones are not counted."""
    return len(_VALUE.sub(" ", tag).split()) if len(tag) > 2 * MAX_ATTRIBUTES else 0
