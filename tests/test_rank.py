"""The model: what the shipped tables may say, and that a score is the sum of what its reasons say."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.errors import InputError
from dedup.measures import COLUMN, MEASURES
from dedup.rank import MODEL_PATH, RELATIONS, Model, Relation, Table, load_model
from dedup.wording import SAID_OF, Waterfall, say_measure

RISING = (
    "jaccard", "containment", "runs", "vocabulary", "names", "numbers", "names_in_place", "numbers_in_place", "title"
)  # fmt: skip
FALLING = ("names_behind", "days")
FILLED = {f"containment x {name}" for name in ("names_in_place", "numbers_in_place", "names", "numbers", "actors")}
"""Of events and stories: the more wording two texts share, the more it says that it is filled otherwise."""

QUOTED = ("containment x runs", "runs")
"""Little wording in common is a misread copy where it lies scattered, and a quotation where it stands in runs."""

ROUNDING = 1e-4
"""Points are written with four decimals."""

SHIPPED = load_model()
TABLES = [table for relation in SHIPPED.relations.values() for table in relation.tables]
FRAMES = [t for name in ("event", "story") for t in SHIPPED.relations[name].tables if t.name in FILLED]

values = st.one_of(st.just(math.nan), st.floats(0, 1, width=32), st.sampled_from([0.0, 0.5, 0.97, 1.0, 366.0]))
evidence_rows = st.lists(values, min_size=len(MEASURES), max_size=len(MEASURES)).map(
    lambda row: np.array([row], np.float32)
)


def evidence(**known):
    row = np.full((1, len(MEASURES)), np.nan, np.float32)
    for name, value in known.items():
        row[0, COLUMN[name]] = value
    return row


def probabilities(model, rows, *, measured=True, judged=True):
    return model.probabilities(rows, np.full(len(rows), measured), np.full(len(rows), judged))


def steps_of(table):
    return Table(("jaccard",), (np.array([0.2, 0.5]),), np.array(table, float))


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_shipped_tables_fit_their_cuts_and_measures(table):
    assert set(table.measures) <= set(MEASURES)
    assert table.points.shape == tuple(len(edges) + 2 for edges in table.edges)
    assert np.isfinite(table.points).all()
    assert all((np.diff(edges) > 0).all() for edges in table.edges)


@pytest.mark.parametrize(
    "table",
    [t for t in TABLES if set(t.measures) <= {*RISING, *FALLING} and not any(t is frame for frame in FRAMES)],
    ids=lambda table: table.name,
)
def test_more_likeness_never_speaks_against_a_copy(table):
    for axis, measure in enumerate(table.measures):
        if (table.name, measure) == QUOTED:
            continue
        known = np.moveaxis(table.points, axis, 0)[1:]
        way = 1 if measure in RISING else -1

        assert (way * np.diff(known, axis=0) > -2 * ROUNDING).all()


@pytest.mark.parametrize("table", FRAMES, ids=lambda table: table.name)
def test_what_fills_shared_wording_only_speaks_against_and_the_more_the_more_is_shared(table):
    unknown, little, points = table.points[:, 0], table.points[:2], table.points[1:, 1:]

    assert len(FRAMES) == 2 * len(FILLED)
    assert not unknown.any()
    assert not little.any()
    assert (points <= 0).all()
    assert points.min() < -1
    assert (np.diff(points, axis=0) < 2 * ROUNDING).all()
    assert (np.diff(points, axis=1) > -2 * ROUNDING).all()


def test_every_measure_with_a_direction_has_a_table():
    assert {*RISING, *FALLING} <= {table.measures[0] for table in TABLES if len(table.measures) == 1}


@given(evidence_rows)
@settings(max_examples=60, deadline=None)
def test_a_score_is_the_base_and_the_sum_of_its_contributions(row):
    total = SHIPPED.relations["near"].base + SHIPPED.contributions("near", row)[0].sum()

    assert total == pytest.approx(SHIPPED.relations["near"].log_odds(row)[0])
    assert probabilities(SHIPPED, row)[0, 0] == pytest.approx(1 / (1 + math.exp(-total)))


def test_every_table_contributes_to_every_pair():
    rows = np.full((3, len(MEASURES)), np.nan, np.float32)

    assert SHIPPED.contributions("near", rows).shape == (3, len(SHIPPED.relations["near"].tables))


@given(evidence_rows, st.lists(st.floats(-9, 9), min_size=3, max_size=3), st.booleans(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_a_wider_relation_is_never_less_likely(row, bases, measured, judged):
    relations = {name: Relation(base, (steps_of([0, -3, 1, 3]),)) for name, base in zip(RELATIONS, bases, strict=True)}
    for model in (SHIPPED, Model(relations, {}, {}), Model({"near": relations["near"]}, {}, {})):
        p = probabilities(model, row, measured=measured, judged=judged)[0]

        assert 0 <= p[0] <= p[1] <= p[2] <= 1
        assert (p[0] > 0) == measured
        assert judged or p[0] == p[1] == p[2]


def test_what_was_not_measured_is_no_copy_and_what_was_not_judged_is_no_more_than_one():
    bases = dict(zip(RELATIONS, (-2.0, 0.0, 2.0), strict=True))
    model = Model({name: Relation(base, ()) for name, base in bases.items()}, {}, {})
    near, event, story = (1 / (1 + math.exp(-base)) for base in bases.values())
    rows = np.repeat(evidence(subject=0.5), 8, axis=0)
    rows[4:, COLUMN["subject"]] = math.nan
    measured, judged = np.array([True, True, False, False] * 2), np.array([True, False] * 4)
    wanted = [[near, event, story], [near] * 3, [0, event, story], [0] * 3, [near] * 3, [near] * 3, [0] * 3, [0] * 3]

    assert model.probabilities(rows, measured, judged) == pytest.approx(np.array(wanted))


def test_independent_reports_of_one_event_are_told_from_strangers_by_their_subject():
    alike = ("subject", "opening", "headline", "actors", "figures", "topic", "told", "title")
    same = evidence(**dict.fromkeys(alike, 0.9), lift=0.6, lift_over_denser=0.6, days=0)
    other = evidence(**dict.fromkeys(alike, 0.0), lift=-0.1, lift_over_denser=-0.1, days=300)
    p = probabilities(SHIPPED, np.concatenate([same, other]), measured=False)

    assert p[:, 0].tolist() == [0, 0]
    assert p[0, 1] > 0.9
    assert p[1, 2] < 0.01


@pytest.mark.parametrize(
    ("value", "points"), [(math.nan, 7), (-1, 1), (0.0, 1), (0.19, 1), (0.2, 2), (0.49, 2), (0.5, 3), (1.0, 3), (9, 3)]
)
def test_a_value_falls_in_its_step_and_an_unknown_one_in_the_first(value, points):
    assert steps_of([7, 1, 2, 3]).read(evidence(jaccard=value)).tolist() == [points]


def test_a_table_of_two_measures_reads_both():
    table = Table(("jaccard", "title"), (np.array([0.5]), np.array([0.5])), np.arange(9.0).reshape(3, 3))

    assert table.read(evidence(jaccard=0.6, title=0.4)).tolist() == [7]
    assert table.read(evidence(title=0.9)).tolist() == [2]
    assert table.name == "jaccard x title"


def test_copies_are_likely_and_strangers_are_not():
    same = evidence(**dict.fromkeys(RISING, 1.0), names_behind=0.0, days=0, length=1.0, words=300)
    other = evidence(**dict.fromkeys(RISING, 0.0), names_behind=0.5, days=400, length=0.5, words=300)

    assert probabilities(SHIPPED, same)[0, 0] > 0.99
    assert probabilities(SHIPPED, other)[0, 0] < 0.001
    assert probabilities(SHIPPED, np.empty((0, len(MEASURES)), np.float32)).shape == (0, 3)


def broken(change):
    raw = json.loads(MODEL_PATH.read_text(encoding="utf-8"))
    return json.dumps(change(raw) or raw)


def first_table(raw):
    return raw["relations"]["near"]["tables"][0]


BROKEN = {
    "empty": "",
    "not JSON": "{",
    "a list": "[]",
    "nothing in it": "{}",
    "no relations": broken(lambda raw: raw.update(relations=None)),
    "no base": broken(lambda raw: raw["relations"]["near"].pop("base") and None),
    "ragged points": broken(lambda raw: first_table(raw).update(points=[1, [2]])),
    "a word for a number": broken(lambda raw: first_table(raw).update(points=["much"])),
    "too few points": broken(lambda raw: first_table(raw).update(points=[1.0])),
    "points that are no numbers": broken(lambda raw: first_table(raw)["points"].__setitem__(1, math.nan)),
    "cuts that fall": broken(lambda raw: first_table(raw)["edges"][0].reverse()),
    "a number too large": broken(lambda raw: raw["relations"]["near"].update(base=10**400)),
    "a threshold above 1": broken(lambda raw: raw["thresholds"].update(near=1.5)),
    "a relation of another kind": broken(lambda raw: raw["relations"].update(rhyme=raw["relations"]["near"])),
    "no tables": broken(lambda raw: raw["relations"]["near"].update(tables=[])),
    "nested without end": "[" * 100_000,
    "a table of three measures": broken(
        lambda raw: first_table(raw).update(measures=["names"] * 3, edges=[[], [], []], points=[[[0.0] * 2] * 2] * 2)
    ),
    "a table of no measure": broken(lambda raw: first_table(raw).update(measures=[], edges=[], points=0.5)),
    "an unknown measure": broken(lambda raw: first_table(raw).update(measures=["mood"])),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_model_file_is_named_in_one_sentence(name, tmp_path):
    path = tmp_path / "model.json"
    path.write_text(BROKEN[name], encoding="utf-8")

    with pytest.raises(InputError, match=r"model\.json: not a model file .*dedup fit") as caught:
        load_model(path)
    assert "\n" not in str(caught.value)


def test_a_model_file_that_lacks_a_part_is_told_which(tmp_path):
    (tmp_path / "model.json").write_text("{}", encoding="utf-8")

    with pytest.raises(InputError, match=r"not a model file \(it has no 'relations'\)"):
        load_model(tmp_path / "model.json")


def test_a_missing_model_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.json: not a model file \(No such file or directory\)"):
        load_model(tmp_path / "nowhere.json")


def test_reasons_stand_by_weight_then_by_name_and_say_what_was_measured_or_that_nothing_was():
    def table(*measures):
        return Table(measures, tuple(np.array([0.5]) for _ in measures), np.zeros([3] * len(measures)))

    told = Waterfall([table("title"), table("numbers"), table("jaccard"), table("jaccard", "days")])
    reasons = told.reasons(np.array([-2.0, 0.5, 2.0, -0.5]), evidence(jaccard=0.004, title=0.998, days=1.0)[0])
    assert [(reason.measure, reason.points, reason.words) for reason in reasons] == [
        ("jaccard", 2.0, "under 1 % of all wording in common"),
        ("title", -2.0, "titles over 99 % alike"),
        ("jaccard x days", -0.5, "under 1 % of all wording in common, and one day apart"),
        ("numbers", 0.5, "too few numbers to compare"),
    ]
    assert [reason.value for reason in reasons] == [pytest.approx(0.004), pytest.approx(0.998), None, None]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("value", [0.0, 0.3, 1.0, 1234.0, -0.07])
def test_every_measure_is_put_in_words_with_its_number(measure, value):
    words = say_measure(measure, value)
    assert words
    assert not set("{}") & set(words)
    number = SAID_OF.get(measure, ())[int(value) : int(value) + 1] if value in (0, 1) else ()
    assert number or any(letter.isdigit() for letter in words) or words == "names agree as well as other words"
