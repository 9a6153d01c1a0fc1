"""A sweep gives at each threshold what a run at that threshold would give."""

import csv
import io
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from dedup.cli.group import group
from dedup.corpus import build_corpus
from dedup.errors import InputError
from dedup.evaluation import evaluate
from dedup.labels import PairLabels, read_labels
from dedup.pipeline import labels_at, run
from dedup.read import ReadOptions, read_articles
from dedup.settings import Settings
from dedup.sweep import sweep

HERE = Path(__file__).parent
ARTICLES = HERE / "corpus" / "articles.jsonl"
GRID = [step / 20 for step in range(1, 20)]


@pytest.fixture(scope="module")
def corpus():
    return build_corpus(read_articles([str(ARTICLES)], ReadOptions()))


@pytest.fixture(scope="module")
def findings(corpus):
    found = run(corpus, Settings())
    return replace(found, p=found.p[:, :1] ** [1, 0.5, 0.25])


def labels_of(kind):
    return read_labels(HERE / "corpus" / f"{kind}.csv")


def invoked(*args):
    return CliRunner().invoke(group, ["sweep", str(ARTICLES), *args])


@pytest.fixture(scope="module")
def swept(corpus, findings):
    """Sweep a made-up river: rows 3 and 4 are always joined, rows 0 to 2 below a threshold of 0.3."""

    def labels_at(threshold):
        rows = np.arange(len(corpus), dtype=np.int32)
        rows[4] = 3
        rows[:3] = 0 if threshold < 0.3 else rows[:3]
        return rows

    def swept(labels=None, level="near", threshold=0.5, labels_at=labels_at):
        return sweep(corpus, findings, labels, level=level, threshold=threshold, labels_at=labels_at)

    return swept


def test_clusters_are_counted_at_each_threshold_and_the_one_in_use_is_marked(swept):
    found = swept()

    assert [row.threshold for row in found.rows] == GRID
    assert [row.threshold for row in found.rows if row.in_use] == [0.5]
    assert {(row.threshold < 0.3, row.n_clusters, row.n_joined, row.largest) for row in found.rows} == {
        (True, 2, 5, 3),
        (False, 1, 2, 2),
    }
    assert {row.f1 for row in found.rows} == {row.cluster_f1 for row in found.rows} == {None}
    assert found.best("f1") is found.best("cluster_f1") is found.labels is None


def test_a_threshold_between_two_steps_gets_a_row_in_its_place(swept):
    found = swept(threshold=0.333)

    assert [row.threshold for row in found.rows] == sorted([*GRID, 0.333])
    assert [row.threshold for row in found.rows if row.in_use] == [0.333]


def test_where_nothing_is_joined_the_largest_cluster_is_empty(swept):
    found = swept(labels_at=lambda _: np.arange(4, dtype=np.int32))

    assert {(row.n_clusters, row.n_joined, row.largest) for row in found.rows} == {(0, 0, 0)}


@pytest.mark.parametrize("level", ["near", "story"])
@pytest.mark.parametrize("kind", ["clusters", "pairs"])
def test_each_row_has_the_figures_of_an_evaluation_at_its_threshold(swept, corpus, findings, level, kind):
    labels, near = labels_of(kind), findings.labels["near"]
    measure = {"clusters": "bcubed_f1", "pairs": "pair_f1"}[kind]

    def labels_at(threshold):
        return np.where(near % 20 < threshold * 20, near, np.arange(len(corpus)))

    found = swept(labels, level, labels_at=labels_at)
    told = []
    for row in found.rows:
        clustered = replace(findings, labels={**findings.labels, level: labels_at(row.threshold)})
        alone = evaluate(corpus, clustered, labels, level=level, threshold=row.threshold)
        told.append((alone.pairs.precision, alone.pairs.recall, alone.pairs.f1, getattr(alone.clusters, measure)))

    assert [(row.precision, row.recall, row.f1, row.cluster_f1) for row in found.rows] == told
    assert len(set(told)) > 5
    assert found.labels == alone.labels
    assert found.best("cluster_f1") in [
        row.threshold for row in found.rows if row.cluster_f1 == max(f1 for *_, f1 in told)
    ]


