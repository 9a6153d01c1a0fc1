"""Sketches estimate what they claim to, and do not depend on how the work was cut up."""

import random

import numpy as np
import pytest

from dedup import packing
from dedup.errors import SketchMismatch
from dedup.packing import Texts
from dedup.settings import SIGNATURE_SLOTS, Settings
from dedup.sketch import sketch_texts
from tests import oracles

N_PAIRS = 300
TEXTS = ["", "one", "one two", "Türkiye, Russia discuss Idlib", "x " * 5000, "\ud800\x00", " . "] * 3


def pairs_sharing(share, n_words):
    """Pairs of texts that begin alike and go on apart, words drawn anew for each pair."""
    rng = random.Random(100 * share + n_words)

    def some(n):
        return [f"w{rng.randrange(100_000)}" for _ in range(n)]

    found = []
    for _ in range(N_PAIRS):
        same = some(round(share * n_words))
        found.append([" ".join(same + some(n_words - len(same))) for _ in range(2)])
    return found


def sketched(texts, chosen, progress=None):
    return sketch_texts(Texts(texts), chosen, progress)


def kept_of(sketches, i):
    return set(sketches.kept[sketches.offsets[i] : sketches.offsets[i + 1]].tolist())


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8, 0.95])
@pytest.mark.parametrize("n_words", [14, 200])
def test_equal_slots_estimate_the_resemblance_without_bias(share, n_words):
    pairs = pairs_sharing(share, n_words)
    signatures = sketched([text for pair in pairs for text in pair], Settings()).signatures
    estimates = (signatures[0::2] == signatures[1::2]).mean(axis=1)
    exact = np.array([oracles.jaccard(*map(oracles.shingles, pair)) for pair in pairs])

    sigma = np.sqrt((exact * (1 - exact)).sum() / SIGNATURE_SLOTS) / N_PAIRS
    assert abs((estimates - exact).mean()) < 4 * sigma
    assert np.sqrt(((estimates - exact) ** 2).mean()) < 1.2 * np.sqrt((exact * (1 - exact)).mean() / SIGNATURE_SLOTS)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.8, 0.95])
def test_kept_shingles_estimate_the_containment_without_bias(share):
    pairs = pairs_sharing(share, 400)
    sketches = sketched([text for pair in pairs for text in pair], Settings(floor=0))
    gap = spread = 0.0
    for k, (a, b) in enumerate(pairs):
        mine, theirs = kept_of(sketches, 2 * k), kept_of(sketches, 2 * k + 1)
        exact = len(oracles.shingles(a) & oracles.shingles(b)) / len(oracles.shingles(a))
        gap += len(mine & theirs) / len(mine) - exact
        spread += exact * (1 - exact) / len(mine)

    assert abs(gap) < 4 * spread**0.5


def test_one_shingle_in_the_modulus_is_kept():
    text = " ".join(f"w{k}" for k in range(80_002))
    for modulus in (1, 2, 8, 100):
        kept = len(sketched([text], Settings(modulus=modulus, floor=0)).kept)

        assert abs(kept - 80_000 / modulus) <= 4 * (80_000 / modulus) ** 0.5 * (modulus > 1)


@pytest.mark.parametrize("n_words", [1, 2, 3, 10, 26, 27, 60])
def test_short_texts_keep_as_many_shingles_as_the_floor_asks_for(n_words):
    text = " ".join(f"w{k}" for k in range(n_words))
    sketches = sketched([text], Settings(floor=24))

    assert len(kept_of(sketches, 0)) == len(sketches.kept) == min(24, max(1, n_words - 2))


def test_bodies_are_equal_exactly_where_the_folded_words_are():
    texts = ["Türkiye talks", "turkiye  TALKS!", "talks turkiye", "turkiye", "turkiye talks talks", "", "..."]
    bodies = [tuple(row) for row in sketched(texts, Settings()).bodies.tolist()]

    same = {(i, j) for i in range(7) for j in range(i) if bodies[i] == bodies[j]}
    assert same == {(1, 0), (6, 5)}


def test_texts_without_a_word_have_an_empty_sketch():
    sketches = sketched(["", "\ud800\udfff", "…“”"], Settings())

    assert not sketches.signatures.any()
    assert sketches.offsets.tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(("threads", "size"), [(1, 1), (2, 100), (4, 10_000), (2, 1 << 30)])
def test_threads_and_chunks_change_nothing(threads, size, monkeypatch):
    whole = sketched(TEXTS, Settings())
    monkeypatch.setattr(packing, "CHUNK_CHARS", size)
    parted = sketched(TEXTS, Settings(threads=threads))

    for name in ("signatures", "kept", "offsets", "n_words", "bodies"):
        np.testing.assert_array_equal(getattr(whole, name), getattr(parted, name))


def test_progress_hears_of_every_article_and_byte():
    heard = []
    sketched(TEXTS, Settings(), lambda n, size: heard.append((n, size)))

    assert sum(n for n, _ in heard) == len(TEXTS)
    assert sum(size for _, size in heard) == sum(len(text.encode("utf-8", "surrogatepass")) for text in TEXTS)


def test_no_texts_give_no_sketches():
    assert sketched([], Settings()).signatures.shape == (0, SIGNATURE_SLOTS)


def test_sketches_of_other_settings_are_not_compared():
    ours, theirs = sketched(TEXTS, Settings()), sketched(TEXTS, Settings(modulus=16))
    ours.check(sketched([], Settings()))

    with pytest.raises(SketchMismatch, match=r"modulus=8.*modulus=16.*same settings"):
        ours.check(theirs)
