"""Fits the model's tables for events and stories on labelled pairs and writes them into dedup/model.json.

    python benchmarks/fit_stories.py --data DATA

Event: pairs of ``allsides_story`` and ``ecbplus`` (their clusters are the truth), ``tg_pairs`` and ``semeval2022``, whose
pairs graded between the two labels are not scored.
Story: ``semeval2022`` by its graded score, every event positive of the others, and against it the other event of the
same type in ``ecbplus`` and pairs drawn at random from ``allsides_story``. For events there are more pairs to fit on
(``more_pairs``, ``crowd``), of which frames filled twice and graded ones are scored. Honest figures come from folds cut
by cluster, topic or connected component: a pair is judged by a model that saw neither of its articles' folds. They go to
benchmarks/results/fit_stories.json.
"""

from __future__ import annotations

import argparse
import json
from itertools import combinations_with_replacement
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from crowd import GRADED_FILE, UNLIKE_FILE, Crowd
from data import add_data_option, find_set
from labelled_pairs import BETWEEN, FOLDS, NOT_JUDGED, Labelled, in_piles, sample_of
from more_pairs import SOME, framed_pairs, hidden_pairs, opening_letters, swapped_pairs, told_by_dates
from shipped_model import update_model
from story_report import report, report_frames, report_graded

from dedup.boosting import Pace, Plan, boosted, grow
from dedup.measures import COLUMN
from dedup.rank import Relation, Table, load_model
from dedup.settings import EVENT_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from labelled_pairs import Sample
    from more_pairs import Hidden
    from numpy.typing import NDArray

SETS = ("allsides_story", "ecbplus", "tg_pairs", "semeval2022")
WEIGHTS = {
    "event": dict(zip(SETS, (1.0, 0.4, 0.2, 0.3), strict=True)),
    "story": dict(zip(SETS, (0.3, 0.5, 0.1, 1.0), strict=True)),
}
"""What each set weighs in a fit: by how many pairs it has and how sure their labels are."""

IN_PILES = ("allsides_story", "ecbplus", "semeval2022")
PILED = 0.2
"""These sets are also fitted on cut into small piles without dates, once whole and once shortened; each time weighs so
much of what the set itself does."""

DATED = "news_corpus"
HIDDEN: tuple[tuple[dict[str, Any], float], ...] = (({}, 0.1), ({"short": True}, 0.1), ({"share": SOME}, 0.05))
"""Whose pairs are fitted on with their dates hidden, in which ways, and what each weighs beside a set of weight 1."""

READ, UNLIKE, AMONG_ALL = f"{DATED}, read", f"{DATED}, unlike", "allsides_story, among all"
CROWD = {READ: 0.08, UNLIKE: 0.2, AMONG_ALL: 0.3}
"""Pairs among all articles of a large pile (``crowd``) and what they weigh: doubtful ones graded by reading, unlike ones, and
those of a labelled set."""

SWAPPED = "synth"
FRAMED = "reuters"
FRAMES_WEIGHT = 0.15
"""Where frames filled twice come from: texts with names and numbers exchanged, and templates of other days (with the
dates of one month, or without); and what each source weighs, half of it copies."""

SHARED = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
FILLINGS = {
    **dict.fromkeys(("names_in_place", "numbers_in_place"), SHARED),
    **dict.fromkeys(("names", "numbers"), (0.05, 0.15, 0.3)),
    "actors": (0.05, 0.1),
}
"""What tells frames apart, each beside the wording shared, fitted when all else is: where less wording is shared than the
first cut, or none was compared, nothing is added. Of names and figures in common only next to none counts: who tells more
of an event names more people, and who tells it later has other figures."""

