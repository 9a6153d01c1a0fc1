"""What ``dedup clean`` shows a person: the lines cut from each article, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Protocol

from dedup.plurals import many
from dedup.report.escape import inert
from dedup.report.width import fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from dedup.report.terminal import Screen


class Cut(Protocol):
    """One cut, as the cleaning stage describes it."""

    @property
    def field(self) -> str:
        """The field it stood in: ``title`` or ``text``."""

    @property
    def reason(self) -> str:
        """Why it was cut, in words."""

    @property
    def text(self) -> str:
        """What was cut."""


def cut_lines(screen: Screen, articles: Iterable[tuple[str, str, Sequence[Cut]]], *, show: int) -> Iterator[str]:
    """Yield the cuts of ``articles`` (id, title, cuts), in full for the first ``show`` that have any, then the sums."""
    reasons: Counter[str] = Counter()
    n_articles = n_cut = 0
    for name, title, cuts in articles:
        n_articles += 1
        n_cut += bool(cuts)
        reasons.update(cut.reason for cut in cuts)
        if cuts and n_cut <= show:
            yield screen.paint(fit(f"{inert(name)} | {inert(title)}", screen.columns), "bold")
            yield from (_cut(screen, cut) for cut in cuts)
    if n_cut > show:
        yield f"... and {many(n_cut - show, 'more article')}; --show {n_cut} shows all"
    if n_cut:
        yield ""
    cut = f"{n_cut:,} of them with cuts; {many(reasons.total(), 'cut')} in all" if n_cut else "nothing cut"
    yield f"{many(n_articles, 'article')}, {cut}"
    for reason, n in sorted(reasons.items(), key=lambda item: (-item[1], item[0])):
        yield f"{n:>8,}  {fit(inert(reason), screen.columns - 10)}"


def _cut(screen: Screen, cut: Cut) -> str:
    """Return one cut on one line: why, then what."""
    why = f"  {inert(cut.reason)}" + (" (title)" if cut.field == "title" else "")
    return screen.paint(why, "yellow") + fit(f": {inert(cut.text)}", max(screen.columns - len(why), 20))
