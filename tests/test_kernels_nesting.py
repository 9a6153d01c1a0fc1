"""The kernels of nesting: the compiled ones equal their plain twins to the last bit, on ties that are ties or nearly."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup import nesting
from dedup.kernels import fast, plain
from dedup.nesting import AMONG_FEW, LEAST_TIE, LINKAGES, Linkage, nest_clusters
from dedup.settings import NO_DATE

linkages = st.sampled_from([*LINKAGES.values(), *AMONG_FEW.values(), Linkage(0.25, 0.9)])
thresholds = st.sampled_from([0.0, 0.05, 0.1, 0.3, 0.5, 0.6, 0.9])
twins = settings(max_examples=100, deadline=None)


def told(found):
    return (found.labels.tolist(), found.centre, found.cohesion, found.weakest, found.weakest_score)


def by(kernels, *given_to, days=None):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nesting, "kernels_for", lambda _: kernels)
        return told(nest_clusters(*given_to, days=days))


def pile(seed, n, degree, values, *, levels):
    """Make up labels of two levels and pairs, some of them twice, and as likely as others where ``values`` are given."""
    rng = np.random.default_rng(seed)
    nodes = np.arange(n, dtype=np.int32)
    for k in np.flatnonzero(rng.random(n) < 0.2):
        nodes[k] = nodes[rng.integers(0, k + 1)]
    inner = rng.integers(0, n, n)[nodes].tolist() if levels else nodes.tolist()
    left = rng.integers(0, n, int(n * degree)).astype(np.int32)
    right = np.clip(left + rng.integers(-25, 25, len(left)), 0, n - 1).astype(np.int32)  # neighbours know each other
    p = rng.choice(np.array(values), len(left)) if values else rng.random(len(left))
    return np.array([inner.index(group) for group in inner], np.int32), nodes, (left, right), p


piles = st.builds(
    pile,
    st.integers(0, 1 << 30),
    st.integers(1, 60),
    st.floats(0, 8),
    st.sampled_from([None, [0.1, 0.3, 0.45, 0.9], [LEAST_TIE, 0.5, 1.0], [0.6]]),
    levels=st.booleans(),
)


@given(piles, linkages, thresholds, st.sampled_from([None, 1, 20]))
@twins
def test_both_kernels_find_equal_clusters_and_tell_equal_things_of_them(given_to, linkage, threshold, days_apart):
    days = None
    if days_apart is not None:
        days = (np.arange(len(given_to[0])) * 7 % 11 * days_apart).astype(np.int32)
        days[::5] = NO_DATE
    both = (by(kernels, *given_to, (threshold, linkage), days=days) for kernels in (fast, plain))
    assert next(both) == next(both)


@pytest.mark.parametrize("values", [None, [0.3, 0.5, 0.7]], ids=["any", "repeated"])
@pytest.mark.parametrize("linkage", [*LINKAGES.values(), AMONG_FEW["event"]])
@pytest.mark.parametrize("threshold", [0.1, 0.5])
def test_they_do_so_in_a_pile_of_thousands_and_in_any_order(values, linkage, threshold):
    inner, nodes, (left, right), p = pile(7, 1500, 13, values, levels=False)
    cut = (threshold, linkage)
    found = by(fast, inner, nodes, (left, right), p, cut)
    moved = np.random.default_rng(8).permutation(len(p))

    assert np.count_nonzero(found[0] != inner) > 250
    assert found == by(plain, inner, nodes, (left, right), p, cut)
    assert found == by(fast, inner, nodes, (right[moved], left[moved]), p[moved], cut)


@pytest.mark.parametrize("linkage", [*LINKAGES.values(), AMONG_FEW["event"]])
@pytest.mark.parametrize("weakest", [0.4, 1.0])
def test_they_do_so_where_all_know_each_other(linkage, weakest):
    n = 60
    left, right = np.array(list(combinations(range(n), 2)), np.int32).T
    p = np.random.default_rng(3).uniform(weakest, 1.0, len(left))
    alone = np.arange(n, dtype=np.int32)
    found = by(fast, alone, alone, (left, right), p, (0.5, linkage))

    assert set(found[0]) == {0}
    assert found == by(plain, alone, alone, (left, right), p, (0.5, linkage))


@given(st.lists(st.floats(LEAST_TIE, 1.0), min_size=1, max_size=80), st.floats(0.1, 1.0))
@example([0.2421539680173433] * 3, 1.0)
@twins
def test_a_mean_is_rounded_once_in_both(ties, counted):
    inner = np.array([0] * len(ties) + [len(ties)], np.int32)
    ends = np.arange(len(ties), dtype=np.int32), np.full(len(ties), len(ties), np.int32)
    mean = min(max(ties), plain.mean_tie(ties, min(len(ties), nesting.CIRCLE), counted))  # rounding may lift it above
    nodes = np.arange(len(inner), dtype=np.int32)
    for cut, together in ((mean, mean > 0), (np.nextafter(mean, 2), False)):
        for kernels in (fast, plain):
            labels = by(kernels, inner, nodes, ends, np.array(ties), (cut, Linkage(counted, 1.0)))[0]

            assert (labels[-1] == 0) == together


@pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
def test_the_best_ties_of_each_member_come_first(kernels):
    best = np.zeros((4, 2))
    left, right = np.array([0, 0, 0, 1], np.int32), np.array([1, 2, 3, 2], np.int32)
    kernels.best_ties(left, right, np.array([0.25, 0.75, 0.5, 0.25]), best)

    assert best.tolist() == [[0.75, 0.5], [0.25, 0.25], [0.75, 0.25], [0.5, 0.0]]
