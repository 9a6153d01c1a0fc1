"""Texts to salient terms: what an article is about, as weighted hashes of words, names and numbers.

A term is a word cut to its first letters (so that inflected forms meet), two neighbouring names, a number, or two
neighbouring characters of a script without spaces. The title and the opening weigh more, and the third mention of a
word adds less than the first.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import (
    IN_OPENING,
    IN_TITLE,
    IS_NAME,
    IS_NUMBER,
    IS_PHRASE,
    NAME,
    NUMBER,
    PHRASE_SALT,
    SINGLE,
)
from dedup.kernels.fold import DROPPED, EXPANSION, GOLDEN
from dedup.kernels.measure import mark_words
from dedup.kernels.sketch import rotate
from dedup.kernels.text import add_letter, decode, fold_hash, last_hash, mix64, no_letters, tokenize
from dedup.kernels.vectors import eight_bytes
from dedup.settings import (
    BACKGROUND_ARTICLES,
    NAME_WEIGHT,
    OPENING_WEIGHT,
    OPENING_WORDS,
    RAREST,
    RARITY_POWER,
    RARITY_STEPS,
    SATURATION,
    STEM_LETTERS,
    TITLE_WEIGHT,
)

_0, _1, _21, _32, _56, _LOW_32 = (np.uint64(x) for x in (0, 1, 21, 32, 56, 0xFFFFFFFF))
_MOST_DEALT = np.uint64(1 << 12)
_SCORE_STEPS = np.float32(16)
_ODD, _ONE_BIT = np.uint32(1), np.uint32(1)
_GOLDEN, _PHRASE_SALT = np.uint64(GOLDEN), np.uint64(PHRASE_SALT)
_OPENING, _TITLE_WEIGHT, _OPENING_WEIGHT = OPENING_WORDS, np.float32(TITLE_WEIGHT), np.float32(OPENING_WEIGHT)
_LETTERS = np.uint64(STEM_LETTERS)
_STEM = np.uint64((1 << 8 * STEM_LETTERS) - 1)
_LOWER, _HIGH_BITS = (np.uint64(0x0101010101010101 * x) for x in (0x20, 0x80))
_DROPPED_ENTRY = np.uint32(DROPPED << 24)
_SATURATION = np.float32(SATURATION)
_RAREST = np.uint8(RAREST)
_RARITY_STEPS, _RARITY_POWER, _NAME_WEIGHT = np.float64(RARITY_STEPS), np.float64(RARITY_POWER), np.float32(NAME_WEIGHT)
_BEHIND = np.float64(BACKGROUND_ARTICLES)
_LAST_BUCKET = 255
"""Weights are counted in so many steps up to the heaviest, to sort only those around the last that is sought by."""


@compiled
def stem_hash(buf: Any, start: int, end: int, fold: Any) -> Any:
    """Return the hash of a token's first ``STEM_LETTERS`` folded letters."""
    stage, blocks, pool = fold
    state = no_letters()
    letters = 0
    i = start
    while i < end and letters < STEM_LETTERS:
        point, size = decode(buf, i, end)
        i += size
        entry = blocks[(np.int64(stage[point >> 8]) << 8) | (point & 255)] if point >= 0 else _DROPPED_ENTRY
        kind = (entry >> np.uint32(24)) & np.uint32(7)
        if kind != DROPPED:
            state = add_letter(state, entry, point, pool)
            letters += np.int64((entry >> np.uint32(28)) & np.uint32(7)) if kind == EXPANSION else 1
    return last_hash(state)


@compiled
def sort_hashes(values: Any, n: Any, spare: Any, tally: Any) -> None:
    """Sort ``values[:n]`` : uint64, evenly spread over the range; ``spare`` is as long, ``tally`` : int64[257].

    Dealt out by the highest byte, then put in order by insertion; what is too many for that is sorted at large.
    """
    if n > _MOST_DEALT:
        values[: np.int64(n)].sort()
        return
    tally[:] = 0
    for k in range(n):
        tally[(values[k] >> _56) + _1] += 1
    for b in range(256):
        tally[b + 1] += tally[b]
    for k in range(n):
        byte = values[k] >> _56
        spare[tally[byte]] = values[k]
        tally[byte] += 1
    for k in range(n):
        value = spare[k]
        j = k
        while j > _0 and values[j - _1] > value:
            values[j] = values[j - _1]
            j -= _1
        values[j] = value


