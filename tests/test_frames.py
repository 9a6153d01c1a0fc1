"""One wording filled with other names and figures is another event; one event told again in much the same words is not."""

import pytest

from dedup.article import Article
from dedup.asked import explain
from dedup.pipeline import find
from dedup.settings import Settings

FRAMES = {
    "forecast": (
        "{0}: {1} and {3} degrees",
        "{0} will see {1} on {2}, with highs of {3} degrees and winds of up to {4} kilometres an hour from the {5}, the "
        "regional weather office said. Overnight temperatures are expected to fall to {6} degrees in the valleys. Drivers "
        "on the higher roads were asked to take care, and the office said that it would publish its next outlook at six.",
        ("Aldport", "light rain", "Tuesday", "14", "35", "west", "6"),
        ("Corvane", "bright spells", "Friday", "21", "15", "south", "11"),
    ),
    "burglary": (
        "Burglary in {0}: police look for witnesses",
        "Police in {0} are looking for witnesses after a burglary in {1}. The thieves broke into a house there between {2} "
        "on {3} and took {4}. Inspector {5} of the {0} police asked anybody who saw something unusual near the house to "
        "call {6}. Nobody was at home at the time, and nobody was hurt.",
        ("Tarnhill", "Mill Lane", "9am and noon", "Monday", "jewellery worth 4,000", "Ada Brannoch", "0555 201"),
        ("Osterby", "Quarry Road", "6pm and midnight", "Saturday", "two bicycles", "Piet Lunde", "0555 874"),
    ),
    "obituary": (
        "{0} dies at {3}",
        "{0}, who {1}, died on {2} at the age of {3}, the family said. Born in {4}, {5} spent most of a long life in {6} "
        "and was known for a dry sense of humour. Friends and colleagues remembered a generous neighbour. {0} is survived "
        "by {7}. The funeral will be held next week among the family.",
        ("Marta Eklund", "built wind pumps", "Tuesday", "88", "Halsund", "she", "Vask", "two daughters"),
        ("Jonas Averill", "sang in three operas", "Thursday", "71", "Merrow", "he", "Sundrell", "his brother Emil"),
    ),
    "match": (
        "{0} beat {1} {2}",
        "{0} beat {1} {2} on {3} at {4} to move up to {5} in the league. {6} opened the scoring after {7} minutes, and {8} "
        "made it safe before the end. {0}'s coach {9} praised the patience of the team; the visitors had the better of "
        "the first half but missed their chances. The next round is played in a week.",
        ("Vask", "Halsund", "2-0", "Saturday", "the Harbour", "third", "Ilmar Post", "14", "Rune Dahl", "Greta Moss"),
        ("Corvane", "Merrow", "3-1", "Sunday", "Castle Park", "tenth", "Bo Strand", "52", "Abel Quist", "Tom Ferrier"),
    ),
    "lottery": (
        "{0}: the winning numbers",
        "The winning numbers of the {0} draw on {1} evening are {2}, and the bonus ball was {3}. The jackpot stood at {4} "
        "crowns. {5} tickets matched five numbers and win {6} crowns each. The next draw takes place on {7}; tickets can "
        "be bought until an hour before it at kiosks and post offices.",
        ("Golden Six", "Wednesday", "4, 11, 19, 23 and 44", "7", "2,300,000", "Three", "41,000", "Saturday"),
        ("Nordic Wheel", "Friday", "2, 9, 27, 31 and 41", "16", "870,000", "Eleven", "9,500", "Tuesday"),
    ),
    "results": (
        "{0}: net profit {2} to {3} million",
        "{0} said on {1} that its net profit {2} to {3} million crowns in the {4} quarter from {5} million a year before. "
        "Revenue came to {6} million crowns. The board proposes a dividend of {7} crowns a share. Chief executive {8} said "
        "that demand would depend on interest rates. Shares of the company closed {9}.",
        ("Harrow Metals", "Tuesday", "rose", "212", "first", "174", "3,120", "1.40", "Lena Osk", "2.1 percent up"),
        ("Sundrell Savings", "Tuesday", "fell", "48", "first", "61", "902", "0.35", "Karl Vint", "0.8 percent down"),
    ),
}  # fmt: skip

FIRE = (
    "A fire at the Brannoch tyre works in Tarnhill killed {0} people on Monday night, the county's rescue service said. "
    "The fire broke out in the drying hall shortly after ten, and it took 60 firefighters until dawn to put it out. "
)
RETOLD = {
    "gone on with by other people": (
        (
            "Ferry fire",
            "Fire broke out on the Nesby ferry before dawn, and rescuers in small boats brought its passengers ashore. "
            "Captain Runa Falk said at least 12 people were hurt in the engine room.",
        ),
        (
            "Ferry fire",
            "Fire broke out on the Nesby ferry before dawn, and rescuers in small boats brought its passengers ashore. "
            "Later Mira Solheim of the coast guard said at least 15 people were hurt.",
        ),
    ),
    "the toll rises": (
        (
            "Fire at Tarnhill tyre works kills four",
            FIRE.format("four") + "Chief Ada Lunde said that two workers were missing.",
        ),
        (
            "Six dead in Tarnhill tyre works fire",
            FIRE.format("six") + "Two who had been missing were found dead, Chief Ada Lunde said.",
        ),
    ),
    "cut and gone on with": (
        (
            "Fire at Tarnhill tyre works kills four",
            FIRE.format("four") + "Ada Lunde said that two workers were missing.",
        ),
        (
            "Tarnhill mourns its dead",
            "Flags hung at half mast in Tarnhill on Tuesday. " + FIRE.format("four") + "Neighbours brought soup to the "
            "gate of the Brannoch works, where some 300 people from the town had jobs. The mayor spoke of a black day.",
        ),
    ),
}

