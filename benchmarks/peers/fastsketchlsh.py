"""FastSketchLSH: batch sketches of token lists, one insert and one batch query in row-pointer form."""

from __future__ import annotations

import numpy as np
from FastSketchLSH import LSH, FastSimilaritySketch

from peers.shingles import word_shingles

BATCH = 1000
"""Texts sketched at once: its batch call wants every token of a batch in memory."""


def run(texts: list[str]) -> list[tuple[int, int]]:
    """Return the pairs that share an LSH band, unverified."""
    sketcher = FastSimilaritySketch(size=128, seed=42)
    batches = (texts[start : start + BATCH] for start in range(0, len(texts), BATCH))
    sketches = np.concatenate([sketcher.batch([word_shingles(text) for text in batch]) for batch in batches])
    index = LSH(num_perm=128, num_bands=32)
    index.insert(sketches)
    found, starts = index.query(sketches, format="csr")
    rows = np.repeat(np.arange(len(texts)), np.diff(starts.astype(np.int64)))
    keep = found < rows
    return list(zip(found[keep].tolist(), rows[keep].tolist(), strict=True))
