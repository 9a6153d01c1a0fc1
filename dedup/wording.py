"""Measures and points in the words of a reader."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

from dedup.measures import MEASURES
from dedup.results import Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dedup.rank import Table

PHRASES = {
    "jaccard": "{share} of all wording in common",
    "containment": "{share} of the smaller text's wording in the other",
    "runs": "{share} of the shorter text in shared runs of 8 words and more",
    "vocabulary": "{share} of the smaller vocabulary in common",
    "names": "{share} of the names in common",
    "numbers": "{share} of the numbers in common",
    "names_in_place": "{share} of the names in the same place agree",
    "numbers_in_place": "{share} of the numbers in the same place agree",
    "names_behind": "names agree {points} points less than other words",
    "length": "the shorter text is {share} of the longer",
    "words": "{count} words in the shorter text",
    "title": "titles {share} alike",
    "days": "{count} days apart",
    "subject": "subjects {share} alike",
    "opening": "titles and openings {share} alike in subject",
    "headline": "titles {share} alike in subject",
    "actors": "names {share} alike, by weight",
    "figures": "numbers {share} alike, by weight",
    "topic": "words that are neither name nor number {share} alike, by weight",
    "told": "{share} of one title stands in the other article, and no less the other way round",
    "quotes": "{share} of the wording within quotation marks in common",
    "lift": "subjects {lift} alike than with their other candidates",
    "lift_over_denser": "subjects {lift} alike than in the denser of their surroundings",
    "lift_over_rival": "subjects {lift} alike than with the likest other candidate of each",
    "standing": "{share} of the best standing among each other's candidates",
    "days_around": "{count} days apart, as far as dates are known or can be told from the likest candidates",
    "weekdays": "the weekdays they name first are {count} days apart",
    "days_named": "days of the year they name are {count} days apart",
}
UNKNOWN = {
    "jaccard": "too little wording in common to be compared",
    "containment": "too little wording in common to be compared",
    "runs": "too little wording in common to be compared",
    "vocabulary": "too few long words to compare",
    "names": "too few names to compare",
    "numbers": "too few numbers to compare",
    "names_in_place": "too few names stand in the same place",
    "numbers_in_place": "too few numbers stand in the same place",
    "names_behind": "too few names to set against the other words",
    "title": "a title is missing",
    "days": "a date is missing",
    "headline": "a title is missing, so none has a subject",
    "actors": "a text without names",
    "figures": "a text without numbers",
    "told": "a title is missing, so none is told by the other article",
    "quotes": "one quotes nothing",
    "lift": "too few other candidates to hold the subjects against",
    "lift_over_denser": "too few other candidates to know the surroundings by",
    "lift_over_rival": "no other candidate to be likelier than",
    "standing": "too few other candidates to have a standing among",
    "days_around": "a date is missing and cannot be told from the candidates",
    "weekdays": "one names no weekday",
    "days_named": "one names no day of the year",
}

SAID_OF = {
    "days": ("the same day", "one day apart"),
    "days_around": ("the same day, as far as dates can be told", "one day apart, as far as dates can be told"),
    "weekdays": ("they name the same weekday first", "the weekdays they name first are one day apart"),
    "days_named": ("they name the same day of the year", "days of the year they name are one day apart"),
}
"""What 0 and 1 are called."""


class Waterfall:
    """Tells what the tables of a relation say of pairs, the weightiest first, those of equal weight by name."""

    def __init__(self, tables: Sequence[Table]) -> None:
        self._by_name = sorted((table.name, table.measures, t) for t, table in enumerate(tables))

    def reasons(self, points: NDArray[np.float64], evidence: NDArray[np.float32]) -> tuple[Reason, ...]:
        """Return the reasons of one pair; of a table of two measures both values are told, and none is *the* value.

        ``points`` : float64[n_tables], what each table adds; ``evidence`` : float32[n_measures].
        """
        added = points.tolist()
        values = dict(zip(MEASURES, evidence.tolist(), strict=True))
        said = _Said(values)
        found = []
        for name, measures, t in sorted(self._by_name, key=lambda entry: -abs(added[entry[2]])):
            words = ", and ".join([said[measure] for measure in measures])
            single = len(measures) == 1 and not isnan(values[name])
            found.append(Reason(name, values[name] if single else None, added[t], words))
        return tuple(found)


class _Said(dict[str, str]):
    """Measures of a pair in words, each put when it is first asked for: many tables share a measure."""

    def __init__(self, values: Mapping[str, float]) -> None:
        self._values = values

    def __missing__(self, measure: str) -> str:
        self[measure] = words = say_measure(measure, self._values[measure])
        return words


def say_measure(measure: str, value: float) -> str:
    """Return one measure as a reader would say it; NaN is unknown."""
    if isnan(value):
        return UNKNOWN.get(measure, f"{measure} unknown")
    if measure in SAID_OF and value in (0, 1):
        return SAID_OF[measure][int(value)]
    if measure == "names_behind" and value < 0.005:
        return "names agree as well as other words"
    before, kind, after = PHRASE_PARTS[measure]
    return before + NUMBERS_SAID[kind](value) + after


def say_share(value: float) -> str:
    """Return a share of 1 in percent, never rounding something to nothing or nearly all to all."""
    percent = 100 * value
    if 0 < percent < 1:
        return "under 1 %"
    if 99 < percent < 100:
        return "over 99 %"
    return f"{percent:.0f} %"


NUMBERS_SAID: dict[str, Callable[[float], str]] = {
    "share": say_share,
    "count": "{:,.0f}".format,
    "points": lambda value: f"{100 * value:.0f}",
    "lift": lambda value: f"{abs(100 * value):.0f} points {'more' if value >= 0 else 'less'}",
}
"""How a number is put, by its name in a phrase."""

PHRASE_PARTS = {
    measure: (before, *rest.partition("}")[::2])
    for measure, (before, _, rest) in ((measure, phrase.partition("{")) for measure, phrase in PHRASES.items())
}
"""What stands before the number of each phrase, how the number is put, and what stands behind it."""