SERIES = {
    "port traffic": (
        "Port traffic at Vask up {0} percent from a year ago",
        "Ships handled at the port of Vask in the four weeks to {1} rose {0} percent from a year earlier to {2} tonnes, "
        "the harbour board said. Grain, which makes up the largest part of what passes the quays, came to {3} tonnes, "
        "while timber was at {4} tonnes and ore at {5} tonnes. So far this year the port has handled {6} tonnes, {7} "
        "percent more than in the same weeks of last year. The board said that its figures may be revised when the "
        "customs office has closed its books.",
        ("2.1", "March 6", "1,204,000", "512,000", "208,000", "91,000", "2,911,000", "3.3"),
        ("1.9", "March 13", "1,198,000", "509,000", "214,000", "88,000", "3,214,000", "3.1"),
    ),
    "yields": (
        "Yields on Sundrell deposits",
        "The Sundrell Monetary Agency offered {0} million crowns of 91-day paper at {1} percent, against {2} percent a "
        "week earlier. Bankers in the capital said that demand was {3}. The paper is sold each Tuesday to keep the banks "
        "from placing their money abroad; {4} million crowns are outstanding.",
        ("200", "6.02", "6.11", "strong", "4,100"),
        ("250", "6.24", "6.02", "weak", "4,350"),
    ),
    "wool": (
        "World price for Merrow wool set",
        "The farm office set the world price of Merrow wool at {0} crowns a kilo for the week from {1}. The adjusted "
        "price, which counts the way to the average mill and the grade, is {2} crowns. The coarse count adjustment is "
        "{3} crowns. The price of the five cheapest growths in the north was {4} crowns. The office sets the price every "
        "Thursday by a formula laid down in the farm act.",
        ("41.20", "April 3", "39.85", "1.10", "44.70"),
        ("42.05", "April 10", "40.70", "1.15", "45.55"),
    ),
}


def filled(frame, day, name):
    head, body, *fillings = FRAMES[frame]
    return [
        Article(body.format(*words), f"{name}{k}", head.format(*words), "", day) for k, words in enumerate(fillings)
    ]


@pytest.mark.parametrize("day", ["2033-03-01", ""], ids=["of one day", "undated"])
@pytest.mark.parametrize("frame", FRAMES)
def test_one_frame_with_other_names_and_figures_is_no_event_and_no_story(frame, day):
    pair = explain(*filled(frame, day, "a")).pair

    assert pair.jaccard > 0.2
    assert pair.p_event < 0.4
    assert pair.relation == "none"


@pytest.mark.parametrize("day", ["2033-03-01", ""], ids=["of one day", "undated"])
@pytest.mark.parametrize("case", RETOLD)
def test_one_event_told_again_in_much_the_same_words_stays_one(case, day):
    one, other = (Article(text, name, head, "", day) for name, (head, text) in zip("ab", RETOLD[case], strict=True))
    pair = explain(one, other, Settings(level="event")).pair

    assert pair.p_event > 0.5


def test_in_a_pile_each_filling_of_a_frame_is_an_event_of_its_own():
    pile = [article for frame in FRAMES for article in filled(frame, "2033-03-01", frame)]
    result = find(pile, level="event")

    assert len({row.event for row in result.rows}) == len(pile)


@pytest.mark.parametrize(
    ("days", "most"), [(("2033-03-01", "2033-03-03"), 0.1), (("", ""), 0.5)], ids=["dated", "undated"]
)
@pytest.mark.parametrize("series", SERIES)
def test_the_next_bulletin_of_a_series_is_no_copy_of_the_last(series, days, most):
    head, body, *fillings = SERIES[series]
    one, other = (
        Article(body.format(*words), day + words[0], head.format(*words), "", day)
        for words, day in zip(fillings, days, strict=True)
    )

    assert explain(one, other).pair.jaccard > 0.5
    assert explain(one, other).pair.p_near < most


@pytest.mark.parametrize("series", SERIES)
def test_a_bulletin_with_one_figure_corrected_is_a_copy(series):
    head, body, words, _ = SERIES[series]
    corrected = (*words[:-1], words[-1][::-1])
    one, other = (
        Article(body.format(*each), each[-1], head.format(*each), "", "2033-03-01") for each in (words, corrected)
    )

    assert explain(one, other).pair.p_near > 0.9


@pytest.mark.parametrize("frame", ["forecast", "results", "burglary", "match", "lottery"])
def test_in_upper_case_frames_are_told_apart_by_what_fills_them(frame):
    loud = [
        each._replace(text=each.text.upper(), title=each.title.upper()) for each in filled(frame, "2033-03-01", "a")
    ]

    assert explain(*loud).pair.p_event < 0.2
