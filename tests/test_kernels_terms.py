"""The kernels of salient terms: the compiled ones equal their plain twins on any bytes, and weigh as they should."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.background import hashed
from dedup.kernels import fast, plain
from dedup.kernels.elements import IN_OPENING, IN_TITLE, IS_NAME, IS_NUMBER, IS_PHRASE
from dedup.kernels.fold import fold_table
from dedup.packing import pack
from dedup.settings import NAME_WEIGHT, OPENING_WORDS, RAREST, SATURATION, STEM_LETTERS, TITLE_WEIGHT

WELL_FORMED = (
    "a ", "The ", "minister ", "ministers ", "Minister", "Recep ", "Tayyip ", "Erdoğan", "Jean-Claude ", " ", ". ", "\n",
    "“", "-", "\u00a0", "9 ", "2031", "12th ", "½", "９", "é", "e\u0301", "ß", "Prozeß ", "ﬁ", "İstanbul ", "ı", "TÜRKİYE ",
    "Путина ", "Путину ", "Жук", "Ελλάδα ", "国", "日本語", "ภาษาไทย", "ទឹក", "हिन्दी ", "العربية ", "١٢٣", "한국", "😀",
    "\u00ad", "\u200b", "\u0301", "\x00", "\u2028",
)  # fmt: skip
MALFORMED = (
    b"\x80", b"\xff", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xf4\x90\x80\x80", b"\xc3",
    b"\xe2\x82", b"\xf0\x9f\x98",
)  # fmt: skip
FAR = b"so " * OPENING_WORDS
ALL_FIELDS = range(7)
NOTHING_KNOWN = hashed(np.empty(0, np.uint64), np.empty(0, np.uint8))
BOTH = pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])

pieces = st.sampled_from([*(char.encode() for char in WELL_FORMED), *MALFORMED])
texts = st.one_of(
    st.lists(pieces, max_size=40).map(b"".join),
    st.binary(max_size=40),
    st.integers(OPENING_WORDS - 2, OPENING_WORDS + 2).map(lambda n: b" ".join(b"word%d" % (k % 50) for k in range(n))),
    st.lists(st.sampled_from([b"POLICE", b"Said", b"in", b"Idlib", b"12"]), max_size=30).map(b" ".join),
)
articles = st.lists(st.tuples(st.one_of(st.just(b""), texts), texts), max_size=4).map(lambda some: some + some[:1])
columns = st.dictionaries(
    st.integers(1, 15),
    st.tuples(st.floats(0.125, 1, width=32), st.integers(0, RAREST), st.integers(0, 31)),
    max_size=10,
)
twins = settings(max_examples=60, deadline=None)


def termed(kernels, pairs, most=1000, background=NOTHING_KNOWN):
    """Return the columns of ``term_batch`` and the offsets of each article's slice."""
    heads = [title + b"\n\n" for title, _ in pairs]
    buf, offsets = pack([head + text for head, (_, text) in zip(heads, pairs, strict=True)])
    title_ends = offsets[:-1] + np.array([len(head) for head in heads], np.int64)
    columns = [np.empty(2 * len(buf), dtype) for dtype in (np.uint32, np.float32, np.uint8, np.uint8)]
    counts = np.zeros(len(pairs), np.int32)
    n = kernels.term_batch(buf, offsets, title_ends, fold_table(), *background, most, *columns, counts)
    ends = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
    assert n == ends[-1]
    return [column[:n] for column in columns], ends


def weighed(kernels, pairs, searched=1000, common=()):
    """Return terms, weights, flags, offsets and slots as ``dedup.terms`` makes them."""
    (terms, weights, rarities, flags), offsets = termed(kernels, pairs)
    keys, counts = np.zeros(2 << len(terms).bit_length(), np.uint32), np.zeros(2 << len(terms).bit_length(), np.int32)
    slots = np.empty(len(terms), np.int32)
    kernels.count_terms(terms, keys, counts, slots)
    counts[np.isin(keys, common)] = len(pairs)
    kernels.weigh_terms(slots, counts, rarities, flags, offsets, searched, weights, slots)
    return terms, weights, flags, offsets, slots


