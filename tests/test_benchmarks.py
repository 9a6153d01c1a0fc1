"""The benchmark scripts run, small; what they compute beside the clock is right."""

from __future__ import annotations

import csv
import importlib
import json
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

import dedup
from dedup.measures import COLUMN, MEASURES
from dedup.rank import MODEL_PATH, load_model
from dedup.settings import EVENT_DAYS

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
STORIES, COPIES = (Path(__file__).parent / name for name in ("corpus_stories", "corpus"))


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


def test_a_quick_scale_run_measures_growth_and_every_pile_and_changes_no_file(bench, monkeypatch, capsys):
    published = bench("tables").README
    before = published.read_text()
    monkeypatch.setattr(sys, "argv", ["scale.py", "--quick"])
    monkeypatch.setattr(bench("measure"), "_pin", lambda _: None)
    monkeypatch.setattr(bench("scale"), "measure", bench("measure").run_job)  # no fresh process for each of eight jobs

    bench("scale").main()

    shown = capsys.readouterr().out
    assert shown.count("CPU time grows as n^") == 2
    assert "| 2,000, dated |" in shown
    assert [f"| {name} |" in shown for name in bench("scale").PILES] == [True] * 4
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


def test_an_article_with_its_date_hidden_keeps_the_rest_and_if_shortened_its_first_words(bench):
    more = bench("more_pairs")
    row = {"id": "ferry", "title": "Ferry late", "text": "  The ferry\nwas late. " * 100, "date": "2031-02-04"}
    short = more.undated(row, short=True)
    n_words = len(short["text"].split())

    assert more.undated(row, short=False) == {name: value for name, value in row.items() if name != "date"}
    assert short == more.undated(row, short=True)
    assert row["text"].startswith(short["text"])
    assert more.OPENING[0] <= n_words <= more.OPENING[1]
    assert n_words != len(more.undated(row | {"id": "ferry-2"}, short=True)["text"].split())
    assert [more.undated(row | {"text": text}, short=True)["text"] for text in ("", " ", "late")] == ["", "", "late"]


@pytest.mark.parametrize("short", [False, True], ids=["whole", "shortened"])
def test_pairs_with_hidden_dates_are_measured_without_them_and_their_days_kept_apart(bench, short):
    news = bench("data").NewsSet(STORIES)
    hidden = bench("more_pairs").hidden_pairs(news, set(), short=short)

    assert len(hidden.days) > 20
    assert np.isnan(hidden.evidence[:, COLUMN["days"]]).all()
    assert (hidden.evidence[:, COLUMN["subject"]] >= bench("more_pairs").LIKE).all()
    assert hidden.days.min() == 0
    assert 0 < np.median(hidden.days) < 400


def test_articles_that_begin_like_a_labelled_one_give_no_pairs_with_hidden_dates(bench):
    more, news = bench("more_pairs"), bench("data").NewsSet(STORIES)
    openings = {more.opening_letters(row) for row in news.articles()}
    some = set(sorted(openings)[::2])

    assert len(more.hidden_pairs(news, openings, short=False).days) == 0
    assert len(more.hidden_pairs(news, some, short=False).days) < len(more.hidden_pairs(news, set(), short=False).days)
    assert more.opening_letters({"text": "Once, upon\na time"}) == more.opening_letters({"text": "Once upon a -time"})


def test_hidden_dates_are_told_by_a_model_that_sees_them_and_no_event_is_longer_than_events_are(bench):
    more = bench("more_pairs")
    known = more.hidden_pairs(bench("data").NewsSet(STORIES), set(), short=False).evidence
    teacher = load_model(MODEL_PATH).relations["event"]
    today, week, later = (
        more.told_by_dates(teacher, more.Hidden(known, np.full(len(known), days))) for days in (0, 7, 8)
    )

    assert today.mean() > week.mean() + 0.1
    assert (today > week).any()
    assert week.max() > 0
    assert later.max() == 0
    assert np.isnan(known[:, COLUMN["days"]]).all()


def test_small_piles_have_no_dates_no_pairs_across_them_and_the_folds_of_the_whole(bench):
    labelled_pairs = bench("labelled_pairs")
    news = bench("data").NewsSet(STORIES)
    sample = labelled_pairs.sample_of(news, news.articles())
    whole, piles = sample.labelled, labelled_pairs.in_piles(news, sample.places, short=False)
    of_one_event = [sorted(part.folds[part.truth["event"] == 1].tolist()) for part in (piles, whole)]

    assert np.isnan(piles.evidence[:, COLUMN["days"]]).all()
    assert not np.isnan(whole.evidence[:, COLUMN["days"]]).all()
    assert 0 < len(piles.evidence) < len(whole.evidence)
    assert of_one_event[0] == of_one_event[1] != []


