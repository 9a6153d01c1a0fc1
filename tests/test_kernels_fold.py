"""The fold: spellings newsrooms mix are one word, scripts without spaces are one word a character."""

import numpy as np
import pytest

from dedup.kernels import fold, plain

SAME = (
    ("Türkiye", "Turkiye"), ("TÜRKİYE", "turkiye"), ("İstanbul", "istanbul"), ("Diyarbakır", "DIYARBAKIR"),
    ("Iğdır", "ığdir"), ("Straße", "STRASSE"), ("ﬁnal oﬃce", "final office"), ("２０３１", "2031"), ("١٢٣", "123"),
    ("۴۵۶", "456"), ("१२", "12"), ("café", "cafe\u0301"), ("São Paulo", "Sao Paulo"), ("Łódź", "Lodz"),
    ("Øresund", "oresund"), ("Œuvre æon", "oeuvre aeon"), ("co\u00adoperate", "cooperate"),
    ("news\u200bpaper", "newspaper"), ("\ufeffFirst", "first"), ("ΑΘΗΝΑ", "αθήνα"), ("МОСКВА", "москва"),
    ("ёлка", "елка"), ("\u0643\u062a\u0640\u0627\u0628", "\u06a9\u062a\u0627\u0628"),
    ("Ａｂｃ", "abc"), ("don't", "don t"), ("a—b", "a b"), ("snake_case", "snake case"), ("x\x00y", "x y"),
    ("한국", "한국"), ("can‘t", "can’t"),
)  # fmt: skip
DIFFERENT = (("one", "on e"), ("may", "march"), ("7", "8"), ("ab", "ba"), ("国", "园"), ("가", "나"), ("aab", "aba"))


def tokens(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return plain.tokenize(raw)[0]


@pytest.mark.parametrize(("one", "two"), SAME)
def test_spellings_of_one_word_are_one(one, two):
    assert tokens(one) == tokens(two)


@pytest.mark.parametrize(("one", "two"), DIFFERENT)
def test_other_words_stay_apart(one, two):
    assert tokens(one) != tokens(two)


@pytest.mark.parametrize("text", ["日本語", "国务院", "ไทย", "កខគ", "ひらがな", "カタカナ", "ລາວ"])
def test_scripts_without_spaces_are_one_word_a_character(text):
    assert tokens(text) == [tokens(char)[0] for char in text]


def test_hangul_and_devanagari_words_stay_whole():
    assert [len(tokens(text)) for text in ("한국 사람", "हिन्दी समाचार", "தமிழ் செய்தி")] == [2, 2, 2]


def test_a_word_of_another_script_ends_at_the_first_character_token():
    assert tokens("NATO国x") == tokens("nato 国 X")


@pytest.mark.parametrize(
    "gap", [b"\xff", b"\x80", b"\xc0\xaf", b"\xe2\x82", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xf0\x9f\x98\x80"]
)
def test_malformed_bytes_and_pictures_are_gaps(gap):
    assert tokens(b"ab" + gap + b"cd") == tokens("ab cd")


def test_two_hundred_letters_in_any_order_have_hashes_of_their_own():
    letters = [chr(point) for point in range(0x61, 0x7B)]
    found = {tokens(a + b)[0] for a in letters for b in letters} | {tokens(a)[0] for a in letters}

    assert len(found) == 26 * 27


def test_a_table_of_another_version_is_refused(tmp_path, monkeypatch):
    changed = bytearray(fold.FOLD_PATH.read_bytes())
    changed[0] = fold.FOLD_VERSION + 1
    (tmp_path / "fold.bin").write_bytes(changed)
    monkeypatch.setattr(fold, "FOLD_PATH", tmp_path / "fold.bin")
    fold.fold_table.cache_clear()
    try:
        with pytest.raises(RuntimeError, match=f"version {fold.FOLD_VERSION + 1}, the code wants {fold.FOLD_VERSION}"):
            fold.fold_table()
    finally:
        fold.fold_table.cache_clear()


def test_what_the_tokeniser_takes_for_granted_stands_in_the_table():
    for byte in range(128):
        letter = bytes([byte]).isalnum()

        assert tokens(bytes([byte])) == ([fold.word_hash(bytes([byte | 0x20]))] if letter else [])

    assert not any(tokens(f"{chr(point)}".encode()) for point in range(0x2010, 0x202A))
    assert len(tokens("".join(f"a{chr(point)}" for point in range(0x2010, 0x202A)).encode())) == 0x202A - 0x2010


def test_no_character_folds_to_more_letters_than_it_has_bytes():
    """Terms rely on it: a word of six bytes has no more than six letters, so it is its own stem."""
    table = fold.fold_table()
    entries = table.blocks.reshape(-1, 256)[table.stage].ravel()
    points = np.flatnonzero((entries >> 24 & 7) == fold.EXPANSION)

    assert len(points)
    for point in points.tolist():
        assert int(entries[point]) >> 28 & 7 <= len(chr(point).encode())
