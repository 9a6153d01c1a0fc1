"""The kernels that read lines, in plain Python; see ``plain``."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import numpy as np

from dedup.kernels.fold import GOLDEN, MASK_64, STEP, mix_int
from dedup.kernels.plain_texts import texts_of
from dedup.settings import CREDIT_BYTES, CREDIT_ENDS, CUE_BYTES, HEAD_BYTES, LINE_BYTES

MAY_CREDIT = re.compile(
    rb"(?is)(" + "|".join(CREDIT_ENDS).encode() + rb"|[\x80-\xff].|.[\x80-\xff]|^[\x80-\xff])[\x00-\x20]*:"
)

SURE_WORD = re.compile(rb"(?<![\w\x80-\xff])\w")


def line_batch(
    buf: Any, offsets: Any, known: Any, most: Any, names: Any,
    owners: Any, starts: Any, ends: Any, hashes: Any, flags: Any,
) -> int:  # fmt: skip
    """See ``lines.line_batch``."""
    most_of = {cue: words for cue, words in zip(known.tolist(), most.tolist(), strict=True) if cue % 2}
    k = 0
    for i, raw in enumerate(texts_of(buf, offsets)):
        at = 0
        for line in raw.split(b"\n"):
            said = line.strip(bytes(range(0x21)))
            if said and len(said) <= LINE_BYTES:
                first = at + line.index(said)
                head = first < HEAD_BYTES
                credit = head and len(said) <= CREDIT_BYTES and bool(MAY_CREDIT.search(said))
                named = head and line_hash(said) in names[:, i].tolist()
                if k < len(owners):
                    owners[k], starts[k], ends[k] = i, first, first + len(said)
                    hashes[k] = line_hash(said)
                    allowed = next((most_of[cue] for cue in cues_of(said) if cue in most_of), -1)
                    flags[k] = (len(SURE_WORD.findall(said)) <= allowed) | 2 * credit | 4 * named
                k += 1
            at += len(line) + 1
    return k


def tally_lines(hashes: Any, bounds: Any, salts: Any, least: int, seen: Any) -> int:
    """See ``lines.tally_lines``."""
    counts = Counter(_slots(hashes, bounds, salts, seen))
    for slot, count in counts.items():
        seen[slot] = min(count, least)
    return sum(count for count in counts.values() if count >= least)


def crowded_lines(hashes: Any, bounds: Any, salts: Any, least: int, seen: Any, out: Any) -> None:
    """See ``lines.crowded_lines``."""
    out[:] = [k for k, slot in enumerate(_slots(hashes, bounds, salts, seen)) if seen[slot] >= least]


def _slots(hashes: Any, bounds: Any, salts: Any, seen: Any) -> list[int]:
    """Return where each line is counted."""
    slots: list[int] = ((hashes ^ np.repeat(salts, np.diff(bounds))) & np.uint64(len(seen) - 1)).tolist()
    return slots


def line_hash(line: bytes) -> int:
    """Return the hash of a line: sixteen bytes at a time, eight to each of two chains of products."""
    total, other = len(line), 0
    for at in range(0, len(line), 16):
        block = int.from_bytes(line[at : at + 16], "little")
        total = (total ^ block & MASK_64) * GOLDEN & MASK_64
        other = (other ^ block >> 64) * GOLDEN & MASK_64
        total ^= total >> 32
        other ^= other >> 32
    return mix_int(total ^ (other << 32 & MASK_64 | other >> 32))


def cues_of(line: bytes) -> list[int]:
    """Return hashes, made odd, of a line's first word and of its first two, as far as it has them."""
    found = []
    total = at = 0
    for _ in range(2):
        begin = at
        while at < min(len(line), begin + CUE_BYTES) and _is_letter(line[at]):
            at += 1
        if at == begin:
            break
        total = add_word(total, line[begin:at])
        found.append(total | 1)
        while at < len(line) and not _is_letter(line[at]):
            at += 1
    return found


def add_word(total: int, word: bytes) -> int:
    """Return the hash of words, ``total`` for those before, with one more: of its first 16 bytes, in lower case."""
    block = int.from_bytes(bytes(byte | 0x20 for byte in word[:16]), "little")
    total = ((total ^ block & MASK_64) * GOLDEN + (block >> 64) * GOLDEN * STEP) & MASK_64
    return total ^ total >> 32


def _is_letter(byte: int) -> bool:
    """Say whether a byte belongs to a word."""
    return byte >= 0x80 or bytes([byte]).isalpha()
