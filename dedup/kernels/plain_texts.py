"""The kernels that read text in plain Python: words, sketches, counts of pairs, lines; see ``plain``."""

from __future__ import annotations

from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from dedup.kernels.elements import (
    NAME,
    NAME_SLOTS,
    NAMES,
    NUMBER,
    NUMBER_SLOTS,
    NUMBERS,
    PLAIN,
    SET_SALTS,
    SETS,
    SHINGLE_TURNS,
    SHINGLES,
    SINGLE,
    SLOT_WORDS,
    VOCABULARY,
)
from dedup.kernels.fold import (
    CAPITAL_BIT,
    CHARACTER,
    DROPPED,
    EXPANSION,
    GAP,
    GOLDEN,
    MASK_64,
    fold_table,
    mix_int,
    word_hash,
)
from dedup.settings import (
    LONG_WORD_BYTES,
    RUN_WORDS,
    SIGNATURE_SLOTS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

LOW_32 = (1 << 32) - 1
STOPS = frozenset('.!?:"\n“”„。')


def rotate(x: int, left: int) -> int:
    """Rotate 64 bits to the left."""
    return (x << left | x >> (64 - left)) & MASK_64


def characters(raw: bytes) -> Iterator[tuple[int, int, int, str]]:
    """Yield (byte, size, table entry, character) of a text; a malformed byte is a gap."""
    stage, blocks, *_ = fold_table()
    at = 0
    for char in raw.decode("utf-8", "surrogateescape"):
        point = ord(char)
        if 0xDC80 <= point <= 0xDCFF:
            yield at, 1, 0, char
            at += 1
            continue
        size = len(char.encode())
        yield at, size, int(blocks[(int(stage[point >> 8]) << 8) | (point & 255)]), char
        at += size


def folded(entry: int, char: str) -> list[int]:
    """Return the code points a letter folds to."""
    value, length = entry & 0x1FFFFF, entry >> 28 & 7
    if entry >> 24 & 7 == EXPANSION:
        return [int(point) for point in fold_table().pool[value : value + length]]
    return [value or ord(char)]


def tokenize(raw: bytes) -> tuple[list[int], list[int]]:
    """Return the hash of each token and the byte after it."""
    hashes: list[int] = []
    ends: list[int] = []
    letters: list[int] = []
    for at, size, entry, char in characters(raw):
        kind = entry >> 24 & 7
        if kind == DROPPED:
            continue
        if letters and kind in (GAP, CHARACTER):
            hashes.append(_hash_of(letters))
            ends.append(at)
            letters = []
        if kind == GAP:
            continue
        letters += folded(entry, char)
        if kind == CHARACTER:
            hashes.append(_hash_of(letters))
            ends.append(at + size)
            letters = []
    if letters:
        hashes.append(_hash_of(letters))
        ends.append(len(raw))
    return hashes, ends


def _hash_of(letters: list[int]) -> int:
    """Return the hash of a token of folded code points."""
    return word_hash("".join(map(chr, letters)).encode())


class _Fold(dict[int, str]):
    """What each code point folds to, looked up in the table once; gaps and character tokens stand apart by blanks."""

    def __missing__(self, point: int) -> str:
        stage, blocks, *_ = fold_table()
        entry = int(blocks[(int(stage[point >> 8]) << 8) | (point & 255)])
        kind = entry >> 24 & 7
        text = "" if kind in (GAP, DROPPED) else "".join(map(chr, folded(entry, chr(point))))
        self[point] = " " + text if kind in (GAP, CHARACTER) else text
        return self[point]


_FOLD = _Fold()


def folded_words(text: str) -> list[str]:
    """Return the folded words of a text."""
    return text.translate(_FOLD).split()


def mark_words(raw: bytes, ends: list[int]) -> tuple[list[int], list[int]]:
    """Return where each token starts and whether it looks PLAIN, like a NAME or a NUMBER, or is a SINGLE character."""
    starts: list[int] = []
    looks: list[int] = []
    capitals = 0
    fresh, done = True, 0
    for at, _, entry, char in characters(raw):
        kind = entry >> 24 & 7
        if len(starts) == len(ends) or at < done:
            continue
        if kind in (GAP, DROPPED):
            fresh = fresh or char in STOPS
            continue
        end = ends[len(starts)]
        capital = bool(entry & CAPITAL_BIT) and kind != CHARACTER
        capitals += capital
        look = NAME if capital and not fresh and end - at > 1 else PLAIN
        look = NUMBER if "0" <= char <= "9" else look
        looks.append(SINGLE if kind == CHARACTER else look)
        starts.append(at)
        fresh, done = False, end
    if 2 * capitals > len(ends):
        looks = [PLAIN if look == NAME else look for look in looks]
    return starts, looks


def shingle(hashes: list[int]) -> list[int]:
    """Return the hashes of all word 3-shingles; a text of one or two words is one shingle."""
    if not hashes:
        return []
    if len(hashes) < 3:
        return [mix_int((hashes[0] + rotate(([*hashes, 0])[1], SHINGLE_TURNS[0])) & MASK_64)]
    triples = zip(hashes, hashes[1:], hashes[2:], strict=False)
    return [mix_int((a + rotate(b, SHINGLE_TURNS[0]) + rotate(c, SHINGLE_TURNS[1])) & MASK_64) for a, b, c in triples]


def sign(shingles: list[int]) -> list[int]:
    """Return the signature: in each slot the smallest (turn, hash) that fell there, its last 16 bits."""
    best: dict[int, int] = {}
    turn = 0
    while len(best) < SIGNATURE_SLOTS:
        news: dict[int, int] = {}
        for x in shingles:
            h = mix_int((x + turn * GOLDEN) & MASK_64) if turn else x
            slot = h % SIGNATURE_SLOTS if turn < SIGNATURE_SLOTS else turn - SIGNATURE_SLOTS
            news[slot] = min(news.get(slot, MASK_64), h >> 8)
        best = news | best
        turn += 1
    return [best[slot] & 0xFFFF for slot in range(SIGNATURE_SLOTS)]


def keep_small(shingles: list[int], limit: int, floor: int) -> list[int]:
    """Return bits 16 to 47 of the shingles below the limit, or of the ``floor`` smallest where those are fewer."""
    kept = [x for x in shingles if x < limit]
    if len(kept) < floor:
        smallest = sorted(set(shingles))
        kept = [x for k, x in enumerate(smallest) if x < limit or k < floor]
    return [x >> 16 & LOW_32 for x in kept]


def body_hash(hashes: list[int]) -> tuple[int, int]:
    """Return a 128-bit hash of a sequence of tokens."""
    first = second = len(hashes)
    for k, x in enumerate(hashes):
        place = k * GOLDEN & MASK_64
        first += x * (place | 1)
        second += (x ^ x >> 32) * (place >> 16 | 1)
    return mix_int(first & MASK_64), mix_int(second & MASK_64)


def sketch_batch(
    buf: Any, offsets: Any, fold: Any, limit: Any, floor: int, signatures: Any, kept: Any, kept_counts: Any, n_tokens: Any, bodies: Any
) -> int:  # fmt: skip
    """See ``sketch.sketch_batch``."""
    del fold
    at = 0
    for i, raw in enumerate(texts_of(buf, offsets)):
        hashes, _ = tokenize(raw)
        shingles = shingle(hashes)
        small = keep_small(shingles, int(limit), floor)
        n_tokens[i] = len(hashes)
        bodies[i] = body_hash(hashes)
        signatures[i] = sign(shingles) if shingles else 0
        kept[at : at + len(small)] = small
        kept_counts[i] = len(small)
        at += len(small)
    return at


def elements(raw: bytes) -> tuple[list[tuple[int, int]], int]:
    """Return the (set, hash) of each element of an article's sets, shingles in the order of the text, and its words."""
    hashes, ends = tokenize(raw)
    starts, looks = mark_words(raw, ends)
    found = [(SHINGLES, x | 1) for x in shingle(hashes)]
    for h, start, end, look in zip(hashes, starts, ends, looks, strict=True):
        sets = [VOCABULARY] if end - start >= LONG_WORD_BYTES and look != SINGLE else []
        sets += {NAME: [NAMES], NUMBER: [NUMBERS]}.get(look, [])
        found += [(which, (h + SET_SALTS[which]) & MASK_64 | 1) for which in sets]
    for k, look in enumerate(looks):
        if look in (NAME, NUMBER) and k >= SLOT_WORDS:
            slot = NAME_SLOTS if look == NAME else NUMBER_SLOTS
            before = hashes[k - 3] + rotate(hashes[k - 2], SHINGLE_TURNS[0]) + rotate(hashes[k - 1], SHINGLE_TURNS[1])
            content = mix_int((hashes[k] + SET_SALTS[slot + 1]) & MASK_64)
            place = mix_int((before + SET_SALTS[slot]) & MASK_64) | 1
            found += [(slot, place), (slot + 1, mix_int((before + content) & MASK_64) | 1)]
    return found, len(hashes)


def measure_batch(
    buf: Any, offsets: Any, fold: Any, longer: Any, shorter: Any, things: Any, kinds: Any, sizes: Any, common: Any
) -> None:
    """See ``measure.measure_batch``."""
    del fold, things, kinds
    articles = [elements(raw) for raw in texts_of(buf, offsets)]
    for p, (a, b) in enumerate(zip(longer.tolist(), shorter.tolist(), strict=True)):
        for side, (found, n_words) in enumerate((articles[a], articles[b])):
            sizes[p, side] = [*_by_set({x: which for which, x in found}.values()), n_words]
        mine = {x for _, x in articles[a][0]}
        theirs = articles[b][0]
        runs = _runs([x in mine for which, x in theirs if which == SHINGLES])
        common[p] = [
            *_by_set({x: which for which, x in theirs if x in mine}.values()),
            len({word for start, stop in runs for word in range(start, stop)}),
            max((stop - start for start, stop in runs), default=0),
        ]


def _by_set(sets: Any) -> list[int]:
    """Count how often each set is named."""
    counts = [0] * len(SETS)
    for which in sets:
        counts[which] += 1
    return counts


def _runs(hits: list[bool]) -> list[tuple[int, int]]:
    """Return where runs of ``RUN_WORDS`` words and more begin and end, from which shingles hit."""
    found = []
    at = 0
    for hit, group in groupby(hits):
        length = len(list(group))
        if hit and length + 2 >= RUN_WORDS:
            found.append((at, at + length + 2))
        at += length
    return found


def texts_of(buf: Any, offsets: Any) -> list[bytes]:
    """Return the texts of a packed buffer."""
    raw = buf.tobytes()
    bounds = offsets.tolist()
    return [raw[start:end] for start, end in pairwise(bounds)]
