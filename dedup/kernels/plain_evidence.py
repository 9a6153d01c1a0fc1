"""The kernels that read and fill the evidence table in plain Python; see ``plain``."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np


def judge_batch(
    measures: Any, rows: Any, columns: Any, edges: Any, edge_starts: Any, axes: Any, strides: Any, axis_starts: Any,
    points: Any, point_starts: Any, base: float, out: Any,
) -> None:  # fmt: skip
    """See ``judge.judge_batch``."""
    places = []
    for s, column in enumerate(columns.tolist()):
        values = measures[column, rows].astype(np.float64)
        cuts = edges[edge_starts[s] : edge_starts[s + 1]]
        places.append(np.where(np.isnan(values), 0, 1 + np.searchsorted(cuts, values, side="right")))
    out[:] = base
    for t, start in enumerate(point_starts.tolist()):
        own = range(axis_starts[t], axis_starts[t + 1])
        out += points[start + sum(places[axes[k]] * strides[k] for k in own)]


def rivals(left: Any, right: Any, score: Any, groups: Any, best: Any, whom: Any) -> None:
    """See ``rivals.rivals``."""
    found: list[dict[int, float]] = [{} for _ in best]
    for a, b, x in zip(left.tolist(), right.tolist(), score.tolist(), strict=True):
        if groups[a] != groups[b]:
            for article, other in ((a, int(groups[b])), (b, int(groups[a]))):
                found[article][other] = max(x, found[article].get(other, x))
    for article, scores in enumerate(found):
        ranked = sorted(scores.items(), key=lambda known: (-known[1], known[0]))[: best.shape[1]]
        lacking = best.shape[1] - len(ranked)
        best[article] = [x for _, x in ranked] + [-1] * lacking
        whom[article] = [group for group, _ in ranked] + [-1] * lacking


def standing(left: Any, right: Any, score: Any, groups: Any, best: Any, whom: Any, out: Any) -> None:
    """See ``rivals.standing``."""
    for p, (a, b, x) in enumerate(zip(left.tolist(), right.tolist(), score, strict=True)):
        above = [((best[one] > x) & (whom[one] != groups[other])).sum() for one, other in ((a, b), (b, a))]
        out[p] = np.float32(0.5) / np.float32(1 + above[0]) + np.float32(0.5) / np.float32(1 + above[1])


def title_batch(letters: Any, ends: Any, words: Any, offsets: Any, left: Any, right: Any, out: Any) -> None:
    """See ``titles.title_batch``: this is what it stands for."""
    from rapidfuzz import fuzz, process

    text = letters.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")
    known = [text[start:end] for start, end in pairwise(ends.tolist())]
    titles = ["".join(known[w] for w in words[start:end].tolist()) for start, end in pairwise(offsets.tolist())]
    ones, others = ([titles[i] for i in side.tolist()] for side in (left, right))
    out[:] = process.cpdist(ones, others, scorer=fuzz.token_set_ratio, dtype=np.float32)
