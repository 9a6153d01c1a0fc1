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
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.furniture import CREDIT, continues_sentence, is_teaser, kind_of, phrases_by_cue, words_of
from dedup.kernels import kernels_for
from dedup.kernels.fold import GOLDEN, MASK_64, mix_int
from dedup.packing import Span, Texts, as_bytes, drained, pack, without
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

SAMPLE = 8
"""Articles with a repeated line that are looked at to tell furniture from copies."""

TITLE_TAIL = re.compile(r"\s+[-–—|•·»:]{1,2}\s+([^|•·»]{2,60})$")
FEWEST_TAILS = 5
TAIL_SHARE = 0.05
"""So many titles of one outlet, and that share of them, must end in the same words that name a site."""

CUED, CREDITED = 1, 2

LINK_BOX_REASON = "links to other articles"


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
        for start, end, reason in self.texts.spans.get(i, ()):
            found.append(Cut("text", start, end, reason, _decoded(text[start:end])))
        return found


class _Lines(NamedTuple):
    """Short lines of a corpus, in order: see ``kernels.lines``.

    ``flags`` : CUED where known phrases may begin it, CREDITED where it may be the credit of a picture.
    """

    owners: NDArray[np.int32]
    starts: NDArray[np.int32]
    ends: NDArray[np.int32]
    hashes: NDArray[np.uint64]
    flags: NDArray[np.uint8]


def clean_corpus(corpus: Corpus, settings: Settings) -> Cleaned:
    """Cut the furniture from every article; with ``settings.clean`` off, return them as they came."""
    if not settings.clean:
        return Cleaned(list(corpus.titles), corpus.texts, {}, corpus.texts)
    titles, title_cuts, sites = _clean_titles(corpus)
    kernels = kernels_for(corpus.texts.work_bytes())

    def work(span: tuple[int, int]) -> tuple[_Lines, dict[int, list[Span]]]:
        texts = corpus.texts[slice(*span)]
        lines = _find_lines(texts, kernels.line_batch)
        spans: dict[int, list[Span]] = {}
        _cut_known(texts, lines, spans)
        names = [(titles[i], corpus.titles[i], sites.get(i, "")) for i in range(*span)]
        _cut_heads(texts, names, lines, spans)
        first = span[0]
        return lines._replace(owners=lines.owners + np.int32(first)), {first + i: cuts for i, cuts in spans.items()}

    with ThreadPoolExecutor(settings.threads) as pool:
        parts = list(pool.map(work, corpus.texts.chunks()))
    spans = {i: cuts for part in parts for i, cuts in part[1].items()}
    columns = [list(part[0]) for part in parts]
    del parts
    if columns:
        _cut_repeated(corpus, _Lines(*(drained(columns, k) for k in range(len(_Lines._fields)))), spans)
    spans = {i: _merged(spans[i]) for i in sorted(spans)}
    emptied = [
        i
        for i, cuts in spans.items()
        if _may_be_empty(corpus.texts.raw[i], cuts) and not without(corpus.texts[i], cuts).strip()
    ]
    for i in emptied:
        del spans[i]
    return Cleaned(titles, Texts(corpus.texts.raw, spans), title_cuts, corpus.texts)


def _may_be_empty(text: str | bytes, cuts: list[Span]) -> bool:
    """Say whether the cuts could make up a whole text, by its number of characters."""
    return sum(end - start for start, end, _ in cuts) >= len(text) // 2


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


def _cut_known(texts: Sequence[bytes], lines: _Lines, spans: dict[int, list[Span]]) -> None:
    """Cut lines that begin as furniture does, and the teasers in a box of links."""
    boxed_to = (-1, -1)
    cued = np.flatnonzero(lines.flags & CUED)
    places = zip(*(column[cued].tolist() for column in (lines.owners, lines.starts, lines.ends)), strict=True)
    for k, (i, start, end) in zip(cued.tolist(), places, strict=True):
        if boxed_to[0] == i and start < boxed_to[1]:
            continue
        kind = kind_of(_decoded(texts[i][start:end]))
        if kind is None:
            continue
        cuts = spans.setdefault(i, [])
        cuts.append((start, end, kind.reason))
        if kind.opens:
            box = _teasers(texts[i], lines, k)
            cuts.extend(box)
            boxed_to = (i, box[-1][1] if box else end)


def _teasers(text: bytes, lines: _Lines, head: int) -> list[Span]:
    """Return the teasers behind the head of a box; lines too long for ``lines`` are paragraphs and end it."""
    found: list[Span] = []
    at = int(lines.ends[head])
    k = head + 1
    while k < len(lines.owners) and lines.owners[k] == lines.owners[head]:
        start, end = int(lines.starts[k]), int(lines.ends[k])
        line = _decoded(text[start:end])
        if text[at:start].strip() or not (is_teaser(line) or kind_of(line)):
            break
        kind = kind_of(line)
        found.append((start, end, kind.reason if kind else LINK_BOX_REASON))
        at = end
        k += 1
    if (
        text[at:].strip()
        and len(found) > 3
        and not any(_decoded(text[s:e]).endswith(("…", "...")) for s, e, _ in found)
    ):
        return []
    return found


