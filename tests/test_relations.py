"""What must not matter does not: order, threads, hash seeds, furniture, strangers."""

import csv
import json
import os
import random
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.corpus import as_article, build_corpus
from dedup.metrics import adjusted_rand_index
from dedup.pipeline import find, run
from dedup.settings import LEVELS, Settings

FOLDER = Path(__file__).parent / "corpus"
INVENTED = [json.loads(line) for line in (FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
ABOVE = (
    "Home / World / Today",
    "Image credit: flickr",
    "Share this story",
    "Advertisement",
    "Published: 3 May 2031",
    "",
)
BELOW = (
    "Leave a Reply", "Your email address will not be published. Required fields are marked *", "Read more: Ten walks",
    "Sign up for our newsletter", "All rights reserved.", "Tags: boats, ferries", "",
    "The views expressed in this article belong to the author.", "Check Also\nTen walks along the path",
)  # fmt: skip
FEWEST_NEAR = 0.95
SOME = [
    article for article in INVENTED if article["id"] in ("astrolabe", "ferry-wire", "zh-bridge", "tr-tram", "oysters")
]
STRANGER = {
    "id": "stranger",
    "text": "Snow fell on the pass for nine hours and the ploughs of three valleys went out to meet it.",
}
ids = pytest.mark.parametrize("level", LEVELS)


@pytest.fixture(scope="module")
def whole():
    return find(INVENTED)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("See all photos of this article (18)", "See all photos of this article (9)"),
        ("Watch the full video above and read more on our site.",) * 2,
        (
            "This story is for subscribers only. Sign in to go on reading.",
            "This story is for subscribers only. Sign in.",
        ),
    ],
)
def test_pages_left_with_one_line_are_no_copies_under_headlines_of_their_own(one, other):
    ferry, again = "Ferry runs aground off Oxmouth", "Ferry runs aground off Oxmouth, 40 aboard"
    pages = [
        {"id": "ferry", "title": ferry, "text": one},
        {"id": "again", "title": again, "text": one},
        {"id": "library", "title": "Council votes to keep the library open", "text": other},
    ]
    near = {name: row.near for name, row in by_id(find(pages)).items()}

    assert near["ferry"] == near["again"] != near["library"]


