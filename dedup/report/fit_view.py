"""What ``dedup fit`` shows a person: the figures before and after, and whether the change is borne out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dedup.plurals import many
from dedup.report.evaluation_view import figure
from dedup.report.records import PLACES
from dedup.report.terminal import table_lines
from dedup.report.width import wrap

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from dedup.report.terminal import Screen

_CHANGES = {"nothing": "as it is", "threshold": "new threshold", "tables": "fitted tables"}
_MEASURES = {
    "precision": "precision",
    "recall": "recall",
    "f1": "f1",
    "average_precision": "AP",
    "calibration_error": "calibration error",
}


def fit_lines(screen: Screen, record: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines about a fit, given as its JSON record."""
    head = (
        f"level {record['level']}: {many(record['pairs'], 'labelled candidate')} in {many(record['groups'], 'group')}, "
        f"{record['positive']:,} that belong together"
    )
    if record["missed"]:
        head += f"; {record['missed']:,} more that do are no candidates"
    yield from (screen.paint(line, "bold") for line in wrap(head, screen.columns))
    yield ""
    rows = [
        [_CHANGES[change], f"{found['threshold']:.2f}", *(figure(found[name]) for name in _MEASURES)]
        for change, found in record["tried"].items()
    ]
    heads = ["cross-validated", "threshold", *_MEASURES.values()]
    yield from table_lines(screen, heads, rows)
    yield ""
    yield from wrap(_verdict(record), screen.columns)


def _verdict(record: Mapping[str, Any]) -> str:
    """Return what is made of the figures."""
    best = _CHANGES[record["best"]]
    gain, error = record["gain"], record["gain_error"]
    apart = (n for n in range(3, PLACES + 1) if round(gain, n) != round(error, n))
    places = next(apart, 3)
    won = f"F1 changes by {gain:+.{places}f}, standard error {error:.{places}f}"
    if record["change"] != "nothing":
        return f"{best}: {won}"
    return f"these labels bear out no change; closest comes {best}: {won}"