def joined(some):
    """Return terms, weights, rarities, flags and offsets of articles given as {term: (weight, rarity, flags)}."""
    entries = [(term, *rest) for article in some for term, rest in sorted(article.items())]
    dtypes = (np.uint32, np.float32, np.uint8, np.uint8)
    parts = [np.array([entry[k] for entry in entries], dtype) for k, dtype in enumerate(dtypes)]
    return *parts, np.cumsum([0, *map(len, some)])


def likened(kernels, columns, pairs):
    terms, weights, flags, offsets = columns
    lengths = np.full((len(offsets) - 1, 7), 9, np.float32)
    kernels.term_lengths(weights, flags, offsets, lengths)
    left, right = (np.array(side, np.int32) for side in zip(*pairs, strict=True))
    out = np.full((len(left), 7), 9, np.float32)
    kernels.likeness_batch(terms, weights, flags, offsets, lengths, left, right, out)
    return lengths, out


def masses_of(kernels, title, text, most=1000):
    """Return {term: (mass, flags)} of one article."""
    (terms, masses, _, flags), _ = termed(kernels, [(title, text)], most)
    return dict(zip(terms.tolist(), zip(masses.tolist(), flags.tolist(), strict=True), strict=True))


def term_of(kernels, word):
    """Return the one term of a word that stands in no title and at no opening."""
    (found,) = set(masses_of(kernels, b"", FAR + word)) - set(masses_of(kernels, b"", FAR))
    return found


def assert_equal(one, two):
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


@st.composite
def backgrounds(draw, some):
    """A table that knows some of the terms of articles, and terms that stand in its way."""
    (terms, *_), _ = termed(plain, some)
    keys = sorted({term for term in terms.tolist() if draw(st.booleans())} | draw(st.sets(st.integers(1, 99))))
    rarity = draw(st.lists(st.integers(0, RAREST), min_size=len(keys), max_size=len(keys)))
    return hashed(np.array(keys, np.uint64), np.array(rarity, np.uint8))


@given(articles.flatmap(lambda some: st.tuples(st.just(some), backgrounds(some))), st.sampled_from([1, 2, 5, 1000]))
@example(([(b"", b"")], NOTHING_KNOWN), 1)
@example(([(b"\xc3", b"\xa9"), (b"\xed\xa0\x80A", b"a B C\xf0\x9f\x98")], NOTHING_KNOWN), 1000)
@twins
def test_terms_equal_their_plain_twins(given_, most):
    some, background = given_
    (one, ends), (two, others) = (termed(kernels, some, most, background) for kernels in (fast, plain))

    assert_equal([*one, ends], [*two, others])
    assert np.diff(ends).max(initial=0) <= most
    assert all((np.diff(one[0][a:b].astype(np.int64)) > 0).all() for a, b in pairwise(ends))
    assert ((one[1] > 0) & (one[1] < 1)).all()


@given(articles, st.sampled_from([1, 3, 1000]), st.booleans())
@twins
def test_weights_equal_their_plain_twins(some, searched, common):
    everywhere = termed(plain, some)[0][0][::2] if common else ()
    one, two = (weighed(kernels, some, searched, everywhere) for kernels in (fast, plain))

    np.testing.assert_array_equal(one[1], two[1], strict=True)
    assert_equal([*one[:1], *one[2:]], [*two[:1], *two[2:]])


