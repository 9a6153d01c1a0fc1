"""Parquet and Arrow files become articles, a row each, and Parquet comes out."""

import gzip
import io
import json
import random
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import pyarrow.feather
import pyarrow.parquet as pq
import pytest
from pyarrow import ipc

from dedup.cli import output
from dedup.cli.guard import run
from dedup.errors import InputError, MissingExtra
from dedup.read import ReadOptions, read_articles
from dedup.report.columns import schema
from dedup.report.records import CLUSTER_FIELDS, PAIR_FIELDS

CORPUS = Path(__file__).parent / "corpus" / "articles.jsonl"
RECORDS = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()[:24]]


def as_stream(table, path):
    with path.open("wb") as out, ipc.new_stream(out, table.schema) as writer:
        writer.write_table(table)


WRITERS = {
    "a.parquet": lambda table, path: pq.write_table(table, path, row_group_size=7),
    "a.arrow": as_stream,
    "a.feather": lambda table, path: pyarrow.feather.write_feather(table, path, chunksize=5),
}


def written(folder, table, name="a.parquet"):
    WRITERS[name](table if isinstance(table, pa.Table) else pa.table(table), folder / name)
    return folder / name


def read(path, **options):
    bad = []
    articles = list(read_articles([path], ReadOptions(**options), on_bad=bad.append))
    return articles, [(record.where.rpartition("/")[2], record.reason) for record in bad]


@pytest.mark.parametrize("name", WRITERS)
def test_a_table_file_gives_the_articles_its_records_give_as_json(tmp_path, name):
    articles, bad = read(written(tmp_path, pa.Table.from_pylist(RECORDS), name))
    (tmp_path / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    wanted, _ = read(tmp_path / "a.jsonl")

    def fields(article):
        return [getattr(article, field) for field in ("text", "id", "title", "source", "date", "language", "url")]

    assert bad == []
    assert list(map(fields, articles)) == list(map(fields, wanted))
    assert articles[11].where == f"{tmp_path}/{name}:row 12"


@pytest.mark.parametrize("name", WRITERS)
def test_packed_files_and_standard_input_are_read_too(tmp_path, name, monkeypatch):
    content = written(tmp_path, {"text": ["one", "two"]}, name).read_bytes()
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(content))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))

    assert [article.text for article in read(packed)[0]] == ["one", "two"]
    kind = "parquet" if name == "a.parquet" else "arrow"
    assert [article.text for article in read("-", format=kind)[0]] == ["one", "two"]


@pytest.mark.parametrize(
    ("column", "kept"),
    [
        (pa.array(["x", "y"]).dictionary_encode(), ["x", "y"]),
        (pa.array(["x", "y"], pa.large_string()), ["x", "y"]),
        (pa.array(["x", "y"], pa.string_view()), ["x", "y"]),
        (pa.array([b"x", b"y"]), ["x", "y"]),
        (pa.array([1, None]), ["1", ""]),
        (pa.array([1.0, float("nan")]), ["1", ""]),
        (pa.array([19000, None], pa.date32()), ["2022-01-08", ""]),
        (pa.array([1_641_600_000_123, None], pa.timestamp("ms")), ["2022-01-08 00:00:00", ""]),
        (pa.array([1_641_600_000, None], pa.timestamp("s", "America/New_York")), ["2022-01-07 19:00:00", ""]),
        (pa.array([1_641_600_000, None], pa.timestamp("s", "No/Where")), ["2022-01-08 00:00:00", ""]),
        (pa.array([Decimal("20220108"), None]), ["20220108", ""]),
        (pa.array([UUID(int=1).bytes, None], pa.uuid()), [str(UUID(int=1)), ""]),
        (pa.nulls(2), ["", ""]),
    ],
    ids=lambda value: str(value.type) if isinstance(value, pa.Array) else "",
)
@pytest.mark.parametrize("name", ["a.arrow", "a.parquet"])
def test_fields_of_many_types_are_text(tmp_path, column, kept, name):
    articles, bad = read(written(tmp_path, {"text": ["one", "two"], "date": column}, name))

    assert ([article.date for article in articles], bad) == (kept, [])


