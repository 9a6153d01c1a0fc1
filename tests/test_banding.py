"""Bands: the curve that is printed is the curve that happens."""

import numpy as np
import pytest

from dedup.banding import Banding, choose_banding
from dedup.candidates import band_channel, split
from dedup.settings import Settings

N_PAIRS = 1500


def collision_rate(banding, similarity):
    """Of pairs whose slots agree with that probability, the share that meets in a band."""
    rng = np.random.default_rng(7)
    one, other = rng.integers(0, 1 << 16, (2, N_PAIRS, 128)).astype(np.uint16)
    two = np.where(rng.random(one.shape) < similarity, one, other)
    signatures = np.stack([one, two], axis=1).reshape(2 * N_PAIRS, 128)
    pairs, _ = band_channel(signatures, np.arange(2 * N_PAIRS, dtype=np.int32), banding, Settings())
    left, right = split(pairs)
    return float(((left % 2 == 0) & (right == left + 1)).sum()) / N_PAIRS


@pytest.mark.parametrize("banding", [Banding(42, 3), Banding(16, 8), Banding(32, 4)])
@pytest.mark.parametrize("similarity", [0.1, 0.3, 0.5, 0.7, 1.0])
def test_pairs_meet_in_a_band_as_often_as_the_curve_says(banding, similarity):
    expected = banding.recall(similarity)
    sigma = (expected * (1 - expected) / N_PAIRS) ** 0.5

    assert abs(collision_rate(banding, similarity) - expected) <= 4 * sigma + 1 / N_PAIRS


@pytest.mark.parametrize("target", [0.5, 0.9, 0.99])
@pytest.mark.parametrize("similarity", [0.2, 0.5, 0.8])
def test_the_widest_bands_that_reach_the_target_are_chosen(target, similarity):
    chosen = choose_banding(128, target, similarity)
    wider = Banding(128 // (chosen.rows + 1), chosen.rows + 1)

    assert chosen.recall(similarity) >= target
    assert chosen.rows == 16 or wider.recall(similarity) < target
    assert chosen.bands * chosen.rows <= 128


def test_an_unreachable_target_gets_the_narrowest_bands():
    assert choose_banding(128, 1.0, 0.01) == Banding(128, 1)


def test_the_curve_rises():
    recalls = [recall for _, recall in Banding(42, 3).curve()]

    assert recalls == sorted(recalls)
    assert [s for s, _ in Banding(42, 3).curve()] == [k / 10 for k in range(1, 10)]
