"""Fits the model's tables on labelled pairs and writes dedup/model.json.

    python benchmarks/fit.py --data DATA

Data: the candidate pairs of ``synth`` (its clusters are the truth), the judged pairs of ``real_nd``, pairs of
independent reports from ``allsides_story`` and ``news_corpus``, and pages of ``news_corpus`` left with one line in common
(``stub_rows``), every set with the same weight but for these (``boosting`` says how), and bulletins of ``reuters``
(``series``). Honest figures come from five folds cut by connected component, so that no text is fitted and tested at
once; they go to benchmarks/results/fit.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from data import add_data_option, find_set
from figures import pair_figures
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from series import COPY_DAYS, Series, series_of, told_apart, undated
from shipped_model import update_model

from dedup.boosting import Plan, boosted
from dedup.corpus import Corpus, as_article, build_corpus
from dedup.gathering import gather
from dedup.measures import COLUMN
from dedup.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dedup.rank import Relation

STUBS, STUBBED = "stubs", "news_corpus"
SETS = ("synth", "real_nd", "allsides_story", "news_corpus", STUBS)
JUDGED = SETS[:2]
"""The sets whose pairs were judged; in the others a pair with little wording in common is taken for independent reports
that quote the same people, and any other pair is left out."""

IN_SERIES = "reuters"

STUB_PAIRS, STUB_WORDS, STUB_WEIGHT = 1500, (3, 16), 0.05
"""Pairs of pages left with one line of so many words (a notice, a gallery's link): copies only under one headline."""

QUOTED = 0.3
"""Containment below which such a pair is taken for two independent reports."""

SHARES = (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
COARSE = (0.05, 0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
SHORT = (12, 25)
"""Cuts of words beside the title: in a text of a line or two the headline decides."""

SINGLES = {
    "jaccard": (SHARES, 1),
    "containment": (SHARES, 1),
    "runs": (SHARES, 1),
    "vocabulary": (SHARES, 1),
    "names": (SHARES, 1),
    "numbers": (SHARES, 1),
    "names_in_place": (SHARES, 1),
    "numbers_in_place": (SHARES, 1),
    "names_behind": ((0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6), -1),
    "title": (SHARES, 1),
    "length": (COARSE, 0),
    "words": ((12, 25, 50, 100, 200, 400, 800), 0),
    "days": ((1, 2, 4, 8, 31, 366), -1),
}
"""Cuts of each measure alone, and whether its points may only rise (1), only fall (-1) or go either way (0)."""

DOUBLES = (
    ("containment", "names_in_place"),
    ("containment", "numbers_in_place"),
    ("containment", "vocabulary"),
    ("runs", "vocabulary"),
    ("containment", "runs"),
    ("containment", "length"),
    ("containment", "title"),
    ("jaccard", "title"),
    ("title", "names_in_place"),
    ("title", "numbers_in_place"),
    ("words", "title"),
    ("containment", "days"),
)
"""Pairs of measures that say more together than apart. Little wording in common speaks for a misread copy where it lies
scattered, and for a quotation where it stands in runs: there alone may more runs speak against."""

NAMES = ("names", "names_in_place", "names_behind")
NUMBERS = ("numbers", "numbers_in_place")
MASKS = (NAMES, ("title", "days"), (*NAMES, "title", "days"), (*NAMES, *NUMBERS, "title", "days"))
"""What an article may lack (a title, capitals, figures, a date): half of the weight goes to copies of the sample in which
that is unknown, or the fit would read the lack as a mark of the set that happens to have it."""

REPRINTED, REPRINT_CONTAINMENT, REPRINT_DAYS = 0.2, 0.6, (0, 1, 1, 1, 2, 2, 3, 5)
"""Newsrooms print the copy they take under headlines of their own and days later, while the edits of ``synth`` keep
the headline of their base: this share of the weight of whole copies goes to versions with the headline likeness of
unrelated pairs and such gaps of days."""

PLAN = Plan(
    SINGLES,
    DOUBLES,
    dict.fromkeys((name for name in SINGLES if SINGLES[name][0] == SHARES), COARSE) | {"words": SHORT},
    200,
    0.1,
    {"containment x runs": (1, 0)},
)

FOLDS = 5
RESULT = Path(__file__).parent / "results" / "fit.json"


class Sample(NamedTuple):
    """Labelled candidate pairs of all sets: ``missed`` counts positive pairs that were no candidates, by set."""

    evidence: NDArray[np.float32]
    truth: NDArray[np.bool_]
    sets: NDArray[np.int64]
    component: NDArray[np.int64]
    missed: dict[str, int]
    series: Series


def sample_of(folder: str) -> Sample:
    """Take the evidence of every labelled candidate pair."""
    evidence, truth, sets, component, missed = [], [], [], [], {}
    for number, name in enumerate(SETS):
        part = find_set(folder, STUBBED if name == STUBS else name)
        rows = stub_rows(part.articles()) if name == STUBS else part.articles()
        corpus = build_corpus(as_article(row, k) for k, row in enumerate(rows))
        known = gather(corpus, Settings(level="event", threads=2))  # at level near some pairs are ruled out before
        found = known.candidates.only(known.measured)
        left, right, table = found.left, found.right, known.evidence[known.measured]
        if name in JUDGED:
            labels, n_positive = labels_of(corpus, part.pairs(), part.clusters(), left, right)
        elif name == STUBS:
            names = [name[2:] for name in corpus.ids]
            known_as = [names[a] if names[a] == names[b] else "" for a, b in zip(left, right, strict=True)]
            labels = np.array([name.endswith("same") if name else -1 for name in known_as], np.int64)
            n_positive = int((labels == 1).sum())
        else:
            labels = np.where(table[:, COLUMN["containment"]] < QUOTED, 0, -1)
            n_positive = 0
        kept = labels >= 0
        graph = coo_matrix((np.ones(len(left)), (left, right)), shape=(len(corpus), len(corpus)))
        _, component_of = connected_components(graph, directed=False)
        evidence.append(table[kept])
        truth.append(labels[kept] == 1)
        sets.append(np.full(kept.sum(), number))
        component.append(component_of[left[kept]] * len(SETS) + number)
        missed[name] = n_positive - int((labels == 1).sum())
        print(
            f"{name}: {kept.sum()} labelled candidates, {(labels == 1).sum()} positive, {missed[name]} positive missed"
        )
    series = series_of(find_set(folder, IN_SERIES))
    print(f"{IN_SERIES}: {(series.apart > COPY_DAYS).sum()} pairs of bulletins")
    return Sample(*map(np.concatenate, (evidence, truth, sets, component)), missed, series)


def stub_rows(rows: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield pairs of articles whose text is one line of a third, at times numbered or in one of them a word short.

    The id of every fourth pair ends in ``same``: the line is the same, and so is the headline but for its last word.
    """
    random = np.random.default_rng(20)
    titled = [row for row in rows if row.get("title")]
    for k in range(STUB_PAIRS):
        one, other, third = (titled[i] for i in random.choice(len(titled), 3, replace=False))
        words = third["text"].split()[: int(random.integers(*STUB_WORDS))]
        lines, heads = [words, words], [one["title"], other["title"]]
        if k % 4 == 1:
            lines = [[*words, str(random.integers(2, 99))] for _ in lines]
        elif k % 4 == 2:
            lines[1] = words[:-1]
        elif k % 4 == 3:
            heads = [third["title"], third["title"].rpartition(" ")[0]]
        for side, head, line in zip("ab", heads, lines, strict=True):
            yield {"id": f"{side} {k}{' same' * (k % 4 == 3)}", "title": head, "text": " ".join(line)}


def labels_of(
    corpus: Corpus,
    pairs: dict[tuple[str, str], bool],
    clusters: dict[str, str],
    left: NDArray[np.int32],
    right: NDArray[np.int32],
) -> tuple[NDArray[np.int64], int]:
    """Return 1, 0 or -1 (not judged) for each candidate pair, and how many pairs are positive in all."""
    ids = corpus.ids
    if clusters:
        named = np.array([clusters.get(name, "") for name in ids])
        sizes = np.unique(named, return_counts=True)[1]
        return (named[left] == named[right]).astype(np.int64), int((sizes * (sizes - 1) // 2).sum())
    found = [pairs.get((min(ids[a], ids[b]), max(ids[a], ids[b]))) for a, b in zip(left, right, strict=True)]
    return np.array([-1 if label is None else int(label) for label in found]), sum(pairs.values())


def fit(sample: Sample, rows: NDArray[np.bool_], series: Series) -> Relation:
    """Fit base and tables to some labels, then again with bulletins beside them.

    Every set weighs the same, and as much as it has pairs on average.
    """
    sets = sample.sets[rows]
    counts = np.bincount(sets, minlength=len(SETS))
    share = len(sets) / len(SETS)
    weight = (share / np.maximum(1, counts))[sets]
    weight[sets == SETS.index(STUBS)] *= STUB_WEIGHT
    known = masked(sample.evidence[rows], sample.truth[rows], weight, sets == SETS.index(STUBS))
    more = told_apart(series, boosted(PLAN, *known), REPRINT_DAYS, share)
    return boosted(PLAN, *(np.concatenate(both) for both in zip(known, more, strict=True)))


def masked(
    evidence: NDArray[np.float32], truth: NDArray[np.bool_], weight: NDArray[np.float64], stubs: NDArray[np.bool_]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]:
    """Return the sample with its masked copies behind it, and weights that sum to what they were."""
    copies = [evidence]
    for names in MASKS:
        copy = evidence.copy()
        copy[:, [COLUMN[name] for name in names]] = np.nan
        copies.append(copy)
    weights = [weight / 2, *(weight / 2 / len(MASKS) for _ in MASKS)]
    for names, part in zip(MASKS, weights[1:], strict=True):
        part[stubs & ~truth & ("title" in names)] = 0  # without headlines nothing tells such pages apart
    random = np.random.default_rng(20)
    copies.append(evidence.copy())
    title, days = (copies[-1][:, COLUMN[name]] for name in ("title", "days"))
    reprinted = truth & (evidence[:, COLUMN["containment"]] >= REPRINT_CONTAINMENT)
    title[reprinted] = random.choice(title[~truth], reprinted.sum())
    dated = reprinted & ~np.isnan(days)
    days[dated] = random.choice(REPRINT_DAYS, dated.sum())
    share = np.where(reprinted, REPRINTED, 0.0)
    weights = [part * (1 - share) for part in weights] + [weight * share]
    return np.concatenate(copies), np.tile(truth, len(copies)), np.concatenate(weights)


def cross_validated(sample: Sample) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the log-odds of each pair, and of each of the series if undated, by a model that saw no text of its component."""
    folds, in_series = folds_of(sample.component), folds_of(sample.series.component)
    logit, bulletins = np.zeros(len(folds)), np.zeros(len(in_series))
    for fold in range(FOLDS):
        model = fit(sample, folds != fold, sample.series.only(in_series != fold))
        logit[folds == fold] = model.log_odds(sample.evidence[folds == fold])
        bulletins[in_series == fold] = model.log_odds(undated(sample.series.evidence[in_series == fold]))
    return logit, bulletins


def folds_of(component: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the fold of each pair."""
    names, at = np.unique(component, return_inverse=True)
    return (np.random.default_rng(20).permutation(len(names)) % FOLDS)[at]


def report(
    sample: Sample, logit: NDArray[np.float64], in_series: NDArray[np.float64], cut: float
) -> dict[str, dict[str, float]]:
    """Print and return precision, recall, F1, average precision and calibration error of each judged set.

    Of the others, and of undated bulletins, it is printed how many join.
    """
    found = {}
    p = 1 / (1 + np.exp(-logit))
    for number, name in enumerate(JUDGED):
        mine = sample.sets == number
        missed = sample.missed[name]
        truth = np.concatenate([sample.truth[mine], np.ones(missed, bool)])
        score = np.concatenate([p[mine], np.zeros(missed)])
        found[name] = pair_figures(score, truth, cut)
        print(f"{name:10s}", " ".join(f"{key} {value:.4f}" for key, value in found[name].items()))
    for number, name in list(enumerate(SETS))[len(JUDGED) :]:
        mine = sample.sets == number
        print(f"{name:10s} {int((p[mine] >= cut).sum())} of {mine.sum()} independent pairs joined")
    bulletins = sample.series.apart > COPY_DAYS
    joined = 1 / (1 + np.exp(-in_series[bulletins])) >= cut
    print(f"{IN_SERIES:10s} {int(joined.sum())} of {len(joined)} undated pairs of bulletins joined")
    return found


def main() -> None:
    """Fit, judge out of fold, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_data_option(parser)
    parser.add_argument("--threshold", type=float, default=0.5, help="cut on p(near) that is shipped")
    given = parser.parse_args()
    sample = sample_of(given.data)
    print("out of fold:")
    out_of_fold = report(sample, *cross_validated(sample), given.threshold)
    relation = fit(sample, np.ones(len(sample.truth), bool), sample.series)
    print("on what it was fitted to:")
    fitted = (relation.log_odds(part) for part in (sample.evidence, undated(sample.series.evidence)))
    report(sample, *fitted, given.threshold)
    record = {"sets": [*SETS, IN_SERIES], "pairs": len(sample.truth), "positive": int(sample.truth.sum())}
    update_model({"near": relation}, {"near": given.threshold}, {"near": record})
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"out_of_fold": out_of_fold, "threshold": given.threshold, **record}, indent=1) + "\n")


if __name__ == "__main__":
    main()
