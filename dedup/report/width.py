"""How wide words stand on a terminal, and how to make them fit."""

from __future__ import annotations

import unicodedata


def width(text: str) -> int:
    """Return the terminal columns a text takes: two for wide characters, none for combining marks."""
    if text.isascii():
        return len(text)
    return sum(map(_char_width, text))


def fit(text: str, columns: int) -> str:
    """Return the text cut to at most so many columns, an ellipsis standing for what was cut."""
    if width(text) <= columns:
        return text
    if columns < 1:
        return ""
    kept, used = [], 0
    for char in text:
        used += _char_width(char)
        if used > columns - 1:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def pad(text: str, columns: int, *, right: bool = False) -> str:
    """Return the text fitted to exactly so many columns, flush left or ``right``."""
    text = fit(text, columns)
    blank = " " * (columns - width(text))
    return blank + text if right else text + blank


def wrap(text: str, columns: int, indent: str = "") -> list[str]:
    """Return the text in lines of at most so many columns, each after ``indent``; long words are cut across lines."""
    room = max(columns - width(indent), 8)
    lines, line = [], ""
    for word in text.split():
        joined = f"{line} {word}" if line else word
        if width(joined) <= room:
            line = joined
            continue
        if line:
            lines.append(line)
        *full, line = _pieces(word, room)
        lines.extend(full)
    if line:
        lines.append(line)
    return [indent + each for each in lines]


def _pieces(word: str, room: int) -> list[str]:
    """Return a word in pieces of at most ``room`` columns."""
    pieces, piece, used = [], "", 0
    for char in word:
        step = _char_width(char)
        if used + step > room:
            pieces.append(piece)
            piece, used = "", 0
        piece += char
        used += step
    return [*pieces, piece]


def _char_width(char: str) -> int:
    """Return the columns of one character."""
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    if "\u1160" <= char <= "\u11ff" or (char >= "\u200b" and unicodedata.category(char) == "Cf"):
        return 0  # jamo that join the one before them; format characters, of which those below are drawn
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
