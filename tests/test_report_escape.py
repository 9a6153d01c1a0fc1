import io
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.report.escape import inert, inert_json, not_a_formula
from dedup.report.jsonl import write_lines

ANY_TEXT = st.text(st.characters(codec=None))


def test_a_title_cannot_move_the_cursor_or_change_colours():
    assert inert("a\x1b[2Jb\x9bc\x07") == "a\\x1b[2Jb\\x9bc\\x07"


def test_a_title_cannot_turn_the_reading_order():
    assert inert("abc\u202ecod.exe\u2066") == "abc\\u202ecod.exe\\u2066"


def test_line_ends_and_tabs_become_one_blank():
    assert inert(" a\r\n\tb ") == "a b"


def test_ordinary_text_of_any_script_is_left_alone():
    assert inert("Türkiye – “çok” 記者 กรุงเทพ 🙂") == "Türkiye – “çok” 記者 กรุงเทพ 🙂"


@settings(max_examples=50)
@given(ANY_TEXT)
def test_inert_text_is_printable_on_one_line_and_can_be_encoded(text):
    shown = inert(text)

    assert shown.encode("utf-8").decode() == shown
    assert not any(ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0 for char in shown)
    assert inert(shown) == shown


@settings(max_examples=50)
@given(ANY_TEXT)
def test_a_line_of_json_means_the_same_and_holds_no_terminal_control(text):
    line = inert_json(json.dumps({"t": text}, ensure_ascii=False))

    assert json.loads(line) == {"t": text}
    assert line.encode("utf-8")
    assert not any(char in line for char in "\x1b\x9b\u202e\u2028")


def test_a_lone_surrogate_can_be_written_as_json():
    out = io.StringIO()
    write_lines([{"t": "a\ud800"}], out)

    assert out.getvalue() == '{"t": "a\\ud800"}\n'


def test_cells_a_spreadsheet_would_run_get_an_apostrophe():
    assert [not_a_formula(cell) for cell in ("=1+1", "+1", "-1", "@x", "\tx", "\rx", "x=1", "")] == [
        "'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "x=1", "",
    ]  # fmt: skip
