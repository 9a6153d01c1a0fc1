"""What differs between the versions of a story, and what is new in each.

In: the words of each version, in the order of time. Out: per version the facts no earlier one has, and for all together
the facts most have and the places they fill differently. It knows nothing of how the versions came together.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from dedup.briefs import Difference, Fact
from dedup.facts import Mention, mentions_of
from dedup.kernels.elements import NAME
from dedup.settings import LONG_WORD_BYTES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dedup.words import Words

NEW_SHOWN = 8
COMMON_SHOWN = 10
DIFFERENCES_SHOWN = 6
"""Facts and places listed for a reader; more are counted or left."""

SENTENCE = re.compile(r"[^\n.!?。！？]+(?:[.!?](?=[\w\"'”’(])[^\n.!?。！？]+)*[.!?。！？]*[\"”’]?")
SENTENCE_CHARS = 40, 300
"""A sentence quoted is no shorter and no longer."""

BEFORE, AFTER = 2, 1
"""Words around a place that must be the same for two versions to fill one place."""


class News(NamedTuple):
    """What a version tells first: some facts, how many more, and the sentence that tells most of them."""

    facts: tuple[Fact, ...]
    more: int
    sentence: str


class Compared(NamedTuple):
    """The versions of one story held against each other."""

    news: tuple[News, ...]
    common: tuple[Fact, ...]
    differences: tuple[Difference, ...]


def compare_versions(versions: Sequence[Words], outlets: Sequence[str]) -> Compared:
    """Hold versions against each other; ``outlets`` names where each stood."""
    told = [mentions_of(words) for words in versions]
    seen: set[tuple[str, str]] = set()
    news: list[News] = []
    for words, mentions in zip(versions, told, strict=True):
        news.append(_news(words, mentions, seen) if news else News((), 0, ""))
        seen.update(_keys(mentions))
    return Compared(tuple(news), _common(told), _differences(versions, told, outlets))


def _keys(mentions: Sequence[Mention]) -> set[tuple[str, str]]:
    return {(mention.fact.kind, key) for mention in mentions for key in mention.keys}


def _news(words: Words, mentions: Sequence[Mention], seen: set[tuple[str, str]]) -> News:
    """Return what one version tells that is not in ``seen``; a name is known by its last word."""
    own = set(seen)
    fresh: list[Mention] = []
    for mention in mentions:
        if (mention.fact.kind, mention.keys[-1]) not in own:
            fresh.append(mention)
        own |= _keys([mention])
    facts = tuple(mention.fact for mention in fresh if not _weak(mention.fact))
    return News(facts[:NEW_SHOWN], len(facts[NEW_SHOWN:]), _sentence(words.text, [m.start for m in fresh]))


def _weak(fact: Fact) -> bool:
    """Say whether a fact is a small number without what it counts, which tells nothing by itself."""
    return fact.kind == "number" and fact.text.isdecimal() and len(fact.text) < 3


def _sentence(text: str, places: Sequence[int]) -> str:
    """Return the sentence that holds most of the places, the first of equals."""
    best, most, k = "", 0, 0
    for found in SENTENCE.finditer(text) if places else ():
        begun = k
        while k < len(places) and places[k] < found.end():
            k += 1
        sentence = found[0].strip()
        if k - begun > most and SENTENCE_CHARS[0] <= len(sentence) <= SENTENCE_CHARS[1]:
            best, most = sentence, k - begun
        if k == len(places):
            break
    return best


def _common(told: Sequence[Sequence[Mention]]) -> tuple[Fact, ...]:
    """Return the facts at least two and at least half of the versions have, most frequent first."""
    spelled: dict[tuple[str, str], Counter[Fact]] = {}
    held: Counter[tuple[str, str]] = Counter()
    for mentions in told:
        held.update(_keys(mentions))
        for mention in mentions:
            for key in mention.keys:
                spelled.setdefault((mention.fact.kind, key), Counter())[mention.fact] += 1
    least = max(2, (len(told) + 1) // 2)
    often = sorted((key for key, n in held.items() if n >= least), key=lambda key: (-held[key], key))
    shown = (min(spelled[key].items(), key=lambda item: (-item[1], item[0].text))[0] for key in often)
    return tuple(dict.fromkeys(fact for fact in shown if not _weak(fact)))[:COMMON_SHOWN]


class _Filling(NamedTuple):
    """What stands in a place: how it and the words around it read, and the outlets that have it."""

    text: str
    around: tuple[str, str]
    outlets: list[str]


def _differences(
    versions: Sequence[Words], told: Sequence[Sequence[Mention]], outlets: Sequence[str]
) -> tuple[Difference, ...]:
    """Return the places that outlets fill with other numbers or dates, those most versions have first."""
    places: dict[tuple[str, tuple[int, ...]], dict[str, _Filling]] = {}
    for words, mentions, outlet in zip(versions, told, outlets, strict=True):
        met = set()
        for mention in mentions:
            around = _around(words, mention) if mention.fact.kind != "name" else None
            if around is None or around[0] in met:
                continue
            met.add(around[0])
            text = words.text[int(words.starts[mention.first]) : int(words.ends[mention.last])]
            place = places.setdefault((mention.fact.kind, around[0]), {})
            place.setdefault(mention.keys[0], _Filling(text, around[1], [])).outlets.append(outlet)
    unlike = [list(place.values()) for place in places.values() if len(place) > 1]
    unlike = [place for place in unlike if len({name for filling in place for name in filling.outlets}) > 1]
    unlike.sort(key=lambda place: (-sum(len(filling.outlets) for filling in place), place[0]))
    return tuple(_difference(place) for place in unlike[:DIFFERENCES_SHOWN])


def _difference(place: list[_Filling]) -> Difference:
    ranked = sorted(place, key=lambda filling: (-len(filling.outlets), filling.text))
    said = tuple((filling.text, tuple(dict.fromkeys(filling.outlets))) for filling in ranked)
    return Difference(*place[0].around, said)


def _around(words: Words, mention: Mention) -> tuple[tuple[int, ...], tuple[str, str]] | None:
    """Return the hashes of the words around a mention, and how they read; None where they say too little."""
    first, last = mention.first - BEFORE, mention.last + AFTER
    if first < 0 or last >= len(words.looks):
        return None
    near = [*range(first, mention.first), *range(mention.last + 1, last + 1)]
    spans = [(int(words.starts[k]), int(words.ends[k])) for k in near]
    if all(
        words.looks[k] == NAME or end - start < LONG_WORD_BYTES for k, (start, end) in zip(near, spans, strict=True)
    ):
        return None
    before = words.text[spans[0][0] : int(words.starts[mention.first])]
    after = words.text[int(words.ends[mention.last]) : spans[-1][1]]
    if "\n" in before + after:
        return None
    return tuple(int(words.hashes[k]) for k in near), (before, after)
