"""gaoya: its Rust index with its own tokeniser, bulk insert and bulk query; pairs are cut by estimated Jaccard."""

from __future__ import annotations

from gaoya.minhash import MinHashStringIndex


def run(texts: list[str]) -> list[tuple[int, int]]:
    """Return the pairs at or above the threshold by their sketches."""
    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=0.5,
        num_bands=25,
        band_size=5,
        analyzer="word",
        lowercase=True,
        ngram_range=(3, 3),
        id_container="vec",
    )
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    return [(j, i) for i, found in enumerate(index.par_bulk_query(texts)) for j in found if j < i]
