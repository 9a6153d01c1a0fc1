"""The kernels that read text: the compiled ones equal their plain twins on any bytes."""

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from dedup.furniture import CREDIT, KINDS, kind_of
from dedup.kernels import fast, plain
from dedup.kernels.elements import COUNTS, SETS, room_for_elements
from dedup.kernels.fold import fold_table
from dedup.kernels.plain_lines import MAY_CREDIT, line_hash
from dedup.lines import CREDITED, CUED, NAMED, cue_table
from dedup.packing import pack
from dedup.settings import CREDIT_BYTES, HEAD_BYTES, LINE_BYTES, SIGNATURE_SLOTS

WELL_FORMED = (
    "a", "B", " ", ".", "\n", "\r\n", "\t", '"', "“", "”", "’", "-", "9", "2031", "½", "²", "é", "e\u0301", "ß", "ﬁ",
    "ı", "İ", "I", "Türkiye", "TÜRKİYE", "The ", "Leave a Reply", "Жук", "ά", "国", "日本語", "ภาษาไทย", "ទឹក", "हिन्दी",
    "العربية", "١٢٣", "９", "\u00ad", "\u200b", "\ufe0f", "\u0301", "한국", "😀", "👩‍👩‍👧", "\U0001d400",
    "\x00", "\x7f", "\u2028",
)  # fmt: skip
MALFORMED = (
    b"\x80", b"\xff", b"\xfe", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf", b"\xed\xa0\x80", b"\xed\xbf\xbf",
    b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xc3", b"\xe2\x82", b"\xf0\x9f\x98", b"\xc2\x20",
)  # fmt: skip

pieces = st.sampled_from([*(char.encode() for char in WELL_FORMED), *MALFORMED])
words = st.integers(0, 10).map(lambda n: b" ".join(b"word%d" % (k % 7) for k in range(n)))
edges = st.builds(lambda n, part: (part * 70)[:n], st.integers(60, 68), st.sampled_from([b"ab c", b"x", "é.".encode()]))
borders = st.builds(  # of 64 bytes, of the window tokens are found in, of the sizes a token is hashed at once in
    lambda n, part, size, again: (b"ab " * n)[:n] + part + b"x" * size + (part if again else b" ") + b"y",
    st.sampled_from([*range(58, 67), *range(120, 130), *range(508, 515)]),
    st.sampled_from(["“", "—", "é", "\u00ad", "\u2029", "\u202a", "国", "", " "]).map(str.encode),
    st.integers(0, 18) | st.integers(508, 514),
    st.booleans(),
)
lines = st.builds(
    lambda n, end: b"l" * n + end, st.integers(LINE_BYTES - 1, LINE_BYTES + 1), st.sampled_from([b"", b"\n", b"\n  b"])
)
capitals = st.lists(st.sampled_from([b"POLICE", b"Said", b"in", b"Idlib", b"12", b"\xc3\x9cber"]), max_size=30).map(
    b" ".join
)
anything = st.one_of(
    st.lists(pieces, max_size=40).map(b"".join), st.binary(max_size=40), words, edges, borders, lines, capitals
)
batches = st.lists(anything, max_size=4).flatmap(lambda texts: st.just(texts + texts[:1] + [b" ".join(texts)]))


def read_words(kernels, texts):
    buf, offsets = pack(texts)
    room = len(buf) // 2 + 2 * len(texts) + 2
    hashes, looks = np.zeros(room, np.uint64), np.zeros(room, np.uint8)
    starts, ends, counts = np.zeros(room, np.int64), np.zeros(room, np.int64), np.zeros(len(texts), np.int64)
    n = kernels.word_batch(buf, offsets, fold_table(), hashes, starts, ends, looks, counts)
    return hashes[:n], starts[:n], ends[:n], looks[:n], counts


CREDIT_PARTS = (
    "Image",
    "photo",
    "PICTUREſ",
    "photographs",
    "\u00a0",
    "credıt",
    "Courtesy",
    "source",
    "by",
    ":",
    " : ",
    "x",
)
BOTH = pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
KNOWN = cue_table()
twins = settings(max_examples=60, deadline=None)


