"""Tables of the real libraries go in and come back with columns: the same rows, the same clusters as a list gives."""

import json
import os
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import dedup
from dedup.arrow_texts import texts_of
from dedup.errors import InputError, MissingExtra, SettingsError
from dedup.report.columns import schema, to_arrow
from dedup.report.records import CLUSTER_FIELDS, PAIR_FIELDS, pair_record
from dedup.settings import LEVELS

RECORDS = [
    json.loads(line)
    for line in (Path(__file__).parent / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()[:24]
]
FERRY = "A ferry with forty people ran aground off Aldport at dawn, and every one of them was safe, the pilots said. "
HAIL = "Hail the size of plums fell on the vineyards of Merenia, where growers now count what is left of a good year. "

HARBOUR = {"body": [FERRY, HAIL, FERRY], "headline": ["Ferry aground", "Hail", "Ferry aground"]}
ADDED = [*LEVELS, "representative"]


def dataset(records):
    """Return a data set of Hugging Face, whose package takes seconds to load."""
    import datasets

    return datasets.Dataset.from_list(records)


KINDS = {
    "pyarrow table": pa.Table.from_pylist,
    "pyarrow batch": pa.RecordBatch.from_pylist,
    "pyarrow reader": lambda records: pa.Table.from_pylist(records).to_reader(),
    "pandas": pd.DataFrame,
    "polars": pl.DataFrame,
    "datasets": dataset,
}


def records_of(table):
    """Return any table's rows as dicts."""
    if isinstance(table, pa.RecordBatchReader):
        table = table.read_all()
    for way in ("to_pylist", "to_dicts", "to_list"):
        if hasattr(table, way):
            return getattr(table, way)()
    return table.to_dict("records")


@pytest.fixture(scope="module")
def listed():
    """What the articles give as a list."""
    return dedup.find([{**record, "language": record.get("lang", "")} for record in RECORDS], level="near")


@pytest.fixture(params=KINDS)
def kind(request):
    return KINDS[request.param]


def test_a_table_comes_back_of_its_kind_with_the_clusters_a_list_gets(kind, listed):
    table = kind(RECORDS)
    found = dedup.find(table, level="near")

    assert type(found) is type(table)
    rows = records_of(found)
    assert [{name: row[name] for name in RECORDS[0]} for row in rows] == RECORDS
    assert list(rows[0]) == [*RECORDS[0], *ADDED]
    assert [[row[name] for name in ADDED] for row in rows] == [
        [getattr(r, name) for name in ADDED] for r in listed.rows
    ]


def test_a_table_gives_the_result_of_a_list_where_one_is_asked_for(kind, listed):
    result = dedup.find(kind(RECORDS), level="near", as_result=True)

    assert list(result.rows) == list(listed.rows)
    assert list(result.pairs) == list(listed.pairs)
    assert list(result.clusters) == list(listed.clusters)


@pytest.mark.parametrize("columns", [{"text": ["x"], "id": ["1"]}, {"text": ["x"]}])
def test_a_table_without_a_row_comes_back_with_the_columns(columns):
    import datasets

    wanted = list(dict.fromkeys([*columns, "id", *ADDED]))
    frame = dedup.find(pd.DataFrame(columns).iloc[:0])

    assert (list(frame.columns), len(frame)) == (wanted, 0)
    assert dedup.find(pl.DataFrame(columns).clear()).schema == dict.fromkeys(wanted, pl.String)
    assert dedup.find(pa.table(columns).slice(0, 0)).schema.names == wanted
    assert dedup.find(datasets.Dataset.from_dict(columns).select([])).column_names == wanted
    assert dedup.find(pd.DataFrame({"text": []})).empty


def test_columns_are_named_by_keyword_or_found_by_their_usual_names():
    table = pa.table({**HARBOUR, "story text": ["x", "y", "z"], "n": [30, 10, 20]})

    by_name = dedup.find(table, text="body", title="headline", id="n", as_result=True)
    assert [(row.id, row.title) for row in by_name.rows] == [
        ("30", "Ferry aground"), ("10", "Hail"), ("20", "Ferry aground")
    ]  # fmt: skip
    assert [row.representative for row in by_name.rows] == ["20", "10", "20"]
    assert dedup.find(table, as_result=True).rows[0].title == "Ferry aground"
    assert dedup.find(table, text="story text", as_result=True).rows[0].near != by_name.rows[0].near


def test_the_representative_has_the_type_of_the_tables_own_ids():
    frame = pd.DataFrame({**HARBOUR, "id": [30, 10, 20]})

    found = dedup.find(frame)
    assert found.loc[found.representative == found.id, "id"].tolist() == [10, 20]
    assert found.representative.dtype == frame.id.dtype


@pytest.mark.parametrize("ids", [["a", "b", "a"], ["a", None, "c"], [1, "x", 2.5]])
def test_ids_that_had_to_be_given_become_a_column_too(ids):
    found = dedup.find(pd.DataFrame({**HARBOUR, "id": pd.Series(ids, dtype=object)}))

    assert list(found.columns)[3:] == ["dedup_id", *ADDED]
    assert found.dedup_id.is_unique
    assert set(found.representative) < set(found.dedup_id)
    assert dedup.find(pl.DataFrame(HARBOUR)).columns == [*HARBOUR, "id", *ADDED]


def test_a_name_that_is_taken_gets_a_prefix():
    once = dedup.find(pl.DataFrame({**HARBOUR, "near": [1, 2, 3], "dedup_near": [4, 5, 6]}))
    twice = dedup.find(once)

    assert once["near"].to_list() == [1, 2, 3]
    assert once.columns[4:] == ["id", "exact", "dedup_dedup_near", "event", "story", "representative"]
    assert twice["dedup_exact"].to_list() == once["exact"].to_list()


def test_index_order_and_odd_columns_of_a_frame_are_left_alone():
    class Odd:
        pass

    frame = pd.DataFrame({**HARBOUR, 7: [Odd(), 1, "x"], ("a", "b"): [{}, [], None]}, index=["p", "p", "q"])
    before = frame.copy()
    found = dedup.find(frame.iloc[::-1])

    assert found.index.tolist() == ["q", "p", "p"]
    pd.testing.assert_frame_equal(found[list(frame.columns)], before.iloc[::-1])
    pd.testing.assert_frame_equal(frame, before)


def test_rows_without_a_text_take_no_part_and_have_null(kind):
    rows = records_of(dedup.find(kind([{"text": text, "id": k} for k, text in enumerate([None, FERRY, None, FERRY])])))

    assert [bool(pd.isna(row["near"])) for row in rows] == [True, False, True, False]
    assert [bool(pd.isna(row["representative"])) for row in rows] == [True, False, True, False]
    assert rows[1]["near"] == rows[3]["near"]
    assert rows[3]["representative"] == 1


def test_rows_without_a_text_are_no_rows_of_a_result():
    result = dedup.find(pl.DataFrame({"text": [None, FERRY]}), as_result=True)

    assert len(result.rows) == 1
    assert dedup.find(pd.DataFrame({"text": [np.nan, None]})).near.isna().all()


def test_chunks_and_slices_are_read_where_they_begin():
    whole = pa.Table.from_pylist(RECORDS)
    parts = pa.concat_tables([whole.slice(0, 9).slice(2), whole.slice(9, 0), whole.slice(9)])
    wanted = dedup.find(RECORDS[2:], level="near")

    assert parts.column("text").num_chunks > 1
    assert dedup.find(parts, level="near")["near"].to_pylist() == [row.near for row in wanted.rows]
    assert dedup.find(pl.DataFrame(whole)[2:], level="near")["near"].to_list() == [row.near for row in wanted.rows]


@pytest.mark.parametrize("places", [pa.int8(), pa.uint8()], ids=str)
def test_a_dictionary_may_be_as_long_as_its_places_can_count(places):
    words = [f"{FERRY} {number}" for number in range(1 << (8 if places == pa.uint8() else 7))]
    last = len(words) - 1
    text = pa.DictionaryArray.from_arrays(pa.array([last, None, 0], places), pa.array(words))
    rows = dedup.find(pa.table({"text": text}), as_result=True).rows

    assert list(rows) == list(dedup.find(pa.table({"text": [words[last], None, words[0]]}), as_result=True).rows)


@pytest.mark.parametrize(
    "layout",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.binary(),
        pa.large_binary(),
        pa.dictionary(pa.int8(), "string"),
    ],
    ids=str,
)
def test_texts_and_ids_may_have_any_layout(layout):
    columns = {"id": ["b", "a", "c"], "text": [FERRY, "short", FERRY]}
    table = pa.table({name: pa.array(values).cast(layout) for name, values in columns.items()})
    result = dedup.find(table, as_result=True)

    assert list(result.rows) == list(dedup.find(pa.table(columns), as_result=True).rows)
    assert dedup.find(table)["representative"].cast(pa.string()).to_pylist() == ["b", "a", "b"]


