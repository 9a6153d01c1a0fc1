"""How a run ends where a person looks: what it says then, and that nobody else meets it."""

import json
import os
import pty
import shlex
import subprocess
import sys

import pytest

from dedup.cli.group import group
from dedup.cli.next_steps import step

NEWS = (
    "The harbour board of Port Ellery voted on Tuesday to close the old fish market after 112 years. "
    "Traders were told that the hall is no longer safe and that a new one will open behind the ferry station. "
    "Chairwoman Ines Okafor said the decision had been put off three times and could not wait for another winter. "
)
RECORDS = [
    {"key": "it's one", "text": NEWS, "title": "Fish market to close", "outlet": "Post"},
    {"key": "-two", "text": NEWS + "The ferry company agreed.", "title": "Old hall shuts", "outlet": "Wire"},
]
LABELS = "id,cluster\nit's one,1\n-two,1\n"


@pytest.fixture
def feed(tmp_path, monkeypatch):
    """A folder with a feed whose name, ids and fields need care, and labels for it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my feed.jsonl").write_text("".join(json.dumps(record) + "\n" for record in RECORDS))
    (tmp_path / "labels.csv").write_text(LABELS)


def on_terminal(*args, stdout=None):
    """Return what a command writes to a terminal; stdout goes elsewhere if it is given."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "dedup", *args]
    env = {**os.environ, "TERM": "xterm", "NO_COLOR": "1"}
    env.pop("COLUMNS", None)
    running = subprocess.Popen(command, stdin=theirs, stdout=stdout or theirs, stderr=theirs, env=env)
    os.close(theirs)
    seen = b""
    while True:
        try:
            block = os.read(ours, 4096)
        except OSError:  # the other end was closed
            break
        if not block:
            break
        seen += block
    os.close(ours)
    running.wait(timeout=60)
    return seen.decode().replace("\r\n", "\n")


def steps_in(shown):
    """Return the command lines under the last words of a run, each as its arguments."""
    return [shlex.split(line[line.index("  dedup ") :]) for line in shown.splitlines() if "  dedup " in line]


@pytest.mark.usefixtures("feed")
@pytest.mark.parametrize(
    ("args", "names"),
    [
        (["cluster"], ["explain", "filter"]),
        (["pairs"], ["explain", "cluster", "pairs"]),
        (["filter", "-o", "kept.jsonl"], ["filter", "explain"]),
        (["clean"], ["clean", "cluster"]),
        (["bench", "--labels", "labels.csv"], ["bench", "sweep"]),
        (["sweep", "--labels", "labels.csv"], ["cluster", "bench"]),
    ],
    ids=lambda args: args[0],
)
def test_the_commands_a_run_ends_with_can_be_run(args, names):
    shown = on_terminal(args[0], "my feed.jsonl", *args[1:], "--id-field", "key", "--source-field", "outlet")
    steps = steps_in(shown)

    assert "done in " in shown
    assert set(names) <= {each[1] for each in steps}
    for each in steps:
        context = group.make_context("dedup", each[1:])
        inner = group.get_command(context, each[1]).make_context(each[1], each[2:], parent=context)
        assert (inner.params["id_field"], inner.params["source_field"]) == ("key", "outlet")
        assert "my feed.jsonl" in (*inner.params.get("paths", ()), *inner.params.get("corpus", ()))


@pytest.mark.usefixtures("feed")
def test_a_pair_is_named_by_its_ids_however_odd_they_are():
    [found] = [
        each for each in steps_in(on_terminal("pairs", "my feed.jsonl", "--id-field", "key")) if each[1] == "explain"
    ]
    ran = subprocess.run([sys.executable, "-m", *found], capture_output=True, text=True, timeout=60, check=False)

    assert found[-3:] == ["--", "-two", "it's one"]
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.usefixtures("feed")
def test_options_that_were_given_are_repeated_and_those_of_the_output_are_not():
    shown = on_terminal(
        "cluster", "my feed.jsonl", "--no-clean", "--threshold", "0.4", "--show", "1", "--level", "near"
    )
    steps = {each[1]: each for each in steps_in(shown)}

    assert steps["filter"][2:] == ["my feed.jsonl", "--threshold", "0.4", "--no-clean", "-o", "unique.jsonl"]
    assert steps["explain"][-5:] == ["--level", "near", "--threshold", "0.4", "--no-clean"]


@pytest.mark.usefixtures("feed")
@pytest.mark.parametrize(("given", "wanted"), [(["-o", "kept.jsonl"], "kept.jsonl"), ([], "unique.jsonl")])
def test_to_list_what_was_dropped_the_rest_goes_where_it_went(given, wanted):
    [found] = [each for each in steps_in(on_terminal("filter", "my feed.jsonl", *given)) if each[1] == "filter"]

    assert found[2:] == ["my feed.jsonl", "-o", wanted, "--dropped", "dropped.jsonl"]


@pytest.mark.usefixtures("feed")
def test_pipes_logs_and_pagers_meet_no_last_words(tmp_path):
    with (tmp_path / "out.txt").open("w") as out:
        beside_a_pipe = on_terminal("cluster", "my feed.jsonl", stdout=out)
    command = [sys.executable, "-m", "dedup", "cluster", "my feed.jsonl"]
    env = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    piped = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True, env=env)

    assert "done in" not in beside_a_pipe + piped.stdout + piped.stderr
    assert (tmp_path / "out.txt").read_text() == piped.stdout


@pytest.mark.usefixtures("feed")
def test_results_in_a_file_are_followed_by_the_last_words():
    shown = on_terminal("cluster", "my feed.jsonl", "--json", "-o", "out.jsonl")

    assert "done in " in shown
    assert len(steps_in(shown)) >= 2


def test_a_threshold_goes_along_to_its_own_level_only():
    command = group.get_command(None, "cluster")
    for threshold, level, repeated in (("0.4", "story", False), ("0.4", "near", True), ("0", "near", True)):
        with command.make_context("cluster", ["feed.jsonl", "--level", level, "--threshold", threshold]):
            _, line = step("words", "filter", level="near")
            assert (f"--threshold {float(threshold)}" in line) == repeated


def test_what_cannot_be_shown_or_read_again_is_no_step():
    command = group.get_command(None, "cluster")
    for paths, ids in ((["-"], ()), (["feed.jsonl"], ("a\x1b[2J", "b")), (["two  blanks.jsonl"], ())):
        with command.make_context("cluster", paths):
            assert step("words", "explain" if ids else "filter", ids) is None
    with command.make_context("cluster", ["feed.jsonl"]):
        assert step("words", "no-such-command") is None
        assert step("words", "filter") == ("words", "dedup filter feed.jsonl")