@pytest.mark.parametrize(
    ("columns", "word"),
    [
        ({"text": ["x", None, "z"]}, "field 'text' is null"),
        ({"text": ["x", " ", "z"]}, "field 'text' is empty"),
        ({"text": [b"x", b"y\xff", b"z"]}, "field 'text': not valid UTF-8 at byte 2"),
        ({"text": ["x", "y" * 99, "z"]}, "longer than 50 bytes"),
        ({"text": ["x", "y", "z"], "title": [None, ["a"], None]}, "field 'title' is a list"),
        ({"text": ["x", "y", "z"], "title": [None, {"a": 1}, None]}, "field 'title' is an object"),
        ({"text": ["x", "y", "z"], "id": [None, True, None]}, "field 'id' is true or false"),
        ({"text": ["x", "y", "z"], "date": [None, float("inf"), None]}, "field 'date' is a number"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("name", WRITERS)
def test_a_bad_row_is_named_and_the_rest_is_kept(tmp_path, name, columns, word):
    path = written(tmp_path, columns, name)
    articles, bad = read(path, max_record_bytes=50)

    assert [article.text for article in articles] == ["x", "z"]
    assert [where for where, _ in bad] == [f"{name}:row 2"]
    assert word in bad[0][1]
    with pytest.raises(InputError, match=":row 2: "):
        read(path, max_record_bytes=50, strict=True)


@pytest.mark.parametrize(
    ("columns", "options", "met"),
    [
        ({"a": ["x"], "b": ["y"]}, {}, "in the table, no field 'text' (found: a, b); name it with --text-field"),
        ({"text": ["x"]}, {"date_field": "when"}, "no column when in the table (found: text); name one of those"),
        ({"text": [1]}, {}, "column 'text' is int64, not text; name another with --text-field"),
        ({"text": [["x"]]}, {}, "column 'text' is list<"),
        ({"text": pa.array([], pa.string())}, {}, "empty; wanted at least one article"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("name", WRITERS)
def test_a_table_that_cannot_be_used_is_one_sentence(tmp_path, name, columns, options, met):
    articles, ((where, reason),) = read(written(tmp_path, columns, name), **options)

    assert (articles, where) == ([], name)
    assert met in reason


def test_a_column_named_twice_is_one_sentence(tmp_path):
    table = pa.Table.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["text", "text"])
    _, ((_, reason),) = read(written(tmp_path, table))

    assert reason == "the table names columns twice (text); wanted each name once"


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("content", [b"PAR1", b"ARROW1\0\0", b"FEA1" + bytes(20), b"{}", b"\xff" * 40])
def test_a_file_of_another_kind_is_one_sentence(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    articles, ((where, reason),) = read(tmp_path / name)

    assert (articles, where) == ([], name)
    assert reason.isprintable()
    assert len(reason) < 300


def test_rows_before_a_break_are_used(tmp_path):
    path = written(tmp_path, {"text": [f"article {k}" for k in range(20)]}, "a.arrow")
    as_stream(pa.Table.from_batches(pa.table({"text": [f"text {k}" for k in range(20)]}).to_batches(5)), path)
    path.write_bytes(path.read_bytes()[:-300])
    articles, ((where, reason),) = read(path)

    assert articles[0].text == "text 0"
    assert (where, "cut short" in reason) == ("a.arrow", True)


@pytest.mark.parametrize("name", WRITERS)
def test_no_damage_raises_anything_but_an_input_error(tmp_path, name):
    columns = {
        "text": [f"the text of article {k}, é" for k in range(9)],
        "title": pa.array(["a", "b", None] * 3).dictionary_encode(),
        "id": pa.array([f"a long id of article {k}" for k in range(9)], pa.string_view()),
        "date": pa.array(range(9), pa.date32()),
    }
    whole = written(tmp_path, columns, name).read_bytes()
    rng = random.Random(name)
    for _ in range(120):
        damaged = bytearray(whole[: rng.choice([len(whole), len(whole), rng.randrange(len(whole))])])
        for _ in range(rng.choice([1, 4])):
            at = rng.randrange(len(damaged) + 1)
            damaged[at : at + 1] = [rng.randrange(256)]
        (tmp_path / name).write_bytes(damaged)
        articles, bad = read(tmp_path / name)

        assert articles or bad
        assert all(reason.isprintable() for _, reason in bad)


def test_only_the_columns_of_an_article_are_read(tmp_path):
    table = pa.table({"text": ["x" * 50] * 500, "extra": [random.Random(k).randbytes(8000) for k in range(500)]})
    path = written(tmp_path, table)
    heard = []
    articles = list(read_articles([path], on_bytes=heard.append))

    assert len(articles) == 500
    assert sum(heard) < path.stat().st_size / 2


def test_without_pyarrow_a_file_is_told_what_it_needs(tmp_path, monkeypatch):
    path = written(tmp_path, {"text": ["x"]})
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)

    with pytest.raises(MissingExtra, match=r"reading Parquet needs the package 'pyarrow'.*'samestory\[parquet\]'"):
        list(read_articles([path]))


@pytest.mark.parametrize(("command", "fields"), [("cluster", CLUSTER_FIELDS), ("pairs", PAIR_FIELDS)])
def test_clusters_and_pairs_are_written_as_parquet(tmp_path, command, fields, capfdbinary):
    path = written(tmp_path, pa.Table.from_pylist(RECORDS))
    assert run([command, str(path), "-f", "parquet", "-o", str(tmp_path / "out.parquet")]) == 0
    assert run([command, str(path), "--json"]) == 0
    table = pq.read_table(tmp_path / "out.parquet")

    assert table.schema.names == list(fields)
    assert table.schema.equals(schema("rows" if command == "cluster" else "pairs"))
    assert table.to_pylist() == [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


@pytest.mark.parametrize("name", WRITERS)
def test_filter_keeps_every_column_of_the_rows_it_keeps(tmp_path, name, capfdbinary):
    table = pa.Table.from_pylist([{**record, "more": {"n": k}} for k, record in enumerate(RECORDS)])
    path = written(tmp_path, table, name)
    assert run(["filter", str(path), "-f", "parquet", "-o", str(tmp_path / "out.parquet")]) == 0
    assert run(["filter", str(path)]) == 0
    kept = [json.loads(line)["id"] for line in capfdbinary.readouterr().out.splitlines()]

    assert 0 < len(kept) < len(RECORDS)
    assert pq.read_table(tmp_path / "out.parquet").to_pylist() == [r for r in table.to_pylist() if r["id"] in kept]


def test_filter_writes_rows_of_table_files_of_one_shape_alone(tmp_path, capfd):
    written(tmp_path, {"text": ["one text"], "n": [1]})
    written(tmp_path, {"text": ["another text"], "n": ["x"]}, "a.arrow")
    out = tmp_path / "out.parquet"

    assert run(["filter", str(tmp_path), "-f", "parquet", "-o", str(out)]) == 3
    assert "other columns, or of other types" in capfd.readouterr().err
    assert run(["filter", str(CORPUS), "-f", "parquet", "-o", str(out)]) == 3
    assert "articles.jsonl: no Parquet or Arrow file" in capfd.readouterr().err
    assert not out.exists()


def test_filter_of_nothing_keeps_the_columns_of_the_first_file_that_can_be_read(tmp_path):
    (tmp_path / "0.parquet").write_bytes(b"PAR1 no more")
    written(tmp_path, {"text": [None, ""], "n": [1, 2]}, "a.arrow")
    out = tmp_path / "out.parquet"

    assert run(["filter", str(tmp_path), "-f", "parquet", "-o", str(out)]) == 3
    assert pq.read_table(out).equals(pa.table({"text": pa.array([], pa.string()), "n": pa.array([], pa.int64())}))

    (tmp_path / "a.arrow").unlink()
    out.unlink()
    assert run(["filter", str(tmp_path), "-f", "parquet", "-o", str(out)]) == 3
    assert pq.read_table(out).shape == (0, 0)


@pytest.mark.parametrize(("args", "what"), [(["cluster", "-f", "parquet"], "Parquet"), (["report"], "A page")])
def test_a_terminal_gets_no_parquet_and_no_page(monkeypatch, capfd, args, what):
    monkeypatch.setattr(output, "_stdout", type("Terminal", (io.StringIO,), {"isatty": lambda _: True}))

    assert run([*args, str(CORPUS)]) == 2
    assert f"{what} is nothing a terminal can show; name a file with -o" in capfd.readouterr().err
