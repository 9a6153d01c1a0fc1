"""Evaluation in bulk equals evaluation pair by pair, and says what it left out."""

import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article import Article
from dedup.corpus import build_corpus
from dedup.errors import InputError
from dedup.evaluation import evaluate
from dedup.labels import ClusterLabels, PairLabels
from dedup.metrics import average_precision, pair_counts
from dedup.mistakes import false_alarms, misses
from dedup.results import Findings
from tests import oracles_metrics as oracle

BANDS, SHINGLES, COPIES = 1, 2, 4


def corpus_of(n, languages=""):
    """Articles a00, a01, ..., the first ones in the given languages."""
    told = languages.split(",") + [""] * n
    return build_corpus([Article(text=f"text {i}", id=f"a{i:02}", language=told[i]) for i in range(n)])


def findings_of(unit, pairs, near=None):
    """Findings with ``pairs`` {(left, right): (channels, p)}; a p of None is a pair not measured."""
    keys = sorted(pairs)
    found = [pairs[key] for key in keys]
    measured = np.array([p is not None for _, p in found], bool)
    column = np.array([p or 0.0 for _, p in found], np.float64)
    unit = np.array(unit, np.int32)
    return Findings(
        unit=unit,
        left=np.array([a for a, _ in keys], np.int32),
        right=np.array([b for _, b in keys], np.int32),
        channels=np.array([channels for channels, _ in found], np.uint8),
        measured=measured,
        p=np.stack([column, column**0.5, column**0.25], axis=1).reshape(-1, 3),
        evidence=np.empty((len(keys), 0), np.float32),
        labels={"exact": unit, "near": np.array(unit if near is None else near, np.int32)},
        stats={},
        reread=lambda pairs: (np.empty((len(pairs), 0), np.float32), np.zeros((len(pairs), 3), np.int32)),
    )


def clusters(names, ids=None):
    ids = tuple(f"a{i:02}" for i in range(len(names))) if ids is None else ids
    return ClusterLabels("clusters.csv", ids, np.array(names, np.int32))


def pairs(rows, unscored=0):
    a, b, positive = zip(*rows, strict=True)
    return PairLabels("pairs.csv", a, b, np.array(positive, bool), unscored)


SMALL = findings_of(
    [0, 1, 2, 0, 4],
    {(0, 1): (BANDS, 0.9), (0, 2): (SHINGLES, 0.3), (0, 3): (COPIES, 1.0), (1, 2): (BANDS | SHINGLES, None)},
    [0, 0, 2, 0, 4],
)


@st.composite
def findings_and_clusters(draw):
    n = draw(st.integers(2, 9))
    unit = [draw(st.integers(0, i)) for i in range(n)]
    unit = [row if unit[row] == row else unit[unit[row]] for row in unit]
    unit = [row if unit[row] == row else i for i, row in enumerate(unit)]
    heads = sorted(set(unit))
    possible = list(combinations(heads, 2))
    proposed = draw(st.lists(st.sampled_from(possible), unique=True)) if possible else []
    scores = st.one_of(st.none(), st.sampled_from([0.1, 0.4, 0.5, 0.8]))
    found = {pair: (draw(st.integers(1, 3)), draw(scores)) for pair in proposed}
    found |= {(unit[i], i): (COPIES, draw(st.sampled_from([0.4, 0.7, 1.0]))) for i in range(n) if unit[i] != i}
    labelled = draw(st.lists(st.integers(0, n - 1), min_size=1, unique=True))
    truth = {i: draw(st.integers(0, 2)) for i in labelled}
    return unit, found, truth


def by_hand(unit, found, truth):
    """Score, channels and truth of every labelled pair of articles, one at a time."""
    to_unit = [1.0 if unit[i] == i else found[unit[i], i][1] for i in range(len(unit))]
    for a, b in combinations(sorted(truth), 2):
        key = tuple(sorted((unit[a], unit[b])))
        channels, score = (COPIES, min(to_unit[a], to_unit[b])) if unit[a] == unit[b] else found.get(key, (0, 0.0))
        yield a, b, channels, score or 0.0, truth[a] == truth[b]


@given(findings_and_clusters())
@settings(max_examples=80, deadline=None)
def test_clusters_counted_in_bulk_equal_pairs_counted_one_by_one(drawn):
    unit, found, truth = drawn
    labels = clusters(list(truth.values()), tuple(f"a{i:02}" for i in truth))
    result = evaluate(corpus_of(len(unit)), findings_of(unit, found), labels, level="near", threshold=0.5)

    rows = list(by_hand(unit, found, truth))
    channels, scores, right = ([row[i] for row in rows] for i in (2, 3, 4))
    counts = pair_counts([score >= 0.5 for score in scores], right)
    assert (counts.precision, counts.recall, counts.f1) == (
        result.pairs.precision,
        result.pairs.recall,
        result.pairs.f1,
    )
    assert average_precision(scores, right) == pytest.approx(result.pairs.average_precision)
    if len(set(right)) == 2:
        assert oracle.area_under_roc(scores, right) == pytest.approx(result.pairs.auc)
    assert pair_counts([c > 0 for c in channels], right).recall == result.candidates.recall
    for name, bit in (("bands", BANDS), ("shingles", SHINGLES), ("copies", COPIES)):
        assert pair_counts([c & bit > 0 for c in channels], right).recall == result.channels[name].recall
    assert (sum(right), len(right) - sum(right)) == (result.labels.positives, result.labels.negatives)


