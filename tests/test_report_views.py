import io
import re
from types import SimpleNamespace

import pytest

from dedup.article import Article
from dedup.report.clusters_view import Overview, cluster_lines
from dedup.report.cuts_view import cut_lines
from dedup.report.evaluation_view import evaluation_lines
from dedup.report.explanation_view import explanation_lines, waterfall_lines
from dedup.report.pairs_view import pair_lines
from dedup.report.terminal import Screen, bar, screen_for, table_lines
from dedup.report.width import width
from dedup.results import Cluster, ClusterRow, Explanation, PairRow, Passage, Reason, Result
from dedup.settings import Settings

HOSTILE = "\x1b[2J\u202eevil\nline"
PLAIN, COLOUR = Screen(columns=80), Screen(columns=80, colour=True)


def row(name, cluster, title="", representative=""):
    return ClusterRow(
        name, title or f"Title {name}", "S", "2020-01-01", f"x{name}", *[cluster] * 3, representative or name
    )


def pair(a="a", b="b", points=(2.0, -0.5), **changed):
    reasons = tuple(Reason(f"m{i}", 0.5, value, f"reason {i}") for i, value in enumerate(points))
    fields = {
        "a": a, "b": b, "relation": "near", "score": 0.9, "p_near": 0.9, "p_event": 0.9, "p_story": 0.9, "jaccard": 0.5,
        "containment_a": 0.6, "containment_b": 0.7, "title_similarity": None, "reasons": reasons,
    }  # fmt: skip
    return PairRow(**{**fields, **changed})


def explanation(**changed):
    fields = {
        "pair": pair(), "verdict": "A copy.", "sentences": ("Most of it is shared.",), "base_points": -1.0,
        "passages": (Passage(5, 15, 0, 10, 2),), "text_a": "pre- copied too post", "text_b": "copied too",
        "shared_names": ("Ann",),
        "only_a": (), "only_b": ("Bob",), "shared_numbers": (), "numbers_only_a": ("7",), "numbers_only_b": (),
    }  # fmt: skip
    return Explanation(**{**fields, **changed})


def overview(rows, clusters=(), *, n_bad=0, closest=None, **stats):
    articles = {r.id: Article("text", r.id, r.title, r.source, r.date) for r in rows}
    joined = sum(len(cluster.members) for cluster in clusters)
    found = Result(rows, clusters, (), Settings(), 0.5, stats)
    return Overview(found, joined, articles.__getitem__, n_bad, closest)


def test_the_summary_counts_articles_texts_clusters_and_copies():
    rows = [row("a", "n1"), row("b", "n1", representative="a"), row("c", "n2")]
    clusters = [Cluster("n1", "a", ("a", "b"), 0.98, "b", 0.97)]
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
    clusters = [Cluster(f"n{i}", f"{i}a", (f"{i}a", f"{i}b"), 1.0, f"{i}b", 1.0) for i in range(30)]
    text = "\n".join(cluster_lines(PLAIN, overview(rows, clusters), show=2))

    assert "near n1 " in text
    assert "near n2 " not in text
    assert "... and 28 more clusters; --show 30 shows all" in text


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_line_is_wider_than_the_screen(columns):
    screen = Screen(columns=columns)
    rows = [row(f"{i}-{'id' * 40}", "n" * 60, title="記者" * 60) for i in range(3)]
    clusters = [Cluster("n" * 60, rows[0].id, tuple(r.id for r in rows), 1.0, rows[1].id, 1.0)]
    long_words = explanation(verdict="w" * 300, shared_names=("n" * 300,), text_a="x" * 500, text_b="x" * 90)
    lines = [
        *cluster_lines(screen, overview(rows, clusters), show=5),
        *pair_lines(screen, [pair("a" * 200, "b" * 200)], {}, show=5),
        *explanation_lines(screen, long_words),
    ]

    assert max(map(width, lines)) <= columns


