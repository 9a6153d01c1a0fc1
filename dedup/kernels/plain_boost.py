"""The kernels of growing tables in plain Python; see ``plain``."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np

from dedup.kernels.elements import LEAST_ODDS, LONGEST_STEP, MOST_ODDS, SWEEPS


def grow_tables(
    places: Any, shapes: Any, ways: Any, truth: Any, weight: Any, rounds: int, step: float, ridge: float, pull: float, late: int, points: Any, odds: Any
) -> None:  # fmt: skip
    """See ``boost.grow_tables``."""
    ends = np.cumsum(shapes.prod(axis=1))[:-1]
    tables, began = np.split(points, ends), np.split(points.copy(), ends)
    for turn in range(rounds):
        for place, shape, way, table, start in zip(places, shapes, ways, tables, began, strict=True):
            if shape[1] > 1 and turn < late:
                continue
            p = 1 / (1 + odds)
            slope = np.bincount(place, weight * (truth - p), len(table))
            curve = np.bincount(place, weight * p * (1 - p), len(table)) + ridge
            before = table.copy()
            after = before + step * (slope - pull * (before - start)) / curve
            table[:] = directed(after.reshape(shape), curve.reshape(shape), tuple(way)).ravel()
            steps = np.clip(before - table, -LONGEST_STEP, LONGEST_STEP)
            odds *= np.array([exp(longer) for longer in steps.tolist()])[place]
            np.clip(odds, LEAST_ODDS, MOST_ODDS, out=odds)


def directed(points: Any, weights: Any, ways: tuple[int, ...]) -> Any:
    """Return points that go one way along either axis, the unknown step left alone; 0 lets them go as they will."""
    points = points.copy()
    for _ in range(SWEEPS):
        for axis, way in enumerate(ways):
            lines, heavy = np.moveaxis(points, axis, -1), np.moveaxis(weights, axis, -1)
            turned = (way * np.diff(lines[:, 1:]) < 0).any(axis=-1)
            for line in np.flatnonzero(turned):
                lines[line, 1:] = way * rising(way * lines[line, 1:], heavy[line, 1:])
    return points


def rising(values: Any, weights: Any) -> Any:
    """Return the nearest never-falling values (pool adjacent violators; Barlow et al. 1972)."""
    pools: list[list[float]] = []
    for value, weight in zip(values.tolist(), weights.tolist(), strict=True):
        pools.append([value, weight, 1])
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            v, w, n = pools.pop()
            last = pools[-1]
            last[0] = (last[0] * last[1] + v * w) / (last[1] + w)
            last[1] += w
            last[2] += n
    return np.concatenate([np.full(int(n), v) for v, _, n in pools])
