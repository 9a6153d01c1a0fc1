"""What ``dedup pairs`` shows a person: the pairs, best first, with the reasons that count most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.report.escape import inert
from dedup.report.width import fit, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.report.terminal import Screen
    from dedup.results import PairRow, Reason

_REASONS_SHOWN = 3
_INDENT = " " * 6


def pair_lines(
    screen: Screen, pairs: Sequence[PairRow], titles: Mapping[str, str], *, show: int, level: str
) -> Iterator[str]:
    """Yield at most ``show`` pairs: relation and its probability, both articles, the reasons of most weight."""
    for place, pair in enumerate(pairs[:show], start=1):
        yield from _pair(screen, pair, titles, place)
    if not pairs:
        yield f"no pairs at level {level}"
    elif len(pairs) > show:
        yield f"... and {len(pairs) - show:,} more; --show {len(pairs)} shows all"


def top_reasons(reasons: Sequence[Reason], n: int = _REASONS_SHOWN) -> list[Reason]:
    """Return the reasons of most weight, heaviest first; equal weights keep their order."""
    return sorted(reasons, key=lambda reason: -abs(reason.points))[:n]


def _pair(screen: Screen, pair: PairRow, titles: Mapping[str, str], place: int) -> Iterator[str]:
    """Yield one pair."""
    likeness = f"jaccard {pair.jaccard:.2f} · contained {pair.containment_a:.2f} / {pair.containment_b:.2f}"
    if pair.title_similarity is not None:
        likeness += f" · titles {pair.title_similarity:.2f}"
    head = f"{place:>4}. "
    chance = {"near": pair.p_near, "event": pair.p_event, "story": pair.p_story}.get(pair.relation, pair.score)
    told = screen.paint_by(chance, f"{chance:.3f}") + " " + screen.paint(pair.relation, pair.relation)
    room = screen.columns - len(f"{head}0.000 {pair.relation}")
    yield screen.paint(head, "bold") + told + fit(f"  {likeness}", room)
    for name in (pair.a, pair.b):
        title = inert(titles.get(name, ""))
        yield fit(f"{_INDENT}{inert(name)}" + (f" | {title}" if title else ""), screen.columns)
    for reason in top_reasons(pair.reasons):
        style = "green" if reason.points >= 0 else "red"
        for line in wrap(f"{reason.points:+.1f} {inert(reason.words)}", screen.columns, _INDENT):
            yield screen.paint(line, style)
