from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.report.width import fit, pad, width, wrap

TEXT = st.text(st.sampled_from("ab é記者\u0301กี 🙂"), max_size=40)


def test_wide_characters_take_two_columns_and_combining_marks_none():
    assert [width(text) for text in ("abc", "記者", "e\u0301", "\u1112\u1161\u11ab")] == [3, 4, 1, 2]


def test_of_format_characters_those_that_terminals_draw_take_a_column():
    assert [width(text) for text in ("a\u00adb", "\u0600", "a\u200cb")] == [3, 1, 2]


def test_text_that_is_cut_ends_in_an_ellipsis():
    assert fit("abcdef", 4) == "abc…"
    assert fit("記者記者", 4) == "記…"
    assert fit("abcd", 4) == "abcd"


@settings(max_examples=60)
@given(TEXT, st.integers(0, 30))
def test_fitted_text_never_overflows_and_padded_text_fills(text, columns):
    assert width(fit(text, columns)) <= columns
    assert width(pad(text, columns)) == columns
    assert width(pad(text, columns, right=True)) == columns


@settings(max_examples=60)
@given(TEXT, st.integers(10, 30))
def test_wrapped_lines_fit_and_lose_no_character(text, columns):
    lines = wrap(text, columns, "  ")

    assert all(width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(text.split())