TEXTS = st.lists(st.none() | st.binary(max_size=30), max_size=9)
LAYOUTS = st.sampled_from([pa.binary(), pa.large_binary(), pa.binary_view(), pa.dictionary(pa.int32(), pa.binary())])


@given(TEXTS, LAYOUTS, st.integers(0, 9), st.integers(0, 9))
@settings(max_examples=150, deadline=None)
def test_texts_are_cut_from_the_tables_buffers_as_arrow_reads_them(texts, layout, start, cut):
    array = pa.array(texts, pa.binary())
    array = (array.dictionary_encode() if isinstance(layout, pa.DictionaryType) else array.cast(layout)).slice(start)
    found = texts_of([array.slice(0, cut), array.slice(cut)])
    known = found.known().tolist()

    assert len(found) == len(array)
    assert [None if k not in known else bytes(found[k]) for k in range(len(found))] == array.to_pylist()
    assert [bytes(text) for text in found.picked(known[::-1])] == [array[k].as_py() for k in known[::-1]]
    assert [bytes(text) for text in found.picked(known)[1:]] == [array[k].as_py() for k in known[1:]]


def test_texts_of_a_table_are_not_copied():
    buffer = pa.array([FERRY, HAIL]).buffers()[2]
    column = pa.Array.from_buffers(pa.binary(), 2, [None, pa.array([0, 7, 20], pa.int32()).buffers()[1], buffer])
    (text, _) = texts_of([column])

    assert np.frombuffer(text, np.uint8).ctypes.data == buffer.address