def sketched(kernels, texts, modulus, floor):
    buf, offsets = pack(texts)
    n = len(texts)
    signatures, bodies = np.zeros((n, SIGNATURE_SLOTS), np.uint16), np.zeros((n, 2), np.uint64)
    kept = np.zeros(len(buf) // 2 + (floor + 2) * n, np.uint32)
    counts, n_words = np.zeros(n, np.int32), np.zeros(n, np.int32)
    limit = np.uint64((1 << 64) // modulus - 1)
    total = kernels.sketch_batch(buf, offsets, fold_table(), limit, floor, signatures, kept, counts, n_words, bodies)
    return signatures, kept[:total], counts, n_words, bodies


def measured(kernels, texts):
    buf, offsets = pack(texts)
    n = len(texts)
    longer, shorter = (part.astype(np.int32) for part in np.divmod(np.arange(n * n), n))
    sizes, common = np.zeros((n * n, 2, len(SETS) + 1), np.int32), np.zeros((n * n, len(COUNTS)), np.int32)
    room = room_for_elements(int(offsets[-1]), n)
    scratch = np.empty(room, np.uint64), np.empty(room, np.uint8)
    kernels.measure_batch(buf, offsets, fold_table(), longer, shorter, *scratch, sizes, common)
    return sizes, common


def lines_of(kernels, texts, *, names=(), room=None):
    buf, offsets = pack(texts)
    room = len(buf) + len(texts) if room is None else room
    names = np.array([line_hash(name) for name in names], np.uint64).reshape(-1, len(texts))
    owners, starts, ends = (np.zeros(room, np.int32) for _ in range(3))
    hashes, flags = np.zeros(room, np.uint64), np.zeros(room, np.uint8)
    n = kernels.line_batch(buf, offsets, *KNOWN, names, owners, starts, ends, hashes, flags)
    return n, owners[:n], starts[:n], ends[:n], hashes[:n], flags[:n]


def assert_equal(one, two):
    for a, b in zip(one, two, strict=True):
        np.testing.assert_array_equal(a, b)


@given(batches, st.sampled_from([1, 2, 8]), st.sampled_from([0, 1, 24]))
@example([b""], 8, 24)
@example([b"\xc0\xaf", b"\x00", b"\xed\xa0\x80a", b"a\xf0\x9f\x98"], 8, 24)
@example([b"ab " * 169 + "é".encode() + b"x" * k + b" y" for k in range(16)], 8, 24)  # a token across two windows
@example([b"ab " * 169 + b"x" * k + b" y" for k in range(24)], 8, 24)
@twins
def test_sketches_equal_their_plain_twins(texts, modulus, floor):
    assert_equal(sketched(fast, texts, modulus, floor), sketched(plain, texts, modulus, floor))


@given(batches)
@example([b"", b"A", b"a b", b"a b c", b"A. B c 1 D"])
@example([b"a b c d e f g h i j k l m n o", b"a b c d e f g h - q - h i j k l m n o y y"])
@twins
def test_counts_of_pairs_equal_their_plain_twins(texts):
    assert_equal(measured(fast, texts), measured(plain, texts))


@given(batches)
@twins
def test_words_with_their_places_equal_their_plain_twins(texts):
    assert_equal(read_words(fast, texts), read_words(plain, texts))


@given(batches)
@example([b"\n\n", b" \n x", b"x" * 7, b"x" * 8, b"x" * 9 + b"\n", b"\nx" * 9])
@twins
def test_lines_equal_their_plain_twins(texts):
    names = [text.strip().split(b"\n")[-1] for text in texts] + texts
    assert_equal(lines_of(fast, texts, names=names), lines_of(plain, texts, names=names))


@BOTH
def test_lines_without_room_are_counted_and_the_others_written(kernels):
    texts = [b"one\ntwo", b"three"]
    n, owners, _, _, hashes, _ = lines_of(kernels, texts, room=2)

    assert (n, owners.tolist()) == (3, [0, 0])
    assert hashes.tolist() == lines_of(kernels, texts)[4][:2].tolist()


@given(st.lists(st.lists(st.integers(0, 9), max_size=9), max_size=9), st.integers(1, 4), st.sampled_from([1, 4, 64]))
@twins
def test_lines_that_stand_often_are_found_by_both_twins(texts, least, slots):
    hashes = np.array([x for text in texts for x in text], np.uint64)
    bounds = np.cumsum([0, *map(len, texts)])
    salts = np.arange(len(texts), dtype=np.uint64) % np.uint64(2) * np.uint64(16)
    keys = (hashes ^ np.repeat(salts, np.diff(bounds))).tolist()
    found = []
    for kernels in (fast, plain):
        seen = np.zeros(slots, np.uint8)
        places = np.empty(kernels.tally_lines(hashes, bounds, salts, least, seen), np.int64)
        kernels.crowded_lines(hashes, bounds, salts, least, seen, places)
        found.append((seen, places))

    assert_equal(*found)
    assert {k for k, key in enumerate(keys) if keys.count(key) >= least} <= set(places.tolist())
    assert slots < 64 or all(keys.count(keys[k]) >= least for k in places)


@pytest.mark.parametrize("n_words", [0, 1, 2, 3, 7, 8, 9])
@BOTH
def test_a_text_of_few_words_has_the_shingles_and_runs_it_should(kernels, n_words):
    text = " ".join("abcdefghi"[:n_words]).encode()
    sizes, common = measured(kernels, [text])

    shingles = max(0, n_words - 2) if n_words > 2 else min(1, n_words)
    run = n_words if n_words >= 8 else 0
    assert sizes[0, :, 0].tolist() == [shingles] * 2
    assert sizes[0, :, -1].tolist() == [n_words] * 2
    assert (common[0, 0], *common[0, -2:]) == (shingles, run, run)


@BOTH
def test_lines_above_the_limit_are_paragraphs_and_blanks_around_lines_are_left_out(kernels):
    texts = [b"x" * LINE_BYTES + b"\n" + b"y" * (LINE_BYTES + 1), b"\n  one \r\n\n\ttwo", b"   "]
    _, owners, starts, ends, hashes, _ = lines_of(kernels, texts)

    assert [texts[o][s:e] for o, s, e in zip(owners, starts, ends, strict=True)] == [b"x" * LINE_BYTES, b"one", b"two"]
    assert len(set(hashes.tolist())) == 3


@BOTH
def test_equal_lines_have_equal_hashes_wherever_they_stand(kernels):
    said = b"Sign up for our newsletter, it is free"
    _, _, starts, _, hashes, flags = lines_of(kernels, [b" " * k + said for k in range(9)])

    assert starts.tolist() == list(range(9))
    assert len(set(hashes.tolist())) == 1
    assert flags.tolist() == [CUED] * 9


@BOTH
def test_lines_are_flagged_by_their_first_words_and_by_a_colon_where_a_credit_may_be(kernels):
    plain_line, long_line = b"The ferry sank", b"By:" + b"x" * (CREDIT_BYTES - 2)
    said = [b"LEAVE a Reply", b"Related", b"Photo : The Quay", b"Leave", plain_line, long_line, long_line[:-1]]
    others = [
        b"He said: go",
        b": by",
        "12\u00a0: x".encode(),
        b"Tide: high, photo\t: Ann",
        b"\xff:",
        b"y:",
        b"1:25 BY:",
    ]
    flags = lines_of(kernels, [b"\n".join(said), b"\n".join(others)])[5].tolist()

    assert flags == [CUED, CUED, CUED | CREDITED, 0, 0, 0, CREDITED, 0, 0, *[CREDITED] * 3, 0, CREDITED]


PHRASES = sorted({phrase for kind in KINDS for phrase in kind.phrases})
MANNERS = (str, str.upper, str.capitalize, str.title, lambda phrase: "\u00a9 " + phrase)
FILLERS = st.sampled_from(
    [" the", " ferry", "-", "\u2014", " \u2014 ", " don't", "_x", " 2024", ": ", "\u00e9", " m\u00e9t\u00e9o", "."]
)


@given(st.sampled_from(PHRASES), st.sampled_from(MANNERS), st.lists(FILLERS, max_size=75).map("".join))
@example("copyright", MANNERS[-1], "the " * 69)
@settings(max_examples=500, deadline=None)
def test_every_line_that_is_furniture_by_its_words_is_flagged(phrase, manner, rest):
    said = f"{manner(phrase)} {rest}".strip()
    assume(len(said.encode()) <= LINE_BYTES)
    flags = [lines_of(kernels, [said.encode()])[5].tolist()[0] & CUED for kernels in (fast, plain)]

    assert flags[0] == flags[1]
    assert flags[0] or kind_of(said) is None


@BOTH
def test_lines_with_more_words_than_their_kind_has_are_not_looked_at(kernels):
    flags = lines_of(kernels, [b"Related the ferry", b"Related" + b" ferry" * 15, b"Related" + b" ferry" * 16])[5]

    assert flags.tolist() == [CUED, CUED, 0]


@given(st.lists(st.sampled_from([*CREDIT_PARTS, *WELL_FORMED]), max_size=6).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_reads_as_a_credit_has_a_colon_where_one_may_be(line):
    said = line.strip().encode()
    assert not CREDIT.search(said.decode()) or MAY_CREDIT.search(said)


@BOTH
def test_credits_and_names_are_sought_in_the_head_alone(kernels):
    far = b"x" * (HEAD_BYTES - LINE_BYTES) + b"\n" + b"x" * LINE_BYTES
    texts = [b"The Quay\nBy: The Quay\nThe Quay", far + b"\nBy: Ann\nThe Quay"]
    flags = lines_of(kernels, texts, names=[b"The Quay"] * 2)[5].tolist()

    assert flags == [NAMED, CREDITED, NAMED, 0, 0, 0, 0]


@BOTH
def test_neighbours_in_a_batch_do_not_touch_each_other(kernels):
    texts = [b"Police in Idlib", b"said on", b"Monday that 12 people", b"", b"\xe2\x82", b"\xac were hurt"]
    together = sketched(kernels, texts, 8, 24)
    for k, text in enumerate(texts):
        alone = sketched(kernels, [text], 8, 24)
        np.testing.assert_array_equal(together[0][k], alone[0][0])
        np.testing.assert_array_equal(together[4][k], alone[4][0])


@pytest.mark.parametrize("text", [b"ab " * 1_700_000, b"x" * 5_000_000, b"\xff" * 5_000_000, "国".encode() * 1_700_000])
def test_five_megabytes_in_one_line_are_read(text):
    sizes, common = measured(fast, [text])
    n_words = {b"a": 1_700_000, b"x": 1, b"\xff": 0}.get(text[:1], 1_700_000)

    assert sketched(fast, [text], 8, 24)[3][0] == sizes[0, 0, -1] == n_words
    assert common[0, 0] == sizes[0, 1, 0] == min(1, n_words)
    assert lines_of(fast, [text])[0] == 0
