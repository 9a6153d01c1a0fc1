"""Fits the model's tables on labelled pairs and writes dedup/model.json.

    python benchmarks/fit.py --data DATA

Data: the candidate pairs of ``synth`` (its clusters are the truth), the judged pairs of ``real_nd``, and pairs of
independent reports from ``allsides_story`` and ``news_corpus``, every set with the same weight. Tables are step functions of one measure, then of two, grown together by small Newton steps (cyclic
boosting: Lou, Caruana, Gehrke, Hooker 2013), those of one measure kept monotone. Honest figures come from five folds
cut by connected component, so that no text is fitted and tested at once; they go to benchmarks/results/fit.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from data import add_data_option, find_set
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dedup.corpus import Corpus, as_article, build_corpus
from dedup.measures import COLUMN
from dedup.metrics import average_precision, expected_calibration_error, pair_counts
from dedup.pipeline import gather
from dedup.rank import MODEL_PATH, Relation, Table
from dedup.settings import Settings

if TYPE_CHECKING:
    from numpy.typing import NDArray

SETS = ("synth", "real_nd", "allsides_story", "news_corpus")
JUDGED = SETS[:2]
"""The sets whose pairs were judged; in the others a pair with little wording in common is taken for independent reports
that quote the same people, and any other pair is left out."""

QUOTED = 0.3
"""Containment below which such a pair is taken for two independent reports."""

SHARES = (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
COARSE = (0.05, 0.15, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.97)
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

ROUNDS, STEP, RIDGE = 200, 0.1, 2.0
"""Boosting rounds, the share of a Newton step taken, and pseudo-pairs that pull every step of a table to zero."""

FOLDS = 5
RESULT = Path(__file__).parent / "results" / "fit.json"


class Sample(NamedTuple):
    """Labelled candidate pairs of all sets: ``missed`` counts positive pairs that were no candidates, by set."""

    evidence: NDArray[np.float32]
    truth: NDArray[np.bool_]
    sets: NDArray[np.int64]
    component: NDArray[np.int64]
    missed: dict[str, int]


def sample_of(folder: str) -> Sample:
    """Take the evidence of every labelled candidate pair."""
    evidence, truth, sets, component, missed = [], [], [], [], {}
    for number, name in enumerate(SETS):
        part = find_set(folder, name)
        corpus = build_corpus(as_article(row, k) for k, row in enumerate(part.articles()))
        known = gather(corpus, Settings(threads=2))
        left, right = known.candidates.left, known.candidates.right
        if name in JUDGED:
            labels, n_positive = labels_of(corpus, part.pairs(), part.clusters(), left, right)
        else:
            labels = np.where(known.evidence.table[:, COLUMN["containment"]] < QUOTED, 0, -1)
            n_positive = 0
        kept = labels >= 0
        graph = coo_matrix((np.ones(len(left)), (left, right)), shape=(len(corpus), len(corpus)))
        _, component_of = connected_components(graph, directed=False)
        evidence.append(known.evidence.table[kept])
        truth.append(labels[kept] == 1)
        sets.append(np.full(kept.sum(), number))
        component.append(component_of[left[kept]] * len(SETS) + number)
        missed[name] = n_positive - int((labels == 1).sum())
        print(
            f"{name}: {kept.sum()} labelled candidates, {(labels == 1).sum()} positive, {missed[name]} positive missed"
        )
    return Sample(*map(np.concatenate, (evidence, truth, sets, component)), missed)


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


def blank_tables() -> list[tuple[Table, tuple[int, ...]]]:
    """Return every table at zero, with the direction of each measure."""
    tables = []
    for name, (edges, direction) in SINGLES.items():
        tables.append((Table((name,), (np.array(edges, float),), np.zeros(len(edges) + 2)), (direction,)))
    for names in DOUBLES:
        edges = tuple(np.array(COARSE if SINGLES[n][0] in (SHARES, COARSE) else SINGLES[n][0], float) for n in names)
        directions = tuple(0 if names == ("containment", "runs") and n == "runs" else SINGLES[n][1] for n in names)
        tables.append((Table(names, edges, np.zeros([len(e) + 2 for e in edges])), directions))
    return tables


def fit(evidence: NDArray[np.float32], truth: NDArray[np.bool_], sets: NDArray[np.int64]) -> Relation:
    """Fit base and tables to the labels; every set weighs the same, and as much as it has pairs on average."""
    counts = np.bincount(sets, minlength=len(SETS))
    weight = (len(sets) / len(SETS) / np.maximum(1, counts))[sets]
    evidence, truth, weight = masked(evidence, truth, weight)
    base = float(np.log((weight * truth).sum() / (weight * ~truth).sum()))
    tables = blank_tables()
    flat = [(np.ravel_multi_index(t.places(evidence), t.points.shape), t.points.size) for t, _ in tables]
    logit = np.full(len(truth), base)
    for turn in range(ROUNDS):
        for k, (table, directions) in enumerate(tables):
            if len(table.measures) == 2 and turn < ROUNDS // 4:
                continue
            places, size = flat[k]
            p = 1 / (1 + np.exp(-logit))
            slope = np.bincount(places, weight * (truth - p), size)
            curve = np.bincount(places, weight * p * (1 - p), size)
            before = table.points.ravel().copy()
            after = before + STEP * (slope - RIDGE * before / 50) / (curve + RIDGE)
            table.points[...] = directed(
                after.reshape(table.points.shape), curve.reshape(table.points.shape) + RIDGE, directions
            )
            logit += (table.points.ravel() - before)[places]
    return centred(base, [table for table, _ in tables], evidence)


def masked(
    evidence: NDArray[np.float32], truth: NDArray[np.bool_], weight: NDArray[np.float64]
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]]:
    """Return the sample with its masked copies behind it, and weights that sum to what they were."""
    copies = [evidence]
    for names in MASKS:
        copy = evidence.copy()
        copy[:, [COLUMN[name] for name in names]] = np.nan
        copies.append(copy)
    weights = [weight / 2, *[weight / 2 / len(MASKS)] * len(MASKS)]
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


def directed(
    points: NDArray[np.float64], weights: NDArray[np.float64], directions: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return points that go one way along every measure, the unknown step left alone; 0 lets them go as they will."""
    points = points.copy()
    for _ in range(4 if points.ndim == 2 else 1):
        for axis, direction in enumerate(directions):
            if direction == 0:
                continue
            lines, heavy = np.moveaxis(points, axis, -1), np.moveaxis(weights, axis, -1)
            for place in np.ndindex(lines.shape[:-1]):
                lines[place][1:] = direction * rising(direction * lines[place][1:], heavy[place][1:])
    return points