@given(st.lists(columns, max_size=5), st.sampled_from([1, 3, 1000]), st.integers(0, 3))
@twins
def test_weights_of_any_rarities_and_flags_equal_their_plain_twins(some, searched, more_articles):
    _, weights, rarities, flags, offsets = joined(some)
    places = np.arange(len(weights), dtype=np.int32)[::-1].copy()
    counts = (places % (len(some) + 1) + more_articles).astype(np.int32)
    found = []
    for kernels in (fast, plain):
        own, slots = weights.copy(), np.empty(len(weights), np.int32)
        kernels.weigh_terms(places, counts, rarities, flags, offsets, searched, own, slots)
        found.append((own, slots))

    np.testing.assert_array_equal(found[0][0], found[1][0], strict=True)
    np.testing.assert_array_equal(found[0][1], found[1][1])
    assert [(found[0][1][a:b] >= 0).sum() for a, b in pairwise(offsets)] == [min(len(x), searched) for x in some]


@given(st.lists(columns, min_size=1, max_size=4))
@twins
def test_likeness_of_any_flags_equals_its_plain_twin(some):
    terms, weights, _, flags, offsets = joined(some)
    pairs = [(a, b) for a in range(len(some)) for b in range(len(some))]

    assert_equal(*(likened(kernels, (terms, weights, flags, offsets), pairs) for kernels in (fast, plain)))


@given(articles)
@twins
def test_likeness_equals_its_plain_twin_and_is_symmetric(some):
    terms, weights, flags, offsets, _ = weighed(plain, some)
    pairs = [(a, b) for a in range(len(some)) for b in range(len(some))] or [(0, 0)]
    if not some:
        offsets = np.zeros(2, np.int64)
    one, two = (likened(kernels, (terms, weights, flags, offsets), pairs) for kernels in (fast, plain))

    assert_equal(one, two)
    square = one[1].reshape(len(offsets) - 1, len(offsets) - 1, 7)
    np.testing.assert_array_equal(square, square.transpose(1, 0, 2))
    known = square[~np.isnan(square)]
    assert ((known >= 0) & (known <= 1)).all()
    own = one[1][[a == b for a, b in pairs]]
    np.testing.assert_allclose(own[~np.isnan(own)], 1, rtol=1e-5)
    np.testing.assert_array_equal(np.isnan(own), one[0] == 0)


@BOTH
@pytest.mark.parametrize("alike", ["minister ministers", "ADVISERS adviser", "İstanbul istanbul", "Straße strassen"])
def test_inflected_forms_of_a_word_meet(kernels, alike):
    one, two = alike.split()

    assert term_of(kernels, one.encode()) == term_of(kernels, two.encode())


@BOTH
@pytest.mark.parametrize(
    "other", ["cat cats", "police polish", "abcdef abcdxf", "2031year 2031years", "1000001 1000002"]
)
def test_words_that_differ_in_their_first_letters_and_numbers_do_not(kernels, other):
    one, two = other.split()

    assert term_of(kernels, one.encode()) != term_of(kernels, two.encode())


@BOTH
def test_a_stem_is_counted_in_letters_not_bytes(kernels):
    stem = "щ" * STEM_LETTERS

    assert term_of(kernels, (stem + "а").encode()) == term_of(kernels, (stem + "б").encode())
    assert term_of(kernels, (stem[1:] + "а").encode()) != term_of(kernels, (stem[1:] + "б").encode())


@BOTH
@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("met Recep Tayyip there", 1),
        ("met Recep Tayyip Erdoğan there", 2),
        ("met Jean-Claude there", 1),
        ("met Recep and Tayyip there", 0),
        ("met Recep. Tayyip went", 0),
        ("met Recep, Tayyip too", 0),
        ("met in 2031 Recep", 0),
    ],
)
def test_neighbouring_names_make_a_phrase(kernels, text, phrases):
    flags = [flag for _, flag in masses_of(kernels, b"", FAR + text.encode()).values()]

    assert sum(flag == IS_NAME | IS_PHRASE for flag in flags) == sum(flag & IS_PHRASE > 0 for flag in flags) == phrases


@BOTH
@pytest.mark.parametrize(("text", "n_terms"), [("国", 0), ("日本語", 2), ("日 本", 0), ("日x本", 1), ("日本日本", 2)])
def test_neighbouring_characters_of_scripts_without_spaces_make_a_term_and_none_is_one_alone(kernels, text, n_terms):
    assert len(masses_of(kernels, b"", text.encode())) == n_terms


