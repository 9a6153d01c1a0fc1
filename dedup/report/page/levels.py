"""What the page calls the clusters of each level, and what they are ranked by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from dedup.briefs import Story


class Called(NamedTuple):
    """The heading of the list, one of its clusters and several, and what is counted to rank them."""

    heading: str
    one: str
    several: str
    ranked_by: str


CALLED = {
    "story": Called("Stories", "running story", "running stories", "newsroom"),
    "event": Called("Events", "event", "events", "newsroom"),
    "near": Called("Copies", "group of copies", "groups of copies", "article"),
    "exact": Called("Equal texts", "group of equal texts", "groups of equal texts", "article"),
}
"""Copies of one text have one newsroom behind them, so they are ranked by their number."""

RANKED = {
    "newsroom": (
        "Ranked by the number of independent newsrooms: outlets with a report that is no copy of another's. "
        "Copies are not counted."
    ),
    "article": "Ranked by the number of articles.",
}


def rank_of(story: Story, level: str) -> int:
    """Return the count a cluster is ranked by."""
    return story.newsrooms if CALLED[level].ranked_by == "newsroom" else story.articles
