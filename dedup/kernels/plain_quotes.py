"""The kernels of quotations in plain Python; see ``plain``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.kernels.elements import SHINGLE_TURNS
from dedup.kernels.fold import MASK_64, mix_int
from dedup.kernels.plain_texts import rotate, texts_of, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

MARKS = re.compile(rb'[\n\r"]|\xc2[\xab\xbb]|\xe2\x80[\x98\x99\x9c-\x9e]|\xe3\x80[\x8c-\x8f]|\Z')
OPENING, CLOSING = {"„", "「", "『"}, {"」", "』"}
BY_TURN = {"«", "»"}
BEHIND_WORD, BEFORE_WORD = re.compile(rb"[^\x00-\x20(\[]"), re.compile(rb"[^\x00-\x20,.;:?!)\]]")
LETTER = re.compile(rb"[0-9A-Za-z]")


def quotations(raw: bytes) -> Iterator[bytes]:
    """Yield what stands within quotation marks; a quotation ends where its line or text does, at the latest."""
    inside, opened = "", 0
    for met in MARKS.finditer(raw):
        mark = met.group().decode()
        closes = opens = False
        if mark in {"", "\n", "\r"}:
            closes = bool(inside)
        elif mark == "‘":
            opens = not inside
        elif mark == "’":
            closes = inside == "‘" and not LETTER.match(raw, met.end())
        elif mark in OPENING | CLOSING:
            opens, closes = mark in OPENING, mark in CLOSING and inside == '"'
        else:
            behind = bool(BEHIND_WORD.fullmatch(raw[max(0, met.start() - 1) : met.start()]))
            before = bool(BEFORE_WORD.match(raw, met.end()))
            by_turn = mark in BY_TURN or behind == before
            opens = inside != '"' if by_turn else before
            closes = inside == '"' and not opens
        if closes:
            yield raw[opened : met.start()]
            inside = ""
        if opens:
            inside, opened = ("‘" if mark == "‘" else '"'), met.end()


def quote_batch(buf: Any, offsets: Any, longest: int, fold: Any, shingles: Any, sizes: Any) -> int:  # noqa: ARG001 (the plain tokeniser reads the table itself)
    """See ``quotes.quote_batch``."""
    at = 0
    second, third = SHINGLE_TURNS
    for i, raw in enumerate(texts_of(buf, offsets)):
        found = set()
        for quotation in quotations(raw):
            words = tokenize(quotation)[0] if len(quotation) <= longest else []
            for x, y, z in zip(words, words[1:], words[2:], strict=False):
                found.add(mix_int((x + rotate(y, second) + rotate(z, third)) & MASK_64) >> 32 | 1)
        shingles[at : at + len(found)] = sorted(found)
        sizes[i] = len(found)
        at += len(found)
    return at


def keep_repeated(shingles: Any, starts: Any, seen: Any) -> int:
    """See ``quotes.keep_repeated``."""
    slots = shingles[: starts[-1]] >> 1 & np.uint32(4 * len(seen) - 1)
    times = np.bincount(slots, minlength=4 * len(seen))
    seen[:] = (np.array([0, 1, 3])[np.minimum(times, 2)].reshape(-1, 4) << np.arange(0, 8, 2)).sum(axis=1)
    kept = times[slots] > 1
    shingles[: np.count_nonzero(kept)] = shingles[: starts[-1]][kept]
    starts[:] = np.concatenate([[0], np.cumsum(kept)])[starts]
    return int(starts[-1])


def common_quotes(shingles: Any, starts: Any, sizes: Any, left: Any, right: Any, out: Any) -> None:
    """See ``quotes.common_quotes``."""
    for p, (a, b) in enumerate(zip(left.tolist(), right.tolist(), strict=True)):
        fewer = min(sizes[a], sizes[b])
        ours, theirs = shingles[starts[a] : starts[a + 1]], shingles[starts[b] : starts[b + 1]]
        common = len(np.intersect1d(ours, theirs, assume_unique=True))
        out[p] = np.float32(common) / np.float32(fewer) if fewer else np.nan
