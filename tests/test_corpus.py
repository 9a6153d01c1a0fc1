"""The invented corpus is what its README says: its labels agree with each other and with the texts."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter, defaultdict
from datetime import date
from itertools import combinations
from pathlib import Path

from dedup.settings import RUN_WORDS

FOLDER = Path(__file__).parent / "corpus"
FIELDS = ["id", "title", "text", "date", "source", "lang", "url"]
KINDS = {
    "exact_url", "typography", "wire_light", "wire_cut", "re_led", "reorder", "excerpt",
    "roundup", "ocr3", "ocr8", "typos", "updated", "furniture",
}  # fmt: skip


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labels(name):
    return {row["id"]: row["cluster"] for row in rows(name)}


def pairs_within(cluster_of):
    members = defaultdict(list)
    for name in sorted(cluster_of):
        members[cluster_of[name]].append(name)
    return {pair for group in members.values() for pair in combinations(group, 2)}


def labelled_pairs(label):
    return {(row["id_a"], row["id_b"]) for row in rows("pairs.csv") if row["label"] == label}


def word_runs(article):
    words = re.findall(r"\w" if article["lang"] == "zh" else r"\w+", article["text"].lower())
    return {tuple(words[i : i + RUN_WORDS]) for i in range(len(words) - RUN_WORDS + 1)}


LINES = [json.loads(line) for line in (FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
ARTICLES = {article["id"]: article for article in LINES}
RUNS = {name: word_runs(article) for name, article in ARTICLES.items()}
NEAR, EVENT, STORY = (labels(f"{level}.csv") for level in ("clusters", "events", "stories"))


def test_every_article_has_its_own_id_and_url_and_all_fields():
    assert len(LINES) == 70
    assert len(ARTICLES) == 70
    assert len({article["url"] for article in LINES}) == 70
    assert all(list(article) == FIELDS for article in LINES)
    assert all(value.strip() for article in LINES for value in article.values())


def test_dates_are_iso_days_of_2031():
    assert {date.fromisoformat(article["date"]).year for article in LINES} == {2031}


def test_lengths_are_those_of_news_and_the_whole_stays_small():
    words = [len(article["text"].split()) for article in LINES if article["lang"] != "zh"]

    assert min(words) >= 40
    assert max(words) <= 350
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 160_000


def test_every_level_labels_every_article_once():
    for name in ("clusters.csv", "events.csv", "stories.csv"):
        assert sorted(row["id"] for row in rows(name)) == sorted(ARTICLES), name


def test_levels_nest_and_each_joins_more_than_the_one_below():
    near, event, story = (pairs_within(level) for level in (NEAR, EVENT, STORY))

    assert near < event < story


def test_six_events_have_several_reports_and_three_stories_several_events():
    reports = Counter(event for event, _ in {(EVENT[name], NEAR[name]) for name in ARTICLES})
    events = Counter(story for story, _ in {(STORY[name], EVENT[name]) for name in ARTICLES})

    assert sorted(n for n in reports.values() if n > 1) == [2, 2, 2, 2, 3, 3]
    assert sorted(n for n in events.values() if n > 1) == [2, 3, 3]


def test_every_kind_of_edit_is_there_and_near_clusters_are_originals_with_their_copies():
    edits = rows("edits.csv")
    original_of = {row["id"]: row["base_id"] for row in edits}

    assert {row["kind"] for row in edits} == KINDS
    assert len(original_of) == len(edits)
    assert set(original_of) <= set(ARTICLES)
    assert not set(original_of) & set(original_of.values())
    assert {name: original_of.get(name, name) for name in ARTICLES} == NEAR


def test_the_same_page_under_a_second_url_has_the_same_text():
    copies = [row for row in rows("edits.csv") if row["kind"] == "exact_url"]

    assert copies
    assert all(ARTICLES[row["id"]]["text"] == ARTICLES[row["base_id"]]["text"] for row in copies)


def test_positive_pairs_are_exactly_the_pairs_within_near_clusters():
    assert labelled_pairs("1") == pairs_within(NEAR)


def test_negative_pairs_are_many_distinct_ordered_and_never_near():
    negative = [(row["id_a"], row["id_b"]) for row in rows("pairs.csv") if row["label"] == "0"]

    assert len(set(negative)) == len(negative) >= 60
    assert all(a < b and NEAR[a] != NEAR[b] for a, b in negative)
    assert {row["label"] for row in rows("pairs.csv")} == {"0", "1"}


def test_originals_on_one_story_are_all_among_the_negative_pairs():
    originals = {name: STORY[name] for name in ARTICLES if NEAR[name] == name}

    assert pairs_within(originals) <= labelled_pairs("0")


def test_near_pairs_share_a_copied_run_and_independent_reports_share_none():
    independent = pairs_within(STORY) - pairs_within(NEAR)

    assert all(RUNS[a] & RUNS[b] for a, b in pairs_within(NEAR))
    assert not any(RUNS[a] & RUNS[b] for a, b in independent)


def test_templates_swaps_trailers_and_furniture_are_negative_although_they_share_copied_runs():
    hard = {(a, b) for a, b in combinations(sorted(ARTICLES), 2) if NEAR[a] != NEAR[b] and RUNS[a] & RUNS[b]}

    assert len(hard) >= 12
    assert hard <= labelled_pairs("0")