@given(findings_and_clusters())
@settings(max_examples=60, deadline=None)
def test_a_mistake_is_listed_exactly_where_verdict_and_label_differ(drawn):
    unit, found, truth = drawn
    labels = clusters(list(truth.values()), tuple(f"a{i:02}" for i in truth))
    asked = {"level": "near", "threshold": 0.5, "limit": 100}
    args = corpus_of(len(unit)), findings_of(unit, found), labels
    wrong = {True: {}, False: {}}
    for a, b, _, score, right in by_hand(unit, found, truth):
        if right != (score >= 0.5):
            wrong[right][f"a{a:02}", f"a{b:02}"] = score

    for listed, expected in ((misses(*args, **asked), wrong[True]), (false_alarms(*args, **asked), wrong[False])):
        assert {(m.id_a, m.id_b): m.score for m in listed}.items() <= expected.items()
        bodies = {tuple(sorted((unit[int(a[1:])], unit[int(b[1:])]))) for a, b in expected}
        assert bodies == {tuple(sorted((unit[int(m.id_a[1:])], unit[int(m.id_b[1:])]))) for m in listed}


def test_pairs_of_copies_take_the_weaker_link_to_their_unit():
    found = findings_of([0, 0, 0], {(0, 1): (COPIES, 0.6), (0, 2): (COPIES, 0.4)})
    labels = pairs([("a00", "a01", True), ("a01", "a02", True)])

    assert evaluate(corpus_of(3), found, labels, level="near", threshold=0.5).pairs.recall == 0.5
    assert evaluate(corpus_of(3), found, labels, level="near", threshold=0.4).pairs.recall == 1.0


def test_a_copy_shares_the_candidates_of_its_unit():
    labels = pairs([("a01", "a03", True), ("a03", "a04", True)])
    result = evaluate(corpus_of(5), SMALL, labels, level="near", threshold=0.5)

    assert (
        result.candidates.recall,
        result.channels["bands"].recall,
        result.channels["shingles"].recall,
        result.channels["copies"].recall,
    ) == (0.5, 0.5, 0.0, 0.0)
    assert (result.pairs.precision, result.pairs.recall) == (1.0, 0.5)


def test_candidates_are_counted_per_article_of_the_corpus():
    result = evaluate(corpus_of(5), SMALL, pairs([("a00", "a01", True)]), level="near", threshold=0.5)

    assert result.candidates.per_article == 4 / 5
    assert [result.channels[name].per_article for name in ("bands", "shingles", "copies")] == [2 / 5, 2 / 5, 1 / 5]


def test_pair_labels_measure_clusters_by_standing_together():
    labels = pairs([("a00", "a01", True), ("a01", "a03", False), ("a00", "a04", True)])
    result = evaluate(corpus_of(5), SMALL, labels, level="near", threshold=0.95)

    assert (result.clusters.pair_precision, result.clusters.pair_recall, result.clusters.pair_f1) == (0.5, 0.5, 0.5)
    assert result.clusters.ari is result.clusters.bcubed_f1 is None


def test_cluster_labels_measure_clusters():
    result = evaluate(corpus_of(5), SMALL, clusters([0, 0, 1, 1, 2]), level="near", threshold=0.5)

    mine, theirs = [0, 0, 2, 0, 4], [0, 0, 1, 1, 2]
    assert oracle.adjusted_rand_index(mine, theirs) == pytest.approx(result.clusters.ari)
    assert oracle.b_cubed(mine, theirs) == pytest.approx(
        (result.clusters.bcubed_precision, result.clusters.bcubed_recall)
    )
    assert pytest.approx(1 / 3) == result.clusters.pair_precision


def test_level_exact_asks_for_the_same_text():
    labels = pairs([("a00", "a03", True), ("a00", "a01", False)])
    result = evaluate(corpus_of(5), SMALL, labels, level="exact", threshold=0.5)

    assert (result.pairs.precision, result.pairs.recall, result.pairs.average_precision) == (1.0, 1.0, 1.0)


def test_each_level_has_its_own_scores():
    labels = pairs([("a00", "a02", True)])
    recalls = [
        evaluate(corpus_of(5), replaced, labels, level=level, threshold=0.5).pairs.recall
        for level, replaced in (("near", SMALL), ("event", with_levels(SMALL)), ("story", with_levels(SMALL)))
    ]

    assert recalls == [0.0, 1.0, 1.0]


def with_levels(found):
    found.labels.update(event=found.labels["near"], story=found.labels["near"])
    return found


