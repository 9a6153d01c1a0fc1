"""Two articles, in full: what was measured, what they share, what differs, and the verdict in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.answer import Looked, PairRows, cleaned_texts
from dedup.dates import day_text
from dedup.kernels.elements import NAME, NUMBER
from dedup.measures import COLUMN
from dedup.plurals import many
from dedup.results import Explanation, PairRow, Passage
from dedup.settings import EVENT_DAYS, NO_DATE
from dedup.wording import say_share
from dedup.words import ends_of_names, take_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.words import Words

PASSAGE_WORDS = 5
"""A shared passage shown to a reader has at least so many words."""

MOST_PLACES = 32
"""Places of one wording looked at when a passage is extended; more are repetitions."""

HARDLY = 0.05
"""Share of the wording in common below which two texts were written independently for all a reader can tell."""

YEAR = re.compile(r"(19|20)\d\d")
LISTED = 12
LONGEST_NAME = 8
"""Words of a name looked at; longer runs of capitals are headlines."""


class Word(NamedTuple):
    """A word of a text: its hash, where it stands (characters), what it looks like, and its own spelling."""

    hash: int
    start: int
    end: int
    look: int
    text: str


def explain_candidate(
    rows: PairRows, k: int, texts: Sequence[bytes] | None = None, notes: Sequence[str] = ()
) -> Explanation:
    """Explain pair ``k`` of the findings behind ``rows``.

    ``texts`` are as much of the two cleaned ones as shall be shown, if not all; ``notes`` are sentences of whoever asks.
    """
    row, looked = rows.row(k), rows.look(k)
    ends = int(rows.findings.left[k]), int(rows.findings.right[k])
    texts = cleaned_texts(rows.corpus, rows.findings, ends) if texts is None else texts
    text_a, text_b = (text.decode("utf-8", "replace") for text in texts)
    columns = list(take_words([text_a, text_b]))
    words_a, words_b = map(words_of, columns)
    names = _split_names(*map(names_in, columns))
    numbers = _split(_looking(words_a, NUMBER), _looking(words_b, NUMBER))
    return Explanation(
        pair=row,
        verdict=verdict(row, rows.wide),
        sentences=(*_sentences(row, rows.corpus, ends, looked.evidence, (names, numbers)), *notes),
        told=looked.relation,
        base_points=rows.model.relations[looked.relation].base,
        overruled=_overruled(row, looked),
        passages=tuple(shared_passages(words_a, words_b)),
        text_a=text_a,
        text_b=text_b,
        shared_names=names[0],
        only_a=names[1],
        only_b=names[2],
        shared_numbers=numbers[0],
        numbers_only_a=numbers[1],
        numbers_only_b=numbers[2],
    )


def _overruled(row: PairRow, looked: Looked) -> str:
    """Return why the probability of a pair is not the one its points add up to; nothing where it is."""
    p = {"near": row.p_near, "event": row.p_event, "story": row.p_story}[looked.relation]
    if row.relation in ("exact", "near") and p == 1:
        return "equal texts are copies whatever the points say: probability 1"
    if looked.relation == "event" and looked.evidence[COLUMN["days"]] > EVENT_DAYS:
        return f"no event lasts longer than {EVENT_DAYS} days, whatever the points say: probability {p:.3f}"
    return "" if p > 0 else "subjects that have so little in common are not judged: probability 0"


def words_of(words: Words) -> list[Word]:
    """Return the words of a text one by one."""
    columns = (column.tolist() for column in (words.hashes, words.starts, words.ends, words.looks))
    return [Word(h, start, end, look, words.text[start:end]) for h, start, end, look in zip(*columns, strict=True)]


def shared_passages(a: list[Word], b: list[Word]) -> list[Passage]:
    """Return passages of ``PASSAGE_WORDS`` words and more standing in both, in the order of ``b``, none overlapping."""
    places: dict[tuple[int, ...], list[int]] = {}
    for i in range(len(a) - PASSAGE_WORDS + 1):
        places.setdefault(tuple(w.hash for w in a[i : i + PASSAGE_WORDS]), []).append(i)
    found = []
    j = 0
    while j <= len(b) - PASSAGE_WORDS:
        starts = places.get(tuple(w.hash for w in b[j : j + PASSAGE_WORDS]), [])[:MOST_PLACES]
        length, i = max(((_common_length(a, b, i, j), -i) for i in starts), default=(0, 0))
        if length:
            i = -i
            found.append(Passage(a[i].start, a[i + length - 1].end, b[j].start, b[j + length - 1].end, length))
        j += max(1, length)
    return found


def _common_length(a: list[Word], b: list[Word], i: int, j: int) -> int:
    """Return how many words agree from places ``i`` and ``j`` on."""
    n = 0
    while i + n < len(a) and j + n < len(b) and a[i + n].hash == b[j + n].hash:
        n += 1
    return n


def names_in(words: Words) -> dict[str, str]:
    """Return the names of a text, neighbouring name words together, spelled as first met, by their lower case."""
    found: dict[str, str] = {}
    ends = ends_of_names(words)
    done = -1
    for k in np.flatnonzero(words.looks == NAME).tolist():
        if k > done:
            done = ends[k]
            name = words.text[words.starts[k] : words.ends[done]]
            found.setdefault(name.casefold(), name)
    return found


def _looking(words: list[Word], look: int) -> dict[str, str]:
    """Return the words that look so, by themselves."""
    return {word.text: word.text for word in words if word.look == look}


def _split(a: dict[str, str], b: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return what is in both, only in ``a`` and only in ``b``, in the order of the texts."""
    return (
        tuple(a[k] for k in a if k in b),
        tuple(a[k] for k in a if k not in b),
        tuple(b[k] for k in b if k not in a),
    )


