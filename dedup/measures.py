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
}
"""The measures in their column order; shares are 0..1, ``words`` and ``days`` are counts."""

COLUMN = {name: i for i, name in enumerate(MEASURES)}
