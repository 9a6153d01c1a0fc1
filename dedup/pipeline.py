"""The river: clean, sketch, candidates, evidence, rank, cluster, read from top to bottom.

The only file that names every stage. ``run`` works on a corpus and returns arrays; ``find`` is for people.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.answer import result_of
from dedup.banding import choose_banding
from dedup.candidates import band_channel, collapse, copy_channel, merge, shingle_channel
from dedup.clean import clean_corpus
from dedup.cluster import cluster_pairs
from dedup.corpus import as_article, build_corpus
from dedup.datasketch_engine import datasketch_channel
from dedup.errors import SettingsError
from dedup.evidence import add_days, add_titles, take_evidence
from dedup.explanation import explain_pair
from dedup.packing import Texts
from dedup.rank import load_model
from dedup.results import CHANNEL_BITS, Findings
from dedup.settings import COPY_WORDS, LEVELS, SIGNATURE_SLOTS, Settings
from dedup.sketch import sketch_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from numpy.typing import NDArray

    from dedup.article import Article
    from dedup.banding import Banding
    from dedup.candidates import Candidates
    from dedup.clean import Cleaned
    from dedup.corpus import Corpus
    from dedup.evidence import Evidence
    from dedup.results import Explanation, Result
    from dedup.sketch import Sketches

    Progress = Callable[[str, int, int], None]

__all__ = ["explain", "find", "result_of", "run"]


def find(articles: Iterable[Article | str | Mapping[str, Any]], **settings: Any) -> Result:
    """Find copies among articles given as ``Article``, as plain texts, or as mappings with at least ``text``.

    Keywords are the fields of ``Settings``. Raises InputError for an article without text, SettingsError for a
    setting that cannot be.

    >>> import dedup
    >>> result = dedup.find(["The ferry sank off Aldport at dawn on Monday."] * 2)
    >>> len(result.clusters)
    1
    """
    try:
        chosen = Settings(**settings)
    except TypeError as error:
        name = "a keyword of find()"
        raise SettingsError(name, str(error), "a field of Settings: " + ", ".join(Settings.__slots__)) from None
    corpus = build_corpus(as_article(item, k) for k, item in enumerate(articles))
    return result_of(corpus, run(corpus, chosen), chosen)


class Gathered(NamedTuple):
    """What is known of a corpus before anything is judged."""

    cleaned: Cleaned
    sketches: Sketches
    unit: NDArray[np.int32]
    exact: NDArray[np.int32]
    banding: Banding
    candidates: Candidates
    evidence: Evidence


def run(corpus: Corpus, settings: Settings, *, progress: Progress | None = None) -> Findings:
    """Take a corpus down the river; ``progress`` hears (stage, done, total) as each stage moves on."""
    known = gather(corpus, settings, progress)
    left, right = known.candidates.left, known.candidates.right
    p = load_model().probabilities(known.evidence.table)
    exact = known.exact
    p[_same_text(exact, known.unit, known.sketches.n_words, left, right)] = 1.0
    copies = (known.candidates.channels & CHANNEL_BITS["copies"]) != 0
    near = cluster_pairs(known.unit, (left, right, copies), p[:, 0], cut_of(settings))
    return Findings(
        unit=known.unit,
        left=left,
        right=right,
        channels=known.candidates.channels,
        measured=np.ones(len(left), bool),
        p=p,
        evidence=known.evidence.table,
        shingles=known.evidence.shingles,
        labels={"exact": exact, "near": near.labels, "event": near.labels, "story": near.labels},
        clusters=near,
        stats={
            "articles": len(corpus),
            "words": int(known.sketches.n_words.sum()),
            "unique_texts": len(np.unique(known.unit)),
            "articles_cut": len(known.cleaned.texts.spans),
            "candidates": len(left),
            "capped_groups": known.candidates.capped,
            "banding": {
                "bands": known.banding.bands,
                "rows": known.banding.rows,
                "expected_recall": known.banding.curve(),
            },
        },
    )


def gather(corpus: Corpus, settings: Settings, progress: Progress | None = None) -> Gathered:
    """Clean, sketch, propose and measure: all that comes before judgement."""
    told = _Teller(progress, len(corpus))
    told("clean", 0)
    cleaned = clean_corpus(corpus, settings)
    told("sketch", 0)
    sketches = sketch_texts(cleaned.texts, settings, told.count("sketch"))
    told("candidates", 0)
    unit = collapse(sketches.bodies, sketches.n_words)
    units = np.flatnonzero((unit == np.arange(len(unit))) & (sketches.n_words > 0)).astype(np.int32)
    banding = choose_banding(SIGNATURE_SLOTS, settings.band_recall, settings.band_similarity)
    if settings.sketch == "datasketch":
        banded = datasketch_channel(cleaned.texts, units, banding)
    else:
        banded = band_channel(sketches.signatures, units, banding, settings.bucket_cap)
    shingled = shingle_channel(sketches.kept, sketches.offsets, units, settings)
    exact = _exact_labels(cleaned, unit)
    found = merge(np.diff(sketches.offsets), sketches.signatures, copy_channel(unit, exact), banded, shingled)
    told("evidence", 0, len(found.left))
    copies = (found.channels & CHANNEL_BITS["copies"]) != 0
    pairs = found.left, found.right, copies
    heard = told.count("evidence")
    evidence = _measure(corpus, cleaned, sketches, pairs, threads=settings.threads, progress=heard)
    return Gathered(cleaned, sketches, unit, exact, banding, found, evidence)


def explain(a: Article, b: Article, settings: Settings) -> Explanation:
    """Say why two articles are, or are not, one text; they need not be candidates of each other."""
    corpus = build_corpus([a, b])
    cleaned = clean_corpus(corpus, settings)
    sketches = sketch_texts(cleaned.texts, settings)
    unit = collapse(sketches.bodies, sketches.n_words)
    left, right = np.array([0], np.int32), np.array([1], np.int32)
    same = unit[left] == unit[right]
    evidence = _measure(corpus, cleaned, sketches, (left, right, same), threads=1)
    model = load_model()
    p = model.probabilities(evidence.table)
    exact = _exact_labels(cleaned, unit)
    p[_same_text(exact, unit, sketches.n_words, left, right)] = 1.0
    findings = Findings(
        unit=unit,
        left=left,
        right=right,
        channels=np.array([CHANNEL_BITS["copies"] if same[0] else 0], np.uint8),
        measured=np.ones(1, bool),
        p=p,
        evidence=evidence.table,
        shingles=evidence.shingles,
        labels=dict.fromkeys(LEVELS, exact),
        stats={},
    )
    return explain_pair(corpus, cleaned.texts, findings, cut_of(settings))


def cut_of(settings: Settings) -> float:
    """Return the probability from which on a pair counts: the user's, else the model's."""
    return load_model().thresholds["near"] if settings.threshold is None else settings.threshold


def _measure(
    corpus: Corpus,
    cleaned: Cleaned,
    sketches: Sketches,
    pairs: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.bool_]],
    *,
    threads: int,
    progress: Callable[[int, int], None] | None = None,
) -> Evidence:
    """Take all evidence of pairs given as left, right and whether both have the same body.

    Where they do, the left one is measured against itself.
    """
    left, right, same = pairs
    measured = left, np.where(same, left, right)
    evidence = take_evidence(
        cleaned.texts, sketches.n_words, sketches.bodies, measured, threads=threads, progress=progress
    )
    add_titles(evidence.table, cleaned.titles, left, right, threads)
    add_days(evidence.table, corpus.days, left, right)
    return evidence


def _exact_labels(cleaned: Cleaned, unit: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the smallest row with the same folded words in title and text: int32[n]."""
    labels = np.arange(len(unit), dtype=np.int32)
    rows = np.flatnonzero((np.bincount(unit, minlength=len(unit)) > 1)[unit])
    titles = sketch_texts(Texts([cleaned.titles[row] for row in rows.tolist()]), Settings())
    first: dict[tuple[int, int, int], int] = {}
    for row, head, (one, two) in zip(rows.tolist(), unit[rows].tolist(), titles.bodies.tolist(), strict=True):
        labels[row] = first.setdefault((head, one, two), row)
    return labels


def _same_text(
    exact: NDArray[np.int32],
    unit: NDArray[np.int32],
    n_words: NDArray[np.int32],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
) -> NDArray[np.bool_]:
    """Say which pairs need no model: equal in title and text, or in a text long enough to be no coincidence."""
    same: NDArray[np.bool_] = (unit[left] == unit[right]) & (n_words[left] >= COPY_WORDS)
    same |= exact[left] == exact[right]
    return same


class _Teller:
    """Passes progress on to whoever listens."""

    def __init__(self, progress: Progress | None, n_articles: int) -> None:
        self.progress = progress
        self.total = n_articles
        self.done = 0

    def __call__(self, stage: str, done: int, total: int | None = None) -> None:
        self.done = done
        self.total = self.total if total is None else total
        if self.progress is not None:
            self.progress(stage, done, self.total)

    def count(self, stage: str) -> Callable[[int, int], None]:
        """Return a listener that adds up what a stage has done."""

        def add(n: int, _: int) -> None:
            self(stage, self.done + n)

        return add
