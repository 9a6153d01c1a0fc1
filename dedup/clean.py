"""Articles to articles without page furniture, with what was cut kept for show.

Three kinds of evidence make a line furniture: it begins as furniture does (``furniture``); it repeats what is known
anyway (the title, the outlet's name); or it stands in many different articles of one outlet. In: a ``Corpus``. Out:
``Cleaned``, of the same length. Nothing here compares articles beyond their lines.
"""

from __future__ import annotations

import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.furniture import CREDIT, KINDS, Kind, continues_sentence, is_teaser, kind_of, phrases_by_cue, words_of
from dedup.kernels import kernels_for
from dedup.kernels.fold import GOLDEN, MASK_64, mix_int
from dedup.packing import Cuts, Texts, as_bytes, drained, pack, without
from dedup.settings import HEAD_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.settings import Settings

FEWEST_REPEATS = 5
REPEAT_SHARE = 0.005
"""A line repeats if it stands in at least so many articles of its outlet, and in that share of them."""

MOST_CUT = 0.5
"""Repeated lines that make up more of an article than this are its text, copied elsewhere, and stay."""

AT_A_TIME = 1 << 16
"""Lines looked up together."""

SAMPLE = 8
"""Articles with a repeated line that are looked at to tell furniture from copies."""

TITLE_TAIL = re.compile(r"\s+[-–—|•·»:]{1,2}\s+([^|•·»]{2,60})$")
FEWEST_TAILS = 5
TAIL_SHARE = 0.05
"""So many titles of one outlet, and that share of them, must end in the same words that name a site."""

CUED, CREDITED = 1, 2

TITLE_REASON, SITE_REASON = "title repeated", "name of the site"
REPEAT_REASON = "line repeated across the outlet's articles"
CAPTION_REASON, LINK_BOX_REASON = "caption", "links to other articles"
REASONS = ("", *(kind.reason for kind in KINDS), TITLE_REASON, SITE_REASON, REPEAT_REASON)
"""Why a line is cut, by its number; 0 stays."""

NUMBER_OF = {reason: number for number, reason in enumerate(REASONS)}


class Cut(NamedTuple):
    """One thing cut: ``start`` and ``end`` are bytes of the article's text as it came, or characters of its title."""

    field: str
    start: int
    end: int
    reason: str
    text: str


@dataclass(slots=True)
class Cleaned:
    """Titles and texts without furniture; ``cuts(i)`` tells what article i lost, in the order of its text."""

    titles: list[str]
    texts: Texts
    title_cuts: dict[int, Cut]
    originals: Texts

    def cuts(self, i: int) -> list[Cut]:
        """Return what was cut from article ``i``."""
        found = [self.title_cuts[i]] if i in self.title_cuts else []
        text = self.originals[i]
        return found + [Cut("text", start, end, why, _decoded(text[start:end])) for start, end, why in self.spans(i)]

    def spans(self, i: int) -> list[tuple[int, int, str]]:
        """Return where text ``i`` as it came was cut, start and end in bytes, and why."""
        cuts = self.texts.cuts
        if cuts is None:
            return []
        reasons = [REASONS[number] for number in cuts.reasons_of(i)]
        return [(start, end, why) for (start, end), why in zip(cuts.spans(i), reasons, strict=True)]


class _Lines(NamedTuple):
    """Short lines of a corpus, in order: see ``kernels.lines``.

    ``flags`` : CUED where known phrases may begin it, CREDITED where it may be the credit of a picture.
    """

    owners: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    hashes: NDArray[np.uint64]
    flags: NDArray[np.uint8]