@compiled
def term_batch(
    buf: Any,
    offsets: Any,
    title_ends: Any,
    fold: Any,
    known: Any,
    rarity: Any,
    most: int,
    terms: Any,
    masses: Any,
    rarities: Any,
    flags: Any,
    counts: Any,
) -> Any:
    """Write the heaviest terms of each article, sorted by hash, and return how many in all.

    ``buf, offsets`` : titles and texts, packed as in ``sketch_batch``; ``title_ends`` : int64[n], where in the buffer
    each title ends. ``known`` : uint64[power of two], an open-addressing table of term hashes, with the ``rarity`` :
    uint8 of each (see ``background``); what is not in it is ``RAREST``. ``most`` : terms an article keeps. Filled, one
    article after the other: ``terms`` : uint32, ``masses`` : float32, 0..1, mentions after saturation, ``rarities`` :
    uint8, ``flags`` : uint8, the bits of ``elements``; ``counts`` : int32[n].
    """
    longest = 0
    for i in range(len(offsets) - 1):
        longest = max(longest, offsets[i + 1] - offsets[i])
    room = longest // 2 + 3
    hashes = np.empty(room, np.uint64)
    starts = np.empty(room, np.int64)
    ends = np.empty(room, np.int64)
    looks = np.empty(room, np.uint8)
    slots = 16
    while slots < 4 * room:
        slots *= 2
    keys = np.empty(slots, np.uint32)
    places = np.empty(slots, np.uint32)
    found = np.empty(2 * room, np.uint32)
    sums = np.empty(2 * room, np.float32)
    marks = np.empty(2 * room, np.uint8)
    rares = np.empty(2 * room, np.uint8)
    scores = np.empty(2 * room, np.uint32)
    ranked = np.empty(2 * room, np.uint64)
    ties = np.empty(2 * room, np.uint64)
    spare = np.empty(2 * room, np.uint64)
    dealt = np.empty(257, np.int64)
    tally = np.empty(np.int64(_SCORE_STEPS) * (RAREST + 1), np.int64)
    known_mask = np.uint64(len(known) - 1)
    at = _0
    for i in range(len(offsets) - 1):
        n = tokenize(buf, offsets[i], offsets[i + 1], fold, hashes, starts, ends)
        mark_words(buf, offsets[i], offsets[i + 1], fold, starts, ends, n, looks)
        size = 16
        while size < 4 * n:
            size *= 2
        mask = np.uint64(size - 1)
        keys[:size] = 0
        n_found = _0
        opened = 0
        before = _0
        before_end = np.int64(-2)
        before_look = 0
        for k in range(np.uint64(n)):
            look = looks[k]
            flag = 0
            weight = np.float32(1)
            if starts[k] < title_ends[i]:
                flag = IN_TITLE
                weight = _TITLE_WEIGHT
            else:
                if opened < _OPENING:
                    flag = IN_OPENING
                    weight = _OPENING_WEIGHT
                opened += 1
            pair = _0
            pair_flag = flag
            if look == SINGLE:
                term = hashes[k]
                if before_look == SINGLE and before_end == starts[k]:
                    pair = mix64(before + rotate(term, _21) + _PHRASE_SALT)
            elif look == NUMBER:
                term = hashes[k]
                flag |= IS_NUMBER
            else:
                term = hashes[k]
                first = np.uint64(starts[k])
                if np.uint64(ends[k]) - first > _LETTERS:  # no character folds to more letters than it has bytes
                    stem = (eight_bytes(buf, first) | _LOWER) & _STEM
                    term = (
                        fold_hash(stem * _GOLDEN)
                        if stem & _HIGH_BITS == _0
                        else stem_hash(buf, starts[k], ends[k], fold)
                    )
                if look == NAME:
                    flag |= IS_NAME
                    pair_flag = flag | IS_PHRASE
                    if before_look == NAME and before_end + 1 == starts[k]:
                        pair = mix64(before + rotate(term, _21) + _PHRASE_SALT)
            for part in range(2):
                if part == 0:
                    if look == SINGLE:
                        continue
                    key = np.uint32(mix64(term) >> _32) | _ODD
                    mark = flag
                else:
                    if pair == _0:
                        continue
                    key = np.uint32(mix64(pair) >> _32) | _ODD
                    mark = pair_flag
                slot = np.uint64(key >> _ONE_BIT) & mask
                while keys[slot] != 0 and keys[slot] != key:
                    slot = (slot + _1) & mask
                if keys[slot] == 0:
                    keys[slot] = key
                    places[slot] = np.uint32(n_found)
                    found[n_found] = key
                    sums[n_found] = np.float32(0)
                    marks[n_found] = 0
                    n_found += _1
                place = np.uint64(places[slot])
                sums[place] += weight
                marks[place] |= mark
            before = term
            before_end = ends[k]
            before_look = look
        tally[:] = 0
        for u in range(n_found):
            key = np.uint64(found[u])
            place = key & known_mask
            while known[place] != _0 and known[place] != key:
                place = (place + _1) & known_mask
            rare = rarity[place] if known[place] == key else _RAREST
            rares[u] = rare
            sums[u] /= sums[u] + _SATURATION
            scores[u] = np.uint32(sums[u] * np.float32(rare) * _SCORE_STEPS)
            tally[scores[u]] += 1
        least = np.uint32(len(tally))
        over = 0
        while least > 0 and over + tally[least - _ODD] <= most:
            least -= _ODD
            over += tally[least]
        kept = _0
        tied = _0
        for u in range(n_found):
            packed = (np.uint64(found[u]) << _32) | u
            if scores[u] >= least:
                ranked[kept] = packed
                kept += _1
            elif scores[u] + _ODD == least:
                ties[tied] = packed
                tied += _1
        if np.int64(kept) < most and tied > _0:
            sort_hashes(ties, tied, spare, dealt)
            for u in range(min(tied, np.uint64(most) - kept)):
                ranked[kept] = ties[u]
                kept += _1
        sort_hashes(ranked, kept, spare, dealt)
        for r in range(kept):
            u = ranked[r] & _LOW_32
            terms[at] = found[u]
            masses[at] = sums[u]
            rarities[at] = rares[u]
            flags[at] = marks[u]
            at += _1
        counts[i] = kept
    return np.int64(at)