def test_a_pair_never_proposed_is_not_claimed_at_any_threshold():
    result = evaluate(corpus_of(5), SMALL, pairs([("a02", "a04", False)]), level="near", threshold=0.0)

    assert result.pairs.precision == 1.0


def test_labels_of_articles_elsewhere_are_counted_and_noted():
    labels = pairs([("a00", "a01", True), ("a00", "gone", True), ("gone", "lost", False)], unscored=3)
    result = evaluate(corpus_of(5), SMALL, labels, level="near", threshold=0.5)

    assert (result.labels.unknown_ids, result.labels.positives, result.labels.unscored) == (2, 1, 3)
    assert "2 labelled ids are not in the corpus; their labels are left out" in result.notes


def test_labels_that_name_no_article_at_all_are_refused():
    with pytest.raises(InputError, match=r"pairs\.csv: no scored label speaks of articles in the corpus \(.*'x'"):
        evaluate(corpus_of(5), SMALL, pairs([("x", "y", True)]), level="near", threshold=0.5)


def test_the_record_is_plain_json_with_the_names_of_the_contract():
    record = evaluate(corpus_of(5), SMALL, clusters([0, 0, 1, 1, 2]), level="near", threshold=0.5).as_dict()

    assert record == json.loads(json.dumps(record, allow_nan=False))
    assert {"recall", "per_article"} == set(record["candidates"])
    assert {"bands", "shingles", "copies", "terms"} == set(record["channels"])
    assert {"precision", "recall", "f1", "average_precision", "auc", "threshold", "curve"} == set(record["pairs"])
    assert {"ari", "bcubed_precision", "bcubed_recall", "bcubed_f1"} <= set(record["clusters"])
    assert record["level"] == "near"


def test_the_area_is_none_where_all_labels_say_the_same():
    result = evaluate(corpus_of(5), SMALL, pairs([("a00", "a01", True)]), level="near", threshold=0.5)

    assert result.pairs.auc is None


def test_each_language_and_each_two_have_figures_of_their_own_most_pairs_first():
    labels = pairs(
        [("a02", "a03", True), ("a00", "a02", False), ("a01", "a02", True), ("a01", "a03", True), ("a03", "a04", True)]
    )
    record = evaluate(corpus_of(5, "ru,RU,fr,fr"), SMALL, labels, level="near", threshold=0.5).as_dict()
    found = record["languages"]

    assert list(found) == ["fr-ru", "fr"]
    assert found["fr-ru"] == {
        "positives": 2, "negatives": 1, "precision": 1.0, "recall": 0.5, "f1": pytest.approx(2 / 3),
        "average_precision": pytest.approx((1 + 2 / 3) / 2),
    }  # fmt: skip
    assert (found["fr"]["positives"], found["fr"]["negatives"], found["fr"]["recall"]) == (1, 0, 0.0)


def test_languages_with_as_many_pairs_stand_by_name():
    labels = pairs([("a00", "a01", True), ("a02", "a03", True)])
    result = evaluate(corpus_of(5, "ru,ru,en,en"), SMALL, labels, level="near", threshold=0.5)

    assert list(result.languages) == ["en", "ru"]


def test_labelled_clusters_have_no_figures_by_language():
    labels = clusters([0, 0, 1, 1, 2])

    assert evaluate(corpus_of(5, "en,en,en"), SMALL, labels, level="near", threshold=0.5).languages == {}


def test_misses_come_with_their_reason_lowest_score_first():
    labels = pairs([("a00", "a02", True), ("a01", "a02", True), ("a00", "a04", True), ("a00", "a01", True)])
    listed = misses(corpus_of(5), SMALL, labels, level="near", threshold=0.5)

    assert [(m.id_a, m.id_b, m.score, m.why) for m in listed] == [
        ("a00", "a04", 0.0, "not a candidate"),
        ("a01", "a02", 0.0, "ruled out by sketch"),
        ("a00", "a02", 0.3, "scored 0.30"),
    ]


def test_false_alarms_come_highest_score_first():
    labels = pairs([("a00", "a02", False), ("a00", "a01", False), ("a00", "a03", False), ("a01", "a02", False)])
    listed = false_alarms(corpus_of(5), SMALL, labels, level="near", threshold=0.2)

    assert [(m.id_b, m.why) for m in listed] == [("a03", "scored 1.00"), ("a01", "scored 0.90"), ("a02", "scored 0.30")]


def test_the_first_misses_of_a_huge_cluster_do_not_wait_for_all_its_pairs():
    n = 20_000
    corpus = build_corpus([Article(text=str(i), id=f"a{i:05}") for i in range(n)])
    found = findings_of(range(n), {(0, 1): (BANDS, 0.9)})
    labels = ClusterLabels("clusters.csv", tuple(corpus.ids), np.zeros(n, np.int32))
    listed = misses(corpus, found, labels, level="near", threshold=0.5, limit=2)

    assert [(m.id_a, m.id_b) for m in listed] == [("a00000", "a00002"), ("a00000", "a00003")]
