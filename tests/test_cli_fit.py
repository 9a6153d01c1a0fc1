"""Fitting from the command line: figures before and after, a model file the other commands take, or a plain no."""

import csv
import json
import re
from pathlib import Path

import pytest

from dedup.rank import load_model
from tests.running import dedup

CORPUS = Path(__file__).parent / "corpus"
STORIES = Path(__file__).parent / "corpus_stories"
ARTICLES, CLUSTERS, PAIRS = (CORPUS / name for name in ("articles.jsonl", "clusters.csv", "pairs.csv"))


def fit(*args):
    ran = dedup("fit", *args, "--json")
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout), ran.stderr


@pytest.fixture
def target(tmp_path):
    return tmp_path / "model.json"


def test_labels_that_bear_out_a_change_give_a_model_that_bench_is_better_with(target):
    record, told = fit(CORPUS / "events.csv", ARTICLES, "-o", target, "--level", "event")
    bench = ("bench", ARTICLES, "--labels", CORPUS / "events.csv", "--level", "event", "--json")
    before, after = (json.loads(dedup(*bench, *more).stdout)["pairs"] for more in ([], ["--model", target]))

    assert record["written"] == record["change"] == record["best"] != "nothing"
    assert record["gain"] > record["gain_error"]
    assert f"{target} is written; use it with --model {target}" in told
    assert after["threshold"] == record["tried"][record["change"]]["threshold"] != before["threshold"]
    assert after["f1"] > before["f1"]


@pytest.fixture(scope="module")
def agreeing(tmp_path_factory):
    """Labels of pairs the shipped model judges right, which it can learn nothing from."""
    told = map(json.loads, dedup("pairs", ARTICLES, "-f", "jsonl").stdout.splitlines())
    found = {frozenset((pair["a"], pair["b"])) for pair in told}
    path = tmp_path_factory.mktemp("labels") / "agreeing.csv"
    with PAIRS.open(encoding="utf-8", newline="") as lines, path.open("w", encoding="utf-8", newline="") as out:
        kept = csv.writer(out)
        kept.writerow(("id_a", "id_b", "label"))
        for row in csv.DictReader(lines):
            if (row["label"] == "1") == (frozenset((row["id_a"], row["id_b"])) in found):
                kept.writerow(row.values())
    return path


def test_labels_that_bear_out_none_say_so_and_write_nothing_unless_forced(agreeing, target):
    record, told = fit(agreeing, ARTICLES, "-o", target)

    assert record["change"] == record["written"] == "nothing"
    assert "no model is written" in told
    assert not target.exists()

    forced, _ = fit(agreeing, ARTICLES, "-o", target, "--force")

    assert (forced["change"], forced["written"]) == ("nothing", forced["best"])
    assert load_model(target).record["near"]["borne_out"] is False


def test_the_table_shows_before_and_after_and_what_is_made_of_them(agreeing, target):
    ran = dedup("fit", agreeing, ARTICLES, "-o", target)
    lines = ran.stdout.splitlines()

    assert re.match(r"level near: \d+ labelled candidates in \d+ groups, \d+ that belong together", lines[0])
    assert [line.split("  ")[0] for line in lines[2:6]] == [
        "cross-validated", "as it is", "new threshold", "fitted tables"
    ]  # fmt: skip
    assert "these labels bear out no change" in " ".join(ran.stdout.split())


def test_the_model_says_what_it_was_made_of_and_leaves_the_other_relations_alone(target):
    fit(PAIRS, ARTICLES, "-o", target, "--force")
    shipped, fitted = load_model(), load_model(target)
    record = fitted.record["near"]

    assert (record["labels"], record["from"]) == ("pairs.csv", shipped.record["near"])
    assert record["pairs"] > record["positive"] > 0
    for level in ("event", "story"):
        assert fitted.record[level] == shipped.record[level]
        assert fitted.thresholds[level] == shipped.thresholds[level]
        assert fitted.relations[level].base == shipped.relations[level].base


