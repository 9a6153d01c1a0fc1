"""News that never was: texts of invented words in the proportions of language, for sizes no corpus has.

In: a seed and a count. Out: the same texts every time. Words follow Zipf's law; one article in ten is an edited copy
of an earlier one, so that there are clusters to find. Dated articles come at a steady rate, so that a larger pile is a
longer time: reports of events, which share words of their own, and of stories, whose events share names met nowhere before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WORDS = 120
"""Words per article: a brief, so that a million fit in memory."""

VOCABULARY = 60_000
BATCH = 20_000
COPIES = 0.1
EDITED = 0.05
"""Share of the words that change in a copy."""

TITLE_WORDS = 8
PER_DAY = 1000
REPORTS, EVENTS = 5, 4
"""Reports of an event and events of a story, on average."""

EVENTS_APART = 2
"""Days from one event of a story to the next."""

NAMES, OWN = 8, 30
OWN_SHARE = 0.35
"""A story has so many names, an event beside them so many words of its own; they are this share of the words of a report."""

LINE_WORDS = 30
ONSETS = ("", "b", "br", "d", "dr", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v", "z")
VOWELS = ("a", "e", "i", "o", "u", "ai", "ou")
CODAS = ("", "", "l", "m", "n", "nd", "r", "s", "t")


def unique_columns(n_articles: int, copies: float = 0.0, boilerplate: str = "") -> dict[str, list[str]]:
    """Return articles with a share of edited ``copies`` among them and one line of ``boilerplate`` under each."""
    rng = np.random.default_rng(20_240_101)
    words = _vocabulary(rng)
    weights = np.cumsum(1 / (np.arange(VOCABULARY) + 2.7))
    texts: list[str] = []
    for start in range(0, n_articles, BATCH):
        rows = min(BATCH, n_articles - start)
        drawn = np.searchsorted(weights, rng.random((rows, WORDS)) * weights[-1]).astype(np.int32)
        _plant_copies(drawn, copies, rng)
        texts += [_lines(words[row].tolist()) + boilerplate for row in drawn]
    return {"texts": texts}


def growing_columns(n_articles: int) -> dict[str, list[str]]:
    """Return articles of which one in ten is an edited copy."""
    return unique_columns(n_articles, COPIES)


def dated_columns(n_articles: int) -> dict[str, list[str]]:
    """Return texts, titles and dates of reports of events, of which one in ten is an edited copy."""
    rng = np.random.default_rng(20_240_103)
    words = _vocabulary(rng)
    weights = np.cumsum(1 / (np.arange(VOCABULARY) + 2.7))
    columns: dict[str, list[str]] = {"texts": [], "titles": [], "dates": []}
    for start in range(0, n_articles, BATCH):
        rows = min(BATCH, n_articles - start)
        drawn = np.searchsorted(weights, rng.random((rows, TITLE_WORDS + WORDS)) * weights[-1])
        event = np.sort(rng.integers(0, max(1, rows // REPORTS), rows))
        own = rng.integers(0, VOCABULARY, (event[-1] + 1, NAMES + OWN))
        story = np.arange(len(own)) // EVENTS
        own[:, :NAMES] = VOCABULARY + story[:, None] * NAMES + np.arange(NAMES)
        known = np.concatenate([words, _new_names(rng, (story[-1] + 1) * NAMES)])
        told = own[event[:, None], rng.integers(0, NAMES + OWN, drawn.shape)]
        drawn = np.where(rng.random(drawn.shape) < OWN_SHARE, told, drawn).astype(np.int32)
        _plant_copies(drawn, COPIES, rng)
        days = np.arange(start, start + rows) // PER_DAY + event % EVENTS * EVENTS_APART
        columns["texts"] += [_lines(known[row[TITLE_WORDS:]].tolist()) for row in drawn]
        columns["titles"] += [" ".join(known[row[:TITLE_WORDS]]) for row in drawn]
        columns["dates"] += (np.datetime64("2020-01-01") + days).astype(str).tolist()
    return columns


def identical_columns(n_articles: int) -> dict[str, list[str]]:
    """Return one article ``n_articles`` times, each its own string."""
    text = unique_columns(1)["texts"][0]
    return {"texts": ["".join([text, ""]) for _ in range(n_articles)]}


def bucket_columns(n_articles: int) -> dict[str, list[str]]:
    """Return near copies of one article, each with an edit of its own."""
    rng = np.random.default_rng(20_240_102)
    words = unique_columns(1)["texts"][0].split(" ")
    spots = rng.integers(1, len(words), n_articles)
    return {"texts": [" ".join([*words[:at], f"edit{i}", *words[at + 1 :]]) for i, at in enumerate(spots.tolist())]}


def boilerplate_columns(n_articles: int) -> dict[str, list[str]]:
    """Return unlike articles that all end in one line of 30 words."""
    line = " ".join(unique_columns(2)["texts"][1].split()[:LINE_WORDS])
    return unique_columns(n_articles, boilerplate="\n\n" + line)


def _vocabulary(rng: np.random.Generator) -> NDArray[np.object_]:
    """Return invented words, short ones first, as frequent words are."""
    syllables = _syllables()
    drawn = rng.integers(0, len(syllables), (3 * VOCABULARY, 4))
    words: dict[str, None] = {}
    for i, row in enumerate(drawn.tolist()):
        words["".join([syllables[k] for k in row[: 1 + i * 4 // len(drawn)]])] = None
        if len(words) == VOCABULARY:
            break
    return np.array(list(words), dtype=object)


def _new_names(rng: np.random.Generator, n: int) -> NDArray[np.object_]:
    """Return names of two syllables, of which there are two millions."""
    syllables = np.array(_syllables(), dtype=object)
    drawn = rng.integers(0, len(syllables), (n, 2))
    return np.array([name.capitalize() for name in syllables[drawn[:, 0]] + syllables[drawn[:, 1]]], dtype=object)


def _syllables() -> list[str]:
    return [onset + vowel + coda for onset in ONSETS for vowel in VOWELS for coda in CODAS]


def _plant_copies(drawn: NDArray[np.int32], share: float, rng: np.random.Generator) -> None:
    """Overwrite a share of the rows with edited copies of the row before."""
    targets = np.flatnonzero(rng.random(len(drawn)) < share)
    targets = targets[targets > 0]
    copied = drawn[targets - 1]
    fresh = rng.integers(0, VOCABULARY, copied.shape, dtype=np.int32)
    drawn[targets] = np.where(rng.random(copied.shape) < EDITED, fresh, copied)


def _lines(words: list[str]) -> str:
    """Return words as sentences of 15, two to a line."""
    for start in range(0, len(words), LINE_WORDS // 2):
        words[start] = words[start].capitalize()
    halves = [" ".join(words[at : at + LINE_WORDS // 2]) + "." for at in range(0, len(words), LINE_WORDS // 2)]
    return "\n".join(" ".join(halves[at : at + 2]) for at in range(0, len(halves), 2))
