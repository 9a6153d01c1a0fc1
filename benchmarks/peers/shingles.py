"""Word 3-shingles made in Python, for the tools that take tokens instead of texts."""

from __future__ import annotations

import re

_words = re.compile(r"\w+").findall


def word_shingles(text: str) -> list[str]:
    """Return the runs of three lower-case words in ``text``; all its words as one run if it has fewer.

    Repeats stay in: the sketches ignore them, and dropping them costs more than it saves.
    """
    words = _words(text.lower())
    if len(words) < 3:
        return [" ".join(words)]
    return list(map(" ".join, zip(words, words[1:], words[2:], strict=False)))
