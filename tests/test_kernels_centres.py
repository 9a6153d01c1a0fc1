"""The kernel of clusters: the compiled one equals its plain twin to the last bit, whatever is tied to whatever."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup import cluster
from dedup.cluster import cluster_pairs
from dedup.kernels import fast, plain


def by(kernels, *given_to):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cluster, "kernels_for", lambda _: kernels)
        found = cluster_pairs(*given_to)
    return (found.labels.tolist(), found.centre, found.cohesion, found.weakest, found.weakest_score)


def pile(seed, n, degree, values):
    """Make up units, some of them with copies, and pairs of neighbours, as likely as others where ``values`` are given."""
    rng = np.random.default_rng(seed)
    unit = np.arange(n, dtype=np.int32)
    for k in np.flatnonzero(rng.random(n) < 0.2):
        unit[k] = unit[rng.integers(0, k + 1)]
    one = rng.integers(0, n, int(n * degree))
    two = np.clip(one + rng.integers(-9, 9, len(one)), 0, n - 1)
    left, right = np.divmod(np.unique((np.minimum(one, two) * n + np.maximum(one, two))[one != two]), n)
    left, right = left.astype(np.int32), right.astype(np.int32)
    p = rng.choice(np.array(values), len(left)) if values else rng.random(len(left))
    return unit, (left, right, unit[left] == unit[right]), p


@given(
    st.builds(
        pile,
        st.integers(0, 1 << 30),
        st.integers(1, 60),
        st.floats(0, 8),
        st.sampled_from([None, [0.0, 0.3, 0.5, 0.9], [0.5, 1.0], [1.0]]),
    ),
    st.sampled_from([0.0, 0.1, 0.5, 0.9]),
)
@settings(max_examples=100, deadline=None)
def test_both_kernels_find_equal_clusters_and_tell_equal_things_of_them(given_to, threshold):
    assert by(fast, *given_to, threshold) == by(plain, *given_to, threshold)


@pytest.mark.parametrize("values", [None, [0.3, 0.5, 0.7]], ids=["any", "repeated"])
def test_they_do_so_in_a_pile_of_thousands_and_in_any_order(values):
    unit, (left, right, copies), p = pile(7, 3000, 6, values)
    found = by(fast, unit, (left, right, copies), p, 0.5)
    moved = np.random.default_rng(8).permutation(len(p))
    again = by(fast, unit, (left[moved], right[moved], copies[moved]), p[moved], 0.5)

    assert len(found[1]) > 100
    assert found == by(plain, unit, (left, right, copies), p, 0.5)
    assert found[0] == again[0]


@pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
def test_a_large_bucket_is_one_cluster_around_its_first_text(kernels):
    n = 5000
    rows = np.arange(1, n, dtype=np.int32)
    left, right = np.concatenate([np.zeros(n - 1, np.int32), rows[:-1]]), np.concatenate([rows, rows[1:]])
    unit = np.arange(n, dtype=np.int32)
    labels, centre, cohesion, _, _ = by(
        kernels, unit, (left, right, np.zeros(len(left), bool)), np.ones(len(left)), 0.5
    )

    assert not any(labels)
    assert (centre, cohesion) == ({0: 0}, {0: 1.0})
