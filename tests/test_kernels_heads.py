"""The kernel that finds heads that may state a date: equal to its plain twin, and no date stated is missed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.datelines import may_state_dates, stated_date
from dedup.kernels import fast, plain

twins = settings(max_examples=200, deadline=None)
PIECES = (
    "20 May 2019", "May 20, 2019", "2019", "1", "12", "2019-05-20", "2019年5月20日", "٢٠ مايو ٢٠١٩", "20000", " ", " " * 16,
    "\n", "\u2028", "\x85", "Published: ", "a" * 60, "б" * 70, "“word” ", "\ud800", "\U0001d7d0019", "２０１９", "the ",
)  # fmt: skip
heads = st.lists(st.lists(st.sampled_from(PIECES), max_size=9).map("".join), max_size=4)


def may(kernels, some):
    points = np.array([ord(letter) for head in some for letter in head], np.uint32)
    found = np.full(len(some), 77, np.uint8).view(bool)
    kernels.head_batch(points, np.cumsum([0, *map(len, some)]), found)
    return found.tolist()


@given(heads)
@twins
def test_heads_that_may_be_dated_equal_their_plain_twin(some):
    assert may(fast, some) == may(plain, some)


@given(heads)
@twins
def test_a_text_that_states_a_date_may_state_one(some):
    found = may_state_dates(some)

    assert found == sorted(found)
    assert {row for row, text in enumerate(some) if stated_date(text)} <= set(found)


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("ALDPORT, May 20, 2019 - The ferry sank.", True),
        ("Published 2019-05-20", True),
        ("The ferry sank at dawn.", False),
        ("It was built in 2019 by a yard in Norvik.", False),
        ("The loan of 20000 crowns 12", False),
        ("x" * 150 + " May 20, 2019", False),
        ("x" * 150 + "\nMay 20, 2019", True),
    ],
)
def test_a_head_may_be_dated_where_a_year_stands_near_a_day_early_in_its_line(head, expected):
    assert [may(kernels, [head]) for kernels in (fast, plain)] == [[expected]] * 2
