"""Each kind of bad input costs its record, is named with its place, and leaves the rest alone."""

import gzip
import tracemalloc
import zlib

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.read import ReadOptions, read_articles

BEFORE, AFTER = b'{"text": "before"}\n', b'\n{"text": "after"}\n'
KEPT = ["before", "after"]


def in_feed(bad_line):
    return "feed.jsonl", BEFORE + bad_line + AFTER


def packed_and_cut(n_bytes):
    """A gzip file cut within its last record: nine bytes would do for the checksum alone."""
    packer = zlib.compressobj(wbits=31)
    whole = packer.compress(BEFORE) + packer.flush(zlib.Z_FULL_FLUSH) + packer.compress(AFTER[1:]) + packer.flush()
    return whole[:-n_bytes]


def packed_and_damaged():
    whole = bytearray(gzip.compress(BEFORE) + gzip.compress(AFTER[1:]))
    whole[-8] ^= 0xFF
    return bytes(whole)


# name: (file, content), what is kept, the place named, a word of the reason
TABLE = {
    "malformed json": (in_feed(b'{"text": "x"'), KEPT, "feed.jsonl:2", "malformed JSON"),
    "two objects on a line": (in_feed(b'{"text": "x"}{"text": "y"}'), KEPT, "feed.jsonl:2", "malformed JSON"),
    "not json at all": (in_feed(b"hello"), KEPT, "feed.jsonl:2", "malformed JSON"),
    "not an object": (in_feed(b'["text"]'), KEPT, "feed.jsonl:2", "list"),
    "missing text": (in_feed(b'{"title": "x"}'), KEPT, "feed.jsonl:2", "no field 'text'"),
    "null text": (in_feed(b'{"text": null}'), KEPT, "feed.jsonl:2", "null"),
    "empty text": (in_feed(b'{"text": ""}'), KEPT, "feed.jsonl:2", "empty"),
    "blank text": (in_feed(b'{"text": " \\n\\t "}'), KEPT, "feed.jsonl:2", "empty"),
    "text is a number": (in_feed(b'{"text": 5}'), KEPT, "feed.jsonl:2", "a number"),
    "text is a list": (in_feed(b'{"text": ["x"]}'), KEPT, "feed.jsonl:2", "a list"),
    "title is a list": (in_feed(b'{"text": "x", "title": []}'), KEPT, "feed.jsonl:2", "a list"),
    "id is true": (in_feed(b'{"text": "x", "id": true}'), KEPT, "feed.jsonl:2", "true or false"),
    "source is an object": (in_feed(b'{"text": "x", "source": {"a": 1}}'), KEPT, "feed.jsonl:2", "an object"),
    "nan": (in_feed(b'{"text": "x", "score": NaN}'), KEPT, "feed.jsonl:2", "NaN"),
    "nan text": (in_feed(b'{"text": NaN}'), KEPT, "feed.jsonl:2", "NaN"),
    "infinity": (in_feed(b'{"text": "x", "score": -Infinity}'), KEPT, "feed.jsonl:2", "-Infinity"),
    "infinite date": (in_feed(b'{"text": "x", "date": 1e999}'), KEPT, "feed.jsonl:2", "date"),
    "duplicate keys": (in_feed(b'{"text": "x", "text": "y"}'), KEPT, "feed.jsonl:2", "'text' stands twice"),
    "a million brackets": (in_feed(b"[" * 1_000_000), KEPT, "feed.jsonl:2", "nested too deeply"),
    "a million objects": (in_feed(b'{"a":' * 1_000_000), KEPT, "feed.jsonl:2", "nested too deeply"),
    "a number of 5000 digits": (in_feed(b'{"text": "x", "n": ' + b"9" * 5000 + b"}"), KEPT, "feed.jsonl:2", "digits"),
    "invalid utf-8": (in_feed(b'{"text": "\xff"}'), KEPT, "feed.jsonl:2", "not valid UTF-8 at byte 11"),
    "torn utf-8": (in_feed(b'{"text": "\xe2\x82"}'), KEPT, "feed.jsonl:2", "not valid UTF-8"),
    "nul bytes": (in_feed(b"\0\0\0"), KEPT, "feed.jsonl:2", "malformed JSON"),
    "brackets in an array": (
        ("feed.json", b'[{"text": "before"}, ' + b"[" * 100_000 + b"]" * 100_000 + b', {"text": "after"}]'),
        KEPT,
        "feed.json:1 (item 2)",
        "nested too deeply",
    ),
    "malformed item of an array": (
        ("feed.json", b'[{"text": "before"}, {"text": }, {"text": "after"}]'),
        KEPT,
        "feed.json:1 (item 2)",
        "malformed JSON",
    ),
    "a row too short": (("t.csv", b"id,text\n1,before\n2\n3,after\n"), KEPT, "t.csv:3", "1 columns; wanted 2"),
    "a row too long": (("t.csv", b"id,text\n1,before\n2,x,y\n3,after\n"), KEPT, "t.csv:3", "3 columns; wanted 2"),
    "a cell without text": (("t.csv", b"id,text\n1,before\n2,\n3,after\n"), KEPT, "t.csv:3", "empty"),
    "a quote never closed": (("t.csv", b'id,text\n1,before\n2,"x\n3,after\n'), KEPT, "t.csv:3", "malformed row"),
    "a nul byte in a table": (("t.csv", b"id,text\n1,before\n2,x\0y\n3,after\n"), KEPT, "t.csv:3", "NUL"),
    "a column named twice": (("t.csv", b"text,text\nx,y\n"), [], "t.csv:1", "twice"),
    "a header without text": (("t.tsv", b"id\tbody2\n1\tx\n"), [], "t.tsv:1", "no field 'text'"),
    "a header alone": (("t.csv", b"id,text\n"), [], "t.csv", "empty"),
    "an empty text file": (("a.txt", b""), [], "a.txt", "empty"),
    "a blank text file": (("a.txt", b" \n\n"), [], "a.txt", "empty"),
    "an empty feed": (("feed.jsonl", b""), [], "feed.jsonl", "empty"),
    "an empty table": (("t.csv", b""), [], "t.csv", "empty"),
    "an empty array": (("feed.json", b"[]"), [], "feed.json", "empty"),
    "a text file with a broken byte": (("a.txt", "Café à la".encode() + b"\xff"), [], "a.txt", "not valid UTF-8"),
    "binary data": (("a.txt", b"\x89PNG\0\0\xff\0"), [], "a.txt", "binary"),
    "an unknown kind of file": (("a.pdf", b"%PDF"), [], "a.pdf", "unknown kind"),
    "a gzip file cut short": (("feed.jsonl.gz", packed_and_cut(9)), ["before", "after"], "feed.jsonl.gz", "too early"),
    "a gzip file cut in a record": (("feed.jsonl.gz", packed_and_cut(20)), ["before"], "feed.jsonl.gz", "too early"),
    "a gzip file with a wrong sum": (("feed.jsonl.gz", packed_and_damaged()), KEPT, "feed.jsonl.gz", "checksum"),
    "no gzip at all": (("feed.jsonl.gz", BEFORE), [], "feed.jsonl.gz", "broken"),
    "an empty gzip file": (("feed.jsonl.gz", b""), [], "feed.jsonl.gz", "empty"),
}


