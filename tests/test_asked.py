"""Two articles of a corpus are explained as its run judged them."""

import json
from pathlib import Path

import numpy as np
import pytest

from dedup.asked import explain, explain_among, judged_among
from dedup.corpus import as_article, build_corpus
from dedup.pipeline import model_of, run
from dedup.read import read_articles
from dedup.settings import Settings
from tests.running import dedup

HERE = Path(__file__).parent
STORY = Settings(level="story")
P = ("p_near", "p_event", "p_story")


def made(name):
    corpus = build_corpus(read_articles(HERE / name / "articles.jsonl"))
    return corpus, run(corpus, STORY)


@pytest.fixture(scope="module")
def stories():
    return made("corpus_stories")


@pytest.fixture(scope="module")
def copies():
    return made("corpus")


@pytest.mark.parametrize("pile", ["stories", "copies"])
def test_every_pair_of_a_run_has_the_probability_the_run_gave_it_and_points_that_add_up_to_it(pile, request):
    corpus, findings = request.getfixturevalue(pile)
    pairs = list(zip(findings.left.tolist(), findings.right.tolist(), strict=True))
    model = model_of(STORY)
    overruled = 0

    for (rows, k), p in zip(judged_among(corpus, findings, pairs, STORY), findings.p.tolist(), strict=True):
        row, told = rows.row(k), rows.look(k).relation
        assert rows.findings is findings
        assert [getattr(row, name) for name in P] == p
        total = model.relations[told].base + sum(reason.points for reason in row.reasons)
        if getattr(row, f"p_{told}") != pytest.approx(1 / (1 + np.exp(-total))):
            overruled += 1
            assert getattr(row, f"p_{told}") in (0, 1) or told == "event"
    assert overruled < len(pairs) / 2


def test_a_pair_is_judged_among_the_others_and_not_alone(stories):
    corpus, findings = stories
    courier, wire = (corpus.ids.index(name) for name in ("sarn-call-courier", "sarn-call-wire"))
    k = int(findings.place(np.array([courier]), np.array([wire]))[0])
    among = explain_among(corpus, findings, (wire, courier), STORY)
    alone = explain(*({"id": corpus.ids[row], "text": corpus.texts[row].decode()} for row in (courier, wire)))

    assert [getattr(among.pair, name) for name in P] == findings.p[k].tolist()
    assert alone.pair.p_event != pytest.approx(among.pair.p_event, abs=0.05)
    assert among.sentences[-1].startswith("The run has ")


def test_a_pair_no_channel_proposed_is_measured_and_said_to_be_none(stories):
    corpus, findings = stories
    candidates = set(zip(findings.left.tolist(), findings.right.tolist(), strict=True))
    pairs = ((a, b) for a in range(len(corpus)) for b in range(a + 1, len(corpus)))
    a, b = next(pair for pair in pairs if pair not in candidates)

    found = explain_among(corpus, findings, (a, b), STORY)
    assert (found.pair.a, found.pair.b) == (corpus.ids[a], corpus.ids[b])
    assert "No channel proposes this pair: a run does not compare the two." in found.sentences
    assert found.sentences[-1] == "The run has them in no cluster together."
    assert found.pair.relation == "none"


def test_pairs_measured_beside_those_of_the_run_come_in_the_order_they_were_asked_in(stories):
    corpus, findings = stories
    pairs = [(a, b) for b in range(12) for a in range(b)]
    found = [rows.row(k) for rows, k in judged_among(corpus, findings, pairs, STORY)]

    assert [(row.a, row.b) for row in found] == [(corpus.ids[a], corpus.ids[b]) for a, b in pairs]
    assert judged_among(corpus, findings, [], STORY) == []


def test_pairs_are_looked_at_together_in_the_order_they_are_asked_for(stories, monkeypatch):
    corpus, findings = stories
    monkeypatch.setattr("dedup.answer.LOOKED_AT", 2)
    known = list(zip(findings.left.tolist(), findings.right.tolist(), strict=True))
    looks = {}
    for some in (known[::-1], list(_unproposed(findings))[:8][::-1]):
        n = 0
        for rows, k in judged_among(corpus, findings, some, STORY):
            before = rows.looked
            rows.row(k)
            n += rows.looked is not before
        looks[len(some)] = n

    assert looks == {n: (n + 1) // 2 for n in (len(known), 8)}


def test_asking_changes_no_pair_of_the_run(stories):
    corpus, findings = stories
    ((rows, _),) = judged_among(corpus, findings, [next(iter(_unproposed(findings)))], STORY)
    again = rows.findings
    place = again.place(findings.left, findings.right)

    assert len(again.left) == len(findings.left) + 1
    assert np.array_equal(again.p[place, 0], findings.p[:, 0])
    assert np.array_equal(again.channels[place], findings.channels)


def _unproposed(findings):
    n = len(findings.unit)
    a, b = np.triu_indices(n, 1)
    missing = findings.place(a, b) == len(findings.left)
    return zip(a[missing].tolist(), b[missing].tolist(), strict=True)


def test_copies_of_one_text_are_judged_by_the_first_of_them():
    text = "The harbour council of Aldport approved a new ferry timetable on Tuesday after months of talks in the town hall."
    other = (
        "Aldport's ferry timetable was approved by the harbour council on Tuesday, months after talks had begun there."
    )
    corpus = build_corpus(
        as_article({"id": name, "text": words}, k)
        for k, (name, words) in enumerate([("a", text), ("b", text.upper()), ("c", text), ("d", other)])
    )
    findings = run(corpus, STORY)
    first, third = (explain_among(corpus, findings, pair, STORY) for pair in ((0, 3), (2, 3)))
    copies = explain_among(corpus, findings, (1, 2), STORY)

    assert third.pair == first.pair
    assert "c has the same words as a, which is judged for it." in third.sentences
    assert (copies.pair.a, copies.pair.b, copies.pair.relation) == ("b", "c", "exact")
    assert copies.sentences[-1] == "The run has both as one text."


def test_the_command_says_what_the_run_says():
    corpus = HERE / "corpus_stories" / "articles.jsonl"
    said = [json.loads(line) for line in dedup("pairs", corpus, "--level", "event", "--json").stdout.splitlines()]
    asked = said[len(said) // 2]
    told = json.loads(dedup("explain", asked["b"], asked["a"], "--in", corpus, "--level", "event", "--json").stdout)

    assert told["pair"] == asked
    assert told["told"] == asked["relation"] == "event"
