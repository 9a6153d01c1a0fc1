import re
from types import SimpleNamespace

import pytest

from dedup.article import Article
from dedup.report.clusters_view import Overview, cluster_lines
from dedup.report.cuts_view import cut_lines
from dedup.report.explanation_view import explanation_lines, waterfall_lines
from dedup.report.pairs_view import pair_lines
from dedup.report.question_view import question_lines
from dedup.report.terminal import Screen
from dedup.report.width import width
from dedup.results import Cluster, ClusterRow, Explanation, PairRow, Passage, Reason, Result
from dedup.settings import Settings

HOSTILE = "\x1b[2J\u202eevil\nline"
PLAIN, COLOUR = Screen(columns=80), Screen(columns=80, colour=True)


def row(name, cluster, title="", representative=""):
    return ClusterRow(
        name, title or f"Title {name}", "S", "2020-01-01", f"x{name}", *[cluster] * 3, representative or name
    )


def cluster(name, members, cohesion=1.0, weakest="", weakest_score=1.0, **told):
    """A cluster without dates and outlets, each member its own part, unless told otherwise."""
    fields = {"outlets": (), "first": "", "last": "", "parts": tuple(f"p-{member}" for member in members), **told}
    return Cluster(name, members[0], tuple(members), cohesion, weakest or members[-1], weakest_score, **fields)


def pair(a="a", b="b", points=(2.0, -0.5), **changed):
    reasons = tuple(Reason(f"m{i}", 0.5, value, f"reason {i}") for i, value in enumerate(points))
    fields = {
        "a": a, "b": b, "relation": "near", "score": 0.9, "p_near": 0.9, "p_event": 0.9, "p_story": 0.9, "jaccard": 0.5,
        "containment_a": 0.6, "containment_b": 0.7, "title_similarity": None, "reasons": reasons,
    }  # fmt: skip
    return PairRow(**{**fields, **changed})


def explanation(**changed):
    fields = {
        "pair": pair(), "verdict": "A copy.", "sentences": ("Most of it is shared.",), "told": "near", "base_points": -1.0,
        "passages": (Passage(5, 15, 0, 10, 2),), "text_a": "pre- copied too post", "text_b": "copied too",
        "shared_names": ("Ann",),
        "only_a": (), "only_b": ("Bob",), "shared_numbers": (), "numbers_only_a": ("7",), "numbers_only_b": (),
    }  # fmt: skip
    return Explanation(**{**fields, **changed})


def overview(rows, clusters=(), *, n_bad=0, closest=None, level="near", **stats):
    articles = {r.id: Article("text", r.id, r.title, r.source, r.date) for r in rows}
    joined = sum(len(cluster.members) for cluster in clusters)
    found = Result(rows, clusters, (), Settings(level=level), 0.5, stats)
    return Overview(found, joined, articles.__getitem__, n_bad, closest)


def test_the_summary_counts_articles_texts_clusters_and_copies():
    rows = [row("a", "n1"), row("b", "n1", representative="a"), row("c", "n2")]
    clusters = [cluster("n1", "ab", 0.98, "b", 0.97)]
    banding = {"bands": 42, "rows": 3, "expected_recall": [(0.1, 0.041), (0.2, 0.3), (0.3, 0.686)]}
    run = overview(
        rows,
        clusters,
        n_bad=1,
        candidates=2,
        unique_texts=3,
        banding=banding,
        capped_groups={"bands": 0, "shingles": 7},
    )
    lines = cluster_lines(PLAIN, run, show=5)
    text = " ".join(lines)

    assert "3 articles compared, 3 different texts; 1 near cluster of 2 articles (1 could go, 1 in none)" in text
    assert "1 bad record left out" in text
    assert "of 3 possible pairs, 2 shared enough wording to be measured word by word" in text
    assert "42 bands of 3 rows find, by likeness of the wording: 4 % at 0.1, 69 % at 0.3" in text
    assert "groups too large to link all to all: shingles 7" in text
    assert "cohesion 0.98 · weakest link 0.97 (b)" in text


def test_where_nothing_was_joined_the_closest_pair_is_told():
    closest = explanation(pair=pair(p_near=0.0, jaccard=0.01))
    text = "\n".join(cluster_lines(PLAIN, overview([row("a", "n1"), row("b", "n2")], closest=closest), show=5))

    assert "2 articles compared, 2 different texts; no copies at level near" in text
    assert "closest pair: Title a | Title b: p(near) 0.00, 1 % of wording in common" in text


def test_only_as_many_clusters_are_shown_as_asked_for():
    rows = [row(f"{i}{half}", f"n{i}") for i in range(30) for half in "ab"]
    clusters = [cluster(f"n{i}", (f"{i}a", f"{i}b")) for i in range(30)]
    text = "\n".join(cluster_lines(PLAIN, overview(rows, clusters), show=2))

    assert "near n1 " in text
    assert "near n2 " not in text
    assert "... and 28 more clusters; --show 30 shows all" in text


