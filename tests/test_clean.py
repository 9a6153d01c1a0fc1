"""Cleaning: furniture goes, every sentence of the article stays, and what went can be shown."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.article import Article
from dedup.clean import LOOKS_TAILED, TITLE_TAIL, clean_corpus
from dedup.corpus import as_article, build_corpus
from dedup.read import read_articles
from dedup.repeats import FEWEST_REPEATS
from dedup.settings import Settings
from tests import oracles

HERE = Path(__file__).parent
SEEDS = list(read_articles(HERE.parent / "seeds"))
INVENTED = [json.loads(line) for line in (HERE / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
NOT_ARTICLE = (
    "Home / Russia", "Image credit", "Check Also", "Leave a Reply", "Your email address", "The views expressed",
    "Erdogan's crimes", "Erdogan’s crimes", "The Turkish regime continues", "The Syrian Observatory For Human Rights",
)  # fmt: skip
LAST_WORDS = ("calm on the ground.", "repressed pro-democracy protests.")
TRAILER = "The Quay is printed on paper made from sails"
SAID = (
    "Home / Coast", "Share this story", "Image credit: The Quay", "Check Also", "Tide tables for the week",
    "Leave a Reply", "The council met on Tuesday.", "Nobody was hurt, police said, and the ferry sailed on.", "",
    "A ferry sank", "The Quay", TRAILER, "Copyright 2031 The Quay", "国务院", "sank on Monday, and no one was hurt,",
)  # fmt: skip


def cleaned_of(articles, **chosen):
    corpus = build_corpus(as_article(item, k) for k, item in enumerate(articles))
    return corpus, clean_corpus(corpus, Settings(**chosen))


def text_of(*lines, **fields):
    """The only text of a corpus of one article, cleaned."""
    _, cleaned = cleaned_of([{"text": "\n".join(lines), **fields}])
    return cleaned.texts[0].decode()


def different(n, trailer, source="The Quay"):
    """Different articles of one outlet with one line behind each."""
    bodies = [
        f"Some {k} boats met in bay {k * k} to count the {k + 7} gulls.\nThe fog was {k} fathoms deep."
        for k in range(n)
    ]
    return [{"id": str(k), "source": source, "text": f"{body}\n{trailer}"} for k, body in enumerate(bodies)]


@pytest.mark.parametrize(("seed", "last"), [*zip(SEEDS, LAST_WORDS, strict=True)], ids=["meeting", "call"])
def test_of_the_seeds_every_sentence_stays_and_no_furniture(seed, last):
    _, cleaned = cleaned_of([seed])
    left = cleaned.texts[0].decode()
    paragraphs = [
        line for line in seed.text.splitlines() if len(line.split()) >= 15 and not line.startswith(NOT_ARTICLE)
    ]

    assert len(paragraphs) >= 8
    assert all(paragraph in left for paragraph in paragraphs)
    assert not any(phrase in left for phrase in NOT_ARTICLE)
    assert left.strip().endswith(last)


def test_of_the_seeds_the_titles_are_left_without_the_site_and_out_of_the_text():
    corpus, cleaned = cleaned_of(SEEDS)

    assert cleaned.titles == [
        "Turkiye, Russia discuss escalation in northern Syria", "Turkish and Russian defense ministers discuss Idlib"
    ]  # fmt: skip
    assert not any(title.encode() in text for title, text in zip(cleaned.titles, cleaned.texts, strict=True))
    assert [cut.reason for cut in cleaned.cuts(0) if cut.field == "title"] == ["site name behind the title"]
    assert len(corpus) == 2


def test_of_the_invented_corpus_no_sentence_of_an_original_is_cut_from_its_furnished_copy():
    corpus, cleaned = cleaned_of(INVENTED)
    text = dict(zip(corpus.ids, cleaned.texts, strict=True))
    with (HERE / "corpus" / "edits.csv").open(encoding="utf-8", newline="") as file:
        furnished = [row for row in csv.DictReader(file) if row["id"].endswith("-furniture")]

    assert furnished
    for row in furnished:
        original, copy = text[row["base_id"]].decode(), text[row["id"]].decode()
        assert all(line in copy for line in original.splitlines() if len(line.split()) > 5)
        assert oracles.jaccard(oracles.shingles(original), oracles.shingles(copy)) > 0.7


def test_of_the_invented_corpus_unrelated_pages_of_one_layout_share_nothing_afterwards():
    corpus, cleaned = cleaned_of(INVENTED)
    text = {name: text.decode() for name, text in zip(corpus.ids, cleaned.texts, strict=True)}

    assert oracles.jaccard(oracles.shingles(text["lighthouse"]), oracles.shingles(text["oysters"])) < 0.03
    assert not any(phrase in text["oysters"] for phrase in ("Check Also", "Share this", "Tide tables", "Email *"))


@pytest.mark.parametrize(
    "line",
    [
        "Share prices opened sharply higher,", "Home Mortgage Corp said", "Back to the future on immigration",
        "Published authors earn little.", "Related companies fell too.", "Watch repairers are a dying trade.",
    ],
)  # fmt: skip
def test_sentences_that_begin_like_furniture_stay(line):
    assert line in text_of("The markets were calm.", line, "Nobody sold anything on Tuesday.")


def test_a_line_repeated_in_different_articles_of_an_outlet_is_cut():
    corpus, cleaned = cleaned_of(different(FEWEST_REPEATS, TRAILER))

    assert not any(TRAILER.encode() in text for text in cleaned.texts)
    assert [cut.text for i in range(len(corpus)) for cut in cleaned.cuts(i)] == [TRAILER] * FEWEST_REPEATS
    assert all(b"boats met" in text and b"fog was" in text for text in cleaned.texts)


def test_a_line_repeated_too_seldom_or_in_several_outlets_stays():
    few = different(FEWEST_REPEATS - 1, TRAILER)
    spread = [row | {"source": f"outlet {k}"} for k, row in enumerate(different(9, TRAILER))]

    for articles in (few, spread):
        assert all(TRAILER.encode() in text for text in cleaned_of(articles)[1].texts)


def test_a_line_must_be_in_a_share_of_the_articles_of_a_large_outlet():
    for n, stays in ((40, False), (1400, True)):
        articles = different(n, "")
        for k in range(FEWEST_REPEATS + 1):
            articles[7 * k] |= {"text": articles[7 * k]["text"] + TRAILER}
        _, cleaned = cleaned_of(articles)

        assert any(TRAILER.encode() in text for text in cleaned.texts) is stays


def test_repeated_lines_that_are_most_of_an_article_are_its_text():
    said = [{"id": str(k), "source": "The Quay", "text": f"Boat {k * k} sank.\n{TRAILER}"} for k in range(9)]

    assert all(TRAILER.encode() in text for text in cleaned_of(said)[1].texts)


@given(st.text(st.sampled_from("ab \t\u00a0\n-–—|•·»:"), max_size=12))
@settings(deadline=None)
def test_no_title_with_a_tail_is_passed_over(title):
    assert not TITLE_TAIL.search(title) or LOOKS_TAILED.search(title)


def test_a_title_with_a_line_break_repeats_no_line_and_hides_no_other_title():
    titles = ["A ferry sank\nThe Quay", "Gulls counted", " The tide turned ", ""]
    _, cleaned = cleaned_of(
        [{"id": str(k), "title": title, "text": f"{title}\nSo.\n"} for k, title in enumerate(titles)]
    )

    assert [text.split() for text in cleaned.texts][1:] == [[b"So."]] * 3
    assert cleaned.texts[0].startswith(b"A ferry sank\nThe Quay")


def test_lines_of_copies_are_text_and_stay():
    lines = [f"The {thing} was found on Tuesday." for thing in ("boat", "mast", "rope", "flag", "oar")]
    own = [
        f"Reader {k} wrote in to say that {k * k} more of these had come ashore near the mole. " * 4 for k in range(12)
    ]
    copies = [{"id": str(k), "source": "The Quay", "text": "\n".join([*lines, said])} for k, said in enumerate(own)]

    assert all(line.encode() in text for text in cleaned_of(copies)[1].texts for line in lines)


def test_a_repeated_line_that_goes_on_a_sentence_stays():
    assert all(
        b"said the harbour master" in text for text in cleaned_of(different(9, "said the harbour master"))[1].texts
    )


def test_a_site_behind_five_titles_is_cut_and_an_ordinary_tail_is_not():
    articles = [
        {"id": str(k), "title": f"Boat {k} found | Coast Daily", "text": f"Boat {k} was found."} for k in range(5)
    ]
    articles.append({"id": "9", "title": "Ferry sinks - minister", "text": "A ferry sank."})

    assert cleaned_of(articles)[1].titles == [*(f"Boat {k} found" for k in range(5)), "Ferry sinks - minister"]


def test_the_title_is_cut_where_the_text_repeats_it_but_not_deep_in_the_text():
    assert text_of("A ferry sank", "", "Nobody was hurt.", title="A ferry sank").strip() == "Nobody was hurt."
    deep = ["Nobody was hurt, police said on Tuesday."] * 30
    assert text_of(*deep, "A ferry sank", title="A ferry sank").endswith("A ferry sank")


def test_links_behind_a_box_go_with_it_and_the_paragraph_behind_them_stays():
    left = text_of(
        "The ferry sank.",
        "Check Also",
        "Ten walks along the path",
        "The boats move inland, due …",
        "Nobody was hurt, police said.",
    )

    assert left.split("\n") == ["The ferry sank.", "", "", "", "Nobody was hurt, police said."]


@pytest.mark.parametrize(
    "lines", [["Leave a Reply"], ["Share", "Tweet", " "], ["Check Also", "Ten walks along the path"]]
)
def test_a_text_of_furniture_alone_is_left_as_it_was(lines):
    corpus, cleaned = cleaned_of([{"text": "\n".join(lines)}])

    assert list(cleaned.texts) == list(corpus.texts)
    assert cleaned.cuts(0) == []


def test_without_cleaning_nothing_changes():
    corpus, cleaned = cleaned_of([*INVENTED, *SEEDS], clean=False)

    assert (cleaned.titles, list(cleaned.texts)) == (corpus.titles, list(corpus.texts))
    assert not any(cleaned.cuts(i) for i in range(len(corpus)))


@given(st.lists(st.lists(st.sampled_from(SAID), max_size=8), max_size=8), st.sampled_from(["", "The Quay"]))
@settings(max_examples=50, deadline=None)
def test_what_is_cut_is_in_the_text_in_order_and_all_that_is_missing(texts, source):
    articles = [Article("\n".join(lines), str(k), "A ferry sank | The Quay", source) for k, lines in enumerate(texts)]
    corpus, cleaned = cleaned_of(articles)
    for i, (before, after) in enumerate(zip(corpus.texts, cleaned.texts, strict=True)):
        cuts = [cut for cut in cleaned.cuts(i) if cut.field == "text"]
        bounds = [0, *(place for cut in cuts for place in (cut.start, cut.end)), len(before)]
        kept = b"".join(before[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True))

        assert bounds == sorted(bounds)
        assert kept == after
        assert all(before[cut.start : cut.end].decode() == cut.text for cut in cuts)
        assert after.strip() or not before.strip()


@pytest.mark.parametrize(
    "raw", ["\ud800 A ferry sank\nLeave a Reply", "\x00\nCheck Also\n\x00", "\n" * 1000, "é\r\nShare\r\n"]
)
def test_any_characters_are_safe(raw):
    corpus, cleaned = cleaned_of([{"text": raw, "title": raw, "source": raw}])

    assert len(cleaned.texts) == 1
    assert b"Share" not in cleaned.texts[0]
    assert len(corpus) == 1


def test_threads_change_nothing(monkeypatch):
    monkeypatch.setattr("dedup.packing.CHUNK_CHARS", 3000)
    corpus, one = cleaned_of(INVENTED)
    _, four = cleaned_of(INVENTED, threads=4)

    assert (list(one.texts), one.titles) == (list(four.texts), four.titles)
    assert [one.cuts(i) for i in range(len(corpus))] == [four.cuts(i) for i in range(len(corpus))]


@pytest.mark.parametrize("blanks", ["", "\n" * 50, " \n\t\n" * 30])
def test_a_text_of_nothing_but_furniture_and_blanks_loses_nothing(blanks):
    assert text_of("Advertisement" + blanks) == "Advertisement" + blanks


@pytest.mark.parametrize(
    "line", ["Don’t miss", "DON’T MISS", "Don't Miss", "Читайте Также", "İlgili haberler", "Read More", "LEAVE A REPLY"]
)
def test_furniture_is_known_however_it_is_set(line):
    around = "The ferry sank off Aldport at dawn on Monday, and nobody on board was hurt, the harbour master said."
    corpus = build_corpus([Article(f"{around}\n\n{line}\n\n{around[:-1]} again.")])

    assert [corpus.texts[0][start:end].decode() for start, end, _ in clean_corpus(corpus, Settings()).spans(0)] == [
        line
    ]
