"""How names met in the input are shown: on one line, whatever they hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

STDIN_NAME = "stdin"
"""What standard input is called in messages."""

_SHOWN_NAMES = 8
_SHOWN_CHARS = 40


def one_line(name: str) -> str:
    """Return a name with everything unprintable (line ends, lone surrogates) written as an escape."""
    if name.isprintable():
        return name
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in name)


def list_names(names: Iterable[str]) -> str:
    """Return field names for a message, cut to a length that can be read."""
    shown = [one_line(name[:_SHOWN_CHARS]) for name in names]
    more = len(shown) - _SHOWN_NAMES
    return ", ".join(shown[:_SHOWN_NAMES]) + (f" and {more} more" if more > 0 else "") or "none"
