"""An explanation says what was compared, and every number in it can be checked."""

import json
import math
from pathlib import Path

import pytest

from dedup.article import Article
from dedup.asked import explain
from dedup.errors import InputError
from dedup.read import read_articles
from dedup.settings import Settings

HERE = Path(__file__).parent
LINES = (HERE / "corpus" / "articles.jsonl").read_text(encoding="utf-8").splitlines()
INVENTED = {
    row["id"]: Article(row["text"], row["id"], row["title"], row["source"], row["date"])
    for row in map(json.loads, LINES)
}
MEETING, CALL = read_articles(HERE.parent / "seeds")
FERRY = "The harbour council of Aldport approved a new ferry timetable on Tuesday after months of talks."


@pytest.fixture(scope="module")
def seeds():
    return explain(MEETING, CALL)


def of(a, b):
    return explain(INVENTED[a], INVENTED[b])


def test_the_seeds_are_one_story_of_two_events_and_no_copies(seeds):
    pair = seeds.pair
    chances = f"(probability of one story {pair.p_story:.2f}, of one event {pair.p_event:.2f})"

    assert seeds.verdict == (
        f"The same running story, not the same event, with hardly any wording in common {chances}."
    )
    assert (pair.relation, seeds.told) == ("story", "story")
    assert pair.p_near < 0.01
    assert pair.p_event < 0.45
    assert pair.p_story > 0.85
    assert pair.jaccard < 0.02


def test_the_passage_the_seeds_share_is_found(seeds):
    found = [seeds.text_a[passage.a_start : passage.a_end] for passage in seeds.passages]

    assert "with his Russian counterpart, Sergei Shoigu" in found
    assert all(5 <= passage.words <= 7 for passage in seeds.passages)


@pytest.mark.parametrize("name", ["Hulusi Akar", "Sergei Shoigu", "Idlib", "Astana", "Ankara"])
def test_the_people_and_places_of_both_seeds_are_named(seeds, name):
    assert name in seeds.shared_names
    assert name in " ".join(seeds.sentences)


def test_no_furniture_is_left_in_what_is_shown(seeds):
    assert not any(line in seeds.text_a + seeds.text_b for line in ("Leave a Reply", "Home / Russia", "Check Also"))


def summed(found):
    return 1 / (1 + math.exp(-found.base_points - sum(reason.points for reason in found.pair.reasons)))


@pytest.mark.parametrize(
    ("a", "b"), [("ferry-wire", "ferry-wire-cut"), ("harbour-verdict-coast", "harbour-verdict-coast-excerpt")]
)
def test_the_waterfall_of_copies_sums_to_the_probability_of_copies(a, b):
    found = of(a, b)

    assert found.told == "near"
    assert found.pair.p_near == pytest.approx(summed(found))


def test_the_waterfall_of_the_seeds_sums_to_the_probability_of_one_story(seeds):
    assert seeds.pair.p_story == pytest.approx(summed(seeds))
    assert seeds.pair.p_story > 2 * seeds.pair.p_event


@pytest.mark.parametrize("level", ["near", "event", "story"])
@pytest.mark.parametrize(
    ("a", "b"), [("oysters", "lighthouse"), ("market-0204", "market-0205"), ("ferry-wire", "ferry-wire-cut")]
)
def test_the_waterfall_sums_to_the_probability_of_its_relation(a, b, level):
    found = explain(INVENTED[a], INVENTED[b], Settings(level=level))

    assert found.pair.relation in (found.told, "none")
    assert found.overruled or getattr(found.pair, f"p_{found.told}") == pytest.approx(summed(found))


def test_of_one_event_the_points_are_those_of_one_event():
    event, story = (
        explain(FERRY, FERRY.replace("approved a new", "has at last approved its"), Settings(level=level))
        for level in ("event", "story")
    )
    assert event.pair.reasons == story.pair.reasons


def test_where_the_points_are_overruled_it_is_said():
    reprint = explain(Article(f"{FERRY} " * 4, "a", "Timetable"), Article(f"{FERRY} " * 4, "b", "Harbour"))
    late = explain(INVENTED["market-0204"], INVENTED["market-0218"], Settings(level="event"))

    assert (reprint.pair.p_near, reprint.told) == (1, "near")
    assert reprint.overruled == "equal texts are copies whatever the points say: probability 1"
    assert late.told == "event"
    assert summed(late) != pytest.approx(late.pair.p_event)
    assert late.overruled == "no event lasts longer than 7 days, whatever the points say: probability 0.000"


@pytest.mark.parametrize("a", [FERRY, {"text": FERRY}, Article(FERRY)], ids=["text", "mapping", "article"])
def test_whatever_can_be_found_among_others_can_be_explained(a):
    assert explain(a, FERRY.upper()).pair.relation == "exact"


def test_what_is_no_article_is_refused_with_its_place():
    with pytest.raises(InputError, match=r"articles\[1\]"):
        explain(FERRY, 7)


@pytest.mark.parametrize(
    ("a", "b"), [("oysters", "oysters-again"), ("ferry-wire", "ferry-wire-update"), ("zh-bridge", "zh-bridge-cut")]
)
def test_passages_are_the_same_words_in_both_texts_and_do_not_overlap(a, b):
    found = of(a, b)
    letters = [
        ["".join(filter(str.isalnum, text[start:end])).casefold() for text, start, end in (
            (found.text_a, passage.a_start, passage.a_end), (found.text_b, passage.b_start, passage.b_end)
        )]
        for passage in found.passages
    ]  # fmt: skip
    ends = [place for passage in found.passages for place in (passage.b_start, passage.b_end)]

    assert letters
    assert all(one == two for one, two in letters)
    assert ends == sorted(ends)


