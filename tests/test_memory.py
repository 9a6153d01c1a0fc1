"""Freed memory goes back to the system in large runs only, and only where the C library knows how."""

import ctypes

import pytest

from dedup.memory import MANY_ARTICLES, give_back


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
