"""Additive models of small tables, grown from labelled pairs; the file that holds them.

Tables are step functions of one measure, then of two, grown together by small Newton steps (cyclic boosting: Lou,
Caruana, Gehrke, Hooker 2013, section 3), kept monotone in the measures that have a direction.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dedup.rank import MODEL_PATH, Relation, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

RIDGE = 2.0
"""Pseudo-pairs that pull every step of a table to zero."""


class Plan(NamedTuple):
    """What tables a model has and how long they grow.

    ``singles`` : by measure its cuts, and whether its points may only rise (1), only fall (-1) or go either way (0);
    ``doubles`` : pairs of measures; ``coarse`` : the cuts of a measure in those, if they are others; ``rounds`` of
    boosting, each a share ``step`` of a Newton step; ``freed`` : other directions for some of the tables of two.
    """

    singles: Mapping[str, tuple[tuple[float, ...], int]]
    doubles: tuple[tuple[str, str], ...]
    coarse: Mapping[str, tuple[float, ...]]
    rounds: int
    step: float
    freed: Mapping[str, tuple[int, int]]


def blank_tables(plan: Plan) -> list[tuple[Table, tuple[int, ...]]]:
    """Return every table at zero, with the direction of each measure."""
    tables: list[tuple[Table, tuple[int, ...]]] = []
    for name, (edges, direction) in plan.singles.items():
        tables.append((Table((name,), (np.array(edges, float),), np.zeros(len(edges) + 2)), (direction,)))
    for names in plan.doubles:
        cuts = tuple(np.array(plan.coarse.get(name, plan.singles[name][0]), float) for name in names)
        table = Table(names, cuts, np.zeros([len(edges) + 2 for edges in cuts]))
        tables.append((table, plan.freed.get(table.name, tuple(plan.singles[name][1] for name in names))))
    return tables


def boosted(
    plan: Plan, evidence: NDArray[np.float32], truth: NDArray[np.bool_], weight: NDArray[np.float64]
) -> Relation:
    """Fit base and tables to weighted labels."""
    base = float(np.log((weight * truth).sum() / (weight * ~truth).sum()))
    tables = blank_tables(plan)
    flat = [(np.ravel_multi_index(t.places(evidence), t.points.shape), t.points.size) for t, _ in tables]
    logit = np.full(len(truth), base)
    for turn in range(plan.rounds):
        for k, (table, directions) in enumerate(tables):
            if len(table.measures) == 2 and turn < plan.rounds // 4:
                continue
            places, size = flat[k]
            p = 1 / (1 + np.exp(-logit))
            slope = np.bincount(places, weight * (truth - p), size)
            curve = np.bincount(places, weight * p * (1 - p), size)
            before = table.points.ravel().copy()
            after = before + plan.step * (slope - RIDGE * before / 50) / (curve + RIDGE)
            table.points[...] = directed(
                after.reshape(table.points.shape), curve.reshape(table.points.shape) + RIDGE, directions
            )
            logit += (table.points.ravel() - before)[places]
    return centred(base, [table for table, _ in tables], evidence)


def directed(
    points: NDArray[np.float64], weights: NDArray[np.float64], directions: tuple[int, ...]
) -> NDArray[np.float64]:
    """Return points that go one way along every measure, the unknown step left alone; 0 lets them go as they will."""
    points = points.copy()
    for _ in range(4 if points.ndim == 2 else 1):
        for axis, direction in enumerate(directions):
            if direction == 0:
                continue
            lines, heavy = np.moveaxis(points, axis, -1), np.moveaxis(weights, axis, -1)
            for place in np.ndindex(lines.shape[:-1]):
                lines[place][1:] = direction * rising(direction * lines[place][1:], heavy[place][1:])
    return points


def rising(values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
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


def centred(base: float, tables: list[Table], evidence: NDArray[np.float32]) -> Relation:
    """Move each table's mean over the sample into the base, so that points say what is unusual about a pair."""
    for table in tables:
        mean = float(table.read(evidence).mean())
        table.points[...] -= mean
        base += mean
    return Relation(base, tuple(tables))


def update_model(
    relations: Mapping[str, Relation], thresholds: Mapping[str, float], records: Mapping[str, Mapping[str, Any]]
) -> None:
    """Put relations into the model file beside those it has: one line a table, so that a change shows in a diff."""
    model = json.loads(MODEL_PATH.read_text(encoding="utf-8")) if MODEL_PATH.exists() else {}
    parts = dict(model.get("relations", {}))
    for name, relation in relations.items():
        parts[name] = {
            "base": round(relation.base, 4),
            "tables": [
                {
                    "measures": list(table.measures),
                    "edges": [edges.tolist() for edges in table.edges],
                    "points": np.round(table.points, 4).tolist(),
                }
                for table in relation.tables
            ],
        }
    written = []
    for name, part in parts.items():
        tables = ",\n".join("  " + json.dumps(table) for table in part["tables"])
        written.append(f'{json.dumps(name)}: {{"base": {part["base"]}, "tables": [\n{tables}\n]}}')
    cuts = json.dumps({**model.get("thresholds", {}), **thresholds})
    record = json.dumps({**model.get("record", {}), **records})
    text = '{"relations": {' + ",\n".join(written) + f'}},\n"thresholds": {cuts},\n"record": {record}}}\n'
    MODEL_PATH.write_text(text, encoding="utf-8")
