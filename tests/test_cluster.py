"""Clusters hold together: chains break, hubs stay, and the order of pairs is nothing to them."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.cluster import MIN_COHESION, cluster_pairs
from tests import oracles

N = 9
graphs = st.dictionaries(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.integers(0, 64).map(lambda k: k / 64),  # sums of these are exact, so that ties are ties
    max_size=24,
)


def clustered(n, pairs, threshold=0.5, *, unit=None):
    """Cluster rows; pairs within one unit are copies."""
    unit = np.arange(n, dtype=np.int32) if unit is None else np.array(unit, np.int32)
    left, right = (np.array([row[k] for row in pairs], np.int32) for k in (0, 1))
    p = np.array([row[2] for row in pairs], float)
    return cluster_pairs(unit, (left, right, unit[left] == unit[right]), p, threshold)


def members_of(found):
    labels = found.labels.tolist()
    return sorted(sorted(i for i, x in enumerate(labels) if x == label) for label in set(labels))


@given(graphs, st.sampled_from([0.25, 0.5, 0.75]))
@settings(max_examples=60, deadline=None)
def test_clusters_equal_those_found_by_looking_at_everything(graph, threshold):
    pairs = [(a, b, p) for (a, b), p in graph.items()]
    groups, p = oracles.cluster(N, pairs, threshold, MIN_COHESION)
    found = clustered(N, pairs, threshold)

    assert members_of(found) == sorted(sorted(group) for group in groups)
    for group in groups:
        if len(group) < 2:
            continue
        label = min(group)
        pull = {a: sum(p.get(frozenset((a, b)), 0.0) for b in group if b != a) for a in group}
        tie = {a: max(p.get(frozenset((a, b)), 0.0) for b in group if b != a) for a in group}
        assert pull[found.centre[label]] == max(pull.values())
        assert found.cohesion[label] == pytest.approx(max(pull.values()) / (len(group) - 1))
        assert found.weakest[label] == min(group, key=lambda a: (tie[a], a))
        assert found.weakest_score[label] == min(tie.values())


@given(graphs, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_the_order_of_pairs_changes_nothing(graph, rng):
    rows = sorted((a, b, p) for (a, b), p in graph.items())
    found, wanted = clustered(N, rng.sample(rows, len(rows))), clustered(N, rows)

    np.testing.assert_array_equal(found.labels, wanted.labels)
    assert (found.centre, found.cohesion, found.weakest) == (wanted.centre, wanted.cohesion, wanted.weakest)


@given(graphs)
@settings(max_examples=40, deadline=None)
def test_a_label_is_the_smallest_member_and_every_cluster_is_cohesive(graph):
    found = clustered(N, [(a, b, p) for (a, b), p in graph.items()])

    for group in members_of(found):
        assert {int(found.labels[i]) for i in group} == {group[0]}
        assert len(group) == 1 or found.cohesion[group[0]] >= MIN_COHESION
    assert set(found.cohesion) == {group[0] for group in members_of(found) if len(group) > 1}


def test_a_chain_whose_ends_know_nothing_of_each_other_breaks():
    found = clustered(20, [(k, k + 1, 0.9) for k in range(19)])

    assert max(map(len, members_of(found))) <= 4


def test_a_round_up_holds_together_with_all_it_contains():
    found = clustered(12, [(0, k, 0.9) for k in range(1, 12)])

    assert members_of(found) == [list(range(12))]
    assert found.centre == {0: 0}
    assert found.cohesion[0] == pytest.approx(0.9)


def test_two_tight_clusters_are_not_joined_by_one_bridge():
    tight = [(a, b, 1.0) for a, b in combinations(range(12), 2) if a // 6 == b // 6]

    assert members_of(clustered(12, [*tight, (5, 6, 0.99)])) == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11]]


def test_pairs_below_the_threshold_join_nothing_by_themselves():
    assert members_of(clustered(3, [(0, 1, 0.49), (1, 2, 0.5)])) == [[0], [1, 2]]


def test_the_weakest_member_is_the_one_with_the_loosest_best_tie():
    found = clustered(4, [(0, 1, 0.95), (0, 2, 0.9), (0, 3, 0.7), (1, 2, 0.9), (1, 3, 0.6)])

    assert (found.weakest, found.weakest_score) == ({0: 3}, {0: 0.7})


def test_thousands_of_copies_of_one_text_are_one_cluster():
    found = clustered(5000, [(0, k, 1.0) for k in range(1, 5000)], unit=[0] * 5000)

    assert not found.labels.any()


def test_copies_count_once_and_follow_their_unit():
    pairs = [(0, 1, 0.9), (0, 2, 0.9), *((2, k, 1.0) for k in range(3, 9))]
    found = clustered(9, pairs, unit=[0, 1, *[2] * 7])

    assert members_of(found) == [list(range(9))]


def test_a_copy_that_is_not_likely_enough_stays_out_with_the_copies_it_is_likely_enough_to_be():
    found = clustered(4, [(0, 1, 0.3), (0, 2, 0.3), (0, 3, 1.0), (1, 2, 1.0)], unit=[0] * 4)

    assert members_of(found) == [[0, 3], [1, 2]]


def test_the_weakest_member_may_be_a_copy():
    found = clustered(3, [(0, 1, 0.9), (0, 2, 0.6)], unit=[0, 1, 0])

    assert (found.weakest, found.weakest_score) == ({0: 2}, {0: 0.6})


def test_nothing_to_cluster_is_fine():
    assert clustered(0, []).labels.tolist() == []
    assert clustered(3, []).labels.tolist() == [0, 1, 2]
