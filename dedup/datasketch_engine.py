"""The LSH channel by datasketch: the same word shingles, its MinHash and its MinHashLSH.

For people who hold datasketch signatures already, and as the yardstick beside our own channel.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels import plain
from dedup.settings import SIGNATURE_SLOTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from datasketch import MinHash
    from numpy.typing import NDArray

    from dedup.banding import Banding

SEED = 1
"""datasketch's own default; signatures made elsewhere with it agree."""


def datasketch_channel(
    texts: Sequence[bytes], units: NDArray[np.int32], banding: Banding
) -> tuple[NDArray[np.uint64], int]:
    """Return the packed pairs (sorted, distinct) that share an LSH bucket, and 0: datasketch caps no bucket."""
    from datasketch import MinHashLSH

    index = MinHashLSH(num_perm=SIGNATURE_SLOTS, params=(banding.bands, banding.rows))
    pairs = []
    for unit in units.tolist():
        signature = minhash(texts[unit])
        pairs += [int(other) << 32 | unit for other in index.query(signature)]
        index.insert(unit, signature)
    return np.unique(np.array(pairs, np.uint64)), 0


def minhash(text: bytes) -> MinHash:
    """Return datasketch's MinHash of a text: 128 permutations over the 64-bit hashes of its word 3-shingles."""
    from datasketch import MinHash

    signature = MinHash(num_perm=SIGNATURE_SLOTS, seed=SEED)
    shingles = plain.shingle(plain.tokenize(text)[0])
    if shingles:
        signature.update_batch([x.to_bytes(8, "little") for x in shingles])
    return signature