def test_where_some_dates_are_hidden_one_of_a_pair_is_and_the_pile_around_it_may_tell(bench):
    found = bench("more_pairs").hidden_pairs(bench("data").NewsSet(STORIES), set(), share=0.3).evidence

    assert len(found) > 0
    assert np.isnan(found[:, COLUMN["days"]]).all()


def test_a_fit_learns_from_pairs_with_hidden_dates_what_days_apart_look_like(bench):
    fitting = bench("fit_stories")
    news = bench("data").NewsSet(STORIES)
    labelled = {"allsides_story": bench("labelled_pairs").sample_of(news, news.articles()).labelled}
    hidden = bench("more_pairs").hidden_pairs(news, set(), short=False)
    far = hidden._replace(days=np.full(len(hidden.days), 99))
    alone, taught = (
        fitting.fit("event", fitting.Material(labelled, {}, more)).log_odds(hidden.evidence).mean()
        for more in ([], [(far, 0.2)])
    )

    assert taught < alone - 0.1


def test_what_fills_a_frame_is_learned_from_pairs_of_frames_and_speaks_against_alone(bench):
    fitting = bench("fit_stories")
    news = bench("data").NewsSet(STORIES)
    labelled = {"allsides_story": bench("labelled_pairs").sample_of(news, news.articles()).labelled}
    evidence = np.full((400, len(MEASURES)), np.nan, np.float32)
    evidence[:, COLUMN["subject"]] = 0.6
    evidence[:, COLUMN["containment"]] = 0.5
    evidence[:, COLUMN["names_in_place"]] = np.arange(400) % 2
    truth = np.arange(400) % 2
    folds = np.zeros((400, 2), np.int64)
    framed = {"frames": bench("labelled_pairs").Labelled(evidence, {"event": truth, "story": truth}, folds)}
    before, after = (
        fitting.fit("event", fitting.Material(labelled, frames, [])).log_odds(evidence[:2]) for frames in ({}, framed)
    )

    assert after[0] < before[0] - 1
    assert after[1] <= before[1]


def test_pairs_of_frames_are_apart_in_truth_and_of_one_month_or_undated_to_the_eye(bench):
    more = bench("more_pairs")
    news = bench("data").NewsSet(COPIES)
    near = load_model(MODEL_PATH).relations["near"]
    dated, undated = (more.framed_pairs(news, near, dated=dated) for dated in (True, False))

    assert dated.copies.any()
    assert 0 < undated.copies.sum() < len(undated.copies)
    assert (undated.evidence[:, COLUMN["containment"]] > 0).all()
    assert not (dated.evidence[~dated.copies, COLUMN["days"]] > EVENT_DAYS).any()
    assert np.isnan(undated.evidence[:, COLUMN["days"]]).all()


def bulletins(folder, days):
    """Write a set of weekly bulletins, of which the ``days`` given carry their date, and of one text printed twice."""
    body = (
        "Ships handled at the port of Vask in the week to {0} came to {1} tonnes, the harbour board said. Grain, which "
        "makes up the largest part of what passes the quays, came to {2} tonnes and timber to {3} tonnes. The board said "
        "that its figures may be revised when the customs office has closed its books."
    )
    rows = [
        {"id": f"week {day}", "title": "Port traffic at Vask", "text": body.format(day, day * 91, day * 37, day * 23)}
        for day in (3, 10, 17, 24)
    ]
    told = " ".join(f"The ferry{word} was late again on a calm day." for word in ("", " of the bay", " to Merrow"))
    rows += [{"id": f"told {k}", "title": "Ferry late", "text": told + ("" if k else " More soon.")} for k in range(2)]
    dated = [row | ({"date": f"2031-01-{day:02}"} if day in days else {}) for row, day in zip(rows, days, strict=True)]
    (folder / "articles.jsonl").write_text("\n".join(json.dumps(row) for row in dated))


