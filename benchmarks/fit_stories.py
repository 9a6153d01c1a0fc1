"""Fits the model's tables for events and stories on labelled pairs and writes them into dedup/model.json.

    python benchmarks/fit_stories.py --data DATA

Event: pairs of ``allsides_story`` and ``ecbplus`` (their clusters are the truth), ``tg_pairs`` and ``semeval2022``, whose
pairs graded between the two labels are not scored.
Story: ``semeval2022`` by its graded score, every event positive of the others, and against it the other event of the
same type in ``ecbplus`` and pairs drawn at random from ``allsides_story``. Honest figures come from folds cut by
cluster, topic or connected component: a pair is judged by a model that saw neither of its articles' folds. They go to
benchmarks/results/fit_stories.json.
"""

from __future__ import annotations

import argparse
import csv
import json
from itertools import combinations_with_replacement
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from data import add_data_option, find_set
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from shipped_model import update_model

from dedup.boosting import Plan, boosted
from dedup.corpus import as_article, build_corpus
from dedup.gathering import gather
from dedup.measures import COLUMN
from dedup.metrics import average_precision, b_cubed, expected_calibration_error, pair_counts
from dedup.nesting import LINKAGES, nest_clusters
from dedup.results import CHANNEL_BITS
from dedup.settings import EVENT_DAYS, Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from data import NewsSet
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.rank import Relation

SETS = ("allsides_story", "ecbplus", "tg_pairs", "semeval2022")
WEIGHTS = {
    "event": dict(zip(SETS, (1.0, 0.4, 0.1, 0.3), strict=True)),
    "story": dict(zip(SETS, (0.3, 0.5, 0.1, 1.0), strict=True)),
}
"""What each set weighs in a fit: by how many pairs it has and how sure their labels are."""

NOT_JUDGED, BETWEEN = -1, -2
"""Pairs left out of fit and scores, and pairs fitted on as no event but left out of the scores."""

SAME_STORY, OTHER_STORY = 2.33, 3.33
"""Graded scores (1 the same story, 4 unrelated) up to and from which a pair is taken for either."""

