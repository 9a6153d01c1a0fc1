"""From articles to events and stories: independent reports meet, and the same frame with other names does not."""

import csv
import json
import random
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from dedup.asked import explain
from dedup.corpus import as_article, build_corpus
from dedup.metrics import b_cubed
from dedup.pipeline import find, run
from dedup.read import read_articles
from dedup.settings import LEVELS, Settings

HERE = Path(__file__).parent
FOLDER = HERE / "corpus_stories"
INVENTED = [json.loads(line) for line in (FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
with (FOLDER / "clusters.csv").open(encoding="utf-8", newline="") as opened:
    EVENT = {row["id"]: row["cluster"] for row in csv.DictReader(opened)}
STORY = {name: event.split("/")[0] for name, event in EVENT.items()}
TRAPS = ("dorland-call", "bank-other", "quake-other", "ru-plotina", "tr-muze")
MEETING, CALL = sorted(read_articles(HERE.parent / "seeds"), key=lambda article: article.id)
SECOND_REPORT = """\
Ankara and Moscow compare notes on Idlib

Turkey's defence chief Hulusi Akar and Russia's Sergei Shoigu spoke by telephone on 20 May about the fighting in Idlib, Ankara announced.

According to the Turkish defence ministry, the two ministers dealt with security in the region and above all with Idlib, the last province of Syria outside the government's hands, and considered what could be done to bring calm back under the Sochi agreement.

The call came a week after Presidents Erdogan and Putin had spoken on 13 May, and after a Turkish-Russian working group on Idlib met for the first time in Ankara.

Turkey keeps a dozen observation posts in Idlib. Two of its soldiers were wounded early in May when regime shells fell beside one of them. Ankara fears that the attacks will drive refugees to its border.
"""
OTHER_CALL = """\
US and Ukrainian defense ministers discuss Kharkiv

Defense Secretary Lloyd Austin held a telephone conversation with his Ukrainian counterpart, Oleksii Reznikov, on July 8th, following the third meeting of the contact group on the issue of Kharkiv held in Ramstein last week.

The Department of Defense discussed the regional security problems, especially the latest developments in Kharkiv province of Ukraine and measures to supply ammunition to the region under the lend-lease agreement.

Austin and Reznikov increased their consultations after a telephone conversation between the two countries' presidents since last week.
"""
FEWEST_EVENTS, FEWEST_STORIES, FEWEST_CANDIDATES = 0.95, 0.93, 0.97


def findings_of(articles, **chosen):
    corpus = build_corpus(as_article(item, k) for k, item in enumerate(articles))
    return corpus, run(corpus, Settings(**{"level": "story"} | chosen))


def by_id(result):
    return {row.id: row for row in result.rows}


def grouped(rows, level):
    names = [getattr(row, level) for row in rows.values()]
    return sorted(sorted(row.id for row in rows.values() if getattr(row, level) == name) for name in set(names))


def numbered(names):
    return [sorted(set(names)).index(name) for name in names]


@pytest.fixture(scope="module")
def whole():
    return by_id(find(INVENTED, level="story"))


@pytest.fixture(scope="module")
def judged():
    return findings_of(INVENTED)


@pytest.fixture(scope="module")
def around_the_seeds():
    second, other = {"id": "second", "text": SECOND_REPORT}, {"id": "other", "text": OTHER_CALL}
    return by_id(find([MEETING, CALL, second, other], level="story"))


def test_the_seeds_are_one_story():
    rows = by_id(find([MEETING, CALL], level="story"))
    pair = explain(MEETING, CALL, Settings(level="story")).pair

    assert rows[MEETING.id].story == rows[CALL.id].story
    assert (pair.p_near < 0.01, pair.p_event < 0.45, pair.p_story > 0.85) == (True, True, True)


def test_the_seeds_are_two_events():
    rows = by_id(find([MEETING, CALL], level="story"))

    assert rows[MEETING.id].event != rows[CALL.id].event
    assert explain(MEETING, CALL, Settings(level="story")).pair.relation == "story"


def test_a_second_report_of_the_call_is_the_event_of_the_second_seed(around_the_seeds):
    rows = around_the_seeds

    assert rows["second"].event == rows[CALL.id].event != rows[MEETING.id].event
    assert rows["second"].near != rows[CALL.id].near
    assert rows["second"].story == rows[MEETING.id].story


def test_a_second_report_of_the_call_is_told_from_the_meeting():
    same, other = (
        explain(seed, as_article({"text": SECOND_REPORT}, 0), Settings(level="event")).pair for seed in (CALL, MEETING)
    )

    assert same.p_event > other.p_event + 0.1


def test_a_call_of_other_ministers_in_the_same_words_joins_neither_seed(around_the_seeds):
    rows = around_the_seeds

    assert rows["other"].story not in {rows[MEETING.id].story, rows[CALL.id].story}


def test_a_call_of_other_ministers_is_no_story_with_the_seed_whose_words_it_has():
    pair = explain(CALL, as_article({"text": OTHER_CALL}, 0), Settings(level="story")).pair

    assert pair.relation not in LEVELS


def test_with_their_dates_the_seeds_are_one_story_and_two_events_and_each_report_finds_its_own():
    second, other = as_article({"id": "second", "text": SECOND_REPORT}, 0), as_article({"text": OTHER_CALL}, 0)
    dated = [
        article._replace(id=name, date=day)
        for article, name, day in (
            (MEETING, "meeting", "2022-11-24"),
            (CALL, "call", "2019-05-21"),
            (second, "second", "2019-05-20"),
            (other, "other", "2022-07-08"),
        )
    ]
    rows = by_id(find(dated, level="story"))

    assert grouped(rows, "event") == [["call", "second"], ["meeting"], ["other"]]
    assert grouped(rows, "story") == [["call", "meeting", "second"], ["other"]]


def test_the_wider_the_relation_the_likelier_it_is(judged):
    p = judged[1].p

    assert len(p) > 40
    assert (np.diff(p, axis=1) >= 0).all()
    assert ((p >= 0) & (p <= 1)).all()


@pytest.mark.parametrize("threshold", [None, 0.05, 0.95])
def test_clusters_nest(threshold):
    rows = find([*INVENTED, INVENTED[0] | {"id": "again"}], level="story", threshold=threshold).rows

    for one, two in combinations(rows, 2):
        same = [getattr(one, level) == getattr(two, level) for level in LEVELS]
        assert same == sorted(same), (one.id, two.id)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_the_input_changes_no_event_and_no_story(seed):
    one, two = (
        find(articles, level="story") for articles in (INVENTED, random.Random(seed).sample(INVENTED, len(INVENTED)))
    )

    assert by_id(one) == by_id(two)
    assert list(one.clusters) == list(two.clusters)
    assert list(one.pairs) == list(two.pairs)


@pytest.mark.parametrize("threads", [2, 4])
def test_the_number_of_threads_changes_no_number(threads, judged, monkeypatch):
    one = judged[1]
    monkeypatch.setattr("dedup.packing.CHUNK_CHARS", 3000)
    monkeypatch.setattr("dedup.likeness.AT_A_TIME", 7)
    many = findings_of(INVENTED, threads=threads)[1]

    for name in ("left", "right", "channels", "p", "evidence"):
        np.testing.assert_array_equal(getattr(one, name), getattr(many, name))
    for level in LEVELS:
        np.testing.assert_array_equal(one.labels[level], many.labels[level])
    for level in ("event", "story"):
        assert one.clusters[level].cohesion == many.clusters[level].cohesion


def test_where_near_copies_are_sought_events_and_stories_are_those():
    rows = by_id(find([*INVENTED, INVENTED[3] | {"id": "again"}], level="near"))

    assert grouped(rows, "near") == grouped(rows, "event") == grouped(rows, "story")
    assert sum(len(group) > 1 for group in grouped(rows, "near")) == 1


def test_where_events_are_sought_stories_are_those(whole):
    rows = by_id(find(INVENTED, level="event"))

    assert grouped(rows, "event") == grouped(rows, "story") == grouped(whole, "event")


def test_a_copy_follows_its_original_into_event_and_story(whole):
    rows = by_id(find([*INVENTED, INVENTED[0] | {"id": "again", "source": "Other"}], level="story"))
    again, original = rows["again"], rows[INVENTED[0]["id"]]

    assert (again.near, again.event, again.story) == (original.near, original.event, original.story)
    assert grouped({name: row for name, row in rows.items() if name != "again"}, "event") == grouped(whole, "event")


def test_reprints_of_a_report_do_not_drive_other_reports_out_of_its_event(whole):
    report = INVENTED[0]
    paragraphs = report["text"].split("\n\n")
    reprints = [
        report
        | {"id": f"reprint-{k}", "source": f"Paper {k}", "text": "\n\n".join(paragraphs[:k] + paragraphs[k + 1 :])}
        for k in range(1, len(paragraphs))
    ]
    rows = by_id(find([*INVENTED, *reprints], level="story"))
    others = {name: row for name, row in rows.items() if not name.startswith("reprint")}

    assert len({rows[article["id"]].near for article in (report, *reprints)}) == 1
    assert grouped(others, "event") == grouped(whole, "event")


def test_the_cohesion_of_a_cluster_is_a_probability_its_pairs_could_have():
    result = find(INVENTED, level="story")

    assert result.clusters
    for cluster in result.clusters:
        scores = [pair.p_story for pair in result.pairs if {pair.a, pair.b} <= set(cluster.members)]
        assert cluster.cohesion <= max(scores)
        assert cluster.weakest_score <= cluster.cohesion
        assert cluster.weakest in cluster.members


def test_independent_reports_of_one_event_are_candidates(judged):
    corpus, found = judged
    near = {frozenset((corpus.ids[a], corpus.ids[b])) for a, b in zip(found.left, found.right, strict=True)}
    for labels in (EVENT, STORY):
        wanted = {frozenset(pair) for pair in combinations(labels, 2) if labels[pair[0]] == labels[pair[1]]}

        assert len(wanted & near) / len(wanted) >= FEWEST_CANDIDATES


@pytest.mark.parametrize(
    ("level", "labels", "fewest"), [("event", EVENT, FEWEST_EVENTS), ("story", STORY, FEWEST_STORIES)]
)
def test_the_invented_reports_are_clustered_as_labelled(level, labels, fewest, whole):
    found = b_cubed(numbered([getattr(whole[name], level) for name in labels]), numbered(list(labels.values())))

    assert found.f1 >= fewest


@pytest.mark.parametrize("trap", TRAPS)
def test_a_report_in_the_frame_of_another_with_other_names_stays_alone(trap, whole):
    assert [group for group in grouped(whole, "story") if trap in group] == [[trap]]


def test_reports_without_date_source_and_title_still_meet():
    bare = [{"id": article["id"], "text": article["text"]} for article in INVENTED]
    rows = by_id(find(bare, level="story"))
    found = b_cubed(numbered([rows[name].story for name in STORY]), numbered(list(STORY.values())))

    assert found.precision >= 0.9
    assert found.recall >= 0.8
