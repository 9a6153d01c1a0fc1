from types import SimpleNamespace

import numpy as np
import pytest

from dedup.article import Article
from dedup.cli.closest import closest_pair
from dedup.corpus import build_corpus
from dedup.settings import Settings


@pytest.fixture
def explained(monkeypatch):
    """Count what is explained; the score of a pair is given by its two ids."""
    asked = []

    def judged_among(corpus, _, pairs, __):
        return [(corpus, pair) for pair in pairs]

    def explain_candidate(corpus, pair):
        ids = "".join(corpus.ids[row] for row in pair)
        asked.append(ids)
        return SimpleNamespace(pair=SimpleNamespace(score=float(ids == "bc"), jaccard=0.0, ids=ids))

    monkeypatch.setattr("dedup.asked.judged_among", judged_among)
    monkeypatch.setattr("dedup.explanation.explain_candidate", explain_candidate)
    return asked


def pile(n, pairs=()):
    findings = SimpleNamespace(
        left=np.array([pair[0] for pair in pairs]),
        right=np.array([pair[1] for pair in pairs]),
        measured=np.ones(len(pairs), bool),
        p=np.array([[pair[2]] * 3 for pair in pairs]).reshape(-1, 3),
    )
    return build_corpus(Article(f"text {i}", chr(ord("a") + i)) for i in range(n)), findings, Settings()


def test_of_the_pairs_measured_only_the_most_probable_is_explained(explained):
    assert closest_pair(*pile(9, [(0, 1, 0.1), (3, 4, 0.4), (5, 6, 0.2)])).pair.ids == "de"
    assert explained == ["de"]


def test_where_none_was_measured_every_pair_of_a_few_articles_is(explained):
    assert closest_pair(*pile(3)).pair.ids == "bc"
    assert explained == ["ab", "ac", "bc"]


@pytest.mark.parametrize("n", [0, 1, 9, 21])
def test_nothing_is_explained_for_one_article_or_a_pile_too_large(explained, n):
    assert closest_pair(*pile(n, [(0, 1, 0.1)] if n == 21 else ())) is None
    assert explained == []
