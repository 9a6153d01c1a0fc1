"""What a run returns: small frozen rows, the same from Python, JSON and the terminal.

The fields of ``ClusterRow`` and ``PairRow`` are a stable contract.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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
    against the cluster's centre (of near copies) or against each other (of events and stories), ``weakest`` the member
    tied to the rest most loosely and ``weakest_score`` by how much; all 0..1. ``outlets`` are the sources of the
    members, sorted; ``first`` and ``last`` their earliest and latest day (YYYY-MM-DD), empty where none has a date.
    ``parts`` : for each member the id of its cluster at the next tighter level.
    """

    id: str
    representative: str
    members: tuple[str, ...]
    cohesion: float
    weakest: str
    weakest_score: float
    outlets: tuple[str, ...]
    first: str
    last: str
    parts: tuple[str, ...]


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
    """Why two articles are, or are not, one text, one event or one story.

    ``told`` is the relation whose reasons the pair has, which add up to its probability: that of the verdict, or of the
    widest that was asked about where nothing holds. ``overruled`` says why the probability is another one, if it is.
    """

    pair: PairRow
    verdict: str
    sentences: tuple[str, ...]
    told: str
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
    overruled: str = ""


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

    Of near copies, ``centre`` is the member the others are most likely related to, ``cohesion`` their mean probability
    against it (no more than any copy's own against its unit), ``weakest`` the member whose best tie to the rest is
    loosest and ``weakest_score`` that tie. Of events and stories, a member's hold is the mean of its ties to the
    others: ``centre`` has the best and ``weakest`` the loosest, ``weakest_score``; ``cohesion`` is the mean hold.
    """

    labels: NDArray[np.int32]
    centre: dict[int, int] = field(default_factory=dict)
    cohesion: dict[int, float] = field(default_factory=dict)
    weakest: dict[int, int] = field(default_factory=dict)
    weakest_score: dict[int, float] = field(default_factory=dict)

    def take_over(self, below: Clusters) -> None:
        """Tell of the clusters that are those of the level below what is told there: related at one, related at the next."""
        for name in ("centre", "cohesion", "weakest", "weakest_score"):
            held: dict[int, Any] = getattr(self, name)
            told = getattr(below, name).items()
            held.update({label: x for label, x in told if label not in held and self.labels[label] == label})


def _nothing_cut(_: int) -> Sequence[tuple[int, int, str]]:
    return ()


@dataclass(frozen=True, slots=True)
class Findings:
    """What the river found, as arrays over the rows of a corpus; ``Result`` is its readable face.

    ``unit`` : int32[n_articles], the first row whose cleaned body is the same as this row's (itself if none is).
    Candidates stand between units and between a unit and each of its copies: ``left`` < ``right`` :
    int32[n_pairs], sorted by (left, right); ``channels`` : uint8[n_pairs], bit 1 the LSH bands, bit 2 the shared
    shingles, bit 4 equal bodies, bit 8 neighbours in subject and time. ``measured`` : bool[n_pairs], whose wording was
    compared: not that of pairs only the last channel proposes, whose p(near) is 0. ``p`` : float64[n_pairs, 3], the
    probabilities of near, event and story. ``evidence`` : float32[n_pairs, n_measures], NaN where a measure is unknown
    or was not taken. ``labels`` : per level int32[n_articles], equal numbers for one cluster. ``clusters`` : what holds the clusters of each
    level above exact together. ``reread`` takes pairs (places among the candidates) and returns their evidence, the
    wording compared, and int32[n, 3], their word 3-shingles: of left, of right, of both. ``cut`` takes a row and
    returns what was cut from its text as furniture: start and end in bytes, and the reason. ``days`` returns
    int32[n_articles], as in ``days.Days``; None where nobody knows any.
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
    reread: Callable[[NDArray[np.int64]], tuple[NDArray[np.float32], NDArray[np.int32]]]
    clusters: dict[str, Clusters] = field(default_factory=dict)
    cut: Callable[[int], Sequence[tuple[int, int, str]]] = _nothing_cut
    days: Callable[[], NDArray[np.int32]] | None = None

    def place(self, a: NDArray[np.integer[Any]], b: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Return where pairs of rows, in either order, stand among the candidates; one past the end for those that are none."""
        n = len(self.unit)
        keys = self.left.astype(np.int64) * n + self.right
        wanted = np.minimum(a, b).astype(np.int64) * n + np.maximum(a, b)
        place = np.searchsorted(keys, wanted)
        return np.where(np.append(keys, -1)[place] == wanted, place, len(keys))


CHANNEL_BITS = {"bands": 1, "shingles": 2, "copies": 4, "terms": 8}
"""The candidate channels and their bit in ``Findings.channels``."""