@compiled
def weigh_terms(
    places: Any, counts: Any, rarities: Any, flags: Any, offsets: Any, searched: int, weights: Any, slots: Any
) -> None:
    """Turn masses into weights, in place, each article's of length 1, and choose the terms neighbours are sought by.

    ``places`` : int32[n_entries], each entry's slot in ``counts`` : int32, the articles of this corpus that have the
    term; ``rarities, flags, offsets`` as in ``term_batch``. The share of articles with a term is that of the corpus,
    to which the background counts as ``BACKGROUND_ARTICLES`` more, and never less than in the background.
    ``weights`` : float32[n_entries], masses in, weights out. Filled: ``slots`` : int32[n_entries], the slot for the
    ``searched`` heaviest terms of an article (of equally heavy ones the first), -1 for others.
    """
    n = len(offsets) - 1
    rank = np.empty(256, np.float32)
    rare = np.zeros(len(counts), np.float32)
    tally = np.empty(_LAST_BUCKET + 1, np.int64)
    for i in range(n):
        start, stop = offsets[i], offsets[i + 1]
        total = np.float64(0)
        for e in range(np.uint64(start), np.uint64(stop)):
            place = np.uint64(places[e])
            if rare[place] == 0:
                base = np.exp(-np.float64(rarities[e]) / _RARITY_STEPS)
                share = max(base, (counts[place] + _BEHIND * base) / (n + _BEHIND))
                rare[place] = np.float32((-np.log(min(share, 0.999))) ** _RARITY_POWER)
            weight = weights[e] * rare[place]
            if flags[e] & IS_NAME:
                weight *= _NAME_WEIGHT
            weights[e] = weight
            total += weight * weight
        length = np.float32(1 / np.sqrt(total)) if total > 0 else np.float32(0)
        size = stop - start
        if len(rank) < size:
            rank = np.empty(2 * size, np.float32)
        top = np.float32(0)
        for e in range(size):
            weights[start + e] *= length
            rank[e] = weights[start + e]
            top = max(top, rank[e])
        least = np.float32(0)
        ties = size
        if size > searched:
            tally[:] = 0
            scale = np.float32(_LAST_BUCKET) / top if top > 0 else np.float32(0)
            for e in range(size):
                tally[np.int64(rank[e] * scale)] += 1
            bucket = _LAST_BUCKET
            wanted = searched
            while tally[bucket] < wanted:
                wanted -= tally[bucket]
                bucket -= 1
            n_near = 0
            for e in range(size):
                rank[n_near] = rank[e]
                n_near += np.int64(rank[e] * scale) == bucket
            near = np.sort(rank[:n_near])
            least = near[n_near - wanted]
            ties = 0
            for e in range(n_near - wanted, n_near):
                ties += near[e] == least
        for e in range(start, stop):
            chosen = weights[e] > least
            if weights[e] == least and ties > 0:
                ties -= 1
                chosen = True
            slots[e] = places[e] if chosen else -1
