"""Vector instructions say what a loop over single bytes says, and encoding what ``str.encode`` says."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from numba import njit

from dedup.kernels import fast, plain
from dedup.kernels.vectors import (
    COMPARED,
    MASK_BYTES,
    NARROWED,
    below,
    beyond_ascii,
    bit_count,
    eight_bytes,
    ending_in,
    letter,
    letter_bytes,
    lowest_bit,
    narrow,
    spread,
    within,
)
from dedup.packing import pack

twins = settings(max_examples=200, deadline=None)
some_bytes = st.binary(min_size=MASK_BYTES, max_size=MASK_BYTES + 9)
quoted = st.builds(lambda n, char: "a" * n + char + "b" * n, st.integers(0, 70), st.characters(min_codepoint=0x80))


@njit
def masks(buf, i, low, high):
    return within(buf, np.uint64(i), low, high), eight_bytes(buf, np.uint64(i))


@njit
def narrowed(text, i, width, out, at):
    narrow(text, np.uint64(i), width, out, np.uint64(at))
    return beyond_ascii(text, np.uint64(i), width)


@njit
def read(text, width):
    return letter_bytes(text), [letter(text, np.uint64(i), width) for i in range(len(text))]


@njit
def smaller(numbers, i, limit):
    return below(numbers, np.uint64(i), limit)


@njit
def alike(numbers, i, low, wanted):
    return ending_in(numbers, np.uint64(i), np.uint32(low), np.uint32(wanted))


@njit
def spread_out(some, base, out, at):
    spread(np.uint64(some), np.uint32(base), out, np.uint64(at))


@njit
def bits(x):
    return lowest_bit(x), bit_count(x)


@given(some_bytes, st.integers(0, 255), st.integers(0, 255))
@example(bytes(range(64)), 0, 255)
@twins
def test_a_mask_has_a_bit_for_each_byte_in_the_range(raw, low, high):
    low, high = sorted((low, high))
    at = len(raw) - MASK_BYTES
    mask, first = masks(np.frombuffer(raw, np.uint8), at, np.uint8(low), np.uint8(high))

    assert mask == sum((low <= byte <= high) << k for k, byte in enumerate(raw[at:]))
    assert first == int.from_bytes(raw[at : at + 8], "little")


def widest(most):
    """Texts whose widest letter is no more than ``most``."""
    letters = st.characters(max_codepoint=most, exclude_categories=())
    return st.text(letters, min_size=NARROWED, max_size=NARROWED + 5).map(lambda text: chr(most) + text)


@pytest.mark.parametrize("most", [0x7F, 0xFF, 0xFFFF, 0x10FFFF])
@given(st.data(), st.integers(0, 9))
@twins
def test_letters_are_read_and_narrowed_to_their_lowest_bytes(most, data, at):
    text = data.draw(widest(most))
    size = 1 if most <= 0xFF else 2 if most <= 0xFFFF else 4
    width = np.dtype(f"u{size}").type(0)
    points = list(map(ord, text))
    i = len(text) - NARROWED
    out = np.zeros(NARROWED + 20, np.uint8)
    mask = narrowed(text, i, width, out, at)

    assert read(text, width) == (size, points)
    assert mask == sum((point >= 0x80) << k for k, point in enumerate(points[i:]))
    assert out.tolist() == [0] * at + [point & 255 for point in points[i:]] + [0] * (20 - at)


@given(st.lists(st.integers(0, (1 << 64) - 1), min_size=COMPARED, max_size=COMPARED + 3), st.integers(0, (1 << 64) - 1))
@example(list(range(COMPARED)), 4)
@example([1 << 63, (1 << 63) - 1] * 4, 1 << 63)
@twins
def test_a_mask_has_a_bit_for_each_number_below_the_limit(numbers, limit):
    at = len(numbers) - COMPARED

    mask = smaller(np.array(numbers, np.uint64), at, np.uint64(limit))

    assert mask == sum((number < limit) << k for k, number in enumerate(numbers[at:]))


@given(
    st.lists(st.integers(0, (1 << 32) - 1), min_size=COMPARED, max_size=COMPARED + 3),
    st.integers(0, 4),
    st.integers(0, 15),
)
@twins
def test_a_mask_has_a_bit_for_each_number_that_ends_in_the_bits_wanted(numbers, size, wanted):
    at, low = len(numbers) - COMPARED, (1 << size) - 1

    mask = alike(np.array(numbers, np.uint32), at, low, wanted & low)

    assert mask == sum((number & low == wanted & low) << k for k, number in enumerate(numbers[at:]))


@pytest.mark.parametrize(("base", "at"), [(0, 0), (4_000_000_000, 3)])
def test_the_places_of_the_bits_of_any_byte_are_written(base, at):
    for some in range(256):
        out = np.full(at + 8, 7, np.uint32)
        spread_out(some, base, out, at)

        assert out[:at].tolist() == [7] * at
        assert out[at : at + some.bit_count()].tolist() == [base + k for k in range(8) if some >> k & 1]


@given(st.integers(1, (1 << 64) - 1))
@twins
def test_bits_are_found_and_counted(x):
    assert bits(np.uint64(x)) == ((x & -x).bit_length() - 1, x.bit_count())


span_pieces = st.binary(max_size=9) | st.integers(50, 200).map(lambda n: bytes(range(n)))
texts = st.lists(quoted | st.text(st.characters(exclude_categories=())), max_size=4)


@pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
@given(texts, st.integers(0, 3))
@example(["\ud800" + "a" * 40 + "\U0010ffff\x00" + "é" * 40], 1)
@example(["é" * 40, "", "\x00ÿ" * 40], 2)
@example(["\u07ff\u0800\ud800\uffff" * 10, "a" * 40], 0)
@twins
def test_texts_are_encoded_as_python_does_it(kernels, some, at):
    joined = "".join(some)
    ends = np.cumsum(list(map(len, some)), dtype=np.int64)
    wanted = [text.encode("utf-8", "surrogatepass") for text in some]
    out = np.full(at + 4 * len(joined), 7, np.uint8)
    places = np.zeros(len(some), np.int64)
    end = kernels.encode_batch(joined, ends, out, at, places)

    assert places.tolist() == (at + np.cumsum(list(map(len, wanted)), dtype=np.int64)).tolist()
    assert end == at + sum(map(len, wanted))
    assert out[:end].tobytes() == b"\7" * at + b"".join(wanted)


@pytest.mark.parametrize("kernels", [fast, plain], ids=["fast", "plain"])
@given(st.lists(st.lists(st.tuples(span_pieces, st.booleans()), max_size=6), max_size=4))
@twins
def test_spans_are_taken_out_of_packed_texts(kernels, some):
    buf, offsets = (array.copy() for array in pack([b"".join(piece for piece, _ in pieces) for pieces in some]))
    spans, bounds = [], [0]
    for pieces in some:
        edges = np.cumsum([0, *(len(piece) for piece, _ in pieces)]).tolist()
        spans += [span for span, (_, goes) in zip(pairwise(edges), pieces, strict=True) if goes]
        bounds.append(len(spans))
    starts, ends = np.array(spans, np.int32).reshape(-1, 2).T.copy()
    kernels.cut_batch(buf, offsets, np.array(bounds), starts, ends)

    assert [buf[start:end].tobytes() for start, end in pairwise(offsets.tolist())] == [
        b"".join(piece for piece, goes in pieces if not goes) for pieces in some
    ]
