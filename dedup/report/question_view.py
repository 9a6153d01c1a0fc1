"""What ``dedup label`` shows a person: two articles, what they share, what speaks for and against; and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dedup.plurals import many
from dedup.report.escape import inert
from dedup.report.explanation_view import passage_lines
from dedup.report.pairs_view import top_reasons
from dedup.report.width import fit, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dedup.article import Article
    from dedup.report.terminal import Screen
    from dedup.results import Explanation, PairRow

QUESTIONS = {
    "near": "Does one text derive from the other, or both from one source?",
    "event": "Do both report the same event?",
    "story": "Do both belong to the same running story?",
}
_OPENING_LINES = 3
_OPENING_CHARS = 2000
_PASSAGES_SHOWN = 3
_INDENT = "   "


def question_lines(
    screen: Screen, place: str, articles: Sequence[Article], row: PairRow, found: Explanation
) -> Iterator[str]:
    """Yield a pair to judge: ``place`` in the session, both articles, passages of ``found``, the reasons of ``row``."""
    yield screen.paint(fit(f"-- {place} ".ljust(screen.columns, "-"), screen.columns), "bold")
    for letter, article, text in zip("ab", articles, (found.text_a, found.text_b), strict=True):
        about = " · ".join(inert(part) for part in (article.id, article.source, article.date) if part)
        yield fit(f"{letter}  {about}", screen.columns)
        if article.title:
            yield screen.paint(fit(_INDENT + inert(article.title), screen.columns), "bold")
        yield from _opening(screen, text)
    yield from passage_lines(screen, found, _PASSAGES_SHOWN)
    for reason in top_reasons(row.reasons):
        style = "green" if reason.points >= 0 else "red"
        for line in wrap(f"{reason.points:+.1f} {inert(reason.words)}", screen.columns, _INDENT):
            yield screen.paint(line, style)


def share_words(name: str, hits: int, n: int, interval: tuple[float, float]) -> str:
    """Return a measure with its interval in words."""
    if n == 0:
        return f"{name} not known yet"
    return f"{name} {hits / n:.2f} ({interval[0]:.2f} to {interval[1]:.2f})"


def answers_words(answers: Sequence[str]) -> str:
    """Return how many answers of each kind there are."""
    same, different, unsure = (answers.count(label) for label in ("1", "0", ""))
    return f"{many(len(answers), 'pair')} answered: {same:,} same, {different:,} different, {unsure:,} unsure"


def _opening(screen: Screen, text: str) -> Iterator[str]:
    """Yield the first lines of a text."""
    lines = wrap(inert(text[:_OPENING_CHARS]), screen.columns, _INDENT)
    yield from lines[: _OPENING_LINES - 1]
    if rest := " ".join(line.strip() for line in lines[_OPENING_LINES - 1 : _OPENING_LINES + 1]):
        yield fit(_INDENT + rest, screen.columns)
