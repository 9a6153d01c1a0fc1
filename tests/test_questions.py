"""Which pairs a person is asked about first, and when enough is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.metrics import wilson_interval
from dedup.questions import ENOUGH_WIDTH, Judged, asking_order
from dedup.results import Findings


def findings(p, clusters=None):
    """Findings of one candidate pair (2k, 2k + 1) for each probability."""
    n = len(p)
    rows = np.arange(2 * n, dtype=np.int32)
    column = np.array(p, float)
    return Findings(
        unit=rows,
        left=rows[::2],
        right=rows[1::2],
        channels=np.ones(n, np.uint8),
        measured=np.ones(n, bool),
        p=np.stack([column] * 3, axis=1),
        evidence=np.empty((n, 0), np.float32),
        labels={"near": rows if clusters is None else np.repeat(np.array(clusters, np.int32), 2)},
        stats={},
        reread=lambda pairs: (np.empty((len(pairs), 0), np.float32), np.zeros((len(pairs), 3), np.int32)),
    )


def asked(p, threshold=0.5, clusters=None):
    return np.array(p)[asking_order(findings(p, clusters), "near", threshold)].tolist()


def test_the_pair_closest_to_the_threshold_comes_first_and_every_tenth_has_its_turn():
    p = [0.01, 0.02, 0.51, 0.52, 0.53, 0.75, 0.99]

    assert asked(p) == [0.51, 0.75, 0.02, 0.99, 0.52, 0.01, 0.53]
    assert asked(p, threshold=0.8)[0] == 0.75


def test_no_cluster_is_asked_about_twice_before_the_others_of_its_tenth():
    assert asked([0.51, 0.52, 0.53, 0.54], clusters=[7, 7, 7, 1]) == [0.51, 0.54, 0.52, 0.53]


def test_pairs_that_were_not_scored_and_equal_texts_are_not_asked_about():
    found = findings([0.0, 0.5, 0.6])
    found.unit[3] = found.unit[2]

    assert asking_order(found, "near", 0.5).tolist() == [2]


@given(st.lists(st.floats(0.001, 1.0), max_size=40), st.floats(0, 1))
@settings(deadline=None)
def test_every_scored_pair_is_asked_about_once(p, threshold):
    assert sorted(asked(p, threshold)) == sorted(p)


def judged(rows):
    found = Judged()
    for claimed, answer in rows:
        found.add(answer, claimed=claimed)
    return found


def test_unsure_answers_count_for_neither_measure_and_the_last_can_be_taken_back():
    found = judged([(True, "1"), (True, "0"), (True, ""), (False, "1"), (False, "0")])

    assert (found.precision, found.recall) == ((1, 2), (1, 2))
    found.take_back()
    found.take_back()
    assert (found.precision, found.recall) == ((1, 2), (1, 1))


@pytest.mark.parametrize(("n", "enough"), [(0, False), (5, False), (200, True)])
def test_enough_is_known_once_both_ranges_are_narrow(n, enough):
    assert judged([(True, "1"), (True, "0"), (False, "1"), (False, "0")] * n).enough is enough
    assert judged([(True, "1")] * n).enough is enough
    assert not judged([(False, "0")] * n).enough


@given(st.integers(1, 400), st.data())
@settings(deadline=None)
def test_the_interval_of_a_share_holds_it_and_narrows_with_more(n, data):
    hits = data.draw(st.integers(0, n))
    low, high = wilson_interval(hits, n)
    lower, higher = wilson_interval(hits * 4, n * 4)

    assert 0 <= low <= hits / n + 1e-9
    assert hits / n - 1e-9 <= high <= 1
    assert higher - lower < high - low
    assert wilson_interval(0, 0) == (0.0, 1.0)
    assert ENOUGH_WIDTH < 1


def test_the_interval_holds_the_share_nine_times_of_ten():
    seen = np.random.default_rng(4).binomial(80, 0.7, 4000)
    inside = [low <= 0.7 <= high for low, high in (wilson_interval(int(k), 80) for k in seen)]

    assert 0.86 < np.mean(inside) < 0.94
