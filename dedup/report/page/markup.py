"""The small change of HTML: text from strangers made inert and escaped, links that can only lead to the web, numbers.

In: values. Out: markup. Whatever comes from an article passes through ``words``, ``body``, ``stranger`` or ``link``.
"""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from dedup.dates import day_text
from dedup.report.escape import inert, inert_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

TITLE_CHARS = 220
NAME_CHARS = 90
"""A title and a name longer than this are cut."""

LINK_CHARS = 1000
WEB = re.compile(r"https?://[^\s\x00-\x20\"'<>\\^`{|}]+", re.ASCII)


def words(text: str, most: int = TITLE_CHARS) -> str:
    """Return text on one line, inert, escaped, cut to ``most`` characters."""
    line = inert(text[: 4 * most])
    return escape(line if len(line) <= most else line[: most - 1].rstrip() + "…")


def stranger(text: str, most: int = TITLE_CHARS) -> str:
    """Return text from an article on one line, which cannot change the reading order around it."""
    return f"<bdi>{words(text, most)}</bdi>"


def isolated(markup: str) -> str:
    """Return escaped text, or a link, which cannot change the reading order around it.

    Two characters hold it instead of an element of its own: where there are thousands, that is cheaper.
    """
    return f"\u2068{markup}\u2069"


def body(text: str) -> str:
    """Return running text from an article, lines kept."""
    return escape(inert_lines(text))


def link(url: str, title: str) -> str:
    """Return a title that leads to an address of the web; with any other address it leads nowhere."""
    if len(url) > LINK_CHARS or not WEB.fullmatch(url) or inert(url) != url:
        return isolated(words(title))
    return isolated(f'<a href="{escape(url)}" rel="noopener noreferrer">{words(title)}</a>')


def day(number: int | None) -> str:
    """Return a day as a reader sees it; unknown is a dash."""
    return "–" if number is None else day_text(number)


def span(first: int | None, last: int | None) -> str:
    """Return the days from first to last."""
    if first is None or first == last:
        return day(first) if first is not None else "undated"
    return f"{day(first)} – {day(last)}"


def share(value: float | None) -> str:
    """Return a share of 1 in percent."""
    return "–" if value is None else f"{100 * value:.0f} %"


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], numeric: Sequence[int] = (), caption: str = "") -> str:
    """Return a table of cells that are markup; ``numeric`` columns stand flush right."""

    def cells(tag: str, row: Sequence[str]) -> str:
        return "".join(
            f"<{tag}{' class=n' if i in numeric else ''}{' scope=col' if tag == 'th' else ''}>{cell}</{tag}>"
            for i, cell in enumerate(row)
        )

    titled = f"<caption>{caption}</caption>" if caption else ""
    lines = "\n".join(f"<tr>{cells('td', row)}</tr>" for row in rows)
    return f"<div class=wide><table>{titled}<thead><tr>{cells('th', heads)}</tr></thead>\n<tbody>{lines}</tbody></table></div>\n"
