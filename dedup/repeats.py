"""Lines that stand in many different articles of one outlet, which is how furniture without a known phrase shows.

In: a corpus and its short lines. Out: which of them. Lines are told apart by their hashes.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from dedup.furniture import continues_sentence
from dedup.kernels import kernels_for
from dedup.kernels.fold import GOLDEN
from dedup.memory import pages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.lines import Lines

FEWEST_REPEATS = 5
REPEAT_SHARE = 0.005
"""A line repeats if it stands in at least so many articles of its outlet, and in that share of them."""

MOST_CUT = 0.5
"""Repeated lines that make up more of an article than this are its text, copied elsewhere, and stay."""

SAMPLE = 8
"""Articles with a repeated line that are looked at to tell furniture from copies."""


def repeated_lines(corpus: Corpus, lines: Lines) -> NDArray[np.int64]:
    """Return the places of lines that stand in many different articles of one outlet, no copies of each other."""
    numbers = {name: k for k, name in enumerate(sorted(set(corpus.outlets)))}
    salts = np.array([numbers[name] for name in corpus.outlets], np.uint64)
    salts *= np.uint64(GOLDEN)
    candidates = _often(lines, salts)
    every_owner = lines.owners(candidates)
    keys = lines.hashes[candidates] ^ salts[every_owner]
    order = np.argsort(keys, kind="stable")
    articles = Counter(corpus.outlets)
    repeated = [np.empty(0, np.int64)]
    ends = np.flatnonzero(np.diff(keys[order], append=~keys[order[-1:]])) + 1
    starts = np.concatenate([[0], ends])[:-1]
    large = ends - starts >= FEWEST_REPEATS
    for first, last in zip(starts[large].tolist(), ends[large].tolist(), strict=True):
        least = max(FEWEST_REPEATS, REPEAT_SHARE * articles[corpus.outlets[every_owner[order[first]]]])
        if last - first < least:  # most are, and telling owners apart takes longest
            continue
        members = candidates[order[first:last]]
        owners = np.unique(every_owner[order[first:last]])
        if len(owners) < least:
            continue
        start, size = int(lines.starts[members[0]]), int(lines.sizes[members[0]])
        line = corpus.texts[int(owners[0])][start : start + size]
        if not continues_sentence(line.decode("utf-8", "replace")) and not _copies(lines, owners[:SAMPLE].tolist()):
            repeated.append(members)
    return _but_for_copies(corpus, lines, np.concatenate(repeated))


def _often(lines: Lines, salts: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the places of all lines that stand somewhere ``FEWEST_REPEATS`` times, and of few others, in order."""
    kernels = kernels_for(16 * len(lines.hashes))
    seen = pages(1 << len(lines.hashes).bit_length(), np.uint8)
    found = np.empty(kernels.tally_lines(lines.hashes, lines.bounds, salts, FEWEST_REPEATS, seen), np.int64)
    kernels.crowded_lines(lines.hashes, lines.bounds, salts, FEWEST_REPEATS, seen, found)
    return found


def _copies(lines: Lines, owners: list[int]) -> bool:
    """Say whether the articles share most of their lines, which makes them copies of one text."""
    shared, total = 0, 0
    before: set[int] | None = None
    for i in owners:
        now = set(lines.hashes[lines.bounds[i] : lines.bounds[i + 1]].tolist())
        if before is not None:
            shared += len(now & before)
            total += min(len(now), len(before))
        before = now
    return 2 * shared > total


def _but_for_copies(corpus: Corpus, lines: Lines, found: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the lines found without those of articles that would lose too much."""
    owners = lines.owners(found)
    sizes = np.bincount(owners, lines.sizes[found], len(corpus))
    some = np.flatnonzero(sizes)
    letters = np.fromiter((len(corpus.texts.raw[i]) for i in some.tolist()), np.int64, len(some))
    large = some[sizes[some] > MOST_CUT * letters]  # a text has no fewer bytes than letters: most need not be encoded
    bare = [i for i in large.tolist() if sizes[i] > MOST_CUT * len(corpus.texts[i])]
    return found[~np.isin(owners, bare)]
