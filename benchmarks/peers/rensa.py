"""rensa: R-MinHash over whole token sets in batches, native LSH with bulk insert and bulk query.

Its faster digest matrix and rho sketch end at one duplicate flag per text; they name no pairs.
"""

from __future__ import annotations

from rensa import RMinHash, RMinHashLSH

from peers.shingles import word_shingles


def run(texts: list[str]) -> list[tuple[int, int]]:
    """Return the pairs that share an LSH band, unverified."""
    sketches = RMinHash.from_token_sets(map(word_shingles, texts), num_perm=128, seed=42)
    index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    index.insert_many(sketches)
    return [(j, i) for i, found in enumerate(index.query_all(sketches)) for j in found if j < i]
