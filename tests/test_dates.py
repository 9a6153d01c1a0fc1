"""Date fields become day numbers, or are honestly not known."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.dates import day_number
from dedup.settings import NO_DATE

DAY = (date(2019, 5, 20) - date(1970, 1, 1)).days

WRITTEN = [
    "2019-05-20",
    " 2019-05-20 ",
    "2019-05-20T10:00:00Z",
    "2019-05-20T23:59:59.999+03:00",
    "2019-05-20 10:00",
    "2019-5-20",
    "2019/05/20",
    "2019.05.20",
    "20190520",
    "20190520100000",
    "20190520T100000Z",
    "Mon, 20 May 2019 10:00:00 GMT",
    "Mon May 20 10:00:00 +0000 2019",
    "20-MAY-2019 15:02:20.00",
    "20 May 2019",
    "Monday 20th May 2019",
    "May 20, 2019",
    "Published: May 20, 2019 at 10:00",
    "1558346400",
    "1558346400.25",
    "1558346400000",
    "20/05/2019",
    "05/20/2019",
    "20.05.2019",
    "2019年5月20日",
]


@pytest.mark.parametrize("text", WRITTEN)
def test_a_date_is_the_same_day_however_it_is_written(text):
    assert day_number(text) == DAY


@pytest.mark.parametrize(
    "text",
    ["", "   ", "yesterday", "2019", "2019-05", "May 2019", "20 May 19", "nan", "0", "-1", "²", "12:30", "a" * 500],
)
def test_what_names_no_day_is_not_known(text):
    assert day_number(text) == NO_DATE


@pytest.mark.parametrize(
    "text",
    ["9999-01-01", "0001-01-01", "2019-13-01", "2019-02-30", "32 May 2019", "99999999", "9999999999", "2019-05-201"],
)
def test_a_day_that_cannot_be_is_not_known(text):
    assert day_number(text) == NO_DATE


@pytest.mark.parametrize("text", ["03/04/2019", "3-4-2019", "200905201000"])
def test_a_date_that_reads_two_ways_is_not_known(text):
    assert day_number(text) == NO_DATE


def test_a_month_and_day_that_are_equal_read_one_way_only():
    assert day_number("05/05/2019") == day_number("2019-05-05")


def test_the_day_is_the_one_written_whatever_the_time_zone():
    assert day_number("2019-05-20T23:30:00-08:00") == day_number("2019-05-20T00:30:00+09:00") == DAY


@given(st.dates(min_value=date(1600, 1, 1), max_value=date(2100, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_every_day_survives_iso_compact_and_spelled_out_forms(day):
    wanted = (day - date(1970, 1, 1)).days

    assert day_number(day.isoformat()) == wanted
    assert day_number(day.strftime("%Y%m%d").zfill(8)) == wanted
    assert day_number(f"{day.day} {day:%B} {day.year}") == wanted
    assert day_number(f"{day:%b} {day.day}, {day.year}") == wanted


@given(st.one_of(st.text(max_size=90), st.text(alphabet="0123456789-/.: TZMay,", max_size=30)))
@settings(max_examples=200, deadline=None)
def test_no_text_raises(text):
    assert isinstance(day_number(text), int)
