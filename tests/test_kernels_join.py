"""The kernels that join: the compiled ones equal their plain twins, and large groups stay linear."""

from collections import Counter
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.kernels import fast, plain
from dedup.kernels.elements import LAST, NEXT_ONLY
from dedup.settings import LARGE_BANDS

BOTH = pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
CAP = 4

groups = st.lists(st.sets(st.integers(0, 30), min_size=1, max_size=2 * CAP), max_size=12)
repeats = st.lists(st.integers(1, 3), min_size=1, max_size=5)
leasts = st.lists(st.integers(1, 4), min_size=1, max_size=31)
twins = settings(max_examples=60, deadline=None)


def entries_of(members, times=(1,)):
    packed = [
        key << 32 | unit
        for key, group in enumerate(members)
        for k, unit in enumerate(group)
        for _ in range(times[k % len(times)])
    ]
    return np.array(sorted(packed), np.uint64)


def pairs_of(packed):
    return [(x >> 32, x & 0xFFFFFFFF) for x in packed.tolist()]


def served_by(entries):
    return np.zeros(max((x & 0xFFFFFFFF for x in entries.tolist()), default=0) + 1, np.uint8)


def linked(kernels, entries, cap=CAP):
    out = np.zeros(len(entries) ** 2 + 1, np.uint64)
    n = kernels.band_links(entries, cap, served_by(entries), out)
    return out[:n]


def grouped(kernels, entries, cap=CAP):
    members = np.zeros(len(entries), np.uint32)
    n, large = kernels.keep_groups(entries, cap, members)
    sizes = np.diff(np.flatnonzero(members[:n] & LAST), prepend=-1)
    assert large == np.count_nonzero(sizes > cap)
    return members[:n]


def shared_by(kernels, entries, least, room=5000, *, cap=CAP):
    least = np.array(np.resize(least, 31), np.int32)
    members = grouped(kernels, entries, cap)
    offsets, places, crowded = np.zeros(32, np.int64), np.zeros(len(members), np.int32), np.full(31, 9, np.int32)
    kernels.index_units(members, offsets, places, crowded)
    found, at = [], 0
    while at < 31:
        out, shared = np.zeros(room, np.uint64), np.zeros(room, np.int32)
        n, at = kernels.shared_links(members, offsets, places, at, 31, least, out, shared)
        found += zip(pairs_of(out[:n]), shared[:n].tolist(), strict=True)
    return offsets, places[: offsets[-1]], crowded, found


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 1, 0x7FF, 0x800, 1 << 22, 0xFFFFFFFF]) | st.integers(0, 0xFFFFFFFF),
            st.integers(0, 0xFFFFFFFF),
        ),
        max_size=60,
    )
)
@twins
def test_entries_are_sorted_by_key_and_else_stay_in_order(given_entries):
    entries = np.array([key << 32 | unit for key, unit in given_entries], np.uint64)
    one, two = np.zeros((2, len(entries)), np.uint64)
    fast.sort_entries(entries.copy(), one)
    plain.sort_entries(entries.copy(), two)

    assert pairs_of(one) == pairs_of(two) == sorted(given_entries, key=lambda entry: entry[0])


@given(groups)
@twins
def test_links_of_a_band_equal_their_plain_twins(members):
    entries = entries_of(members)

    np.testing.assert_array_equal(linked(fast, entries), linked(plain, entries))
    assert tuple(fast.large_groups(entries, CAP)) == tuple(plain.large_groups(entries, CAP))


@given(groups)
@twins
def test_a_band_links_small_groups_all_to_all_and_large_ones_in_a_line_and_a_star(members):
    wanted, served = set(), Counter()
    for group in members:
        chain = sorted(group)
        if len(chain) <= CAP:
            wanted |= set(combinations(chain, 2))
            continue
        for before, unit in pairwise(chain):
            if served[unit] < LARGE_BANDS:
                wanted |= {(chain[0], unit), (before, unit)}
            served[unit] += 1

    assert set(pairs_of(linked(plain, entries_of(members)))) == wanted


@given(
    st.lists(st.lists(st.integers(0, 0xFFFF), min_size=6, max_size=6), min_size=1, max_size=6),
    st.lists(st.integers(0, 5), max_size=6),
    st.sampled_from([(0, 3), (3, 3), (0, 6), (5, 1)]),
)
@twins
def test_units_have_one_key_in_a_band_exactly_where_their_slots_are_equal(signatures, units, band):
    first, rows = band
    signatures = np.array((signatures + signatures[:1])[:6], np.uint16)
    units = np.array([unit % len(signatures) for unit in units], np.int32)
    one, two = np.zeros((2, len(units)), np.uint64)
    fast.band_entries(signatures, units, first, rows, one)
    plain.band_entries(signatures, units, first, rows, two)
    keys = dict.fromkeys(pairs_of(one))

    assert one.tolist() == two.tolist()
    assert [unit for _, unit in pairs_of(one)] == units.tolist()
    slots = {unit: tuple(signatures[unit, first : first + rows].tolist()) for _, unit in keys}
    assert len({key for key, _ in keys}) == len(set(slots.values()))


