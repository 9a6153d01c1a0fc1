"""What articles are about, and which are near each other in subject and time."""

import numpy as np
import pytest

from dedup import background as background_module
from dedup.background import MAGIC, background, hashed
from dedup.kernels.elements import IN_OPENING, IN_TITLE, IS_NAME, IS_NUMBER, IS_PHRASE, IS_SOUGHT
from dedup.neighbours import neighbour_channel
from dedup.packing import Texts
from dedup.settings import MOST_TERMS, NEIGHBOURS, NO_DATE, SEARCHED_TERMS, SUBJECT_BYTES
from dedup.terms import take_terms

TALKS = (
    "The minister of defence, Hulda Akarsen, spoke on Tuesday with her counterpart Sergio Shoigan about the border at "
    "Kettermouth, her ministry said in a statement. The ministers will meet again in 14 days."
)
HERRING = (
    "The minister of fisheries said on Tuesday in a statement that the herring would be counted again. Skipper Boros "
    "Tamvell of Oxmouth had asked the government for 30 more days at sea."
)
MANY = [f"{TALKS if k % 2 else HERRING} Reported by Zor{k}ka Vell{k}en from Port {k}." for k in range(24)]
TABLES = ("terms", "weights", "flags", "offsets", "slots", "starts")


def terms_of(*texts, titles=None, **chosen):
    return take_terms([""] * len(texts) if titles is None else titles, Texts(list(texts)), **chosen)


def slice_of(terms, row):
    return slice(terms.offsets[row], terms.offsets[row + 1])


def hash_of(word):
    """Return the term a word counts as."""
    (term,) = terms_of(word).terms.tolist()
    return term


def told(terms, row, column="weights"):
    part = slice_of(terms, row)
    return dict(zip(terms.terms[part].tolist(), getattr(terms, column)[part].tolist(), strict=True))


def pairs_of(terms, days, *, units=None, threads=1):
    units = np.arange(len(days), dtype=np.int32) if units is None else np.array(units, np.int32)
    packed = neighbour_channel(terms, units, np.array(days, np.int32), threads)
    return [(int(x) >> 32, int(x) & 0xFFFFFFFF) for x in packed]


@pytest.mark.parametrize("threads", [1, 2, 4])
@pytest.mark.parametrize("chunk", [1, 700, 1 << 19])
def test_terms_are_the_same_whatever_the_threads_and_the_chunks(threads, chunk, monkeypatch):
    wanted = terms_of(*MANY, titles=["Talks resume"] * len(MANY))
    monkeypatch.setattr("dedup.packing.CHUNK_CHARS", chunk)
    found = terms_of(*MANY, titles=["Talks resume"] * len(MANY), threads=threads)

    for name in TABLES:
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))


def test_every_article_has_weights_of_length_one_and_terms_in_order():
    long = " ".join(f"w{k}ord" for k in range(3 * MOST_TERMS))
    terms = terms_of(TALKS, "Ferry.", long, "ferry " * 50, HERRING)

    for row in range(5):
        part = slice_of(terms, row)
        assert np.linalg.norm(terms.weights[part].astype(float)) == pytest.approx(1, abs=1e-5)
        assert (np.diff(terms.terms[part].astype(np.int64)) > 0).all()
    assert terms.offsets[3] - terms.offsets[2] == MOST_TERMS


def test_an_article_without_a_word_has_no_term():
    terms = terms_of("", "...", TALKS, " \n\n—!", titles=["", "?", "", ""])

    assert np.diff(terms.offsets)[[0, 1, 3]].tolist() == [0, 0, 0]
    assert len(terms.terms) == terms.offsets[-1] > 0


def test_no_articles_have_no_terms():
    assert terms_of().offsets.tolist() == [0]
    assert pairs_of(terms_of(), []) == []


def test_common_words_weigh_less_than_rare_names_though_two_articles_are_all_there_is():
    talks = told(terms_of(TALKS, HERRING), 0)
    rare = [talks[hash_of(name)] for name in ("Akarsen", "Shoigan", "Kettermouth")]
    common = [talks[hash_of(word)] for word in ("the", "minister", "Tuesday", "said", "statement")]

    assert min(rare) > 1.5 * max(common)


def test_a_word_of_every_article_in_the_corpus_weighs_less_than_it_does_alone():
    alone, among = (told(terms_of(*texts), 0)[hash_of("Kettermouth")] for texts in ([TALKS], [TALKS] * 4000))

    assert among < 0.9 * alone


def test_the_title_and_the_opening_weigh_more_than_what_comes_later():
    later = " ".join(["the"] * 80)
    title, opening, body = (hash_of(word) for word in ("Tamvell", "Brostan", "Quillup"))
    terms = terms_of(f"Brostan came. {later} Quillup went.", titles=["Tamvell"])
    weights, flags = told(terms, 0), told(terms, 0, "flags")

    assert weights[title] > weights[opening] > weights[body]
    assert [flags[term] & (IN_TITLE | IN_OPENING) for term in (title, opening, body)] == [IN_TITLE, IN_OPENING, 0]


