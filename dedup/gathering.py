"""What is known of a corpus before anything is judged: clean, sketch, propose, measure.

In: a corpus. Out: ``Gathered``. The wording of two articles is compared where a channel of wording proposed them, their
subjects where events or stories are asked for.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.banding import Banding, choose_banding
from dedup.candidates import (
    UNLIKE_TITLES,
    Candidates,
    Shingled,
    band_channel,
    collapse,
    copy_channel,
    distinct,
    group_shingles,
    merge,
    packed,
    rule_out_bands,
    shingle_channel,
)
from dedup.clean import Cleaned, clean_corpus
from dedup.datasketch_engine import datasketch_channel
from dedup.evidence import add_days, add_titles, take_evidence
from dedup.likeness import add_days_named, add_likeness, add_quotes, is_promising
from dedup.measures import COLUMN, MEASURES
from dedup.memory import give_back
from dedup.neighbours import neighbour_channel
from dedup.packing import Texts
from dedup.results import CHANNEL_BITS
from dedup.rivals import add_rivalry
from dedup.settings import SIGNATURE_SLOTS, Settings
from dedup.sketch import sketch_texts
from dedup.terms import TermTaker

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.terms import Terms

    Progress = Callable[[str, int, int], None]

BY_WORDING = np.uint8(CHANNEL_BITS["bands"] | CHANNEL_BITS["shingles"] | CHANNEL_BITS["copies"])
"""The channels whose pairs may be copies of each other."""


class Gathered(NamedTuple):
    """What is known of a corpus before anything is judged.

    ``n_words, bodies`` as in ``sketch.Sketches``, ``unit, evidence`` as in ``results.Findings``; ``judged`` :
    bool[n_pairs], pairs worth a judgement; ``exact`` : int32[n_articles], the first row with the same words in title
    and text; ``shingles`` : int32[n_measured, 3], word 3-shingles of left, of right and of both, of the pairs whose
    wording was compared; ``copyable`` : bool[n_pairs], pairs that may be copies: their wording was compared, and neither
    sketches nor titles rule it out.
    """

    corpus: Corpus
    cleaned: Cleaned
    n_words: NDArray[np.int32]
    bodies: NDArray[np.uint64]
    unit: NDArray[np.int32]
    exact: NDArray[np.int32]
    banding: Banding
    candidates: Candidates
    evidence: NDArray[np.float32]
    shingles: NDArray[np.int32]
    judged: NDArray[np.bool_]
    copyable: NDArray[np.bool_]

    @property
    def measured(self) -> NDArray[np.bool_]:
        """Whose wording was compared: bool[n_pairs]."""
        by_wording: NDArray[np.bool_] = (self.candidates.channels & BY_WORDING) != 0
        return by_wording

    def reread(self, pairs: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
        """Return evidence and shingles of some pairs, the wording compared where it was not."""
        table, shingles = self.evidence[pairs], np.empty((len(pairs), 3), np.int32)
        known = self.measured[pairs]
        shingles[known] = self.shingles[np.searchsorted(np.flatnonzero(self.measured), pairs[known])]
        rows = np.flatnonzero(~known)
        ends = self.candidates.left[pairs[rows]], self.candidates.right[pairs[rows]]
        taken = take_evidence(self.cleaned.texts, self.n_words, self.bodies, ends)
        table[rows, : COLUMN["title"]] = taken.table[:, : COLUMN["title"]]
        shingles[rows] = taken.shingles
        return table, shingles


def gather(
    corpus: Corpus, settings: Settings, progress: Progress | None = None, asked: Sequence[tuple[int, int]] = ()
) -> Gathered:
    """Clean, sketch, propose and measure; ``progress`` hears (stage, done, total) as each stage moves on.

    ``asked`` are pairs of rows, the smaller first, that are measured in full whatever the channels say of them.
    """
    told = _Teller(progress, len(corpus))
    told("clean", 0)
    cleaned = clean_corpus(corpus, settings, told.count("clean"))
    give_back(len(corpus))
    told("sketch", 0)
    subjects = TermTaker(cleaned.titles, cleaned.texts) if settings.level in ("event", "story") else None
    sketches = sketch_texts(cleaned.texts, settings, told.count("sketch"), subjects)
    told("candidates", 0)
    n_words, bodies, signatures = sketches.n_words, sketches.bodies, sketches.signatures
    kept, offsets = sketches.kept, sketches.offsets
    del sketches  # each part is let go of once it is of no more use: together they are half the memory of a run
    unit = collapse(bodies, n_words)
    units = np.flatnonzero((unit == np.arange(len(unit))) & (n_words > 0)).astype(np.int32)
    banding = choose_banding(SIGNATURE_SLOTS, settings.band_recall, settings.band_similarity)
    banded = _banded(cleaned.texts, signatures, units, banding, settings)
    del signatures
    grouped = group_shingles(kept, offsets, units, settings)
    sketch_sizes = np.diff(offsets)
    del kept, offsets
    shingled = shingle_channel(grouped, sketch_sizes, settings)
    del grouped
    give_back(len(corpus))
    exact = _exact_labels(cleaned, unit)
    copies, shingled = _with_asked(asked, unit, copy_channel(unit, exact), shingled)
    certain = {"copies": copies}
    terms = None
    if subjects:
        terms, certain["terms"] = _sought(subjects, corpus, units, settings, told)
        del subjects
    found = merge(banded, shingled, certain)
    del banded, shingled, certain
    named, table = _alike(terms, found, settings.threads)
    del terms  # as much as everything else there is
    give_back(len(corpus))
    known = _known(corpus, cleaned, (n_words, bodies), (unit, exact), (banding, found, table))
    known = _measure(known, named, settings.threads, told)
    give_back(len(corpus))
    return known


def _banded(
    texts: Texts, signatures: NDArray[np.uint16], units: NDArray[np.int32], banding: Banding, settings: Settings
) -> tuple[NDArray[np.uint64], int]:
    """Return the pairs the bands propose, by the engine asked for, and how many buckets were too large."""
    if settings.sketch == "datasketch":
        banded = datasketch_channel(texts, units, banding)
    else:
        banded = band_channel(signatures, units, banding, settings)
    return rule_out_bands(banded, signatures)


def _with_asked(
    asked: Sequence[tuple[int, int]], unit: NDArray[np.int32], copies: NDArray[np.uint64], shingled: Shingled
) -> tuple[NDArray[np.uint64], Shingled]:
    """Return copies and what the shingles propose, with the pairs asked for: copies where the bodies are the same."""
    if not asked:
        return copies, shingled
    left, right = np.array(asked, np.int32).T
    same, pairs = unit[left] == unit[right], packed(left, right)
    with_copies = distinct(np.concatenate([copies, pairs[same]]))
    with_pairs = distinct(np.concatenate([shingled.pairs, pairs[~same]]))
    faint = np.isin(with_pairs, shingled.pairs[shingled.faint]) & ~np.isin(with_pairs, pairs)
    return with_copies, Shingled(with_pairs, faint, shingled.capped)


def _sought(
    subjects: TermTaker, corpus: Corpus, units: NDArray[np.int32], settings: Settings, told: _Teller
) -> tuple[Terms, NDArray[np.uint64]]:
    """Return the terms of all articles, weighed, and the packed pairs of units near each other in subject and time."""
    terms = subjects.terms()
    give_back(len(corpus))
    told("neighbours", 0, len(units))
    pairs = neighbour_channel(terms, units, corpus.days.all(), settings.threads, told.count("neighbours"))
    give_back(len(corpus))
    return terms, pairs


def _alike(
    terms: Terms | None, found: Candidates, threads: int
) -> tuple[NDArray[np.int16] | None, NDArray[np.float32]]:
    """Return the days each article names, and a table of evidence that holds the likeness of subjects, where terms are known.

    Columns of the table that are not filled are not touched: they take no memory before they are.
    """
    table = np.empty((len(found.left), len(MEASURES)), np.float32, order="F")
    table[:, COLUMN["title"]] = np.nan
    if terms is None:
        table[:, COLUMN["subject"] :] = np.nan
        return None, table
    add_likeness(table, terms, found.left, found.right, threads)
    add_quotes(table, terms.quoted, found.left, found.right)
    return terms.named, table


def _known(
    corpus: Corpus,
    cleaned: Cleaned,
    wording: tuple[NDArray[np.int32], NDArray[np.uint64]],
    labels: tuple[NDArray[np.int32], NDArray[np.int32]],
    proposed: tuple[Banding, Candidates, NDArray[np.float32]],
) -> Gathered:
    """Return what is known so far; ``wording`` : words and bodies; ``labels`` : those of units and of exact copies."""
    banding, found, table = proposed
    shingles, no_pair = np.empty((0, 3), np.int32), np.zeros(len(table), bool)
    return Gathered(corpus, cleaned, *wording, *labels, banding, found, table, shingles, no_pair, no_pair)


def _without_unlike(known: Gathered, threads: int) -> Gathered:
    """Take the evidence of titles, and leave out pairs that cannot be copies."""
    rows = np.arange(len(known.evidence))
    add_titles(
        known.evidence, known.cleaned.titles, known.candidates.left, known.candidates.right, rows, threads=threads
    )
    kept = ~_are_unlike(known)
    if kept.all():
        return known
    return known._replace(candidates=known.candidates.only(kept), evidence=np.asfortranarray(known.evidence[kept]))


def _are_unlike(known: Gathered) -> NDArray[np.bool_]:
    """Say which pairs sketches and titles rule out as copies: bool[n_pairs]."""
    unlike: NDArray[np.bool_] = known.candidates.faint & (known.evidence[:, COLUMN["title"]] < UNLIKE_TITLES)
    return unlike


def _measure(known: Gathered, named: NDArray[np.int16] | None, threads: int, told: _Teller) -> Gathered:
    """Take all evidence that is missing; where two bodies are the same, the left is measured against itself.

    ``named`` : the days each article names, ``None`` where only copies are sought.
    """
    if named is None:
        known = _without_unlike(known, threads)
    told("evidence", 0, int(np.count_nonzero(known.measured)))
    left, right, table = known.candidates.left, known.candidates.right, known.evidence
    rows = np.flatnonzero(known.measured)
    same = (known.candidates.channels[rows] & CHANNEL_BITS["copies"]) != 0
    pairs = left[rows], np.where(same, left[rows], right[rows])
    heard = told.count("evidence")
    taken = take_evidence(known.cleaned.texts, known.n_words, known.bodies, pairs, threads=threads, progress=heard)
    table[:, : COLUMN["title"]] = np.nan
    table[rows, : COLUMN["title"]] = taken.table[:, : COLUMN["title"]]
    add_days(table, known.corpus.days.of(left), known.corpus.days.of(right))
    judged = known.measured
    if named is not None:
        add_rivalry(table, known.corpus.days.all(), (left, right))
        add_days_named(table, named, (left, right))
        judged |= is_promising(table)
        add_titles(table, known.cleaned.titles, left, right, np.flatnonzero(judged), threads=threads)
    return known._replace(shingles=taken.shingles, judged=judged, copyable=known.measured & ~_are_unlike(known))


def _exact_labels(cleaned: Cleaned, unit: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the smallest row with the same folded words in title and text: int32[n]."""
    labels = np.arange(len(unit), dtype=np.int32)
    rows = np.flatnonzero((np.bincount(unit, minlength=len(unit)) > 1)[unit])
    titles = sketch_texts(Texts([cleaned.titles[row] for row in rows.tolist()]), Settings())
    first: dict[tuple[int, int, int], int] = {}
    for row, head, (one, two) in zip(rows.tolist(), unit[rows].tolist(), titles.bodies.tolist(), strict=True):
        labels[row] = first.setdefault((head, one, two), row)
    return labels


class _Teller:
    """Passes progress on to whoever listens."""

    def __init__(self, progress: Progress | None, n_articles: int) -> None:
        self.progress = progress
        self.total = n_articles
        self.done = 0
        self._one_at_a_time = threading.Lock()

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        self.done = done
        self.total = self.total if total is None else total
        if self.progress is not None:
            self.progress(stage, done, self.total)

    def count(self, stage: str) -> Callable[[int, int], None]:
        """Return a listener that adds up what a stage has done."""

        def add(n: int, _: int) -> None:
            with self._one_at_a_time:
                self(stage, self.done + n)

        return add