@BOTH
def test_where_a_term_stands_and_what_it_looks_like_are_told_apart(kernels):
    title, text = b"the ferry of Ankara", b"a ferry in 2031 " + FAR + b"sank near Ankara in 2044"
    found = masses_of(kernels, title, text)
    flags = {word: found[term_of(kernels, word)][1] for word in (b"ferry", b"2031", b"in", b"sank", b"2044")}

    assert flags == {b"ferry": IN_TITLE | IN_OPENING, b"2031": IN_OPENING | IS_NUMBER, b"in": IN_OPENING, b"sank": 0, b"2044": IS_NUMBER}  # fmt: skip
    assert found[term_of(kernels, b"Ankara")][1] == IN_TITLE | IS_NAME


@BOTH
def test_the_title_weighs_more_than_the_opening_and_that_more_than_the_rest(kernels):
    ferry, x = term_of(kernels, b"ferry"), b" "
    places = [(b"ferry", x), (b"", b"ferry"), (b"", FAR + b"ferry")]
    in_title, in_opening, behind = (masses_of(kernels, *place)[ferry][0] for place in places)

    assert in_title > in_opening > behind
    assert in_title == pytest.approx(TITLE_WEIGHT / (TITLE_WEIGHT + SATURATION))
    assert behind == pytest.approx(1 / (1 + SATURATION))


@BOTH
def test_the_third_mention_adds_less_than_the_first(kernels):
    ferry = term_of(kernels, b"ferry")
    mass = [0, *(masses_of(kernels, b"", FAR + b"ferry " * n)[ferry][0] for n in range(1, 5))]
    gains = np.diff(mass)

    assert (gains > 0).all()
    assert (np.diff(gains) < 0).all()


@BOTH
def test_the_heaviest_terms_are_kept_and_of_equals_those_of_smaller_hash(kernels):
    text = FAR + b"one two three four five five"
    everything = masses_of(kernels, b"ferry", text)
    ranking = sorted(everything, key=lambda term: (-everything[term][0], term))

    for most in range(1, len(everything) + 2):
        assert list(masses_of(kernels, b"ferry", text, most)) == sorted(ranking[:most])


@BOTH
def test_terms_of_almost_equal_weight_count_as_equals(kernels):
    so = list(masses_of(kernels, b"", FAR))
    words = {term_of(kernels, word): word for word in (b"ferry", b"minister")}
    light, heavy = sorted(words)
    background = hashed(np.array([*so, light, heavy], np.uint64), np.array([0, 5, 6], np.uint8))
    text = FAR + b" ".join([words[light]] * 5 + [words[heavy]] * 3)
    (terms, masses, rarities, _), _ = termed(kernels, [(b"", text)], 2, background)

    assert (masses * rarities).tolist() == pytest.approx([5 * 5 / 7, 6 * 3 / 5])
    assert terms.tolist() == [light, heavy]
    assert termed(kernels, [(b"", text)], 1, background)[0][0].tolist() == [light]


@BOTH
def test_a_common_word_is_kept_after_a_rare_one(kernels):
    minister, ferry = term_of(kernels, b"minister"), term_of(kernels, b"ferry")
    background = hashed(np.array([minister], np.uint64), np.array([40], np.uint8))
    (terms, _, rarities, _), _ = termed(kernels, [(b"", b"minister ferry")], 2, background)

    assert dict(zip(terms.tolist(), rarities.tolist(), strict=True)) == {minister: 40, ferry: RAREST}
    assert termed(kernels, [(b"", b"minister minister ferry")], 1, background)[0][0].tolist() == [ferry]