def test_bulletins_are_more_than_a_week_apart_and_dated_as_copies_are_or_not_at_all(bench, tmp_path):
    series = bench("series")
    bulletins(tmp_path, (3, 10, 17, 24, 5, 5))
    found = series.series_of(bench("data").NewsSet(tmp_path))
    near = load_model(MODEL_PATH).relations["near"]
    evidence, truth, weight = series.told_apart(found, near, (1, 2), 100.0)
    days = evidence[:, COLUMN["days"]]

    assert sorted(found.apart.tolist()) == [0, 14, 14, 21]
    assert set(days[~truth & ~np.isnan(days)].tolist()) <= {1, 2}
    assert np.isnan(days[~truth]).sum() == 3
    assert truth.sum() == 2
    assert np.isnan(days[truth]).sum() == 1
    assert weight[~truth].sum() == pytest.approx(100 * series.SERIES_WEIGHT)
    assert weight[truth].sum() == pytest.approx(100 * series.SERIES_WEIGHT * series.COPIES_WEIGHT)
    assert len(set(found.component[found.apart > 0].tolist())) == 1
    assert len(set(found.component.tolist())) == 2


def test_pairs_of_a_crowd_are_those_of_a_file_or_of_labelled_articles_that_are_candidates(bench, tmp_path):
    part = bench("data").NewsSet(STORIES)
    found = dedup.find(part.articles(), level="story")
    pairs = [tuple(sorted((pair.a, pair.b))) for pair in found.pairs][:3]
    rows = [
        (*pairs[2], "2", "1", "7.5"),
        (*pairs[0], "3", "", "1"),
        ("nobody", "x", "1", "", "1"),
        (*pairs[1][::-1], "1", "", "2"),
    ]
    lines = ["id_a,id_b,grade,second_grade,stands_for", *(",".join(row) for row in rows)]
    (tmp_path / "graded.csv").write_text("\n".join(lines))
    crowd = bench("crowd").Crowd(part)
    graded = crowd.of_file(tmp_path / "graded.csv")

    assert graded.ids == [pairs[2], pairs[0], pairs[1]]
    assert graded.events.tolist() == [1, 0, 1]
    assert graded.stands_for.tolist() == [7.5, 1, 2]
    assert (graded.evidence[:, COLUMN["subject"]] > 0).all()
    for (one, block), (other, its) in combinations(zip(graded.ids, graded.blocks, strict=True), 2):
        assert (block == its) or not set(one) & set(other)
    assert not crowd.of_clusters().ids


def test_labelled_articles_are_looked_at_among_all_others(bench):
    part, labelled = (bench("data").NewsSet(folder) for folder in (STORIES, COPIES))
    crowd = bench("crowd").Crowd(part, labelled)
    pairs = crowd.of_clusters()
    clusters = labelled.clusters()

    assert set(crowd.corpus.ids) == {row["id"] for each in (part, labelled) for row in each.articles()}
    assert pairs.events.tolist() == [clusters[a] == clusters[b] for a, b in pairs.ids]
    assert 0 < pairs.events.sum() < len(pairs.events)


@pytest.mark.parametrize("name", ["GRADED_FILE", "UNLIKE_FILE"])
def test_the_graded_pairs_that_ship_are_whole(bench, name):
    with getattr(bench("crowd"), name).open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    pairs = [(row["id_a"], row["id_b"]) for row in rows]

    assert pairs == sorted(set(pairs))
    assert all(a < b for a, b in pairs)
    assert {row["grade"] for row in rows} <= set("1234" if name == "GRADED_FILE" else "4")
    assert {row["second_grade"] for row in rows} <= {"", *"1234"}
    assert all(float(row["stands_for"]) >= 1 for row in rows)


def test_graded_pairs_are_scored_as_often_as_they_stand_for_others(bench):
    part = bench("labelled_pairs").Labelled(np.zeros((4, 1)), {"event": np.array([1, 0, 1, 0])}, np.zeros((4, 2)))
    figures = bench("story_report").report_graded(part, np.array([3.0, 1, 2, 4]), np.array([0.9, 0.8, 0.4, 0.1]), 0.5)

    assert figures["precision"] == 3 / 4
    assert figures["recall"] == 3 / 5
    assert figures["average_precision"] == pytest.approx((3 * 1 + 2 * 5 / 6) / 5)


def test_a_set_in_piles_weighs_a_share_of_the_set_itself(bench):
    fitting = bench("fit_stories")
    whole, piled = (fitting.weight_of("event", name) for name in ("ecbplus", "ecbplus, shortened"))

    assert 0 < piled < whole / 2
