"""Lines of a table assembled into rows, where a quoted field may span lines.

In: lines of bytes. Out: rows with the line they begin on, or what is wrong with the row that begins there. A quote that
is never closed costs its own line: reading goes back to the line after it.
"""

from __future__ import annotations

import csv
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dedup.errors import InputError
from dedup.read.encodings import fault_reason
from dedup.read.lines import too_long
from dedup.read.naming import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.read.options import ReadOptions

_MAX_FIELD_BYTES = 2**31 - 1
"""The csv module's limit is a C long, which has 32 bits on some platforms."""

_REREAD_LIMITS = 4
"""Going back after unclosed quotes may cost this many times the largest record; then the file is given up."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row and the line it begins on; with a ``fault`` it cannot be used."""

    line: int
    cells: list[str]
    fault: str = ""


class LongRowError(Exception):
    """A row whose lines together exceed the limit."""


class RowReader:
    """Assembles rows from lines, one after the other."""

    def __init__(self, lines: Iterator[bytes | None], where: str, options: ReadOptions) -> None:
        self._feed = _Feed(lines, options.max_record_bytes)
        self._where = where
        self._options = options
        self._wasted = 0
        csv.field_size_limit(min(options.max_record_bytes, _MAX_FIELD_BYTES))

    def delimiter(self) -> str:
        """Return the delimiter the first line shows: a comma unless it has none but semicolons or tabs."""
        first = self._feed.peek()
        if b"," not in first:
            return next((mark for mark in (";", "\t") if mark.encode() in first), ",")
        return ","

    def rows(self, delimiter: str) -> Iterator[Row]:
        """Yield the rows; blank lines are passed over."""
        feed = self._feed
        reader = csv.reader(feed, delimiter=delimiter, strict=True)
        while True:
            feed.begin()
            line = feed.number + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except LongRowError:
                yield Row(line, [], too_long(self._options.max_record_bytes))
                self._go_back(line)
            except csv.Error as error:
                yield Row(line, [], f"malformed row: {one_line(str(error))}; quotes must surround a whole field")
                self._go_back(line)
            else:
                if cells:
                    yield Row(line, cells, self._fault())

    def _fault(self) -> str:
        if self._feed.damage is not None:
            return fault_reason(self._feed.damage, self._options.encoding)
        return "holds a NUL byte; wanted text" if self._feed.has_nul else ""

    def _go_back(self, line: int) -> None:
        self._wasted += self._feed.go_back()
        if self._wasted > _REREAD_LIMITS * self._options.max_record_bytes:
            place = f"{self._where}:{line}"
            raise InputError(place, "too many quotes that are never closed; the rest is not read")


@dataclass(slots=True)
class _Feed:
    """The lines of a table as the csv module wants them, with the way back to the start of a row."""

    lines: Iterator[bytes | None]
    limit: int
    number: int = 0
    again: deque[bytes | None] = field(default_factory=deque)
    taken: list[bytes | None] = field(default_factory=list)
    size: int = 0
    damage: UnicodeDecodeError | None = None
    has_nul: bool = False

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else next(self.lines)
        self.number += 1
        self.taken.append(line)
        if line is None:
            raise LongRowError
        self.size += len(line) + 1
        if self.size > self.limit:
            raise LongRowError
        self.has_nul = self.has_nul or b"\0" in line
        try:
            return line.decode() + "\n"
        except UnicodeDecodeError as error:
            self.damage = self.damage or error
            return line.decode(errors="replace") + "\n"

    def begin(self) -> None:
        """Forget the row before."""
        self.taken.clear()
        self.size, self.damage, self.has_nul = 0, None, False

    def peek(self) -> bytes:
        """Return the first line without taking it."""
        first = next(self.lines, b"")
        self.again.append(first)
        return first or b""

    def go_back(self) -> int:
        """Return to the line after the first of this row; says how many bytes will be read again."""
        second = self.taken[1:]
        self.again.extendleft(reversed(second))
        self.number -= len(second)
        return sum(len(line) for line in second if line is not None)
