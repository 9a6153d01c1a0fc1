"""Fitting to somebody's labels: it learns what they say, keeps what the model promised, and knows chance from gain."""

import numpy as np
import pytest

from dedup.boosting import directions_of
from dedup.corpus import as_article, build_corpus
from dedup.errors import InputError
from dedup.fitting import BELIEVED, CUTS, LARGEST_GROUP, Sample, best_threshold, changed, fit, regrown, sample_of
from dedup.gathering import gather
from dedup.labels import ClusterLabels, PairLabels
from dedup.measures import COLUMN, MEASURES
from dedup.rank import Model, Relation, Table, load_model
from dedup.settings import Settings

SHIPPED = load_model()
PARK = "The park keeper of Lowmoor found {n} geese asleep on the bowling green and asked the council what to do about them now"
BOARD = (
    "Directors of the {n} tram company met on Monday to talk about fares, wheels, winter tyres and the colour of seats"
)


def sample(n, odds, seed=5, groups=None):
    """Return a sample in which ``jaccard`` decides, by log-odds ``odds`` at a likeness."""
    rng = np.random.default_rng(seed)
    evidence = np.full((n, len(MEASURES)), np.nan, np.float32)
    evidence[:, COLUMN["jaccard"]] = rng.random(n)
    truth = rng.random(n) < 1 / (1 + np.exp(-odds(evidence[:, COLUMN["jaccard"]])))
    group = np.arange(n) if groups is None else rng.integers(0, groups, n)
    ones = np.ones(n, bool)
    return Sample("labels.csv", evidence, ones, ones, truth, ones, np.stack([group, group], axis=1), 0)


def model(points, threshold=0.5):
    table = Table(("jaccard",), (np.array([0.25, 0.5, 0.75]),), np.array([0.0, *points]))
    return Model({"near": Relation(0.0, (table,))}, {"near": threshold}, {})


def test_labels_that_disagree_move_the_tables_and_the_gain_is_told():
    labelled = sample(1500, lambda x: 16 * (x - 0.5))
    before = model([-1, -0.9, -0.8, 1])
    found = fit(labelled, before, "near")
    after = changed(labelled, before, "near", "tables", 0.5)

    assert found.change in ("threshold", "tables")
    assert found.tried[found.best].f1 - found.tried["nothing"].f1 == found.gain > found.gain_error > 0
    assert found.tried["tables"].calibration_error < found.tried["nothing"].calibration_error
    assert after.relations["near"].tables[0].points[3] > before.relations["near"].tables[0].points[3] + 1


def test_labels_that_agree_bear_out_no_change():
    found = fit(sample(300, lambda x: 8 * (x - 0.5)), model([-3, -1, 1, 3]), "near")

    assert found.change == "nothing"
    assert found.gain <= found.gain_error


def test_a_threshold_that_is_off_is_moved_without_touching_the_tables():
    before = model([-3, -1, 1, 3], threshold=0.95)
    labelled = sample(300, lambda x: 8 * (x - 0.5))
    found = fit(labelled, before, "near", only_threshold=True)
    after = changed(labelled, before, "near", found.change, found.tried[found.change].threshold)

    assert found.change == "threshold"
    assert list(found.tried) == ["nothing", "threshold"]
    assert after.thresholds["near"] < 0.9
    assert after.relations == before.relations


def test_few_labels_move_the_tables_little_and_many_much():
    before = model([-1, -1, -1, -1])
    moved = []
    for n in (30, 300, 3000):
        labelled = sample(n, lambda x: 8 * (x - 0.5))
        table = regrown(before.relations["near"], labelled, labelled.open).tables[0]
        moved.append(float(np.abs(table.points - before.relations["near"].tables[0].points).max()))

    assert moved[0] < moved[1] < moved[2]
    assert moved[0] < 1.5


@pytest.mark.parametrize("level", ["near", "event", "story"])
def test_fitted_tables_stay_monotone_where_the_shipped_ones_are_whatever_the_labels_say(level):
    rng = np.random.default_rng(1)
    evidence = rng.random((400, len(MEASURES))).astype(np.float32)
    evidence[rng.random(evidence.shape) < 0.2] = np.nan
    truth = evidence[:, COLUMN["subject"]] + evidence[:, COLUMN["jaccard"]] < 0.8
    ones = np.ones(400, bool)
    labelled = Sample("l", evidence, ones, ones, truth, ones, np.zeros((400, 2), np.int64), 0)
    shipped = SHIPPED.relations[level]
    fitted = regrown(shipped, labelled, ones)

    assert any((a.points != b.points).any() for a, b in zip(shipped.tables, fitted.tables, strict=True))
    for table, directions in zip(fitted.tables, directions_of(shipped), strict=True):
        for axis, direction in enumerate(directions):
            steps = np.diff(np.moveaxis(table.points, axis, 0)[1:], axis=0)
            assert direction == 0 or (direction * steps > -2e-4).all()

    p = changed(labelled, SHIPPED, level, "tables", 0.5).probabilities(evidence, ones, ones)
    assert (np.diff(p, axis=1) >= 0).all()


