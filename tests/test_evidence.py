"""Evidence is exact: it equals what Python sets say, whichever text comes first."""

import json
import math
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup import evidence
from dedup.article import Article
from dedup.asked import explain
from dedup.evidence import add_days, add_titles, take_evidence
from dedup.kernels import fast, plain
from dedup.measures import COLUMN, MEASURES
from dedup.packing import Texts
from dedup.settings import NO_DATE, Settings
from dedup.sketch import sketch_texts
from tests import oracles

LINES = (Path(__file__).parent / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
ENGLISH = [row["text"] for row in map(json.loads, LINES) if row["lang"] == "en"]
SAID = (
    "the", "of", "a", "said", "minister", "discussed", "escalation", "Akar", "Sergei", "Idlib", "Türkiye", "Ankara",
    "U", "2031", "19th", "12", "3", "résumé", "Ämter",
)  # fmt: skip
PARTS = (" ", " ", " ", " ", " ", ", ", ". ", "\n", ' "', "? ", ": ", "-", " – ")
UNKNOWN_OF_SIMILAR = ("names", "numbers", "names_in_place", "numbers_in_place", "names_behind")
NOT_IN_THE_TEXTS = (
    "title", "days", "subject", "opening", "headline", "actors", "figures", "topic", "told", "quotes", "lift",
    "lift_over_denser", "lift_over_rival", "standing", "days_around", "weekdays", "days_named",
)  # fmt: skip

texts = st.lists(st.tuples(st.sampled_from(SAID), st.sampled_from(PARTS)), max_size=40).map(
    lambda said: "".join(map("".join, said))
)
TEMPLATE = (
    "Shares in {} closed at {} on Monday as dealers in {} sold {} lots and {} said it was for {} of them, {} of {}."
)


@st.composite
def related(draw):
    """Two texts of which the second repeats parts of the first."""
    first = draw(texts)
    start, end = sorted((draw(st.integers(0, len(first))), draw(st.integers(0, len(first)))))
    return first, draw(texts) + " " + first[start:end] + " " + draw(st.sampled_from(("", first[end:])))


@pytest.fixture(autouse=True, scope="module", params=[fast, plain], ids=["fast", "plain"])
def kernels(request):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "kernels_for", lambda _: request.param)
        yield


def measured(texts, left, right, **how):
    n_words = np.array([len(oracles.words(text)) for text in texts], np.int32)
    bodies = sketch_texts(Texts(list(texts)), Settings()).bodies
    return take_evidence(Texts(list(texts)), n_words, bodies, (left, right), **how)


def taken(*pair, order=(0, 1)):
    return measured(pair, *(np.array([row], np.int32) for row in order))


def named(row):
    return {name: None if math.isnan(value) else value for name, value in zip(MEASURES, row.tolist(), strict=True)}


def assert_same(found, wanted):
    for name, value in wanted.items():
        assert found[name] == (None if value is None else float(np.float32(value))), name


@given(related())
@example(("", ""))
@example((TEMPLATE.format(*"ABCDEFGH"), TEMPLATE.format("Alpha", 1, "Beta", 2, "Gamma", 3, 4, "Delta")))
@example(
    (
        TEMPLATE.format("Beta", 9, "Beta", 2, "Gamma", 5, 4, "Omega"),
        TEMPLATE.format("Alpha", 1, "Beta", 2, "Gamma", 3, 4, "Delta"),
    )
)
@example(("the " * 13, "the the of " + "the " * 9 + "t"))
@settings(max_examples=60, deadline=None)
def test_evidence_equals_counting_with_sets(pair):
    assert_same(named(taken(*pair).table[0]), oracles.measures(*pair))


def test_evidence_equals_counting_with_sets_on_real_sentences():
    rng = random.Random(11)
    for _ in range(40):
        a, b = rng.choices(ENGLISH, k=2)
        b = b[: rng.randrange(len(b))] + "\n" + a[rng.randrange(len(a)) :]

        assert_same(named(taken(a, b).table[0]), oracles.measures(a, b))


@given(related())
@settings(max_examples=40, deadline=None)
def test_evidence_does_not_depend_on_which_text_comes_first(pair):
    here, there = taken(*pair), taken(*pair, order=(1, 0))

    np.testing.assert_array_equal(here.table, there.table)
    np.testing.assert_array_equal(here.shingles[0], there.shingles[0, [1, 0, 2]])
    assert here.containment_left == there.containment_right


def test_texts_of_equal_length_are_measured_alike_from_both_sides():
    ten = "alpha beta gamma delta epsilon zeta eta theta iota kappa "
    for pair in ((ten + "x y z", ten + "xxyyz"), (ten + ten, ten + "a b c d e f g h i j"), (ten + "x", "x " + ten)):
        np.testing.assert_array_equal(taken(*pair).table, taken(*pair, order=(1, 0)).table)


