"""Text files become one article each, titled by their first proper line."""

import pytest

from dedup.read import ReadOptions, read_articles
from dedup.read.text import choose_title, looks_like_furniture_line


def read_one(path, **options):
    notes = []
    (article,) = read_articles([path], ReadOptions(**options), on_note=notes.append)
    return article, notes


def test_the_title_is_the_first_line_and_the_text_keeps_every_line(tmp_path):
    path = tmp_path / "flood.txt"
    path.write_bytes(b"\r\nRiver floods Lower Town\r\n\r\nHundreds left their homes.\r\n")

    article, notes = read_one(path)

    assert article.title == "River floods Lower Town"
    assert article.text == "\r\nRiver floods Lower Town\r\n\r\nHundreds left their homes.\r\n"
    assert (article.id, article.where, notes) == ("flood.txt", str(path), [])


def test_a_breadcrumb_and_a_picture_credit_are_no_title():
    text = "Home / Region / Mayor opens bridge\nThe mayor, Image credit: A. Maker\n\nMayor opens bridge\n\nBody."

    assert choose_title(text) == "Mayor opens bridge"


def test_the_name_of_the_site_is_no_title():
    assert choose_title("The Harbour Post\nMayor opens bridge | The Harbour Post\nBody.") == (
        "Mayor opens bridge | The Harbour Post"
    )


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Share this article",
        "Home » News",
        "News > World > Asia",
        "Photo: Harbour Post",
        "(Photo by A. Maker)",
        "Image credit: A. Maker",
        "https://example.org/a",
        "Monday, 20 May 2019 10:15 GMT",
        "Published on May 20, 2019",
        "* * *",
    ],
)
def test_page_furniture_is_known_for_what_it_is(line):
    assert looks_like_furniture_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "In pictures: the night of the storm",
        "Daily brief, May 20, 2019: bridge opens",
        "Share prices fall in early trade",
        "Home sales rise 3 per cent",
        "Photographer wins award",
        "Artists sue Getty Images",
        "May to visit Brussels",
    ],
)
def test_a_headline_that_resembles_furniture_stays_a_headline(line):
    assert not looks_like_furniture_line(line)


def test_a_page_of_furniture_alone_is_titled_by_its_first_line():
    assert choose_title("Advertisement\nShare") == "Advertisement"


def test_a_paragraph_is_no_title():
    assert choose_title("word " * 100) == ""


@pytest.mark.parametrize(
    ("content", "note"),
    [
        ("Café reopens", None),
        ("\ufeffCafé reopens", None),
        ("Café reopens".encode("utf-16"), None),
        ("Café reopens".encode("cp1252"), "not UTF-8; read as cp1252"),
        ("Café reopens".encode("latin-1") + b" \x81", "not UTF-8; read as latin-1"),
    ],
)
def test_an_encoding_is_found_and_a_guess_is_said(tmp_path, content, note):
    path = tmp_path / "cafe.txt"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    article, notes = read_one(path)

    assert article.text.startswith("Café reopens")
    assert [note in said for said in notes] == ([True] if note else [])


def test_a_named_encoding_is_used_and_nothing_is_guessed(tmp_path):
    path = tmp_path / "most.txt"
    path.write_bytes("Мост открыт".encode("koi8-r"))

    article, notes = read_one(path, encoding="koi8-r")

    assert (article.text, notes) == ("Мост открыт", [])
