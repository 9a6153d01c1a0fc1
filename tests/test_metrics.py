"""The measures agree with their plain versions and keep their word at the edges."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.metrics import (
    adjusted_rand_index,
    area_under_roc,
    average_precision,
    b_cubed,
    cluster_pair_counts,
    expected_calibration_error,
    pair_counts,
    threshold_curve,
)
from tests import oracles_metrics as oracle

clusterings = st.integers(1, 12).flatmap(
    lambda n: st.tuples(*[st.lists(st.integers(-2, 4), min_size=n, max_size=n)] * 2)
)
ranked = st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.booleans()), min_size=1, max_size=20)
both_kinds = ranked.filter(lambda rows: len({right for _, right in rows}) == 2)


@given(clusterings)
@settings(max_examples=60, deadline=None)
def test_cluster_measures_agree_with_counting_by_hand(two):
    predicted, truth = two
    found = cluster_pair_counts(predicted, truth)
    purity = b_cubed(predicted, truth)

    assert oracle.counts(predicted, truth) == (found.true_positives, found.false_positives, found.false_negatives)
    assert oracle.adjusted_rand_index(predicted, truth) == pytest.approx(adjusted_rand_index(predicted, truth))
    assert oracle.b_cubed(predicted, truth) == pytest.approx((purity.precision, purity.recall))


@given(clusterings, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_names_and_order_of_clusters_do_not_matter(two, random):
    predicted, truth = (np.array(side) for side in two)
    order = list(range(len(truth)))
    random.shuffle(order)

    assert adjusted_rand_index(predicted, truth) == adjusted_rand_index(predicted[order] * 7 + 100, truth[order])
    assert b_cubed(predicted, truth).f1 == pytest.approx(b_cubed(-predicted[order], truth[order]).f1)


@given(ranked.filter(lambda rows: any(right for _, right in rows)))
@settings(max_examples=60, deadline=None)
def test_average_precision_agrees_with_ranking_by_hand(rows):
    scores, truth = zip(*rows, strict=True)

    assert oracle.average_precision(scores, truth) == pytest.approx(average_precision(scores, truth))


@given(both_kinds)
@settings(max_examples=60, deadline=None)
def test_area_under_roc_agrees_with_every_duel_of_a_right_and_a_wrong_pair(rows):
    scores, truth = zip(*rows, strict=True)

    assert oracle.area_under_roc(scores, truth) == pytest.approx(area_under_roc(scores, truth))


@given(ranked)
@settings(max_examples=40, deadline=None)
def test_curve_agrees_with_counting_at_each_threshold(rows):
    scores, truth = zip(*rows, strict=True)
    for point in threshold_curve(scores, truth, (0.0, 0.2, 0.25, 0.9, 1.0)):
        assert oracle.at_threshold(scores, truth, point.threshold) == pytest.approx((point.precision, point.recall))


@given(ranked, st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_a_row_of_weight_n_counts_as_n_rows(rows, times):
    scores, truth = zip(*rows, strict=True)
    weights = [times] + [1] * (len(rows) - 1)
    spread = [scores[0]] * (times - 1) + list(scores), [truth[0]] * (times - 1) + list(truth)
    claimed = np.array(scores) >= 0.5

    assert average_precision(*spread) == pytest.approx(average_precision(scores, truth, weights))
    assert area_under_roc(*spread) == pytest.approx(area_under_roc(scores, truth, weights), nan_ok=True)
    assert threshold_curve(*spread, (0.5,)) == threshold_curve(scores, truth, (0.5,), weights)
    assert pair_counts(np.array(spread[0]) >= 0.5, spread[1]) == pair_counts(claimed, truth, weights)


def test_ties_cannot_be_broken_in_our_favour():
    assert average_precision([0.5, 0.5], [True, False]) == average_precision([0.5, 0.5], [False, True]) == 0.5


def test_area_under_roc_goes_from_always_wrong_over_chance_to_always_right():
    assert area_under_roc([0.9, 0.1], [True, False]) == 1.0
    assert area_under_roc([0.1, 0.9], [True, False]) == 0.0
    assert area_under_roc([0.5, 0.5], [True, False]) == 0.5


@pytest.mark.parametrize(("truth", "weights"), [([], []), ([True], [3]), ([False], [3]), ([True, False], [3, 0])])
def test_area_under_roc_is_undefined_without_pairs_of_both_kinds(truth, weights):
    assert math.isnan(area_under_roc([0.5] * len(truth), truth, weights))


def test_area_under_roc_of_more_pairs_than_an_integer_can_multiply():
    many = 1 << 40

    assert area_under_roc([0.9, 0.5, 0.1], [True, False, False], [many, many, many]) == 1.0


def test_nothing_claimed_and_nothing_to_find_count_as_right():
    nothing_claimed = pair_counts([False, False], [True, False])
    nothing_there = pair_counts([True], [False])

    assert (nothing_claimed.precision, nothing_claimed.recall, nothing_claimed.f1) == (1.0, 0.0, 0.0)
    assert (nothing_there.precision, nothing_there.recall, nothing_there.f1) == (0.0, 1.0, 0.0)
    assert pair_counts([], []).f1 == 1.0
    assert average_precision([], []) == 1.0


def test_empty_clusterings_agree():
    assert adjusted_rand_index([], []) == b_cubed([], []).f1 == cluster_pair_counts([], []).f1 == 1.0


def test_b_cubed_of_the_standard_example():
    found = b_cubed([1, 1, 1, 1, 1, 2, 2, 3, 3, 3, 3, 3], [1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2])

    assert (1.0, pytest.approx((5 * 1 + 2 * 2 / 7 + 5 * 5 / 7) / 12)) == (found.precision, found.recall)


def test_a_large_clustering_is_counted_without_listing_its_pairs():
    truth = np.zeros(200_000, np.int32)
    predicted = np.arange(200_000) // 100_000

    counts = cluster_pair_counts(predicted, truth)

    assert (counts.true_positives, counts.false_positives) == (2 * 100_000 * 99_999 // 2, 0)
    assert counts.false_negatives == 100_000 * 100_000


def test_calibration_error_is_the_gap_between_promise_and_outcome():
    assert expected_calibration_error([0.8] * 10, [True] * 8 + [False] * 2) == pytest.approx(0.0)
    assert expected_calibration_error([0.9] * 10, [True] * 5 + [False] * 5) == pytest.approx(0.4)
    assert expected_calibration_error([1.0, 0.0], [False, True]) == pytest.approx(1.0)
    assert expected_calibration_error([], []) == 0.0