def test_a_table_that_does_not_move_goes_the_way_its_measure_goes_elsewhere():
    flat, rising = np.zeros(4), np.array([5.0, 0, 1, 2])
    one = Table(("jaccard",), (np.array([0.3, 0.6]),), rising)
    two = Table(("jaccard",), (np.array([0.3, 0.6]),), flat)
    other = Table(("words",), (np.array([30.0, 60.0]),), flat)
    both = Table(("days",), (np.array([3.0, 6.0]),), np.array([0.0, 1, 3, 2]))

    assert directions_of(Relation(0.0, (one, two, other, both))) == [(1,), (1,), (0,), (0,)]


def test_the_threshold_is_the_best_of_all_where_labels_are_many():
    p = np.random.default_rng(2).random(20_000)
    truth = np.random.default_rng(3).random(20_000) < p**3
    found = best_threshold(p, truth, 0.5)
    f1 = [2 * (truth & (p >= cut)).sum() / ((p >= cut).sum() + truth.sum()) for cut in CUTS]

    assert f1[int(np.flatnonzero(found == CUTS)[0])] > max(f1) - 0.002


def test_the_threshold_stays_where_labels_say_nothing():
    assert best_threshold(np.array([]), np.array([], bool), 0.45) == 0.45
    few = best_threshold(np.array([0.06, 0.9, 0.95]), np.array([True, True, True]), 0.5)
    assert 0.3 < few < 0.6
    assert BELIEVED > 3


def test_the_same_labels_give_the_same_fit():
    first, again = (fit(sample(200, lambda x: 8 * (x - 0.5)), model([-1, 0, 0, 1]), "near") for _ in range(2))

    assert first == again


def test_no_pair_is_judged_by_tables_that_saw_its_group():
    labelled = sample(600, lambda x: 0 * x, groups=12)
    # Every group is all of one kind, so tables that saw a pair's group would know its label from its likeness.
    groups = labelled.groups[:, 0]
    evidence = labelled.evidence.copy()
    evidence[:, COLUMN["jaccard"]] = (groups % 4) / 4 + 0.1
    truth = groups < 6
    found = fit(labelled._replace(evidence=evidence, truth=truth), model([0, 0, 0, 0]), "near", folds=12)

    assert found.tried["tables"].average_precision < 0.75
    assert found.groups == 12


@pytest.mark.parametrize(
    ("labelled", "words"),
    [
        (sample(29, lambda x: 0 * x), "29 labelled pairs of different texts among the candidates here; a fit needs 30"),
        (sample(40, lambda x: 0 * x + 50), r"all 40 labelled candidates are 1 \(same\); a fit needs both kinds"),
        (sample(40, lambda x: 0 * x - 50), r"all 40 labelled candidates are 0 \(different\)"),
        (sample(90, lambda x: 0 * x, groups=3), "fall into 3 groups connected with each other, too few for 5 folds"),
    ],
)
def test_labels_a_fit_cannot_use_are_one_sentence(labelled, words):
    with pytest.raises(InputError, match=f"^labels.csv: .*{words}") as caught:
        fit(labelled, model([0, 0, 0, 0]), "near")

    assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def known():
    """Five articles: two copies of one text, a near copy of it, and two near copies of another."""
    texts = {
        "a": PARK.format(n=12), "b": PARK.format(n=12), "c": PARK.format(n=14),
        "d": BOARD.format(n="Ellery"), "e": BOARD.format(n="Vosk"),
    }  # fmt: skip
    corpus = build_corpus(as_article({"id": name, "text": text}, 0) for name, text in texts.items())
    return gather(corpus, Settings())


def test_equal_texts_count_once_and_a_group_is_what_labelled_pairs_connect_if_they_do_not_connect_all(known):
    rows = [("a", "b", True), ("a", "c", True), ("b", "c", True), ("d", "e", False), ("a", "d", True)]
    a, b, positive = zip(*rows, strict=True)
    found = sample_of(known, PairLabels("pairs.csv", a, b, np.array(positive), 0), "near")

    assert (found.truth.tolist(), found.missed) == ([True, False], 1)
    # All labelled pairs hang together, so those that do not belong together no longer connect.
    assert len(np.unique(found.groups)) == 2


def test_of_clusters_every_candidate_is_labelled_and_a_group_is_a_cluster(known):
    labels = ClusterLabels("clusters.csv", ("a", "b", "c", "d", "e"), np.array([0, 0, 0, 1, 2], np.int32))
    found = sample_of(known, labels, "near")

    assert (found.truth.tolist(), found.missed) == ([True, False], 0)
    assert found.groups.tolist() == [[0, 0], [1, 2]]


def test_pairs_that_hang_together_in_small_groups_are_never_parted(monkeypatch, known):
    monkeypatch.setattr("dedup.fitting.LARGEST_GROUP", 1.0)
    labels = PairLabels("pairs.csv", ("a", "d", "a"), ("c", "e", "d"), np.array([True, False, False]), 0)

    assert len(np.unique(sample_of(known, labels, "near").groups)) == 1
    assert LARGEST_GROUP < 1
