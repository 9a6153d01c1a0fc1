"""Text from strangers, made inert: what a title may not do to a terminal, a JSON line or a spreadsheet.

In: any text. Out: text without the characters that move cursors, change colours, reverse the reading order or start
a formula. What is taken out stays visible as an escape.
"""

from __future__ import annotations

import re

_MARKS = "\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f"
_CONTROLS = re.compile(f"[\x00-\x1f\x7f-\x9f{_MARKS}]")
_CONTROLS_IN_LINES = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f{_MARKS}]")
_CONTROLS_IN_JSON = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_BLANKS = re.compile(r"[ \t\r\n\f\v\x85]+")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """Return the text on one line, with controls, bidirectional marks and lone surrogates written as escapes."""
    return _CONTROLS.sub(_escaped, _BLANKS.sub(" ", text).strip())


def inert_lines(text: str) -> str:
    """Return the text made inert, its line breaks and blanks as they are."""
    return _CONTROLS_IN_LINES.sub(_escaped, text.replace("\r\n", "\n").replace("\r", "\n"))


def inert_json(line: str) -> str:
    r"""Return a line of JSON that means the same, with terminal controls as ``\uXXXX``.

    JSON escapes only the first 32 characters of its own accord; the rest reach a terminal as they are, and lone
    surrogates cannot be written as UTF-8 at all.
    """
    if (line.isascii() and "\x7f" not in line) or line.isprintable():
        return line  # as most are: the search below takes ten times as long
    return _CONTROLS_IN_JSON.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def not_a_formula(cell: str) -> str:
    """Return the cell with an apostrophe before it if a spreadsheet would run it."""
    return "'" + cell if cell.startswith(_FORMULA_STARTS) else cell


def _escaped(found: re.Match[str]) -> str:
    """Return one character as Python would write it."""
    code = ord(found[0])
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
