"""How far a run is: one line on stderr, redrawn in place, and only where a person is looking."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, TextIO

from dedup.cli.talk import say
from dedup.plurals import many
from dedup.report.terminal import screen_for
from dedup.report.width import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dedup.article import Article

_SECONDS_BETWEEN = 0.1
_SECONDS_BEFORE_GUESSING = 1.0
"""A stage that has run no longer than this says nothing of its rate and of the time left."""

_ERASE_LINE = "\r\x1b[2K"
_MB = 1e6


class Progress:
    """A line about the stage at work; silent if ``stream`` (stderr) is not a terminal that can redraw a line."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._shown = self._stream is not None and self._stream.isatty() and os.environ.get("TERM") != "dumb"
        self._dirty = False
        self._stage = "reading"
        self._drawn_at = self._began_at = self._stage_began_at = clock()
        self.total_bytes = 0
        self._bytes = self.n_articles = 0

    @property
    def seconds(self) -> float:
        """How long ago the run began."""
        return self._clock() - self._began_at

    def bytes_read(self, n: int) -> None:
        """Count ``n`` more bytes of input."""
        self._bytes += n

    def counted(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Pass articles on, telling how many came and how fast."""
        for article in articles:
            self.n_articles += 1
            if self._due():
                self._draw(self._reading())
            yield article

    def stage(self, name: str, done: int, total: int) -> None:
        """Tell how far a stage is; one that is new is shown at once, with what it has before it."""
        new = name != self._stage
        if new:
            self._stage, self._stage_began_at = name, self._clock()
        if self._due() or (self._shown and (new or done >= total)):
            self._draw(self._working(name, done, total))

    def say(self, sentence: str) -> None:
        """Write a note on a line of its own."""
        self.clear()
        say(sentence)

    def clear(self) -> None:
        """Take the line away, so that results do not follow it on one line."""
        if self._dirty:
            self._write(_ERASE_LINE)
            self._dirty = False

    def _reading(self) -> str:
        """Return the line of the reading stage."""
        seconds = max(self._clock() - self._stage_began_at, 1e-9)
        share = f" {min(100 * self._bytes // self.total_bytes, 100):>3} %" if self.total_bytes else ""
        line = f"{'reading':<12}{share}  {many(self.n_articles, 'article')}  {self._bytes / _MB / seconds:.1f} MB/s"
        return line + self._left(self._bytes, self.total_bytes)

    def _working(self, name: str, done: int, total: int) -> str:
        """Return the line of any other stage; some only tell what they have before them."""
        if not done or not total:
            return f"{name:<12}{total:,} to do"
        line = f"{name:<12} {100 * done // total:>3} %  {done:,} of {total:,}"
        seconds = self._clock() - self._stage_began_at
        if seconds > _SECONDS_BEFORE_GUESSING:
            line += f"  {done / seconds:,.0f} a second"
        return line + self._left(done, total)

    def _left(self, done: int, total: int) -> str:
        """Return how much longer a stage takes at the rate it had so far, in words; nothing where nobody can know."""
        seconds = self._clock() - self._stage_began_at
        if seconds <= _SECONDS_BEFORE_GUESSING or not 0 < done < total:
            return ""
        return f"  {duration(seconds * (total - done) / done)} left"

    def _due(self) -> bool:
        """Say whether the line may be drawn again, at most ten times a second."""
        return self._shown and self._clock() - self._drawn_at >= _SECONDS_BETWEEN

    def _draw(self, line: str) -> None:
        """Draw the line in place of the last one."""
        self._drawn_at = self._clock()
        self._dirty = True
        self._write(_ERASE_LINE + fit(line, screen_for(self._stream).columns - 1))

    def _write(self, text: str) -> None:
        """Write to the terminal; a terminal that went away is no reason to fail."""
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:
            self._shown = False


def duration(seconds: float) -> str:
    """Return a stretch of time as a person says it: ``0.4 s``, ``12 s``, ``3 min 20 s``, ``2 h 5 min``."""
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600:,} h {whole % 3600 // 60} min"
