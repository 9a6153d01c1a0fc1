"""The kernels of days: the compiled ones equal their plain twins, and find the days a text names in any language."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.daynames import day_names
from dedup.kernels import fast, plain
from dedup.kernels.elements import MONTH_STARTS
from dedup.kernels.fold import fold_table
from dedup.packing import pack
from dedup.settings import NO_DATE

BOTH = pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
twins = settings(max_examples=100, deadline=None)
WORDS = (
    "May", "mai", "mayo", "мая", "March", "Monday", "Freitag", "воскресенье", "3", "03", "20th", "31", "2031", "of", "de",
    "月", "日", "12", "the", "ferry", "Überfall", "\ud800", "February", "30", "out",
)  # fmt: skip
texts = st.lists(
    st.lists(st.sampled_from(WORDS), max_size=12).map(lambda words: " ".join(words).encode("utf-8", "surrogatepass"))
    | st.binary(max_size=30),
    min_size=1,
    max_size=4,
)
NEARNESS = np.array([1, 0.5, 0.25, 0.125], np.float32)


def named(kernels, some, most_bytes=1000, most_days=4):
    buf, offsets = pack(some)
    found = np.full((len(some), 1 + most_days), 77, np.int16)
    kernels.day_batch(buf, offsets, most_bytes, fold_table(), *day_names(), found)
    return found


def day(month, number):
    return MONTH_STARTS[month - 1] + number - 1


@given(texts, st.sampled_from([0, 1, 7, 40, 1000]), st.sampled_from([1, 2, 4]))
@twins
def test_days_named_equal_their_plain_twins(some, most_bytes, most_days):
    one, two = (named(kernels, some, most_bytes, most_days) for kernels in (fast, plain))

    np.testing.assert_array_equal(one, two)
    assert ((one[:, 0] >= -1) & (one[:, 0] < 7)).all()
    assert ((one[:, 1:] >= -1) & (one[:, 1:] < 366)).all()


@BOTH
@pytest.mark.parametrize(
    ("text", "month", "number"),
    [
        ("The ministers spoke on May 20th about the dam.", 5, 20),
        ("Sie trafen sich am 20. Mai in Aldport.", 5, 20),
        ("El 3 de octubre se reunieron.", 10, 3),
        ("On the 3rd of October they met.", 10, 3),
        ("Встреча прошла 8 ноября в столице.", 11, 8),
        ("会議は11月12日に開かれた。", 11, 12),
        ("Toplantı 7 Ağustos günü yapıldı.", 8, 7),
        ("29 February", 2, 29),
    ],
)
def test_a_day_of_a_month_is_read_in_many_languages(text, month, number, kernels):
    assert named(kernels, [text.encode()])[0, 1:].tolist() == [day(month, number), -1, -1, -1]


@BOTH
@pytest.mark.parametrize(
    "text", ["30 February", "nine out of 10", "May the best ferry win", "in May 2031", "1 set", "13月 1"]
)
def test_what_is_no_day_of_a_month_is_none(text, kernels):
    assert named(kernels, [text.encode()])[0, 1:].tolist() == [-1] * 4


@BOTH
def test_the_first_weekday_counts_and_each_day_once(kernels):
    text = b"On Friday, May 3, after talks on Monday; May 3 again, then 4 June, 5 June, 6 June, 7 June."

    assert named(kernels, [text])[0].tolist() == [4, day(5, 3), day(6, 4), day(6, 5), day(6, 6)]


@BOTH
def test_days_named_far_into_a_text_are_not_looked_for(kernels):
    assert named(kernels, [b"word " * 20 + b"Monday 3 May"], most_bytes=100)[0].tolist() == [-1] * 5


@st.composite
def piles(draw):
    """Likenesses of distinct pairs of eight articles, some of them without a date."""
    ends = st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda pair: pair[0] != pair[1])
    pairs = draw(st.lists(ends, unique_by=frozenset, max_size=28))
    subject = draw(st.lists(st.just(np.nan) | st.integers(0, 8), min_size=len(pairs), max_size=len(pairs)))
    days = draw(st.lists(st.just(NO_DATE) | st.integers(0, 6), min_size=8, max_size=8))
    left, right = np.array(pairs, np.int32).reshape(-1, 2).T.copy()
    return left, right, np.array(subject, np.float32) / 8, np.array(days, np.int32)


def company(kernels, pile, least, width):
    others, likeness = np.full((8, width), 77, np.int32), np.full((8, width), 77, np.float32)
    kernels.dated_company(*pile, np.float32(least), others, likeness)
    return others, likeness


@given(piles(), st.sampled_from([0, 0.25, 0.5]), st.integers(1, 8))
@twins
def test_company_is_the_likest_dated_candidates_of_an_article_without_a_date(pile, least, width):
    one, two = (company(kernels, pile, least, width) for kernels in (fast, plain))
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)

    left, right, subject, days = pile
    for i, (others, likeness) in enumerate(zip(*one, strict=True)):
        alike = {
            b if a == i else a: x for a, b, x in zip(left.tolist(), right.tolist(), subject, strict=True) if i in (a, b)
        }
        dated = sorted((-x, other) for other, x in alike.items() if days[other] != NO_DATE and x >= least)
        wanted = dated[:width] if days[i] == NO_DATE else []
        assert [(-x, other) for x, other in zip(likeness, others.tolist(), strict=True) if other >= 0] == wanted
        assert (others[len(wanted) :] == -1).all()


@given(piles(), st.integers(1, 7), st.integers(1, 3))
@twins
def test_the_day_around_is_the_best_supported_one_without_the_other_of_the_pair(pile, most, fewest):
    left, right, _, days = pile
    others, weights = company(plain, pile, 0, most + 1)
    one, two = np.full((2, len(left)), 77, np.float32)
    for kernels, around in ((fast, one), (plain, two)):
        kernels.days_around(others, weights, days, NEARNESS, fewest, left, right, around)

    np.testing.assert_array_equal(one, two)
    for a, b, gap in zip(left.tolist(), right.tolist(), one.tolist(), strict=True):
        stands = [days_of_company(others[i], weights[i], days, (other, most, fewest)) for i, other in ((a, b), (b, a))]
        stands = [{days[i]} if days[i] != NO_DATE else found for i, found in zip((a, b), stands, strict=True)]
        guessed = NO_DATE in (days[a], days[b]) and all(stands)
        assert gap in {abs(x - y) for x in stands[0] for y in stands[1]} if guessed else gap == 77


def days_of_company(others, weights, days, asked):
    """Return the days that have most support."""
    other, most, fewest = asked
    taken = [k for k in range(len(others)) if others[k] not in (-1, other)][:most]
    support = {}
    for j in taken if len(taken) >= fewest else ():
        gaps = [abs(days[others[j]] - days[others[k]]) for k in taken]
        support[j] = sum(weights[k] * NEARNESS[gap] for k, gap in zip(taken, gaps, strict=True) if gap < len(NEARNESS))
    return {days[others[j]] for j, x in support.items() if x == max(support.values())}