def test_places_count_characters_and_not_bytes():
    one, two = (
        Article(f"{head} Şehirde “yeni köprü” açıldı, dedi Ümit Öztürk.", name)
        for head, name in (("Dün 😀", "a"), ("Bugün", "b"))
    )
    passage = explain(one, two).passages[0]

    assert one.text[passage.a_start : passage.a_end] == two.text[passage.b_start : passage.b_end]
    assert one.text[passage.a_start : passage.a_end] == "Şehirde “yeni köprü” açıldı, dedi Ümit Öztürk"


def test_equal_texts_are_told_in_words():
    found = explain(Article(FERRY, "a"), Article(FERRY.upper(), "b"))

    assert found.verdict.startswith("The same text")
    assert (found.pair.relation, found.pair.score) == ("exact", 1.0)
    assert found.passages[0].words == len(FERRY.split())


def test_an_excerpt_is_told_to_stand_in_the_other():
    found = of("harbour-verdict-coast", "harbour-verdict-coast-excerpt")

    assert found.pair.containment_b > 0.8
    assert "stands in harbour-verdict-coast" in found.verdict


def test_what_differs_is_named_on_its_side():
    one = Article("A fire broke out in Aldport and killed 12 people, Mayor Pia Normand said.", "a", date="2031-01-01")
    two = Article(
        "A fire broke out in Brackwater and killed 19 people, Mayor Rolf Amberley said.", "b", date="2031-01-03"
    )
    found = explain(one, two)

    assert (found.numbers_only_a, found.numbers_only_b) == (("12",), ("19",))
    assert "Aldport" in found.only_a
    assert "Brackwater" in found.only_b
    assert "Numbers only in a: 12; only in b: 19." in found.sentences
    assert "Dated 2 days apart." in found.sentences


def test_a_date_inferred_from_a_dateline_is_told_as_inferred():
    text = "A fire broke out in Aldport and killed 12 people, Mayor Pia Normand said."
    dated = Article(f"Late news: {text}", "b", date="2031-03-01")
    dateline = f"ALDPORT, March 3, 2031 (AP) - {text}"
    inferred = "No date came with a; 2031-03-03 is inferred from its text: ALDPORT, March 3, 2031."
    told, given, running = (
        explain(one, dated).sentences
        for one in (Article(dateline, "a"), Article(dateline, "a", date="2031-03-02"), Article(text, "a"))
    )

    assert inferred in told
    assert "Dated 2 days apart." in told
    assert "Dated 1 day apart." in given
    assert not any("inferred" in sentence for sentence in (*given, *running))
    assert not any(sentence.startswith("Dated") for sentence in running)


def test_of_undated_texts_the_years_only_one_speaks_of_are_told(seeds):
    one, two = (
        Article(f"The harbour of Aldport was dredged in {year} for 12 days.", str(year)) for year in (1987, 2003)
    )

    assert (
        "When they were written, the texts do not say. Of years, only 003_6c58a5cac82abc02.txt speaks of 2011, 2018."
        in seeds.sentences
    )
    assert (
        "When they were written, the texts do not say. Of years, only 1987 speaks of 1987 and only 2003 speaks of 2003."
        in explain(one, two).sentences
    )


def test_where_only_one_is_dated_the_texts_are_not_said_to_be_undated():
    one, two = Article(FERRY, "a", date="2031-01-05"), Article("Rain fell on Brackwater and its parade.", "b")
    told = explain(one, two).sentences

    assert "Only a is dated: 2031-01-05." in told
    assert not any(sentence.startswith("When they were written") for sentence in told)


def test_how_alike_the_subjects_are_is_told(seeds):
    [said] = [sentence for sentence in seeds.sentences if sentence.startswith("Subjects: ")]

    assert 20 < int(said.split()[1]) < 50
    assert "Subjects: under 1 % alike (salient terms)." in of("oysters", "lighthouse").sentences


def test_one_quotation_in_two_reports_speaks_for_one_event_whatever_its_marks():
    report = (
        "The water minister of Aldport said on Monday that the dam would not be built. Ilse Marrow told reporters: {}"
    )
    other = "Plans for a reservoir above Aldport were dropped. Marrow, in charge of water, made a promise: {}. Farmers cheered."
    said = "We will not drown nine villages for a power plant nobody needs"
    wanted = Settings(level="event")
    common = explain(Article(report.format(f'"{said}."')), Article(other.format(f"“{said}”")), wanted)
    apart = explain(Article(report.format(f'"{said}."')), Article(other.format("“This ends here today”")), wanted)
    copies = explain(Article(report.format(f"“{said}”")), Article(report.format(f'"{said}"')), wanted)

    reasons = [{reason.measure: reason for reason in found.pair.reasons}["quotes"] for found in (common, apart)]

    assert reasons[0].words == "100 % of the wording within quotation marks in common"
    assert reasons[1].words == "0 % of the wording within quotation marks in common"
    assert reasons[0].points > 1
    assert reasons[1].points < 0
    assert "Within quotation marks: 100 % of the wording in common." in common.sentences
    assert not any("quotation" in sentence for sentence in (*apart.sentences, *copies.sentences))


def test_the_order_of_the_two_changes_nothing(seeds):
    assert explain(CALL, MEETING) == seeds


@pytest.mark.parametrize("text", ["", "...", "one", "\ud800\x00", "国"])
def test_any_text_can_be_explained(text):
    found = explain(Article(text, "a"), Article(FERRY, "b"))

    assert found.passages == ()
    assert found.pair.relation == "none"


def test_without_cleaning_the_furniture_is_shown():
    assert "Leave a Reply" in explain(MEETING, CALL, Settings(level="story", clean=False)).text_b