def test_those_not_shown_are_called_what_they_are():
    run = overview([row(name, name) for name in "abcd"], [cluster("s1", "ab"), cluster("s2", "cd")], level="story")

    assert "... and 1 more story; --show 2 shows all" in list(cluster_lines(PLAIN, run, show=1))


def story(**told):
    rows = [row(name, "s1") for name in "abcd"]
    return overview(rows, [cluster("s1", "abc", 0.9, "c", 0.8, parts=("e1", "e2", "e1"), **told)], level="story")


def test_a_story_shows_the_events_of_its_members_its_dates_and_its_outlets():
    run = story(first="2020-01-01", last="2020-03-04", outlets=("R", "S"))
    lines = list(cluster_lines(PLAIN, run, show=5))
    at = lines.index("1. story s1 · 3 articles · 2 outlets · 2020-01-01 to 2020-03-04")

    assert lines[0] == "4 articles compared, 4 different texts; 1 story of 3 articles (1 stand alone)"
    assert lines[at + 1 : at + 7] == [
        "Title a",
        "  cohesion 0.90 · weakest link 0.80 (c)",
        "     id  event  source  date        title",
        "  *  a   e1     S       2020-01-01  Title a",
        "     b   e2     S       2020-01-01  Title b",
        "     c   e1     S       2020-01-01  Title c",
    ]


def test_a_story_of_one_day_tells_it_once_and_an_undated_one_tells_none():
    one_day, undated = (
        "\n".join(cluster_lines(PLAIN, story(first=day, last=day, outlets=("R",)), show=5))
        for day in ("2020-01-05", "")
    )

    assert " · 1 outlet · 2020-01-05\n" in one_day
    assert " to 20" not in one_day
    assert "2020-01-05" not in undated


def test_dates_without_outlets_are_told_alone():
    lines = cluster_lines(PLAIN, story(first="2020-01-05", last="2020-01-05"), show=5)

    assert "1. story s1 · 3 articles · 2020-01-05" in lines


def test_on_a_narrow_screen_the_dates_stand_on_a_line_of_their_own():
    lines = list(cluster_lines(Screen(columns=48), story(first="2020-01-01", last="2020-03-04", outlets="RS"), show=5))
    at = lines.index("1. story s1 · 3 articles · 2 outlets ·")

    assert lines[at + 1] == "   2020-01-01 to 2020-03-04"


def test_several_stories_are_counted_as_stories():
    rows = [row(name, name) for name in "abcd"]
    run = overview(rows, [cluster("s1", "ab"), cluster("s2", "cd")], level="story")

    assert "2 stories of 4 articles (0 stand alone)" in next(iter(cluster_lines(PLAIN, run, show=5)))


@pytest.mark.parametrize(("level", "column"), [("exact", None), ("near", None), ("event", "near"), ("story", "event")])
def test_the_members_of_a_cluster_are_shown_with_the_level_below(level, column):
    run = overview([row("a", "k"), row("b", "k")], [cluster("k", "ab", parts=("below-a", "below-b"))], level=level)
    lines = list(cluster_lines(PLAIN, run, show=5))
    head = next(line for line in lines if "source" in line)

    assert head.split() == ["id", *([column] if column else []), "source", "date", "title"]
    assert any("below-b" in line for line in lines) == (column is not None)


@pytest.mark.parametrize("level", ["near", "story"])
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_line_is_wider_than_the_screen(columns, level):
    screen = Screen(columns=columns)
    rows = [row(f"{i}-{'id' * 40}", "n" * 60, title="記者" * 60) for i in range(3)]
    clusters = [
        cluster(
            "n" * 60, [r.id for r in rows], parts=["e" * 60] * 3, first="2020-01-01", last="2020-02-02", outlets="S"
        )
    ]
    long_words = explanation(verdict="w" * 300, shared_names=("n" * 300,), text_a="x" * 500, text_b="x" * 90)
    lines = [
        *cluster_lines(screen, overview(rows, clusters, level=level), show=5),
        *pair_lines(screen, [pair("a" * 200, "b" * 200)], {}, show=5, level="near"),
        *explanation_lines(screen, long_words),
    ]

    assert max(map(width, lines)) <= columns


def test_a_hostile_title_is_inert_in_every_view():
    rows = [row(HOSTILE, "n1", title=HOSTILE), row("b", "n1")]
    clusters = [cluster(HOSTILE, (HOSTILE, "b"), 1.0, HOSTILE, parts=(HOSTILE, HOSTILE), outlets=(HOSTILE,))]
    bad = pair(a=HOSTILE, reasons=(Reason(HOSTILE, 1.0, 1.0, HOSTILE),))
    hostile = explanation(pair=bad, verdict=HOSTILE, sentences=(HOSTILE,), shared_names=(HOSTILE,), text_a=HOSTILE * 3)
    cut = SimpleNamespace(field="title", reason=HOSTILE, text=HOSTILE)
    lines = [
        *cluster_lines(PLAIN, overview(rows, clusters, closest=hostile), show=5),
        *cluster_lines(PLAIN, overview(rows, clusters, level="story"), show=5),
        *cluster_lines(PLAIN, overview(rows, closest=hostile), show=5),
        *pair_lines(PLAIN, [bad], {HOSTILE: HOSTILE}, show=5, level="near"),
        *explanation_lines(PLAIN, hostile),
        *cut_lines(PLAIN, [(HOSTILE, HOSTILE, [cut])], show=5),
    ]

    assert not [line for line in lines if re.search("[\x00-\x1f\x7f-\x9f\u202e]", line)]


