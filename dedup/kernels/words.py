"""Texts to their words: what each is, where it stands and what it looks like.

In: a flat buffer of texts. Out: the tokens of all texts one behind the other. ``plain_words.word_batch`` says the same
without haste.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.measure import mark_words
from dedup.kernels.text import tokenize


@compiled
def word_batch(buf: Any, offsets: Any, fold: Any, hashes: Any, starts: Any, ends: Any, looks: Any, counts: Any) -> Any:
    """Write the words of texts ``buf[offsets[i]:offsets[i + 1]]`` and return how many there are.

    Filled, for n texts of s bytes in all: ``hashes`` : uint64[s // 2 + 2 n]; ``starts, ends`` : int64[s // 2 + 2 n],
    bytes of the word's own text; ``looks`` : uint8[s // 2 + 2 n], see ``elements.PLAIN``; ``counts`` : int64[n].
    """
    total = 0
    for i in range(len(offsets) - 1):
        start, end = offsets[i], offsets[i + 1]
        n = tokenize(buf, start, end, fold, hashes[total:], starts[total:], ends[total:])
        mark_words(buf, start, end, fold, starts[total:], ends[total:], n, looks[total:])
        for k in range(total, total + n):
            starts[k] -= start
            ends[k] -= start
        counts[i] = n
        total += n
    return np.int64(total)
