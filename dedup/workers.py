"""Work on many items by several threads, the caller's among them, with the results in the order of the items.

A pool wakes its caller for every result, and each wake takes the interpreter from a worker; with one thread it makes
two. Here the caller works too, and one thread is no thread at all.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")
Result = TypeVar("Result")


def in_order(work: Callable[[Item], Result], items: Iterable[Item], threads: int) -> Iterator[Result]:
    """Yield ``work`` of each item, in the order of the items, done by so many threads at once.

    What ``work`` raises, or ``items``, is raised when its turn comes, and no further item is begun then.
    """
    return map(work, items) if threads == 1 else _Crew(work, items).results(threads)


class _Crew(Generic[Item, Result]):
    """Several threads at one list of items; whoever is free takes the next."""

    def __init__(self, work: Callable[[Item], Result], items: Iterable[Item]) -> None:
        self._work = work
        self._items: Iterator[Item] = iter(items)
        self._begun = 0
        self._changed = threading.Condition()
        self._done: dict[int, Result | BaseException] = {}
        self._under_way = 0

    def results(self, threads: int) -> Iterator[Result]:
        """Work on the items beside ``threads - 1`` others, and yield each result once all before it are out."""
        helpers = [threading.Thread(target=self._help) for _ in range(threads - 1)]
        try:
            for helper in helpers:
                helper.start()
            turn = 0
            while self._wait_for(turn):
                found = self._done.pop(turn)
                if isinstance(found, BaseException):
                    raise found
                yield found
                turn += 1
        finally:
            self._stop()
            for helper in helpers:
                if helper.ident is not None:  # it was started
                    helper.join()

    def _wait_for(self, turn: int) -> bool:
        """See to it that the result of item number ``turn`` is there; say whether there is such an item."""
        while turn not in self._done:
            if not self._step():
                with self._changed:
                    self._changed.wait_for(lambda: turn in self._done or not self._under_way)
                return turn in self._done
        return True

    def _help(self) -> None:
        while self._step():
            pass

    def _step(self) -> bool:
        """Work on the next item; say whether there was one."""
        with self._changed:
            number = self._begun
            try:
                item = next(self._items)
            except StopIteration:
                return False
            except BaseException as error:  # noqa: BLE001 - raised by who asked for the results
                self._items = iter(())
                self._done[number] = error
                self._changed.notify_all()
                return False
            self._begun += 1
            self._under_way += 1
        found: Result | BaseException
        try:
            found = self._work(item)
        except BaseException as error:  # noqa: BLE001 - raised by who asked for the results
            self._stop()
            found = error
        with self._changed:
            self._done[number] = found
            self._under_way -= 1
            self._changed.notify_all()
        return True

    def _stop(self) -> None:
        """See to it that no further item is begun."""
        with self._changed:
            self._items = iter(())