def _split_names(a: dict[str, str], b: dict[str, str]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Split names as ``_split`` does, but find the longest names two longer ones share ("Minister Ada Holm", "Ada Holm")."""
    parts_a, parts_b = ({part: text for name in x.values() for part, text in _parts(name)} for x in (a, b))
    both = [part for part in parts_a if part in parts_b]
    shared = [part for part in both if not any(f" {part} " in f" {other} " for other in both if other != part)]
    rest = ({k: v for k, v in x.items() if not any(f" {part} " in f" {k} " for part in both)} for x in (a, b))
    only_a, only_b = (tuple(x.values()) for x in rest)
    return tuple(parts_a[part] for part in shared), only_a, only_b


def _parts(name: str) -> list[tuple[str, str]]:
    """Return every run of words of a name, in lower case and as spelled, longest first."""
    words = name.split(" ")[:LONGEST_NAME]
    runs = [words[i:j] for i in range(len(words)) for j in range(len(words), i, -1)]
    return [(" ".join(run).casefold(), " ".join(run)) for run in sorted(runs, key=len, reverse=True)]


def verdict(row: PairRow, level: str) -> str:
    """Return the verdict on a pair in one sentence; at level near nobody looked for events or stories."""
    if row.relation == "exact":
        return "The same text: every word agrees after folding case, accents and punctuation."
    if row.relation == "none":
        derives = f"that one text derives from the other {row.p_near:.2f}."
        chances = f"probability of one running story {row.p_story:.2f}, of one event {row.p_event:.2f}"
        return (
            f"No copies: probability {derives}"
            if level == "near"
            else f"Neither copies nor one story: {chances}, {derives}"
        )
    wording = "hardly any" if row.jaccard < HARDLY else "some"
    if row.relation == "story":
        chances = f"probability of one story {row.p_story:.2f}, of one event {row.p_event:.2f}"
        return f"The same running story, not the same event, with {wording} wording in common ({chances})."
    if row.relation == "event":
        return f"The same event, told with {wording} wording in common (probability {row.p_event:.2f})."
    contained = max(row.containment_a, row.containment_b)
    if row.jaccard < 0.5 <= contained:
        inner, outer = (row.a, row.b) if row.containment_a >= row.containment_b else (row.b, row.a)
        return f"One contains the other: most of {inner} stands in {outer} (probability {row.p_near:.2f})."
    return f"Near copies: one text derives from the other, or both from one source (probability {row.p_near:.2f})."


def _sentences(
    row: PairRow,
    corpus: Corpus,
    ends: tuple[int, int],
    evidence: NDArray[np.float32],
    listed: tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]],
) -> list[str]:
    """Return what agrees and what differs, a sentence each; ``ends`` : the rows of the two articles in the corpus."""
    names, numbers = listed
    told = [f"Wording in common: {say_share(row.jaccard)} (word 3-shingles, exact)."]
    if not np.isnan(evidence[COLUMN["subject"]]):
        told.append(f"Subjects: {say_share(float(evidence[COLUMN['subject']]))} alike (salient terms).")
    quotes = float(evidence[COLUMN["quotes"]])
    if quotes > 0 and row.relation not in {"exact", "near"}:
        told.append(f"Within quotation marks: {say_share(quotes)} of the wording in common.")
    if row.title_similarity is not None:
        told.append(f"Titles: {say_share(row.title_similarity)} alike.")
    told += _dates(row, corpus, ends, float(evidence[COLUMN["days"]]), numbers)
    if names[0]:
        told.append("Names in both: " + _list(names[0]) + ".")
    elif names[1] and names[2]:
        told.append("No name stands in both.")
    if numbers[1] and numbers[2] and row.relation != "exact":
        told.append(f"Numbers only in {row.a}: {_list(numbers[1])}; only in {row.b}: {_list(numbers[2])}.")
    return told


def _dates(
    row: PairRow,
    corpus: Corpus,
    ends: tuple[int, int],
    days: float,
    numbers: tuple[tuple[str, ...], ...],
) -> Iterator[str]:
    """Yield what is known of the two dates and where it comes from; ``days`` between them, NaN where one is unknown."""
    if not np.isnan(days):
        apart = f"Dated {many(int(days), 'day')} apart" if days else "Dated the same day"
        yield f"{apart}, longer than an event lasts." if days > EVENT_DAYS else f"{apart}."
    for i, found in ((i, found) for i in ends if (found := corpus.days.stated(i))):
        came = "No date that tells a day came" if corpus.dates[i] else "No date came"
        yield f"{came} with {corpus.ids[i]}; {day_text(found.day)} is inferred from its {found.place}: {found.words}."
    dated = [i for i in ends if corpus.days[i] != NO_DATE]
    if len(dated) == 1:
        yield f"Only {corpus.ids[dated[0]]} is dated: {day_text(corpus.days[dated[0]])}."
    elif not dated and row.relation != "exact":
        yield "When they were written, the texts do not say." + _years(row, numbers)


def _years(row: PairRow, numbers: tuple[tuple[str, ...], ...]) -> str:
    """Return what years only one of two undated texts speaks of, which is all that tells when they were written."""
    only = [sorted(word for word in side if YEAR.fullmatch(word)) for side in numbers[1:]]
    said = [
        f"only {name} speaks of {', '.join(years)}" for name, years in zip((row.a, row.b), only, strict=True) if years
    ]
    return f" Of years, {' and '.join(said)}." if said else ""


def _list(items: tuple[str, ...]) -> str:
    """Return the first few items as a list in words."""
    return ", ".join(items[:LISTED]) + (f" and {len(items) - LISTED} more" if len(items) > LISTED else "")
