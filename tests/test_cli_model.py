"""``--model``: every command that judges judges by the file given, and a file that is none is one sentence."""

import json
from pathlib import Path

import pytest

import dedup
from dedup.cli.group import COMMANDS
from dedup.rank import MODEL_PATH
from tests.running import dedup as run

STORIES = Path(__file__).parent / "corpus_stories"
HALL = (
    "The harbour board of Port Ellery voted on Tuesday to close the old fish market after 112 years. "
    "Traders were told that the hall is no longer safe and that a new one will open behind the ferry station. "
    "Some forty stalls must move by the end of March, and those who do will pay no rent for a year. "
)
RECORDS = [
    {"id": "a", "title": "Fish market to close", "text": HALL, "date": "2024-02-06"},
    {"id": "b", "title": "Old hall shuts", "text": HALL + "The ferry company agreed.", "date": "2024-02-06"},
]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """Two near copies, labels for them, and a model by which nothing is near."""
    folder = tmp_path_factory.mktemp("desk")
    (folder / "in.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    (folder / "labels.csv").write_text("id_a,id_b,label\na,b,1\n")
    raw = json.loads(MODEL_PATH.read_text(encoding="utf-8"))
    raw["relations"]["near"]["base"] = -80.0
    raw["thresholds"]["near"] = 0.7
    partial = {name: {"near": raw[name]["near"]} for name in ("relations", "thresholds")}
    (folder / "never.json").write_text(json.dumps({**partial, "record": {"near": {"made": "by hand"}}}))
    (folder / "broken.json").write_text('{"relations": {"near": {"base": 1e999, "tables": []}}}')
    return folder


def judged(desk, *args, model=True):
    ran = run(*args, *(["--model", "never.json"] if model else []), cwd=desk)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


@pytest.mark.parametrize(
    ("args", "found"),
    [
        (["cluster", "in.jsonl", "--level", "near", "--json"], lambda out: len({json.loads(x)["near"] for x in out.splitlines()}) == 1),
        (["pairs", "in.jsonl", "--json"], bool),
        (["bench", "in.jsonl", "--labels", "labels.csv", "--json"], lambda out: json.loads(out)["pairs"]["recall"] == 1),
        (["sweep", "in.jsonl", "--json"], lambda out: json.loads(out)["rows"][0]["n_clusters"] == 1),
        (["explain", "a", "b", "--in", "in.jsonl", "--json"], lambda out: json.loads(out)["pair"]["p_near"] > 0.5),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_a_command_judges_by_the_model_given(desk, args, found):
    assert found(judged(desk, *args, model=False))
    assert not found(judged(desk, *args))


def test_filter_keeps_what_the_model_given_does_not_join(desk):
    kept = [
        len(run("filter", "in.jsonl", *more, cwd=desk).stdout.splitlines()) for more in ([], ["--model", "never.json"])
    ]

    assert kept == [1, 2]


def test_the_threshold_is_that_of_the_model_given(desk):
    record = json.loads(judged(desk, "bench", "in.jsonl", "--labels", "labels.csv", "--json"))

    assert record["pairs"]["threshold"] == 0.7


def test_label_asks_by_the_model_given(desk, tmp_path):
    args = ("label", "in.jsonl", "--labels", tmp_path / "l.csv", "--model")

    assert "p(near) 0.00" in run(*args, "never.json", cwd=desk, stdin="q\n").stdout
    assert run(*args, "broken.json", cwd=desk, stdin="q\n").returncode == 3


def test_relations_the_file_lacks_are_those_that_ship(desk):
    found = json.loads(judged(desk, "explain", "a", "b", "--in", "in.jsonl", "--json"))

    assert found["told"] == found["pair"]["relation"] == "event"
    assert found["pair"]["p_event"] > 0.5 > found["pair"]["p_near"]


ARGUMENTS = {
    "explain": ["a", "b", "--in", "missing.jsonl"],
    "bench": ["missing.jsonl", "--labels", "labels.csv"],
    "label": ["missing.jsonl", "--labels", "new.csv"],
    "fit": ["labels.csv", "missing.jsonl", "-o", "out.json"],
}


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in ("clean", "completion")])
def test_a_file_that_is_no_model_is_told_in_one_sentence_before_anything_is_read(desk, command):
    ran = run(command, *ARGUMENTS.get(command, ["missing.jsonl"]), "--model", "broken.json", cwd=desk)

    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith("dedup: broken.json: not a model file (")
    assert ran.stderr.count("\n") == 1


def test_python_takes_a_model_too(desk):
    texts = [record["text"] for record in RECORDS]

    assert len(dedup.find(texts).clusters) == 1
    assert len(dedup.find(texts, model=str(desk / "never.json")).clusters) == 0


def test_a_model_written_again_is_read_again(desk, tmp_path):
    path = tmp_path / "model.json"
    texts = [record["text"] for record in RECORDS]
    path.write_bytes((desk / "never.json").read_bytes())
    before = len(dedup.find(texts, model=str(path)).clusters)
    path.write_bytes(MODEL_PATH.read_bytes())

    assert (before, len(dedup.find(texts, model=str(path)).clusters)) == (0, 1)
