"""What begins like page furniture and what only seems to."""

import pytest

from dedup.furniture import KINDS, is_teaser, kind_of, phrases_by_cue, words_of

FURNITURE = {
    "Leave a Reply": "comment form",
    "Your email address will not be published. Required fields are marked *": "comment form",
    "LEAVE A COMMENT": "comment form",
    "发表评论": "comment form",
    "Kommentar abschicken": "comment form",
    "Tu dirección de correo electrónico no será publicada.": "comment form",
    "Имя *": "form field",
    "Name *": "form field",
    "Auf Facebook teilen": "share buttons",
    "Enviar por correo electrónico": "share buttons",
    "Скопировать ссылку": "share buttons",
    "Wir verwenden Cookies, um Ihren Besuch zu verbessern.": "copyright or disclaimer",
    "Мнение автора может не совпадать с позицией редакции.": "copyright or disclaimer",
    "Schlagwörter: Fähren, Sturm": "tags",
    "The post Ferry sinks appeared first on The Quay.": "link to its page",
    "Check Also": "links to other articles",
    "Related articles:": "links to other articles",
    "İlgili Haberler": "links to other articles",
    "اقرأ أيضا": "links to other articles",
    "Read more: Ferry sinks off Aldport": "link to another article",
    "Story continues below": "advertisement",
    "ADVERTISEMENT": "advertisement",
    "Share this article": "share buttons",
    "Facebook Twitter WhatsApp": "share buttons",
    "Sign up for our newsletter": "newsletter or subscription box",
    "The views expressed in this article belong to the author.": "copyright or disclaimer",
    "Copyright 2031 The Quay": "copyright or disclaimer",
    "Image credit: flickr": "caption",
    "Photo: Coast and Quay": "caption",
    "Published: 3 May 2031": "page dates",
    "Last updated 3 May 2031, 14:05": "page dates",
    "Tags: ferries, Aldport": "tags",
    "Home / Russia / Ministers discuss Idlib": "breadcrumb",
    "You are here: Home": "breadcrumb",
    "Skip to content": "breadcrumb",
}
SENTENCES = (
    "Share prices opened sharply higher,",
    "Share prices rose.",
    "Home Mortgage Corp said",
    "Home sales fell for a third month.",
    "Back to the future on immigration",
    "Published authors earn little.",
    "Published in 1931, the book sold 3,000 copies.",
    "Updated figures showed that 12 people had died.",
    "Photographs by the dozen were found in the cellar.",
    "Photo finish leaves judges puzzled",
    "Related companies fell too.",
    "Watch repairers are a dying trade.",
    "Topics discussed included tariffs and fish.",
    "Tags were found on 14 birds.",
    "Print journalism is not dead.",
    "Name calling marred the debate.",
    "Email servers were seized on Monday",
    "Teilen will er die Macht nicht.",
    "Auf Facebook schrieb der Minister, er trete zurück.",
    "Compartir el poder no es fácil.",
    "Themen des Treffens waren Zölle und Fisch.",
    "Dieser Artikel gibt einen Überblick über die Lage.",
    "Мнение автора книги разделяют немногие.",
    "The post office appeared to be closed.",
    "Нажмите на педаль, сказал он.",
    "Sponsored bills died in committee.",
    "Advertisement spending fell by eight percent.",
    "Copyright reform passed the house on Tuesday.",
    "Latest news from the front was grim, he said.",
    "share this view, the minister said, and called",
    "related to the fire, police said",
    "Ministers discussed Idlib on Tuesday.",
    "…",
    "",
)


@pytest.mark.parametrize("line", FURNITURE)
def test_lines_of_page_furniture_are_known_by_kind(line):
    assert kind_of(line).reason == FURNITURE[line]


@pytest.mark.parametrize("line", SENTENCES)
def test_sentences_that_begin_like_furniture_stay(line):
    assert kind_of(line) is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.reason)
def test_a_long_paragraph_is_never_furniture(kind):
    for phrase in kind.phrases:
        assert kind_of(phrase.capitalize() + " the ministers" * 40) is None


def test_phrases_are_written_as_lines_are_read():
    known = [(words, kind) for entries in phrases_by_cue().values() for words, kind in entries]

    assert sum(len(kind.phrases) for kind in KINDS) == len(known)
    assert all(words and len(words) <= kind.max_words for words, kind in known)


@pytest.mark.parametrize(
    ("line", "teaser"),
    [
        ("Ferry sinks off Aldport", True),
        ("The regime continues its repressive practices, due …", True),
        ("The council approved the timetable on Tuesday.", False),
        ("word " * 26, False),
    ],
)
def test_teasers_are_headlines_or_trail_off(line, teaser):
    assert is_teaser(line) is teaser


def test_words_have_neither_case_nor_punctuation():
    assert words_of("  Don’t MISS: “Ferries” ") == ["don", "t", "miss", "ferries"]
