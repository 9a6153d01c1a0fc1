"""Work by several threads: results in order, errors in their turn, nothing begun after one."""

import threading
import time
from itertools import count, islice

import pytest

from dedup.workers import in_order

THREADS = [1, 2, 5]


@pytest.mark.parametrize("threads", THREADS)
def test_results_come_in_the_order_of_the_items(threads):
    def work(item: int) -> int:
        time.sleep(0.004 if item % 3 == 0 else 0)
        return item * item

    assert list(in_order(work, range(50), threads)) == [k * k for k in range(50)]


@pytest.mark.parametrize("threads", THREADS)
def test_no_items_no_results(threads):
    assert list(in_order(str, [], threads)) == []


def test_the_caller_works_too_and_so_many_threads_are_at_it_at_once():
    meeting = threading.Barrier(3, timeout=10)
    seen = set()

    def work(_: int) -> None:
        meeting.wait()  # passes only where three are at work
        seen.add(threading.current_thread())

    assert len(list(in_order(work, range(3), 3))) == 3
    assert threading.main_thread() in seen
    assert len(seen) == 3


def test_one_thread_is_the_callers():
    assert set(in_order(lambda _: threading.current_thread(), range(5), 1)) == {threading.current_thread()}


@pytest.mark.parametrize("threads", THREADS)
def test_an_error_comes_in_its_turn_and_ends_the_work(threads):
    begun, failing = [], threading.Event()

    def work(item: int) -> int:
        begun.append(item)
        if item == 7:
            failing.set()
            raise ValueError(item)
        if item > 7:  # whoever is past it waits, and long enough for the error to be noted
            failing.wait(10)
            time.sleep(0.1)
        return item

    results = in_order(work, count(), threads)
    assert list(islice(results, 7)) == list(range(7))
    with pytest.raises(ValueError, match="7"):
        next(results)
    assert len(begun) <= 8 + threads


@pytest.mark.parametrize("threads", THREADS)
def test_what_ends_a_program_ends_the_work_too(threads):
    def work(item: int) -> int:
        if item == 3:
            raise SystemExit
        return item

    with pytest.raises(SystemExit):
        list(in_order(work, count(), threads))


@pytest.mark.parametrize("threads", THREADS)
def test_who_stops_listening_stops_the_work(threads):
    begun = []
    results = in_order(begun.append, count(), threads)
    next(results)
    if threads > 1:
        results.close()
    n = len(begun)
    time.sleep(0.02)
    assert len(begun) == n


@pytest.mark.parametrize("threads", THREADS)
def test_an_error_of_the_items_comes_in_its_turn(threads):
    def items():
        yield from range(3)
        raise ValueError(3)

    results = in_order(str, items(), threads)
    assert list(islice(results, 3)) == ["0", "1", "2"]
    with pytest.raises(ValueError, match="3"):
        next(results)


def test_a_thread_that_cannot_be_started_is_what_the_caller_hears_of(monkeypatch):
    def refuse(_: threading.Thread) -> None:
        message = "can't start new thread"
        raise RuntimeError(message)

    monkeypatch.setattr(threading.Thread, "start", refuse)
    with pytest.raises(RuntimeError, match="start new thread"):
        list(in_order(str, range(9), 3))