@BOTH
def test_weights_of_an_article_have_length_one_and_names_weigh_a_little_less(kernels):
    _, weights, flags, offsets, _ = weighed(kernels, [(b"", b"we met Ankara"), (b"", b""), (b"", b"a ferry sank")])
    name = weights[: offsets[1]][flags[: offsets[1]] & IS_NAME > 0]

    assert [float(np.sum(weights[a:b] ** 2)) for a, b in ((0, 3), (3, 6))] == pytest.approx([1, 1])
    assert offsets.tolist() == [0, 3, 3, 6]
    assert name / weights[:3].max() == pytest.approx(NAME_WEIGHT)


@BOTH
def test_a_term_many_articles_have_weighs_less(kernels):
    some = [(b"", b"ferry sank%d" % k) for k in range(300)]
    terms, weights, *_ = weighed(kernels, some)
    ferry = term_of(kernels, b"ferry")

    assert weights[:2][terms[:2] == ferry] < weights[:2][terms[:2] != ferry]


@BOTH
def test_neighbours_are_sought_by_the_heaviest_terms_and_of_equals_by_the_first(kernels):
    some = [(b"ferry", b"one two three four five six seven")]
    terms, weights, _, _, slots = weighed(kernels, some, searched=3)
    heaviest = sorted(range(len(terms)), key=lambda e: (-weights[e], e))[:3]

    assert len(terms) == 8
    assert np.flatnonzero(slots >= 0).tolist() == sorted(heaviest)
    assert len(set(slots[slots >= 0].tolist())) == 3


@BOTH
def test_likeness_says_nothing_of_what_an_article_does_not_have(kernels):
    some = [(b"a ferry sank", b"near Ankara 12"), (b"", FAR + b"ferry"), (b"", b""), (b"", FAR + b"other words")]
    *columns, _ = weighed(kernels, some)
    out = likened(kernels, columns, [(0, 1), (0, 2), (1, 3), (0, 0)])[1]

    subject, opening, headline, actors, figures, topic, told = ALL_FIELDS
    assert np.isnan(out[0, [headline, actors, figures, told]]).all()
    assert (out[0, [subject, topic]] > 0).all()
    assert out[0, opening] == 0
    assert np.isnan(out[1]).all()
    assert 0 < out[2, subject] < 1
    assert out[3] == pytest.approx(np.ones(7))


@BOTH
def test_what_is_told_of_a_title_is_the_lesser_share_of_the_two(kernels):
    some = [(b"ferry sank", b"x"), (b"ferry", b"a crew sank it"), (b"crew", b"ferry")]
    *columns, _ = weighed(kernels, some)
    whole, partly = likened(kernels, columns, [(0, 1), (0, 2)])[1][:, 6]

    assert whole == pytest.approx(1)
    assert partly == 0


@pytest.mark.parametrize("text", [b"ab " * 1_700_000, b"x" * 5_000_000, b"\xff" * 5_000_000, "国".encode() * 1_700_000])
def test_five_megabytes_in_one_line_have_few_terms(text):
    assert len(masses_of(fast, b"", text)) == (text[:1] != b"\xff")


@given(st.sets(st.integers(1, 200)), st.integers(0, 3), st.booleans())
@example(set(range(1, 65)), 0, False)
@twins
def test_every_key_of_the_background_is_found_and_nothing_else(numbers, shift, colliding):
    step = 1 << 12 if colliding else 1
    keys = [(number * step + shift) & 0xFFFFFFFF for number in sorted(numbers)]
    table = hashed(np.array(keys, np.uint64), np.array([k % 251 for k in range(len(keys))], np.uint8))

    def looked_up(key):
        slot, mask = key, len(table.known) - 1
        while table.known[slot & mask] not in {0, key}:
            slot += 1
        return int(table.rarity[slot & mask]) if table.known[slot & mask] else None

    assert len(table.known) >= 2 * len(keys)
    assert len(table.known) & (len(table.known) - 1) == 0
    assert np.count_nonzero(table.known) == len(keys)
    assert [looked_up(key) for key in keys] == [k % 251 for k in range(len(keys))]
    assert looked_up(1 << 31 | 5) is None