def test_only_the_threshold_is_fitted_where_that_is_asked_for(target):
    record, _ = fit(CLUSTERS, ARTICLES, "-o", target, "--only-threshold", "--force")
    shipped, fitted = load_model().relations["near"], load_model(target).relations["near"]

    assert list(record["tried"]) == ["nothing", "threshold"]
    assert all((a.points == b.points).all() for a, b in zip(shipped.tables, fitted.tables, strict=True))


def test_a_fit_starts_from_the_model_given(tmp_path):
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    one, _ = fit(CLUSTERS, ARTICLES, "-o", first, "--force")
    two, _ = fit(CLUSTERS, ARTICLES, "-o", second, "--force", "--model", first)

    assert two["tried"]["nothing"]["threshold"] == one["tried"][one["written"]]["threshold"]
    assert load_model(second).record["near"]["from"] == load_model(first).record["near"]


def test_the_same_labels_give_the_same_file_in_any_order(tmp_path):
    rows = list(csv.DictReader(PAIRS.read_text(encoding="utf-8").splitlines()))
    turned = tmp_path / "turned.csv"
    with turned.open("w", newline="") as out:
        writer = csv.DictWriter(out, ["label", "id_a", "id_b"])
        writer.writeheader()
        writer.writerows({"label": r["label"], "id_a": r["id_b"], "id_b": r["id_a"]} for r in reversed(rows))
    lines = ARTICLES.read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "turned.jsonl").write_text("".join(reversed(lines)), encoding="utf-8")
    written = []
    for labels, articles, name in ((PAIRS, ARTICLES, "a"), (turned, tmp_path / "turned.jsonl", "b")):
        fit(labels, articles, "-o", tmp_path / name, "--force", "--threads", "1" if name == "a" else "2")
        written.append((tmp_path / name).read_text().replace("turned.csv", "pairs.csv"))

    assert written[0] == written[1]


def test_a_corpus_of_stories_can_be_fitted_to(target):
    record, _ = fit(STORIES / "clusters.csv", STORIES / "articles.jsonl", "-o", target, "--level", "event")

    assert record["level"] == "event"
    assert record["pairs"] >= 30
    assert record["missed"] == 0


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["few.csv", ARTICLES, "-o", "m.json"], 3, "few.csv: 1 labelled pair of different texts among the candidates here"),
        (["none.csv", ARTICLES, "-o", "m.json"], 3, "none.csv: no scored label; wanted at least one"),
        (["strange.csv", ARTICLES, "-o", "m.json"], 3, "no scored label speaks of articles in the corpus"),
        (["missing.csv", ARTICLES, "-o", "m.json"], 5, "missing.csv: No such file"),
        ([CLUSTERS, ARTICLES, "-o", "no/such/model.json"], 5, "no/such: No such file"),
        ([CLUSTERS, ARTICLES, "-o", "-"], 2, "standard output holds the figures"),
        ([CLUSTERS, ARTICLES], 2, "Missing option '-o'"),
        ([CLUSTERS, ARTICLES, "-o", "m.json", "--level", "exact"], 2, "'exact' is not one of"),
        ([CLUSTERS, ARTICLES, "-o", "m.json", "--folds", "27"], 3, "26 groups connected with each other, too few for 27"),
    ],
)  # fmt: skip
def test_what_cannot_be_fitted_is_one_sentence(args, code, words, tmp_path):
    (tmp_path / "few.csv").write_text("id_a,id_b,label\nherons,herons-roundup,1\nherons,rate,0\n")
    (tmp_path / "none.csv").write_text("id_a,id_b,label\n")
    (tmp_path / "strange.csv").write_text("id_a,id_b,label\nx,y,1\n")
    ran = dedup("fit", *args, cwd=tmp_path)

    assert (ran.returncode, ran.stdout) == (code, "")
    assert words in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "m.json").exists()


def test_an_old_model_stays_where_a_fit_fails(target):
    target.write_text("mine")

    assert dedup("fit", CLUSTERS, ARTICLES, "-o", target, "--folds", "28").returncode == 3
    assert target.read_text() == "mine"


def test_a_folder_is_refused_as_the_place_of_the_model_before_any_work(tmp_path):
    ran = dedup("fit", PAIRS, ARTICLES, "-o", tmp_path)

    assert ran.returncode == 2
    assert "a folder; name a file" in ran.stderr