@pytest.fixture(params=TABLE)
def case(request, tmp_path):
    (name, content), kept, place, word = TABLE[request.param]
    path = tmp_path / name
    path.write_bytes(content)
    return path, kept, f"{tmp_path}/{place}", word


def test_a_bad_record_is_named_and_the_rest_is_kept(case):
    path, kept, place, word = case
    bad = []

    assert [a.text for a in read_articles([path], on_bad=bad.append)] == kept
    assert [record.where for record in bad] == [place]
    assert word in bad[0].reason


def test_strict_reading_stops_with_one_sentence(case):
    path, _, place, word = case

    with pytest.raises(InputError) as stop:
        list(read_articles([path], ReadOptions(strict=True)))

    assert str(stop.value).startswith(f"{place}: ")
    assert word in str(stop.value)
    assert "\n" not in str(stop.value)
    assert len(str(stop.value)) < 400


def test_a_folder_without_articles_is_named(tmp_path):
    bad = []

    assert list(read_articles([tmp_path], on_bad=bad.append)) == []
    assert (bad[0].where, "without articles" in bad[0].reason) == (str(tmp_path), True)
    with pytest.raises(InputError, match="without articles"):
        list(read_articles([tmp_path], ReadOptions(strict=True)))


def test_a_bad_file_does_not_stop_the_files_after_it(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"")
    (tmp_path / "b.txt").symlink_to(tmp_path / "nowhere")
    (tmp_path / "c.txt").write_bytes(b"kept")
    bad = []

    assert [a.text for a in read_articles([tmp_path], on_bad=bad.append)] == ["kept"]
    assert [record.where for record in bad] == [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]


