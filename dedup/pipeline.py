"""The river, read from top to bottom: gather what is known, judge the pairs, cluster level by level, report.

``run`` works on a corpus and returns arrays; ``find`` is for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np

from dedup.answer import NESTED, result_of
from dedup.article import Article
from dedup.cluster import cluster_pairs
from dedup.corpus import corpus_of
from dedup.errors import InputError, SettingsError
from dedup.gathering import gather
from dedup.memory import give_back
from dedup.nesting import AMONG_FEW, LINKAGES, nest_clusters
from dedup.rank import RELATIONS, Model, load_model
from dedup.results import CHANNEL_BITS, Findings
from dedup.settings import COPY_WORDS, FEW_ARTICLES, LEVELS, Settings
from dedup.table_kinds import kind_of
from dedup.tables import COLUMN_FIELDS, TableArticles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.corpus import Corpus
    from dedup.gathering import Gathered, Progress
    from dedup.results import Clusters, Result
    from dedup.settings import Level
    from dedup.table_kinds import AnyTable, TableT

__all__ = ["find", "readable", "run"]


@overload
def find(articles: TableT, *, as_result: Literal[False] = ..., **given: Any) -> TableT: ...
@overload
def find(articles: AnyTable, *, as_result: Literal[True], **given: Any) -> Result: ...
@overload
def find(articles: Iterable[Article | str | Mapping[str, Any]], *, as_result: bool = ..., **given: Any) -> Result: ...
def find(articles: Any, *, as_result: bool = False, **given: Any) -> Any:
    """Find copies, events and stories among articles given as ``Article``, texts, mappings with at least ``text``, or a table.

    Keywords are the fields of ``Settings``. A table (a pandas or polars frame, an Arrow table, a Hugging Face dataset)
    comes back with the clusters of each row as columns, or as any other pile as a Result with ``as_result``; the
    keywords ``text``, ``id``, ``title``, ``source``, ``date``, ``language`` and ``url`` name its columns. Raises
    InputError for an article without text, SettingsError for a setting that cannot be.

    >>> import dedup
    >>> result = dedup.find(["The ferry sank off Aldport at dawn on Monday."] * 2)
    >>> len(result.clusters)
    1
    """
    asked = {field: given.pop(field) for field in COLUMN_FIELDS if given.get(field) is not None}
    try:
        chosen = Settings(**given)
    except TypeError as error:
        name = "a keyword of find()"
        raise SettingsError(name, str(error), "a field of Settings: " + ", ".join(Settings.__slots__)) from None
    pile = kind_of(articles)
    if pile is None or isinstance(pile, list):
        if asked:
            name, value = next(iter(asked.items()))
            raise SettingsError(name, value, "given for a table, whose column it names")
        corpus = corpus_of(_several(pile or articles))
        return readable(corpus, run(corpus, chosen), chosen)
    table = TableArticles(pile, asked)
    corpus = table.corpus()
    result = readable(corpus, run(corpus, chosen), chosen)
    return result if as_result else table.with_clusters(result)


def run(corpus: Corpus, settings: Settings, *, progress: Progress | None = None) -> Findings:
    """Take a corpus down the river; ``progress`` hears (stage, done, total) as each stage moves on.

    Events and stories are sought if ``settings.level`` asks for them; else their clusters are those of near copies.
    """
    model = model_of(settings)
    known = gather(corpus, settings, progress)
    if progress:
        progress("clusters", 0, len(corpus))
    findings = judged(known, model)
    give_back(len(corpus))
    findings.stats.update(_counted(known))
    wanted = max(1, LEVELS.index(settings.level))
    for k, level in enumerate(NESTED[:wanted]):
        found = clusters_at(findings, level, model.thresholds[level])
        if k:
            found.take_over(findings.clusters[NESTED[k - 1]])
        findings.clusters[level] = found
        findings.labels.update(dict.fromkeys(NESTED[k:], found.labels))
    return findings


def readable(corpus: Corpus, findings: Findings, settings: Settings) -> Result:
    """Return the findings of a run as rows, clusters and ranked pairs."""
    return result_of(corpus, findings, settings, model_of(settings))


def clusters_at(findings: Findings, level: Level, threshold: float) -> Clusters:
    """Cluster at one level (near, event or story), on top of the labels found for the level below."""
    left, right, p = findings.left, findings.right, findings.p[:, RELATIONS.index(level)]
    if level == "near":
        copies = (findings.channels & CHANNEL_BITS["copies"]) != 0
        return cluster_pairs(findings.unit, (left, right, copies), p, threshold)
    inner = findings.labels[LEVELS[LEVELS.index(level) - 1]]
    linkage = (AMONG_FEW if len(inner) < FEW_ARTICLES else LINKAGES)[level]
    days = findings.days() if level == "event" and findings.days else None
    return nest_clusters(inner, findings.labels["near"], (left, right), p, (threshold, linkage), days=days)


def labels_at(findings: Findings, level: Level, threshold: float) -> NDArray[np.int32]:
    """Return the labels a level would have at another threshold: int32[n_articles]."""
    return clusters_at(findings, level, threshold).labels


def _several(articles: Any) -> Iterable[Any]:
    """Return what can be gone through one by one; one text alone, or a mapping, is no pile of articles."""
    if isinstance(articles, str | bytes | Mapping | Article) or not isinstance(articles, Iterable):
        where = "articles"
        raise InputError(where, f"a {type(articles).__name__}; wanted a list of articles or a table in memory")
    return articles


def model_of(settings: Settings) -> Model:
    """Return the model in use with a cut for each level: the user's at the level asked for, else the model's own.

    The cut of exact is that of near. Raises ``InputError`` where ``settings.model`` is no model file.
    """
    model = load_model(settings.model)
    cuts = {**model.thresholds, "exact": model.thresholds["near"]}
    if settings.threshold is not None:
        cuts[settings.level] = settings.threshold
    return replace(model, thresholds=cuts)


def judged(known: Gathered, model: Model) -> Findings:
    """Return the probabilities of all candidates, with nothing clustered yet."""
    found = known.candidates
    p = model.probabilities(known.evidence, known.copyable, known.judged)
    p[same_text(known)] = 1.0
    return Findings(
        unit=known.unit,
        left=found.left,
        right=found.right,
        channels=found.channels,
        measured=known.measured,
        p=p,
        evidence=known.evidence,
        labels=dict.fromkeys(LEVELS, known.exact),
        stats={},
        reread=known.reread,
        cut=known.cleaned.spans,
        days=known.corpus.days.all,
    )


def same_text(known: Gathered) -> NDArray[np.bool_]:
    """Say which pairs need no model: equal in title and text, or in a text long enough to be no coincidence."""
    left, right = known.candidates.left, known.candidates.right
    same: NDArray[np.bool_] = (known.unit[left] == known.unit[right]) & (known.n_words[left] >= COPY_WORDS)
    same |= known.exact[left] == known.exact[right]
    return same


def _counted(known: Gathered) -> dict[str, Any]:
    """Return what happened on the way in numbers."""
    by_wording = int(np.count_nonzero(known.measured))
    return {
        "articles": len(known.corpus),
        "words": int(known.n_words.sum()),
        "unique_texts": len(np.unique(known.unit)),
        "articles_cut": known.cleaned.texts.cuts.n_cut() if known.cleaned.texts.cuts else 0,
        "candidates": by_wording,
        "neighbours": len(known.candidates.left) - by_wording,
        "capped_groups": known.candidates.capped,
        "banding": {
            "bands": known.banding.bands,
            "rows": known.banding.rows,
            "expected_recall": known.banding.curve(),
        },
    }
