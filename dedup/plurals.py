"""Counts in words: a number and its noun, in the plural unless there is but one."""

from __future__ import annotations

import re


def many(n: int, noun: str, nouns: str = "") -> str:
    """Return a count with its noun; ``nouns`` is the plural where ``plural`` does not know it."""
    return f"{n:,} {numbered(n, noun, nouns)}"


def numbered(n: int, noun: str, nouns: str = "") -> str:
    """Return a noun as it stands behind a count."""
    return noun if n == 1 else nouns or plural(noun)


def plural(noun: str) -> str:
    """Return the plural of a noun, or of words that end in one: "ies" for a consonant and y, else an s more."""
    return re.sub("(?<=[^aeiou])y$", "ie", noun) + "s"