def test_what_comes_late_in_a_long_text_is_not_its_subject():
    early, late = (terms_of(f"{'the ' * n}Tamvell") for n in (SUBJECT_BYTES // 4 - 2, SUBJECT_BYTES // 4))

    assert hash_of("Tamvell") in early.terms
    assert hash_of("Tamvell") not in late.terms


def test_a_third_mention_adds_less_than_the_second():
    once, twice, thrice = (
        told(terms_of(f"quay {'Tamvell ' * n}"), 0)[hash_of("Tamvell")] / told(terms_of(f"quay {'Tamvell ' * n}"), 0)[hash_of("quay")]
        for n in (1, 2, 3)
    )  # fmt: skip

    assert once < twice < thrice < twice + (twice - once)


def test_names_numbers_and_two_names_side_by_side_are_told_apart():
    flags = told(terms_of("yesterday Boros Tamvell sold 340 herrings"), 0, "flags")

    assert flags[hash_of("Tamvell")] & (IS_NAME | IS_NUMBER) == IS_NAME
    assert flags[hash_of("340")] & (IS_NAME | IS_NUMBER) == IS_NUMBER
    assert flags[hash_of("herrings")] & (IS_NAME | IS_NUMBER) == 0
    assert sum(bool(flag & IS_PHRASE) for flag in flags.values()) == 1


def test_a_term_does_not_depend_on_case_and_accents_folded_away():
    assert hash_of("FERRY") == hash_of("ferry") == hash_of("Ferry")


@pytest.mark.parametrize(
    ("one", "two", "wanted"),
    [
        (
            "Министр обороны Захарина встретилась с губернатором Веденской в Малых Ключах.",
            "О встрече министра Захариной с губернаторами говорили в министерстве.",
            3,
        ),
        (
            "Denizova Belediyesi yüzen kütüphanenin kaptanlığını Rıza Dalgakıran’a verdi.",
            "Kütüphaneyi Dalgakıran yönetecek, masrafı Denizova’nın belediyesinden.",
            4,
        ),
        (
            "قالت الوزارة في المدينة إن المحادثات مع المهندسين بدأت.",
            "أعلنت الوزارات أن محادثاتها والمهندسون في المدينتين.",
            2,
        ),
        ("Los estibadores acordaron la huelga.", "El acuerdo de la estibadora acaba con las huelgas.", 2),
    ],
    ids=["Russian", "Turkish", "Arabic", "Spanish"],
)
def test_inflected_words_meet(one, two, wanted):
    terms = terms_of(one, two)
    shared = set(told(terms, 0)) & set(told(terms, 1))
    grammar = {hash_of(word) for word in ("в", "с", "о", "la", "el", "de", "في")}

    assert len(shared - grammar) >= wanted


def test_neighbours_are_sought_by_the_heaviest_terms_only():
    long = " ".join(f"Na{k}me went {k} miles." for k in range(2 * SEARCHED_TERMS))
    terms = terms_of(long, long, TALKS, TALKS)
    part = slice_of(terms, 0)
    chosen = terms.flags[part] & IS_SOUGHT > 0

    assert chosen.sum() == SEARCHED_TERMS
    assert terms.weights[part][chosen].min() >= terms.weights[part][~chosen].max()
    assert (terms.flags[slice_of(terms, 2)] & IS_SOUGHT > 0).all()
    assert np.diff(terms.starts)[:2].tolist() == [SEARCHED_TERMS] * 2
    assert sorted(set(terms.slots.tolist())) == list(range(terms.n_slots))


def test_no_neighbours_are_sought_by_a_term_nobody_else_has():
    terms = terms_of("ferry Kettermouth", "ferry Brostan")
    sought = terms.terms[terms.flags & IS_SOUGHT > 0]

    assert sought.tolist() == [hash_of("ferry")] * 2
    assert terms.slots.tolist() == [0, 0]


def test_the_background_knows_thousands_of_terms_and_that_ministers_are_commoner_than_some():
    known, rarity = background()
    place = {int(key): int(r) for key, r in zip(known, rarity, strict=True) if key}

    assert len(place) > 10_000
    assert place[hash_of("the")] < place[hash_of("minister")] < place.get(hash_of("herring"), 255)


def test_a_background_of_another_version_is_refused(tmp_path, monkeypatch):
    other = tmp_path / "background.bin"
    other.write_bytes(b"terms  0" + background_module.BACKGROUND_PATH.read_bytes()[len(MAGIC) :])
    monkeypatch.setattr(background_module, "BACKGROUND_PATH", other)
    background.cache_clear()
    try:
        with pytest.raises(RuntimeError, match=r"background\.bin begins with b'terms  0'.*install it anew"):
            background()
    finally:
        background.cache_clear()


@pytest.mark.parametrize("n", [1, 2, 7, 1000])
def test_a_hashed_table_gives_back_what_was_put_into_it(n):
    keys = np.random.default_rng(n).choice(np.arange(1, 40 * n + 1), n, replace=False).astype(np.uint64) * np.uint64(8)
    values = (keys % np.uint64(251)).astype(np.uint8)
    table = hashed(keys, values)
    held = np.flatnonzero(table.known)

    assert 2 * n <= len(table.known)
    assert dict(zip(table.known[held].tolist(), table.rarity[held].tolist(), strict=True)) == dict(
        zip(keys.tolist(), values.tolist(), strict=True)
    )
    for key in keys.tolist():  # a search from the key's own slot meets no gap before it
        slot = key & (len(table.known) - 1)
        while table.known[slot] != key:
            assert table.known[slot] != 0
            slot = (slot + 1) & (len(table.known) - 1)


def alike(n):
    """Return the terms of n reports on one subject, no two the same, all equally alike."""
    return terms_of(*(f"{TALKS} Zor{k}ka wrote." for k in range(n)))


def test_articles_on_one_subject_are_neighbours_and_strangers_are_not():
    texts = [TALKS, "Hulda Akarsen met Sergio Shoigan.", "Xylophone lessons cheer pupils.", "Wet gales lash orchards."]

    assert pairs_of(terms_of(*texts), [NO_DATE] * 4) == [(0, 1)]


def test_pairs_are_sorted_and_distinct_and_name_the_smaller_row_first():
    pairs = pairs_of(terms_of(*MANY), [k % 5 for k in range(24)])

    assert pairs == sorted(set(pairs))
    assert all(a < b for a, b in pairs)


def test_dated_articles_choose_those_near_in_time():
    n, apart = 3 * NEIGHBOURS, 2
    pairs = pairs_of(alike(n), [apart * k for k in range(n)])
    middle = n // 2
    chosen = {b if a == middle else a for a, b in pairs if middle in (a, b)}

    assert {middle - 1, middle + 1} <= chosen
    assert max(abs(k - middle) for k in chosen) <= NEIGHBOURS
    assert not {0, n - 1} & chosen


def test_the_rows_order_does_not_matter_to_who_is_near_in_time():
    n = 2 * NEIGHBOURS
    moved = np.random.default_rng(4).permutation(n)
    days = 3 * np.arange(n)
    texts = [f"{TALKS} Zor{k}ka wrote." for k in range(n)]
    there = pairs_of(terms_of(*(texts[k] for k in moved)), days[moved])
    close = {frozenset((k, k + 1)) for k in range(n - 1)}

    assert close <= {frozenset((int(moved[a]), int(moved[b]))) for a, b in there}


@pytest.mark.parametrize("day", [NO_DATE, 0])
def test_an_undated_article_meets_dated_ones_of_any_day(day):
    days = [NO_DATE, 0, 1000, 9000, day]

    assert {(0, k) for k in range(1, 5)} <= set(pairs_of(alike(5), days))


def test_undated_articles_meet_each_other():
    assert len(pairs_of(alike(6), [NO_DATE] * 6)) == 15


@pytest.mark.parametrize("threads", [2, 4])
def test_neighbours_are_the_same_for_any_number_of_threads(threads):
    terms = terms_of(*MANY * 3)
    days = [NO_DATE if k % 7 == 0 else k // 3 for k in range(72)]

    assert pairs_of(terms, days, threads=threads) == pairs_of(terms, days)


def test_only_units_take_part():
    terms = alike(8)
    units = [0, 3, 4, 7]
    pairs = pairs_of(terms, [0] * 8, units=units)

    assert len(pairs) == 6
    assert {row for pair in pairs for row in pair} == set(units)


def test_whatever_memory_held_before_others_than_units_do_not_show(monkeypatch):
    terms = alike(40)
    wanted = pairs_of(terms, [0] * 40, units=[0, 3, 4, 7])
    for left_over in (1, 2):
        monkeypatch.setattr("dedup.neighbours.np.empty", lambda n, dtype, x=left_over: np.full(n, x, dtype))
        assert pairs_of(terms, [0] * 40, units=[0, 3, 4, 7]) == wanted


def test_dated_articles_are_sought_side_by_side_however_many_have_no_date(monkeypatch):
    monkeypatch.setattr("dedup.neighbours.REACH", 4)
    terms = terms_of(*[TALKS] * 26)
    pairs = pairs_of(terms, [NO_DATE] * 6 + list(range(20)))

    assert {(k, k + 1) for k in range(6, 25)} <= set(pairs)
    assert {(a, b) for a, b in pairs if a < 6 <= b} == set()


def test_one_unit_has_no_neighbour():
    assert pairs_of(alike(3), [0] * 3, units=[1]) == []