LIKENESS = (0.02, 0.05, 0.08, 0.12, 0.16, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
COARSE = (0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7)
LEAD = (-0.4, -0.3, -0.25, -0.2, -0.15, -0.1, -0.07, -0.04, -0.02, 0, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.3)
RANK = (0.05, 0.07, 0.1, 0.13, 0.17, 0.2, 0.25, 0.3, 0.35, 0.42, 0.5, 0.55, 0.6, 0.7, 0.8, 0.95)
LIFT = (-0.2, -0.15, -0.1, -0.07, -0.04, -0.02, 0, 0.02, 0.04, 0.07, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)
SINGLES: dict[str, tuple[tuple[float, ...], int]] = {
    **dict.fromkeys(("subject", "opening", "headline", "actors", "figures", "topic", "told"), (LIKENESS, 1)),
    "title": ((0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9), 1),
    "quotes": ((0.005, 0.015, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.7), 1),
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
        ("weekdays", "days_around"), ("weekdays", "subject"), ("days_named", "subject"), ("days", "days_around"),
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
ALONE = 0.2
ALONE_IN = {READ: 0.0, UNLIKE: 0.7, AMONG_ALL: 0.0}
"""Share of the weight that goes to copies of the pairs as they look without rivals, as two articles alone do. There the
pairs graded between the labels count too, as no event: nothing else tells one story from one event then. Of a crowd only
unlike pairs do: nowhere else are so many pairs doubtful."""

UNQUOTED = 0.5
"""Share of the weight of either that goes to copies in which what is quoted is unknown: posts and short reports quote
nobody, and nothing else is to lean on quotations."""

UNNAMED, NAMED = 0.15, [COLUMN[name] for name in ("actors", "names", "names_in_place", "names_behind")]
"""Share of the weight of either that goes to copies in which it is unknown, too, who is named: where all is upper case
nobody is, nor in a notice of two lines, and few labelled pairs are such; what they happen to be is no rule."""

FRAMES_RIDGE = 0.2
"""Pseudo-pairs that hold back what tells frames apart: few pairs share much wording, and those are to be heard."""

RESULT = Path(__file__).parent / "results" / "fit_stories.json"


class Material(NamedTuple):
    """What a relation is fitted on.

    ``labelled`` : pairs of the sets, of small piles and of a crowd by name; ``framed`` : copies and frames filled twice by name;
    ``hidden`` : pairs with hidden dates, with what they weigh.
    """

    labelled: dict[str, Labelled]
    framed: dict[str, Labelled]
    hidden: list[tuple[Hidden, float]]

    @property
    def parts(self) -> dict[str, Labelled]:
        """All pairs whose labels are known."""
        return self.labelled | self.framed


def crowded(data: str, places: Mapping[str, int]) -> tuple[dict[str, Labelled], NDArray[np.float64]]:
    """Take the evidence of pairs in a crowd, and of how many candidates each of the graded stands for.

    An article of ``places`` keeps its fold; those of no set share one with what they are paired with.
    """
    crowd = Crowd(find_set(data, DATED), find_set(data, "allsides_story"))
    found = {}
    parts = crowd.of_file(GRADED_FILE), crowd.of_file(UNLIKE_FILE), crowd.of_clusters()
    for name, part in zip(CROWD, parts, strict=True):
        pairs = zip(part.ids, part.blocks.tolist(), strict=True)
        fold = np.array([[places.get(article, block) for article in pair] for pair, block in pairs]) % FOLDS
        truth = {"event": part.events, "story": np.full_like(part.events, NOT_JUDGED)}
        found[name] = Labelled(part.evidence, truth, fold)
        print(f"{name}: {len(fold)} pairs, {int(part.events.sum())} of one event")
    return found, parts[0].stands_for


def framed(data: str) -> dict[str, Labelled]:
    """Gather copies and frames filled twice; whether templates of other days are one story nobody says."""
    near = load_model().relations["near"]
    found = {f"{SWAPPED}, swapped": swapped_pairs(find_set(data, SWAPPED))}
    for called, dated in ((f"{FRAMED}, frames", True), (f"{FRAMED}, frames undated", False)):
        found[called] = framed_pairs(find_set(data, FRAMED), near, dated=dated)
    labelled = {}
    for name, part in found.items():
        truth = part.copies.astype(np.int64)
        stories = truth if name.startswith(SWAPPED) else np.full_like(truth, NOT_JUDGED)
        labelled[name] = Labelled(part.evidence, {"event": truth, "story": stories}, part.blocks % FOLDS)
        print(f"{name}: {int((truth == 0).sum())} pairs of frames, {int(truth.sum())} of copies")
    return labelled


def with_more(data: str, samples: Mapping[str, Sample], frames: dict[str, Labelled]) -> Material:
    """Gather what events are fitted on: the labelled sets, frames, and more pairs."""
    labelled = {name: sample.labelled for name, sample in samples.items()}
    for name in IN_PILES:
        for kind in ("whole", "shortened"):
            pile = in_piles(find_set(data, name), samples[name].places, short=kind == "shortened")
            print(f"{name}, {kind}, in piles: {len(pile.evidence)} labelled candidates")
            labelled[f"{name}, {kind}"] = pile
    openings = {opening_letters(row) for name in SETS for row in find_set(data, name).articles()}
    hidden = [(hidden_pairs(find_set(data, DATED), openings, **way), weight) for way, weight in HIDDEN]
    print(f"{DATED}, dates hidden: {' + '.join(str(len(part.days)) for part, _ in hidden)} pairs")
    return Material(labelled, frames, hidden)


def weight_of(relation: str, name: str) -> float:
    """Return what a set, a set in piles or pairs of a crowd weigh in a fit."""
    if name in CROWD:
        return CROWD[name]
    whole, _, piled = name.partition(", ")
    return WEIGHTS[relation][whole] * (PILED if piled else 1.0)


def fit(relation: str, material: Material, seen: Mapping[str, NDArray[np.bool_]] | None = None) -> Relation:
    """Fit one relation to the labelled pairs, or those that may be ``seen``, then again with those whose dates are hidden."""
    parts = []
    for name, labelled in material.labelled.items():
        mine = labelled.truth[relation] != NOT_JUDGED
        if seen is not None:
            mine &= seen[name]
        truth = labelled.truth[relation][mine]
        weight = np.full(len(truth), weight_of(relation, name) / max(1, len(truth)))
        share = np.full(len(truth), ALONE_IN.get(name, ALONE))
        parts.append((labelled.evidence[mine], truth, weight, share))
    pairs, truth, weights, alone_share = (np.concatenate(column) for column in zip(*parts, strict=True))
    unit = len(weights) / weights.sum() / 2
    weights *= unit
    alone = pairs.copy()
    alone[:, RIVALRY] = np.nan
    alone[:, COLUMN["days_around"]] = alone[:, COLUMN["days"]]
    known = []
    for part, share in ((pairs, weights * (1 - alone_share) * (truth != BETWEEN)), (alone, weights * alone_share)):
        unquoted = part.copy()
        unquoted[:, COLUMN["quotes"]] = np.nan
        unnamed = unquoted.copy()
        unnamed[:, NAMED] = np.nan
        for copy, of_it in (
            (part, (1 - UNQUOTED) * (1 - UNNAMED)),
            (unquoted, UNQUOTED * (1 - UNNAMED)),
            (unnamed, UNNAMED),
        ):
            known.append((copy, truth == 1, share * of_it))
    model = boosted(PLANS[relation], *(np.concatenate(column) for column in zip(*known, strict=True)))
    if material.hidden:
        for part, weight in material.hidden:
            p = told_by_dates(model, part)
            share = unit * weight / max(1, len(p))
            known += [(part.evidence, np.full(len(p), same), share * q) for same, q in ((True, p), (False, 1 - p))]
        model = boosted(PLANS[relation], *(np.concatenate(column) for column in zip(*known, strict=True)))
    for name, labelled in material.framed.items():
        mine = (labelled.truth[relation] != NOT_JUDGED) & (True if seen is None else seen[name])
        truth = labelled.truth[relation][mine]
        weight = FRAMES_WEIGHT / 2 / np.maximum(1, np.bincount(truth, minlength=2))[truth]
        known.append((labelled.evidence[mine], truth == 1, unit * weight))
    return told_from_frames(model, *(np.concatenate(column) for column in zip(*known, strict=True)))


def told_from_frames(
    model: Relation, evidence: NDArray[np.float32], truth: NDArray[np.bool_], weight: NDArray[np.float64]
) -> Relation:
    """Return a model with tables on top that speak against pairs whose shared wording is filled otherwise, and never for any.

    Where it is not known what fills it (no capitals, no figures) they say nothing, nor where it is the same; the more
    wording is shared, the more they say.
    """
    shared = np.flatnonzero(evidence[:, COLUMN["containment"]] >= SHARED[0])
    evidence, truth, weight = evidence[shared], truth[shared], weight[shared]
    tables = []
    for measure, cuts in FILLINGS.items():
        edges = np.array(SHARED), np.array(cuts)
        tables.append((Table(("containment", measure), edges, np.zeros([len(each) + 2 for each in edges])), (0, 1)))
    grow(
        tables, model.log_odds(evidence), (evidence, truth, weight), Pace(120, 0.15, FRAMES_RIDGE, FRAMES_RIDGE / 50, 0)
    )
    for table, _ in tables:
        table.points[:, 1:] -= table.points[:, 1:].max(axis=1, keepdims=True)
        table.points[:, 0] = 0
        table.points[...] = np.minimum.accumulate(table.points, axis=0)
    return Relation(model.base, (*model.tables, *(table for table, _ in tables)))


def unseen(
    labelled: Mapping[str, Labelled],
) -> Iterator[tuple[dict[str, NDArray[np.bool_]], dict[str, NDArray[np.bool_]]]]:
    """Yield for each pair of folds the pairs between them and the pairs that touch neither."""
    for a, b in combinations_with_replacement(range(FOLDS), 2):
        tested = {name: (np.sort(part.folds, axis=1) == (a, b)).all(axis=1) for name, part in labelled.items()}
        yield tested, {name: ~np.isin(part.folds, (a, b)).any(axis=1) for name, part in labelled.items()}


def cross_validated(relation: str, material: Material) -> dict[str, NDArray[np.float64]]:
    """Return the probability of each labelled pair by a model that saw the folds of neither article."""
    p = {name: np.zeros(len(part.evidence)) for name, part in material.parts.items()}
    for tested, seen in unseen(material.parts):
        model = fit(relation, material, seen)
        for name, part in material.parts.items():
            rows = np.flatnonzero(tested[name])
            p[name][rows] = 1 / (1 + np.exp(-model.log_odds(part.evidence[rows])))
            if relation == "event":
                p[name][rows[part.evidence[rows, COLUMN["days"]] > EVENT_DAYS]] = 0.0
    return p


def main() -> None:
    """Fit, judge out of fold, write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add_data_option(parser)
    parser.add_argument("--event", type=float, default=0.5, help="cut on p(event) that is shipped")
    parser.add_argument("--story", type=float, default=0.5, help="cut on p(story) that is shipped")
    given = parser.parse_args()
    cuts = {"event": given.event, "story": given.story}
    sets = {name: find_set(given.data, name) for name in SETS}
    samples = {name: sample_of(part, part.articles()) for name, part in sets.items()}
    for name, sample in samples.items():
        print(f"{name}: {len(sample.labelled.evidence)} labelled candidates, missed {sample.missed}")
    frames = framed(given.data)
    sets_alone = Material({name: sample.labelled for name, sample in samples.items()}, frames, [])
    in_crowd, stands_for = crowded(given.data, samples["allsides_story"].places)
    for_events = with_more(given.data, samples, frames)
    for_events.labelled.update(in_crowd)
    materials = {"event": for_events, "story": sets_alone}
    judged, apart = {}, {}
    for relation, material in materials.items():
        p = cross_validated(relation, material)
        judged[relation] = report(relation, samples, p, cuts[relation])
        apart[relation] = report_frames(relation, frames, p, cuts[relation])
        if relation == "event":
            read = report_graded(in_crowd[READ], stands_for, p[READ], cuts[relation])
    record = {"sets": list(SETS), "pairs": sum(len(sample.labelled.evidence) for sample in samples.values())}
    sources = {"event": [*SETS, SWAPPED, FRAMED, DATED], "story": [*SETS, SWAPPED]}
    records = {relation: record | {"sets": names} for relation, names in sources.items()}
    relations = {relation: fit(relation, material) for relation, material in materials.items()}
    update_model(relations, cuts, records)
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(
        json.dumps({"out_of_fold": judged, "frames": apart, "graded": read, "thresholds": cuts, **record}, indent=1)
        + "\n"
    )


if __name__ == "__main__":
    main()
