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
def entries(draw):
    """Likest candidates with a date of four articles, and pairs of them."""
    starts, others = [0], []
    for article in range(4):
        others += draw(st.lists(st.sampled_from([x for x in range(9) if x != article]), unique=True, max_size=6))
        starts.append(len(others))
    n = len(others)
    days = draw(st.lists(st.integers(0, 6), min_size=n, max_size=n))
    weights = draw(st.lists(st.integers(1, 8), min_size=n, max_size=n))
    pairs = draw(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=8))
    return (
        np.array(starts), np.array(others, np.int32), np.array(days, np.int32), np.array(weights, np.float32) / 8,
        np.array(pairs, np.int32),
    )  # fmt: skip


@given(entries(), st.integers(1, 6), st.integers(1, 3))
@twins
def test_the_day_around_is_the_best_supported_one_without_the_other_of_the_pair(given_, most, fewest):
    starts, others, days, weights, pairs = given_
    found = [np.full((len(pairs), 2), 77, np.int32) for _ in range(2)]
    left, right = pairs.T
    for kernels, out in zip((fast, plain), found, strict=True):
        kernels.days_around(starts, others, days, weights, NEARNESS, most, fewest, left, right, out)

    np.testing.assert_array_equal(*found)
    for pair, row in zip(pairs.tolist(), found[0].tolist(), strict=True):
        for side, e in enumerate(row):
            own = range(starts[pair[side]], starts[pair[side] + 1])
            asked = [k for k in own if others[k] != pair[1 - side]][:most]
            support = {
                j: sum(weights[k] * NEARNESS[abs(days[j] - days[k])] for k in asked if abs(days[j] - days[k]) < 4)
                for j in asked
            }
            if len(asked) < fewest:
                assert e == -1
            else:
                assert support[e] == max(support.values())
