"""Articles to articles without page furniture, with what was cut kept for show.

Three kinds of evidence make a line furniture: it begins as furniture does (``furniture``); it repeats what is known
anyway (the title, the outlet's name); or it stands in many different articles of one outlet. In: a ``Corpus``. Out:
``Cleaned``, of the same length. Nothing here compares articles beyond their lines.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.furniture import CREDIT, KINDS, is_teaser, kind_of, words_of
from dedup.lines import CREDITED, CUED, NAMED, LineReader, Lines
from dedup.memory import Growing
from dedup.packing import SHARED_CHUNKS, Cuts, Texts, as_bytes, without
from dedup.repeats import repeated_lines
from dedup.settings import HEAD_BYTES
from dedup.workers import in_order

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.lines import Chunk, ChunkLines
    from dedup.settings import Settings

NAMES_AT_A_TIME = 4096

MOST_KNOWN = 1 << 13
"""So many different lines are remembered for what they are, before all are forgotten."""

BYTES_PER_LINE = 128
"""Texts have a short line in so many bytes at most, as a rule."""

TITLE_TAIL = re.compile(r"\s+[-–—|•·»:]{1,2}\s+([^|•·»]{2,60})$")
LOOKS_TAILED = re.compile(r"[-–—|•·»:](?<=\s.)[-–—|•·»:]?\s")
"""What every title that ends in ``TITLE_TAIL`` has, and few others have: found in a third of the time."""

FEWEST_TAILS = 5
TAIL_SHARE = 0.05
"""So many titles of one outlet, and that share of them, must end in the same words that name a site."""

TITLE_REASON, SITE_REASON = "title repeated", "name of the site"
REPEAT_REASON = "line repeated across the outlet's articles"
CAPTION_REASON, LINK_BOX_REASON = "caption", "links to other articles"
REASONS = ("", *(kind.reason for kind in KINDS), TITLE_REASON, SITE_REASON, REPEAT_REASON)
"""Why a line is cut, by its number; 0 stays."""

NUMBER_OF = {reason: number for number, reason in enumerate(REASONS)}
OPENS = np.isin(REASONS, [kind.reason for kind in KINDS if kind.opens])
"""Whether a line cut for a reason heads a box: bool[n_reasons]."""


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


def clean_corpus(corpus: Corpus, settings: Settings, progress: Callable[[int, int], None] | None = None) -> Cleaned:
    """Cut the furniture from every article; with ``settings.clean`` off, return them as they came.

    ``progress`` hears (articles done, bytes done) after each chunk.
    """
    if not settings.clean:
        return Cleaned(list(corpus.titles), corpus.texts, {}, corpus.texts)
    titles, title_cuts, sites = _clean_titles(corpus)
    work_bytes = corpus.texts.work_bytes()
    reader = LineReader(work_bytes)
    hashed = _hash_names([[name.strip() for name in column] for column in (titles, corpus.titles, sites)], reader)
    known: dict[int, int] = {}

    def work(span: tuple[int, int]) -> list[NDArray[Any]]:
        first, last = span
        of_chunk = hashed[:, first:last].copy()
        chunk = reader.read(corpus.texts.raw[first:last], of_chunk)
        lines, cut = chunk.lines, chunk.cut
        _cut_known(chunk, known)
        _cut_heads(chunk, of_chunk)
        if progress is not None:
            progress(last - first, int(chunk.offsets[-1]))
        counts = np.bincount(lines.owners, minlength=last - first)
        return [counts, lines.starts.copy(), (lines.ends - lines.starts).astype(np.uint16), lines.hashes.copy(), cut]

    room = work_bytes // BYTES_PER_LINE + len(corpus)
    dtypes = (np.int64, np.int32, np.uint16, np.uint64, np.uint8)
    columns = [Growing(dtype, len(corpus) if k == 0 else room) for k, dtype in enumerate(dtypes)]
    chunks = corpus.texts.chunks(1 if settings.threads == 1 else SHARED_CHUNKS)
    for pieces in in_order(work, chunks, settings.threads):
        for column, piece in zip(columns, pieces, strict=True):
            column.extend(piece)
    counts, starts, sizes, hashes, cut = (column.whole() for column in columns)
    lines = Lines(np.concatenate([[0], np.cumsum(counts)]), starts, sizes, hashes)
    repeated = repeated_lines(corpus, lines)
    cut[repeated[cut[repeated] == 0]] = NUMBER_OF[REPEAT_REASON]
    return Cleaned(titles, Texts(corpus.texts.raw, _cuts(corpus.texts, lines, cut)), title_cuts, corpus.texts)


def _cuts(texts: Texts, lines: Lines, cut: NDArray[np.uint8]) -> Cuts:
    """Return the lines cut as spans of their texts; a text that would lose everything loses nothing."""
    places = np.flatnonzero(cut)
    owners, starts, ends = lines.owners(places), lines.starts[places], lines.ends(places)
    lost = np.bincount(owners, minlength=len(texts))
    for i in np.flatnonzero((lost > 0) & (lost == np.diff(lines.bounds))).tolist():  # a long line is never cut
        some = slice(*np.searchsorted(owners, (i, i + 1)))
        if not without(texts[i], list(zip(starts[some].tolist(), ends[some].tolist(), strict=True))).strip():
            cut[places[some]] = 0
    left = cut[places] != 0
    bounds = np.searchsorted(owners[left], np.arange(len(texts) + 1))
    return Cuts(bounds, starts[left], ends[left], cut[places[left]])


def _hash_names(columns: list[list[str]], reader: LineReader) -> NDArray[np.uint64]:
    """Return what names hash to as lines: uint64[n_columns, n_texts], 0 for one that is no line or not new.

    ``columns`` : the titles without their site's name, the titles as they came, and the sites.
    """
    n = len(columns[0])
    hashes = np.zeros((len(columns), n), np.uint64)
    for first in range(0, n, NAMES_AT_A_TIME):
        titles, originals, sites = (column[first : first + NAMES_AT_A_TIME] for column in columns)
        changed = ["" if original == title else original for title, original in zip(titles, originals, strict=True)]
        for row, names in zip(hashes, (titles, changed, sites), strict=True):
            row[first : first + len(names)] = _hash_lines(names, reader)
    return hashes


def _hash_lines(names: list[str], reader: LineReader) -> NDArray[np.uint64]:
    """Return what each name hashes to as a line, 0 where it is not one line: uint64[n]."""
    joined = "\n".join(names)
    if joined.count("\n") >= len(names):
        joined = "\n".join("" if "\n" in name else name for name in names)
    packed = as_bytes(joined)
    lines = reader.read([packed]).lines
    ends = np.flatnonzero(np.frombuffer(packed + b"\n", np.uint8) == 0x0A)
    starts = np.concatenate([[0], ends[:-1] + 1])
    hashes = np.zeros(len(names), np.uint64)
    owners = np.searchsorted(starts, lines.starts, side="right") - 1
    whole = (starts[owners] == lines.starts) & (ends[owners] == lines.ends)
    hashes[owners[whole]] = lines.hashes[whole]
    return hashes


def _cut_known(chunk: Chunk, known: dict[int, int]) -> None:
    """Cut lines that begin as furniture does, and the teasers in a box of links.

    ``known`` : what lines were found to be, as numbers of ``REASONS``, by their hash.
    """
    lines = chunk.lines
    places = np.flatnonzero(lines.flags & CUED)
    names = lines.hashes[places].tolist()
    reasons = [known.get(name, -1) for name in names]
    new = [j for j, reason in enumerate(reasons) if reason < 0]
    for j, line in zip(new, chunk.said(places[new]), strict=True):
        if len(known) >= MOST_KNOWN:  # another thread may do the same
            known.clear()
        kind = kind_of(_decoded(line))
        reasons[j] = known[names[j]] = NUMBER_OF[kind.reason] if kind else 0
    chunk.cut[places] = reasons
    done = -1
    for k in places[OPENS[chunk.cut[places]]].tolist():
        if k > done:
            done = _cut_teasers(chunk.text(lines.owners[k]), lines, k, chunk.cut)


def _cut_teasers(text: bytes, lines: ChunkLines, head: int, cut: NDArray[np.uint8]) -> int:
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
        kind = kind_of(_decoded(text[lines.starts[teaser] : lines.ends[teaser]]))
        cut[teaser] = NUMBER_OF[kind.reason if kind else LINK_BOX_REASON]
    return k - 1


def _clean_titles(corpus: Corpus) -> tuple[list[str], dict[int, Cut], list[str]]:
    """Cut site names behind titles; return the titles, the cuts and each article's site name, empty if it has none."""
    titles = list(corpus.titles)
    tails: dict[int, re.Match[str]] = {}
    for i, title in enumerate(titles):
        if LOOKS_TAILED.search(title) and len(title) < 1000 and (match := TITLE_TAIL.search(title)):
            tails[i] = match
    common = Counter((corpus.outlets[i], match[1].casefold()) for i, match in tails.items())
    articles = Counter(corpus.outlets)
    cuts: dict[int, Cut] = {}
    sites = list(corpus.outlets)
    for i, match in tails.items():
        tail = match[1].strip()
        known = words_of(tail) == words_of(corpus.outlets[i]) if corpus.outlets[i] else False
        least = max(FEWEST_TAILS, TAIL_SHARE * articles[corpus.outlets[i]])
        if known or common[corpus.outlets[i], match[1].casefold()] >= least or _stands_alone(tail, corpus.texts.raw[i]):
            titles[i] = titles[i][: match.start()].strip()
            cuts[i] = Cut("title", match.start(), len(corpus.titles[i]), "site name behind the title", match[0].strip())
            sites[i] = sites[i] or tail
    return titles, cuts, sites