def test_the_waterfall_adds_up_to_the_log_odds():
    lines = list(waterfall_lines(PLAIN, explanation()))
    points = [float(line.split()[0]) for line in lines if line[:8].strip(" -+").replace(".", "").isdigit()]

    assert points == [-1.0, 2.0, -0.5, 0.5]
    assert lines[-1].endswith("p(near) 0.622")


def test_a_shared_passage_stands_between_marks_or_in_colour():
    plain, colour = ("\n".join(explanation_lines(screen, explanation())) for screen in (PLAIN, COLOUR))

    assert "pre- «copied too» post" in plain
    assert "\x1b" not in plain
    assert "\x1b[7m" in colour
    assert "«" not in colour


def test_a_highlight_over_several_lines_is_closed_on_each():
    text = "word " * 60
    lines = explanation_lines(COLOUR, explanation(text_a=text, text_b=text, passages=(Passage(0, 300, 0, 300, 60),)))
    lit = [line for line in lines if "\x1b[7m" in line]

    assert len(lit) > 2
    assert all(line.count("\x1b[7m") == line.count("\x1b[0m") for line in lit)


def test_names_and_numbers_that_agree_and_differ_are_listed():
    text = "\n".join(explanation_lines(PLAIN, explanation()))

    assert "names in both: Ann" in text
    assert "names only in b: Bob" in text
    assert "numbers only in a: 7" in text


def test_pairs_show_their_heaviest_reasons_first():
    lines = list(pair_lines(PLAIN, [pair(points=(0.1, -3.0, 2.0, 0.2))], {"a": "Title a"}, show=5, level="near"))

    assert lines[0].startswith("   1. 0.900 near")
    assert lines[1].strip() == "a | Title a"
    assert [line.split()[0] for line in lines[3:]] == ["-3.0", "+2.0", "+0.2"]


def test_a_pair_shows_the_probability_of_its_relation():
    chances = {"score": 0.61, "p_near": 0.1, "p_event": 0.8, "p_story": 0.93}
    shown = [
        next(pair_lines(PLAIN, [pair(relation=relation, **chances)], {}, show=1, level="story")).split()[1:3]
        for relation in ("near", "event", "story", "none")
    ]

    assert shown == [["0.100", "near"], ["0.800", "event"], ["0.930", "story"], ["0.610", "none"]]


def test_a_question_begins_with_a_line_as_wide_as_the_screen():
    articles = [Article("text", name) for name in "ab"]
    line = next(question_lines(PLAIN, "pair 1", articles, pair(), explanation()))

    assert line == "-- pair 1 " + "-" * 70


def test_no_pairs_is_said():
    assert list(pair_lines(PLAIN, [], {}, show=5, level="near")) == ["no pairs at level near"]


def test_a_relation_and_a_probability_have_one_colour_everywhere():
    shown = "\n".join(
        [
            *cluster_lines(COLOUR, story(), show=5),
            *pair_lines(COLOUR, [pair(relation="story", p_story=0.5)], {}, show=5, level="near"),
            *pair_lines(COLOUR, [pair(relation="none", score=0.1)], {}, show=5, level="near"),
        ]
    )

    assert "\x1b[35m1. story s1" in shown
    assert "\x1b[35mstory\x1b[0m" in shown
    assert "\x1b[94me2" in shown
    assert "\x1b[32m  cohesion 0.90 · weakest link 0.80" in shown
    assert "\x1b[33m0.500\x1b[0m" in shown
    assert "\x1b[31m0.100\x1b[0m" in shown


def test_colour_adds_nothing_that_cannot_be_read_without():
    rows, clusters = [row("a", "k"), row("b", "k")], [cluster("k", "ab")]
    plain, colour = (
        [
            *cluster_lines(screen, overview(rows, clusters, level="story"), show=5),
            *pair_lines(screen, [pair()], {}, show=5, level="near"),
            *waterfall_lines(screen, explanation()),
        ]
        for screen in (PLAIN, COLOUR)
    )

    assert [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in colour] == [line.rstrip() for line in plain]
    assert colour != plain


def test_where_nothing_was_cut_that_is_said():
    assert list(cut_lines(PLAIN, [("a", "A", [])], show=1)) == ["1 article, nothing cut"]


def test_cuts_are_shown_with_their_reason_and_summed():
    cut = SimpleNamespace(field="text", reason="comment box", text="Leave a Reply")
    lines = list(cut_lines(PLAIN, [("a", "A", [cut]), ("b", "B", []), ("c", "C", [cut])], show=1))

    assert lines[:2] == ["a | A", "  comment box: Leave a Reply"]
    assert "3 articles, 2 of them with cuts; 2 cuts in all" in lines
    assert lines[-1] == "       2  comment box"