LIKENESS = (0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
COARSE = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
LEAD = (-0.4, -0.3, -0.25, -0.2, -0.15, -0.1, -0.07, -0.04, -0.02, 0, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3)
RANK = (0.05, 0.07, 0.1, 0.13, 0.17, 0.2, 0.25, 0.3, 0.35, 0.42, 0.5, 0.55, 0.6, 0.7, 0.8, 0.95)
LIFT = (-0.2, -0.15, -0.1, -0.07, -0.04, -0.02, 0, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
SINGLES: dict[str, tuple[tuple[float, ...], int]] = {
    **dict.fromkeys(("subject", "opening", "headline", "actors", "figures", "topic", "told"), (LIKENESS, 1)),
    "title": ((0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9), 1),
    "lift": (LIFT, 1),
    "lift_over_denser": (LIFT, 1),
    "lift_over_rival": (LEAD, 1),
    "standing": (RANK, 1),
    "days": ((1, 2, 3, 4, 6, 8, 15, 31, 92, 366), -1),
    "days_around": ((1, 2, 3, 4, 6, 8, 15, 31, 92), -1),
    "weekdays": ((1, 2, 3), -1),
    "days_named": ((1, 2, 3, 5, 10, 30), -1),
}
DOUBLES = {
    "event": (
        ("subject", "days"), ("actors", "topic"), ("subject", "actors"), ("opening", "subject"), ("subject", "title"),
        ("opening", "days"), ("actors", "days"), ("lift", "days"), ("lift", "subject"), ("told", "topic"),
        ("standing", "days_around"), ("standing", "subject"), ("lift_over_rival", "days_around"),
        ("weekdays", "days_around"), ("weekdays", "subject"), ("days_named", "subject"),
    ),
    "story": (
        ("actors", "topic"), ("subject", "actors"), ("opening", "subject"), ("subject", "title"), ("lift", "subject"),
        ("topic", "subject"), ("told", "topic"), ("opening", "topic"),
    ),
}  # fmt: skip
"""Whether a date is known decides how much everything else must say, so much is also read beside it. A running story may
be long and the labels know only short ones, so for stories no date speaks for or against; and a long story has many reports, whose likest rival is another of them."""

EVENT_ONLY = ("days", "days_around", "weekdays", "days_named", "standing", "lift_over_rival")

CUTS = {
    **dict.fromkeys(("subject", "opening", "headline", "actors", "figures", "topic", "told"), COARSE),
    "title": (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8),
    "lift": (-0.1, -0.05, 0, 0.05, 0.1, 0.2),
    "lift_over_denser": (-0.1, -0.05, 0, 0.05, 0.1, 0.2),
    "lift_over_rival": (-0.2, -0.1, -0.05, 0, 0.05, 0.1, 0.2),
    "standing": (0.08, 0.15, 0.25, 0.4, 0.55, 0.8),
    "days": (1, 2, 4, 8, 31),
    "days_around": (1, 2, 4, 8, 31),
    "weekdays": (1, 2, 3),
    "days_named": (1, 3, 10),
}
PLANS = {
    "event": Plan(SINGLES, DOUBLES["event"], CUTS, 120, 0.15, {}),
    "story": Plan(
        {name: cuts for name, cuts in SINGLES.items() if name not in EVENT_ONLY}, DOUBLES["story"], CUTS, 120, 0.15, {}
    ),
}

RIVALRY = [COLUMN[name] for name in ("lift", "lift_over_denser", "lift_over_rival", "standing")]
ALONE = 0.1
"""Share of the weight that goes to copies of the pairs as they look without rivals, as two articles alone do. There the
pairs graded between the labels count too, as no event: nothing else tells one story from one event then."""

RANDOM_PAIRS = 6000
FOLDS = 5
RESULT = Path(__file__).parent / "results" / "fit_stories.json"


class Sample(NamedTuple):
    """Labelled candidate pairs of one set.

    ``evidence`` : float32[n, n_measures]; ``truth`` : by relation int64[n], 1, 0, NOT_JUDGED or BETWEEN; ``folds`` :
    int64[n, 2], of either article; ``missed`` : by relation the positive pairs
    that were no candidates, ``unproposed`` the negative ones; ``pairs`` : int32[n] rows of either article; ``near`` : the
    unit of each article; ``named`` : its labelled cluster.
    """

    evidence: NDArray[np.float32]
    truth: dict[str, NDArray[np.int64]]
    folds: NDArray[np.int64]
    missed: dict[str, int]
    unproposed: dict[str, int]
    pairs: tuple[NDArray[np.int32], NDArray[np.int32]]
    near: NDArray[np.int32]
    named: NDArray[np.int64] | None


def sample_of(part: NewsSet, name: str) -> Sample:
    """Take the evidence of every labelled candidate pair of a set."""
    corpus = build_corpus(as_article(row, k) for k, row in enumerate(part.articles()))
    known = gather(corpus, Settings(level="story", threads=2))
    found = known.candidates
    kept = (found.channels & ~np.uint8(CHANNEL_BITS["copies"])) != 0
    left, right, evidence = found.left[kept], found.right[kept], known.evidence[kept]
    if part.clusters():
        truth, block, total = _by_clusters(corpus, part, left, right)
        totals = {"event": (total, 0), "story": (total, 0)}
    else:
        truth, block, totals = _by_pairs(corpus, part, left, right)
    missed = {relation: totals[relation][0] - int((truth[relation] == 1).sum()) for relation in truth}
    unproposed = {relation: max(0, totals[relation][1] - int((truth[relation] == 0).sum())) for relation in truth}
    fold = np.random.default_rng(20).permutation(int(block.max()) + 1) % FOLDS
    labelled = (truth["event"] != NOT_JUDGED) | (truth["story"] != NOT_JUDGED)
    folds = np.stack([fold[block[left]], fold[block[right]]], axis=1)
    print(f"{name}: {labelled.sum()} labelled candidates, missed {missed}")
    clusters = part.clusters()
    named = (
        np.unique([clusters.get(article, "") for article in corpus.ids], return_inverse=True)[1] if clusters else None
    )
    judged = {relation: labels[labelled] for relation, labels in truth.items()}
    ends = left[labelled], right[labelled]
    return Sample(evidence[labelled], judged, folds[labelled], missed, unproposed, ends, known.unit, named)


def _by_clusters(
    corpus: Corpus, part: NewsSet, left: NDArray[np.int32], right: NDArray[np.int32]
) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.int64], int]:
    """Return the labels of pairs, the block of each article that no fold cuts, and the positive pairs in all."""
    clusters = part.clusters()
    named = np.array([clusters.get(article, "") for article in corpus.ids])
    sizes = np.unique(named, return_counts=True)[1]
    event = (named[left] == named[right]).astype(np.int64)
    story = event.copy()
    block = np.unique(named, return_inverse=True)[1]
    topics = part.folder / "topics.csv"
    if topics.exists():
        with topics.open(encoding="utf-8") as lines:
            topic_of = {row["id"]: row["topic"] for row in csv.DictReader(lines)}
        block = np.unique([topic_of.get(article, "") for article in corpus.ids], return_inverse=True)[1]
    else:
        drawn = np.random.default_rng(20).random(len(left)) < RANDOM_PAIRS / len(left)
        story[(event == 0) & ~drawn] = NOT_JUDGED
    return {"event": event, "story": story}, block, int((sizes * (sizes - 1) // 2).sum())


def _by_pairs(
    corpus: Corpus, part: NewsSet, left: NDArray[np.int32], right: NDArray[np.int32]
) -> tuple[dict[str, NDArray[np.int64]], NDArray[np.int64], dict[str, tuple[int, int]]]:
    """Return the labels of pairs, the blocks, and the positive and negative pairs in all by relation."""
    row_of = {article: row for row, article in enumerate(corpus.ids)}
    event_of: dict[tuple[int, int], int] = {}
    story_of: dict[tuple[int, int], int] = {}
    with (part.folder / "pairs.csv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            if row["id_a"] in row_of and row["id_b"] in row_of:
                one, other = sorted((row_of[row["id_a"]], row_of[row["id_b"]]))
                event_of[one, other] = int(row["label"]) if row["label"] else BETWEEN
                score = float(row.get("score") or "nan")
                graded = 1 if score <= SAME_STORY else 0 if score >= OTHER_STORY else NOT_JUDGED
                story_of[one, other] = graded if row.get("score") else event_of[one, other]
    ends = np.array(list(event_of), np.int64)
    graph = coo_matrix((np.ones(len(ends)), ends.T), shape=(len(corpus), len(corpus)))
    block = connected_components(graph, directed=False)[1].astype(np.int64)
    truth = {
        name: np.array([labels.get(pair, NOT_JUDGED) for pair in zip(left.tolist(), right.tolist(), strict=True)])
        for name, labels in (("event", event_of), ("story", story_of))
    }
    totals = {
        name: (list(labels.values()).count(1), list(labels.values()).count(0))
        for name, labels in (("event", event_of), ("story", story_of))
    }
    return truth, block, totals


def fit(relation: str, samples: dict[str, Sample], seen: dict[str, NDArray[np.bool_]]) -> Relation:
    """Fit one relation to the labelled pairs that may be seen."""
    parts = []
    for name, sample in samples.items():
        mine = seen[name] & (sample.truth[relation] != NOT_JUDGED)
        truth = sample.truth[relation][mine]
        parts.append((sample.evidence[mine], truth, np.full(len(truth), WEIGHTS[relation][name] / max(1, len(truth)))))
    pairs, truth, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    weights *= len(weights) / weights.sum() / 2
    alone = pairs.copy()
    alone[:, RIVALRY] = np.nan
    alone[:, COLUMN["days_around"]] = alone[:, COLUMN["days"]]
    return boosted(
        PLANS[relation],
        np.concatenate([pairs, alone]),
        np.tile(truth == 1, 2),
        np.concatenate([weights * (1 - ALONE) * (truth != BETWEEN), weights * ALONE]),
    )


def unseen(samples: dict[str, Sample]) -> Iterator[tuple[dict[str, NDArray[np.bool_]], dict[str, NDArray[np.bool_]]]]:
    """Yield for each pair of folds the pairs between them and the pairs that touch neither."""
    for a, b in combinations_with_replacement(range(FOLDS), 2):
        tested = {name: (np.sort(s.folds, axis=1) == (a, b)).all(axis=1) for name, s in samples.items()}
        yield tested, {name: ~np.isin(s.folds, (a, b)).any(axis=1) for name, s in samples.items()}


def cross_validated(relation: str, samples: dict[str, Sample]) -> dict[str, NDArray[np.float64]]:
    """Return the probability of each pair by a model that saw the folds of neither article."""
    p = {name: np.zeros(len(sample.evidence)) for name, sample in samples.items()}
    for tested, seen in unseen(samples):
        model = fit(relation, samples, seen)
        for name, sample in samples.items():
            rows = np.flatnonzero(tested[name])
            p[name][rows] = 1 / (1 + np.exp(-model.log_odds(sample.evidence[rows])))
            if relation == "event":
                p[name][rows[sample.evidence[rows, COLUMN["days"]] > EVENT_DAYS]] = 0.0
    return p


def report(
    relation: str, samples: dict[str, Sample], p: dict[str, NDArray[np.float64]], cut: float
) -> dict[str, dict[str, float]]:
    """Print and return how well each set is told apart."""
    found = {}
    for name, sample in samples.items():
        mine = sample.truth[relation] >= 0
        lost = [sample.missed[relation], sample.unproposed[relation]]
        truth = np.concatenate([sample.truth[relation][mine] == 1, np.ones(lost[0], bool), np.zeros(lost[1], bool)])
        score = np.concatenate([p[name][mine], np.zeros(sum(lost))])
        counts = pair_counts(score >= cut, truth)
        found[name] = {
            "precision": counts.precision,
            "recall": counts.recall,
            "f1": counts.f1,
            "average_precision": average_precision(score, truth),
            "calibration_error": expected_calibration_error(score, truth),
        }
        if sample.named is not None and relation == "event":
            labels = nest_clusters(sample.near, sample.near, sample.pairs, p[name], (cut, LINKAGES[relation])).labels
            found[name]["bcubed_f1"] = b_cubed(labels, sample.named).f1
        print(f"{relation:6s}{name:15s}", " ".join(f"{key} {value:.3f}" for key, value in found[name].items()))
    return found


def main() -> None:
    """Fit, judge out of fold, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_data_option(parser)
    parser.add_argument("--event", type=float, default=0.5, help="cut on p(event) that is shipped")
    parser.add_argument("--story", type=float, default=0.5, help="cut on p(story) that is shipped")
    given = parser.parse_args()
    cuts = {"event": given.event, "story": given.story}
    samples = {name: sample_of(find_set(given.data, name), name) for name in SETS}
    everything = {name: np.ones(len(sample.evidence), bool) for name, sample in samples.items()}
    judged = {
        relation: report(relation, samples, cross_validated(relation, samples), cuts[relation]) for relation in cuts
    }
    record = {"sets": list(SETS), "pairs": sum(len(sample.evidence) for sample in samples.values())}
    relations = {relation: fit(relation, samples, everything) for relation in cuts}
    update_model(relations, cuts, dict.fromkeys(cuts, record))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"out_of_fold": judged, "thresholds": cuts, **record}, indent=1) + "\n")


if __name__ == "__main__":
    main()
