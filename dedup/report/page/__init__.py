"""The report as one HTML file: no network, no scripts needed, nothing in it that could act.

In: a briefing. Out: the page in parts. Style and script are files beside this one; the page's policy admits them by
their hashes and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.plurals import many, plural
from dedup.report.page.levels import CALLED, RANKED
from dedup.report.page.markup import words
from dedup.report.page.pair_view import pair_views
from dedup.report.page.sections import doubtful, exchange, figures, lede, record, thresholds
from dedup.report.page.stories import story_list

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dedup.briefs import Briefing

__all__ = ["page_parts"]

HERE = Path(__file__).parent

OUTLETS_OFFERED = 300
"""Outlets the filter offers; the search box finds the others."""

SECTIONS = {
    "doubts": "Needs a person",
    "exchange": "Who copies whom",
    "thresholds": "Thresholds",
    "record": "Record of the run",
    "pairs": "Side by side",
}
"""The parts behind the list."""

KEYS = (
    "<span class=keys>Keys: <kbd>/</kbd> search, <kbd>↑</kbd> <kbd>↓</kbd> move, <kbd>Enter</kbd> opens, <kbd>Esc</kbd> "
    "closes.</span>"
)


def page_parts(briefing: Briefing) -> Iterator[str]:
    """Yield the page from its head to its end; the same briefing gives the same bytes."""
    style = (HERE / "page.css").read_text(encoding="utf-8")
    script = (HERE / "page.js").read_text(encoding="utf-8")
    policy = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; base-uri 'none'; form-action 'none'"
    outlets = {outlet.name: number for number, outlet in enumerate(briefing.outlets[:OUTLETS_OFFERED])}
    yield (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="referrer" content="no-referrer"><meta name="viewport" content="width=device-width,initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{_title(briefing)}</title>\n<style>{style}</style></head>\n'
    )
    called = CALLED[briefing.level]
    yield (
        f'<body><a class=skip href="#stories">to the {called.heading.lower()}</a>\n'
        f"<header class=top><h1>{_title(briefing)}</h1>\n"
    )
    yield lede(briefing)
    yield figures(briefing)
    links = "".join(f'<a href="#{name}">{title}</a>' for name, title in {"stories": called.heading, **SECTIONS}.items())
    yield f'<nav aria-label="Parts of this page">{links}</nav></header>\n<main>\n'
    yield f"<section id=stories><h2>{called.heading}</h2>\n<p class=note>{RANKED[called.ranked_by]} {KEYS}</p>\n"
    yield _filter(outlets, plural(called.ranked_by).capitalize())
    yield from story_list(briefing, outlets)
    yield "</section>\n<section id=doubts><h2>Needs a person</h2>\n"
    yield from doubtful(briefing)
    yield (
        "</section>\n<section id=exchange><h2>Who copies whom</h2>\n<p class=note>Near copies across outlets. Which came "
        "first is told by the dates of the articles and by nothing else.</p>\n"
    )
    yield from exchange(briefing)
    yield "</section>\n<section id=thresholds><h2>Thresholds</h2>\n"
    yield from thresholds(briefing)
    yield "</section>\n<section id=record><h2>Record of the run</h2>\n"
    yield from record(briefing)
    yield "</section>\n<section id=pairs><h2>Side by side</h2>\n"
    yield from pair_views(briefing)
    yield f"</section></main>\n<script>{script}</script></body></html>\n"


def _hash(text: str) -> str:
    """Return what a policy calls an inline block by."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _title(briefing: Briefing) -> str:
    n = briefing.counts.articles
    return f"What {many(n, 'article')} {'has' if n == 1 else 'have'} in common"


def _filter(outlets: Mapping[str, int], ranks: str) -> str:
    """Return the search box and the filters, which a script brings to life; without one they stay hidden.

    ``ranks`` : what the list is ranked by.
    """
    offered = "".join(
        f"<option value={number}>{words(name, 60)}</option>"
        for name, number in sorted(outlets.items(), key=lambda item: (item[0].casefold(), item[0]))
    )
    least = "".join(f"<option value={n}>{n} or more</option>" for n in (2, 3, 4, 5, 8, 12, 20))
    return (
        "<form id=filter role=search hidden>"
        "<label class=query><span>Search <kbd>/</kbd></span><input id=q type=search autocomplete=off spellcheck=false></label>"
        f"<label>{ranks}<select id=rank><option value=0>any</option>{least}</select></label>"
        f"<label>Outlet<select id=outlet><option value=''>any</option>{offered}</select></label>"
        "<label>From<input id=from type=date></label><label>To<input id=to type=date></label>"
        "<label class=check><input id=doubt type=checkbox> needs a person</label>"
        "<button type=reset>Clear</button>"
        "<output id=found role=status aria-live=polite></output>"
        "</form>\n"
    )
