"""The river end to end: what goes in, what comes out, what is refused."""

import json
import math
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.clean import clean_corpus
from dedup.corpus import as_article, build_corpus
from dedup.errors import InputError, SettingsError
from dedup.pipeline import find, run
from dedup.rank import load_model
from dedup.settings import Settings
from tests import oracles

LINES = (Path(__file__).parent / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
INVENTED = [json.loads(line) for line in LINES]
FERRY = (
    "The harbour council of Aldport approved a new ferry timetable on Tuesday after months of talks with the "
    "islanders, who had asked for later boats in winter and for cheaper fares for pupils."
)
MARKET = (
    "Shares in the four breweries of the valley fell for a third day as rain kept the beer gardens empty, dealers said."
)


def copies_of(result):
    return [set(cluster.members) for cluster in result.clusters]


def test_texts_mappings_and_articles_are_taken_side_by_side():
    result = find([Article(FERRY, "a"), MARKET, {"text": FERRY.upper(), "id": "b"}])

    assert [row.id for row in result.rows][::2] == ["a", "b"]
    assert copies_of(result) == [{"a", "b"}]
    assert [(pair.a, pair.b, pair.relation, pair.score) for pair in result.pairs] == [("a", "b", "exact", 1.0)]


def test_rows_come_in_the_order_of_the_input():
    given = [{"id": name, "text": f"{name} {FERRY}"} for name in "zebra"]

    rows = find(given).rows

    assert [row.id for row in rows] == list("zebra")
    assert [rows[k] for k in range(len(rows))] == list(rows)
    assert list(rows[1:4]) == list(rows)[1:4]


@pytest.mark.parametrize("articles", [[], [""], ["one"], ["", "", "..."], ["\ud800"], ["\x00" * 9]])
def test_little_or_nothing_goes_through(articles):
    result = find(articles)

    assert (len(result.rows), len(result.clusters), len(result.pairs)) == (len(articles), 0, 0)


def test_a_setting_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(SettingsError, match=r"treshold.*threshold.*min_shared"):
        find([], treshold=0.5)


@pytest.mark.parametrize(
    "chosen",
    [
        {"level": "far"},
        {"threshold": 2},
        {"threshold": "0.5"},
        {"threads": 0},
        {"threads": 1.5},
        {"keep": "best"},
        {"sketch": "slow"},
    ],
)
def test_a_setting_with_a_value_it_cannot_have_is_named(chosen):
    with pytest.raises(SettingsError, match=rf"^{next(iter(chosen))} is .*; it can be "):
        find([], **chosen)


def test_an_article_that_is_none_is_named_by_its_place():
    with pytest.raises(InputError, match=r"articles\[1\]: a NoneType"):
        find(["x", None])


def test_reported_measures_are_those_of_counting_with_sets():
    corpus = build_corpus(as_article(item, k) for k, item in enumerate(INVENTED))
    cleaned = clean_corpus(corpus, Settings())
    text = {name: text.decode() for name, text in zip(corpus.ids, cleaned.texts, strict=True)}
    pairs = [pair for pair in find(INVENTED).pairs if text[pair.a].isascii() and text[pair.b].isascii()]

    assert len(pairs) > 8
    for pair in pairs:
        a, b = oracles.shingles(text[pair.a]), oracles.shingles(text[pair.b])
        assert pair.jaccard == pytest.approx(oracles.jaccard(a, b))
        assert pair.containment_a == pytest.approx(len(a & b) / len(a))
        assert pair.containment_b == pytest.approx(len(a & b) / len(b))


def test_pairs_are_ranked_and_above_the_threshold():
    for threshold in (None, 0.9):
        result = find(INVENTED, threshold=threshold)
        scores = [pair.score for pair in result.pairs]

        assert scores == sorted(scores, reverse=True)
        assert min(pair.p_near for pair in result.pairs) >= result.threshold
        assert all(pair.a < pair.b and pair.relation in ("exact", "near") for pair in result.pairs)


def test_a_stricter_threshold_finds_fewer_pairs_and_one_of_nothing_all_candidates():
    counts = [len(find(INVENTED, threshold=threshold).pairs) for threshold in (0.0, 0.5, 0.99)]

    assert counts[0] == find(INVENTED).stats["candidates"]
    assert counts == sorted(counts, reverse=True)


def test_level_exact_shows_equal_texts_only():
    result = find(INVENTED, level="exact")

    assert result.pairs
    assert {pair.relation for pair in result.pairs} == {"exact"}
    assert all(len({row.exact for row in result.rows if row.id in group}) == 1 for group in copies_of(result))


def test_equal_words_under_another_title_are_near_and_not_exact():
    titled = [
        {"id": name, "text": FERRY, "title": title}
        for name, title in (("a", "Ferry hours"), ("b", "FERRY HOURS"), ("c", "News"))
    ]
    rows = {row.id: row for row in find(titled).rows}

    assert rows["a"].exact == rows["b"].exact != rows["c"].exact


@pytest.mark.parametrize(
    ("keep", "kept"),
    [("first", "a"), ("earliest", "b"), ("longest", "c"), ("source:Wire,Post", "d"), ("source:Nobody", "a")],
)
def test_the_member_that_is_kept_is_the_one_the_rule_says(keep, kept):
    articles = [
        {"id": "a", "text": FERRY, "date": "2031-01-03"},
        {"id": "b", "text": FERRY, "date": "2031-01-01", "source": "Post"},
        {"id": "c", "text": FERRY + "  ...", "date": "2031-01-02"},
        {"id": "d", "text": FERRY, "source": "wire"},
    ]
    result = find(articles, keep=keep)

    assert {row.representative for row in result.rows} == {kept}
    assert (result.clusters[0].representative, result.clusters[0].members[0]) == (kept, kept)


def test_both_sketch_engines_find_the_same_copies():
    ours, theirs = (sorted(map(sorted, copies_of(find(INVENTED, sketch=engine)))) for engine in ("fast", "datasketch"))

    assert ours == theirs


def test_progress_is_told_stage_by_stage_up_to_the_whole():
    heard = []
    corpus = build_corpus(as_article(item, k) for k, item in enumerate(INVENTED))
    run(corpus, Settings(), progress=lambda *said: heard.append(said))
    stages = list(dict.fromkeys(stage for stage, _, _ in heard))
    last = {stage: (done, total) for stage, done, total in heard}

    assert stages == ["clean", "sketch", "candidates", "evidence", "clusters"]
    assert last["sketch"] == (70, 70)
    assert last["evidence"][0] == last["evidence"][1] > 0


def test_what_is_counted_on_the_way_is_told():
    stats = find([FERRY, FERRY, MARKET]).stats

    assert (stats["articles"], stats["unique_texts"], stats["candidates"]) == (3, 2, 1)
    assert stats["banding"]["bands"] * stats["banding"]["rows"] <= 128
    assert "seconds" not in stats


def test_the_reasons_of_a_pair_come_weightiest_first_and_sum_to_its_log_odds():
    text = "The ferry sank off Aldport at dawn on Monday, and the coast guard brought nine people ashore."
    pair = find([{"id": "a", "text": text}, {"id": "b", "text": text + " Nobody was hurt."}], threshold=0.0).pairs[0]
    points = [reason.points for reason in pair.reasons]
    base = load_model().relations["near"].base

    assert points == sorted(points, key=abs, reverse=True)
    assert 1 / (1 + math.exp(-(base + sum(points)))) == pytest.approx(pair.p_near)
