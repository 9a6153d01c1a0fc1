"""Plain text files: one article each.

In: blocks of bytes. Out: one article whose text is the whole file as it stands; only its title is chosen here, page
furniture is cut later.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from dedup.article import Article
from dedup.read.encodings import fault_reason, guessed_utf8_blocks
from dedup.read.lines import too_long
from dedup.read.opening import Source, gather

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.read.listener import Listener
    from dedup.read.options import ReadOptions

_HEAD_CHARS = 20_000
"""A title stands at the top: no more of the file is looked at."""

_MAX_TITLE_CHARS = 300
"""A longer line is a paragraph: the file has no title of its own."""

_MAX_DATE_CHARS = 80
"""No line with a date alone is longer."""

_TOP_LINES = 10
"""Where a page shows the name of its site."""

_BREADCRUMB_MARKS = (" / ", " > ", " » ", " › ", " → ")
_SITE_NAME_MARKS = (" • ", " | ", " - ", " – ", " — ", " :: ", " · ")
_FURNITURE_LINES = frozenset(
    """
    ad, advertisement, advertising, sponsored, sponsored content, promoted, home, menu, main menu, search, close,
    navigation, toggle navigation, skip to content, skip to main content, skip to navigation, jump to content, back,
    back to top, share, share this, share this article, share this story, share on facebook, share on twitter, tweet,
    email, print, pin it, copy link, link copied, save, save article, save this story, listen, listen to this article,
    follow, follow us, subscribe, subscribe now, sign in, sign up, log in, login, register, my account, newsletter,
    newsletters, contact us, read more, see also, check also, related, related articles, related news, latest,
    latest news, trending, top stories, breaking news, live, watch, watch live, video, photo, photos, gallery, comments,
    leave a reply, loading, cookie settings, accept, accept all, accept cookies, we use cookies, this site uses cookies
    """.replace("\n", " ")
    .replace("    ", "")
    .strip()
    .split(", ")
)
_CREDIT = re.compile(
    r"\b(?:image|photo|picture)s?\s+(?:credits?|courtesy)\b|^\(?(?:file\s+)?(?:image|photo|picture)(?:\s+(?:by|via)\b.*)?[:)©.]"
    r"|^(?:file\s+)?photo$|^credits?:|^©|(?:^|/\s?|\bvia\s)getty images\)?$",
    re.IGNORECASE,
)
_DATE_LINE = re.compile(
    r"(?=.*\d)(?:(?:published|updated|posted|last|modified|on|at|am|pm|utc|gmt|[ce]e?s?t|ed?t|[mp][sd]t"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b|\d+(?:st|nd|rd|th|h|am|pm)?\b|[\s.,:;/|()+-])+",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)


def read_text(source: Source, options: ReadOptions, listener: Listener) -> Iterator[Article]:
    """Yield the one article of a text file."""
    content = gather(source.blocks, options.max_record_bytes)
    if content is None:
        listener.bad(source.where, too_long(options.max_record_bytes))
        return
    whole = Source(source.where, source.id, iter((content,)))
    try:
        text = b"".join(guessed_utf8_blocks(whole, options.encoding, listener)).decode()
    except UnicodeDecodeError as error:
        listener.bad(source.where, fault_reason(error, options.encoding))
        return
    if not text or text.isspace():
        listener.bad(source.where, "empty; wanted the text of an article")
        return
    yield Article(text, id=source.id, title=choose_title(text), where=source.where)


def choose_title(text: str) -> str:
    """Return the first line that is not page furniture (if all are, the first), or nothing if it is a paragraph."""
    lines = [line for line in map(str.strip, text[:_HEAD_CHARS].splitlines()) if line]
    top = [line.casefold() for line in lines[:_TOP_LINES]]
    sites = {line.rpartition(mark)[2] for line in top for mark in _SITE_NAME_MARKS if mark in line}
    proper = (line for line in lines if line.casefold() not in sites and not looks_like_furniture_line(line))
    title = next(proper, lines[0] if lines else "")
    return title if len(title) <= _MAX_TITLE_CHARS else ""


def looks_like_furniture_line(line: str) -> bool:
    """Whether a line belongs to the page, not to the article: a breadcrumb, a credit, a button, a date, an address."""
    folded = line.casefold().strip(" .:!…*#[]()|>»-–—")
    if not folded or folded in _FURNITURE_LINES or len(folded) == 1:
        return True
    if any(line.count(mark) >= 2 for mark in _BREADCRUMB_MARKS) or folded.startswith(("home / ", "home > ", "home » ")):
        return True
    if len(line) <= _MAX_DATE_CHARS and _DATE_LINE.fullmatch(line):
        return True
    return bool(_CREDIT.search(line) or _ADDRESS.fullmatch(line))
