"""What ``dedup sweep`` shows a person: a line a threshold, and where the best one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.report.evaluation_view import figure, head_lines
from dedup.report.terminal import table_lines
from dedup.report.width import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dedup.report.terminal import Screen

_SIZES = {"n_clusters": "clusters", "n_joined": "articles", "largest": "largest"}
_CLUSTER_F1 = {"pairs": "f1 in clusters", "clusters": "B-cubed f1"}
"""What the measure of the clusters is called, by the kind of labels."""


def sweep_lines(screen: Screen, record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about a sweep, given as its JSON record."""
    heads, measures = ["from", *_SIZES.values()], []
    if record["labels"]:
        yield from head_lines(screen, record)
        measures = ["precision", "recall", "f1", "cluster_f1"]
        heads += [*measures[:3], _CLUSTER_F1[record["labels"]["kind"]]]
    rows = [
        [
            f"{row['threshold']:.2f}{' <' if row['in_use'] else ''}",
            *(f"{row[name]:,}" for name in _SIZES),
            *(figure(row[name]) for name in measures),
        ]
        for row in record["rows"]
    ]
    yield from table_lines(screen, heads, rows)
    yield "< the threshold in use"
    if record["labels"]:
        yield from wrap(_verdict(record), screen.columns)


def _verdict(record: Mapping[str, Any]) -> str:
    """Say where pairs and clusters come out best, and how that compares with the threshold in use."""
    row_at = {row["threshold"]: row for row in record["rows"]}
    [used] = (row for row in record["rows"] if row["in_use"])
    places = []
    for measure, noun in (("f1", "pairs"), ("cluster_f1", "clusters")):
        best = row_at[record["best"][measure]]
        if figure(best[measure]) == figure(used[measure]):
            best = used
        lead = f"for {noun} at {best['threshold']:.2f}"
        if best["in_use"]:
            places.append(f"{lead}, the threshold in use ({figure(best[measure])})")
        else:
            places.append(f"{lead} ({figure(best[measure])} against {figure(used[measure])} in use)")
    return f"F1 is best {' and '.join(places)}"
