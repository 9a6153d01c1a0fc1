"""dedup: the whole job, from texts to verified, ranked pairs."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

import dedup

if TYPE_CHECKING:
    from collections.abc import Sequence


def run(texts: list[str], titles: Sequence[str] = (), threads: int = 1) -> list[tuple[int, int]]:
    """Return the pairs at or above the shipped threshold, with their evidence taken and ranked."""
    articles = (
        {"id": str(i), "title": title, "text": text}
        for i, (text, title) in enumerate(zip_longest(texts, titles, fillvalue=""))
    )
    result = dedup.find(articles, threads=threads)
    ends = ((int(pair.a), int(pair.b)) for pair in result.pairs)
    return [(min(pair), max(pair)) for pair in ends]
