"""Saved web pages: one article each.

In: blocks of bytes. Out: the article of the page, or a bad record that says why there is none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.read.lines import too_long
from dedup.read.opening import Source, gather
from dedup.read.page import PageError, page_article
from dedup.read.page_encoding import decode_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.article import Article
    from dedup.read.listener import Listener
    from dedup.read.options import ReadOptions


def read_html(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the one article of a page."""
    content = gather(source.blocks, options.max_record_bytes)
    if content is None:
        listener.bad(source.where, too_long(options.max_record_bytes))
        return
    try:
        text = decode_page(content, options.encoding, source.where, listener)
        article = page_article(text, source.where, name=source.id)
    except PageError as error:
        listener.bad(source.where, str(error))
        return
    yield article