def rising(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the nearest never-falling values (pool adjacent violators; Barlow et al. 1972)."""
    pools: list[list[float]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        pools.append([value, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            v, w, n = pools.pop()
            last = pools[-1]
            last[0] = (last[0] * last[1] + v * w) / (last[1] + w)
            last[1] += w
            last[2] += n
    return np.concatenate([np.full(int(n), v) for v, _, n in pools])


def centred(base: float, tables: list[Table], evidence: NDArray[np.float32]) -> Relation:
    """Move each table's mean over the sample into the base, so that points say what is unusual about a pair."""
    for table in tables:
        mean = float(table.read(evidence).mean())
        table.points[...] -= mean
        base += mean
    return Relation(base, tuple(tables))


def cross_validated(sample: Sample) -> NDArray[np.float64]:
    """Return for each pair its log-odds by a model that saw no text of its component."""
    names = np.unique(sample.component)
    fold_of = dict(zip(names.tolist(), np.random.default_rng(20).permutation(len(names)) % FOLDS, strict=True))
    folds = np.array([fold_of[c] for c in sample.component.tolist()])
    logit = np.zeros(len(folds))
    for fold in range(FOLDS):
        test = folds == fold
        model = fit(sample.evidence[~test], sample.truth[~test], sample.sets[~test])
        logit[test] = model.log_odds(sample.evidence[test])
    return logit


def report(sample: Sample, logit: NDArray[np.float64], cut: float) -> dict[str, dict[str, float]]:
    """Print and return precision, recall, F1, average precision and calibration error of each set."""
    found = {}
    p = 1 / (1 + np.exp(-logit))
    for number, name in enumerate(JUDGED):
        mine = sample.sets == number
        missed = sample.missed[name]
        truth = np.concatenate([sample.truth[mine], np.ones(missed, bool)])
        score = np.concatenate([p[mine], np.zeros(missed)])
        counts = pair_counts(score >= cut, truth)
        found[name] = {
            "precision": counts.precision,
            "recall": counts.recall,
            "f1": counts.f1,
            "average_precision": average_precision(score, truth),
            "calibration_error": expected_calibration_error(score, truth),
        }
        print(f"{name:10s}", " ".join(f"{key} {value:.4f}" for key, value in found[name].items()))
    for number, name in list(enumerate(SETS))[len(JUDGED) :]:
        mine = sample.sets == number
        print(f"{name:10s} {int((p[mine] >= cut).sum())} of {mine.sum()} independent pairs joined")
    return found


def write_model(relation: Relation, cut: float, record: dict[str, object]) -> None:
    """Write the model file: one line a table row, so that a change shows in a diff."""
    tables = [
        {
            "measures": list(table.measures),
            "edges": [edges.tolist() for edges in table.edges],
            "points": np.round(table.points, 4).tolist(),
        }
        for table in relation.tables
    ]
    body = ",\n".join("  " + json.dumps(table) for table in tables)
    text = (
        '{"relations": {"near": {"base": ' + f"{relation.base:.4f}" + ', "tables": [\n' + body + "\n]}},\n"
        f'"thresholds": {json.dumps({"near": cut})},\n"record": {json.dumps(record)}}}\n'
    )
    MODEL_PATH.write_text(text, encoding="utf-8")


def main() -> None:
    """Fit, judge out of fold, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_data_option(parser)
    parser.add_argument("--threshold", type=float, default=0.5, help="cut on p(near) that is shipped")
    given = parser.parse_args()
    sample = sample_of(given.data)
    print("out of fold:")
    out_of_fold = report(sample, cross_validated(sample), given.threshold)
    relation = fit(sample.evidence, sample.truth, sample.sets)
    print("on what it was fitted to:")
    report(sample, relation.log_odds(sample.evidence), given.threshold)
    record = {"sets": list(SETS), "pairs": len(sample.truth), "positive": int(sample.truth.sum())}
    write_model(relation, given.threshold, record)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"out_of_fold": out_of_fold, "threshold": given.threshold, **record}, indent=1) + "\n")


if __name__ == "__main__":
    main()