def test_a_word_in_which_two_runs_meet_counts_once():
    found = named(taken("a b c d e f g h i j k l m n o z", "a b c d e f g h - q - h i j k l m n o y y").table[0])
    whole = named(taken("a b c d e f g h i j k l m n o", "a b c d e f g h - q - h i j k l m n o y y").table[0])

    assert (found["runs"], whole["runs"]) == (15 / 16, 1.0)


def test_containment_is_told_for_each_side():
    found = taken("a b c d e f", "x y a b c d e f g h")

    assert found.shingles.tolist() == [[4, 8, 4]]
    assert (found.containment_left[0], found.containment_right[0]) == (1.0, 0.5)


def test_what_is_missing_is_unknown_and_not_zero():
    found = named(
        taken("nobody said anything important about football", "nobody said anything else about handball").table[0]
    )

    assert [name for name, value in found.items() if value is None] == [*UNKNOWN_OF_SIMILAR, *NOT_IN_THE_TEXTS]


def test_two_names_or_numbers_are_too_few_to_compare():
    two, three = "then Alpha met Beta in 1 of 2", "then Alpha met Beta and Gamma in 1 of 2 or 3"

    assert named(taken(two, three).table[0])["names"] is named(taken(two, three).table[0])["numbers"] is None
    assert named(taken(three, three).table[0])["names"] == named(taken(three, three).table[0])["numbers"] == 1.0


def test_a_text_without_long_words_has_no_vocabulary_to_compare():
    bridge = "大桥今天通车，市长说三百人来了。"

    assert named(taken(bridge, bridge + "明天还有").table[0])["vocabulary"] is None


def test_names_in_capitals_only_are_no_names():
    shouted = "THEN ALPHA MET BETA AND GAMMA IN DELTA OR EPSILON"

    assert named(taken(shouted, shouted).table[0])["names"] is None


def test_a_pair_of_one_row_is_measured_as_two_equal_texts():
    found = named(measured(ENGLISH[:1], *[np.zeros(1, np.int32)] * 2).table[0])

    assert {found[name] for name in ("jaccard", "containment", "runs", "vocabulary", "names", "length")} == {1.0}
    assert found["names_behind"] == 0.0


@pytest.mark.parametrize(("threads", "at_a_time"), [(1, 1), (2, 700), (4, 300)])
def test_threads_and_batches_change_nothing(threads, at_a_time, monkeypatch):
    left, right = (part.astype(np.int32) for part in np.divmod(np.arange(64), 8))
    whole = measured(ENGLISH[:8], left, right)
    monkeypatch.setattr(evidence, "WORDS_AT_A_TIME", at_a_time)
    parted = measured(ENGLISH[:8], left, right, threads=threads)

    np.testing.assert_array_equal(whole.table, parted.table)
    np.testing.assert_array_equal(whole.shingles, parted.shingles)


def test_no_pairs_give_no_evidence():
    none = np.empty(0, np.int32)

    assert measured(["a"], none, none).table.shape == (0, len(MEASURES))


@pytest.mark.parametrize("threads", [1, 2])
def test_titles_are_compared_where_both_are_known(threads):
    table = np.full((3, len(MEASURES)), np.nan, np.float32)
    titles = ["ferry sinks off aldport", "off aldport ferry sinks", "", "market closes higher"]
    add_titles(table, titles, np.zeros(3, np.int32), np.array([1, 2, 3], np.int32), np.arange(3), threads=threads)

    assert table[0, COLUMN["title"]] == 1.0
    assert np.isnan(table[1, COLUMN["title"]])
    assert table[2, COLUMN["title"]] < 0.6
    assert np.isnan(np.delete(table, COLUMN["title"], axis=1)).all()


@pytest.mark.parametrize("rows", [[], [1], [0, 2]])
def test_titles_are_compared_for_the_pairs_asked_for(rows):
    table = np.full((3, len(MEASURES)), np.nan, np.float32)
    titles = ["ferry sinks off aldport", "off aldport ferry sinks", "market closes higher"]
    add_titles(table, titles, np.array([0, 0, 1], np.int32), np.array([1, 2, 2], np.int32), np.array(rows, int))

    assert np.flatnonzero(~np.isnan(table[:, COLUMN["title"]])).tolist() == rows


def test_titles_are_compared_without_case_and_accents():
    one = Article("Ministers met on Monday.", "a", title="Türkiye’s talks on Idlib")
    two = Article("Nobody came to the party.", "b", title="TURKIYE'S TALKS ON IDLIB")

    assert explain(one, two).pair.title_similarity == 1.0


def test_days_are_counted_where_both_are_known():
    table = np.full((4, len(MEASURES)), np.nan, np.float32)
    days = np.array([100, 90, NO_DATE, 100, 2_000_000_000], np.int32)
    add_days(table, days[[0, 0, 0, 1]], days[[1, 2, 3, 4]])

    np.testing.assert_array_equal(table[:, COLUMN["days"]], np.array([10, np.nan, 0, 2_000_000_000 - 90], np.float32))
