"""Labelling in the terminal: every answer is kept at once, none is asked for twice, and a run can end at any time."""

import csv
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from dedup.cli.label_file import can_be_named
from dedup.labels import read_labels
from tests.running import dedup_bytes as dedup

DEDUP = [sys.executable, "-m", "dedup"]
ARTICLES = [
    json.loads(line)
    for line in (Path(__file__).parent / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
]
LABELLED = ("ferry-wire", "flood-wire", "grain-resign", "herons", "nighttrain", "rate")


@pytest.fixture(scope="module")
def pile(tmp_path_factory):
    """A few articles of the corpus and their copies."""
    return written(
        tmp_path_factory.mktemp("pile") / "pile.jsonl", [a for a in ARTICLES if a["id"].startswith(LABELLED)]
    )


@pytest.fixture
def path(tmp_path):
    return tmp_path / "labels.csv"


def written(path, records):
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    return path


def label(answers, pile, path, *more):
    """Answer the questions and return the run."""
    data = answers if isinstance(answers, bytes) else answers.encode()
    return dedup("label", pile, "--labels", path, *more, stdin=data)


def rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return [(row["id_a"], row["id_b"], row["label"]) for row in csv.DictReader(lines)]


def asked(ran):
    """Return how often each pair was shown, by the ids in the order of the questions."""
    lines = ran.stdout.decode().splitlines()
    ids = [line[3:].split(" · ")[0] for line in lines if line.startswith(("a  ", "b  "))]
    return list(zip(ids[::2], ids[1::2], strict=True))


def test_answers_become_rows_that_bench_reads_and_unsure_ones_are_not_scored(pile, path):
    ran = label("y\nN\nunsure\nyes\nq\n", pile, path)
    labels = read_labels(path)

    assert ran.returncode == 0
    assert [row[2] for row in rows(path)] == ["1", "0", "", "1"]
    assert (labels.positive.tolist(), labels.unscored) == ([True, False, True], 1)
    assert b"4 pairs answered: 2 same, 1 different, 1 unsure" in ran.stderr

    counted = json.loads(dedup("bench", pile, "--labels", path, "--json").stdout)["labels"]

    assert (counted["positives"], counted["negatives"], counted["unscored"]) == (2, 1, 1)


def test_a_question_shows_both_articles_what_they_share_and_three_reasons(pile, path):
    ran = label("q\n", pile, path)
    shown = ran.stdout.decode()
    articles = {article["id"]: article for article in map(json.loads, pile.read_text().splitlines())}

    for article in (articles[name] for name in asked(ran)[0]):
        assert f"{article['id']} · {article['source']} · {article['date']}" in shown
        title, text = (" ".join(article[name].split()) for name in ("title", "text"))
        assert f"   {title}\n   {text[:40]}" in shown
    assert "shared passages: " in shown
    assert "«" in shown
    assert len([line for line in shown.splitlines() if line.strip().startswith(("+", "-")) and line[3] in "+-"]) == 3
    assert max(map(len, shown.splitlines())) <= 100


def test_the_questions_are_the_same_every_time_and_begin_at_the_threshold(pile, path, tmp_path):
    first = asked(label("u\n" * 8 + "q\n", pile, path))
    again = asked(label("y\n" * 8 + "q\n", pile, tmp_path / "again.csv"))
    shifted = asked(label("q\n", pile, tmp_path / "shifted.csv", "--threshold", "0.9"))

    assert len(first) == 9
    assert first == again
    assert shifted != first[:1]


def test_a_second_session_goes_on_where_the_first_ended(pile, path):
    first = asked(label("y\nu\nq\n", pile, path))
    second = asked(label("n\nq\n", pile, path))

    assert len(rows(path)) == 3
    assert first[2] == second[0]
    assert not set(first[:2]) & set(second)


def test_back_asks_the_last_question_again_and_keeps_the_new_answer(pile, path):
    ran = label("y\ny\nb\nn\nq\n", pile, path)
    pairs = asked(ran)

    assert pairs[1] == pairs[3]
    assert [row[2] for row in rows(path)] == ["1", "0"]


def test_input_that_is_not_there_leaves_no_file_of_labels(path, tmp_path):
    ran = label("q\n", tmp_path / "none.jsonl", path)

    assert ran.returncode != 0
    assert not path.exists()


def test_back_stops_at_the_first_question_of_a_session(pile, path):
    label("y\nq\n", pile, path)
    ran = label("b\nq\n", pile, path)

    assert b"this is the first question of the session" in ran.stderr
    assert len(rows(path)) == 1


def test_the_end_of_the_answers_ends_the_session(pile, path):
    ran = label("y", pile, path)

    assert ran.returncode == 0
    assert len(rows(path)) == 1


@pytest.mark.parametrize("said", [b"\n", b"maybe\n", b"\xff\xfe\x00\n", b"x" * 100_000 + b"\n", b"\x1b[2J\n"])
def test_what_is_no_answer_is_asked_again(said, pile, path):
    ran = label(said + b"y\n", pile, path)

    assert ran.returncode == 0
    assert [row[2] for row in rows(path)] == ["1"]
    assert b"\x1b" not in ran.stdout


def test_the_last_pair_ends_the_session(path, tmp_path):
    few = written(tmp_path / "few.jsonl", [a for a in ARTICLES if a["id"].startswith("herons")])
    ran = label("y\n", few, path)

    assert b"no pair is left to ask about" in ran.stderr
    assert b"no pair is left to ask about" in label("", few, path).stderr
    assert len(rows(path)) == 1


@pytest.mark.parametrize(("level", "words"), [("event", b"report the same event"), ("story", b"same running story")])
def test_a_level_asks_its_own_question(level, words, pile, path):
    ran = label("n\nq\n", pile, path, "--level", level)

    assert words in ran.stdout
    assert f"p({level})".encode() in ran.stdout


def test_enough_answers_are_told_once(path, tmp_path):
    words = [f"w{chr(97 + i)}{chr(97 + j)}x" for i in range(26) for j in range(26)]
    texts = [" ".join(words[(i * 13 + k * 7) % len(words)] + str(i) for k in range(60)) for i in range(50)]
    pairs = [(f"{i:02}a", text) for i, text in enumerate(texts)]
    pairs += [(f"{i:02}b", f"{text} A few words more were added here at the end.") for i, text in enumerate(texts)]
    pile = written(tmp_path / "many.jsonl", [{"id": name, "text": text} for name, text in pairs])
    shown = label("u\n" * 60, pile, tmp_path / "u.csv").stdout.decode().splitlines()
    heads = [line for line in shown if "p(near)" in line]
    claimed = [float(head.split("p(near) ")[1].split()[0]) >= 0.5 for head in heads]
    ran = label("".join("y\n" if claim else "n\n" for claim in claimed), pile, path)

    assert ran.stderr.count(b"enough for a measurement: of the pairs asked about, at p(near) 0.50") == 1
    assert b"more labels move these little" in ran.stderr


def test_rows_fit_the_columns_the_file_has(pile, path):
    path.write_text("note,label,id_b,id_a\nseen by two,1,herons-roundup,herons")
    label("y\nq\n", pile, path)
    kept, added = rows(path)

    assert kept == ("herons", "herons-roundup", "1")
    assert added[2] == "1"
    assert path.read_text().splitlines()[0] == "note,label,id_b,id_a"


def test_an_id_of_commas_quotes_and_line_ends_comes_back_whole(path, tmp_path):
    odd = {"herons": 'a,"b"\nc', "herons-roundup": "=1+1", "nighttrain": "\u202e", "nighttrain-ocr8": "'"}
    pile = written(tmp_path / "odd.jsonl", [{**a, "id": odd[a["id"]]} for a in ARTICLES if a["id"] in odd])
    ran = label("y\ny\ny\n", pile, path)

    assert ran.returncode == 0
    assert {row[:2] for row in rows(path)} == {("=1+1", 'a,"b"\nc'), ("'", "\u202e")}
    assert "\u202e" not in ran.stdout.decode()


@pytest.mark.parametrize(
    ("name", "can"), [("a b", True), ("Ä\n", False), (" a", False), ("\udc80", False), ("é", True)]
)
def test_an_id_that_would_not_read_back_as_it_was_is_not_asked_about(name, can):
    assert can_be_named(name) is can


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,cluster\na,b\n", b"wanted the columns id_a,id_b,label"),
        ("id_a,id_b,label\na,b\n", b"2 fields where the header names 3"),
        ("id_a,id_b,label\na,b,1\nb,a,0\n", b"keep one"),
    ],
)
def test_a_file_of_something_else_is_refused_and_left_alone(text, words, pile, path):
    path.write_text(text)
    ran = label("y\n", pile, path)

    assert ran.returncode == 3
    assert words in ran.stderr
    assert ran.stderr.count(b"\n") == 1
    assert path.read_text() == text


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["-", "--labels", "l.csv"], 2, b"standard input holds the answers"),
        (["in.jsonl", "--labels", "l.csv", "--level", "exact"], 2, b"label takes --level near, event or story"),
        (["in.jsonl"], 2, b"--labels"),
        (["in.jsonl", "--labels", "no/such/folder.csv"], 5, b"No such file"),
    ],
)
def test_wrong_use_is_one_sentence(args, code, words, tmp_path):
    ran = dedup("label", *args, cwd=tmp_path)

    assert ran.returncode == code
    assert words in ran.stderr
    assert b"Traceback" not in ran.stderr


