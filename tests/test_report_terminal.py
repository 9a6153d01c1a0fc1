"""A screen: its width and its colours, tables that fit it, bars."""

import io

import pytest

from dedup.report.terminal import Screen, bar, screen_for, table_lines
from dedup.report.width import width

PLAIN = Screen(columns=80)


def test_a_table_aligns_numbers_right_and_text_left():
    assert table_lines(PLAIN, ["name", "n"], [["a", "1"], ["bcdef", "100"]]) == [
        "name     n",
        "a        1",
        "bcdef  100",
    ]


def test_titles_give_way_first_then_other_texts_then_ids():
    heads, row = ["id", "source", "title"], ["i" * 20, "s" * 20, "t" * 40]
    room = [[len(cell) for cell in table_lines(Screen(columns), heads, [row])[1].split()] for columns in (84, 60, 50)]

    assert room == [[20, 20, 40], [20, 20, 16], [20, 13, 13]]


def test_numbers_are_never_cut_and_rows_that_do_not_fit_stand_on_lines_of_their_own():
    heads, row = ["from", "articles", "precision", "recall"], ["0.50 <", "1,234,567", "0.998", "0.991"]

    assert table_lines(Screen(40), heads, [row], "  ") == [
        "  from     articles  precision  recall",
        "  0.50 <  1,234,567      0.998   0.991",
    ]
    assert table_lines(Screen(36), heads, [row], "  ") == [
        "  from 0.50 < · articles 1,234,567",
        "    · precision 0.998 · recall 0.991",
    ]


def test_a_column_without_a_cell_is_left_out():
    assert table_lines(PLAIN, ["id", "source", "date"], [["a", "", "2020"], ["b", "", ""]]) == [
        "id  date",
        "a   2020",
        "b",
    ]


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_columns_stay_aligned_under_wide_and_combining_characters(columns):
    titles = ["plain", "記者会見が始まった" * 9, "cafe\u0301 " * 30, "สวัสดีกรุงเทพ" * 9, "🙂" * 60]
    head, *lines = table_lines(Screen(columns), ["id", "title", "n"], [[f"a{i}", t, "7"] for i, t in enumerate(titles)])

    assert {width(line) for line in (head, *lines)} == {width(head)}
    assert width(head) <= columns


def test_a_bar_points_left_for_what_speaks_against():
    assert [bar(points, 2.0, 8) for points in (2.0, 1.0, -1.0, 0.0)] == ["    │████", "    │██", "  ██│", "    │"]


def test_colour_only_on_a_terminal_and_not_under_no_color():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    assert screen_for(Terminal(), {}).colour
    assert not screen_for(Terminal(), {"NO_COLOR": "1"}).colour
    assert not screen_for(Terminal(), {"TERM": "dumb"}).colour
    assert not screen_for(io.StringIO(), {}).colour


def test_a_screen_is_as_wide_as_columns_says_but_never_too_narrow_to_use():
    assert [screen_for(io.StringIO(), {"COLUMNS": said}).columns for said in ("120", "3", "wide", "")] == [
        120,
        40,
        100,
        100,
    ]
