"""Counts are said with the noun they need."""

import pytest

from dedup.plurals import many


@pytest.mark.parametrize(
    ("n", "noun", "said"),
    [
        (1, "article", "1 article"),
        (0, "article", "0 articles"),
        (2, "near cluster", "2 near clusters"),
        (1234, "more story", "1,234 more stories"),
        (1, "story", "1 story"),
        (2, "day", "2 days"),
    ],
)
def test_a_count_has_its_noun_in_the_plural_unless_there_is_but_one(n, noun, said):
    assert many(n, noun) == said


def test_a_plural_of_its_own_is_taken_as_it_is_given():
    assert [many(n, "text that is no copy", "texts that are no copies") for n in (1, 3)] == [
        "1 text that is no copy",
        "3 texts that are no copies",
    ]
