"""The kernels that find neighbours: the compiled ones equal their plain twins, whatever the parts of the work."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels import fast, plain
from dedup.kernels.elements import IS_SOUGHT
from dedup.neighbours import neighbour_channel
from dedup.quotations import Quotations
from dedup.settings import NO_DATE
from dedup.terms import Terms

BOTH = pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
UNKNOWN = np.float32(0.5)
NOTHING_QUOTED = Quotations(np.empty(0, np.uint32), np.zeros(1, np.int64), np.empty(0, np.int32))
NO_DAYS = np.full((0, 5), -1, np.int16)
NEARNESS = np.array([1, 0.75, 0.5, 0.25, 0.125], np.float32)

term_sets = st.dictionaries(st.integers(1, 12), st.sampled_from([0.125, 0.25, 0.5, 0.7, 1.0]), max_size=6)
days_of_some = st.one_of(st.just(NO_DATE), st.integers(0, 9))
piles = st.lists(st.tuples(term_sets, days_of_some), min_size=1, max_size=14)
reaches = st.sampled_from([1, 2, 3, 100])
twins = settings(max_examples=100, deadline=None)


def counted(kernels, terms):
    keys = np.zeros(1 << (2 * len(terms)).bit_length(), np.uint32)
    counts, places = np.zeros(len(keys), np.int32), np.full(len(terms), -9, np.int32)
    n = kernels.count_terms(terms, keys, counts, places)
    return n, keys, counts, places


def columns_of(pile):
    """Return slots (a term's number is its slot), starts, weights, flags, offsets and days of articles ({term: weight}, day)."""
    slots = np.array([slot for terms, _ in pile for slot in sorted(terms)], np.int32)
    weights = np.array([terms[slot] for terms, _ in pile for slot in sorted(terms)], np.float32)
    offsets = np.cumsum([0, *(len(terms) for terms, _ in pile)])
    flags = np.full(len(slots), IS_SOUGHT, np.uint8)
    return slots, offsets, weights, flags, offsets, np.array([day for _, day in pile], np.int32)


def terms_of(pile):
    """Return the articles of a pile as ``Terms``, and their days."""
    slots, starts, weights, flags, offsets, days = columns_of(pile)
    return Terms(slots.astype(np.uint32), weights, flags, offsets, slots, starts, 14, NO_DAYS, NOTHING_QUOTED), days


def posted(kernels, pile):
    """Return the arrays that describe a pile and its inverted index, in the order ``neighbours`` takes them."""
    *columns, days = columns_of(pile)
    slots, starts = columns[:2]
    dated = days != NO_DATE
    order = np.lexsort((days, ~dated)).astype(np.int32)
    lists, undated = np.empty(15, np.int64), np.empty(14, np.int64)
    posts, at = np.empty((len(slots), 2), np.uint32), np.empty(len(slots), np.int32)
    owners, shares = posts[:, 0], posts.view(np.float32)[:, 1]
    kernels.post_terms(*columns, order, dated.sum(), lists, undated, owners, shares, at)
    return slots, starts, order, lists, undated, owners, shares, at, days[order]


def near(kernels, pile, *, reach=100, within=4, top=20, least=0.0, parts=1):
    """Return the links of ``neighbours``, packed, as they come from so many parts of the time."""
    index = posted(kernels, pile)
    found = []
    for first, last in pairwise([len(pile) * part // parts for part in range(parts + 1)]):
        out = np.empty((last - first) * top, np.uint64)
        looks = reach, within, np.float32(1.25), np.float32(0.5)
        n = kernels.neighbours(first, last, *index, NEARNESS, UNKNOWN, *looks, top, np.float32(least), out)
        found += out[:n].tolist()
    return found


def pairs_of(packed):
    return [(x >> 32, x & 0xFFFFFFFF) for x in packed]


def scores_of(pile, article):
    """Return {other: score} by the words of the kernel's docstring, with no bound on anything."""
    terms, day = pile[article]
    scores = {}
    for other, (theirs, their_day) in enumerate(pile):
        shared = set(terms) & set(theirs)
        if other != article and shared:
            total = np.float32(0)
            for term in sorted(shared):
                total += np.float32(terms[term]) * np.float32(theirs[term])
            known = NO_DATE not in {day, their_day}
            scores[other] = float(total * (NEARNESS[min(abs(day - their_day), 4)] if known else UNKNOWN))
    return scores


@given(st.lists(st.one_of(st.integers(1, 5), st.integers(1, 20).map(lambda k: k << 8 | 1)), max_size=60))
@twins
def test_counts_of_terms_equal_their_plain_twin(numbers):
    terms = np.array(numbers, np.uint32)
    n, keys, counts, places = counted(fast, terms)
    other = counted(plain, terms)

    assert n == other[0] == len(set(numbers))
    for one, two in zip((keys, counts, places), other[1:], strict=True):
        np.testing.assert_array_equal(one, two)
    np.testing.assert_array_equal(keys[places], terms)
    assert counts[places].tolist() == [numbers.count(x) for x in numbers]


@given(st.lists(st.dictionaries(st.integers(0, 13), st.booleans(), max_size=8), max_size=9))
@twins
def test_terms_are_sought_that_two_articles_and_more_are_sought_by(some):
    slots = np.array([slot if sought else -1 for terms in some for slot, sought in sorted(terms.items())], np.int32)
    offsets = np.cumsum([0, *map(len, some)])
    everybodys = Counter(slots[slots >= 0].tolist())
    found = []
    for kernels in (fast, plain):
        own, flags, starts = slots.copy(), np.full(len(slots), 5, np.uint8), np.empty(len(offsets), np.int64)
        n = kernels.keep_shared(own, np.full(14, 9, np.int32), offsets, flags, starts)
        found.append((n, own[: starts[-1]].tolist(), flags.tolist(), starts.tolist()))
    n, kept, flags, starts = found[0]

    assert found[0] == found[1]
    shared = [everybodys[slot] > 1 for slot in slots.tolist()]
    assert flags == [5 | IS_SOUGHT if each else 5 for each in shared]
    assert starts == [sum(shared[:offset]) for offset in offsets]
    renamed = dict(zip(slots[shared].tolist(), kept, strict=True))
    assert [renamed[slot] for slot in slots[shared].tolist()] == kept
    assert sorted(renamed.values()) == list(range(n))


@given(piles)
@twins
def test_the_inverted_index_equals_its_plain_twin(pile):
    one, two = posted(fast, pile), posted(plain, pile)
    slots, offsets, order, lists, undated, owners, shares, at, days = one

    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)
    assert sorted(at.tolist()) == list(range(len(slots)))
    np.testing.assert_array_equal(shares[at], columns_of(pile)[2])
    np.testing.assert_array_equal(order[owners[at]], np.repeat(np.arange(len(pile)), np.diff(offsets)))
    assert [int(np.searchsorted(lists, k, side="right")) - 1 for k in at] == slots.tolist()
    for start, split, stop in zip(lists[:-1], undated, lists[1:], strict=True):
        assert (np.diff(owners[start:stop].astype(int)) > 0).all()
        assert (days[owners[start:split]] != NO_DATE).all()
        assert (days[owners[split:stop]] == NO_DATE).all()


@BOTH
def test_entries_and_articles_that_are_left_out_are_posted_nowhere(kernels):
    slots, starts, offsets = np.zeros(3, np.int32), np.array([0, 1, 2, 3]), np.array([0, 2, 4, 5])
    flags = np.array([IS_SOUGHT, 31, 31, IS_SOUGHT | 31, IS_SOUGHT], np.uint8)
    order, weights = np.array([1, 0], np.int32), np.array([1, 2, 3, 4, 5], np.float32)
    lists, undated = np.empty(2, np.int64), np.empty(1, np.int64)
    owners, shares, at = np.full(3, 9, np.uint32), np.zeros(3, np.float32), np.full(3, -9, np.int32)
    kernels.post_terms(slots, starts, weights, flags, offsets, order, 1, lists, undated, owners, shares, at)

    assert (lists.tolist(), undated.tolist()) == ([0, 2], [1])
    assert owners.tolist() == [0, 1, 9]
    assert shares.tolist() == [4, 1, 0]
    assert at.tolist() == [1, 0, -9]


@given(piles, reaches, st.integers(1, 9), st.integers(1, 4), st.sampled_from([0.0, 0.02, 0.125, 0.5]))
@twins
def test_neighbours_equal_their_plain_twin(pile, reach, within, top, least):
    one, two = (near(kernels, pile, reach=reach, within=within, top=top, least=least) for kernels in (fast, plain))

    assert one == two
    assert all(a < b < len(pile) for a, b in pairs_of(one))


@given(piles, reaches, st.integers(1, 9), st.integers(1, 4), st.integers(2, 20))
@twins
def test_parts_of_the_time_find_together_what_one_finds(pile, reach, within, top, parts):
    for kernels in (fast, plain):
        whole = near(kernels, pile, reach=reach, within=within, top=top)
        assert near(kernels, pile, reach=reach, within=within, top=top, parts=parts) == whole


@given(piles, st.integers(1, 4), st.sampled_from([0.02, 0.125, 0.5]))
@twins
def test_where_nobody_is_far_in_time_each_article_gets_its_best_by_score_and_then_by_row(pile, top, least):
    order = posted(plain, pile)[2].tolist()
    wanted = []
    for article in order:
        scores = {other: score for other, score in scores_of(pile, article).items() if score >= np.float32(least)}
        best = sorted(scores, key=lambda other: (-scores[other], other))[:top]
        wanted += [(min(article, other), max(article, other)) for other in best]

    for kernels in (fast, plain):
        assert pairs_of(near(kernels, pile, within=9, top=top, least=least)) == wanted


@given(piles, st.randoms(use_true_random=False))
@twins
def test_the_order_of_the_articles_does_not_matter_where_nothing_is_cut_off(pile, random):
    shuffled = list(range(len(pile)))
    random.shuffle(shuffled)
    for kernels in (fast, plain):
        there = {(shuffled[a], shuffled[b]) for a, b in pairs_of(near(kernels, [pile[i] for i in shuffled]))}
        assert {tuple(sorted(pair)) for pair in there} == set(pairs_of(near(kernels, pile)))


@BOTH
def test_of_equal_subjects_the_nearest_in_time_comes_first(kernels):
    pile = [({1: 1.0}, day) for day in (5, 9, 7, NO_DATE, 6, 5)]
    found = [pair for pair in pairs_of(near(kernels, pile)) if 0 in pair][:5]

    assert found == [(0, 5), (0, 4), (0, 2), (0, 3), (0, 1)]


@BOTH
def test_any_longer_time_counts_as_the_longest_known(kernels):
    pile = [({1: 1.0}, 0), ({1: 1.0}, 4), ({1: 1.0}, 100_000)]

    assert len(near(kernels, pile, least=0.125)) == 6
    assert near(kernels, pile, least=0.126) == []


@BOTH
def test_a_near_subject_far_in_time_yields_to_one_half_as_near_on_the_same_day(kernels):
    pile = [({1: 1.0, 2: 1.0}, 0), ({1: 1.0, 2: 1.0}, 4), ({1: 1.0}, 0)]

    assert pairs_of(near(kernels, pile, top=1))[0] == (0, 2)


@BOTH
def test_an_article_without_a_date_is_compared_to_all(kernels):
    pile = [({1: 1.0}, day) for day in range(6)] + [({1: 1.0}, NO_DATE)]
    found = set(pairs_of(near(kernels, pile, reach=6)))

    assert {(a, 6) for a in range(6)} <= found
    assert len(found) == 21


@BOTH
@pytest.mark.parametrize("reach", [1, 2, 3, 9])
def test_an_article_looks_so_many_entries_to_either_side(kernels, reach):
    pile = [({1: 1.0}, 0) for _ in range(8)]
    wanted = {(a, b) for b in range(8) for a in range(b) if b - a <= reach}

    assert set(pairs_of(near(kernels, pile, reach=reach))) == wanted


@BOTH
@pytest.mark.parametrize(("heavy_too", "linked"), [(False, False), (True, True)])
def test_an_article_far_in_time_is_found_by_heavy_terms_and_not_by_light_ones_alone(kernels, heavy_too, linked):
    terms = {1: 0.25, 2: 0.25, 3: 1.0}
    far = terms if heavy_too else {1: 0.25, 2: 0.25, 4: 1.0}
    found = near(kernels, [(terms, 0), (far, 9), ({5: 1.0}, 9)])

    assert ((0, 1) in pairs_of(found)) == linked


@BOTH
def test_light_terms_count_for_an_article_far_in_time_that_heavy_ones_find(kernels):
    terms = {1: 0.5, 2: 0.5, 3: 0.5, 9: 1.0}
    pile = [(terms, 0), (terms, 9)]

    # 1.75 in all, times .125 for nine days, and 1 by the heavy term alone
    assert len(near(kernels, pile, least=0.21)) == 2
    assert near(kernels, pile, least=0.22) == []


@BOTH
@pytest.mark.parametrize("day", [0, 4, NO_DATE])
def test_light_terms_find_whoever_is_near_or_has_no_date(kernels, day):
    pile = [({1: 0.25, 2: 1.0}, 0), ({1: 0.25, 3: 1.0}, day)]

    assert set(pairs_of(near(kernels, pile))) == {(0, 1)}


@BOTH
@pytest.mark.parametrize(("n_undated", "looked_at"), [(2, True), (3, False)])
def test_the_other_part_of_a_list_is_looked_at_if_it_is_short(kernels, n_undated, looked_at):
    pile = [({1: 1.0}, 0) for _ in range(8)] + [({1: 1.0}, NO_DATE) for _ in range(n_undated)]
    across = {(a, b) for a, b in pairs_of(near(kernels, pile, reach=2)) if a < 8 <= b}

    assert across == ({(a, b) for a in range(8) for b in range(8, 8 + n_undated)} if looked_at else set())


@BOTH
def test_of_equals_the_first_rows_are_kept(kernels):
    pile = [({1: 1.0}, 0) for _ in range(6)]

    assert pairs_of(near(kernels, pile, top=2))[-2:] == [(0, 5), (1, 5)]
    assert pairs_of(near(kernels, pile, top=2))[:2] == [(0, 1), (0, 2)]


@BOTH
def test_an_article_with_nothing_in_common_has_no_neighbours(kernels):
    assert near(kernels, [({1: 1.0}, 0), ({2: 1.0}, 0), ({}, 0), ({}, NO_DATE)]) == []


@given(piles, st.data())
@settings(max_examples=30, deadline=None)
def test_the_channel_links_only_units_and_needs_no_more_threads_than_one(pile, data):
    terms, days = terms_of(pile)
    units = np.array(sorted(data.draw(st.sets(st.integers(0, len(pile) - 1), min_size=1))), np.int32)
    found = neighbour_channel(terms, units, days)

    np.testing.assert_array_equal(found, neighbour_channel(terms, units, days, threads=3))
    assert {row for pair in pairs_of(found.tolist()) for row in pair} <= set(units.tolist())
    assert (found[1:] > found[:-1]).all()


def test_the_channel_links_articles_of_one_subject_however_far_apart():
    pile = [({1: 1.0}, day) for day in (0, 400, 0, NO_DATE)]
    terms, days = terms_of(pile)
    found = neighbour_channel(terms, np.arange(4, dtype=np.int32), days)

    assert pairs_of(found.tolist()) == [(a, b) for a in range(4) for b in range(a + 1, 4)]
