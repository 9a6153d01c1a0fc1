"""The kernels of the evidence table: the compiled ones equal their plain twins, and what their words say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from dedup.evidence import add_titles
from dedup.kernels import fast, plain
from dedup.kernels.plain import folded_words
from dedup.measures import COLUMN, MEASURES
from dedup.rank import Relation, Table

twins = settings(max_examples=100, deadline=None)

NAMES = ("jaccard", "title", "days")
CUTS = st.sampled_from([-1.0, 0.0, 0.1, 0.25, 0.3, 0.5, 1.0, 7.0])
VALUES = st.sampled_from([np.nan, -np.inf, np.inf, -2.0, -0.0, 0.0, 0.1, 0.25, 0.3, 0.5, 0.7, 1.0, 7.0, 366.0])


WORDS = (
    "ferry",
    "ferries",
    "Überfall",
    "überfall",
    "sank",
    "off",
    "паром",
    "渡",
    "轮a",
    "1,200",
    "U.S.",
    "𝒜",
    "\ud800",
    "—",
)
titles = st.one_of(
    st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join),
    st.text("ab ", max_size=300),
    st.lists(st.sampled_from(["abba", "b", "ba"]), max_size=60).map("".join),
    st.text(max_size=20),
)


@st.composite
def tables(draw):
    """A table of one or two measures; some share their cuts."""
    measures = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    edges = [np.array(draw(st.just([0.1, 0.5]) | st.lists(CUTS, unique=True).map(sorted)), float) for _ in measures]
    shape = tuple(len(cuts) + 2 for cuts in edges)
    seed = draw(st.integers(0, 99))
    return Table(tuple(measures), tuple(edges), np.random.default_rng(seed).normal(size=shape))


def judged(kernels, relation, evidence, rows):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.rank.kernels_for", lambda _: kernels)
        return relation.log_odds(evidence, rows)


@given(
    st.lists(tables(), max_size=5),
    st.floats(-9, 9),
    st.lists(st.lists(VALUES, min_size=len(MEASURES), max_size=len(MEASURES)), max_size=6),
    st.sampled_from([1, 100]),
    st.data(),
)
@twins
def test_log_odds_are_the_base_and_the_points_of_every_table_to_the_last_bit(some, base, values, times, data):
    evidence = np.array(values * times, np.float32).reshape(-1, len(MEASURES))
    rows = np.arange(len(evidence))
    if len(rows):
        rows = rows[data.draw(st.integers(0, len(rows) - 1)) :: data.draw(st.integers(1, 3))]
    relation = Relation(base, tuple(some))
    wanted = np.full(len(rows), base)
    for table in some:
        wanted += table.read(evidence[rows])

    for kernels in (fast, plain):
        np.testing.assert_array_equal(judged(kernels, relation, evidence, rows), wanted, strict=True)
    np.testing.assert_array_equal(relation.log_odds(evidence)[rows], wanted, strict=True)


def likeness_of_titles(kernels, some, left, right, threads):
    table = np.full((len(left), len(MEASURES)), np.nan, np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.evidence.kernels_for", lambda _: kernels)
        add_titles(table, some, left, right, np.arange(len(left)), threads=threads)
    return table[:, COLUMN["title"]]


@given(st.lists(titles, max_size=6), st.integers(1, 3))
@settings(max_examples=200, deadline=None)
def test_titles_are_as_alike_as_rapidfuzz_says_to_the_last_bit(some, threads):
    left, right = (side.astype(np.int32) for side in np.divmod(np.arange(len(some) ** 2), max(1, len(some))))
    folded = [" ".join(folded_words(title)) for title in some]
    wanted = np.array([fuzz.token_set_ratio(a, b) if a and b else np.nan for a in folded for b in folded], np.float32)

    for kernels in (fast, plain):
        np.testing.assert_array_equal(likeness_of_titles(kernels, some, left, right, threads), wanted / 100)


@st.composite
def scored_pairs(draw):
    pairs = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
    scores = draw(st.lists(st.integers(0, 8), min_size=len(pairs), max_size=len(pairs)))
    groups = draw(st.lists(st.integers(0, 5), min_size=6, max_size=6))
    left, right = np.array(pairs, np.int32).reshape(-1, 2).T.copy()
    return left, right, np.array(scores, np.float32) / 8, np.array(groups, np.int32)


def rivals_of(article, left, right, score, groups):
    """Return the highest score an article has with each group but its own, as the groups in order of these."""
    found = {}
    for a, b, x in zip(left.tolist(), right.tolist(), score.tolist(), strict=True):
        for one, other in ((a, b), (b, a)):
            if one == article and groups[one] != groups[other]:
                found[int(groups[other])] = max(x, found.get(int(groups[other]), 0))
    return sorted(found.items(), key=lambda known: (-known[1], known[0]))


@given(scored_pairs(), st.integers(1, 4))
@twins
def test_rivals_are_the_likest_candidates_of_each_article_and_copies_of_one_text_are_one(given_, most):
    one, two = ((np.full((6, most), 7, np.float32), np.full((6, most), 7, np.int32)) for _ in range(2))
    fast.rivals(*given_, *one)
    plain.rivals(*given_, *two)

    np.testing.assert_array_equal(one, two)
    for i in range(6):
        wanted = [*rivals_of(i, *given_), *[(-1, -1)] * most][:most]
        assert list(zip(one[1][i].tolist(), one[0][i].tolist(), strict=True)) == wanted


@given(scored_pairs(), st.sampled_from([1, 2, 20]))
@twins
def test_standing_is_the_mean_of_one_over_one_more_than_how_many_are_above(given_, most):
    left, right, score, groups = given_
    best, whom = np.empty((6, most), np.float32), np.empty((6, most), np.int32)
    plain.rivals(*given_, best, whom)
    best[0] = np.nan
    one, two = np.full((2, len(score)), 77, np.float32)
    fast.standing(*given_, best, whom, one)
    plain.standing(*given_, best, whom, two)

    np.testing.assert_array_equal(one, two)
    for a, b, x, found in zip(left.tolist(), right.tolist(), score, one, strict=True):
        ranks = [
            1 + sum(y > x and group != groups[other] for group, y in rivals_of(i, *given_)[:most]) * (i > 0)
            for i, other in ((a, b), (b, a))
        ]
        assert found == pytest.approx((1 / ranks[0] + 1 / ranks[1]) / 2)
