"""Files, folders, gzip and standard input lead to the same articles."""

import gzip
import io
import random
import sys

import pytest

from dedup.errors import InputError, SettingsError
from dedup.read import ReadOptions, read_articles, total_bytes
from dedup.read.lines import cut_lines


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "b" / "one.txt").write_text("One\n\nbody")
    (tmp_path / "a.jsonl").write_text('{"text": "two", "id": "t2"}\n')
    (tmp_path / "c.csv.gz").write_bytes(gzip.compress(b"id,text\n3,three\n"))
    (tmp_path / "logo.png").write_bytes(b"\x89PNG")
    (tmp_path / ".hidden" / "no.txt").write_text("no")
    (tmp_path / ".no.txt").write_text("no")
    return tmp_path


def test_a_folder_is_read_in_sorted_order_and_what_is_skipped_is_counted(folder):
    notes = []
    articles = list(read_articles([folder], on_note=notes.append))

    assert [a.id for a in articles] == ["t2", "3", "b/one.txt"]
    assert notes == [f"{folder}: 1 file of other kinds skipped (.png 1)"]


def test_one_path_need_not_be_in_a_list(folder):
    assert [a.text for a in read_articles(folder / "a.jsonl")] == ["two"]


def test_progress_adds_up_to_the_bytes_on_disk(folder):
    seen = []
    list(read_articles([folder], on_bytes=seen.append))

    assert sum(seen) == total_bytes([folder]) > 0


def test_packed_and_plain_files_give_the_same_articles(tmp_path):
    content = b'{"text": "a"}\n{"text": "b"}\n'
    (tmp_path / "plain.jsonl").write_bytes(content)
    # Two gzip members and zero padding, as concatenated archives have.
    (tmp_path / "packed.jsonl.gz").write_bytes(gzip.compress(content[:5]) + gzip.compress(content[5:]) + b"\0" * 9)

    plain, packed = ([a.text for a in read_articles([tmp_path / n])] for n in ("plain.jsonl", "packed.jsonl.gz"))

    assert plain == packed == ["a", "b"]


def broken_in_the_middle():
    """Three megabytes of records that hardly pack, one byte of them changed."""
    rng = random.Random(5)
    lines = [f'{{"text": "{rng.randbytes(500).hex()}"}}\n'.encode() for _ in range(3000)]
    packed = bytearray(gzip.compress(b"".join(lines), mtime=0))
    packed[len(packed) // 2] ^= 0xFF
    return bytes(packed)


@pytest.mark.parametrize(
    ("content", "n_before"),
    [(broken_in_the_middle(), 1490), (gzip.compress(b'{"text": "a"}\n' * 9, mtime=0)[:-9], 8), (b"\x1f\x8b\x08", 0)],
)
def test_a_broken_file_gives_what_stands_before_the_break_however_it_is_unpacked(
    monkeypatch, tmp_path, content, n_before
):
    path = tmp_path / "feed.jsonl.gz"
    path.write_bytes(content)

    def read(given):
        bad, heard = [], []
        found = [a.text for a in read_articles([given], on_bad=bad.append, on_bytes=heard.append)]
        return found, [record.reason for record in bad], sum(heard)

    quick = read(path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    piped = read("-")
    monkeypatch.setattr("dedup.read.unpacking._quick", None)
    plainly = read(path)

    assert quick == piped == plainly
    assert len(quick[0]) >= n_before
    assert quick[1]
    assert quick[2] == len(content)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b'{"text": "a"}\n', None),
        (b' [{"text": "a"}]', None),
        (gzip.compress(b'{"text": "a"}\n', mtime=0), None),
        (b"id,text\n1,a\n", "csv"),
        (b"a", "txt"),
    ],
)
def test_standard_input_is_read_by_its_first_byte_or_its_named_format(monkeypatch, content, kind):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))

    (article,) = read_articles(["-"], ReadOptions(format=kind))

    assert article.text == "a"
    assert article.where.startswith("stdin")


def test_a_path_that_is_not_there_is_an_error_at_once(tmp_path):
    with pytest.raises(InputError, match="no such file or folder"):
        read_articles([tmp_path / "nowhere"])


def test_nothing_is_dropped_in_silence(tmp_path):
    (tmp_path / "a.jsonl").write_text("{}")

    with pytest.warns(UserWarning, match="no field 'text'"):
        assert list(read_articles([tmp_path])) == []


@pytest.mark.parametrize(
    ("name", "value"), [("max_record_bytes", 0), ("format", "pdf"), ("encoding", "klingon"), ("encoding", "hex")]
)
def test_options_that_cannot_work_are_refused(name, value):
    with pytest.raises(SettingsError, match=name):
        ReadOptions(**{name: value})


@pytest.mark.parametrize("n_bytes", [1, 2, 3, 5, 100])
def test_lines_do_not_depend_on_where_blocks_end(n_bytes):
    content = b"one\n\nthree is too long\nfour\r\nfive"
    blocks = [content[at : at + n_bytes] for at in range(0, len(content), n_bytes)]

    assert list(cut_lines(blocks, 6)) == [b"one", b"", None, b"four\r", b"five"]
