"""The measures of evidence: what is known of a pair, in the words and the column order all stages share."""

from __future__ import annotations

MEASURES = {
    "jaccard": "word 3-shingles in both texts, of those in either",
    "containment": "word 3-shingles in both texts, of those in the smaller",
    "runs": "words of the shorter text inside runs of 8 words and more that stand in the longer",
    "vocabulary": "long words in both texts, of those in the smaller",
    "names": "capitalised words in both texts, of those in the text with fewer",
    "numbers": "numbers in both texts, of those in the text with fewer",
    "names_in_place": "names that are the same, of those behind the same three words in both texts",
    "numbers_in_place": "numbers that are the same, of those behind the same three words in both texts",
    "names_behind": "by how much names agree less than long words do: a text with its names changed",
    "length": "words of the shorter text, of the longer",
    "words": "words of the shorter text",
    "title": "likeness of the two titles (rapidfuzz token_set_ratio)",
    "days": "days between the two dates",
    "subject": "cosine of the salient terms",
    "opening": "cosine of the salient terms of title and opening",
    "headline": "cosine of the salient terms of the titles",
    "actors": "cosine of the names",
    "figures": "cosine of the numbers",
    "topic": "cosine of the salient terms that are neither name nor number",
    "told": "how much of its title the other article has, the lesser share",
    "quotes": "word 3-shingles within quotation marks in both texts, of those in the text with fewer",
    "lift": "by how much the subjects are more alike than those of the two articles' other candidates",
    "lift_over_denser": "the same over the candidates of whichever article has the likest",
    "lift_over_rival": "the same over the likest other candidate of each article",
    "standing": "mean of 1 over the rank each article has among the other's candidates, by subject and date",
    "days_around": "days between the two dates, a missing one taken from the article's likest candidates",
    "weekdays": "days between the weekdays the two articles name first",
    "days_named": "days between the nearest two days of a month that the articles name",
}
"""The measures in their column order; shares are 0..1, ``words`` and those of days are counts."""

COLUMN = {name: i for i, name in enumerate(MEASURES)}
