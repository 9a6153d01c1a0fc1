"""The kernels of salient terms in plain Python: articles to terms, terms to likeness and neighbours; see ``plain``.

Sums are taken in float32 and one after the other, as the compiled loops take them.
"""

from __future__ import annotations

import math
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.kernels.elements import (
    IN_OPENING,
    IN_TITLE,
    IS_NAME,
    IS_NUMBER,
    IS_PHRASE,
    IS_SOUGHT,
    NAME,
    NUMBER,
    PHRASE_SALT,
    SHINGLE_TURNS,
    SINGLE,
)
from dedup.kernels.fold import DROPPED, MASK_64, mix_int, word_hash
from dedup.kernels.plain_texts import characters, folded, mark_words, rotate, texts_of, tokenize
from dedup.settings import (
    BACKGROUND_ARTICLES,
    NAME_WEIGHT,
    NO_DATE,
    OPENING_WEIGHT,
    OPENING_WORDS,
    RAREST,
    RARITY_POWER,
    RARITY_STEPS,
    SATURATION,
    STEM_LETTERS,
    TITLE_WEIGHT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = slice(None)
PROMINENT = IN_TITLE | IN_OPENING
BETWEEN = {SINGLE: 0, NAME: 1}
"""Bytes between two neighbours that make a pair: one, as a blank or hyphen, parts names, and nothing parts characters."""

STEMS_REMEMBERED = 1 << 14
SCORE_STEPS = np.float32(16)  # as coarse as the compiled kernel counts them


@lru_cache(STEMS_REMEMBERED)
def stem_hash(word: bytes) -> int:
    """Return the hash of a word's first ``STEM_LETTERS`` folded letters."""
    letters: list[int] = []
    for _, _, entry, char in characters(word):
        if len(letters) >= STEM_LETTERS:
            break
        if entry >> 24 & 7 != DROPPED:
            letters += folded(entry, char)
    return word_hash("".join(map(chr, letters)).encode())


def mentions(raw: bytes, title_end: int) -> Iterator[tuple[int, float, int]]:
    """Yield (term, weight, flags) of each mention of a term in a title and text; the title ends at byte ``title_end``."""
    hashes, ends = tokenize(raw)
    starts, looks = mark_words(raw, ends)
    opened = 0
    before, before_end, before_look = 0, -2, None
    for token, start, end, look in zip(hashes, starts, ends, looks, strict=True):
        place, weight = 0, 1.0
        if start < title_end:
            place, weight = IN_TITLE, TITLE_WEIGHT
        elif opened < OPENING_WORDS:
            place, weight = IN_OPENING, OPENING_WEIGHT
        opened += start >= title_end
        kind = {NAME: IS_NAME, NUMBER: IS_NUMBER}.get(look, 0)
        term = token if look in {SINGLE, NUMBER} else stem_hash(raw[start:end])
        if look == before_look and start - before_end == BETWEEN.get(look):
            pair = mix_int((before + rotate(term, SHINGLE_TURNS[0]) + PHRASE_SALT) & MASK_64)
            yield pair, weight, place | kind | (IS_PHRASE if kind else 0)
        if look != SINGLE:
            yield term, weight, place | kind
        before, before_end, before_look = term, end, look


def term_batch(
    buf: Any, offsets: Any, title_ends: Any, fold: Any, known: Any, rarity: Any, most: int,
    terms: Any, masses: Any, rarities: Any, flags: Any, counts: Any,
) -> int:  # fmt: skip
    """See ``terms.term_batch``."""
    del fold
    at = 0
    title_sizes = (title_ends - offsets[:-1]).tolist()
    for i, (raw, title_end) in enumerate(zip(texts_of(buf, offsets), title_sizes, strict=True)):
        sums: dict[int, np.float32] = {}
        marks: dict[int, int] = {}
        for term, weight, flag in mentions(raw, title_end):
            key = mix_int(term) >> 32 | 1
            sums[key] = sums.get(key, np.float32(0)) + np.float32(weight)
            marks[key] = marks.get(key, 0) | flag
        keys = np.array(list(sums), np.uint32)
        mass = np.array(list(sums.values()), np.float32)
        mass /= mass + np.float32(SATURATION)
        rare = np.array([_rarity_of(key, known, rarity) for key in sums], np.uint8)
        score = (mass * rare.astype(np.float32) * SCORE_STEPS).astype(np.int64)
        heaviest = np.lexsort((keys, -score))[:most]
        kept = heaviest[np.argsort(keys[heaviest])]
        stop = at + len(kept)
        terms[at:stop], masses[at:stop], rarities[at:stop] = keys[kept], mass[kept], rare[kept]
        flags[at:stop] = [marks[key] for key in keys[kept].tolist()]
        counts[i] = len(kept)
        at = stop
    return at


def _rarity_of(key: int, known: Any, rarity: Any) -> int:
    """Look a term up in the background; what is not in it is ``RAREST``."""
    place = key % len(known)
    while (met := int(known[place])) not in {0, key}:
        place = (place + 1) % len(known)
    return int(rarity[place]) if met else RAREST


def weigh_terms(
    places: Any, counts: Any, rarities: Any, flags: Any, offsets: Any, searched: int, weights: Any, slots: Any
) -> None:
    """See ``terms.weigh_terms``."""
    n = len(offsets) - 1
    for start, stop in pairwise(offsets.tolist()):
        total = 0.0
        for e in range(start, stop):
            base = math.exp(-int(rarities[e]) / RARITY_STEPS)
            share = max(base, (int(counts[places[e]]) + BACKGROUND_ARTICLES * base) / (n + BACKGROUND_ARTICLES))
            weight = weights[e] * np.float32((-math.log(min(share, 0.999))) ** RARITY_POWER)
            weight *= np.float32(NAME_WEIGHT if flags[e] & IS_NAME else 1)
            weights[e] = weight
            total += float(weight * weight)
        weights[start:stop] *= np.float32(1 / math.sqrt(total)) if total > 0 else np.float32(0)
        heaviest = start + np.argsort(-weights[start:stop], kind="stable")[:searched]
        chosen = places[heaviest]
        slots[start:stop] = -1
        slots[heaviest] = chosen


def term_lengths(weights: Any, flags: Any, offsets: Any, lengths: Any) -> None:
    """See ``likeness.term_lengths``."""
    for i, (start, stop) in enumerate(pairwise(offsets.tolist())):
        weight, flag = weights[start:stop], flags[start:stop]
        square = weight * weight
        titled, name, number = flag & IN_TITLE > 0, flag & IS_NAME > 0, flag & IS_NUMBER > 0
        fields = (ALL, flag & PROMINENT > 0, titled, name, number & ~name, ~number & ~name)
        lengths[i] = [*(np.sqrt(_sum(square[field])) for field in fields), _sum(weight[titled])]


def likeness_batch(
    terms: Any, weights: Any, flags: Any, offsets: Any, lengths: Any, left: Any, right: Any, out: Any
) -> None:
    """See ``likeness.likeness_batch``."""
    bounds = offsets.tolist()
    for p, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        ours, theirs = slice(bounds[a], bounds[a + 1]), slice(bounds[b], bounds[b + 1])
        _, i, j = np.intersect1d(terms[ours], terms[theirs], assume_unique=True, return_indices=True)
        weight_a, weight_b, flag_a, flag_b = weights[ours][i], weights[theirs][j], flags[ours][i], flags[theirs][j]
        product = weight_a * weight_b
        both, either = flag_a & flag_b, flag_a | flag_b
        name, number = both & IS_NAME > 0, both & IS_NUMBER > 0
        fields = (
            ALL,
            (flag_a & PROMINENT > 0) & (flag_b & PROMINENT > 0),
            both & IN_TITLE > 0,
            name,
            number & ~name,
            either & (IS_NAME | IS_NUMBER) == 0,
        )
        for k, field in enumerate(fields):
            length = lengths[a, k] * lengths[b, k]
            out[p, k] = min(_sum(product[field]) / length, np.float32(1)) if length > 0 else np.nan
        out[p, 6] = np.nan
        if lengths[a, 6] > 0 and lengths[b, 6] > 0:
            told_a = _sum(weight_a[flag_a & IN_TITLE > 0]) / lengths[a, 6]
            told_b = _sum(weight_b[flag_b & IN_TITLE > 0]) / lengths[b, 6]
            out[p, 6] = min(told_a, told_b, np.float32(1))


def _sum(x: Any) -> Any:
    """Add float32 numbers one after the other; numpy's own sum adds them in pairs, which rounds otherwise."""
    return np.add.accumulate(x)[-1] if len(x) else np.float32(0)


def count_terms(terms: Any, keys: Any, counts: Any, places: Any) -> int:
    """See ``neighbours.count_terms``."""
    slots: dict[int, int] = {}
    for e, term in enumerate(terms.tolist()):
        if term not in slots:
            slot = (term >> 1) % len(keys)
            while keys[slot]:
                slot = (slot + 1) % len(keys)
            keys[slot], slots[term] = term, slot
        counts[slots[term]] += 1
        places[e] = slots[term]
    return len(slots)


def keep_shared(slots: Any, counts: Any, offsets: Any, flags: Any, starts: Any) -> int:
    """See ``neighbours.keep_shared``."""
    shared = np.bincount(slots[slots >= 0], minlength=len(counts)) > 1
    counts[:] = np.where(shared, np.cumsum(shared) - 1, -1)
    kept = (slots >= 0) & shared[slots]
    flags[kept] |= IS_SOUGHT
    starts[:] = np.concatenate([[0], np.cumsum(kept)])[offsets]
    slots[: starts[-1]] = counts[slots[kept]]
    return int(np.count_nonzero(shared))


def post_terms(
    slots: Any, starts: Any, weights: Any, flags: Any, offsets: Any, order: Any, n_dated: int,
    lists: Any, undated: Any, owners: Any, shares: Any, at: Any,
) -> None:  # fmt: skip
    """See ``neighbours.post_terms``."""
    posts: list[list[tuple[int, Any, int]]] = [[] for _ in undated]
    for place, article in enumerate(order.tolist()):
        entries = slice(offsets[article], offsets[article + 1])
        sought = weights[entries][flags[entries] & IS_SOUGHT > 0]
        for s, weight in zip(range(starts[article], starts[article + 1]), sought, strict=True):
            posts[slots[s]].append((place, weight, s))
    lists[:] = np.cumsum([0, *map(len, posts)])
    undated[:] = lists[:-1] + [sum(place < n_dated for place, *_ in post) for post in posts]
    for k, (place, weight, s) in enumerate(chain.from_iterable(posts)):
        owners[k], shares[k], at[s] = place, weight, k


def neighbours(
    first: int, last: int, slots: Any, starts: Any, order: Any, lists: Any, undated: Any, owners: Any, shares: Any,
    at: Any, days: Any, nearness: Any, unknown: Any, reach: int, near: int, heavy: Any, promise: Any, top: int,
    least: Any, out: Any,
) -> int:  # fmt: skip
    """See ``neighbours.neighbours``."""
    k = 0
    for place in range(first, last):
        article = int(order[place])
        entries = range(starts[article], starts[article + 1])
        dated = days[place] != NO_DATE
        gaps = np.abs(days.astype(np.int64) - int(days[place]))
        nearby = (gaps <= near) | (days == NO_DATE)
        factor = np.where(dated & (days != NO_DATE), nearness[np.minimum(gaps, len(nearness) - 1)], unknown)
        limit = np.float32(0)
        if dated and entries:
            weights = shares[at[entries]]
            limit = min(heavy * (_sum(weights) / np.float32(len(weights))), weights.max())
        while True:
            sums = np.zeros(len(order), np.float32)
            for s in entries:
                slot, weight = slots[s], shares[at[s]]
                for low, high in _stretches(at[s], (lists[slot], undated[slot], lists[slot + 1]), reach):
                    seen = np.arange(low, high)
                    seen = seen[nearby[owners[seen]] | (weight >= limit)]
                    sums[owners[seen]] += weight * shares[seen]
            found = np.flatnonzero((sums > 0) & (sums >= least))
            found = found[found != place]
            score = sums[found] * factor[found]
            best = np.lexsort((order[found], -score))[:top]
            best = best[score[best] >= least]
            floor = score[best[-1]] if len(best) == top else least
            if limit == 0 or not (score[~nearby[found]] >= promise * floor).any():
                break
            limit = np.float32(0)
        for other in order[found[best]].tolist():
            out[k] = min(article, other) << 32 | max(article, other)
            k += 1
    return k


def _stretches(here: Any, bounds: tuple[Any, Any, Any], reach: int) -> Iterator[tuple[Any, Any]]:
    """Yield from where to where a list is looked at: around an article in its own part, all of the other if short."""
    for low, high in pairwise(bounds):
        if low <= here < high:
            yield max(low, here - reach), min(high, here + reach + 1)
        elif high - low <= reach:
            yield low, high
