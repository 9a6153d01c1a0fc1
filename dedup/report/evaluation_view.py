"""What ``dedup bench`` shows a person: candidates by channel, pairs and their curve, clusters, and the mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.plurals import many
from dedup.report.escape import inert
from dedup.report.terminal import table_lines
from dedup.report.width import fit, wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dedup.report.terminal import Screen

_MEASURES = ("precision", "recall", "f1")

_LEAST_PAIRS = 10
"""A language with fewer labelled pairs gets no row: its figures would be chance."""


def evaluation_lines(screen: Screen, record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about an evaluation, given as its JSON record."""
    yield from head_lines(screen, record)
    reaches = {**record["channels"], "all together": record["candidates"]}
    rows = [[name, figure(reach["recall"]), figure(reach["per_article"])] for name, reach in reaches.items()]
    yield from table_lines(screen, ["candidates", "recall", "per article"], rows)
    yield ""
    yield from _pairs(screen, record["pairs"])
    yield from _languages(screen, record["languages"])
    yield ""
    yield from _clusters(screen, record["clusters"])
    yield from _mistakes(screen, "missed", record["misses"])
    yield from _mistakes(screen, "false alarms", record["false_alarms"])


def head_lines(screen: Screen, record: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the labels of a record hold, what its reader must know, and an empty line."""
    labels = record["labels"]
    head = (
        f"level {record['level']}: {labels['articles']:,} labelled articles, "
        f"{many(labels['positives'], 'pair')} that belong together, {labels['negatives']:,} that do not"
    )
    yield from (screen.paint(line, "bold") for line in wrap(head, screen.columns))
    for note in record["notes"]:
        yield from wrap(f"note: {inert(note)}", screen.columns)
    yield ""


def figure(value: float | None) -> str:
    """Return a measure as a person reads it."""
    return "-" if value is None or value != value else f"{value:.3f}"  # noqa: PLR0124 - only NaN differs from itself


def _pairs(screen: Screen, pairs: Mapping[str, Any]) -> Iterator[str]:
    """Yield how well pairs are told apart, here and at other thresholds."""
    others = [point for point in pairs["curve"] if point["threshold"] != pairs["threshold"]]
    points = sorted([pairs, *others], key=lambda point: point["threshold"])
    rows = [
        [f"{point['threshold']:.2f}{' <' if point is pairs else ''}", *(figure(point[name]) for name in _MEASURES)]
        for point in points
    ]
    yield from table_lines(screen, ["pairs from", *_MEASURES], rows)
    overall = f"average precision {figure(pairs['average_precision'])}, area under the ROC curve {figure(pairs['auc'])}"
    yield from wrap(f"< the threshold in use; {overall}", screen.columns)


def _languages(screen: Screen, languages: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Yield how well pairs are told apart in each language, if there are two or more to compare."""
    rows = [
        [
            inert(name),
            f"{found['positives']:,}",
            f"{found['negatives']:,}",
            *(figure(found[measure]) for measure in (*_MEASURES, "average_precision")),
        ]
        for name, found in languages.items()
        if found["positives"] + found["negatives"] >= _LEAST_PAIRS
    ]
    if len(rows) > 1:
        yield ""
        yield from table_lines(screen, ["language", "same", "different", *_MEASURES, "average precision"], rows)


def _clusters(screen: Screen, clusters: Mapping[str, Any]) -> Iterator[str]:
    """Yield how well clusters agree with the labels."""
    rows = [["pairs in one cluster", *(figure(clusters[f"pair_{name}"]) for name in _MEASURES)]]
    if clusters["ari"] is not None:
        rows.append(["B-cubed", *(figure(clusters[f"bcubed_{name}"]) for name in _MEASURES)])
    yield from table_lines(screen, ["clusters", *_MEASURES], rows)
    if clusters["ari"] is not None:
        yield f"adjusted Rand index {figure(clusters['ari'])}"


def _mistakes(screen: Screen, noun: str, mistakes: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the listed mistakes of one kind."""
    if mistakes:
        yield ""
        yield screen.paint(f"{noun}:", "bold")
    for mistake in mistakes:
        line = f"  {inert(mistake['a'])} | {inert(mistake['b'])}: {inert(mistake['why'])}"
        yield screen.paint(fit(line, screen.columns), "yellow")
        for reason in mistake["reasons"]:
            yield from wrap(f"{reason['points']:+.1f} {inert(reason['words'])}", screen.columns, "    ")
