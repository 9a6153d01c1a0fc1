"""What an address tells: its host, and the day its path states."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.addresses import addressed_day, host_of
from dedup.article import Article
from dedup.asked import explain
from dedup.corpus import build_corpus
from dedup.datelines import StatedDate
from dedup.dates import day_number, day_text

TEXT = "The ferry Halden sank off Aldport at dawn. Nobody was hurt."


@pytest.mark.parametrize(
    ("address", "day", "words"),
    [
        ("https://tarnpost.example/2031/03/12/ferry-sinks/", "2031-03-12", "2031/03/12"),
        ("https://tarnpost.example/2031/3/2/20970521/ferry", "2031-03-02", "2031/3/2"),
        ("http://tarnpost.example/news/2031/mar/12", "2031-03-12", "2031/mar/12"),
        ("tarnpost.example/world/2031/March/12/ferry.html", "2031-03-12", "2031/March/12"),
        ("https://tarnpost.example/Ferry/2031/0312/Ferry-sinks", "2031-03-12", "2031/0312"),
        ("https://tarnpost.example/100486/2031-03-12/ferry", "2031-03-12", "2031-03-12"),
        ("https://tarnpost.example/ferry-sinks-2031-03-12.html", "2031-03-12", "2031-03-12"),
        ("https://tarnpost.example/2031/03/12/live-2031-03-12?when=2030-01-01#2029-01-01", "2031-03-12", "2031/03/12"),
    ],
)
def test_a_day_in_the_path_of_an_address_is_the_article_s(address, day, words):
    assert addressed_day(address) == StatedDate(day_number(day), words, "address")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "https://tarnpost.example/ferry-sinks",
        "https://tarnpost.example/2031/03/ferry",
        "https://tarnpost.example/2031/13/12/ferry",
        "https://tarnpost.example/2031/02/30/ferry",
        "https://tarnpost.example/20310312/ferry",
        "https://tarnpost.example/ferry?date=2031-03-12",
        "https://tarnpost.example/a2031-03-12b",
        "https://tarnpost.example/2031/foo/12/",
        "https://tarnpost.example/2031/03/12/what-we-knew-on-2031-03-10",
        "https://tarnpost.example/" + "a" * 2000 + "/2031/03/12/",
    ],
)
def test_an_address_that_states_no_day_or_two_states_none(address):
    assert addressed_day(address) is None


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_every_day_can_be_stated(day):
    for form in ("/%Y/%m/%d/", "/%Y/%b/%d", "/%Y/%m%d/x", "/x-%Y-%m-%d"):
        assert day_text(addressed_day("https://tarn.example" + day.strftime(form)).day) == day.isoformat()


@given(st.text())
def test_anything_may_stand_for_an_address(address):
    assert isinstance(host_of(address), str)
    found = addressed_day(address)
    assert found is None or day_text(found.day)


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://www.tarnpost.example:8080/a", "tarnpost.example"),
        ("http://[tarn", ""),
        ("tarnpost.example/a", ""),
        ("", ""),
    ],
)
def test_the_host_stands_for_the_outlet(address, host):
    assert host_of(address) == host


def test_address_first_then_text_and_a_date_field_that_tells_a_day_before_both():
    stated = "TARN, March 9, 2031 - " + TEXT
    address = "https://tarn.example/2031/03/12/ferry"
    corpus = build_corpus(
        [
            Article(stated, "a", url=address),
            Article(stated, "b", url="https://tarn.example/ferry"),
            Article(stated, "c", date="2031-03-14", url=address),
            Article(stated, "d", date="03/04/2031", url=address),
            Article(stated, "e", source="Tarn Post", url=address),
        ]
    )
    assert [day_text(day) for day in corpus.days.all().tolist()] == [
        "2031-03-12", "2031-03-09", "2031-03-14", "2031-03-12", "2031-03-12",
    ]  # fmt: skip
    assert [(found := corpus.days.stated(row)) and found.place for row in range(5)] == [
        "address", "text", None, "address", "address",
    ]  # fmt: skip
    assert corpus.outlets == ["tarn.example"] * 4 + ["Tarn Post"]
    assert corpus.sources == [""] * 4 + ["Tarn Post"]


def test_an_explanation_says_that_a_day_was_inferred_from_the_address():
    a = Article(TEXT, "a", url="https://tarn.example/2031/03/12/ferry")
    b = Article(TEXT + " Rain fell.", "b", date="03/04/2031", url="https://tarn.example/2031/03/14/")
    told = explain(a, b).sentences
    assert "No date came with a; 2031-03-12 is inferred from its address: 2031/03/12." in told
    assert "No date that tells a day came with b; 2031-03-14 is inferred from its address: 2031/03/14." in told