def test_dates_are_read_from_columns_of_dates():
    days = pd.to_datetime(["2024-01-02 23:30", "2024-01-03 00:30", None])
    for column in (days, days.tz_localize("America/New_York"), days.date):
        result = dedup.find(pd.DataFrame({"text": [FERRY, HAIL, "x"], "date": column}), as_result=True)
        assert [row.date[:10] for row in result.rows] == ["2024-01-02", "2024-01-03", ""]


@pytest.mark.parametrize(
    ("column", "met"),
    [
        (pa.array([1, 2]), "column 'text' is int64, not text; name another with text=..."),
        (pa.array([["a"], ["b"]]), "column 'text' is list<item: string>, not text"),
        (pa.array([{"a": "b"}, None]), "column 'text' is struct<a: string>, not text"),
        (pd.Series(["a", 3], dtype=object), "articles[1]: column 'text' is a int; wanted text or null"),
        (pd.Series([b"a", b"\xff"], dtype=object), "articles[1]: column 'text' is not valid UTF-8 at byte 1"),
        (pl.Series(["a", 3], dtype=pl.Object), "articles[1]: column 'text' is a int"),
        (pa.array([b"a", b"b\xff"]), "articles[1]: column 'text' is not valid UTF-8 at byte 2"),
        (
            pa.Array.from_buffers(
                pa.string(), 2, [None, pa.array([0, 9, 4], pa.int32()).buffers()[1], pa.py_buffer(b"abcd")]
            ),
            "column 'text' is damaged",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_column_of_something_else_is_named(column, met):
    frame = {pd.Series: pd.DataFrame, pl.Series: pl.DataFrame}.get(type(column), pa.table)
    with pytest.raises(InputError) as caught:
        dedup.find(frame({"text": column}))

    assert met in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("value", [[1], {"a": 1}])
def test_a_title_that_is_a_list_or_an_object_is_named(value):
    for frame in (pl.DataFrame, pd.DataFrame, lambda columns: pa.table(dict(columns))):
        with pytest.raises(InputError, match="column 'title' is a"):
            dedup.find(frame({"text": [FERRY], "title": [value]}))


def test_fields_that_are_no_text_are_written_as_text():
    frame = pd.DataFrame({"text": [FERRY] * 3, "title": pd.Series([1, "x", None], dtype=object), "url": [np.nan, 1, 2]})

    assert [row.title for row in dedup.find(frame, as_result=True).rows] == ["1", "x", ""]
    assert dedup.find(pa.table({"text": [FERRY], "title": [b"\xff"]}), as_result=True).rows[0].title == "\ufffd"


def test_a_column_that_is_not_there_is_told_with_those_that_are():
    for given_names, met in (({"text": "boddy"}, "no column boddy"), ({"source": "paper"}, "no column paper")):
        with pytest.raises(InputError, match=met) as caught:
            dedup.find(pl.DataFrame(HARBOUR), **given_names)
        assert "(found: body, headline)" in str(caught.value)
    with pytest.raises(InputError, match=r"no column 'text' in the table \(found: a\)"):
        dedup.find(pd.DataFrame({"a": ["x"]}))
    with pytest.raises(InputError, match=r"names columns twice \(text\)"):
        dedup.find(pd.DataFrame([["x", "y"]], columns=["text", "text"]))


def test_a_column_alone_is_a_list_of_texts():
    import datasets

    texts = [FERRY, HAIL, FERRY]
    wanted = list(dedup.find(texts).rows)
    columns = [
        pd.Series(texts, index=[3, 3, 1]),
        pl.Series(texts),
        pa.array(texts),
        pa.chunked_array([texts[:1], texts[1:]]),
        datasets.Dataset.from_dict({"text": texts})["text"],
    ]

    assert all(list(dedup.find(column).rows) == wanted for column in columns)
    with pytest.raises(InputError, match=r"articles\[1\]"):
        dedup.find(pa.array([FERRY, None]))


def test_what_is_no_pile_is_refused():
    import datasets

    for pile in ("one text", {"text": "x"}, 3, pl.LazyFrame(HARBOUR), datasets.DatasetDict()):
        with pytest.raises(
            InputError, match=f"articles: a {type(pile).__name__}; wanted a list of articles or a table"
        ):
            dedup.find(pile)


def test_columns_are_named_for_tables_alone():
    with pytest.raises(SettingsError, match="text is 'body'; it can be given for a table"):
        dedup.find([{"body": FERRY}], text="body")


def test_a_table_of_another_library_is_read_through_the_arrow_interface():
    class Foreign:
        def __arrow_c_stream__(self, requested_schema=None):
            return pa.table(HARBOUR).__arrow_c_stream__(requested_schema)

    found = dedup.find(Foreign())

    assert isinstance(found, pa.Table)
    assert found["near"].to_pylist() == dedup.find(pa.table(HARBOUR))["near"].to_pylist()


def test_without_pyarrow_a_table_is_told_what_it_needs(monkeypatch, listed):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)

    with pytest.raises(MissingExtra, match=r"pip install 'samestory\[parquet\]'"):
        dedup.find(pl.DataFrame(HARBOUR))
    with pytest.raises(MissingExtra, match="a result as Arrow or Parquet needs the package 'pyarrow'"):
        to_arrow(listed)
    assert len(dedup.find(pl.Series([FERRY, HAIL])).rows) == 2


def test_a_result_is_an_arrow_table_of_typed_columns(listed):
    rows, pairs, clusters = (to_arrow(listed, part) for part in ("rows", "pairs", "clusters"))

    assert rows.to_pylist() == [{name: getattr(row, name) for name in CLUSTER_FIELDS} for row in listed.rows]
    assert pairs.to_pylist() == [pair_record(pair) for pair in listed.pairs]
    assert pairs.schema.names == list(PAIR_FIELDS)
    assert str(pairs.schema.field("score").type) == "double"
    assert clusters["members"].to_pylist() == [list(cluster.members) for cluster in listed.clusters]
    assert pl.DataFrame(pairs)["p_near"].min() >= 0.5
    assert rows.to_pandas().near.nunique() == len({row.near for row in listed.rows})


def test_an_empty_result_has_its_columns():
    nothing = dedup.find([])

    assert all(to_arrow(nothing, part).schema == schema(part) for part in ("rows", "pairs", "clusters"))
    with pytest.raises(SettingsError, match="part is 'cows'; it can be one of rows, clusters, pairs"):
        to_arrow(nothing, "cows")


def test_lone_surrogates_do_not_keep_a_result_from_being_written():
    result = dedup.find([{"text": FERRY, "title": "a\ud800"}])

    assert to_arrow(result)["title"].to_pylist() == ["a?"]
