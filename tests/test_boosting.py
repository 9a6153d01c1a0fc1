"""Models grown from labelled pairs: they learn what is there, keep their directions, and survive the file."""

import importlib
import json
from pathlib import Path

import numpy as np
import pytest

from dedup import boosting
from dedup.measures import COLUMN, MEASURES
from dedup.rank import RELATIONS, load_model

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"
ROWS = 4000


@pytest.fixture
def shipped_model(monkeypatch):
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    return importlib.import_module("shipped_model")


@pytest.fixture
def plan():
    return boosting.Plan(
        singles={"jaccard": ((0.25, 0.5, 0.75), 1), "names": ((0.3, 0.6), 0), "days": ((2.0, 9.0), -1)},
        doubles=(("jaccard", "days"),),
        coarse={"jaccard": (0.5,)},
        rounds=60,
        step=0.2,
        freed={"jaccard x days": (0, 0)},
    )


@pytest.fixture
def sample():
    """Return evidence, labels and weights; likeness makes a pair likelier, days less so, and some values are unknown."""
    rng = np.random.default_rng(7)
    evidence = np.full((ROWS, len(MEASURES)), np.nan, np.float32)
    evidence[:, COLUMN["jaccard"]] = rng.random(ROWS)
    evidence[:, COLUMN["names"]] = rng.random(ROWS)
    evidence[:, COLUMN["days"]] = np.where(rng.random(ROWS) < 0.2, np.nan, rng.integers(0, 20, ROWS))
    days = np.nan_to_num(evidence[:, COLUMN["days"]], nan=5.0)
    log_odds = 8 * (evidence[:, COLUMN["jaccard"]] - 0.5) - 0.2 * (days - 5)
    return evidence, rng.random(ROWS) < 1 / (1 + np.exp(-log_odds)), np.ones(ROWS)


def test_a_model_learns_the_odds_the_pairs_were_drawn_with(plan, sample):
    evidence, truth, weight = sample
    odds = boosting.boosted(plan, evidence, truth, weight).log_odds(evidence)
    p = 1 / (1 + np.exp(-odds))

    assert p.mean() == pytest.approx(truth.mean(), abs=0.01)
    assert p[truth].mean() > p[~truth].mean() + 0.3
    for low in (0.0, 0.25, 0.5, 0.75):
        some = (p >= low) & (p < low + 0.25)
        assert p[some].mean() == pytest.approx(truth[some].mean(), abs=0.05)


def test_tables_of_one_measure_keep_their_direction_and_an_idle_measure_says_little(plan, sample):
    tables = {table.name: table.points for table in boosting.boosted(plan, *sample).tables}

    assert (np.diff(tables["jaccard"][1:]) >= 0).all()
    assert (np.diff(tables["days"][1:]) <= 0).all()
    assert np.ptp(tables["jaccard"][1:]) > 2
    assert np.ptp(tables["names"][1:]) < 0.6


def test_a_pair_of_more_weight_counts_for_more(plan, sample):
    evidence, truth, weight = sample
    plain, heavy = (boosting.boosted(plan, evidence, truth, w) for w in (weight, np.where(truth, 5.0, 1.0)))

    assert heavy.log_odds(evidence).mean() > plain.log_odds(evidence).mean() + 1


def test_centring_moves_points_into_the_base_and_changes_no_odds(plan, sample):
    evidence = sample[0]
    tables = [table for table, _ in boosting.blank_tables(plan)]
    for k, table in enumerate(tables):
        table.points[...] = np.random.default_rng(k).normal(size=table.points.shape)
    before = 1.5 + sum(table.read(evidence) for table in tables)
    centred = boosting.centred(1.5, tables, evidence)

    np.testing.assert_allclose(centred.log_odds(evidence), before)
    assert all(abs(table.read(evidence).mean()) < 1e-9 for table in centred.tables)


def test_a_model_written_to_its_file_is_read_back_and_leaves_the_others_alone(
    shipped_model, plan, sample, tmp_path, monkeypatch
):
    path = tmp_path / "model.json"
    monkeypatch.setattr(shipped_model, "MODEL_PATH", path)
    fitted = boosting.boosted(plan, *sample)
    for name in RELATIONS:
        shipped_model.update_model({name: fitted}, {name: 0.5}, {name: {"pairs": ROWS}})
    before = json.loads(path.read_text(encoding="utf-8"))
    shipped_model.update_model({"event": fitted}, {"event": 0.4}, {})
    after = json.loads(path.read_text(encoding="utf-8"))
    model = load_model(path)

    assert before["relations"] == after["relations"]
    assert model.thresholds == {"near": 0.5, "event": 0.4, "story": 0.5}
    assert model.record == {name: {"pairs": ROWS} for name in RELATIONS}
    evidence = sample[0]
    np.testing.assert_allclose(model.relations["story"].log_odds(evidence), fitted.log_odds(evidence), atol=1e-3)
