"""The kernels of quotations: the compiled ones equal their plain twins on any bytes, and know every kind of mark."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.kernels import fast, plain
from dedup.kernels.fold import fold_table
from dedup.packing import pack

BOTH = pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
PIECES = (
    '"', "“", "”", "„", "«", "»", "‘", "’", "「", "」", "『", "』", "'", "(", "[", ".", ",", " ", "  ", "\n", "\r", "\x00", "\u00a0",
    "the ferry sank", "it's", "don’t", "no", "Türkiye", "渡船沉没", "5'6\"", "—",
)  # fmt: skip
MALFORMED = (b"\xe2", b"\xe2\x80", b"\x80\x9c", b"\xc2", b"\xe3\x80", b"\xff", b"\xed\xa0\x80")
texts = st.lists(st.sampled_from([*(piece.encode() for piece in PIECES), *MALFORMED]), max_size=30).map(
    b"".join
) | st.binary(max_size=40)
piles = st.lists(texts, min_size=1, max_size=5).map(lambda some: some + some[:1])
twins = settings(max_examples=200, deadline=None)
SAID = "no one aboard was hurt"


def quoted(kernels, some, longest=100):
    """Return the shingles of each text as lists."""
    buf, offsets = pack([text if isinstance(text, bytes) else text.encode() for text in some])
    shingles, sizes = np.empty(len(buf) // 2 + 1, np.uint32), np.full(len(some), -1, np.int32)
    n = kernels.quote_batch(buf, offsets, longest, fold_table(), shingles, sizes)
    assert n == sizes.sum()
    return [part.tolist() for part in np.split(shingles[:n], np.cumsum(sizes)[:-1])]


def common(kernels, lists, pairs, bytes_seen=1 << 12):
    """Return what is kept of the lists of shingles, and the shares of the pairs."""
    shingles = np.array(list(chain.from_iterable(lists)), np.uint32)
    sizes = np.array([len(one) for one in lists], np.int32)
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
    seen = np.zeros(bytes_seen, np.uint8)
    kept = kernels.keep_repeated(shingles, starts, seen)
    left, right = np.array(pairs, np.int32).reshape(-1, 2).T.copy()
    out = np.empty(len(left), np.float32)
    kernels.common_quotes(shingles, starts, sizes, left, right, out)
    return [part.tolist() for part in np.split(shingles[:kept], starts[1:-1])], seen.tolist(), out


@given(piles, st.sampled_from([0, 3, 20, 1000]))
@twins
def test_quotations_equal_their_plain_twin(some, longest):
    one, two = (quoted(kernels, some, longest) for kernels in (fast, plain))

    assert one == two
    assert one[0] == one[-1]
    assert all(part == sorted(set(part)) for part in one)


@given(
    st.lists(
        st.sets(st.integers(0, 40).map(lambda k: k << 26 | 2 * k + 1), max_size=12).map(sorted), min_size=1, max_size=6
    ),
    st.data(),
)
@twins
def test_what_is_quoted_in_common_equals_its_plain_twin_and_the_sets(lists, data):
    rows = st.integers(0, len(lists) - 1)
    pairs = data.draw(st.lists(st.tuples(rows, rows).filter(lambda pair: pair[0] != pair[1]), max_size=8))
    room = data.draw(st.sampled_from([1, 4, 1 << 12]))
    one, two = (common(kernels, lists, pairs, room) for kernels in (fast, plain))

    assert one[:2] == two[:2]
    np.testing.assert_array_equal(one[2], two[2])
    for (a, b), share in zip(pairs, one[2].tolist(), strict=True):
        ours, theirs = set(lists[a]), set(lists[b])
        fewer = min(len(ours), len(theirs))
        np.testing.assert_equal(share, float(np.float32(len(ours & theirs) / fewer)) if fewer else np.nan)


@BOTH
def test_shingles_of_one_article_alone_are_left_out(kernels):
    kept, _, shares = common(kernels, [[1, 3, 5], [3, 9], [7]], [(0, 1), (0, 2)])

    assert kept == [[3], [3], []]
    assert shares.tolist() == [0.5, 0]


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        f'The mate said "{SAID}" at noon.',
        f"The mate said: “{SAID}.”",
        f"The mate: ”{SAID}”",
        f"Der Maat: „{SAID}“, sagte er.",
        f"Le second : « {SAID} ».",
        f"Der Maat: »{SAID}«",
        f"The mate said ‘{SAID}’, and left.",
        f"副官は「{SAID}」と述べた。",
        f"『{SAID}』",
        f"他说“{SAID}”。",
        f'He said , " {SAID} " .',
        f'"{SAID}\nwas all he wrote.',
        f'It is a 6" gun, and he said “{SAID}” twice: “{SAID}”',
        f'a 6" gun. "{SAID}", he said',
        f"“gone. \n“{SAID}.”",
    ],
)
def test_every_kind_of_mark_is_known(kernels, text):
    wanted = quoted(kernels, [f'"{SAID}"'])[0]

    assert len(wanted) == 3
    assert quoted(kernels, [text])[0] == wanted


@BOTH
@pytest.mark.parametrize(
    "text",
    [
        SAID,
        f"don't say '{SAID}' now",
        f"{SAID}” he said",
        f'{SAID}" he said',
        f"’{SAID}",
        f'a 6" gun and {SAID}',
        '"two words" and "no more"',
        "“" + " ".join(f"w{k}" for k in range(60)) + "”",
        "",
    ],
)
def test_what_no_marks_enclose_is_no_quotation(kernels, text):
    assert quoted(kernels, [text]) == [[]]


@BOTH
def test_an_apostrophe_within_single_marks_closes_nothing(kernels):
    assert quoted(kernels, ["‘it’s the dam’s gate’"]) == quoted(kernels, ['"it’s the dam’s gate"'])


@BOTH
def test_a_quotation_within_another_ends_it_and_the_rest_is_not_lost(kernels):
    inner, outer = quoted(kernels, [f'"{SAID}"', f"“He told me ‘{SAID}’ himself”"])

    assert set(inner) <= set(outer)