def clean_corpus(corpus: Corpus, settings: Settings, progress: Callable[[int, int], None] | None = None) -> Cleaned:
    """Cut the furniture from every article; with ``settings.clean`` off, return them as they came.

    ``progress`` hears (articles done, bytes done) after each chunk.
    """
    if not settings.clean:
        return Cleaned(list(corpus.titles), corpus.texts, {}, corpus.texts)
    titles, title_cuts, sites = _clean_titles(corpus)
    kernels = kernels_for(corpus.texts.work_bytes())

    def work(span: tuple[int, int]) -> list[NDArray[Any]]:
        first, last = span
        texts = corpus.texts[first:last]
        lines = _find_lines(texts, kernels.line_batch)
        cut = np.zeros(len(lines.owners), np.uint8)
        _cut_known(texts, lines, cut)
        _cut_heads(texts, (titles[first:last], corpus.titles[first:last], sites[first:last]), lines, cut)
        if progress is not None:
            progress(last - first, sum(map(len, texts)))
        return [*lines._replace(owners=lines.owners + np.int32(first)), cut]

    with ThreadPoolExecutor(settings.threads) as pool:
        parts = list(pool.map(work, corpus.texts.chunks()))
    if not parts:
        return Cleaned(titles, corpus.texts, title_cuts, corpus.texts)
    *columns, cut = (drained(parts, k) for k in range(len(_Lines._fields) + 1))
    lines = _Lines(*columns)
    _cut_repeated(corpus, lines, cut)
    return Cleaned(titles, Texts(corpus.texts.raw, _cuts(corpus.texts, lines, cut)), title_cuts, corpus.texts)


def _cuts(texts: Texts, lines: _Lines, cut: NDArray[np.uint8]) -> Cuts:
    """Return the lines cut as spans of their texts; a text that would lose everything loses nothing."""
    places = np.flatnonzero(cut)
    owners, sizes = lines.owners[places], lines.ends[places] - lines.starts[places]
    lost = np.bincount(owners, sizes, len(texts))
    for i in np.flatnonzero(lost).tolist():
        if lost[i] >= len(texts.raw[i]) // 2:
            first, last = np.searchsorted(owners, (i, i + 1))
            spans = zip(lines.starts[places[first:last]].tolist(), lines.ends[places[first:last]].tolist(), strict=True)
            if not without(texts[i], list(spans)).strip():
                cut[places[first:last]] = 0
    places = np.flatnonzero(cut)
    bounds = np.searchsorted(lines.owners[places], np.arange(len(texts) + 1))
    return Cuts(bounds, lines.starts[places], lines.ends[places], cut[places])


def _find_lines(texts: Sequence[bytes], line_batch: Callable[..., int]) -> _Lines:
    """Return the short lines of texts, owners counted from the first of them."""
    buf, offsets = pack(texts)
    room = int(np.count_nonzero(buf == 0x0A)) + len(texts) + 1
    owners, starts, ends = (np.empty(room, np.int32) for _ in range(3))
    hashes = np.empty(room, np.uint64)
    flags = np.empty(room, np.uint8)
    n = line_batch(buf, buf.view(np.uint64), offsets, _cue_table(), owners, starts, ends, hashes, flags)
    return _Lines(owners[:n].copy(), starts[:n].copy(), ends[:n].copy(), hashes[:n].copy(), flags[:n].copy())


@lru_cache(maxsize=1)
def _cue_table() -> NDArray[np.uint64]:
    """Return the cues of all phrases as the open-addressing table ``kernels.lines`` looks them up in."""
    cues = {_cue(["©"])}
    for entries in phrases_by_cue().values():
        for words, _ in entries:
            for spelled in (words, [words[0].capitalize(), *words[1:]], [word.upper() for word in words]):
                cues.add(_cue(spelled[:2]))
    table = np.zeros(1 << (4 * len(cues)).bit_length(), np.uint64)
    for cue in sorted(cues):
        slot = cue % len(table)
        while table[slot]:
            slot = (slot + 1) % len(table)
        table[slot] = cue
    return table


def _cue(words: list[str]) -> int:
    """Hash one or two words as ``kernels.lines`` does."""
    total = 0
    for k, word in enumerate(words):
        total = (total + (GOLDEN if k else 0)) & MASK_64
        for byte in word.encode():
            total = (total ^ (byte + 0x20 if 0x41 <= byte <= 0x5A else byte)) * GOLDEN & MASK_64
    return mix_int(total) | 1


