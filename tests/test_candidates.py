"""Candidates: nearly all pairs that are alike are proposed, and never many more than there are articles."""

import json
import random
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from dedup.candidates import Shingled, collapse, distinct, merge, rule_out_bands, split
from dedup.corpus import as_article, build_corpus
from dedup.evidence import take_evidence
from dedup.gathering import gather
from dedup.measures import COLUMN
from dedup.results import CHANNEL_BITS
from dedup.settings import NEIGHBOURS, Settings
from tests import oracles

FOLDER = Path(__file__).parent / "corpus"
ARTICLES = [json.loads(line) for line in (FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
WORDS = [f"w{k}" for k in range(3000)]


def known_of(articles, **settings):
    corpus = build_corpus(as_article(item, k) for k, item in enumerate(articles))
    return corpus, gather(corpus, Settings(**settings))


def pairs_of(known):
    return set(zip(known.candidates.left.tolist(), known.candidates.right.tolist(), strict=True))


def edited(n, edit, seed=0):
    rng = random.Random(seed)
    base = [rng.choice(WORDS) for _ in range(60)]
    found = []
    for k in range(n):
        said = list(base)
        edit(rng, said, f"u{k}")
        found.append(" ".join(said))
    return found


def appended(_, said, word):
    said.append(word)


def replaced(rng, said, word):
    said[rng.randrange(60)] = word


@pytest.fixture(scope="module")
def invented():
    corpus, known = known_of(ARTICLES, clean=False)
    return corpus, known, pairs_of(known)


@pytest.mark.parametrize(("least", "recall"), [(0.3, 1.0), (0.15, 0.95)])
def test_pairs_that_look_alike_are_candidates(invented, least, recall):
    corpus, known, found = invented
    unit = known.unit.tolist()
    wanted = {tuple(sorted((unit[a], unit[b]))) for a, b in oracles.alike([t.decode() for t in corpus.texts], least)}
    wanted = {(a, b) for a, b in wanted if a != b}

    assert len(wanted) > 20
    assert len(wanted & found) >= recall * len(wanted)


def test_every_labelled_copy_is_a_candidate(invented):
    corpus, known, found = invented
    rows = [line.split(",") for line in (FOLDER / "pairs.csv").read_text(encoding="utf-8").splitlines()[1:]]
    pairs = {
        tuple(known.unit[[corpus.ids.index(a), corpus.ids.index(b)]].tolist()) for a, b, label in rows if label == "1"
    }

    assert {tuple(sorted(pair)) for pair in pairs if len(set(pair)) == 2} <= found


def test_the_bands_alone_find_what_is_much_alike():
    texts = [text for k in range(15) for text in (edited(2, replaced, k), edited(2, appended, 100 + k))]
    corpus, known = known_of([text for pair in texts for text in pair], min_shared=1024)
    wanted = oracles.alike([text.decode() for text in corpus.texts], 0.7)

    assert len(wanted) >= 25
    assert wanted <= pairs_of(known)
    assert not (known.candidates.channels & CHANNEL_BITS["shingles"]).any()


def test_candidates_are_few_ordered_and_distinct(invented):
    corpus, known, found = invented
    pairs = list(zip(known.candidates.left.tolist(), known.candidates.right.tolist(), strict=True))

    assert pairs == sorted(found)
    assert all(a < b for a, b in pairs)
    assert len(pairs) <= 3 * len(corpus)


@pytest.mark.parametrize("sketch", ["fast", "datasketch"])
def test_each_channel_finds_pairs_of_its_own_kind(sketch):
    _, known = known_of(ARTICLES, sketch=sketch, level="story")
    seen = {name: (known.candidates.channels & bit > 0).sum() for name, bit in CHANNEL_BITS.items()}

    assert all(seen.values())
    assert (known.candidates.channels > 0).all()
    assert seen["copies"] == (known.unit != np.arange(len(known.unit))).sum()


@pytest.mark.parametrize("level", ["event", "story"])
def test_neighbours_come_on_top_where_events_or_stories_are_sought_and_are_few(level):
    near, wide = (known_of(ARTICLES, level=name)[1] for name in ("near", level))
    by_wording = wide.candidates.channels & ~np.uint8(CHANNEL_BITS["terms"])
    ends = wide.candidates.left, wide.candidates.right

    assert not (near.candidates.channels & CHANNEL_BITS["terms"]).any()
    assert pairs_of(near) == set(zip(*(end[wide.copyable].tolist() for end in ends), strict=True))
    assert near.candidates.channels.tolist() == by_wording[wide.copyable].tolist()
    assert near.copyable.all()
    assert wide.measured.tolist() == (by_wording > 0).tolist()
    assert 0 < (by_wording == 0).sum() <= NEIGHBOURS * len(ARTICLES)


def test_reading_pairs_again_compares_the_wording_of_those_it_was_not_compared_for():
    _, known = known_of(ARTICLES, level="story")
    new = np.flatnonzero(~known.measured)
    pairs = np.concatenate([new[::-1], np.flatnonzero(known.measured)])
    table, shingles = known.reread(pairs)
    ends = known.candidates.left[new[::-1]], known.candidates.right[new[::-1]]
    wording = take_evidence(known.cleaned.texts, known.n_words, known.bodies, ends)
    title = COLUMN["title"]

    assert len(new) > 20
    assert np.isnan(known.evidence[new, :title]).all()
    np.testing.assert_array_equal(table[: len(new), :title], wording.table[:, :title])
    np.testing.assert_array_equal(shingles[: len(new)], wording.shingles)
    np.testing.assert_array_equal(table[:, title:], known.evidence[pairs, title:])
    np.testing.assert_array_equal(table[len(new) :], known.evidence[pairs[len(new) :]])
    np.testing.assert_array_equal(shingles[len(new) :], known.shingles)
    np.testing.assert_array_equal(known.reread(pairs[::-1])[1], shingles[::-1])


def test_pairs_of_a_certain_channel_stay_whatever_the_sketches_say():
    links = np.array([1 << 32 | 2, 1 << 32 | 3], np.uint64)
    signatures = np.arange(4 * 128, dtype=np.uint16).reshape(4, 128)
    banded = rule_out_bands((links, 3), signatures)
    shingled = Shingled(links[:1], np.ones(1, bool), 5)
    alone = merge(banded, shingled, {})
    found = merge(banded, shingled, {"terms": links, "copies": links[1:]})

    assert (alone.left.tolist(), alone.right.tolist(), alone.channels.tolist()) == ([1], [2], [2])
    assert (found.left.tolist(), found.right.tolist(), found.channels.tolist()) == ([1, 1], [2, 3], [2 | 8, 4 | 8])
    assert found.capped == {"bands": 3, "shingles": 5}


def quoting(share, titles=("Ferry timetable approved", "Harbour seals return"), n=400):
    """Return two articles of 400 words that have a passage of so great a share in common."""
    rng = random.Random(5)
    said, other = ([rng.choice(WORDS) for _ in range(n)] for _ in titles)
    other[: int(share * n)] = said[: int(share * n)]
    return [{"id": k, "title": t, "text": " ".join(x)} for k, t, x in zip("ab", titles, (said, other), strict=True)]


@pytest.mark.parametrize(
    ("share", "titles", "kept"),
    [
        (0.15, ("Ferry timetable approved", "Harbour seals return"), False),
        (0.15, ("Ferry timetable approved", "Ferry timetables approved"), True),
        (0.15, ("Ferry timetable approved", ""), True),
        (0.45, ("Ferry timetable approved", "Harbour seals return"), True),
    ],
)
def test_little_wording_in_common_under_two_headlines_is_not_measured_for_copies(share, titles, kept):
    articles = quoting(share, titles)
    _, near = known_of(articles)
    _, wide = known_of(articles, level="story")

    assert pairs_of(near) == ({(0, 1)} if kept else set())
    assert (wide.measured.tolist(), wide.copyable.tolist()) == ([True], [kept])


def test_a_pair_asked_about_is_measured_however_faint():
    corpus = build_corpus(as_article(item, k) for k, item in enumerate(quoting(0.15)))
    known = gather(corpus, Settings(), asked=[(0, 1)])

    assert known.copyable.tolist() == [True]
    assert 0.05 < known.evidence[0, COLUMN["containment"]] < 0.2


def test_where_most_of_a_text_stands_in_many_others_the_rest_says_nothing():
    rng = random.Random(6)
    said = [rng.choice(WORDS) for _ in range(1400)]
    articles = []
    for k in range(20):  # two by two they have a fifth of the rest in common
        both = [rng.choice(WORDS) for _ in range(200)]
        for side in "ab":
            own = [rng.choice(WORDS) for _ in range(800)]
            articles.append({"id": f"{side}{k:02}", "title": " ".join(own[:5]), "text": " ".join(said + both + own)})
    _, known = known_of(articles, max_df=16, band_recall=0.0, band_similarity=1.0)

    assert len(pairs_of(known)) >= 20
    assert not known.candidates.faint.any()


@pytest.mark.parametrize("sketch", ["fast", "datasketch"])
def test_three_thousand_identical_articles_hang_on_one(sketch):
    said = "The harbour council approved a new ferry timetable on Tuesday"
    corpus, known = known_of(
        [{"id": f"{k:04}", "text": said.upper() if k % 2 else said} for k in range(3000)], sketch=sketch
    )

    assert pairs_of(known) == {(0, k) for k in range(1, len(corpus))}
    assert set(known.candidates.channels.tolist()) == {CHANNEL_BITS["copies"]}


@pytest.mark.parametrize(("edit", "most"), [(appended, 6), (replaced, 60)], ids=["a word appended", "a word replaced"])
def test_copies_with_small_edits_make_buckets_that_stay_linear(edit, most):
    counts = {}
    for n in (3000, 6000):
        _, known = known_of(edited(n, edit))
        counts[n] = len(known.candidates.left)
        _, first = np.unique(np.concatenate([known.candidates.left, known.candidates.right]), return_index=True)

        assert len(first) == n
        assert sum(known.candidates.capped.values()) > 0

    assert counts[6000] <= min(most * 6000, 2.5 * counts[3000])


def test_small_groups_are_linked_all_to_all():
    _, known = known_of(edited(20, appended))

    assert pairs_of(known) == set(combinations(range(20), 2))
    assert known.candidates.capped == {"bands": 0, "shingles": 0}


def test_unrelated_articles_are_not_proposed():
    rng = random.Random(1)
    _, known = known_of([" ".join(rng.choices(WORDS, k=150)) for _ in range(400)])

    assert len(known.candidates.left) <= 4


def test_articles_without_words_pair_with_nobody():
    said = "The harbour council approved a new ferry timetable on Tuesday"
    _, known = known_of(
        [{"id": str(k), "text": text} for k, text in enumerate(["", "", "...", "!?", said, said, "\x00"])]
    )

    assert pairs_of(known) == {(4, 5)}
    assert known.unit.tolist() == [0, 1, 2, 3, 4, 4, 6]


def test_an_excerpt_of_a_long_article_is_proposed():
    rng = random.Random(4)
    found = 0
    for _ in range(40):
        said = rng.choices(WORDS, k=1500)
        _, known = known_of([" ".join(said), " ".join(said[700:800])])
        found += len(known.candidates.left)

    assert found >= 39


def test_copies_are_told_by_their_words_whatever_the_order_of_rows():
    bodies = np.array([[5, 1], [9, 9], [5, 1], [5, 2], [9, 9], [5, 1]], np.uint64)

    assert collapse(bodies, np.ones(6, np.int32)).tolist() == [0, 1, 0, 3, 1, 0]
    assert collapse(bodies, np.array([1, 0, 1, 1, 0, 1], np.int32)).tolist() == [0, 1, 0, 3, 4, 0]


def test_distinct_sorts_and_split_unpacks():
    left, right = split(distinct(np.array([3 << 32 | 9, 1 << 32 | 2, 3 << 32 | 9], np.uint64)))

    assert (left.tolist(), right.tolist()) == ([1, 3], [2, 9])
    assert len(distinct(np.empty(0, np.uint64))) == 0
