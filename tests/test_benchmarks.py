"""The benchmark scripts run, small; what they compute beside the clock is right."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture
def bench(monkeypatch):
    """Import a benchmark module as its scripts do, and forget it afterwards."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    known = set(sys.modules)
    yield importlib.import_module
    for name in set(sys.modules) - known:
        if str(BENCHMARKS) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def quick_run(script):
    """Run a script with ``--quick`` and return what it prints."""
    command = [sys.executable, str(BENCHMARKS / script), "--quick"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_quick_speed_run_finds_pairs_with_ours_and_lists_what_is_not_installed(bench):
    missing = [tool.name for tool in bench("peers").TOOLS if not tool.installed]

    done = quick_run("speed.py")

    assert done.returncode == 0, done.stderr
    ours = next(line for line in done.stdout.splitlines() if line.startswith("| dedup"))
    assert int(ours.rstrip(" |").rsplit("|", 1)[1]) > 0
    assert [f"| {name} | not installed" in done.stdout for name in missing] == [True] * len(missing)


def test_a_quick_scale_run_measures_growth_and_every_pile_and_changes_no_file(bench):
    published = bench("tables").README
    before = published.read_text()

    done = quick_run("scale.py")

    assert done.returncode == 0, done.stderr
    assert done.stdout.count("CPU time grows as n^") == 2
    assert "| 2,000, dated |" in done.stdout
    assert [f"| {name} |" in done.stdout for name in bench("scale").PILES] == [True] * 4
    assert published.read_text() == before


def test_a_quick_run_of_stories_measures_ours_and_changes_no_file(bench):
    published = bench("tables").README
    before = published.read_text()

    done = quick_run("stories.py")

    assert done.returncode == 0, done.stderr
    assert "| dedup |" in done.stdout
    assert published.read_text() == before


def test_a_table_replaces_what_stood_between_its_marks_and_nothing_else(bench, tmp_path):
    page = tmp_path / "README.md"
    page.write_text("above\n<!-- speed -->\nold\n<!-- /speed -->\nbelow\n")

    bench("tables").put_tables({"speed": "new"}, page)

    assert page.read_text() == "above\n<!-- speed -->\nnew\n<!-- /speed -->\nbelow\n"


def test_a_table_without_a_place_is_refused(bench, tmp_path):
    page = tmp_path / "README.md"
    page.write_text("no marks\n")

    with pytest.raises(ValueError, match="no place for the table 'speed'"):
        bench("tables").put_tables({"speed": "new"}, page)


def test_the_growth_exponent_of_a_straight_line_is_one(bench):
    assert bench("scale").growth_exponent((1000, 10_000, 100_000), (2.0, 20.0, 200.0)) == pytest.approx(1)


def test_generated_articles_are_the_same_every_time(bench):
    generated = bench("generated")

    assert generated.growing_columns(200) == generated.growing_columns(200)
    assert generated.dated_columns(200) == generated.dated_columns(200)


def test_generated_piles_are_what_they_are_called(bench):
    generated = bench("generated")

    assert len(set(generated.identical_columns(50)["texts"])) == 1
    assert len(set(generated.bucket_columns(50)["texts"])) == 50
    assert len({text.splitlines()[-1] for text in generated.boilerplate_columns(50)["texts"]}) == 1


def test_a_set_gives_its_articles_clusters_and_judged_pairs(bench, tmp_path):
    rows = [{"id": name, "title": "", "text": name * 9} for name in ("a", "b", "c")]
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "pairs.csv").write_text("id_a,id_b,label\nb,a,1\nb,c,0\na,c,\n")

    news = bench("data").find_sets(tmp_path)[tmp_path.name]

    assert news.articles(2) == rows[:2]
    assert news.pairs() == {("a", "b"): True, ("b", "c"): False}
    assert news.clusters() == {}


def test_a_measured_job_hands_every_row_to_its_function_and_counts_processor_time(bench, tmp_path):
    data, measure = bench("data"), bench("measure")
    data.write_columns([{"text": "one two three four five " * 20, "title": "t"}] * 40, tmp_path / "columns.jsonl")

    taken = measure.measure(
        measure.Job("data:read_columns", {"path": str(tmp_path / "columns.jsonl")}, "peers.datasketch:run")
    )

    assert (taken.rows, taken.answer) == (40, 40 * 39 // 2)
    assert taken.cpu_seconds > 0


def test_a_job_that_fails_says_why(bench):
    measure = bench("measure")

    with pytest.raises(RuntimeError, match="no_such_file"):
        measure.measure(measure.Job("data:read_columns", {"path": "no_such_file"}, "peers.datasketch:run"))
