"""Writes dedup/background.bin: how common terms are in the news at large, by language.

    python benchmarks/background_table.py --data DATA

Counted are the articles of sets that state their language or have one; texts and labels leave no trace but counts. A
term goes in if at least ``FEWEST`` articles of a language and ``LEAST_SHARE`` of them have it, with the largest share
it has in any language.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np
from data import add_data_option, find_set

from dedup.background import BACKGROUND_PATH, MAGIC, hashed
from dedup.clean import clean_corpus
from dedup.corpus import as_article, build_corpus
from dedup.kernels import fast
from dedup.kernels.fold import fold_table
from dedup.packing import as_bytes, pack
from dedup.settings import RAREST, RARITY_STEPS, Settings
from dedup.terms import TITLE_END

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dedup.corpus import Corpus

SETS = ("news_corpus", "semeval2022", "tg_pairs")
FEWEST, LEAST_SHARE = 3, 0.0004


def languages(folder: str) -> Iterator[Corpus]:
    """Yield one corpus a language and set."""
    for name in SETS:
        rows = list(find_set(folder, name).articles())
        for language in sorted({row.get("lang") or "" for row in rows}):
            mine = (row for row in rows if (row.get("lang") or "") == language)
            yield build_corpus(as_article(row, k) for k, row in enumerate(mine))


def shares(corpus: Corpus) -> dict[int, float]:
    """Return the share of articles that have each term."""
    cleaned = clean_corpus(corpus, Settings())
    nothing = hashed(np.empty(0, np.uint64), np.empty(0, np.uint8))
    found = []
    for first, last in cleaned.texts.chunks():
        heads = [as_bytes(title) + TITLE_END for title in cleaned.titles[first:last]]
        buf, offsets = pack([head + text for head, text in zip(heads, cleaned.texts[first:last], strict=True)])
        ends = offsets[:-1] + np.array([len(head) for head in heads])
        terms, masses = np.empty(len(buf), np.uint32), np.empty(len(buf), np.float32)
        rarities, flags = np.empty(len(buf), np.uint8), np.empty(len(buf), np.uint8)
        counts = np.empty(last - first, np.int32)
        n = fast.term_batch(
            buf, offsets, ends, fold_table(), *nothing, len(buf), terms, masses, rarities, flags, counts
        )  # fmt: skip
        found.append(terms[:n].copy())
    terms, counts = np.unique(np.concatenate(found), return_counts=True)
    kept = counts >= max(FEWEST, LEAST_SHARE * len(corpus))
    return dict(zip(terms[kept].tolist(), (counts[kept] / len(corpus)).tolist(), strict=True))


def main() -> None:
    """Count and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_data_option(parser)
    largest: dict[int, float] = {}
    for corpus in languages(parser.parse_args().data):
        for term, share in shares(corpus).items():
            largest[term] = max(largest.get(term, 0.0), share)
    terms = np.array(sorted(largest), "<u4")
    rarity = np.round(-np.log([largest[term] for term in terms.tolist()]) * RARITY_STEPS)
    BACKGROUND_PATH.write_bytes(MAGIC + terms.tobytes() + np.minimum(rarity, RAREST).astype(np.uint8).tobytes())
    print(f"{len(terms)} terms, {BACKGROUND_PATH.stat().st_size} bytes")


if __name__ == "__main__":
    main()
