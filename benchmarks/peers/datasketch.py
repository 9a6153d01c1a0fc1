"""datasketch 2 as it comes: MinHash in bulk (its fastest way in), one session of inserts, one query per text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasketch import MinHash, MinHashLSH
from datasketch.hashfunc import sha1_hash32

from peers.shingles import word_shingles

if TYPE_CHECKING:
    from collections.abc import Callable


def run(texts: list[str]) -> list[tuple[int, int]]:
    """Return the pairs that share an LSH band, unverified."""
    return run_with(texts, sha1_hash32)


def run_with(texts: list[str], hash_token: Callable[[bytes], int]) -> list[tuple[int, int]]:
    """Do the job with another hash of the tokens."""
    token_sets = ([shingle.encode() for shingle in word_shingles(text)] for text in texts)
    sketches = MinHash.bulk(token_sets, num_perm=128, seed=1, hashfunc=hash_token)
    index = MinHashLSH(threshold=0.5, num_perm=128)
    with index.insertion_session() as session:
        for i, sketch in enumerate(sketches):
            session.insert(i, sketch, check_duplication=False)
    return [(j, i) for i, sketch in enumerate(sketches) for j in index.query(sketch) if j < i]
