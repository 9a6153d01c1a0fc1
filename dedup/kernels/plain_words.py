"""Words with their places in plain Python; see ``plain``."""

from __future__ import annotations

from typing import Any

from dedup.kernels.plain_texts import mark_words, texts_of, tokenize


def word_batch(buf: Any, offsets: Any, fold: Any, hashes: Any, starts: Any, ends: Any, looks: Any, counts: Any) -> int:
    """See ``words.word_batch``."""
    del fold
    total = 0
    for i, raw in enumerate(texts_of(buf, offsets)):
        found, after = tokenize(raw)
        n = len(found)
        begun, look = mark_words(raw, after)
        hashes[total : total + n], ends[total : total + n] = found, after
        starts[total : total + n], looks[total : total + n] = begun, look
        counts[i] = n
        total += n
    return total
