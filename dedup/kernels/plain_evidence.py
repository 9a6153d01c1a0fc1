"""The kernels that read and fill the evidence table in plain Python; see ``plain``."""

from __future__ import annotations

from typing import Any

import numpy as np


def judge_batch(
    evidence: Any, rows: Any, columns: Any, edges: Any, edge_starts: Any, axes: Any, strides: Any, axis_starts: Any,
    points: Any, point_starts: Any, base: float, out: Any,
) -> None:  # fmt: skip
    """See ``judge.judge_batch``."""
    places = []
    for s, column in enumerate(columns.tolist()):
        values = evidence[rows, column].astype(np.float64)
        cuts = edges[edge_starts[s] : edge_starts[s + 1]]
        places.append(np.where(np.isnan(values), 0, 1 + np.searchsorted(cuts, values, side="right")))
    out[:] = base
    for t, start in enumerate(point_starts.tolist()):
        own = range(axis_starts[t], axis_starts[t + 1])
        out += points[start + sum(places[axes[k]] * strides[k] for k in own)]


def standing(left: Any, right: Any, score: Any, best: Any, out: Any) -> None:
    """See ``rivals.standing``."""
    for p, (a, b, x) in enumerate(zip(left.tolist(), right.tolist(), score, strict=True)):
        ranks = [np.float32(1 + (best[article] > x).sum()) for article in (a, b)]
        out[p] = np.float32(0.5) / ranks[0] + np.float32(0.5) / ranks[1]
