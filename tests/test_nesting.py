"""Wider clusters from tighter ones: nested, without chains, every copy counted once, whatever the order."""

from itertools import combinations, product
from math import ceil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.nesting import AMONG_FEW, CIRCLE, LINKAGES, Linkage, nest_clusters
from dedup.settings import EVENT_DAYS, NO_DATE

N = 9
partitions = st.lists(st.integers(0, 4), min_size=N, max_size=N)
graphs = st.dictionaries(
    st.tuples(st.integers(0, N - 1), st.integers(0, N - 1)).filter(lambda pair: pair[0] < pair[1]),
    st.integers(2, 64).map(lambda k: k / 64),  # sums of these are exact, so that ties are ties
    max_size=30,
)
dense = st.lists(st.integers(16, 64), min_size=N * (N - 1) // 2, max_size=N * (N - 1) // 2).map(
    lambda ties: {pair: k / 64 for pair, k in zip(combinations(range(N), 2), ties, strict=True)}
)


def labelled(groups):
    """Name each group by its first member."""
    return np.array([groups.index(group) for group in groups], np.int32)


def nested(n, pairs, threshold=0.5, *, counted=1.0, eased=1.0, inner=None, nodes=None, days=None):
    left, right = (np.array([pair[k] for pair in pairs], np.int32) for k in (0, 1))
    p = np.array([pair[2] for pair in pairs], float)
    nodes = labelled(list(range(n)) if nodes is None else nodes)
    inner = nodes if inner is None else labelled(inner)
    days = None if days is None else np.array([NO_DATE if day is None else day for day in days], np.int32)
    return nest_clusters(inner, nodes, (left, right), p, (threshold, Linkage(counted, eased)), days=days)


def members_of(found):
    labels = found.labels.tolist()
    return sorted(sorted(i for i, x in enumerate(labels) if x == label) for label in set(labels))


def everyone(left, right, p):
    return [(min(a, b), max(a, b), p) for a, b in product(left, right)]


def mean_of_the_weakest(ties, counted):
    taken = ceil(counted * len(ties))
    return sum(sorted(ties)[:taken]) / taken


def merged_by_looking_at_everything(inner, pairs, threshold, counted):
    """Join the two groups of the highest mean until none reaches the threshold; the first two where means are equal."""
    p = {frozenset(pair[:2]): pair[2] for pair in pairs}
    groups = {label: [i for i, x in enumerate(inner) if x == label] for label in set(inner)}
    while True:
        means = [
            (
                -mean_of_the_weakest([p.get(frozenset(ends), 0.0) for ends in product(groups[a], groups[b])], counted),
                a,
                b,
            )
            for a, b in combinations(sorted(groups), 2)
        ]
        best = min(means, default=(0.0, 0, 0))
        if -best[0] < threshold:
            return sorted(sorted(group) for group in groups.values())
        groups[best[1]] += groups.pop(best[2])


@pytest.mark.parametrize("counted", [1.0, 0.5])
@given(inner=partitions, graph=dense | graphs, threshold=st.sampled_from([0.25, 0.5, 0.75]))
@settings(max_examples=150, deadline=None)
def test_clusters_equal_those_found_by_looking_at_everything(inner, graph, threshold, counted):
    pairs = [(a, b, p) for (a, b), p in graph.items()]
    found = nested(N, pairs, threshold, counted=counted, inner=inner, nodes=list(range(N)))

    assert members_of(found) == merged_by_looking_at_everything(labelled(inner).tolist(), pairs, threshold, counted)


@given(partitions, graphs)
@settings(max_examples=60, deadline=None)
def test_no_cluster_of_the_level_below_is_cut_and_a_label_is_the_smallest_member(inner, graph):
    found = nested(N, [(a, b, p) for (a, b), p in graph.items()], inner=inner, nodes=list(range(N)))

    for a, b in combinations(range(N), 2):
        assert inner[a] != inner[b] or found.labels[a] == found.labels[b]
    for group in members_of(found):
        assert {int(found.labels[i]) for i in group} == {group[0]}


