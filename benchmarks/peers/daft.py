"""daft: normalise, MinHash and LSH buckets inside its engine; pairs from the buckets with more than one text."""

from __future__ import annotations

from itertools import combinations

import daft
from daft import col, lit

BANDS, ROWS = 25, 5
BATCH = 1000
"""Rows to a batch; left whole, a frame of this size runs on one thread."""


def run(texts: list[str]) -> list[tuple[int, int]]:
    """Return the pairs that share an LSH band, unverified."""
    clean = col("text").normalize(remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True)
    sketch = clean.minhash(num_hashes=BANDS * ROWS, ngram_size=3, seed=42)
    bands = (
        daft.from_pydict({"id": list(range(len(texts))), "text": texts})
        .into_batches(BATCH)
        .select("id", sketch.chunk(ROWS).alias("rows"))
        .with_column("band", lit(list(range(BANDS))))
        .explode("rows", "band")
        .select("id", "band", col("rows").hash().alias("bucket"))
    )
    buckets = bands.groupby("band", "bucket").agg(col("id").list_agg()).where(col("id").list_count() > 1)
    pairs = {pair for ids in buckets.to_pydict()["id"] for pair in combinations(sorted(ids), 2)}
    return sorted(pairs)