class Session:
    """A labelling run that is talked to while it waits."""

    def __init__(self, pile, path):
        command = [*DEDUP, "label", str(pile), "--labels", str(path)]
        # In the background of a shell Ctrl-C is switched off, and that is inherited.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        self.run = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        signal.signal(signal.SIGINT, before)

    def wait_for_question(self):
        seen = b""
        while not seen.endswith(b"q(uit): "):
            piece = os.read(self.run.stdout.fileno(), 1)
            assert piece, self.run.stderr.read()
            seen += piece

    def answer(self, *answers):
        for said in answers:
            self.wait_for_question()
            self.run.stdin.write(said + b"\n")
            self.run.stdin.flush()
        self.wait_for_question()

    def end(self, number):
        self.run.send_signal(number)
        told = self.run.communicate(timeout=30)[1]
        return self.run.returncode, told


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_run_that_is_killed_has_kept_every_answer(pile, path, number):
    session = Session(pile, path)
    session.answer(b"y", b"n", b"u")
    code, _ = session.end(number)

    assert code == -number
    assert [row[2] for row in rows(path)] == ["1", "0", ""]
    assert label("q\n", pile, path).returncode == 0


def test_ctrl_c_ends_with_130_and_an_intact_file(pile, path):
    session = Session(pile, path)
    session.answer(b"y", b"n")
    began = time.monotonic()

    assert session.end(signal.SIGINT) == (130, b"dedup: interrupted\n")
    assert time.monotonic() - began < 5
    assert path.read_text().splitlines()[0] == "id_a,id_b,label"
    assert [row[2] for row in rows(path)] == ["1", "0"]


def test_on_a_terminal_passages_are_lit_up_and_answers_are_typed(pile, path):
    ours, theirs = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "70", "NO_COLOR": ""}
    command = [*DEDUP, "label", str(pile), "--labels", str(path)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=subprocess.PIPE, env=env) as run:
        os.close(theirs)
        seen = b""
        for said in (b"y\n", b"q\n"):
            while not seen.endswith(b"q(uit): "):
                seen += os.read(ours, 1)
            os.write(ours, said)
            seen += b"|"
        told = run.stderr.read()
    os.close(ours)

    assert run.returncode == 0
    assert b"\x1b[7m" in seen
    assert b"1 pair answered: 1 same" in told
    assert [row[2] for row in rows(path)] == ["1"]
