"""The kernels that grow tables: the compiled one equals its plain twin to the last bit, and neither leaves the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels import fast, plain
from dedup.kernels.elements import LEAST_ODDS, MOST_ODDS

KERNELS = pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
twins = settings(max_examples=80, deadline=None)


def problem(seed, n_pairs, shapes, *, wild):
    """Make up labelled pairs that fall anywhere in tables of the shapes given, and tables that stand anywhere."""
    rng = np.random.default_rng(seed)
    shapes = np.array(shapes, np.int64)
    sizes = shapes.prod(axis=1)
    return {
        "places": rng.integers(0, sizes[:, None], (len(shapes), n_pairs)).astype(np.uint32),
        "shapes": shapes,
        "ways": rng.integers(-1, 2, shapes.shape) * (shapes > 1),
        "truth": rng.random(n_pairs) < 0.4,
        "weight": rng.random(n_pairs) * (rng.random(n_pairs) < 0.9) * (1e6 if wild else 1),
        "points": rng.normal(size=sizes.sum()) * (1e4 if wild else 1),
        "odds": np.exp(np.clip(rng.normal(size=n_pairs) * (500 if wild else 1), np.log(LEAST_ODDS), np.log(MOST_ODDS))),
    }


def grown(kernels, given_to, rounds=6, late=2):
    """Return points and odds after some rounds."""
    known = {name: values.copy() for name, values in given_to.items()}
    points, odds = known.pop("points"), known.pop("odds")
    kernels.grow_tables(*known.values(), rounds, 0.3, 2.0, 0.04, late, points, odds)
    return points, odds


shapes = st.lists(st.tuples(st.integers(2, 9), st.integers(1, 8)), min_size=1, max_size=6)


@given(st.integers(0, 1 << 30), st.integers(0, 90), shapes, st.booleans())
@twins
def test_both_kernels_grow_equal_tables(seed, n_pairs, shapes, wild):
    given_to = problem(seed, n_pairs, shapes, wild=wild)
    for one, other in zip(grown(fast, given_to), grown(plain, given_to), strict=True):
        np.testing.assert_array_equal(one, other)
        assert np.isfinite(one).all()


@KERNELS
def test_the_odds_are_those_of_the_tables(kernels):
    given_to = problem(3, 400, [(5, 1), (4, 6), (7, 1)], wild=False)
    points, odds = grown(kernels, given_to)
    starts = np.array([0, 5, 29])[:, None]
    moved = (points - given_to["points"])[given_to["places"] + starts].sum(axis=0)

    assert np.abs(moved).max() > 0.5
    np.testing.assert_allclose(np.log(odds), np.log(given_to["odds"]) - moved, atol=1e-9)


@KERNELS
def test_tables_of_two_measures_stand_still_until_their_round(kernels):
    given_to = problem(4, 200, [(5, 1), (4, 6)], wild=False)
    points = grown(kernels, given_to, rounds=3, late=3)[0]

    np.testing.assert_array_equal(points[5:], given_to["points"][5:])
    assert (points[:5] != given_to["points"][:5]).any()


@KERNELS
def test_no_pair_is_seen_twice_in_one_step(kernels):
    one = {
        "places": np.zeros((1, 3), np.uint32),
        "shapes": np.array([[2, 1]]),
        "ways": np.array([[0, 0]]),
        "truth": np.array([True, True, False]),
        "weight": np.array([1.0, 1.0, 1.0]),
        "points": np.zeros(2),
        "odds": np.ones(3),
    }
    points, odds = grown(kernels, one, rounds=1)

    assert points.tolist() == pytest.approx([0.3 * 0.5 / (0.75 + 2.0), 0])
    assert odds == pytest.approx(np.exp(-points[0]))


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(0.1, 9)), min_size=1, max_size=12))
@twins
def test_rising_values_are_the_largest_of_the_least_means_of_stretches(rows):
    values, weights = (np.array(column) for column in zip(*rows, strict=True))
    n = len(values)

    def mean(i, j):
        return float((values[i : j + 1] * weights[i : j + 1]).sum() / weights[i : j + 1].sum())

    wanted = [max(min(mean(i, j) for j in range(k, n)) for i in range(k + 1)) for k in range(n)]
    np.testing.assert_allclose(plain.rising(values, weights), wanted, atol=1e-9)


@pytest.mark.parametrize("directions", [(1, -1), (-1, 1), (1, 0), (0, 0)])
def test_points_go_their_way_along_each_measure_and_the_unknown_is_left_alone(directions):
    points = np.random.default_rng(3).normal(size=(5, 6))
    found = plain.directed(points, np.ones_like(points), directions)

    for axis, direction in enumerate(directions):
        steps = np.diff(np.moveaxis(found, axis, -1)[1:, 1:])
        assert direction == 0 or (direction * steps >= -1e-9).all()
    assert found[0, 0] == points[0, 0]
    assert (directions != (0, 0)) or (found == points).all()
