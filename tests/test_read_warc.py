"""WARC files: every page a crawler was answered with is an article."""

import gzip
import zlib

import pytest

from dedup.read import ReadOptions, read_articles

SENTENCES = [f"The ferry left pier {n} at six and came back at nine, the captain said." for n in range(8)]
PAGE = (
    "<html><title>Ferry</title><article>" + "".join(f"<p>{s}</p>" for s in SENTENCES) + "</article></html>"
).encode()
URL = "https://quay.example/ferry"


def record(payload, url=URL, kind="response", **fields):
    """Return one record, written by hand so that it may be wrong."""
    named = {"WARC-Type": kind, "WARC-Target-URI": url, "Content-Length": str(len(payload)), **fields}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value is not None)
    return b"WARC/1.0\r\n" + head.encode() + b"\r\n" + payload + b"\r\n\r\n"


def answer(body=PAGE, status="200 OK", kind="text/html", **fields):
    """Return an answer of a web server."""
    named = {"Content-Type": kind, **{name.replace("_", "-"): value for name, value in fields.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value is not None)
    return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + body


@pytest.fixture
def read(tmp_path):
    def read_file(content, name="crawl.warc", **options):
        (tmp_path / name).write_bytes(content)
        bad, notes = [], []
        found = read_articles(tmp_path / name, ReadOptions(**options), on_bad=bad.append, on_note=notes.append)
        return list(found), [(record.where.rpartition("/crawl")[2], record.reason) for record in bad], notes

    return read_file


@pytest.mark.parametrize("packed", [False, True])
def test_every_page_of_a_crawl_is_an_article(read, packed):
    pack = gzip.compress if packed else bytes
    crawl = [pack(record(b"a: b", url=None, kind="warcinfo"))]
    for number in range(3):
        crawl.append(pack(record(b"GET / HTTP/1.1\r\n\r\n", f"{URL}/{number}", "request")))
        crawl.append(pack(record(answer(kind="text/html; charset=utf-8"), f"<{URL}/{number}>")))

    articles, bad, notes = read(b"".join(crawl), "crawl.warc.gz" if packed else "crawl.warc")

    assert [article.id for article in articles] == [f"{URL}/{number}" for number in range(3)]
    assert {article.text for article in articles} == {"\n".join(SENTENCES)}
    assert (articles[0].url, articles[0].source, articles[0].title) == (f"{URL}/0", "quay.example", "Ferry")
    assert bad == []
    assert "4 records without a page" in notes[0]


@pytest.mark.parametrize(
    "payload",
    [
        answer(gzip.compress(PAGE, mtime=0), Content_Encoding="gzip"),
        answer(zlib.compress(PAGE), Content_Encoding="deflate"),
        answer(PAGE, Content_Encoding="gzip"),
        answer(b"%x\r\n" % len(PAGE) + PAGE + b"\r\n0\r\n\r\n", Transfer_Encoding="chunked"),
        answer(PAGE, Transfer_Encoding="chunked"),
        answer(PAGE, kind=None),
        answer(PAGE.replace(b"ferry", "fähre".encode("cp1252")), kind="text/html; charset=windows-1252"),
    ],
)
def test_an_answer_is_unpacked_as_its_header_says(read, payload):
    (article,), bad, notes = read(record(payload))

    assert article.text.replace("fähre", "ferry") == "\n".join(SENTENCES)
    assert (bad, notes) == ([], [])


@pytest.mark.parametrize(
    ("damaged", "where", "reason"),
    [
        (record(answer(b"<p>")), f".warc (record 2, {URL})", "no article found"),
        (record(answer(), **{"Content-Length": None}), f".warc (record 2, {URL})", "tells no length"),
        (record(answer(), **{"Content-Length": "-1"}), f".warc (record 2, {URL})", "tells no length"),
        (record(b"", **{"Content-Length": None})[:-6], f".warc (record 2, {URL})", "tells no length"),
        (record(b"")[:-6], f".warc (record 2, {URL})", "its header has no end"),
        (b"\x00\xffjunk\r\nmore\n", ".warc (record 2)", "no WARC record begins"),
        (b"x" * 200_000 + b"\n", ".warc (record 2)", "no WARC record begins"),
        (record(answer(Content_Encoding="br", body=b"\x0b")), f".warc (record 2, {URL})", "packed as 'br'"),
        (
            record(answer(Content_Encoding="gzip", body=b"no gzip at all")),
            f".warc (record 2, {URL})",
            "not the gzip it says",
        ),
        (
            record(answer(gzip.compress(bytes(3 << 20)), Content_Encoding="gzip")),
            f".warc (record 2, {URL})",
            "longer than allowed when unpacked",
        ),
        (record(answer(bytes(3 << 20))), f".warc (record 2, {URL})", "longer than 1 MB"),
        (record(answer(bytes(range(32)) * 99)), f".warc (record 2, {URL})", "holds binary data"),
    ],
    ids=[
        "empty",
        "no length",
        "negative length",
        "header without length or end",
        "header without end",
        "junk",
        "long junk",
        "brotli",
        "no gzip",
        "bomb",
        "long",
        "bytes",
    ],
)
def test_a_bad_record_costs_only_itself(read, damaged, where, reason):
    first, last = record(answer(), f"{URL}/first"), record(answer(), f"{URL}/last")

    articles, bad, _ = read(first + damaged + last, max_record_bytes=1 << 20)

    assert [article.url for article in articles] == [f"{URL}/first", f"{URL}/last"]
    [(place, said)] = bad
    assert place == where
    assert reason in said


def test_what_is_no_page_is_passed_over_and_counted(read):
    others = [
        record(b"a: b", kind="metadata"),
        record(answer(status="404 Not Found")),
        record(answer(b"\x89PNG", kind="image/png")),
    ]

    articles, bad, notes = read(b"".join(others) + record(answer()) + record(PAGE, kind="resource"))

    assert len(articles) == 1
    assert bad == []
    assert "4 records without a page passed over" in notes[0]


def test_a_file_that_ends_within_a_record_says_so(read):
    articles, bad, _ = read(record(answer()) + record(answer())[:-40])

    assert len(articles) == 1
    assert "the file is cut off" in bad[0][1]


def test_a_file_without_a_page_is_named(read):
    _, bad, _ = read(record(b"a: b", kind="metadata"))

    assert "no page in this WARC file" in bad[0][1]
