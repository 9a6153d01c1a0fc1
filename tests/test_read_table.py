"""Tables become articles, a row each."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.read import ReadOptions, read_articles


def read_content(folder, content, name="news.csv", **options):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    bad, notes = [], []
    articles = list(read_articles([path], ReadOptions(**options), on_bad=bad.append, on_note=notes.append))
    return articles, [(b.where.removeprefix(f"{folder}/"), b.reason) for b in bad], notes


def test_columns_are_found_by_name_and_quoted_fields_span_lines(tmp_path):
    articles, bad, _ = read_content(
        tmp_path, 'Id,Title,Full Text,Pub Date\n1,"A, b","one\n""two""",2019-05-20\n2,c,three,\n'
    )

    assert bad == []
    assert [(a.id, a.title, a.text, a.date) for a in articles] == [
        ("1", "A, b", 'one\n"two"', "2019-05-20"),
        ("2", "c", "three", ""),
    ]
    assert [a.where.rpartition(":")[2] for a in articles] == ["2", "4"]


def test_tabs_semicolons_and_windows_line_ends_are_read(tmp_path):
    for name, content in (("a.tsv", "id\ttext\r\n1\ta, b\r\n"), ("b.csv", "id;text\r\n1;a, b\r\n")):
        (article,), bad, _ = read_content(tmp_path, content, name=name)

        assert (article.id, article.text, bad) == ("1", "a, b", [])


def test_an_unclosed_quote_costs_its_row_alone(tmp_path):
    content = 'id,text\n1,one\n2,"two\n3,three\n4,"four"\n5,"fi\nve"\n'
    articles, bad, _ = read_content(tmp_path, content)

    assert [a.id for a in articles] == ["1", "3", "4", "5"]
    assert [where for where, _ in bad] == ["news.csv:3"]


def test_an_unclosed_quote_does_not_swallow_a_file_larger_than_the_limit(tmp_path):
    content = 'id,text\n1,"one\n' + "".join(f"{i},some words\n" for i in range(2, 400))
    articles, bad, _ = read_content(tmp_path, content, max_record_bytes=1000)

    assert len(articles) == 398
    assert [where for where, _ in bad] == ["news.csv:2"]


def test_a_table_of_unclosed_quotes_is_given_up_in_bounded_time(tmp_path):
    content = "id,text\n1,one\n" + 'a",",\n' * 5000
    articles, bad, _ = read_content(tmp_path, content, max_record_bytes=2000)

    assert [a.id for a in articles] == ["1"]
    assert len(bad) < 50
    assert "too many quotes" in bad[-1][1]


def test_old_western_encodings_are_read_and_said(tmp_path):
    articles, bad, notes = read_content(tmp_path, "id,text\n1,Café\n2,Žár\n".encode("cp1252"))

    assert ([a.text for a in articles], bad) == (["Café", "Žár"], [])
    assert "read as cp1252" in notes[0]


def test_a_broken_byte_in_a_utf8_table_costs_its_row(tmp_path):
    articles, bad, notes = read_content(tmp_path, "id,text\n1,Café à la\n2,b".encode() + b"\xff\n3,c\n")

    assert ([a.id for a in articles], notes) == (["1", "3"], [])
    assert bad[0][0] == "news.csv:3"
    assert "not valid UTF-8" in bad[0][1]


@given(st.lists(st.tuples(st.text(max_size=8), st.text(min_size=1, max_size=20)), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_what_the_csv_module_writes_is_read_back(tmp_path_factory, rows):
    rows = [(a.replace("\0", ""), b.replace("\0", "")) for a, b in rows]
    rows = [(a, b) for a, b in rows if b.strip()]
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerows([("title", "text"), *rows])

    articles, bad, _ = read_content(tmp_path_factory.mktemp("t"), written.getvalue().encode("utf-8"))

    assert [(a.title, a.text) for a in articles] == [(a.strip(), b) for a, b in rows]
    assert len(bad) == (0 if rows else 1)
