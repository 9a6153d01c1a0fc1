"""Whole runs as a shell sees them: exit codes, streams, pipes, full disks."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import dedup

DEDUP = [sys.executable, "-m", "dedup"]
SEEDS = str(Path(__file__).parent.parent / "seeds")
HARBOUR = (
    "The harbour board of Port Ellery voted on Tuesday to close the old fish market after 112 years. "
    "Traders were told that the hall is no longer safe and that a new one will open behind the ferry station. "
    "Chairwoman Ines Okafor said the decision had been put off three times and could not wait for another winter. "
    "Some forty stalls must move by the end of March, and those who do will pay no rent for a year. "
)
FESTIVAL = (
    "Heavy rain turned the opening night of the Lowmoor lantern festival into a wade through ankle-deep mud. "
    "Organisers moved the procession into the tram depot, where some 900 paper lanterns were hung from the cranes. "
    "The festival runs until Sunday, and tickets for the lost evening stay valid on any other day of the week. "
)
RECORDS = [
    {"id": "a", "title": "Fish market to close", "text": HARBOUR, "date": "2024-02-06", "source": "Ellery Post"},
    {"id": "b", "title": "Old hall shuts", "text": HARBOUR + "The ferry company agreed.", "source": "Coast Wire"},
    {"id": "c", "title": "=HYPERLINK(1)", "text": FESTIVAL, "lang": "en", "url": "https://news.example/c"},
]


@pytest.fixture(scope="module")
def feed(tmp_path_factory):
    path = tmp_path_factory.mktemp("feed") / "feed.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    return path


def test_cluster_rows_stand_in_input_order_with_copies_in_one_cluster(feed):
    ran = dedup("cluster", feed, "--json")
    rows = [json.loads(line) for line in ran.stdout.splitlines()]

    assert (ran.returncode, ran.stderr) == (0, "")
    assert [row["id"] for row in rows] == ["a", "b", "c"]
    assert rows[0]["near"] == rows[1]["near"] != rows[2]["near"]
    assert [row["representative"] for row in rows] == ["a", "a", "c"]


def test_the_table_goes_to_stdout_without_colour_or_controls(feed):
    for level, counted in (
        ("near", "1 near cluster of 2 articles (1 could go, 1 in none)"),
        ("story", "1 story of 2 articles (1 stand alone)"),
    ):
        ran = dedup("cluster", feed, "--level", level)

        assert ran.returncode == 0
        assert f"3 articles compared, 3 different texts; {counted}" in " ".join(ran.stdout.split())
        assert "\x1b" not in ran.stdout


def test_without_a_level_the_stories_are_shown_with_their_events_dates_and_outlets(feed):
    shown = dedup("cluster", feed).stdout

    assert shown == dedup("cluster", feed, "--level", "story").stdout
    assert "2 articles · 2 outlets · 2024-02-06" in shown
    assert any(line.split() == ["id", "event", "source", "date", "title"] for line in shown.splitlines())


def test_csv_goes_to_the_file_named_and_holds_no_formula(feed, tmp_path):
    ran = dedup("cluster", feed, "-f", "csv", "-o", tmp_path / "out.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text())))

    assert (ran.returncode, ran.stdout) == (0, "")
    assert rows[2]["title"] == "'=HYPERLINK(1)"


def test_pairs_are_ranked_with_reasons(feed):
    ran = dedup("pairs", feed, "--json")
    [pair] = [json.loads(line) for line in ran.stdout.splitlines()]

    assert (pair["a"], pair["b"], pair["relation"]) == ("a", "b", "near")
    assert pair["reasons"][0].keys() == {"measure", "value", "points", "words"}


def test_filter_keeps_one_of_each_cluster_and_says_what_the_others_matched(feed, tmp_path):
    ran = dedup("filter", feed, "--dropped", tmp_path / "dropped.jsonl")
    kept = [json.loads(line) for line in ran.stdout.splitlines()]
    [dropped] = [json.loads(line) for line in (tmp_path / "dropped.jsonl").read_text().splitlines()]

    assert ran.returncode == 0
    assert [record["id"] for record in kept] == ["a", "c"]
    assert {name: value for name, value in kept[1].items() if value} == RECORDS[2]
    assert list(dropped) == ["id", "matched", "relation", "score", "cluster"]
    assert (dropped["id"], dropped["matched"], dropped["relation"]) == ("b", "a", "near")


def kept_by_filter(*given, **streams):
    ran = dedup("filter", *given, **streams)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


SEVEN = ["id", "title", "text", "date", "source", "lang", "url"]


@pytest.mark.parametrize("name", ["in.jsonl", "in.json", "-"])
def test_filter_keeps_every_field_of_a_json_record(tmp_path, name):
    rest = {"author": {"name": "I. Okafor", "desks": [1, None, 2.5]}, "text~1": "\ud800", "words": 10**30, "far": 1e999}
    record = {"body": HARBOUR, "headline": "Fish market", **rest, "text": "a summary", "id": 7}
    written = json.dumps(record).replace("Infinity", "1e999")
    (tmp_path / "in.jsonl").write_text(written + "\n" + written.replace("7}", "8}") + "\n")
    (tmp_path / "in.json").write_text(f"[{written}]")
    where = name if name == "-" else tmp_path / name
    [kept] = kept_by_filter(where, "--text-field", "body", stdin=written if name == "-" else "")

    assert list(kept) == [*SEVEN, *rest, "text~2"]
    assert (kept["id"], kept["title"], kept["text"], kept["text~2"]) == ("7", "Fish market", HARBOUR, "a summary")
    assert {name: kept[name] for name in rest} == rest | {"far": None}


def test_filter_keeps_every_column_of_a_table(tmp_path):
    (tmp_path / "in.csv").write_text(f'id,author,text,,page\na,"Okafor, I.","{HARBOUR}",x,4\nb,,"{FESTIVAL}",,\n')
    kept = kept_by_filter(tmp_path / "in.csv")

    assert [list(record) for record in kept] == [[*SEVEN, "author", "page"]] * 2
    assert [(record["author"], record["page"]) for record in kept] == [("Okafor, I.", "4"), ("", "")]


def test_filter_refuses_to_mix_two_outputs(feed):
    assert dedup("filter", feed, "--dropped", "-").returncode == 2


def test_explain_takes_ids_of_a_corpus(feed):
    ran = dedup("explain", "b", "a", "--in", feed, "--json")
    record = json.loads(ran.stdout)

    assert ran.returncode == 0
    assert (record["pair"]["a"], record["pair"]["b"]) == ("a", "b")
    assert any("fish market" in passage["text"] for passage in record["passages"])
    assert record["log_odds"] == pytest.approx(
        record["base_points"] + sum(reason["points"] for reason in record["pair"]["reasons"]), abs=1e-5
    )


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("a", "zz", "--in"), "no article has the id 'zz'"),
        (("a", "a", "--in"), "'a' was named twice; name two articles"),
        ((), "3 articles"),
    ],
)
def test_explain_says_what_it_could_not_find(feed, args, words):
    ran = dedup("explain", *args, feed) if args else dedup("explain", feed, feed)

    assert ran.returncode == 2
    assert words in ran.stderr


def test_explain_says_how_ids_are_named_and_which_id_was_likely_meant(feed):
    unnamed = dedup("explain", "a", "b")
    mistyped = dedup("explain", "a", "bb", "--in", feed)

    assert (unnamed.returncode, mistyped.returncode) == (2, 2)
    assert "a: no such file; if it is an id, name the corpus it stands in with --in CORPUS" in unnamed.stderr
    assert "did you mean 'b'?" in mistyped.stderr


def test_explain_sends_nobody_to_look_for_ids_in_a_file_of_none(tmp_path, feed):
    (tmp_path / "empty.txt").touch()
    empty, several = dedup("explain", tmp_path / "empty.txt", feed), dedup("explain", feed, feed)

    assert "empty.txt: 0 articles where one was wanted\n" in empty.stderr
    assert "where one was wanted; name two of a corpus with --in" in several.stderr


def test_filter_takes_json_like_every_other_command(feed):
    assert dedup("filter", feed, "--json").stdout == dedup("filter", feed).stdout


def test_clean_shows_what_was_cut(tmp_path):
    (tmp_path / "a.txt").write_text(
        f"Fish market to close\n\n{HARBOUR}\n\nLeave a Reply\n\nYour email address will not be published."
    )
    table, rows = dedup("clean", tmp_path), dedup("clean", tmp_path, "--json")
    record = json.loads(rows.stdout)

    assert table.returncode == rows.returncode == 0
    assert "Leave a Reply" in table.stdout
    assert any("Leave a Reply" in cut["text"] for cut in record["cuts"])
    assert "Leave a Reply" not in record["text"]


def test_bench_measures_against_labels(feed, tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("id,cluster\na,1\nb,1\nc,2\n")
    ran = dedup("bench", feed, "--labels", labels, "--json", "--misses", 3, "--false-alarms", 3)
    record = json.loads(ran.stdout)

    assert ran.returncode == 0
    assert record["level"] == "near"
    assert record["pairs"]["f1"] == record["clusters"]["bcubed_f1"] == record["candidates"]["recall"] == 1.0
    assert record["misses"] == record["false_alarms"] == []
    assert "B-cubed" in dedup("bench", feed, "--labels", labels).stdout


def test_a_record_without_a_twin_is_listed_among_the_misses(feed, tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("id_a,id_b,label\na,c,1\na,b,0\n")
    record = json.loads(dedup("bench", feed, "--labels", labels, "--json", "--misses", 3, "--false-alarms", 3).stdout)

    assert [(mistake["a"], mistake["b"]) for mistake in record["misses"]] == [("a", "c")]
    assert [(mistake["a"], mistake["b"]) for mistake in record["false_alarms"]] == [("a", "b")]
    assert record["false_alarms"][0]["reasons"]


def test_bad_records_are_named_counted_and_end_in_3():
    first, *others = [json.dumps(record) for record in RECORDS]
    lines = [first, *["{broken"] * 25, *others]
    ran = dedup("cluster", "-", stdin="\n".join(lines))
    told = ran.stderr.splitlines()

    assert ran.returncode == 3
    assert [line.split(": ")[0] for line in told[:20]] == [f"stdin:{i}" for i in range(2, 22)]
    assert told[20:] == ["... and 5 more; 25 bad records in all"]
    assert "25 bad records left out" in " ".join(ran.stdout.split())


def test_a_field_that_no_record_has_is_not_told_of_each():
    many = "".join(json.dumps({"text": HARBOUR, "id": i}) + "\n" for i in range(9))
    told = dedup("cluster", "-", "--text-field", "bdy", stdin=many).stderr.splitlines()

    assert "no field 'bdy' (found: text, id); give --text-field one of them" in told[0]
    assert len(told) == 4
    assert told[3] == "... and 6 more; 9 bad records in all"


def test_text_on_standard_input_is_told_how_to_say_so():
    told = dedup("cluster", "-", stdin="The ferry sank.\n").stderr

    assert told.startswith("stdin:1: not JSON; wanted one object a line, or the format of standard input named with")
    assert dedup("cluster", "-", "--input-format", "txt", stdin="The ferry sank.\n").returncode == 0


def test_strict_stops_with_one_sentence():
    ran = dedup("cluster", "-", "--strict", stdin="{broken\n")

    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("dedup: stdin:1: ")
    assert ran.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["cluster"], 2),
        (["nonsense"], 2),
        (["cluster", SEEDS, "--level", "nearly"], 2),
        (["cluster", SEEDS, "--threads", "0"], 2),
        (["cluster", SEEDS, "--threshold", "7"], 2),
        (["cluster", SEEDS, "--keep", "newest"], 2),
        (["cluster", SEEDS, "--keep", "source:,"], 2),
        (["cluster", SEEDS, "--json", "-f", "csv"], 2),
        (["clean", SEEDS, "--encoding", "klingon"], 2),
        (["clean", "no such folder"], 5),
        (["bench", SEEDS, "--labels", "no such file"], 5),
        (["clean", SEEDS, "-o", "no such folder/out"], 5),
        (["clean", SEEDS, "-o", SEEDS], 5),
    ],
)
def test_wrong_use_ends_in_2_and_failed_input_or_output_in_5(args, code):
    ran = dedup(*args)

    assert (ran.returncode, ran.stdout) == (code, "")
    assert "Traceback" not in ran.stderr
    assert ran.stderr.strip()


@pytest.mark.parametrize(
    ("args", "code"),
    [(["clean", SEEDS], 0), (["nonsense"], 2), (["clean", "-", "--strict"], 3), (["clean", "none"], 5)],
)
def test_a_run_ends_its_process_with_its_exit_code_and_says_the_same_there(args, code, monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")
    ran = subprocess.run([*DEDUP, *args], input="{broken\n", capture_output=True, text=True, timeout=60, check=False)
    here = dedup(*args, stdin="{broken\n")

    assert (ran.returncode, here.returncode) == (code, code)
    assert (ran.stdout, ran.stderr) == (here.stdout, here.stderr)


def test_a_reader_that_has_seen_enough_is_no_fault(tmp_path):
    path = tmp_path / "many.jsonl"
    path.write_text("".join(json.dumps({"id": f"{i}", "text": f"{i} {HARBOUR}"}) + "\n" for i in range(500)))
    with subprocess.Popen([*DEDUP, "clean", path, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        run.stdout.readline()
        run.stdout.close()
        told = run.stderr.read()

    assert (run.returncode, told) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the device that is always full is Linux's")
@pytest.mark.parametrize(
    "args", [["clean", SEEDS], ["clean", SEEDS, "--json"], ["--help"], ["clean", SEEDS, "-o", "/dev/full"]]
)
def test_a_full_disk_is_one_sentence_and_5(args):
    with open("/dev/full", "w") as full:  # noqa: PTH123 - a device
        ran = subprocess.run([*DEDUP, *args], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False)

    assert ran.returncode == 5
    assert ran.stderr == "dedup: input or output failed: No space left on device\n"


def test_a_closed_stdout_is_one_sentence_and_5():
    ran = subprocess.run(
        f'exec "{sys.executable}" -m dedup clean "{SEEDS}" >&-',
        shell=True,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )

    assert (ran.returncode, ran.stderr) == (5, "dedup: standard output: Bad file descriptor\n")


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("no_colour", "coloured"), [("", True), ("1", False)])
def test_colour_only_on_a_terminal_and_not_under_no_color(no_colour, coloured):
    import pty

    ours, theirs = pty.openpty()
    env = {**os.environ, "NO_COLOR": no_colour, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen([*DEDUP, "clean", SEEDS], stdout=theirs, stderr=subprocess.PIPE, env=env):
        os.close(theirs)
        shown = b""
        try:
            while block := os.read(ours, 65536):
                shown += block
        except OSError:
            pass
        os.close(ours)

    assert b"2 articles" in shown
    assert (b"\x1b[" in shown) == coloured


@pytest.mark.parametrize(
    "written", [["cluster", "-o"], ["cluster", "-o", "other.csv", "--report"], ["filter", "--dropped"], ["pairs", "-o"]]
)
@pytest.mark.parametrize("read", ["in.jsonl", "."])
def test_no_file_that_is_read_is_written_over(tmp_path, written, read):
    target = tmp_path / "in.jsonl"
    target.write_text("".join(json.dumps(record) + "\n" for record in RECORDS), encoding="utf-8")
    before = target.read_bytes()
    command, *options = written
    ran = dedup(command, read, *options, "./in.jsonl", cwd=tmp_path)

    assert ran.returncode == 2
    assert "is one of the files read; give another" in ran.stderr
    assert target.read_bytes() == before
