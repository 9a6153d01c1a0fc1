"""Words with their places, the facts they make, and what is new in a version."""

import pytest

from dedup.facts import mentions_of
from dedup.kernels.elements import NAME, NUMBER
from dedup.versions import compare_versions
from dedup.words import take_words


def facts(text):
    [words] = take_words([text])
    return [(mention.fact.kind, mention.fact.text) for mention in mentions_of(words)]


def test_words_stand_where_their_characters_do():
    texts = ["Ünal çok geç kaldı, said 😀 Ödön 12.", "plain", ""]
    words = list(take_words(texts))

    assert [w.text[s:e] for w in words[:1] for s, e in zip(w.starts, w.ends, strict=True)] == [
        "Ünal", "çok", "geç", "kaldı", "said", "Ödön", "12",
    ]  # fmt: skip
    assert words[0].looks.tolist()[-2:] == [NAME, NUMBER]
    assert [len(w.hashes) for w in words] == [7, 1, 0]


def test_a_lone_surrogate_moves_no_word():
    [words] = take_words(["a\ud800b Runa"])

    assert words.text[words.starts[-1] : words.ends[-1]] == "Runa"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("we saw Runa Falk there", [("name", "Runa Falk")]),
        ("it cost $4,412.70 and 38 percent more", [("number", "$4,412.70"), ("number", "38 percent")]),
        ("it rose 7% on March 4 and on 5 April", [("number", "7%"), ("date", "March 4"), ("date", "5 April")]),
        ("le 4 mars, et am 12. Oktober", [("date", "4 mars"), ("date", "12. Oktober")]),
        ("in 2019 the 3 of Mr Falk met on Monday", [("name", "Mr Falk")]),
    ],
)
def test_names_numbers_and_dates_are_told_as_they_are_spelled(text, found):
    assert facts(text) == found


def compared(*texts):
    return compare_versions(list(take_words(texts)), [f"outlet {k}" for k in range(len(texts))])


def test_a_name_is_known_by_its_last_word():
    found = compared("we met Runa Falk in Nesby", "we met Falk and Runa Solheim in Nesby")

    assert [fact.text for fact in found.news[1].facts] == ["Runa Solheim"]


def test_the_sentence_quoted_is_the_one_that_tells_most():
    second = (
        "Nothing is known of it so far in the town. Later Mira Solheim and Jens Okker counted 44 lorries in Ulmven."
    )
    found = compared("we met in Nesby", second)

    assert found.news[1].sentence.startswith("Later Mira Solheim")


def test_a_place_filled_otherwise_is_told_with_who_fills_it_how():
    found = compared(
        "some said at least 12 people were hurt", "he said at least 15 people were hurt", "at least 15 people"
    )

    assert [place.said for place in found.differences] == [(("15", ("outlet 1", "outlet 2")), ("12", ("outlet 0",)))]


def test_one_outlet_that_corrects_itself_makes_no_difference():
    texts = list(take_words(["said at least 12 people", "said at least 15 people"]))

    assert compare_versions(texts, ["Wire", "Wire"]).differences == ()
