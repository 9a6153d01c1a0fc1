"""Texts in flat buffers: the same bytes whichever way they are asked for, cut, and packed into a buffer used again."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.packing import JOINED, LINE_BREAK, PAD_BYTES, Cuts, Packer, Texts, pack

spans = st.lists(st.integers(0, 4000), max_size=6, unique=True).map(
    lambda ends: list(zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)
long_texts = st.builds(
    lambda n, text: text * (n // (len(text) + 1) + 1),
    st.sampled_from([1, 3000, JOINED // 2, JOINED + 1]),
    st.text(st.characters(exclude_categories=()), max_size=50),
)


@given(st.lists(st.lists(st.binary(max_size=20), max_size=5), max_size=5))
@settings(deadline=None)
def test_a_buffer_used_again_holds_what_a_new_one_would(batches):
    packer = Packer()
    for texts in batches:
        for got, wanted in zip(packer(iter(texts)), pack(texts), strict=True):
            np.testing.assert_array_equal(got, wanted)


@given(st.lists(st.tuples(long_texts, spans), max_size=4))
@settings(max_examples=60, deadline=None)
def test_texts_are_packed_as_they_are_made_one_by_one(pairs):
    raw = [text for text, _ in pairs]
    cut = [
        [(start, end) for start, end in spans if end <= len(text.encode("utf-8", "surrogatepass"))]
        for text, spans in pairs
    ]
    flat = np.array([span for spans in cut for span in spans], np.int32).reshape(-1, 2)
    bounds = np.cumsum([0, *map(len, cut)])
    packer = Packer(1 << 30)
    for texts in (Texts(raw), Texts(raw, Cuts(bounds, flat[:, 0], flat[:, 1], np.ones(len(flat), np.uint8)))):
        rows = [*range(len(raw)), *range(len(raw))][::-1]
        buf, offsets = texts.pack(rows, packer)
        one_by_one = list(texts.each(rows))

        assert [buf[start:end].tobytes() for start, end in pairwise(offsets.tolist())] == one_by_one
        assert buf[offsets[-1] :].tolist() == [LINE_BREAK] * PAD_BYTES