def labels(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_id(result):
    return {row.id: row for row in result.rows}


def findings_of(**chosen):
    return run(build_corpus(as_article(item, k) for k, item in enumerate(INVENTED)), Settings(**chosen))


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("named", [True, False], ids=["with ids", "without ids"])
def test_the_order_of_the_input_changes_nothing(seed, named):
    articles = INVENTED if named else [{k: v for k, v in article.items() if k != "id"} for article in INVENTED]
    one, two = find(articles), find(random.Random(seed).sample(articles, len(articles)))

    assert by_id(one) == by_id(two)
    assert list(one.clusters) == list(two.clusters)
    assert list(one.pairs) == list(two.pairs)


@pytest.mark.parametrize("threads", [2, 4])
def test_the_number_of_threads_changes_no_number(threads, monkeypatch):
    one = findings_of(level="story")
    monkeypatch.setattr("dedup.packing.CHUNK_CHARS", 3000)
    monkeypatch.setattr("dedup.evidence.WORDS_AT_A_TIME", 1000)
    many = findings_of(level="story", threads=threads)

    for name in ("unit", "left", "right", "channels", "measured", "p", "evidence"):
        np.testing.assert_array_equal(getattr(one, name), getattr(many, name))
    for level in LEVELS:
        np.testing.assert_array_equal(one.labels[level], many.labels[level])
    for level in LEVELS[1:]:
        here, there = one.clusters[level], many.clusters[level]
        assert (here.centre, here.cohesion, here.weakest) == (there.centre, there.cohesion, there.weakest)
    for here, there in zip(*(found.reread(np.arange(len(one.left))) for found in (one, many)), strict=True):
        np.testing.assert_array_equal(here, there)
    assert one.stats == many.stats
    assert not one.measured.all()
    assert one.clusters["near"].cohesion != one.clusters["story"].cohesion


def test_the_hash_seed_changes_no_byte_of_the_output():
    command = [sys.executable, "-m", "dedup", "cluster", str(FOLDER / "articles.jsonl"), "-f", "jsonl"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    printed = {
        subprocess.run(command, capture_output=True, env=env | {"PYTHONHASHSEED": seed}, timeout=120, check=True).stdout
        for seed in ("0", "1", "2")
    }

    assert len(printed) == 1
    assert len(printed.pop().splitlines()) == len(INVENTED)


@given(
    st.sampled_from(SOME), st.lists(st.sampled_from(ABOVE), max_size=4), st.lists(st.sampled_from(BELOW), max_size=4)
)
@settings(max_examples=30, deadline=None)
def test_furniture_around_an_article_does_not_tell_it_from_its_copy(article, above, below):
    dressed = article | {"id": "dressed", "text": "\n\n".join([*above, article["text"], *below])}
    result = find([article, dressed])

    assert [(pair.relation, pair.jaccard) for pair in result.pairs] == [("exact", 1.0)]
    assert len({row.near for row in result.rows}) == 1


def test_a_text_is_the_exact_copy_of_itself_whatever_it_says():
    for article in INVENTED:
        found = find([article, article | {"id": "again"}]).pairs[0]

        assert (found.relation, found.score, found.jaccard, found.containment_a, found.containment_b) == (
            "exact",
            1,
            1,
            1,
            1,
        )


def test_swapping_the_names_of_two_articles_swaps_the_pair_and_changes_no_score(whole):
    text = {article["id"]: {k: v for k, v in article.items() if k != "id"} for article in INVENTED}
    for pair in list(whole.pairs)[::3]:
        here = find([text[pair.a] | {"id": "1"}, text[pair.b] | {"id": "2"}], threshold=0).pairs
        there = find([text[pair.a] | {"id": "2"}, text[pair.b] | {"id": "1"}], threshold=0).pairs

        assert [p.score for p in here] == [p.score for p in there]
        assert [(p.containment_a, p.containment_b) for p in here] == [(p.containment_b, p.containment_a) for p in there]


def test_a_stranger_changes_no_cluster_and_no_id(whole):
    rows = by_id(find([STRANGER, *INVENTED]))
    alone = rows.pop("stranger")

    assert rows == by_id(whole)
    assert alone.near not in {row.near for row in rows.values()}


@pytest.mark.parametrize("chosen", [{"level": "near"}, {"level": "story"}, {"level": "story", "threshold": 0.99}])
def test_levels_nest(chosen):
    for one, two in combinations(find(INVENTED, **chosen).rows, 2):
        same = [getattr(one, level) == getattr(two, level) for level in LEVELS]
        assert same == sorted(same), (one.id, two.id)


@pytest.mark.parametrize("text", ["Ok.", "a b c d", "Police said that no one was hurt when the ferry sank. " * 3])
@pytest.mark.parametrize("threshold", [None, 1.0])
def test_levels_nest_where_one_text_stands_under_several_titles(text, threshold):
    titles = {"a": "Market closes higher", "b": "Ferry sinks off Aldport", "c": "Ferry sinks off Aldport"}
    days = {"a": "2031-01-01", "b": "2031-06-01", "c": "2031-06-01"}
    articles = [{"id": name, "text": text, "title": titles[name], "date": days[name]} for name in titles]
    rows = by_id(find(articles, threshold=threshold))

    assert rows["b"].exact == rows["c"].exact != rows["a"].exact
    assert rows["b"].near == rows["c"].near


def test_a_long_text_is_a_copy_whatever_its_title_and_day():
    said = "Police said that no one was hurt when the ferry sank off Aldport on Monday. " * 3
    one = {"id": "a", "text": said, "title": "Market closes higher", "date": "2031-01-01"}
    two = {"id": "b", "text": said, "title": "Ferry sinks off Aldport", "date": "2031-06-01"}

    assert len({row.near for row in find([one, two]).rows}) == 1


def test_cluster_ids_say_their_level_and_are_shared_by_members_alone(whole):
    for level in LEVELS:
        found = {getattr(row, level) for row in whole.rows}

        assert {name[:2] for name in found} == {level[0].replace("e", "x" if level == "exact" else "e") + "-"}


def test_the_invented_copies_are_clustered_as_labelled(whole):
    wanted = {row["id"]: row["cluster"] for row in labels("clusters.csv")}
    rows = by_id(whole)
    numbers = [sorted(set(names.values())) for names in (wanted, {name: row.near for name, row in rows.items()})]
    truth = np.array([numbers[0].index(wanted[name]) for name in rows])
    found = np.array([numbers[1].index(row.near) for row in rows.values()])

    assert adjusted_rand_index(found, truth) >= FEWEST_NEAR


def test_no_invented_pair_that_is_not_near_is_joined(whole):
    rows = by_id(whole)
    apart = [(row["id_a"], row["id_b"]) for row in labels("pairs.csv") if row["label"] == "0"]

    assert [(a, b) for a, b in apart if rows[a].near == rows[b].near] == []
    assert {(pair.a, pair.b) for pair in whole.pairs} & set(apart) == set()
