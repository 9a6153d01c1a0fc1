"""Writes dedup/kernels/fold.bin, the frozen table that folds code points (run once per table version).

The package never asks the running Python's unicodedata anything, so sketches agree across Python versions. The rule
for one code point: compatibility decomposition and case folding (UAX #15, NFKD), letters without their accents, digits
of any script as 0-9, scripts written without spaces as one token a character, joiners and accents dropped, everything
else a gap.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import numpy as np

from dedup.kernels.fold import CHARACTER, DIGIT, DROPPED, EXPANSION, FOLD_PATH, FOLD_VERSION, GAP, LETTER, pack

SPELLED = {
    "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d", "ŋ": "n",
    "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643",
}  # fmt: skip
"""Letters that decomposition leaves apart although newsrooms spell them either way."""

NO_SPACES = (
    (0x0E00, 0x0EFF), (0x0F00, 0x0FFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x19E0, 0x19FF), (0x2E80, 0x2FDF),
    (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F), (0xF900, 0xFAFF), (0x1B000, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip
"""Thai and Lao, Tibetan, Myanmar, Khmer, Han and kana: blocks of scripts that do not part words with spaces."""

DROPPED_POINTS = {
    0x00AD,
    0x0640,
    0x061C,
    0xFEFF,
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
}
ACCENT_CLASSES = (*range(10, 36), *range(200, 241))
"""Canonical combining classes of accents and points; vowel signs of Indic scripts are not among them and stay."""


def fold(point: int) -> tuple[int, str]:
    """Return the class of a code point and the text it folds to."""
    char = chr(point)
    if point in DROPPED_POINTS or 0xFE00 <= point <= 0xFE0F or 0xE0100 <= point <= 0xE01EF:
        return DROPPED, ""
    if 0xD800 <= point <= 0xDFFF:
        return GAP, ""
    if unicodedata.combining(char) in ACCENT_CLASSES:
        return DROPPED, ""
    if 0xAC00 <= point <= 0xD7A3:
        return LETTER, char
    if point > 0x3000 and unicodedata.category(char).startswith("M") and no_spaces(point):
        return DROPPED, ""
    folded = spell(char)
    if not folded or not all(c.isalnum() or unicodedata.category(c) in ("Mc", "Mn") for c in folded):
        return GAP, ""
    if len(folded) == 1 and no_spaces(ord(folded)):
        return CHARACTER, folded
    if all(unicodedata.category(c) == "Nd" for c in folded):
        folded = "".join(str(unicodedata.digit(c)) for c in folded)
        return (DIGIT if len(folded) == 1 else EXPANSION), folded
    return (LETTER if len(folded) == 1 else EXPANSION), folded


def spell(char: str) -> str:
    """Decompose, fold case and drop accents until nothing changes."""
    before, text = "", char
    while before != text:
        before = text
        text = unicodedata.normalize("NFKD", text).casefold()
        text = "".join(SPELLED.get(c, c) for c in text if unicodedata.combining(c) not in ACCENT_CLASSES)
    return text if len(text) <= min(4, len(char.encode())) else char


def no_spaces(point: int) -> bool:
    """Say whether a code point belongs to a script written without spaces."""
    return any(low <= point <= high for low, high in NO_SPACES)


def main() -> None:
    """Write the table and say how large it is."""
    entries = np.zeros(0x110000, np.uint32)
    pool: list[int] = []
    for point in range(0x110000):
        kind, folded = fold(point)
        capital = unicodedata.category(chr(point)) in ("Lu", "Lt")
        if kind == EXPANSION:
            entries[point] = pack(kind, len(pool), capital, len(folded))
            pool.extend(map(ord, folded))
        else:
            entries[point] = pack(kind, 0 if folded in ("", chr(point)) else ord(folded), capital, 1)
    blocks, stage = np.unique(entries.reshape(-1, 256), axis=0, return_inverse=True)
    head = np.array([FOLD_VERSION, len(blocks), len(pool)], "<u4")
    parts = (head, stage.astype("<u2"), blocks.astype("<u4"), np.array(pool, "<u4"))
    Path(FOLD_PATH).write_bytes(b"".join(part.tobytes() for part in parts))
    print(f"{FOLD_PATH.name}: version {FOLD_VERSION}, {len(blocks)} blocks, {FOLD_PATH.stat().st_size} bytes")


if __name__ == "__main__":
    main()
