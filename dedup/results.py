"""What a run returns: small frozen rows, the same from Python, JSON and the terminal.

The fields of ``ClusterRow`` and ``PairRow`` are a stable contract.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dedup.settings import Settings


@dataclass(frozen=True, slots=True)
class Reason:
    """One named contribution to a pair's score.

    ``measure`` is the name in the model, ``value`` what was measured (None: unknown), ``points`` what it adds to the
    log-odds of the relation in question, ``words`` the same as a reader would say it.
    """

    measure: str
    value: float | None
    points: float
    words: str


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two articles and what holds between them; ``a`` is the smaller id. Probabilities, score and measures are 0..1."""

    a: str
    b: str
    relation: str
    score: float
    p_near: float
    p_event: float
    p_story: float
    jaccard: float
    containment_a: float
    containment_b: float
    title_similarity: float | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class ClusterRow:
    """One article and the clusters it belongs to (cluster ids); ``representative`` is an article id."""

    id: str
    title: str
    source: str
    date: str
    exact: str
    near: str
    event: str
    story: str
    representative: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """One cluster of the level asked for, with more than one member.

    ``members`` are article ids, the representative first. ``cohesion`` is the mean probability of the members
    against the cluster's centre, ``weakest`` the member tied to the rest most loosely and ``weakest_score`` by how
    much; all 0..1.
    """

    id: str
    representative: str
    members: tuple[str, ...]
    cohesion: float
    weakest: str
    weakest_score: float


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that could not be used: where it stands and why."""

    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage standing in both texts: byte-free character spans in each text, and its length in words."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int
    words: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two articles are, or are not, one text."""

    pair: PairRow
    verdict: str
    sentences: tuple[str, ...]
    base_points: float
    passages: tuple[Passage, ...]
    text_a: str
    text_b: str
    shared_names: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    shared_numbers: tuple[str, ...]
    numbers_only_a: tuple[str, ...]
    numbers_only_b: tuple[str, ...]


@dataclass(frozen=True)
class Result:
    """All a run found, over the articles in input order.

    ``rows`` are in the order of the input; ``clusters`` are those of ``settings.level`` with two members or more,
    largest first; ``pairs`` are the pairs at or above the threshold, best first. ``stats`` counts what happened on
    the way (articles, candidates, pairs measured, capped buckets, seconds are never in it).
    """

    rows: Sequence[ClusterRow]
    clusters: Sequence[Cluster]
    pairs: Sequence[PairRow]
    settings: Settings
    threshold: float
    stats: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clusters:
    """``labels`` : int32[n], the smallest member of each row's cluster; the rest by label, for clusters of two or more.

    ``centre`` is the member the others are most likely related to, ``cohesion`` their mean probability against it (no more
    than any copy's own against its unit),
    ``weakest`` the member whose best tie to the rest is loosest and ``weakest_score`` that tie.
    """

    labels: NDArray[np.int32]
    centre: dict[int, int] = field(default_factory=dict)
    cohesion: dict[int, float] = field(default_factory=dict)
    weakest: dict[int, int] = field(default_factory=dict)
    weakest_score: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Findings:
    """What the river found, as arrays over the rows of a corpus; ``Result`` is its readable face.

    ``unit`` : int32[n_articles], the first row whose cleaned body is the same as this row's (itself if none is).
    Candidates stand between units and between a unit and each of its copies: ``left`` < ``right`` :
    int32[n_pairs], sorted by (left, right); ``channels`` : uint8[n_pairs], bit 1 the LSH bands, bit 2 the shared
    shingles, bit 4 equal bodies. ``measured`` : bool[n_pairs], False where the sketches alone ruled the pair out;
    ``p`` : float64[n_pairs, 3], the probabilities of near, event and story (0 where not measured).
    ``evidence`` : float32[n_pairs, n_measures], NaN where a measure is unknown or the pair was not measured.
    ``labels`` : per level int32[n_articles], equal numbers for one cluster. ``shingles`` : int32[n_pairs, 3], word
    3-shingles of left, of right and of both. ``clusters`` : what holds the near clusters together.
    """

    unit: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    channels: NDArray[np.uint8]
    measured: NDArray[np.bool_]
    p: NDArray[np.float64]
    evidence: NDArray[np.float32]
    labels: dict[str, NDArray[np.int32]]
    stats: dict[str, Any]
    shingles: NDArray[np.int32] | None = None
    clusters: Clusters | None = None


CHANNEL_BITS = {"bands": 1, "shingles": 2, "copies": 4}
"""The candidate channels and their bit in ``Findings.channels``."""
