"""What ``dedup explain`` shows a person: the verdict, the waterfall of reasons, and the wording both texts share."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from dedup.report.escape import inert
from dedup.report.terminal import bar
from dedup.report.width import fit, pad, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.report.terminal import Screen
    from dedup.results import Explanation, Passage

_PASSAGES_SHOWN = 5
_PASSAGE_CHARS = 400
_CONTEXT_CHARS = 40
_WORDS_SHOWN = 12
_SMALL_POINTS = 0.05
_INDENT = " " * 4
_BAR_COLUMNS = 20
_BESIDE_BAR = " " * (8 + 1 + _BAR_COLUMNS + 1 + 1)
_OPEN, _CLOSE = "\x02", "\x03"  # no inert text holds them, so they mark a passage safely while it is wrapped


def explanation_lines(screen: Screen, found: Explanation) -> Iterator[str]:
    """Yield the whole explanation of a pair."""
    for line in wrap(inert(found.verdict), screen.columns):
        yield screen.paint(line, "bold")
    for sentence in found.sentences:
        yield from wrap(inert(sentence), screen.columns, "  ")
    yield ""
    yield from waterfall_lines(screen, found)
    yield ""
    yield from passage_lines(screen, found)
    yield from _compared(screen, "names", (found.shared_names, found.only_a, found.only_b))
    yield from _compared(screen, "numbers", (found.shared_numbers, found.numbers_only_a, found.numbers_only_b))


def waterfall_lines(screen: Screen, found: Explanation) -> Iterator[str]:
    """Yield each reason with its points and a bar, from the starting points down to their sum and its probability."""
    reasons = sorted(found.pair.reasons, key=lambda reason: -abs(reason.points))
    total = found.base_points + sum(reason.points for reason in reasons)
    small = [reason.points for reason in reasons if abs(reason.points) < _SMALL_POINTS]
    shown = reasons[: len(reasons) - len(small)] if len(small) > 1 else reasons
    steps = [
        ("every pair starts here", found.base_points),
        *((inert(r.words) or inert(r.measure) or "?", r.points) for r in shown),
        *([(f"{len(small)} smaller reasons together", sum(small))] if len(small) > 1 else []),
    ]
    most = max(abs(points) for _, points in steps)
    for words, points in steps:
        drawn = pad(bar(points, most, _BAR_COLUMNS), _BAR_COLUMNS + 1)
        first, *rest = wrap(words, screen.columns, _BESIDE_BAR)
        yield f"{points:+8.2f} {screen.paint(drawn, 'green' if points >= 0 else 'red')} {first.strip()}"
        yield from rest
    yield screen.paint("-" * 8, "dim")
    p = _probability(total)
    yield f"{total:+8.2f}  log-odds, p({found.told}) {screen.paint_by(p, f'{p:.3f}')}"
    if found.overruled:
        yield from wrap(found.overruled, screen.columns)


def passage_lines(screen: Screen, found: Explanation, most: int = _PASSAGES_SHOWN) -> Iterator[str]:
    """Yield the longest shared passages, as they stand in both texts."""
    if not found.passages:
        yield "shared passages: none"
        return
    longest = sorted(found.passages, key=lambda passage: (-passage.words, passage.a_start))
    yield f"shared passages: {len(longest)}, {sum(passage.words for passage in longest)} words in all"
    for passage in longest[:most]:
        yield screen.paint(f"  {passage.words} words", "dim")
        for name, text, start, end in _places(found, passage):
            yield from _quoted(screen, fit(name, 20), _in_context(text, start, end))
    if len(longest) > most:
        yield f"  ... and {len(longest) - most} shorter ones"


def _places(found: Explanation, passage: Passage) -> Iterator[tuple[str, str, int, int]]:
    """Yield where a passage stands: the article's id, its text, start and end; once if both read the same."""
    yield inert(found.pair.a), found.text_a, passage.a_start, passage.a_end
    ours = found.text_a[passage.a_start : passage.a_end]
    theirs = found.text_b[passage.b_start : passage.b_end]
    if ours != theirs:
        yield inert(found.pair.b), found.text_b, passage.b_start, passage.b_end


def _in_context(text: str, start: int, end: int) -> tuple[str, str, str]:
    """Return a passage and a little of what stands before and behind it."""
    middle = text[start:end]
    if len(middle) > _PASSAGE_CHARS:
        middle = f"{middle[: _PASSAGE_CHARS // 2]} [...] {middle[-_PASSAGE_CHARS // 2 :]}"
    before = text[max(0, start - _CONTEXT_CHARS) : start]
    behind = text[end : end + _CONTEXT_CHARS]
    cut_before = "..." if start > _CONTEXT_CHARS else ""
    cut_behind = "..." if end + _CONTEXT_CHARS < len(text) else ""
    gap_before, gap_behind = (" " if edge.isspace() else "" for edge in (before[-1:], behind[:1]))
    return f"{cut_before}{inert(before)}{gap_before}", inert(middle), f"{gap_behind}{inert(behind)}{cut_behind}"


def _quoted(screen: Screen, name: str, parts: tuple[str, str, str]) -> Iterator[str]:
    """Yield a passage between its context, lit up by colour or by «»."""
    before, middle, behind = parts
    lit = False
    text = f"{name}: {before}{_OPEN}{middle}{_CLOSE}{behind}"
    for line in wrap(text, screen.columns - len(_INDENT)):
        if not screen.colour:
            yield _INDENT + line.replace(_OPEN, "«").replace(_CLOSE, "»")
            continue
        painted = ""
        for piece in re.split(f"([{_OPEN}{_CLOSE}])", line):
            if piece in (_OPEN, _CLOSE):
                lit = piece == _OPEN
            else:
                painted += screen.paint(piece, "mark") if lit else piece
        yield _INDENT + painted


def _compared(screen: Screen, noun: str, lists: tuple[Sequence[str], Sequence[str], Sequence[str]]) -> Iterator[str]:
    """Yield what agrees and what differs, for names or numbers."""
    for label, words, style in zip(
        ("in both", "only in a", "only in b"), lists, ("green", "yellow", "yellow"), strict=True
    ):
        listed = ", ".join(map(inert, words[:_WORDS_SHOWN])) or "none"
        more = f" and {len(words) - _WORDS_SHOWN} more" if len(words) > _WORDS_SHOWN else ""
        for line in wrap(f"{noun} {label}: {listed}{more}", screen.columns):
            yield screen.paint(line, style) if words else line


def _probability(log_odds: float) -> float:
    """Return the probability behind log-odds."""
    return 1 / (1 + math.exp(-max(min(log_odds, 700.0), -700.0)))