def _stands_alone(name: str, text: str | bytes | memoryview) -> bool:
    """Say whether a name makes up a line of its own in the head of a text."""
    head = as_bytes(text[:HEAD_BYTES])[:HEAD_BYTES]
    encoded = name.encode("utf-8", "replace")
    return encoded in head and any(line.strip() == encoded for line in head.split(b"\n"))


def _cut_heads(chunk: Chunk, hashed: NDArray[np.uint64]) -> None:
    """Cut from the head of each text what repeats its title or site, and credits of pictures.

    ``hashed`` : what ``_hash_names`` says of the texts of the chunk.
    """
    lines, cut = chunk.lines, chunk.cut
    places = np.flatnonzero((lines.flags & NAMED != 0) & (cut == 0))
    titles = (hashed[:2, lines.owners[places]] == lines.hashes[places]).any(axis=0)
    cut[places] = np.where(titles, NUMBER_OF[TITLE_REASON], NUMBER_OF[SITE_REASON])
    places = np.flatnonzero((lines.flags & CREDITED != 0) & (cut == 0))
    of_pictures = [CREDIT.search(_decoded(line)) is not None for line in chunk.said(places)]
    cut[places[of_pictures]] = NUMBER_OF[CAPTION_REASON]


def _decoded(raw: bytes) -> str:
    """Return bytes as text; malformed ones show as replacement characters."""
    return raw.decode("utf-8", "replace")
