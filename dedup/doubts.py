"""Pairs a person should look at: near the threshold, of loose clusters, or of one frame with other names and figures.

In: what a run found. Out: pairs by their place among the candidates, the doubtful ones first. It judges nothing anew.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.measures import COLUMN
from dedup.rank import RELATIONS
from dedup.wording import say_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.results import Cluster, Findings
    from dedup.settings import Level

OF_EACH = 12
"""Pairs told of each kind."""

BORDER = 0.12
"""A probability further from the threshold than this is no border case."""

COHESION = 0.7
"""A cluster that holds together at least so well is not loose."""

FRAME = 0.25
"""Share of the smaller text's wording that makes a common frame."""

OTHER_FILLING = 0.6
"""Where fewer of the names or figures in the same places agree than this, the frame is filled differently."""

NAMES_BEHIND = 0.25
"""Names that agree by so much less than other words do were exchanged."""

FILLINGS = ("names_in_place", "names"), ("numbers_in_place", "figures")
"""What fills a frame: by its measure, and in words."""

LEAST_MEMBERS = 3
"""A cluster of two is its pair; only larger ones can hold together loosely."""


class Suspect(NamedTuple):
    """A pair by its place ``k`` among the candidates, what makes it doubtful, and that in words."""

    k: int
    kind: str
    words: str


def borderline(findings: Findings, level: Level, cut: float) -> list[Suspect]:
    """Return the pairs closest to the threshold of a level, on either side."""
    p = findings.p[:, RELATIONS.index(level)]
    near = np.flatnonzero((p > 0) & (np.abs(p - cut) <= BORDER) & (findings.measured if level == "near" else True))
    order = near[np.lexsort((near, np.abs(p[near] - cut)))][:OF_EACH]
    return [
        Suspect(
            k,
            "borderline",
            f"p({level}) {p[k]:.3f}, {'joined from' if p[k] >= cut else 'just short of'} {cut:.2f}"
            + (" on" if p[k] >= cut else ""),
        )
        for k in order.tolist()
    ]


def frames(findings: Findings, cut: float) -> list[Suspect]:
    """Return pairs with one frame of wording whose names or figures differ, those taken for copies first."""
    table = findings.evidence
    contained = table[:, COLUMN["containment"]]
    agree = np.fmin(table[:, COLUMN["names_in_place"]], table[:, COLUMN["numbers_in_place"]])
    behind = table[:, COLUMN["names_behind"]]
    other = (agree < OTHER_FILLING) | (behind > NAMES_BEHIND)
    found = np.flatnonzero(findings.measured & (contained >= FRAME) & other)
    likely = findings.p[found, 0]
    order = found[np.lexsort((found, -contained[found], likely < cut))][:OF_EACH]
    return [Suspect(k, "frame", _frame_words(table[k], joined=findings.p[k, 0] >= cut)) for k in order.tolist()]


def _frame_words(evidence: NDArray[np.float32], *, joined: bool) -> str:
    """Say how alike the frame is and how unlike what fills it."""
    shares = ((float(evidence[COLUMN[measure]]), noun) for measure, noun in FILLINGS)
    few = " and ".join(f"{say_share(share)} of the {noun}" for share, noun in shares if share < OTHER_FILLING)
    unlike = f"only {few} in the same places agree" if few else "names agree far less than other words do"
    frame = f"{say_share(float(evidence[COLUMN['containment']]))} of the smaller text's wording in the other"
    return f"{frame}, but {unlike}; {'taken for copies all the same' if joined else 'not taken for copies'}"


def loose(findings: Findings, clusters: Sequence[Cluster], level: Level, labels: Sequence[int]) -> Iterator[Suspect]:
    """Yield the least cohesive clusters, each by the best tie of its weakest member.

    ``labels`` : the label of each cluster.
    """
    held = findings.clusters.get(level)
    if held is None or level not in RELATIONS:
        return
    several = [
        i for i, cluster in enumerate(clusters) if len(cluster.members) >= LEAST_MEMBERS and cluster.cohesion < COHESION
    ]
    several.sort(key=lambda i: (clusters[i].cohesion, clusters[i].id))
    p = findings.p[:, RELATIONS.index(level)]
    for i in several[:OF_EACH]:
        weakest = held.weakest.get(labels[i])
        inside = findings.labels[level][findings.left] == labels[i]
        inside &= findings.labels[level][findings.right] == labels[i]
        ties = np.flatnonzero(inside & ((findings.left == weakest) | (findings.right == weakest)))
        if len(ties):
            best = int(ties[np.lexsort((ties, -p[ties]))[0]])
            cluster = clusters[i]
            words = (
                f"cohesion {cluster.cohesion:.2f}; its weakest of {len(cluster.members):,} articles is tied to the "
                f"rest by {cluster.weakest_score:.2f}, at best as here by {p[best]:.2f}"
            )
            yield Suspect(best, "loose", words)