def _cut_known(texts: Sequence[bytes], lines: _Lines, cut: NDArray[np.uint8]) -> None:
    """Cut lines that begin as furniture does, and the teasers in a box of links."""
    cued = np.flatnonzero(lines.flags & CUED)
    places = zip(*(column[cued].tolist() for column in (lines.owners, lines.starts, lines.ends)), strict=True)
    done = -1
    for k, (i, start, end) in zip(cued.tolist(), places, strict=True):
        if k <= done:
            continue
        kind = _kind_of(texts[i][start:end])
        if kind is None:
            continue
        cut[k] = NUMBER_OF[kind.reason]
        if kind.opens:
            done = _cut_teasers(texts[i], lines, k, cut)


@lru_cache(maxsize=1 << 14)
def _kind_of(line: bytes) -> Kind | None:
    """Return the kind of furniture a line is."""
    return kind_of(_decoded(line))


def _cut_teasers(text: bytes, lines: _Lines, head: int, cut: NDArray[np.uint8]) -> int:
    """Cut the teasers behind the head of a box and return the last line cut.

    A line too long for ``lines`` is a paragraph and ends the box.
    """
    at = int(lines.ends[head])
    trails_off = False
    k = head + 1
    while k < len(lines.owners) and lines.owners[k] == lines.owners[head]:
        start, end = int(lines.starts[k]), int(lines.ends[k])
        line = _decoded(text[start:end])
        if text[at:start].strip() or not (is_teaser(line) or kind_of(line)):
            break
        trails_off |= line.endswith(("…", "..."))
        at = end
        k += 1
    if text[at:].strip() and k - head > 4 and not trails_off:
        return head
    for teaser in range(head + 1, k):
        kind = _kind_of(text[lines.starts[teaser] : lines.ends[teaser]])
        cut[teaser] = NUMBER_OF[kind.reason if kind else LINK_BOX_REASON]
    return k - 1


def _clean_titles(corpus: Corpus) -> tuple[list[str], dict[int, Cut], list[str]]:
    """Cut site names behind titles; return the titles, the cuts and each article's site name, empty if it has none."""
    titles = list(corpus.titles)
    tails: dict[int, re.Match[str]] = {}
    for i, title in enumerate(titles):
        if len(title) < 1000 and (match := TITLE_TAIL.search(title)):
            tails[i] = match
    common = Counter((corpus.sources[i], match[1].casefold()) for i, match in tails.items())
    articles = Counter(corpus.sources)
    cuts: dict[int, Cut] = {}
    sites = list(corpus.sources)
    for i, match in tails.items():
        tail = match[1].strip()
        known = words_of(tail) == words_of(corpus.sources[i]) if corpus.sources[i] else False
        least = max(FEWEST_TAILS, TAIL_SHARE * articles[corpus.sources[i]])
        if known or common[corpus.sources[i], match[1].casefold()] >= least or _stands_alone(tail, corpus.texts[i]):
            titles[i] = titles[i][: match.start()].strip()
            cuts[i] = Cut("title", match.start(), len(corpus.titles[i]), "site name behind the title", match[0].strip())
            sites[i] = sites[i] or tail
    return titles, cuts, sites


def _stands_alone(name: str, text: bytes) -> bool:
    """Say whether a name makes up a line of its own in the head of a text."""
    head = text[:HEAD_BYTES]
    encoded = name.encode("utf-8", "replace")
    return encoded in head and any(line.strip() == encoded for line in head.split(b"\n"))


