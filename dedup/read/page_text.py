"""The main text of a page: trafilatura finds it, justext where that finds clearly too little.

In: the tree of a page within its bounds, which is used up. Out: its article, a paragraph a line. What one page gives
depends on no page before it.
"""

from __future__ import annotations

import logging
from functools import lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from dedup.furniture import kind_of
from dedup.read.web import web_module

if TYPE_CHECKING:
    from collections.abc import Iterator

_PARAGRAPH_CHARS = 60
"""Less is a button, a heading or a date."""

_LINE_CHARS = 600
"""A longer line is never furniture."""

_COLUMN_SHARE = 0.85
"""So much of the text in paragraphs stands in the column of an article."""

_ENOUGH_SHARE = 0.5
"""An article with less of it is not what the page is about."""

_LINK_SHARE = 0.9
_CELL_CHARS = 600
"""A cell with more text is no cell of a table."""

_JUSTEXT_TAGS = 5000
"""justext's time grows with the square of a page's paragraphs."""

_NO_COLUMN = frozenset(("aside", "footer", "form", "header", "nav"))
_SILENT = ("script", "style", "template")
_UNSEEN = frozenset((*_SILENT, "head", "noscript", "title"))
_INLINE = frozenset(
    """a abbr b bdi bdo big cite code del dfn em font i img ins kbd mark q s samp small span strike strong sub sup time tt
    u var wbr""".split()
)
_CELLS = ("table", "tbody", "thead", "tfoot", "tr", "td", "th")

_CACHED_CHARS = 16_000_000
_seen_chars = 0
"""trafilatura keeps strings it has seen, which changes no result; after pages of so many characters they are let go."""


def main_text(tree: Any) -> str:
    """Return the article of a page, empty where there is none."""
    trafilatura = _trafilatura()
    for element in tree.iter(*_SILENT):
        element.text = None  # programs can be long, and are searched for text by expressions that grow with the square
    _open_tables(tree)
    _drop_boxes(tree)
    paragraphs = [(element, size) for element, size in _paragraphs(tree) if _may_be_article(element)]
    wanted = _ENOUGH_SHARE * sum(size for _, size in paragraphs)
    _mark_column(tree, paragraphs)
    text = ""
    for least in ("1", "250"):  # the second look takes in whatever is needed to reach so many characters
        found = trafilatura.bare_extraction(tree, fast=True, include_comments=False, config=_config(least))
        text = found.text if found else ""
        if len(text) >= max(wanted, 1):
            break
    else:
        other = _by_justext(tree)
        text = other if len(other) > 2 * len(text) else text
    _let_go(len(text))
    return text


def block_text(tree: Any) -> str:
    """Return all text of a tree, a block a line; what is no text to read is left out."""
    parts: list[str] = []
    for event, element in _walk(tree):
        if event == "start":
            parts.append("\n" if element.tag not in _INLINE else "")
            parts.append(" ".join((element.text or "").split("\n")) if element.tag not in _UNSEEN else "")
        else:
            parts.append("\n" if element.tag not in _INLINE else "")
            parts.append(" ".join((element.tail or "").split("\n")))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)


def _walk(tree: Any) -> Any:
    return web_module("lxml.etree").iterwalk(tree, events=("start", "end"))


@lru_cache(maxsize=1)
def _trafilatura() -> Any:
    found = web_module("trafilatura")
    logging.getLogger("trafilatura").addHandler(logging.NullHandler())  # else its remarks go to standard error
    return found


@lru_cache(maxsize=2)
def _config(least: str) -> Any:
    config = web_module("trafilatura.settings").use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", least)
    return config


def _let_go(n_chars: int) -> None:
    global _seen_chars  # noqa: PLW0603 - it stands for the size of trafilatura's own caches, which are global too
    _seen_chars += n_chars
    if _seen_chars > _CACHED_CHARS:
        web_module("trafilatura.meta").reset_caches()
        _seen_chars = 0


def _open_tables(tree: Any) -> None:
    """Turn tables that lay out a page into plain blocks: those whose cells hold paragraphs."""
    laid_out = {
        above
        for cell in tree.iter("td", "th")
        if len(cell.text_content()) > _CELL_CHARS or cell.find(".//p") is not None
        for above in cell.iterancestors("table")
    }
    for table in laid_out:
        for element in table.iter(*_CELLS):
            element.tag = "div"


def _drop_boxes(tree: Any) -> None:
    """Take out boxes of links: a head that says so, and what follows it as long as it is links."""
    for head in list(tree.iter("h2", "h3", "h4", "h5", "h6", "p", "div", "strong", "b", "span")):
        kind = kind_of(text) if 0 < len(text := head.text_content().strip()) <= _PARAGRAPH_CHARS else None
        if kind is None or not kind.opens:
            continue
        outer = head
        while (
            outer.getnext() is None
            and (above := outer.getparent()) is not None
            and above.text_content().strip() == text
        ):
            outer = above
        links = list(takewhile(_is_links, outer.itersiblings()))
        for element in links:
            element.drop_tree()
        if links:
            outer.drop_tree()


def _is_links(element: Any) -> bool:
    linked = sum(len(link.text_content().strip()) for link in element.iter("a"))
    return linked > _LINK_SHARE * len("".join(element.text_content().split()))


def _paragraphs(tree: Any) -> Iterator[tuple[Any, int]]:
    """Yield the elements that hold running text of their own, with its size."""
    for element in tree.iter("p", "blockquote", "div", "section"):
        text = element.text_content() if element.tag == "p" else _own_text(element)
        size = len(text.strip())
        if size >= _PARAGRAPH_CHARS and (size > _LINE_CHARS or kind_of(text.strip()) is None):
            yield element, size


def _own_text(element: Any) -> str:
    return "".join((element.text or "", *(child.tail or "" for child in element)))


def _may_be_article(element: Any) -> bool:
    return not any(above.tag in _NO_COLUMN for above in element.iterancestors())


def _mark_column(tree: Any, paragraphs: list[tuple[Any, int]]) -> None:
    """Name the column of the article on a page that names none: the lowest element with nearly all paragraphs."""
    if any(find(tree) for find in web_module("trafilatura.xpaths").BODY_XPATH):
        return
    inside: dict[Any, int] = {}
    for element, size in paragraphs:
        for above in element.iterancestors("div", "section"):
            inside[above] = inside.get(above, 0) + size
    least = _COLUMN_SHARE * sum(size for _, size in paragraphs)
    around = [element for element, size in inside.items() if size >= least]
    if around:
        lowest = max(around, key=lambda element: sum(1 for _ in element.iterancestors()))
        lowest.set("itemprop", "articleBody")


def _by_justext(tree: Any) -> str:
    if sum(1 for _ in tree.iter()) > _JUSTEXT_TAGS:
        return ""
    justext = web_module("justext")
    names = web_module("trafilatura.settings").JUSTEXT_LANGUAGES
    words = justext.get_stoplist(names.get((tree.get("lang") or "en")[:2].lower(), "English"))
    page = web_module("lxml.html").tostring(tree, encoding="utf-8")
    paragraphs = justext.justext(page, words, encoding="utf-8")
    return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)
