"""Evidence to log-odds: a base plus one number from each table of a model."""

from __future__ import annotations

from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled

_ROWS = 256  # worked on together: what is written between two loops stays in the nearest cache
_1 = np.uint64(1)


@compiled
def judge_batch(
    measures: Any, rows: Any, columns: Any, edges: Any, edge_starts: Any, axes: Any, strides: Any, axis_starts: Any,
    points: Any, point_starts: Any, base: float, out: Any,
) -> None:  # fmt: skip
    """Fill ``out`` : float64[n_rows] with the log-odds of some rows of the evidence, added up in the order of the tables.

    ``measures`` : float32[n_measures, n_pairs]; ``rows`` : int64[n_rows]. Scale s is the cuts ``edges[edge_starts[s] :
    edge_starts[s + 1]]`` of measure ``columns[s]``: on it an unknown value has place 0, any other 1 and as many more as
    there are cuts up to it. Table t reads the scales ``axes[axis_starts[t] : axis_starts[t + 1]]``; its number stands
    in ``points``, as many behind ``point_starts[t]`` as the sum of places times ``strides``.
    """
    values = np.empty(_ROWS, np.float64)
    at = np.empty(_ROWS, np.int64)
    places = np.empty((len(columns), _ROWS), np.int64)
    for begin in range(0, len(rows), _ROWS):
        block, total = rows[begin : begin + _ROWS], out[begin : begin + _ROWS]
        n = np.uint64(len(block))
        for s in range(len(columns)):
            place, measure = places[s], measures[columns[s]]
            r = np.uint64(0)
            while r < n:
                values[r] = measure[np.uint64(block[r])]
                place[r] = values[r] == values[r]
                r += _1
            for e in range(edge_starts[s], edge_starts[s + 1]):
                edge = edges[e]
                r = np.uint64(0)
                while r < n:
                    place[r] += values[r] >= edge
                    r += _1
        total[:] = base
        for t in range(len(point_starts)):
            at[:] = point_starts[t]
            for axis in range(axis_starts[t], axis_starts[t + 1]):
                place, stride = places[axes[axis]], strides[axis]
                r = np.uint64(0)
                while r < n:
                    at[r] += place[r] * stride
                    r += _1
            r = np.uint64(0)
            while r < n:
                total[r] += points[np.uint64(at[r])]
                r += _1
