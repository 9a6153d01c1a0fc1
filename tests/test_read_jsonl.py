"""JSON files of every layout become articles, field by field."""

import json

import pytest

from dedup.read import ReadOptions, read_articles
from dedup.read.json_values import cut_values


def read_content(folder, content, name="feed.jsonl", **options):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass"))
    bad, notes = [], []
    articles = list(read_articles([path], ReadOptions(**options), on_bad=bad.append, on_note=notes.append))
    return articles, [(b.where.removeprefix(f"{folder}/"), b.reason) for b in bad], notes


def test_usual_names_of_fields_are_found(tmp_path):
    record = {
        "headline": " Bridge opens ",
        "articleBody": "The bridge is open.",
        "_id": 7,
        "datePublished": "2019-05-20",
        "publisher": {"name": "Harbour Post"},
        "language": "en",
        "canonical_url": "https://example.org/7",
    }
    (article,), bad, _ = read_content(tmp_path, json.dumps(record))

    assert bad == []
    assert (article.id, article.title, article.text) == ("7", "Bridge opens", "The bridge is open.")
    assert (article.date, article.source, article.language) == ("2019-05-20", "Harbour Post", "en")
    assert article.url == "https://example.org/7"
    assert article.where.endswith("feed.jsonl:1")


def test_named_fields_win_over_guesses(tmp_path):
    (article,), _, _ = read_content(
        tmp_path, '{"text": "short", "long": "whole", "key": "k1"}', text_field="long", id_field="key"
    )

    assert (article.text, article.id) == ("whole", "k1")


def test_a_missing_text_field_names_what_was_found(tmp_path):
    _, bad, _ = read_content(tmp_path, '{"id": 1, "headline": "a", "body2": "b"}')

    assert bad == [("feed.jsonl:1", "no field 'text' (found: id, headline, body2); name it with --text-field")]


def test_a_named_field_that_is_missing_is_said_once(tmp_path):
    articles, bad, notes = read_content(tmp_path, '{"text": "a"}\n{"text": "b", "x": 1}\n', title_field="heading")

    assert ([a.title for a in articles], bad, len(notes)) == (["", ""], [], 1)
    assert "no field 'heading'" in notes[0]


def test_unknown_values_are_empty_and_numbers_are_written_out(tmp_path):
    (article,), bad, _ = read_content(tmp_path, '{"text": "a", "title": null, "timestamp": 1558346400.0}')

    assert (article.title, article.source, article.date, bad) == ("", "", "1558346400", [])


def test_a_lone_surrogate_stays_in_the_text_and_leaves_the_names(tmp_path):
    (article,), bad, _ = read_content(tmp_path, r'{"text": "a \ud800 b", "title": "x\ud800"}')

    assert (article.text, article.title, bad) == ("a \ud800 b", "x?", [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_encodings_with_a_mark_or_a_name_are_read(tmp_path, encoding):
    named = encoding if encoding == "utf-16-le" else None
    articles, bad, _ = read_content(tmp_path, '{"text": "Café"}\n{"text": "Žár"}\n'.encode(encoding), encoding=named)

    assert ([a.text for a in articles], bad) == (["Café", "Žár"], [])


def test_a_fault_in_a_named_encoding_costs_its_record(tmp_path):
    content = b'{"text": "one"}\n{"text": "t\x81o"}\n{"text": "thr\xe9"}\n'
    articles, bad, _ = read_content(tmp_path, content, encoding="cp1252")

    assert [a.text for a in articles] == ["one", "thré"]
    assert [where for where, _ in bad] == ["feed.jsonl:2"]


LAYOUTS = {
    "lines": '{"text": "a, [b]"}\n{"text": "c\\"}"}',
    "array": '[{"text": "a, [b]"}, {"text": "c\\"}"}]',
    "pretty array": '[\n  {\n    "text": "a, [b]"\n  },\n  {\n    "text": "c\\"}"\n  }\n]\n',
    "pretty objects": '{\n  "text": "a, [b]"\n}\n{\n  "text": "c\\"}"\n}\n',
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_json_file_is_read_in_every_layout(tmp_path, layout):
    articles, bad, _ = read_content(tmp_path, LAYOUTS[layout], name="feed.json")

    assert ([a.text for a in articles], bad) == (["a, [b]", 'c"}'], [])


def test_an_item_of_an_array_is_named_by_its_line_and_number(tmp_path):
    articles, bad, _ = read_content(tmp_path, '[{"text": "a"},\n{"text": 3}, 5, {"text": "b"}]', name="feed.json")

    assert [a.text for a in articles] == ["a", "b"]
    assert [where for where, _ in bad] == ["feed.json:2 (item 2)", "feed.json:2 (item 3)"]


@pytest.mark.parametrize("content", ['[{"text": "a"}, {"text": "b', '[{"text": "a"}, ', '[{"text": "a"}'])
def test_an_array_cut_short_keeps_what_is_whole(tmp_path, content):
    articles, bad, _ = read_content(tmp_path, content, name="feed.json")

    assert ([a.text for a in articles], len(bad)) == (["a"], 1)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("n_bytes", [1, 2, 3, 7])
def test_values_do_not_depend_on_where_blocks_end(layout, n_bytes):
    content = LAYOUTS[layout].encode()
    blocks = [content[at : at + n_bytes] for at in range(0, len(content), n_bytes)]

    assert list(cut_values(blocks, 1000)) == list(cut_values([content], 1000))