def test_of_thresholds_as_good_the_closest_to_the_one_in_use_is_best(swept):
    found = swept(labels_of("pairs"))
    rows = [replace(row, f1=0.9 if row.threshold in (0.05, 0.35, 0.9) else 0.8, cluster_f1=0.7) for row in found.rows]
    tied = replace(found, rows=tuple(rows))

    assert (tied.best("f1"), tied.best("cluster_f1")) == (0.35, 0.5)


def test_what_the_labels_leave_out_is_noted(swept, corpus):
    labels = PairLabels("pairs.csv", (corpus.ids[0], "gone"), (corpus.ids[1], "lost"), np.array([True, False]))
    found = swept(labels)

    assert "2 labelled ids are not in the corpus; their labels are left out" in found.notes


def test_labels_of_another_corpus_are_refused(swept):
    labels = PairLabels("pairs.csv", ("gone",), ("lost",), np.array([True]))

    with pytest.raises(InputError, match="no scored label speaks of articles in the corpus"):
        swept(labels)


def test_the_record_is_plain_json(swept):
    found = swept(labels_of("clusters"))
    record = found.as_dict()

    assert record == json.loads(json.dumps(record, allow_nan=False))
    assert list(record) == ["level", "labels", "best", "rows", "notes"]
    assert record["rows"][0] == asdict(found.rows[0])
    assert record["best"] == {"f1": found.best("f1"), "cluster_f1": found.best("cluster_f1")}


@pytest.mark.parametrize(("level", "used"), [("near", 0.5), ("event", 0.5), ("story", 0.5)])
def test_the_command_clusters_anew_at_each_threshold(level, used):
    shown = invoked("--json", "--level", level, "--labels", str(HERE / "corpus" / "clusters.csv"))
    rows = json.loads(shown.output)["rows"]
    joined = {}
    for threshold in (0.05, 0.5, 0.95):
        command = ["cluster", str(ARTICLES), "--level", level, "--threshold", str(threshold), "--json"]
        alone = CliRunner().invoke(group, command)
        clusters = [json.loads(line)[level] for line in alone.output.splitlines()]
        joined[threshold] = sum(clusters.count(name) > 1 for name in clusters)

    assert shown.exit_code == 0
    assert joined == {row["threshold"]: row["n_joined"] for row in rows if row["threshold"] in joined}
    assert len(set(joined.values())) > 1
    assert [row["threshold"] for row in rows if row["in_use"]] == [used]


@pytest.mark.parametrize("level", ["near", "event", "story"])
def test_labels_at_a_threshold_are_those_of_a_run_at_it(corpus, level):
    found, seen = run(corpus, Settings(level=level)), set()
    for threshold in (0.05, 0.3, 0.95):
        alone = run(corpus, Settings(level=level, threshold=threshold)).labels[level]
        np.testing.assert_array_equal(labels_at(found, level, threshold), alone)
        seen.add(len(set(alone.tolist())))

    assert len(seen) > 1


def test_the_command_takes_a_threshold_and_writes_csv():
    shown = invoked("-f", "csv", "--threshold", "0.42")
    rows = list(csv.DictReader(io.StringIO(shown.output)))

    assert shown.exit_code == 0
    assert [row["threshold"] for row in rows if row["in_use"] == "True"] == ["0.42"]
    assert list(rows[0]) == [
        "threshold", "in_use", "n_clusters", "n_joined", "largest", "precision", "recall", "f1", "cluster_f1",
    ]  # fmt: skip
    assert rows[0]["cluster_f1"] == ""


def test_notes_on_labels_go_beside_the_csv(tmp_path):
    labels = tmp_path / "labels.csv"
    labels.write_text("id_a,id_b,label\nastrolabe,astrolabe-ocr3,1\nastrolabe,nowhere,1\n")
    shown = invoked("-f", "csv", "--labels", str(labels))

    assert "note: 1 labelled ids are not in the corpus" in shown.stderr
    assert shown.stdout.startswith("threshold,")


def test_the_table_ends_with_where_f1_is_best():
    shown = invoked("--labels", str(HERE / "corpus" / "pairs.csv"))

    assert shown.exit_code == 0
    assert "0.50 <" in shown.output
    assert "F1 is best for pairs at " in shown.output.splitlines()[-2]


def test_equal_texts_have_no_threshold():
    shown = invoked("--level", "exact")

    assert shown.exit_code == 2
    assert "near, event or story" in shown.output
