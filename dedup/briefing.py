"""A run told to an editor: what came in, the stories, who copied whom, what needs a person, and how the run was set.

In: a corpus, what the river found in it and its readable face. Out: a ``Briefing``, the same for any order of the input
and any number of threads. Texts are read again only where they are shown, in bounded number.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.answer import PairRows
from dedup.briefs import Briefing, Counts, Doubt, Pair, Record, Side, Threshold
from dedup.doubts import borderline, frames, loose
from dedup.explanation import explain_candidate
from dedup.facing import pieces_of, shown_of
from dedup.newsrooms import exchange
from dedup.packing import as_bytes
from dedup.pipeline import labels_at, model_of
from dedup.rank import MODEL_PATH, RELATIONS
from dedup.settings import NO_DATE
from dedup.storytelling import Telling

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dedup.corpus import Corpus
    from dedup.doubts import Suspect
    from dedup.results import BadRecord, Findings, Result

STORIES_SHOWN = 10_000
FLOWS_SHOWN = 400
OUTLETS_SHOWN = 400
"""What is more is counted, not listed."""

THRESHOLDS = tuple(round(0.1 * k, 1) for k in range(1, 10))
"""Those of the curve, beside the one in use."""


def brief(
    corpus: Corpus, findings: Findings, result: Result, bad: Sequence[BadRecord] = (), n_bad: int = 0
) -> Briefing:
    """Return what a report tells of a run; ``bad`` are some of the ``n_bad`` records it could not use."""
    level = result.settings.level
    telling = Telling(corpus, findings, result)
    suspects = _suspects(findings, telling, result)
    shown = telling.pairs()
    for suspect in suspects:
        shown.setdefault(suspect.k, suspect.words)
    numbers = {k: number for number, k in enumerate(shown, start=1)}
    places = telling.places()
    stories = telling.stories(STORIES_SHOWN, numbers, suspects)
    outlets, flows = exchange(corpus, findings.labels["near"])
    return Briefing(
        level=level,
        keep=result.settings.keep,
        counts=_counts(corpus, findings, result),
        stories=stories,
        unlisted=len(result.clusters) - len(stories),
        pairs=_pairs(corpus, findings, result, shown, places),
        doubts=tuple(Doubt(suspect.kind, suspect.words, numbers[suspect.k]) for suspect in suspects),
        outlets=outlets[:OUTLETS_SHOWN],
        flows=flows[:FLOWS_SHOWN],
        curve=_curve(findings, result),
        record=_record(corpus, result, bad, n_bad),
    )


def _suspects(findings: Findings, telling: Telling, result: Result) -> list[Suspect]:
    """Return the pairs a person should look at, kind by kind, none twice."""
    level, cuts = result.settings.level, model_of(result.settings).thresholds
    found = list(loose(findings, result.clusters, level, telling.labels))
    found += frames(findings, cuts["near"])
    found += borderline(findings, "near", cuts["near"])
    if level in ("event", "story"):
        found += borderline(findings, level, cuts[level])
    once: dict[int, Suspect] = {}
    for suspect in found:
        once.setdefault(suspect.k, suspect)
    return list(once.values())


def _counts(corpus: Corpus, findings: Findings, result: Result) -> Counts:
    """Return what came in and what it became."""
    sizes = np.bincount(findings.labels[result.settings.level], minlength=1)
    days = corpus.days.all()
    days = days[days != NO_DATE]
    return Counts(
        articles=len(corpus),
        words=int(result.stats["words"]),
        outlets=len(set(corpus.outlets) - {""}),
        unique_texts=int(result.stats["unique_texts"]),
        reports=len(np.unique(findings.labels["near"])),
        events=len(np.unique(findings.labels["event"])),
        stories=len(np.unique(findings.labels["story"])),
        groups=int(np.count_nonzero(sizes > 1)),
        joined=int(sizes[sizes > 1].sum()),
        dated=len(days),
        first=int(days.min()) if len(days) else None,
        last=int(days.max()) if len(days) else None,
    )


def _pairs(
    corpus: Corpus, findings: Findings, result: Result, shown: dict[int, str], places: dict[int, str]
) -> tuple[Pair, ...]:
    """Return the pairs shown, each with its explanation and its two texts in pieces.

    ``shown`` : why each pair is shown, by its place among the candidates; ``places`` : the cluster id of each label.
    """
    ranked = np.array(list(shown), np.int64)
    rows = PairRows(corpus, findings, ranked, model_of(result.settings), result.settings.level)
    labels = findings.labels[result.settings.level]
    pairs = []
    for number, (k, why) in enumerate(shown.items(), start=1):
        ends = int(findings.left[k]), int(findings.right[k])
        texts = [shown_of(as_bytes(corpus.texts.raw[row]), findings.cut(row)) for row in ends]
        told = explain_candidate(rows, k, [text.text for text in texts])
        spans = (
            [(passage.a_start, passage.a_end) for passage in told.passages],
            [(passage.b_start, passage.b_end) for passage in told.passages],
        )
        bodies = told.text_a, told.text_b
        sides = [
            Side(
                id=corpus.ids[row],
                title=corpus.titles[row],
                outlet=corpus.outlets[row],
                day=_day(corpus, row),
                url=corpus.urls[row],
                pieces=pieces_of(body, passages, text.cuts),
                left_out=text.left_out,
            )
            for row, body, passages, text in zip(ends, bodies, spans, texts, strict=True)
        ]
        story = places.get(int(labels[ends[0]]), "") if labels[ends[0]] == labels[ends[1]] else ""
        pairs.append(Pair(number, why, story, told, (sides[0], sides[1])))
    return tuple(pairs)


def _day(corpus: Corpus, row: int) -> int | None:
    day = corpus.days[row]
    return None if day == NO_DATE else day


def _curve(findings: Findings, result: Result) -> tuple[Threshold, ...]:
    """Return clusters and pairs at some thresholds and the one in use; equal texts are equal at any."""
    level = result.settings.level
    if level == "exact":
        return ()
    p = np.sort(findings.p[:, RELATIONS.index(level)])
    curve = []
    for at in sorted({*THRESHOLDS, result.threshold}):
        in_use = at == result.threshold
        sizes = np.bincount(findings.labels[level] if in_use else labels_at(findings, level, at))
        several = sizes[sizes > 1]
        reached = len(p) - int(np.searchsorted(p, at, side="left"))
        curve.append(Threshold(at, in_use, len(several), int(several.sum()), reached))
    return tuple(curve)


def _record(corpus: Corpus, result: Result, bad: Sequence[BadRecord], n_bad: int) -> Record:
    """Return how the run was set and what it was made of; the number of threads decides nothing and is left out."""
    from dedup import __version__

    settings = {name: str(value) for name, value in result.settings.as_dict().items() if name != "threads"}
    settings["threshold"] = f"{result.threshold:g}"
    model = Path(result.settings.model or MODEL_PATH).read_bytes()
    entries = {
        "dedup": __version__,
        **settings,
        "model": f"sha256 {hashlib.sha256(model).hexdigest()}",
        "model fitted on": ", ".join(_fitted_on(model_of(result.settings).record)),
        "input": f"sha256 {_digest(corpus)} of all articles in the order of their ids",
        "words": f"{result.stats['words']:,}",
        "articles that lost furniture": f"{result.stats['articles_cut']:,}",
        "pairs compared word by word": f"{result.stats['candidates']:,}",
        "pairs compared by subject alone": f"{result.stats['neighbours']:,}",
        "pairs that reach the threshold": f"{len(result.pairs):,}",
        "ids met more than once": f"{corpus.renamed:,}",
        "records left out": f"{n_bad:,}",
    }
    return Record(tuple(entries.items()), tuple(sorted(bad, key=lambda each: (each.where, each.reason))), n_bad)


def _fitted_on(record: Mapping[str, Any]) -> list[str]:
    """Return the names of the sets and label files in a model's record, which may hold anything."""
    names: set[str] = set()
    waiting = list(record.values())
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            sets = part.get("sets")
            names.update(str(name) for name in (*(sets if isinstance(sets, list) else ()), part.get("labels")) if name)
            waiting.append(part.get("from"))
    return sorted(names)


def _digest(corpus: Corpus) -> str:
    """Return a hash of all articles that does not depend on their order."""
    digest = hashlib.sha256()
    columns = (corpus.titles, corpus.texts.raw, corpus.sources, corpus.dates, corpus.languages, corpus.urls)
    for row, name in enumerate(corpus.ids):
        for part in (name, *(column[row] for column in columns)):
            raw = as_bytes(part)
            digest.update(len(raw).to_bytes(8, "big") + raw)
    return digest.hexdigest()
