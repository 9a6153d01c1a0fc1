"""Additive models of small tables, grown from labelled pairs, from nothing or from a model there is.

Tables are step functions of one measure, then of two, grown together by small Newton steps (cyclic boosting: Lou,
Caruana, Gehrke, Hooker 2013, section 3), kept monotone in the measures that have a direction.
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dedup.kernels import kernels_for
from dedup.kernels.elements import LEAST_ODDS, MOST_ODDS
from dedup.rank import Relation, Table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

RIDGE = 2.0
"""Pseudo-pairs that hold back every step of a table."""

ROUNDING = 2e-4
"""Points of a model file have four decimals; a smaller step is none."""

STILL = 2
"""The way of points that do not move."""


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


class Pace(NamedTuple):
    """How tables grow: ``rounds``, each a share ``step`` of a Newton step.

    ``ridge`` : pseudo-pairs that hold every step of a table back, ``pull`` : those that draw it to where it began;
    ``late`` : rounds before the tables of two measures join in.
    """

    rounds: int
    step: float
    ridge: float
    pull: float
    late: int


def boosted(
    plan: Plan, evidence: NDArray[np.float32], truth: NDArray[np.bool_], weight: NDArray[np.float64]
) -> Relation:
    """Fit base and tables to weighted labels."""
    base = float(np.log((weight * truth).sum() / (weight * ~truth).sum()))
    tables = blank_tables(plan)
    pace = Pace(plan.rounds, plan.step, RIDGE, RIDGE / 50, plan.rounds // 4)
    grow(tables, np.full(len(truth), base), (evidence, truth, weight), pace)
    return centred(base, [table for table, _ in tables], evidence)


def grow(
    tables: list[tuple[Table, tuple[int, ...]]],
    logit: NDArray[np.float64],
    labelled: tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.float64]],
    pace: Pace,
) -> None:
    """Move tables in place towards weighted labels, each the way its directions allow.

    ``logit`` : float64[n_pairs], the log-odds the tables give as they stand, base included; ``labelled`` : evidence,
    truth and weight of the pairs.
    """
    evidence, truth, weight = labelled
    places = np.array([np.ravel_multi_index(t.places(evidence), t.points.shape) for t, _ in tables], np.uint32)
    shapes = np.array([(*table.points.shape, 1)[:2] for table, _ in tables], np.int64)
    ways = np.array([(*directions, 0)[:2] for _, directions in tables], np.int64)
    points = np.concatenate([table.points.ravel() for table, _ in tables])
    odds = np.exp(np.clip(-logit, log(LEAST_ODDS), log(MOST_ODDS)))
    kernels_for(places.nbytes).grow_tables(places, shapes, ways, truth, weight, *pace, points, odds)
    for (table, _), grown in zip(tables, np.split(points, shapes.prod(axis=1).cumsum()[:-1]), strict=True):
        table.points[...] = grown.reshape(table.points.shape)


def directions_of(relation: Relation) -> list[tuple[int, ...]]:
    """Return for each table which way its points go along each measure: 1 up, -1 down, 0 both.

    Where a table does not move along a measure, the measure's way in the others counts.
    """
    ways = [tuple(_way(table.points, axis) for axis in range(table.points.ndim)) for table in relation.tables]
    known: dict[str, set[int]] = {}
    for table, found in zip(relation.tables, ways, strict=True):
        for measure, way in zip(table.measures, found, strict=True):
            known.setdefault(measure, set()).update({way} - {STILL})
    usual = {measure: min(seen) if len(seen) == 1 else 0 for measure, seen in known.items()}
    return [
        tuple(usual[m] if way == STILL else way for m, way in zip(table.measures, found, strict=True))
        for table, found in zip(relation.tables, ways, strict=True)
    ]


def _way(points: NDArray[np.float64], axis: int) -> int:
    """Return which way known points go along an axis; ``STILL`` where they do not move."""
    steps = np.diff(np.moveaxis(points, axis, 0)[1:], axis=0)
    up, down = (steps > ROUNDING).any(), (steps < -ROUNDING).any()
    return STILL if not up and not down else 0 if up and down else 1 if up else -1


def centred(base: float, tables: list[Table], evidence: NDArray[np.float32]) -> Relation:
    """Move each table's mean over the sample into the base, so that points say what is unusual about a pair."""
    for table in tables:
        mean = float(table.read(evidence).mean())
        table.points[...] -= mean
        base += mean
    return Relation(base, tuple(tables))