@pytest.mark.parametrize(
    ("name", "around", "line"),
    [
        ("feed.jsonl", (BEFORE, AFTER), ":2"),
        ("feed.json", (b'[{"text": "before"},\n"', b'",\n{"text": "after"}]'), ":2 (item 2)"),
        ("t.csv", (b"id,text\n1,before\n2,", b"\n3,after\n"), ":3"),
    ],
)
def test_a_record_beyond_the_limit_is_never_held_in_memory(tmp_path, name, around, line):
    path = tmp_path / f"{name}.gz"
    with gzip.open(path, "wb", compresslevel=1) as packed:
        packed.write(around[0])
        for _ in range(100):
            packed.write(b"x" * (1 << 20))
        packed.write(around[1])
    bad = []

    tracemalloc.start()
    kept = [a.text for a in read_articles([path], ReadOptions(max_record_bytes=4 << 20), on_bad=bad.append)]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert kept == ["before", "after"]
    assert [(record.where, record.reason[:11]) for record in bad] == [(f"{path}{line}", "longer than")]
    assert peak < 24 << 20


def test_a_text_file_beyond_the_limit_is_left_out(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"x" * 2000)
    bad = []

    assert list(read_articles([tmp_path], ReadOptions(max_record_bytes=1000), on_bad=bad.append)) == []
    assert "longer than 1000 bytes" in bad[0].reason


JSON_PIECES = [b'{"text": "a"}', b"{", b"}", b"[", b"]", b"\\", b":", b"NaN", b"1e999"]
TABLE_PIECES = [b"id,text", b'"', b",", b";", b"\n", b"\r", b"\0", b" a "]
ENCODING_PIECES = [b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff", b"\x1f\x8b\x08"]
PIECES = st.sampled_from(JSON_PIECES + TABLE_PIECES + ENCODING_PIECES)
PAGE_PIECES = [
    b"<html>",
    b"<p>",
    b"</p>",
    b"<",
    b"&nbsp;",
    b"<!--",
    b"<meta charset=utf-7>",
    b"<table><tr><td>",
    b"words ",
]
FEED_PIECES = [b"<rss>", b"<item>", b"<description>", b"</item>", b"<![CDATA[", b"]]>", b"&lt;p&gt;", b"<!DOCTYPE x ["]
WARC_PIECES = [
    b"WARC/1.0\r\n",
    b"WARC-Type: response\r\n",
    b"Content-Length: 44\r\n",
    b"\r\n",
    b"HTTP/1.1 200 OK\r\n\r\n",
]
WEB_PIECES = st.sampled_from(PAGE_PIECES + FEED_PIECES + WARC_PIECES + ENCODING_PIECES)


@pytest.mark.parametrize(
    "name", ["a.txt", "a.jsonl", "a.json", "a.csv", "a.tsv", "a.csv.gz", "a.json.gz", "a.parquet", "a.arrow"]
)
@given(content=st.one_of(st.lists(PIECES, max_size=12).map(b"".join), st.binary(max_size=60)))
@example(content=b"")
@settings(max_examples=60, deadline=None)
def test_no_bytes_raise_anything_but_an_input_error(tmp_path_factory, name, content):
    only_an_input_error(tmp_path_factory.getbasetemp() / name, content)


@pytest.mark.parametrize("name", ["a.html", "a.warc", "a.rss"])
@given(content=st.one_of(st.lists(WEB_PIECES, max_size=16).map(b"".join), st.binary(max_size=60)))
@settings(max_examples=60, deadline=None)
def test_no_page_raises_anything_but_an_input_error(tmp_path_factory, name, content):
    only_an_input_error(tmp_path_factory.getbasetemp() / name, content)


def only_an_input_error(path, content):
    path.write_bytes(content)
    bad = []

    articles = list(read_articles([path], on_bad=bad.append))

    assert articles or bad
    assert all(article.text.strip() for article in articles)
    if bad:
        with pytest.raises(InputError) as stop:
            list(read_articles([path], ReadOptions(strict=True)))
        assert str(stop.value).isprintable()
