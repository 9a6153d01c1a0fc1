"""The parts of the page around its stories: the figures at its head, doubtful pairs, who copies whom, curves, record.

In: a briefing. Out: markup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.plurals import many, numbered
from dedup.report.page.drawing import curve
from dedup.report.page.levels import CALLED
from dedup.report.page.markup import span, stranger, table, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.briefs import Briefing, Doubt

KINDS = {
    "loose": (
        "Loose clusters",
        "The clusters that hold together least, each with the best tie of its weakest article.",
    ),
    "frame": (
        "One frame, other names or figures",
        "Much of the wording is the same, but the names or figures in it are not: a template, an update or a forgery.",
    ),
    "borderline": ("Near the threshold", "The pairs closest to being decided the other way."),
}


def figures(briefing: Briefing) -> str:
    """Return what came in and what it became: from articles to stories, each drawn against the articles."""
    counts = briefing.counts
    steps = [
        (
            "article",
            counts.articles,
            f"from {many(counts.outlets, 'outlet')}" if counts.outlets else "outlets unknown",
        ),
        (
            "different text",
            counts.unique_texts,
            f"{counts.articles - counts.unique_texts:,} the same word for word",
        ),
        (
            "report",
            counts.reports,
            f"{many(counts.articles - counts.reports, 'copy')} of one of them",
        ),
    ]
    if briefing.level in ("event", "story"):
        steps.append(("event", counts.events, "each told by one report or more"))
    if briefing.level == "story":
        steps.append(("story", counts.stories, f"{counts.groups:,} of them told by two articles or more"))
    cells = []
    for noun, n, said in steps:
        wide = 100 * n / max(1, counts.articles)
        cells.append(
            f'<li><b>{n:,}</b> <span>{numbered(n, noun)}</span><svg viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
            f'<rect class=rest width="100" height="4"/><rect width="{wide:.2f}" height="4"/></svg><small>{said}</small></li>'
        )
    return f"<ol class=figures>{''.join(cells)}</ol>\n"


def lede(briefing: Briefing) -> str:
    """Return the run in one sentence."""
    counts = briefing.counts
    called = CALLED[briefing.level]
    alone = counts.articles - counts.joined
    when = f", dated {span(counts.first, counts.last)}" if counts.dated else ", undated"
    undated = counts.articles - counts.dated
    missing = f" ({undated:,} without a date)" if counts.dated and undated else ""
    return (
        f"<p class=lede>{many(counts.articles, 'article')} of {counts.words:,} words{when}{missing}. "
        f"{counts.joined:,} of them belong to {many(counts.groups, called.one, called.several)}; "
        f"{alone:,} {'stands' if alone == 1 else 'stand'} alone.</p>\n"
    )


def doubtful(briefing: Briefing) -> Iterator[str]:
    """Yield the pairs a person should look at, kind by kind."""
    if not briefing.doubts:
        yield "<p class=empty>Nothing stands near a border.</p>\n"
    for kind, (title, said) in KINDS.items():
        found = [doubt for doubt in briefing.doubts if doubt.kind == kind]
        if found:
            yield f"<h3>{title}</h3><p class=note>{said}</p>\n<ol class=doubtful>"
            for doubt in found:
                yield _doubt(briefing, doubt)
            yield "</ol>\n"


def _doubt(briefing: Briefing, doubt: Doubt) -> str:
    sides = briefing.pairs[doubt.pair - 1].sides
    ends = "<br>".join(
        f"{stranger(side.title or side.id, 120)} <span class=who>{words(side.outlet, 40)}</span>" for side in sides
    )
    return f'<li><a href="#pair-{doubt.pair}">{ends}</a><span class=facts>{words(doubt.words, 400)}</span></li>\n'


def exchange(briefing: Briefing) -> Iterator[str]:
    """Yield which outlets' texts stand at which other outlets, and the outlets by themselves."""
    if briefing.flows:
        rows = [
            [
                stranger(f.giver, 60),
                stranger(f.taker, 60),
                f"{f.first + f.undecided:,}",
                f"{f.first:,}",
                f"{f.undecided:,}",
            ]
            for f in briefing.flows
        ]
        heads = ["A text of", "stands at", "texts", "there first by date", "same day or undated"]
        yield table(heads, rows, (2, 3, 4), "Whose texts stand where")
    else:
        yield "<p class=empty>No text stands at two outlets.</p>\n"
    if briefing.outlets:
        rows = [
            [stranger(o.name, 60), f"{o.articles:,}", f"{o.own:,}", f"{o.taken_up:,}", f"{o.taken_over:,}"]
            for o in briefing.outlets
        ]
        heads = ["Outlet", "articles", "texts of its own", "taken up elsewhere later", "stood elsewhere before"]
        yield f"<details><summary>{many(len(rows), 'outlet')}, busiest first</summary>"
        yield table(heads, rows, (1, 2, 3, 4)) + "</details>\n"


def thresholds(briefing: Briefing) -> Iterator[str]:
    """Yield what other thresholds would have made of the pile, drawn and as a table."""
    if not briefing.curve:
        yield "<p class=empty>Equal texts are equal at any threshold.</p>\n"
        return
    noun = CALLED[briefing.level].several
    yield "<div class=curves>"
    yield curve(briefing.curve, "clusters", f"{noun} of two articles or more")
    yield curve(briefing.curve, "joined", "articles in them")
    yield curve(briefing.curve, "pairs", "pairs at or above")
    yield "</div>\n<details><summary>The same as a table</summary>"
    rows = [
        [f"{p.at:.2f}{' in use' if p.in_use else ''}", f"{p.clusters:,}", f"{p.joined:,}", f"{p.pairs:,}"]
        for p in briefing.curve
    ]
    yield table(["threshold", noun, "articles in them", "pairs at or above"], rows, (0, 1, 2, 3)) + "</details>\n"


def record(briefing: Briefing) -> Iterator[str]:
    """Yield how the run was set, what went into it, and what could not be used."""
    yield "<dl class=record>"
    for name, value in briefing.record.entries:
        yield f"<div><dt>{words(name)}</dt><dd>{words(value, 600)}</dd></div>"
    yield "</dl>\n"
    if briefing.record.bad:
        rows = [[stranger(bad.where), stranger(bad.reason, 300)] for bad in briefing.record.bad]
        more = briefing.record.n_bad - len(rows)
        yield table(["place", "why it was left out"], rows, (), "Records left out")
        yield f"<p class=note>… and {more:,} more.</p>\n" if more > 0 else ""
