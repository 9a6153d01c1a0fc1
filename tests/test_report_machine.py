import csv
import io
import json

from dedup.report.jsonl import write_document, write_lines
from dedup.report.records import (
    CLUSTER_FIELDS,
    PAIR_FIELDS,
    cluster_record,
    explanation_record,
    pair_record,
    rounded,
    rounded_throughout,
)
from dedup.report.table import write_csv
from dedup.results import ClusterRow, Explanation, PairRow, Passage, Reason

ROW = ClusterRow("a", "=cmd()", "S", "2021-01-02", "x1", "n1", "n1", "n1", "a")
PAIR = PairRow(
    a="a", b="b", relation="near", score=0.12345678, p_near=0.5, p_event=0.6, p_story=0.7, jaccard=1 / 3,
    containment_a=1.0, containment_b=0.0, title_similarity=None,
    reasons=(Reason("jaccard", 1 / 3, 1.23456789, "a third in common"), Reason("date", None, -0.5, "no dates")),
)  # fmt: skip


class Terminal(io.StringIO):
    def isatty(self):
        return True


def read_csv(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_cluster_rows_have_exactly_the_promised_fields():
    assert list(cluster_record(ROW)) == [
        "id", "title", "source", "date", "exact", "near", "event", "story", "representative",
    ]  # fmt: skip


def test_pair_rows_have_exactly_the_promised_fields():
    assert list(pair_record(PAIR)) == [
        "a", "b", "relation", "score", "p_near", "p_event", "p_story", "jaccard",
        "containment_a", "containment_b", "title_similarity", "reasons",
    ]  # fmt: skip
    assert tuple(pair_record(PAIR)) == PAIR_FIELDS


def test_numbers_are_rounded_to_six_places_and_the_unknown_is_null():
    record = pair_record(PAIR)

    assert (record["score"], record["jaccard"], record["title_similarity"]) == (0.123457, 0.333333, None)
    assert record["reasons"][1] == {"measure": "date", "value": None, "points": -0.5, "words": "no dates"}


def test_what_is_not_a_number_is_null_and_minus_zero_is_zero():
    assert [rounded(value) for value in (float("nan"), float("inf"), None)] == [None, None, None]
    assert str(rounded(-1e-12)) == "0.0"
    assert rounded_throughout({"a": [1, float("nan"), {"b": 0.1234567}]}) == {"a": [1, None, {"b": 0.123457}]}


def test_json_lines_read_back_as_the_records():
    out = io.StringIO()
    write_lines([pair_record(PAIR), pair_record(PAIR)], out)

    assert [json.loads(line) for line in out.getvalue().splitlines()] == [pair_record(PAIR)] * 2


def test_a_json_line_is_what_the_json_module_writes_whatever_its_fields_and_those_before_it():
    records = [{}, {"a%s": "50 %", "b": 'é"\\\n'}, {"b": 1.5, "c": [None, {"d": True}]}, {"b": "x", "c": "%(c)s"}, {}]
    out = io.StringIO()

    write_lines(records, out)

    assert out.getvalue() == "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def test_csv_joins_reasons_by_their_words_and_leaves_the_unknown_empty():
    out = io.StringIO()
    write_csv([pair_record(PAIR)], PAIR_FIELDS, out)
    [row] = read_csv(out.getvalue())

    assert tuple(row) == PAIR_FIELDS
    assert row["reasons"] == "a third in common; no dates"
    assert row["title_similarity"] == ""
    assert row["score"] == "0.123457"


def test_a_formula_in_a_title_is_text_in_csv():
    out = io.StringIO()
    write_csv([cluster_record(ROW)], CLUSTER_FIELDS, out)

    assert read_csv(out.getvalue())[0]["title"] == "'=cmd()"


def test_csv_writes_controls_as_escapes_and_keeps_line_breaks_for_a_program():
    for out, title in ((Terminal(), "a \\x1b[2J"), (io.StringIO(), '"a\n\\x1b[2J"')):
        write_csv([{"title": "a\n\x1b[2J"}], ["title"], out)

        assert out.getvalue() == f"title\n{title}\n"


def test_an_explanation_as_json_quotes_the_shared_passages_and_adds_up():
    found = Explanation(
        pair=PAIR, verdict="v", sentences=("s",), told="near", base_points=-1.0, passages=(Passage(2, 5, 0, 3, 1),),
        text_a="a bcd e", text_b="bcd", shared_names=("N",), only_a=(), only_b=("M",), shared_numbers=(),
        numbers_only_a=("1",), numbers_only_b=(),
    )  # fmt: skip
    out = io.StringIO()
    write_document(explanation_record(found), out)
    record = json.loads(out.getvalue())

    assert record["passages"] == [{"a_start": 2, "a_end": 5, "b_start": 0, "b_end": 3, "words": 1, "text": "bcd"}]
    assert record["log_odds"] == round(-1.0 + 1.23456789 - 0.5, 6)
    assert record["names"] == {"shared": ["N"], "only_a": [], "only_b": ["M"]}
