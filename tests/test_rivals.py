"""Pairs among their rivals: standing, lift over the likest rival, and days taken from an article's candidates."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.likeness import add_days_named
from dedup.measures import COLUMN, MEASURES
from dedup.rivals import FEWEST_AROUND, add_rivalry
from dedup.settings import FEW_ARTICLES, NO_DATE

MEASURED = ("lift", "lift_over_denser", "lift_over_rival", "standing", "days_around")


def measured(subjects, days, n=FEW_ARTICLES, copies=()):
    """Return the measures of pairs given as {(left, right): subject} of articles with ``days``, the rest of ``n`` undated."""
    days = np.array([*days, *[NO_DATE] * (n - len(days))], np.int32)
    left, right = (np.array([pair[side] for pair in subjects], np.int32) for side in (0, 1))
    table = np.full((len(subjects), len(MEASURES)), np.nan, np.float32)
    table[:, COLUMN["subject"]] = list(subjects.values())
    known = (days[left] != NO_DATE) & (days[right] != NO_DATE)
    table[:, COLUMN["days"]] = np.where(known, np.abs(days[left].astype(np.int64) - days[right]), np.nan)
    table[[pair in copies for pair in subjects], COLUMN["jaccard"]] = 0.9
    add_rivalry(table, days, (left, right))
    return [dict(zip(MEASURED, row, strict=True)) for row in table[:, [COLUMN[name] for name in MEASURED]].tolist()]


def test_a_pair_is_held_against_the_likest_rival_of_each():
    pair, other, _ = measured({(0, 1): 0.6, (0, 2): 0.4, (1, 3): 0.2}, [5] * 4)

    assert pair["lift_over_rival"] == pytest.approx(0.6 - (0.4 + 0.2) / 2)
    assert other["lift_over_rival"] == pytest.approx(0.4 - (0.6 + 0) / 2)


def test_copies_are_no_rivals_of_each_other_and_together_one_of_others():
    alone = measured({(0, 1): 0.6, (0, 2): 0.4, (1, 2): 0.5}, [5] * 3)
    copied = {(0, 1): 0.6, (0, 2): 0.4, (1, 2): 0.5, (0, 3): 0.6, (2, 3): 0.4, (0, 4): 0.6, (1, 3): 1.0, (3, 4): 1.0}
    among = measured(copied, [5] * 5, copies={(1, 3), (3, 4)})

    for name in ("lift_over_rival", "standing"):
        assert [x[name] for x in among[:3]] == pytest.approx([x[name] for x in alone])
        assert among[3][name] == pytest.approx(alone[0][name] if name == "standing" else 0.6 - (0.4 + 0.4) / 2)


def test_standing_is_the_mean_of_one_over_either_rank():
    pair, other, third = measured({(0, 1): 0.6, (0, 2): 0.4, (1, 2): 0.2}, [5] * 3)

    assert [x["standing"] for x in (pair, other, third)] == pytest.approx([1, (1 / 2 + 1) / 2, 1 / 2])


def test_a_candidate_of_the_same_day_stands_above_a_liker_one_of_another_week():
    near, far = measured({(0, 1): 0.4, (0, 2): 0.6}, [5, 5, 15])

    assert near["standing"] > far["standing"]


def test_in_a_small_pile_an_article_without_rivals_says_nothing():
    (few,) = measured({(0, 1): 0.6}, [5, 5], n=FEW_ARTICLES - 1)
    (many,) = measured({(0, 1): 0.6}, [5, 5])

    assert np.isnan([few["standing"], few["lift_over_rival"]]).all()
    assert (many["standing"], many["lift_over_rival"]) == (1, pytest.approx(0.6))


def test_an_article_without_a_date_stands_where_its_likest_candidates_do():
    company = {(0, k): 0.3 for k in range(1, 1 + FEWEST_AROUND)}
    rows = measured({**company, (0, 8): 0.5}, [NO_DATE, *[30] * FEWEST_AROUND, *[90] * 4])

    assert [row["days_around"] for row in rows[:-1]] == [0] * FEWEST_AROUND  # the other of the pair does not vouch
    assert rows[-1]["days_around"] == 60


def test_too_few_dated_candidates_tell_no_date():
    rows = measured({(0, k): 0.3 for k in range(1, FEWEST_AROUND)}, [NO_DATE, *[30] * FEWEST_AROUND])

    assert np.isnan([row["days_around"] for row in rows]).all()


def test_where_both_are_dated_nothing_is_guessed():
    assert [row["days_around"] for row in measured({(0, 1): 0.3, (0, 2): 0.3}, [3, 5, 9])] == [2, 6]


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] < pair[1]),
        st.integers(1, 9).map(lambda k: k / 16),
        min_size=1,
    ),
    st.lists(st.integers(0, 9) | st.just(NO_DATE), min_size=9, max_size=9),
)
@settings(max_examples=60, deadline=None)
def test_the_order_of_pairs_and_their_sides_change_nothing(subjects, days):
    turned = {(b, a): subjects[a, b] for a, b in reversed(subjects)}

    one, two = measured(subjects, days), measured(turned, days)[::-1]
    for a, b in zip(one, two, strict=True):
        np.testing.assert_allclose([*a.values()], [*b.values()], rtol=1e-6)
        assert np.isnan(a["standing"]) or 0 < a["standing"] <= 1


@pytest.mark.parametrize(
    ("one", "other", "weekdays", "days"),
    [
        ([0, 10, -1], [6, 12, -1], 1, 2),
        ([0, 10, 200], [3, 0, 195], 3, 5),
        ([2, 1, -1], [2, 365, -1], 0, 2),
        ([-1, 10, -1], [3, -1, -1], np.nan, np.nan),
    ],
)
def test_days_named_are_compared_around_the_week_and_the_year(one, other, weekdays, days):
    table = np.full((1, len(MEASURES)), np.nan, np.float32)
    add_days_named(table, np.array([one, other], np.int16), (np.array([0]), np.array([1])))

    np.testing.assert_equal(table[0, [COLUMN["weekdays"], COLUMN["days_named"]]].tolist(), [weekdays, days])


@pytest.mark.parametrize(("apart", "known"), [(3, True), (4, False)])
def test_weekdays_of_different_weeks_say_nothing(apart, known):
    table = np.full((1, len(MEASURES)), np.nan, np.float32)
    table[0, COLUMN["days"]] = apart
    add_days_named(table, np.array([[0, -1], [0, -1]], np.int16), (np.array([0]), np.array([1])))

    assert (table[0, COLUMN["weekdays"]] == 0) == known
