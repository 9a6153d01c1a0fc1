"""Two texts side by side: who contains whom, the reasons drawn, shared passages marked and linked, furniture greyed.

In: pairs of a briefing. Out: markup, each pair folded until somebody follows a link to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.plurals import many
from dedup.report.page.drawing import meter, waterfall
from dedup.report.page.levels import CALLED
from dedup.report.page.markup import NAME_CHARS, body, day, link, share, stranger, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.briefs import Briefing, Pair, Side

CHANCES = ("copies", "p_near"), ("one event", "p_event"), ("one story", "p_story")
"""What a pair may be, and the field of its row that has the probability; without events and stories only the first."""

LISTED = 14
"""Names and numbers listed of a pair."""


def pair_views(briefing: Briefing) -> Iterator[str]:
    """Yield every pair shown."""
    judged = CHANCES if briefing.level in ("event", "story") else CHANCES[:1]
    for pair in briefing.pairs:
        yield from _pair(pair, judged, f"to the {CALLED[briefing.level].heading.lower()}")


def _pair(pair: Pair, judged: Sequence[tuple[str, str]], back: str) -> Iterator[str]:
    found = pair.explanation
    ends = " <i>and</i> ".join(stranger(side.outlet or side.id, 40) for side in pair.sides)
    yield (
        f"<details class=pair><summary><span class=title>{ends}</span> <span class=facts>"
        f"{words(pair.why, 400)}</span></summary>\n<div class=inside id=pair-{pair.number}>"
        f"<p class=verdict>{words(found.verdict, 500)}</p>\n<div class=known>"
    )
    yield _containment(pair, judged)
    yield "<ul class=sentences>" + "".join(f"<li>{words(each, 700)}</li>" for each in found.sentences) + "</ul></div>\n"
    passages = (
        f"{many(len(found.passages), 'shared passage')} of {many(sum(p.words for p in found.passages), 'word')} in all, "
        "marked; each leads to its place in the other text"
        if found.passages
        else "No passage of five words or more stands in both"
    )
    yield f"<p class=note>{passages}. Grey text was cut as page furniture and not compared.</p>\n<div class=sides>"
    for which, side in zip("ab", pair.sides, strict=True):
        yield from _side(pair, side, which)
    yield "</div>\n"
    for noun, only_a, only_b in (
        ("Names", found.only_a, found.only_b),
        ("Numbers", found.numbers_only_a, found.numbers_only_b),
    ):
        if only_a or only_b:
            yield f"<div class=sides><p><b class=label>{noun} only here</b> {_listed(only_a)}</p>"
            yield f"<p><b class=label>{noun} only here</b> {_listed(only_b)}</p></div>\n"
    yield f"<details class=reasons open><summary>Why: the points that make the score</summary>{waterfall(found)}</details>\n"
    story = f" of {words(pair.story)}" if pair.story else ""
    yield f'<p class=back><a href="#stories">{back}</a> <a href="#doubts">to the doubtful pairs</a>{story}</p>'
    yield "</div></details>\n"


def _containment(pair: Pair, judged: Sequence[tuple[str, str]]) -> str:
    """Say how much of each text's wording stands in the other, and how probable each relation is that was judged."""
    row, (a, b) = pair.explanation.pair, pair.sides
    lines = []
    for one, other, contained in ((a, b, row.containment_a), (b, a, row.containment_b)):
        said = (
            f"of the wording of {stranger(one.outlet or one.id, 40)} stands in {stranger(other.outlet or other.id, 40)}"
        )
        lines.append(f"<li>{meter(contained, share(contained))} <b class=n>{share(contained)}</b> {said}</li>")
    chances = ", ".join(f"{name} {getattr(row, field):.2f}" for name, field in judged)
    return f"<ul class=contains>{''.join(lines)}<li class=chances>Probability: {chances}</li></ul>"


def _side(pair: Pair, side: Side, which: str) -> Iterator[str]:
    """Yield one of the two texts."""
    other = "b" if which == "a" else "a"
    yield (
        f"<article><header><b class=outlet>{stranger(side.outlet, 60) if side.outlet else 'no outlet'}</b> "
        f"{day(side.day)} <code>{stranger(side.id, NAME_CHARS)}</code>"
        f"<h4>{link(side.url, side.title) if side.title else ''}</h4></header>"
        '<div class=text dir="auto">'
    )
    placed: set[int] = set()
    for piece in side.pieces:
        if piece.cut:
            yield f'<del title="cut: {words(piece.cut)}">{body(piece.text)}</del>'
        elif piece.passage is None:
            yield body(piece.text)
        else:
            here, there = (f"p{pair.number}{end}{piece.passage}" for end in (which, other))
            name = f" id={here}" if piece.passage not in placed else ""
            placed.add(piece.passage)
            yield f'<a class=shared{name} href="#{there}">{body(piece.text)}</a>'
    yield "</div>"
    if side.left_out:
        yield f"<p class=note>… {many(side.left_out, 'more character')} not shown.</p>"
    yield "</article>"


def _listed(items: tuple[str, ...]) -> str:
    shown = " · ".join(stranger(item, 60) for item in items[:LISTED]) or "none"
    return shown + (f" and {len(items) - LISTED} more" if len(items) > LISTED else "")
