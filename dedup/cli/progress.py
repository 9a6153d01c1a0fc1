"""How far a run is: one line on stderr, redrawn in place, and only where a person is looking."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO

from dedup.cli.talk import say
from dedup.report.terminal import screen_for
from dedup.report.width import fit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dedup.article import Article

_SECONDS_BETWEEN = 0.1
_ERASE_LINE = "\r\x1b[2K"
_MB = 1e6


class Progress:
    """A line about the stage at work; silent if ``stream`` (stderr) is not a terminal."""

    def __init__(self, stream: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._clock = clock
        self._shown = self._stream is not None and self._stream.isatty()
        self._dirty = False
        self._drawn_at = self._began_at = clock()
        self.total_bytes = 0
        self._bytes = self._articles = 0

    def bytes_read(self, n: int) -> None:
        """Count ``n`` more bytes of input."""
        self._bytes += n

    def counted(self, articles: Iterable[Article]) -> Iterator[Article]:
        """Pass articles on, telling how many came and how fast."""
        for article in articles:
            self._articles += 1
            if self._due():
                self._draw(self._reading())
            yield article

    def stage(self, name: str, done: int, total: int) -> None:
        """Tell how far a stage is."""
        if self._due() or (self._shown and done >= total):
            share = f" {100 * done // total:>3} %" if total else ""
            self._draw(f"{name:<12}{share}  {done:,} of {total:,}")

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
        seconds = max(self._clock() - self._began_at, 1e-9)
        share = f" {min(100 * self._bytes // self.total_bytes, 100):>3} %" if self.total_bytes else ""
        return f"{'reading':<12}{share}  {self._articles:,} articles  {self._bytes / _MB / seconds:.1f} MB/s"

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