@given(
    st.lists(st.lists(st.integers(0, 40), max_size=20), max_size=5),
    st.sets(st.integers(0, 4)),
    st.sampled_from([1, 2, 16]),
)
@example([[], list(range(1030)), list(range(2050)), [3]], {0, 1, 2, 3}, 2)
@twins
def test_the_parts_of_all_sketches_hold_every_entry_once(sketches, alive, parts):
    kept = np.array([x for sketch in sketches for x in sketch], np.uint32)
    offsets = np.cumsum([0, *map(len, sketches)])
    sizes = np.zeros((2, parts), np.int64)
    fast.slice_sizes(kept, sizes[0])
    plain.slice_sizes(kept, sizes[1])
    assert sizes.tolist() == [[sum(x % parts == part for x in kept.tolist()) for part in range(parts)]] * 2
    found = []
    for part in range(parts):
        entries = [np.zeros(len(kept) + 1, np.uint64) for _ in range(2)]
        mask = np.isin(np.arange(len(sketches)), list(alive))
        one, two = (
            out[: kernels.slice_entries(kept, offsets, mask, part, parts, out)]
            for kernels, out in zip((fast, plain), entries, strict=True)
        )
        np.testing.assert_array_equal(one, two)
        assert all(shingle % parts == part for shingle, _ in pairs_of(one))
        found += pairs_of(one)

    assert sorted(found) == sorted((x, i) for i, sketch in enumerate(sketches) if i in alive for x in sketch)


@given(groups, repeats)
@twins
def test_groups_of_shingles_equal_their_plain_twins(members, times):
    entries = entries_of(members, times)

    for one, two in zip(grouped(fast, entries), grouped(plain, entries), strict=True):
        np.testing.assert_array_equal(one, two)


@given(groups, repeats, leasts, st.sampled_from([31, 40, 1000]))
@twins
def test_shared_shingles_equal_their_plain_twins_with_little_room_too(members, times, least, room):
    entries = entries_of(members, times)
    *index, found = shared_by(fast, entries, least, room)
    *other, wanted = shared_by(plain, entries, least, room)

    assert found == wanted == shared_by(fast, entries, least)[-1]
    for one, two in zip(index, other, strict=True):
        np.testing.assert_array_equal(one, two)


@given(groups, repeats, leasts)
@twins
def test_units_share_as_many_keys_as_groups_they_both_stand_in(members, times, least):
    counts = {pair: sum(set(pair) <= group for group in members) for pair in combinations(range(31), 2)}
    asked = {(a, b): min(least[a % len(least)], least[b % len(least)]) for a, b in counts}
    wanted = sorted((pair, n) for pair, n in counts.items() if n >= asked[pair])

    assert shared_by(plain, entries_of(members, times), least, cap=100)[-1] == wanted


@given(groups)
@twins
def test_units_count_the_large_groups_they_are_not_the_first_of(members):
    wanted = Counter(unit for group in members if len(group) > CAP for unit in sorted(group)[1:])

    assert Counter(dict(enumerate(shared_by(plain, entries_of(members), [1])[2].tolist()))) == wanted


@given(st.integers(0, 5), st.randoms(use_true_random=False))
@twins
def test_equal_slots_are_counted_as_by_the_plain_twin(n_pairs, random):
    signatures = np.array([[random.randrange(3) for _ in range(128)] for _ in range(4)], np.uint16)
    left, right = (np.array([random.randrange(4) for _ in range(n_pairs)], np.int32) for _ in range(2))
    one, two = np.zeros(n_pairs, np.int32), np.zeros(n_pairs, np.int32)
    fast.matching_slots(signatures, left, right, one)
    plain.matching_slots(signatures, left, right, two)

    assert (
        one.tolist() == two.tolist() == [sum(signatures[a] == signatures[b]) for a, b in zip(left, right, strict=True)]
    )


@BOTH
def test_a_unit_is_linked_in_large_groups_of_a_few_bands_only(kernels):
    served = np.zeros(CAP + 1, np.uint8)
    entries = entries_of([range(CAP + 1)])
    found = [kernels.band_links(entries, CAP, served, np.zeros(4 * CAP, np.uint64)) for _ in range(LARGE_BANDS + 1)]

    assert found[:LARGE_BANDS] == [2 * CAP - 1] * LARGE_BANDS
    assert found[LARGE_BANDS] == 0


@BOTH
def test_links_that_do_not_fit_are_counted_instead(kernels):
    entries = entries_of([range(CAP)])

    assert kernels.band_links(entries, CAP, served_by(entries), np.zeros(3, np.uint64)) == -6
    assert kernels.band_links(entries, CAP, served_by(entries), np.zeros(6, np.uint64)) == 6


@BOTH
@pytest.mark.parametrize("size", [CAP - 1, CAP, CAP + 1, 1000])
def test_a_group_is_large_from_one_above_the_cap(kernels, size):
    entries = entries_of([range(size)])
    large = size > CAP

    assert tuple(kernels.large_groups(entries, CAP)) == (large, size)
    assert len(set(linked(kernels, entries).tolist())) == (2 * size - 3 if large else size * (size - 1) // 2)


@BOTH
def test_one_group_of_many_units_proposes_as_many_links_as_units(kernels):
    members = grouped(kernels, entries_of([range(3000)]))

    assert (members & (NEXT_ONLY - 1)).tolist() == list(range(3000))
    assert np.flatnonzero(members & NEXT_ONLY).tolist() == list(range(1, 3000))
    assert np.flatnonzero(members & LAST).tolist() == [2999]


@BOTH
def test_nothing_comes_of_nothing(kernels):
    none = np.empty(0, np.uint64)

    assert len(linked(kernels, none)) == len(grouped(kernels, none)) == 0
    assert tuple(kernels.large_groups(none, CAP)) == (0, 0)
