"""Large arrays in pages of their own, scratch space used again, and freed memory given back in large runs only."""

import ctypes
import mmap
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.memory import LARGE_PAGE, MANY_ARTICLES, Growing, Room, give_back, pages


@pytest.mark.parametrize("size", [0, 1, 5000])
def test_pages_are_arrays_of_zeros(size):
    array = pages(size, np.uint16)

    assert (array.dtype, array.tolist()) == (np.uint16, [0] * size)


def test_an_array_of_large_pages_is_zeros_too_and_where_there_are_none(monkeypatch):
    class Refusing(mmap.mmap):
        def madvise(self, _):
            raise OSError

    for kind in (mmap.mmap, Refusing):
        monkeypatch.setattr(mmap, "mmap", kind)
        array = pages(LARGE_PAGE, np.uint16)
        assert not array.any()
        array[:] = 7
        assert (array == 7).all()


def test_more_memory_than_there_is_is_a_memory_error():
    for size in (1 << 58, 1 << 80):
        with pytest.raises(MemoryError):
            pages(size, np.uint8)


@given(st.lists(st.lists(st.integers(0, 9), max_size=9)), st.integers(0, 20))
@settings(deadline=None)
def test_an_array_grows_by_pieces_whatever_room_was_expected(pieces, room):
    grown = Growing(np.int32, room)
    for piece in pieces:
        grown.extend(np.array(piece, np.int32))

    assert grown.whole().dtype == np.int32
    assert grown.whole().tolist() == [x for piece in pieces for x in piece]


def test_each_thread_has_scratch_space_of_its_own_and_gets_it_again():
    room = Room(np.uint64)
    together = Barrier(2, timeout=60)

    def fill(mark):
        first = room(4)
        together.wait()
        first[:] = mark
        together.wait()
        return first.tolist(), room(3).tolist(), len(room(100))

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(fill, (1, 2))) == [([mark] * 4, [mark] * 3, 100) for mark in (1, 2)]


class Library:
    """A C library that counts how often it is asked for memory."""

    asked = 0

    def malloc_trim(self, _):
        self.asked += 1


def test_memory_is_asked_back_in_a_run_of_many_articles_alone(monkeypatch):
    library = Library()
    monkeypatch.setattr(ctypes, "CDLL", lambda _: library)
    give_back(MANY_ARTICLES - 1)

    assert library.asked == 0

    give_back(MANY_ARTICLES)

    assert library.asked == 1


@pytest.mark.parametrize("refusal", [AttributeError, OSError, TypeError])
def test_a_system_that_cannot_be_asked_changes_nothing(refusal, monkeypatch):
    asked = []

    def refuse(name):
        asked.append(name)
        raise refusal

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    give_back(MANY_ARTICLES)

    assert asked == [None]