def _clean_titles(corpus: Corpus) -> tuple[list[str], dict[int, Cut], dict[int, str]]:
    """Cut site names behind titles; return the titles, the cuts and each article's site name where it has one."""
    titles = list(corpus.titles)
    tails: dict[int, re.Match[str]] = {}
    for i, title in enumerate(titles):
        if len(title) < 1000 and (match := TITLE_TAIL.search(title)):
            tails[i] = match
    common = Counter((corpus.sources[i], match[1].casefold()) for i, match in tails.items())
    articles = Counter(corpus.sources)
    cuts: dict[int, Cut] = {}
    sites = {i: source for i, source in enumerate(corpus.sources) if source}
    for i, match in tails.items():
        tail = match[1].strip()
        known = words_of(tail) == words_of(corpus.sources[i]) if corpus.sources[i] else False
        least = max(FEWEST_TAILS, TAIL_SHARE * articles[corpus.sources[i]])
        if known or common[corpus.sources[i], match[1].casefold()] >= least or _stands_alone(tail, corpus.texts[i]):
            titles[i] = titles[i][: match.start()].strip()
            cuts[i] = Cut("title", match.start(), len(corpus.titles[i]), "site name behind the title", match[0].strip())
            sites.setdefault(i, tail)
    return titles, cuts, sites


def _stands_alone(name: str, text: bytes) -> bool:
    """Say whether a name makes up a line of its own in the head of a text."""
    head = text[:HEAD_BYTES]
    encoded = name.encode("utf-8", "replace")
    return encoded in head and any(line.strip() == encoded for line in head.split(b"\n"))


def _cut_heads(
    texts: Sequence[bytes], names: Sequence[tuple[str, str, str]], lines: _Lines, spans: dict[int, list[Span]]
) -> None:
    """Cut from the head of each text what repeats its title or site, and credits of pictures.

    ``names`` : of each text the title without its site's name, the title as it came, and the site.
    """
    in_head = np.flatnonzero(lines.starts < HEAD_BYTES)
    owners, sizes = lines.owners[in_head], lines.ends[in_head] - lines.starts[in_head]
    for column, reason in enumerate(("title repeated", "title repeated", "name of the site")):
        said = [name[column].strip() if column != 1 or name[1] is not name[0] else "" for name in names]
        if not any(said):
            continue
        lengths = np.array([len(name) if name.isascii() else len(as_bytes(name)) for name in said], np.int32)
        for k in in_head[lengths[owners] == sizes].tolist():
            i, start, end = int(lines.owners[k]), int(lines.starts[k]), int(lines.ends[k])
            if texts[i][start:end] == as_bytes(said[i]):
                spans.setdefault(i, []).append((start, end, reason))
    for k in in_head[(lines.flags[in_head] & CREDITED) != 0].tolist():
        i, start, end = int(lines.owners[k]), int(lines.starts[k]), int(lines.ends[k])
        if CREDIT.search(_decoded(texts[i][start:end])):
            spans.setdefault(i, []).append((start, end, "caption"))


def _cut_repeated(corpus: Corpus, lines: _Lines, spans: dict[int, list[Span]]) -> None:
    """Cut lines that stand in many different articles of one outlet."""
    numbers = {name: k for k, name in enumerate(sorted(set(corpus.sources)))}
    outlet = np.array([numbers[name] for name in corpus.sources], np.uint64)
    articles = Counter(corpus.sources)
    keys = lines.hashes ^ (outlet[lines.owners] * np.uint64(GOLDEN))
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
    share = sizes / np.maximum(1, [len(raw) for raw in corpus.texts.raw])
    found = found[share[lines.owners[found]] <= MOST_CUT]
    places = zip(lines.owners[found].tolist(), lines.starts[found].tolist(), lines.ends[found].tolist(), strict=True)
    for i, start, end in places:
        spans.setdefault(i, []).append((start, end, "line repeated across the outlet's articles"))


def _often(keys: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return the places of keys that may stand there ``FEWEST_REPEATS`` times, counted by some of their bits."""
    places = (keys & np.uint64((1 << (2 * len(keys)).bit_length()) - 1)).astype(np.int64)
    return np.flatnonzero(np.bincount(places)[places] >= FEWEST_REPEATS) if len(keys) else places


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


def _merged(spans: list[Span]) -> list[Span]:
    """Return spans in order, each stretch of text once, under the reason found first."""
    found: list[Span] = []
    for start, end, reason in sorted(spans, key=lambda span: span[:2]):
        if found and start < found[-1][1]:
            continue
        found.append((start, end, reason))
    return found


def _decoded(raw: bytes) -> str:
    """Return bytes as text; malformed ones show as replacement characters."""
    return raw.decode("utf-8", "replace")
