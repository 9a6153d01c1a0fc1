"""The corpus: ids that depend on content alone, rows in an order of their own."""

import re
from collections import OrderedDict
from itertools import pairwise
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article import Article
from dedup.corpus import as_article, build_corpus, corpus_of
from dedup.errors import InputError
from dedup.packing import PAD_BYTES, Cuts, Texts, pack
from dedup.settings import NO_DATE

articles = st.lists(
    st.builds(
        Article, text=st.sampled_from("xyz"), id=st.sampled_from(["", "a", "b", "a~2"]), title=st.sampled_from("TU")
    ),
    max_size=8,
)


def table_of(corpus):
    return list(zip(corpus.ids, corpus.texts, corpus.titles, strict=True))


@given(articles, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_ids_are_distinct_and_do_not_see_the_order_of_the_input(given_articles, rng):
    corpus = build_corpus(given_articles)
    other = build_corpus(rng.sample(given_articles, len(given_articles)))

    assert table_of(corpus) == table_of(other)
    assert corpus.ids == sorted(set(corpus.ids))
    assert corpus.renamed == other.renamed


@given(articles)
@settings(max_examples=40, deadline=None)
def test_each_article_is_found_where_the_input_order_says(given_articles):
    corpus = build_corpus(given_articles)
    texts = [corpus.texts[row].decode() for row in corpus.input_order]

    assert texts == [article.text for article in given_articles]
    assert sorted(corpus.input_order.tolist()) == list(range(len(given_articles)))


stated = st.builds(
    lambda before, day, after: f"{before}{day}{after}",
    st.text(st.sampled_from("a é–\u4e2d\U0001f6a2\ud800\n."), max_size=600),
    st.sampled_from(["", "\nTARN, March 12, 2031 (Reuters) - ", "\n2031-03-12\n"]),
    st.text(st.sampled_from("aé–\U0001f6a2\udfff"), max_size=600),
)


@given(st.lists(stated, max_size=4))
@settings(max_examples=60, deadline=None)
def test_texts_held_as_utf8_make_the_same_corpus(texts):
    texts.append("TARN, March 12, 2031 (Reuters) - Rain fell.")
    held = [text.encode("utf-8", "surrogatepass") for text in texts]
    one, other = build_corpus(map(Article, texts)), build_corpus([Article("")] * len(texts), held)

    assert table_of(one) == table_of(other)
    assert [one.days.stated(row) for row in range(len(one))] == [other.days.stated(row) for row in range(len(one))]
    assert any(one.days.stated(row) for row in range(len(one)))


def test_an_article_without_id_is_named_by_its_content():
    one, same, other = (
        build_corpus([a]).ids[0] for a in (Article("x", where="1"), Article("x", where="2"), Article("x", title="T"))
    )

    assert one == same != other
    assert re.fullmatch("c-[0-9a-f]{12}", one)


def test_one_of_several_articles_with_an_id_keeps_it_and_the_rest_are_counted_on():
    corpus = build_corpus([Article("x", "a"), Article("y", "a"), Article("z", "a"), Article("w", "a~2")])

    assert corpus.ids == ["a", "a~2", "a~3", "a~4"]
    assert corpus.texts[1] == b"w"
    assert corpus.renamed == 2


def test_dates_are_days_and_unknown_ones_are_marked():
    corpus = build_corpus([Article("x", "a", date="1970-01-11"), Article("x", "b"), Article("x", "c", date="some day")])

    assert corpus.days.all().tolist() == [10, NO_DATE, NO_DATE]
    assert corpus.days.all().dtype == np.int32


def test_a_text_is_looked_through_for_its_day_when_somebody_asks_and_once(monkeypatch):
    looked = []

    def heads(texts):
        looked.append(list(texts))
        return range(len(looked[-1]))

    monkeypatch.setattr("dedup.days.may_state_dates", heads)
    day = "TARN, March 9, 2031 - The ferry sank."
    corpus = build_corpus([Article(day + name, name) for name in "abcd"] + [Article("x", "e", date="1970-01-11")])

    assert looked == []
    assert corpus.days.of(np.array([4, 2, 0, 2], np.int32)).tolist() == [10, 22347, 22347, 22347]
    assert corpus.days[2] == 22347
    assert corpus.days.stated(1).day == 22347
    assert corpus.days.stated(4) is None
    assert corpus.days.all().tolist() == [22347] * 4 + [10]
    assert [len(texts) for texts in looked if texts] == [2, 1, 1]


def test_lone_surrogates_pass_through():
    assert build_corpus([Article("a\ud800b", title="\udfff")]).texts[0] == b"a\xed\xa0\x80b"


def test_texts_are_bytes_without_what_was_cut():
    cuts = Cuts(*(np.array(column) for column in ([0, 1, 2, 2], [0, 0], [5, 1], [2, 1])))
    texts = Texts(["Zoë sank", "a", ""], cuts)

    assert list(texts) == texts[:] == [b"sank", b"", b""]
    assert Texts(texts.raw)[0] == "Zoë sank".encode()


@given(
    st.lists(st.text(st.sampled_from("aé語\n"), max_size=12), min_size=1, max_size=4),
    st.integers(0, 30),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_a_text_may_be_made_as_far_as_it_is_wanted(texts, most, encoded, random):
    raw = [text.encode() for text in texts]
    spans = [sorted(random.choices(range(len(text) + 1), k=random.choice((0, 2, 4)))) for text in raw]
    starts, ends = (np.array([x for some in spans for x in some[k::2]], np.int32) for k in (0, 1))
    bounds = np.cumsum([0, *(len(some) // 2 for some in spans)])
    whole = Texts(raw if encoded else texts, Cuts(bounds, starts, ends, np.ones(len(starts), np.uint8)))

    for some in (whole, Texts(whole.raw)):
        assert list(some.each(range(len(texts)), most)) == [text[:most] for text in some]


@given(st.lists(st.integers(0, 9), max_size=9), st.integers(1, 12), st.integers(1, 3))
@settings(max_examples=40, deadline=None)
def test_chunks_cover_every_text_once_and_no_more_than_they_must(lengths, size, several):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dedup.packing.CHUNK_CHARS", size)
        found = Texts(["x" * n for n in lengths]).chunks(several)

    assert [row for first, last in found for row in range(first, last)] == list(range(len(lengths)))
    assert all(sum(lengths[first : last - 1]) < several * size for first, last in found)


@given(st.lists(st.binary(max_size=9), max_size=5))
@settings(max_examples=40, deadline=None)
def test_packed_texts_stand_one_behind_the_other(texts):
    buf, offsets = pack(texts)

    assert [buf[a:b].tobytes() for a, b in pairwise(offsets.tolist())] == texts
    assert buf[offsets[-1] :].tobytes() == b"\n" * PAD_BYTES


def test_a_text_a_mapping_and_an_article_are_articles():
    assert as_article("x", 3) == Article("x", where="articles[3]")
    assert as_article({"text": "x", "id": 7, "title": None, "mood": "dark"}, 0) == Article(
        "x", "7", where="articles[0]"
    )
    article = Article("x", "a", where="feed.jsonl:1")
    assert as_article(article, 0) is article


@pytest.mark.parametrize(
    ("item", "met"),
    [
        (None, "a NoneType; wanted a str"),
        (3, "a int; wanted a str"),
        (["x"], "a list; wanted a str"),
        (b"x", "a bytes; wanted a str"),
        (Article(b"x"), "an Article whose text is a bytes; wanted a str"),
        (Article("x", title=None), "an Article whose title is a NoneType; wanted a str"),
        ({}, "no 'text' of type str (found: nothing)"),
        ({"body": "x"}, "(found: body)"),
        ({"text": None, 1: 2}, "(found: text, 1)"),
        ({"text": 5}, "no 'text' of type str"),
    ],
)
def test_what_is_no_article_is_named_by_its_place(item, met):
    with pytest.raises(InputError) as caught:
        as_article(item, 12)

    assert str(caught.value).startswith("articles[12]: ")
    assert met in str(caught.value)
    assert "\n" not in str(caught.value)


class Name(str):
    """A text of a kind of its own."""


VALUES = st.sampled_from(["", "x", "Grüße", None, 7, 2.5, Name("n")])
GIVEN = (
    st.fixed_dictionaries(
        {"text": st.sampled_from(["x", "yz"])}, optional=dict.fromkeys(["id", "title", "date", "url", "mood"], VALUES)
    ),
    st.sampled_from(["x", Article("y", "a"), OrderedDict(text="z", title="T"), {"text": Name("x")}]),
)


@given(st.lists(st.one_of(GIVEN[0]), max_size=12), st.lists(st.one_of(*GIVEN), max_size=12))
@settings(max_examples=100, deadline=None)
def test_what_a_caller_gives_is_a_corpus_as_if_taken_one_by_one(dicts, items):
    with mock.patch("dedup.corpus.AT_A_TIME", 4):
        found = corpus_of(iter(dicts + items))
    wanted = build_corpus(as_article(item, k) for k, item in enumerate(dicts + items))

    for name in ("ids", "titles", "sources", "outlets", "dates", "languages", "urls", "wheres"):
        assert getattr(found, name) == getattr(wanted, name)
    assert list(found.texts) == list(wanted.texts)
    assert found.input_order.tolist() == wanted.input_order.tolist()


@pytest.mark.parametrize("item", [{}, {"text": 5}, None, {"title": "x"}])
def test_among_many_dicts_what_is_no_article_is_named_by_its_place(item):
    articles = [{"text": "x"}] * 300 + [item] + [{"text": None}]

    with pytest.raises(InputError, match=r"^articles\[300\]: "):
        corpus_of(articles)


def test_no_articles_are_a_corpus_too():
    assert len(build_corpus([])) == len(corpus_of([])) == 0


def test_a_text_too_long_to_count_its_bytes_is_named_by_its_place(monkeypatch):
    monkeypatch.setattr("dedup.corpus.MOST_CHARS", 9)
    assert len(build_corpus([Article("x" * 9, where="a.txt")])) == 1
    with pytest.raises(InputError, match=r"a\.txt: a text of 10 characters; wanted 9 at most"):
        build_corpus([Article("x"), Article("x" * 10, where="a.txt")])


def test_of_articles_that_differ_in_language_alone_the_same_keeps_the_id_in_any_order():
    both = [Article("x", "a", language="en"), Article("x", "a", language="de")]
    one, other = build_corpus(both), build_corpus(both[::-1])

    assert list(zip(one.ids, one.languages, strict=True)) == list(zip(other.ids, other.languages, strict=True))