def _cut_heads(
    texts: Sequence[bytes],
    names: tuple[list[str], list[str], list[str]],
    lines: _Lines,
    cut: NDArray[np.uint8],
) -> None:
    """Cut from the head of each text what repeats its title or site, and credits of pictures.

    ``names`` : the titles without their site's name, the titles as they came, and the sites.
    """
    in_head = np.flatnonzero((lines.starts < HEAD_BYTES) & (cut == 0))
    owners, sizes = lines.owners[in_head], lines.ends[in_head] - lines.starts[in_head]
    for column, reason in zip(names, (TITLE_REASON, TITLE_REASON, SITE_REASON), strict=True):
        if not any(column) or (column is names[1] and column == names[0]):
            continue
        said = [name.strip() for name in column]
        lengths = np.array([len(name) if name.isascii() else len(as_bytes(name)) for name in said], np.int32)
        for k in in_head[lengths[owners] == sizes].tolist():
            i = lines.owners[k]
            if texts[i][lines.starts[k] : lines.ends[k]] == as_bytes(said[i]):
                cut[k] = cut[k] or NUMBER_OF[reason]
    for k in in_head[(lines.flags[in_head] & CREDITED) != 0].tolist():
        if CREDIT.search(_decoded(texts[lines.owners[k]][lines.starts[k] : lines.ends[k]])):
            cut[k] = cut[k] or NUMBER_OF[CAPTION_REASON]


def _cut_repeated(corpus: Corpus, lines: _Lines, cut: NDArray[np.uint8]) -> None:
    """Cut lines that stand in many different articles of one outlet."""
    numbers = {name: k for k, name in enumerate(sorted(set(corpus.sources)))}
    outlet = np.array([numbers[name] for name in corpus.sources], np.uint64)
    articles = Counter(corpus.sources)
    keys = outlet[lines.owners]
    keys *= np.uint64(GOLDEN)
    keys ^= lines.hashes
    candidates = _often(keys)
    candidates = candidates[np.argsort(keys[candidates], kind="stable")]
    bounds = np.searchsorted(lines.owners, np.arange(len(corpus) + 1))
    repeated = []
    for members in np.split(candidates, np.flatnonzero(np.diff(keys[candidates])) + 1):
        if len(members) < FEWEST_REPEATS:
            continue
        owners = np.unique(lines.owners[members])
        least = max(FEWEST_REPEATS, REPEAT_SHARE * articles[corpus.sources[int(owners[0])]])
        if len(owners) < least:
            continue
        line = corpus.texts[int(owners[0])][lines.starts[members[0]] : lines.ends[members[0]]]
        if not continues_sentence(_decoded(line)) and not _copies(lines.hashes, bounds, owners[:SAMPLE].tolist()):
            repeated.append(members)
    if not repeated:
        return
    found = np.concatenate(repeated)
    sizes = np.bincount(lines.owners[found], lines.ends[found] - lines.starts[found], len(corpus))
    raw = corpus.texts.raw
    bare = [  # a text has no fewer bytes than characters, and most need not be counted
        i
        for i in np.flatnonzero(sizes).tolist()
        if sizes[i] > MOST_CUT * len(raw[i]) and sizes[i] > MOST_CUT * len(corpus.texts[i])
    ]
    found = found[~np.isin(lines.owners[found], bare) & (cut[found] == 0)]
    cut[found] = NUMBER_OF[REPEAT_REASON]


def _often(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the places of keys that stand there ``FEWEST_REPEATS`` times, in order."""
    ordered = np.sort(keys)
    behind = FEWEST_REPEATS - 1
    repeated = np.unique(ordered[behind:][ordered[behind:] == ordered[:-behind]])
    del ordered
    found = [np.empty(0, np.int64)]
    for first in range(0, len(keys) if len(repeated) else 0, AT_A_TIME):
        some = keys[first : first + AT_A_TIME]
        places = np.minimum(np.searchsorted(repeated, some), len(repeated) - 1)
        found.append(first + np.flatnonzero(repeated[places] == some))
    return np.concatenate(found)


def _copies(hashes: NDArray[np.uint64], bounds: NDArray[np.int64], owners: list[int]) -> bool:
    """Say whether the articles share most of their lines, which makes them copies of one text.

    Article i's lines are ``hashes[bounds[i]:bounds[i + 1]]``.
    """
    shared, total = 0, 0
    before: set[int] | None = None
    for i in owners:
        now = set(hashes[bounds[i] : bounds[i + 1]].tolist())
        if before is not None:
            shared += len(now & before)
            total += min(len(now), len(before))
        before = now
    return 2 * shared > total


def _decoded(raw: bytes) -> str:
    """Return bytes as text; malformed ones show as replacement characters."""
    return raw.decode("utf-8", "replace")
