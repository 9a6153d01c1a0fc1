"""An article's text may state its own date; what it tells about other days is left alone."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.datelines import StatedDate, stated_date

BODY = "\n\nThe harbour bridge was closed after a crack was found in one of its piers, the city said.\n"


def day(written):
    return (date.fromisoformat(written) - date(1970, 1, 1)).days


@pytest.mark.parametrize(
    "line",
    [
        "12 March 2021",
        "12th March 2021",
        "12 MAR 2021",
        "12-Mar-2021",
        "March 12, 2021",
        "Mar. 12 2021",
        "March 12th, 2021",
        "12. März 2021",
        "12 mars 2021",
        "12 de marzo de 2021",
        "marzo 12, 2021",
        "12 marzo 2021",
        "12 de março de 2021",
        "12 maart 2021",
        "12 marca 2021",
        "12 марта 2021 г.",
        "12 Mart 2021",
        "12 مارس 2021",
        "12 آذار 2021",
        "12 مارس/آذار 2021",
        "١٢ مارس ٢٠٢١",
        "2021年3月12日",
        "2021-03-12",
        "2021/3/12",
        "12.03.2021",
        "12.3.2021",
    ],
)
def test_a_line_that_is_a_date_states_it_in_every_form_and_language(line):
    assert stated_date(line + BODY) == StatedDate(day("2021-03-12"), line.removesuffix(" г."))


@pytest.mark.parametrize(
    ("line", "stated"),
    [
        ("1er août 2020", "2020-08-01"),
        ("15 AOÛT 2020", "2020-08-15"),
        ("1º de janeiro de 2020", "2020-01-01"),
        ("24 HAZİRAN 2020", "2020-06-24"),
        ("11 Aralık 2020", "2020-12-11"),
        ("11 ARALIK 2020", "2020-12-11"),
        ("3. Jänner 2020", "2020-01-03"),
        ("3 września 2020", "2020-09-03"),
        ("5 dicembre 2020", "2020-12-05"),
        ("7 mei 2020", "2020-05-07"),
        ("9 мая 2020", "2020-05-09"),
        ("12 كانون الثاني 2020", "2020-01-12"),
        ("12 كانون الأول 2020", "2020-12-12"),
        ("12 تشرين الأول/أكتوبر 2020", "2020-10-12"),
        ("3 ابريل 2020", "2020-04-03"),
        ("29 February 2020", "2020-02-29"),
        ("2 November 1891", "1891-11-02"),
    ],
)
def test_months_are_known_by_all_their_names(line, stated):
    assert stated_date(line + BODY).day == day(stated)


@pytest.mark.parametrize(
    "line",
    [
        "By Ada Holm | 12 March 2021",
        "By Ada Holm and Jan van Berg, The Tarn Courier, 12 March 2021",
        "by Ada Holm on March 12, 2021",
        "Posted by Ada Holm on March 12, 2021",
        "Published: 2021-03-12",
        "Published:2021-03-12",
        "发布于2021-03-12",
        "PUBLISHED: 10:14 GMT, 12 March 2021",
        "Posted on March 12, 2021 10:14",
        "Last updated on Fri 12 Mar 2021 10.14 GMT",
        "Friday, March 12, 2021 at 10:14 a.m. ET",
        "12 March 2021 | 5 min read",
        "12.03.2021, 10:14 Uhr",
        "12.03.2021 10:14 - Aktualisiert: 12.03.2021 11:30",
        "2021-03-12T10:14:00+01:00",
        "Veröffentlicht am 12. März 2021",
        "Publié le vendredi 12 mars 2021 à 10h14",
        "Publicado el Viernes, 12 Marzo, 2021 - 10:14 (GMT-4)",
        "Publicado em 12 de março de 2021 às 10h14",
        "Pubblicato il 12 marzo 2021 alle 10:14",
        "Opublikowano: 12 marca 2021",
        "Опубликовано 12 марта 2021, 10:14",
        "Yayınlanma: 12 Mart 2021 Cuma, 10:14",
        "DHA 12 Mart 2021 10:14",
        "نشر في: الجمعة 12 مارس 2021",
        "الجمعة 12 مارس 2021",
        "发布时间：2021-03-12 10:14 来源：河口日报",
        "Berlin (dpa), 12. März 2021",
        "Berlin (jho), 12. März 2021",
        "Paris (AFP) 12 mars 2021",
        "Paris, le 12 mars 2021",
        "МОСКВА, 12 марта 2021",
        "القاهرة، 12 مارس 2021",
        "The Tarn Courier (12 March 2021)",
    ],
)
def test_bylines_datelines_and_labels_state_a_date(line):
    assert stated_date("Bridge closed after crack is found\n\n" + line + BODY).day == day("2021-03-12")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ANKARA, May 20, 2019 (Reuters) - The harbour was closed on Monday.", "ANKARA, May 20, 2019"),
        ("Ankara, May 20, 2019 (Tarn News Agency) -- The harbour was closed.", "Ankara, May 20, 2019"),
        ("ANKARA, 20 mai 2019 (AFP) Le port est fermé depuis lundi matin.", "ANKARA, 20 mai 2019"),
        ("Berlin (dpa), 20. Mai 2019 - Der Hafen ist seit Montag geschlossen.", "Berlin (dpa), 20. Mai 2019"),
        ("MOSCOW, May 20, 2019. /TASS/. The harbour was closed on Monday.", "MOSCOW, May 20, 2019"),
        ("MOSCOW. May 20, 2019. INTERFAX - The harbour was closed.", "MOSCOW. May 20, 2019"),
        ("RIO DE JANEIRO, 20 de maio de 2019 — O porto foi fechado.", "RIO DE JANEIRO, 20 de maio de 2019"),
        ("Published May 20, 2019 — The harbour was closed on Monday.", "Published May 20, 2019"),
    ],
)
@pytest.mark.parametrize("rest", ["", " Nobody was hurt." * 30], ids=["short line", "paragraph"])
def test_a_dateline_before_the_first_sentence_states_a_date(text, words, rest):
    assert stated_date(text + rest) == StatedDate(day("2019-05-20"), words)


@pytest.mark.parametrize(
    "text",
    [
        "The engineer, who was born on May 20, 1961, had warned the city.",
        "Ada Holm (born 17 July 1954) is an engineer.",
        "Ada Holm (18 July 1918 – 5 December 2013) was an engineer.",
        "ADA HOLM (18 July 1918 – 5 December 2013) was an engineer.",
        "Under the agreement of 17 September 2018 the bridge is shared.",
        "TARN (AP) — On May 20, 2019, the bridge was closed – and stayed so.",
        "May 20, 2019 - the day the bridge was closed - is remembered.",
        "Ada Holm, May 20, 2019 - a day that she remembers.",
        "Ada Holm, May 20, 2019 (Tarn) A day that she remembers.",
        "The bridge was closed on\nMay 20, 2019.\nIt opened a year later.",
        "The tender ends on\nDecember 3, 2019. The\nbridge stays closed.",
        "Born May 20, 1961",
        "Deadline: May 20, 2019",
        "Release date: 20 May 2019",
        "Treaty of Tarn, 17 September 2018",
        "Bridge closed since 20 May 2019",
        "20 May 2019 Concert",
        "Ada Holm at Work, 20 May 2019",
        "Ada Holm, Jan Berg, Ole Lund, Eva Dahl, Liv Strand, 20 May 2019",
        "Editors' note, May 20, 2019:\n\nThis article was shortened.",
        "— The Tarn Courier, May 20, 2019",
        "What happened on 20 May 2019?",
        "وُلدت المهندسة في 12 مارس 1961 في القاهرة.",
        "该协议于2018年9月17日签署。",
        "消防部门表示大桥将于下周重新开放，2018年9月17日",
        "URL https://tarn.example/2019/05/20/bridge",
    ],
)
def test_a_date_that_is_told_is_not_stated(text):
    assert stated_date(text + BODY) is None


@pytest.mark.parametrize(
    "line",
    [
        "Mayor Ada Holm at the bridge, May 20, 2019. (Jan Berg/Reuters)",
        "Ada Holm at Tarn Bridge, May 20, 2019 (Jan Berg/Reuters)",
        "Ada Holm, May 20, 2019 (Jan Berg/Reuters)",
        "Photo: Jan Berg, May 20, 2019",
        "FILE - May 20, 2019",
        "TARN, May 20, 2019 (AP Photo) — Mayor Ada Holm stands on the bridge.",
        "© Jan Berg, May 20, 2019",
    ],
)
def test_the_date_of_a_picture_is_not_that_of_its_article(line):
    assert stated_date(line + BODY) is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "2018",
        "March 2021",
        "On May 20th",
        "12 March",
        "12 March 21",
        "19th Tarn round",
        "3.12.",
        "Tarn - Holm 3:12, 2021",
        "+44 2021 031 2021",
        "12.03.2021.14",
        "5.12.03.2021",
        "112 March 2021",
        "12021-03-12",
        "v2021-03-12",
        "APRIL 7 1600 EST",
        "Ausgabe 12, 2021",
        "12 ²² 2021",
        "12-15 March 2021",
    ],
)
def test_what_is_no_full_date_states_none(line):
    assert stated_date(line + BODY) is None


@pytest.mark.parametrize(
    "line",
    [
        "03/04/2019",
        "Published 3-4-2019",
        "32 March 2021",
        "30 February 2021",
        "2021-13-01",
        "12 March 1066",
        "12 March 2021 – 15 March 2021",
        "12 March 2021 | 03/04/2021",
    ],
)
def test_a_date_that_reads_two_ways_or_cannot_be_is_not_known(line):
    assert stated_date(line + BODY) is None


@pytest.mark.parametrize(
    ("head", "stated"),
    [
        ("Published 12 March 2021 10:14 | Updated 14 March 2021 9:00", "2021-03-12"),
        ("Last updated: 14 March 2021, first published: 12 March 2021", "2021-03-12"),
        ("Published\n12 March 2021\nUpdated 12 March 2021", "2021-03-12"),
        ("Publié le 12 mars 2021 à 10h14 - Mis à jour le 14 mars 2021 à 9h00", "2021-03-12"),
        ("Updated 14 March 2021", "2021-03-14"),
        ("TARN, 12 March 2021\nPublished: 12 March 2021", "2021-03-12"),
        ("12 March 2021\nUpdated 14 March 2021", None),
        ("Published: 12 March 2021\nTARN, 11 March 2021", None),
        ("12 March 2021\n11 March 2021", None),
    ],
)
def test_published_beats_updated_and_other_dates_must_agree(head, stated):
    found = stated_date(head + BODY)

    assert (found and found.day) == (stated and day(stated))


def test_the_words_are_those_of_the_statement_that_won():
    text = "Updated: 14 March 2021 | Published: 12 March 2021"

    assert stated_date(text) == StatedDate(day("2021-03-12"), "Published: 12 March 2021")


def test_a_date_in_the_title_is_not_that_of_the_article():
    title = "Tarn Bridge, 12 March 2021"

    assert stated_date(title + BODY) is not None
    assert stated_date(title + BODY, f" {title}\n") is None


@pytest.mark.parametrize(
    "before",
    ["The bridge was closed. " * 6 + "\n", "One\n" * 6, "\n" * 400],
    ids=["behind a paragraph", "behind six lines", "far down"],
)
def test_only_the_head_of_a_text_states_its_date(before):
    assert stated_date(before + "12 March 2021" + BODY) is None


def test_a_line_that_the_end_of_the_head_cuts_is_not_taken_for_a_short_one():
    assert stated_date("\n" * 380 + "TARN, 12 March 2021, " + "Tarn " * 200) is None


@pytest.mark.parametrize(
    "text",
    ["1", " ", "-", "2021 ", "12 March 2021 ", "2021-03-12 ", "(2021 /", "12/", ". 2021: ", "2021年", "March 12 \n"],
)
def test_hostile_text_takes_no_time(text):
    text *= 1_000_000 // len(text)
    start = time.perf_counter()

    stated_date(text, text)

    assert time.perf_counter() - start < 0.5


PIECES = st.sampled_from(
    "12 March 2021|2021-03-12|03/04/2019|²²|٢٠٢١|2021年3月12日|Published|(|)|/|:|, | - |—|\n|TARN|born|\ud800|é\u0301|.".split(
        "|"
    )
)


@given(
    st.one_of(st.text(st.characters(), max_size=60), st.lists(PIECES, max_size=20).map("".join)), st.text(max_size=5)
)
@settings(max_examples=300, deadline=None)
def test_no_text_raises(text, title):
    found = stated_date(text, title)

    assert found is None or found.words in text


@given(st.dates(min_value=date(1600, 1, 1), max_value=date(2100, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_every_day_can_be_stated(stated):
    for line in (stated.isoformat(), f"TARN, {stated:%B} {stated.day}, {stated.year} (Reuters) - Rain fell."):
        assert stated_date(line + BODY).day == (stated - date(1970, 1, 1)).days
