"""The terminal out: a screen of so many columns, with or without colour, and what is drawn on it.

In: plain text, already inert. Out: lines. What the lines say is decided in the ``*_view`` files.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dedup.report.width import fit, pad, width, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

RELATIONS = {"exact": "1;36", "near": "36", "event": "94", "story": "35", "none": "2"}
_STYLES = {"bold": "1", "dim": "2", "mark": "7", "green": "32", "yellow": "33", "red": "31", **RELATIONS}
"""Green speaks for being one, red against it, yellow wants a look; each relation has a colour nothing else has."""

_NAMES = {"id", *RELATIONS}
"""Columns that hold ids, which people copy."""

_SURE, _UNSURE = 0.8, 0.2
_PIPE_COLUMNS = 100
_LEAST_COLUMNS = 40
_LEAST_TITLE, _LEAST_CELL = 16, 10
_GAP = "  "


@dataclass(frozen=True, slots=True)
class Screen:
    """Where lines are drawn: ``columns`` wide, in ``colour`` or not."""

    columns: int = _PIPE_COLUMNS
    colour: bool = False

    def paint(self, text: str, style: str) -> str:
        """Return the text in a style (of ``_STYLES``: a look, a colour, a relation), or as it is without colour."""
        if not self.colour or not text:
            return text
        return f"\x1b[{_STYLES[style]}m{text}\x1b[0m"

    def paint_by(self, p: float, text: str) -> str:
        """Return the text in the colour of a probability: green for likely, red for unlikely, yellow between."""
        return self.paint(text, "green" if p >= _SURE else "red" if p < _UNSURE else "yellow")


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
    """Return rows under heads, columns aligned, numbers flush right and never cut.

    Columns without a single cell are left out. To fit the screen, texts give way, the last column (titles) first and
    ids last; where that is not enough, each row stands on lines of its own. A column headed by a relation has its
    colour.
    """
    filled = [i for i in range(len(heads)) if any(row[i] for row in rows)]
    heads, rows = [heads[i] for i in filled], [[row[i] for i in filled] for row in rows]
    if not filled:
        return []
    widths = [min(max(map(width, column)), screen.columns) for column in zip(heads, *rows, strict=True)]
    numeric = [all(map(_is_number, column)) for column in zip(*rows, strict=True)]
    room = screen.columns - len(indent) - len(_GAP) * (len(heads) - 1)
    if sum(size if right else min(size, _LEAST_CELL) for size, right in zip(widths, numeric, strict=True)) > room:
        return [line for row in rows for line in _stacked(screen, heads, row, indent)]
    texts = [i for i, right in enumerate(numeric) if not right]
    titles = [i for i in texts if i == len(heads) - 1]
    unnamed = [i for i in texts if heads[i] not in _NAMES]
    for giving, least in ((titles, _LEAST_TITLE), (unnamed, _LEAST_CELL), (texts, _LEAST_CELL)):
        _shrink(widths, room, giving, least)
    plain, columns = Screen(), list(zip(widths, numeric, heads, strict=True))
    lines = [screen.paint(indent + _row(plain, heads, columns), "dim")]
    return lines + [indent + _row(screen, row, columns) for row in rows]


def bar(points: float, most: float, columns: int) -> str:
    """Return a bar as long as ``points`` are against ``most``: right of the middle what adds, left what takes away."""
    half = max(columns // 2, 1)
    length = min(round(abs(points) / most * half), half) if most > 0 else 0
    block = "█" * length
    return pad(block, half, right=True) + "│" if points < 0 else " " * half + "│" + block


def _row(screen: Screen, cells: Sequence[str], columns: Sequence[tuple[int, bool, str]]) -> str:
    """Return one row, every cell fitted to its column: how wide, flush right or not, under which head."""
    padded = []
    for cell, (room, right, head) in zip(cells, columns, strict=True):
        fitted = pad(cell, room, right=right)
        padded.append(screen.paint(fitted, head) if head in RELATIONS and cell != "-" else fitted)
    return _GAP.join(padded).rstrip()


def _stacked(screen: Screen, heads: Sequence[str], row: Sequence[str], indent: str) -> list[str]:
    """Return a row that does not fit one line: every cell behind its head, over as many lines as it takes."""
    told = [f"{head} {fit(cell, 2 * screen.columns)}".strip() for head, cell in zip(heads, row, strict=True) if cell]
    first, *more = wrap(" · ".join(told), screen.columns, indent + "  ")
    return [indent + first.strip(), *more]


def _shrink(widths: list[int], room: int, giving: Sequence[int], least: int) -> None:
    """Take from the widest of the columns that give way, down to ``least`` each, until all fit the room."""
    while giving and sum(widths) > room:
        widest = max(giving, key=widths.__getitem__)
        if widths[widest] <= least:
            return
        widths[widest] -= 1


def _is_number(cell: str) -> bool:
    """Say whether a cell holds a number or nothing."""
    return cell.replace(",", "").replace(".", "", 1).lstrip("+-").removesuffix(" %").isdigit() or not cell
