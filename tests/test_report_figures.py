"""Figures of quality as a person reads them: of an evaluation, a sweep and a fit."""

import re

import pytest

from dedup.report.evaluation_view import evaluation_lines
from dedup.report.fit_view import fit_lines
from dedup.report.sweep_view import sweep_lines
from dedup.report.terminal import Screen

PLAIN, COLOUR = Screen(columns=80), Screen(columns=80, colour=True)
MEASURES = {"precision": 0.9, "recall": 0.8, "f1": 0.847}
LABELS = {"kind": "pairs", "articles": 4, "positives": 2, "negatives": 1}


def evaluation(auc=None, **languages):
    return {
        "level": "near",
        "labels": LABELS,
        "candidates": {"recall": 1.0, "per_article": 0.5},
        "channels": {"bands": {"recall": 0.5, "per_article": 0.25}},
        "pairs": {
            **MEASURES, "average_precision": None, "auc": auc, "threshold": 0.5,
            "curve": [{**MEASURES, "threshold": 0.05}],
        },
        "clusters": {"ari": None, **{f"pair_{name}": value for name, value in MEASURES.items()}},
        "languages": {
            name: {"positives": same, "negatives": 5, **MEASURES, "average_precision": 0.95}
            for name, same in languages.items()
        },
        "notes": ["be careful"],
        "misses": [{"a": "x", "b": "y", "why": "not a candidate", "reasons": [{"points": 1.0, "words": "alike"}]}],
        "false_alarms": [],
    }  # fmt: skip


def test_an_evaluation_of_pairs_leaves_out_what_only_clusters_have():
    text = "\n".join(evaluation_lines(PLAIN, evaluation()))

    assert "pairs from  precision  recall     f1\n0.05            0.900   0.800  0.847\n0.50 <  " in text
    assert "all together   1.000        0.500" in text
    assert "note: be careful" in text
    assert "x | y: not a candidate" in text
    assert "Rand" not in text


@pytest.mark.parametrize(("auc", "words"), [(0.9871, "0.987"), (None, "-")])
def test_the_area_under_the_curve_is_shown_where_there_is_one(auc, words):
    text = " ".join(evaluation_lines(PLAIN, evaluation(auc)))

    assert f"< the threshold in use; average precision -, area under the ROC curve {words} " in text


def test_languages_with_enough_labelled_pairs_are_compared():
    lines = list(evaluation_lines(PLAIN, evaluation(en=1234, de=5, tr=4)))
    head = next(i for i, line in enumerate(lines) if line.startswith("language"))

    assert lines[head : head + 4] == [
        "language   same  different  precision  recall     f1  average precision",
        "en        1,234          5      0.900   0.800  0.847              0.950",
        "de            5          5      0.900   0.800  0.847              0.950",
        "",
    ]


def test_one_language_is_compared_with_nothing():
    assert "language" not in " ".join(evaluation_lines(PLAIN, evaluation(en=100, de=4)))


def swept(kind="pairs", best=(0.1, 0.2), **second):
    row = {"in_use": False, "n_clusters": 1200, "n_joined": 3000, "largest": 7, **MEASURES, "cluster_f1": 0.7}
    return {
        "level": "near",
        "labels": {**LABELS, "kind": kind} if kind else None,
        "best": {"f1": best[0], "cluster_f1": best[1]},
        "rows": [{**row, "threshold": 0.1}, {**row, "threshold": 0.2, "in_use": True, **second}],
        "notes": ["be careful"],
    }


def test_a_sweep_has_a_line_a_threshold_and_says_where_f1_is_best():
    lines = list(sweep_lines(PLAIN, swept(f1=0.5, cluster_f1=0.9)))

    assert lines[1:3] == ["note: be careful", ""]
    assert lines[3:7] == [
        "from    clusters  articles  largest  precision  recall     f1  f1 in clusters",
        "0.10       1,200     3,000        7      0.900   0.800  0.847           0.700",
        "0.20 <     1,200     3,000        7      0.900   0.800  0.500           0.900",
        "< the threshold in use",
    ]
    assert " ".join(lines[7:]) == (
        "F1 is best for pairs at 0.10 (0.847 against 0.500 in use) "
        "and for clusters at 0.20, the threshold in use (0.900)"
    )


def test_a_sweep_of_labelled_clusters_names_its_measure():
    assert "B-cubed f1" in "\n".join(sweep_lines(PLAIN, swept("clusters")))


def test_a_sweep_without_labels_counts_and_judges_nothing():
    assert list(sweep_lines(PLAIN, swept(None, (None, None)))) == [
        "from    clusters  articles  largest",
        "0.10       1,200     3,000        7",
        "0.20 <     1,200     3,000        7",
        "< the threshold in use",
    ]


def test_no_threshold_is_called_better_by_less_than_is_shown():
    lines = sweep_lines(PLAIN, swept(f1=0.8468, cluster_f1=0.9))

    assert "for pairs at 0.20, the threshold in use (0.847)" in " ".join(lines)


def fitted(gain, error):
    figures = {"threshold": 0.5, **MEASURES, "average_precision": 0.9, "calibration_error": 0.01}
    won = {"best": "threshold", "change": "threshold" if gain > error else "nothing", "gain": gain, "gain_error": error}
    counts = {"level": "near", "pairs": 9, "groups": 4, "positive": 3, "missed": 0}
    return {**counts, "tried": {"nothing": figures, "threshold": figures}, **won}


@pytest.mark.parametrize(
    ("gain", "error", "said"),
    [
        (0.0204, 0.0101, "new threshold: F1 changes by +0.020, standard error 0.010"),
        (0.0124, 0.01244, "F1 changes by +0.01240, standard error 0.01244"),
        (0.012001, 0.012002, "F1 changes by +0.012001, standard error 0.012002"),
        (0.0, 0.0, "F1 changes by +0.000, standard error 0.000"),
    ],
)
def test_a_gain_and_its_error_have_as_many_places_as_tell_them_apart(gain, error, said):
    assert said in " ".join(fit_lines(PLAIN, fitted(gain, error)))


def test_colour_adds_nothing_to_figures_that_cannot_be_read_without():
    plain, colour = (
        [*evaluation_lines(s, evaluation()), *sweep_lines(s, swept()), *fit_lines(s, fitted(0.1, 0.2))]
        for s in (PLAIN, COLOUR)
    )

    assert [re.sub(r"\x1b\[[\d;]*m", "", line).rstrip() for line in colour] == [line.rstrip() for line in plain]
    assert colour != plain
