"""The terminal out: a screen of so many columns, with or without colour, and what is drawn on it.

In: plain text, already inert. Out: lines. What the lines say is decided in the ``*_view`` files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.report.width import pad, width

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

_STYLES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36", "mark": "7"}
_PIPE_COLUMNS = 100
_LEAST_COLUMNS = 40
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Screen:
    """Where lines are drawn: ``columns`` wide, in ``colour`` or not."""

    columns: int = _PIPE_COLUMNS
    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """Return the text in a style (bold, dim, red, green, yellow, cyan, mark), or as it is without colour."""
        if not self.colour or not text:
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"


def screen_for(out: TextIO, environ: Mapping[str, str] | None = None) -> Screen:
    """Return the screen behind a stream: colour only on a terminal, and not under NO_COLOR or TERM=dumb."""
    environ = os.environ if environ is None else environ
    person = out.isatty()
    colour = person and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
    return Screen(columns=max(_columns(out, environ), _LEAST_COLUMNS), colour=colour)


def _columns(out: TextIO, environ: Mapping[str, str]) -> int:
    """Return how wide a stream's terminal is: what COLUMNS says, what the terminal says, or a width for pipes."""
    said = environ.get("COLUMNS", "")
    if said.isdecimal() and int(said) > 0:
        return int(said)
    try:
        return os.get_terminal_size(out.fileno()).columns or _PIPE_COLUMNS
    except (OSError, ValueError):
        return _PIPE_COLUMNS


def table_lines(screen: Screen, heads: Sequence[str], rows: Sequence[Sequence[str]], indent: str = "") -> list[str]:
    """Return rows under heads, columns aligned; numbers flush right; the widest columns give way to fit the screen."""
    if not rows:
        return []
    widths = [max(width(row[i]) for row in (heads, *rows)) for i in range(len(heads))]
    _shrink(widths, screen.columns - len(indent) - len(_GAP) * (len(heads) - 1))
    numeric = [all(_is_number(row[i]) for row in rows) for i in range(len(heads))]
    lines = [screen.paint(indent + _row(heads, widths, numeric), "dim")]
    lines += [indent + _row(row, widths, numeric) for row in rows]
    return lines


def bar(points: float, most: float, columns: int) -> str:
    """Return a bar as long as ``points`` are against ``most``: right of the middle what adds, left what takes away."""
    half = max(columns // 2, 1)
    length = min(round(abs(points) / most * half), half) if most > 0 else 0
    block = "█" * length
    return pad(block, half, right=True) + "│" if points < 0 else " " * half + "│" + block


def _row(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    """Return one row, every cell fitted to its column."""
    padded = [pad(cell, columns, right=right) for cell, columns, right in zip(cells, widths, numeric, strict=True)]
    return _GAP.join(padded).rstrip()


def _shrink(widths: list[int], room: int) -> None:
    """Take columns from the widest until all fit."""
    while sum(widths) > room and max(widths) > 4:
        widths[widths.index(max(widths))] -= 1


def _is_number(cell: str) -> bool:
    """Say whether a cell holds a number or nothing."""
    return cell.replace(",", "").replace(".", "", 1).lstrip("+-").removesuffix(" %").isdigit() or not cell