def test_a_hostile_title_is_inert_in_every_view():
    rows = [row(HOSTILE, "n1", title=HOSTILE), row("b", "n1")]
    clusters = [Cluster(HOSTILE, HOSTILE, (HOSTILE, "b"), 1.0, HOSTILE, 1.0)]
    bad = pair(a=HOSTILE, reasons=(Reason(HOSTILE, 1.0, 1.0, HOSTILE),))
    hostile = explanation(pair=bad, verdict=HOSTILE, sentences=(HOSTILE,), shared_names=(HOSTILE,), text_a=HOSTILE * 3)
    cut = SimpleNamespace(field="title", reason=HOSTILE, text=HOSTILE)
    lines = [
        *cluster_lines(PLAIN, overview(rows, clusters, closest=hostile), show=5),
        *cluster_lines(PLAIN, overview(rows, closest=hostile), show=5),
        *pair_lines(PLAIN, [bad], {HOSTILE: HOSTILE}, show=5),
        *explanation_lines(PLAIN, hostile),
        *cut_lines(PLAIN, [(HOSTILE, HOSTILE, [cut])], show=5),
    ]

    assert not [line for line in lines if re.search("[\x00-\x1f\x7f-\x9f\u202e]", line)]


def test_the_waterfall_adds_up_to_the_log_odds():
    lines = list(waterfall_lines(PLAIN, explanation()))
    points = [float(line.split()[0]) for line in lines if line[:8].strip(" -+").replace(".", "").isdigit()]

    assert points == [-1.0, 2.0, -0.5, 0.5]
    assert lines[-1].endswith("probability 0.622")


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
    lines = list(pair_lines(PLAIN, [pair(points=(0.1, -3.0, 2.0, 0.2))], {"a": "Title a"}, show=5))

    assert lines[0].startswith("   1. 0.900 near")
    assert lines[1].strip() == "a | Title a"
    assert [line.split()[0] for line in lines[3:]] == ["-3.0", "+2.0", "+0.2"]


def test_no_pairs_is_said():
    assert list(pair_lines(PLAIN, [], {}, show=5)) == ["no pairs"]


def test_a_table_aligns_numbers_right_and_text_left():
    assert table_lines(PLAIN, ["name", "n"], [["a", "1"], ["bcdef", "100"]]) == [
        "name     n",
        "a        1",
        "bcdef  100",
    ]


def test_a_bar_points_left_for_what_speaks_against():
    assert [bar(points, 2.0, 8) for points in (2.0, 1.0, -1.0, 0.0)] == ["    │████", "    │██", "  ██│", "    │"]


def test_colour_only_on_a_terminal_and_not_under_no_color():
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    assert screen_for(Terminal(), {}).colour
    assert not screen_for(Terminal(), {"NO_COLOR": "1"}).colour
    assert not screen_for(Terminal(), {"TERM": "dumb"}).colour
    assert not screen_for(io.StringIO(), {}).colour


def test_a_screen_is_as_wide_as_columns_says_but_never_too_narrow_to_use():
    assert [screen_for(io.StringIO(), {"COLUMNS": said}).columns for said in ("120", "3", "wide", "")] == [
        120,
        40,
        100,
        100,
    ]


def test_cuts_are_shown_with_their_reason_and_summed():
    cut = SimpleNamespace(field="text", reason="comment box", text="Leave a Reply")
    lines = list(cut_lines(PLAIN, [("a", "A", [cut]), ("b", "B", []), ("c", "C", [cut])], show=1))

    assert lines[:2] == ["a | A", "  comment box: Leave a Reply"]
    assert "3 articles, 2 of them with cuts; 2 cuts in all" in lines
    assert lines[-1] == "       2  comment box"


def test_an_evaluation_of_pairs_leaves_out_what_only_clusters_have():
    measures = {"precision": 0.9, "recall": 0.8, "f1": 0.847}
    record = {
        "level": "near",
        "labels": {"articles": 4, "positives": 2, "negatives": 1},
        "candidates": {"recall": 1.0, "per_article": 0.5},
        "channels": {"bands": {"recall": 0.5, "per_article": 0.25}},
        "pairs": {**measures, "average_precision": None, "threshold": 0.5, "curve": [{**measures, "threshold": 0.05}]},
        "clusters": {"ari": None, **{f"pair_{name}": value for name, value in measures.items()}},
        "notes": ["be careful"],
        "misses": [{"a": "x", "b": "y", "why": "not a candidate", "reasons": [{"points": 1.0, "words": "alike"}]}],
        "false_alarms": [],
    }
    text = "\n".join(evaluation_lines(PLAIN, record))

    assert "all together   1.000        0.500" in text
    assert "note: be careful" in text
    assert "x | y: not a candidate" in text
    assert "Rand" not in text
