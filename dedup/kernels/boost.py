"""Tables grown from labelled pairs: cyclic Newton steps, each table in turn.

A pair is held by its odds against, which a step of a table multiplies by one of a few factors: no exponential a pair.
"""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np

from dedup.kernels.compiled import compiled
from dedup.kernels.elements import LEAST_ODDS, LONGEST_STEP, MOST_ODDS, SWEEPS


@compiled
def grow_tables(
    places: Any, shapes: Any, ways: Any, truth: Any, weight: Any, rounds: int, step: float, ridge: float, pull: float, late: int, points: Any, odds: Any
) -> None:  # fmt: skip
    """Move ``points`` : float64[n_points], those of all tables one behind the other, towards weighted labels.

    ``places`` : uint32[n_tables, n_pairs], where each pair falls in each table; ``shapes`` : int64[n_tables, 2], a table
    of one measure having one column; ``ways`` : int64[n_tables, 2], along each measure 1 up, -1 down, 0 either;
    ``truth`` : bool[n_pairs]; ``weight`` : float64[n_pairs]; the rest as in ``boosting.Pace``. ``odds`` :
    float64[n_pairs], against, as the tables give them: moved along.
    """
    began = points.copy()
    largest = (shapes[:, 0] * shapes[:, 1]).max()
    slope, curve, factor = np.empty(largest), np.empty(largest), np.empty(largest)
    value, heavy, run = np.empty(largest), np.empty(largest), np.empty(largest, np.int64)
    for turn in range(rounds):
        start = 0
        for k in range(len(shapes)):
            rows, columns = shapes[k]
            size = rows * columns
            first = start
            start += size
            if columns > 1 and turn < late:
                continue
            slope[:size] = 0
            curve[:size] = 0
            for i in range(len(odds)):
                p = 1 / (1 + odds[i])
                slope[places[k, i]] += weight[i] * (truth[i] - p)
                curve[places[k, i]] += weight[i] * p * (1 - p)
            table = points[first : first + size]
            for place in range(size):
                factor[place] = table[place]
                curve[place] += ridge
                table[place] += step * (slope[place] - pull * (table[place] - began[first + place])) / curve[place]
            for _ in range(SWEEPS):
                for column in range(columns if ways[k, 0] != 0 else 0):
                    _straighten(table, curve, column + columns, columns, rows - 1, ways[k, 0], value, heavy, run)
                for row in range(rows if ways[k, 1] != 0 else 0):
                    _straighten(table, curve, row * columns + 1, 1, columns - 1, ways[k, 1], value, heavy, run)
            for place in range(size):
                factor[place] = exp(min(max(factor[place] - table[place], -LONGEST_STEP), LONGEST_STEP))
            for i in range(len(odds)):
                odds[i] = min(max(odds[i] * factor[places[k, i]], LEAST_ODDS), MOST_ODDS)


@compiled
def _straighten(
    table: Any, weights: Any, first: int, stride: int, n: int, way: int, value: Any, heavy: Any, run: Any
) -> None:
    """Make a line of points go one way, the nearest there is; the arguments at the end are scratch space."""
    pools = 0
    for k in range(n):
        at = first + k * stride
        value[pools], heavy[pools], run[pools] = way * table[at], weights[at], 1
        while pools > 0 and value[pools - 1] > value[pools]:
            pools -= 1
            value[pools] = value[pools] * heavy[pools] + value[pools + 1] * heavy[pools + 1]
            heavy[pools] += heavy[pools + 1]
            value[pools] /= heavy[pools]
            run[pools] += run[pools + 1]
        pools += 1
    at = first
    for pool in range(pools):
        for _ in range(run[pool]):
            table[at] = way * value[pool]
            at += stride