@pytest.mark.parametrize("counted", [1.0, 0.5])
@given(inner=partitions, graph=dense | graphs, rng=st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_and_the_direction_of_pairs_change_nothing(inner, graph, rng, counted):
    rows = sorted((a, b, p) for (a, b), p in graph.items())
    turned = [(b, a, p) if rng.random() < 0.5 else (a, b, p) for a, b, p in rng.sample(rows, len(rows))]
    one, two = (nested(N, pairs, counted=counted, inner=inner, nodes=list(range(N))) for pairs in (rows, turned))

    np.testing.assert_array_equal(one.labels, two.labels)
    assert (one.centre, one.cohesion, one.weakest) == (two.centre, two.cohesion, two.weakest)


@given(partitions, graphs, st.permutations(range(N)), st.integers(0, 1 << 20))
@settings(max_examples=100, deadline=None)
def test_numbering_the_articles_anew_changes_no_cluster(inner, graph, moved, seed):
    p = np.random.default_rng(seed).random(len(graph))  # no two means are equal, as long as all ties count
    pairs = [(a, b, float(x)) for (a, b), x in zip(graph, p, strict=True)]
    renumbered = [(moved[a], moved[b], x) for a, b, x in pairs]
    inner_there = [inner[moved.index(k)] for k in range(N)]
    here = nested(N, pairs, 0.3, inner=inner, nodes=list(range(N)))
    there = nested(N, renumbered, 0.3, inner=inner_there, nodes=list(range(N)))

    assert members_of(there) == sorted(sorted(moved[i] for i in group) for group in members_of(here))


def test_a_chain_whose_ends_know_nothing_of_each_other_does_not_merge():
    assert members_of(nested(3, [(0, 1, 0.9), (1, 2, 0.8)])) == [[0, 1], [2]]


def test_a_long_chain_falls_into_pairs():
    assert max(map(len, members_of(nested(20, [(k, k + 1, 0.9) for k in range(19)])))) == 2


def test_the_ends_of_a_chain_meet_where_they_are_likely_enough_on_average():
    assert members_of(nested(3, [(0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.3)])) == [[0, 1, 2]]


@pytest.mark.parametrize(
    ("linkage", "together"), [(AMONG_FEW["event"], False), (AMONG_FEW["story"], True), (LINKAGES["event"], True)]
)
def test_in_an_event_of_a_small_pile_one_strong_tie_does_not_outvote_a_weak_one(linkage, together):
    counted, eased = linkage
    found = nested(3, [(0, 1, 0.98), (0, 2, 0.84), (1, 2, 0.44)], 0.45, counted=counted, eased=eased)

    assert members_of(found) == ([[0, 1, 2]] if together else [[0, 1], [2]])


@pytest.mark.parametrize(("last", "together"), [(0.3125, True), (0.25, False)])
def test_several_ties_need_a_share_of_the_threshold_only(last, together):
    found = nested(3, [(0, 1, 0.9), (0, 2, 0.5), (1, 2, last)], 0.5, eased=0.8125)

    assert members_of(found) == ([[0, 1, 2]] if together else [[0, 1], [2]])


def test_a_single_tie_needs_the_whole_threshold():
    assert members_of(nested(2, [(0, 1, 0.49)], 0.5, eased=0.8)) == [[0], [1]]
    assert members_of(nested(2, [(0, 1, 0.5)], 0.5, eased=0.8)) == [[0, 1]]


@pytest.mark.parametrize(("threshold", "together"), [(0.35, True), (0.36, False)])
def test_of_an_odd_number_of_ties_the_one_in_the_middle_counts_too(threshold, together):
    pairs = [(0, 3, 0.9), (1, 3, 0.5), (2, 3, 0.2)]
    found = nested(4, pairs, threshold, counted=0.5, inner=[0, 0, 0, 1], nodes=[0, 1, 2, 3])

    assert (len(members_of(found)) == 1) == together


@pytest.mark.parametrize(("tied", "together"), [(3, True), (2, False)])
def test_a_tie_nobody_knows_of_is_the_weakest(tied, together):
    pairs = [(0, 2, 0.9), (1, 3, 0.9), (0, 3, 0.9)][:tied]
    found = nested(4, pairs, 0.4, counted=0.5, inner=[0, 0, 1, 1], nodes=[0, 1, 2, 3])

    assert (len(members_of(found)) == 1) == together


def test_groups_that_know_each_other_merge():
    pairs = everyone([0, 1], [2, 3], 0.6)

    assert members_of(nested(4, pairs, inner=[0, 0, 1, 1], nodes=[0, 1, 2, 3])) == [[0, 1, 2, 3]]


def test_one_bridge_does_not_join_two_groups():
    pairs = [*((a, b, 0.9) for a, b in combinations(range(8), 2) if a // 4 == b // 4), (3, 4, 0.85)]

    assert members_of(nested(8, pairs)) == [[0, 1, 2, 3], [4, 5, 6, 7]]


@pytest.mark.parametrize(("threshold", "together"), [(0.2, True), (0.6, True), (0.61, False), (0.9, False)])
def test_two_groups_merge_up_to_the_threshold_that_is_their_mean(threshold, together):
    pairs = [(0, 2, 0.95), (0, 3, 0.25), (1, 2, 0.25), (1, 3, 0.95)]
    found = nested(4, pairs, threshold, inner=[0, 0, 1, 1], nodes=[0, 1, 2, 3])

    assert (len(members_of(found)) == 1) == together


def test_copies_count_once_and_bring_their_likeliest_tie():
    pairs = [(0, 1, 0.3), (0, 2, 0.9), (0, 3, 0.1), (0, 4, 0.3)]
    copies = [0, 1, 1, 1, 4]

    assert members_of(nested(5, pairs, inner=copies, nodes=copies)) == [[0, 1, 2, 3], [4]]


def test_many_copies_of_one_article_do_not_outvote_the_other():
    copies = [0, *[1] * 10, 11]
    pairs = [*((0, k, 0.9) for k in range(1, 11)), (10, 11, 0.9), (0, 11, 0.05)]
    found = nested(12, pairs, inner=copies, nodes=copies)

    assert members_of(found) == [list(range(11)), [11]]


@pytest.mark.parametrize(
    ("counted", "tied", "together"),
    [
        (1.0, CIRCLE, True),
        (1.0, CIRCLE // 2 - 1, False),
        (0.5, CIRCLE, True),
        (0.5, CIRCLE - 2, True),
        (0.5, CIRCLE - 3, False),
    ],
)
def test_a_newcomer_joins_a_large_cluster_by_strong_ties_to_as_many_as_can_be_asked_of_it(counted, tied, together):
    large = 4 * CIRCLE
    inner = [*[0] * large, 1]
    pairs = [(k, large, 0.8) for k in range(tied)]
    found = nested(large + 1, pairs, counted=counted, inner=inner, nodes=list(range(large + 1)))

    assert (len(members_of(found)) == 1) == together


def test_two_large_clusters_do_not_merge_by_many_weak_ties():
    size = 40
    pairs = [(a, size + (a + k) % size, 0.1) for a in range(size) for k in range(19)]
    pairs[0] = (0, size, 0.9)
    found = nested(2 * size, pairs, inner=[k // size for k in range(2 * size)], nodes=list(range(2 * size)))

    assert len(members_of(found)) == 2


def test_a_newcomer_does_not_join_a_large_cluster_by_many_weak_ties():
    large = 4 * CIRCLE
    pairs = [(k, large, 0.3) for k in range(1, 2 * CIRCLE)]
    found = nested(large + 1, [(0, large, 0.6), *pairs], inner=[*[0] * large, 1], nodes=list(range(large + 1)))

    assert len(members_of(found)) == 2


def test_nor_one_that_has_just_grown_large():
    half = 2 * CIRCLE
    sides = range(half), range(half, 2 * half)
    pairs = [*everyone(*sides, 0.9), (0, 2 * half, 0.6), *((k, 2 * half, 0.3) for k in range(1, 2 * half))]
    found = nested(
        2 * half + 1, pairs, inner=[*(k // half for k in range(2 * half)), 2], nodes=list(range(2 * half + 1))
    )

    assert members_of(found) == [list(range(2 * half)), [2 * half]]


def test_what_holds_a_cluster_together_is_what_a_hand_counts():
    pairs = [(0, 1, 0.9), (0, 2, 0.8), (1, 2, 0.4)]
    found = nested(4, pairs)

    assert members_of(found) == [[0, 1, 2], [3]]
    assert found.centre == {0: 0}
    assert found.weakest == {0: 2}
    assert found.weakest_score == {0: pytest.approx((0.8 + 0.4) / 2)}
    assert found.cohesion == {0: pytest.approx((0.85 + 0.65 + 0.6) / 3)}


def test_a_member_of_a_large_cluster_is_held_by_its_best_ties():
    n = CIRCLE + 4
    pairs = [(a, b, 0.9 if min(a, b) < CIRCLE else 0.6) for a, b in combinations(range(n), 2)]
    found = nested(n, pairs)

    assert members_of(found) == [list(range(n))]
    assert found.cohesion == {0: pytest.approx(0.9)}
    assert found.weakest_score == {0: pytest.approx(0.9)}


def test_a_cluster_taken_over_from_below_has_nothing_new_to_tell():
    found = nested(3, [(0, 1, 0.9)], inner=[0, 0, 1], nodes=[0, 1, 2])

    assert members_of(found) == [[0, 1], [2]]
    assert (found.cohesion, found.weakest) == ({}, {})


def test_pairs_too_unlikely_to_count_join_nothing():
    assert members_of(nested(2, [(0, 1, 0.01)], 0.005)) == [[0], [1]]


def test_nothing_to_nest_is_fine():
    assert nested(0, []).labels.tolist() == []
    assert nested(3, []).labels.tolist() == [0, 1, 2]


def test_an_undated_report_does_not_make_one_event_of_two_a_long_time_apart():
    ties = [(0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.6)]

    assert members_of(nested(3, ties, days=[0, None, EVENT_DAYS])) == [[0, 1, 2]]
    assert members_of(nested(3, ties, days=[0, None, EVENT_DAYS + 1])) == [[0, 1], [2]]
    assert members_of(nested(3, ties)) == [[0, 1, 2]]


def test_a_text_printed_again_later_belongs_to_the_event_of_its_first_day():
    found = nested(3, [(0, 2, 0.9), (1, 2, 0.9)], nodes=[0, 0, 2], days=[300, 0, 1])

    assert members_of(found) == [[0, 1, 2]]
