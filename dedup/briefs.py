"""What a report tells: small frozen rows, computed by ``briefing`` and drawn by ``report.page``.

Texts are as they came, hostile or not: whoever draws them makes them inert. Days are numbers since 1970-01-01, None
where unknown; shares and probabilities are 0..1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dedup.results import BadRecord, Explanation


@dataclass(frozen=True, slots=True)
class Counts:
    """What came in and what it became.

    ``reports`` are texts that are no copies, ``groups`` clusters of two or more of the level asked for, holding
    ``joined`` articles; ``dated`` articles lie between ``first`` and ``last``.
    """

    articles: int
    words: int
    outlets: int
    unique_texts: int
    reports: int
    events: int
    stories: int
    groups: int
    joined: int
    dated: int
    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class Fact:
    """A name, a number or a date a text tells, as it spells it: ``kind`` is "name", "number" or "date"."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Version:
    """One article of a story.

    ``copy_of`` names the article whose text it has (None: a report of its own), ``later`` says that this one came on a
    later day, ``shared`` how much of its wording stands there. ``new`` are facts no earlier version has, ``sentence`` the one that tells most of
    them; both are empty where the article was not read again.
    """

    id: str
    title: str
    outlet: str
    day: int | None
    url: str
    copy_of: str | None
    later: bool
    shared: float | None
    new: tuple[Fact, ...]
    more_new: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One place versions fill differently: the words around it, and what stands there in which outlets."""

    before: str
    after: str
    said: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class Event:
    """One event of a story: its cluster id, and its versions in the order of time."""

    id: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Story:
    """One cluster of the level asked for, ranked by ``newsrooms``, the outlets with a report of their own.

    ``reports`` counts texts that are no copies. ``told`` says whether its versions were read again: only then
    ``common`` (facts most versions have) and ``differences`` mean anything. ``unlisted`` members are not in
    ``events``. ``pairs`` are numbers of pairs shown. ``doubts`` are numbers of pairs a person should look at, and why in words.
    """

    id: str
    title: str
    representative: str
    newsrooms: int
    reports: int
    articles: int
    outlets: tuple[str, ...]
    first: int | None
    last: int | None
    cohesion: float
    events: tuple[Event, ...]
    n_events: int
    unlisted: int
    told: bool
    common: tuple[Fact, ...]
    differences: tuple[Difference, ...]
    pairs: tuple[int, ...]
    doubts: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text: plain, part of a ``passage`` (its number) both texts share, or furniture ``cut`` for a reason."""

    text: str
    passage: int | None = None
    cut: str = ""


@dataclass(frozen=True, slots=True)
class Side:
    """One of two articles: who it is, and its text in pieces; ``left_out`` characters at its end are not shown."""

    id: str
    title: str
    outlet: str
    day: int | None
    url: str
    pieces: tuple[Piece, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts side by side: why they are shown, what is known of them, and who contains whom."""

    number: int
    why: str
    story: str
    explanation: Explanation
    sides: tuple[Side, Side]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A pair a person should look at: what makes it doubtful (``kind``), in words, and the number of its view."""

    kind: str
    words: str
    pair: int


@dataclass(frozen=True, slots=True)
class Outlet:
    """One outlet: its articles, and those with a text of its own.

    ``taken_up`` of its texts stood elsewhere later, ``taken_over`` elsewhere before.
    """

    name: str
    articles: int
    own: int
    taken_up: int
    taken_over: int


@dataclass(frozen=True, slots=True)
class Flow:
    """Texts of ``giver`` that also stand at ``taker``.

    So many were at the giver ``first`` by date; ``undecided`` stood there the same day or without dates to tell.
    """

    giver: str
    taker: str
    first: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold: clusters of two or more articles, the articles in them, the pairs that reach it."""

    at: float
    in_use: bool
    clusters: int
    joined: int
    pairs: int


@dataclass(frozen=True, slots=True)
class Record:
    """How a run can be told from others and repeated: its entries in words, and the records it could not use."""

    entries: tuple[tuple[str, str], ...]
    bad: tuple[BadRecord, ...]
    n_bad: int


@dataclass(frozen=True, slots=True)
class Briefing:
    """All a report tells. ``unlisted`` clusters are counted and not shown."""

    level: str
    keep: str
    counts: Counts
    stories: tuple[Story, ...]
    unlisted: int
    pairs: tuple[Pair, ...]
    doubts: tuple[Doubt, ...]
    outlets: tuple[Outlet, ...]
    flows: tuple[Flow, ...]
    curve: tuple[Threshold, ...]
    record: Record
