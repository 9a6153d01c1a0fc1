"""Evidence to probabilities: an additive model of small tables, read from a JSON file anyone can check.

For each relation the log-odds are a base plus one number from each table; a table is a step function of one measure,
or of two. So every score is a sum of named contributions (generalised additive models with pairwise terms: Lou,
Caruana, Gehrke, Hooker 2013, section 3). In: the evidence table. Out: probabilities. It never sees a text.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from math import prod
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dedup.errors import InputError
from dedup.kernels import kernels_for
from dedup.measures import COLUMN
from dedup.settings import EVENT_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

MODEL_PATH = Path(__file__).with_name("model.json")
RELATIONS = ("near", "event", "story")


@dataclass(frozen=True, slots=True)
class Table:
    """A step function of one or two measures.

    ``edges`` hold the rising cuts of each measure. ``points`` : float64, one dimension a measure, of length
    ``len(edges) + 2``: first the points of an unknown value, then those of each step (a value equal to a cut belongs
    to the step above it).
    """

    measures: tuple[str, ...]
    edges: tuple[NDArray[np.float64], ...]
    points: NDArray[np.float64]

    @property
    def name(self) -> str:
        """The measures it reads, as one name."""
        return " x ".join(self.measures)

    def places(self, evidence: NDArray[np.float32]) -> tuple[NDArray[np.int64], ...]:
        """Return for each row of the evidence where it falls along each measure."""
        found = []
        for measure, edges in zip(self.measures, self.edges, strict=True):
            values = evidence[:, COLUMN[measure]].astype(np.float64)
            found.append(np.where(np.isnan(values), 0, 1 + np.searchsorted(edges, values, side="right")))
        return tuple(found)

    def read(self, evidence: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the points of each row of the evidence."""
        found: NDArray[np.float64] = self.points[self.places(evidence)]
        return found


@dataclass(frozen=True, slots=True)
class Relation:
    """The model of one relation: log-odds are ``base`` plus the points of every table."""

    base: float
    tables: tuple[Table, ...]

    def log_odds(self, evidence: NDArray[np.float32], rows: NDArray[np.int64] | None = None) -> NDArray[np.float64]:
        """Return the log-odds of each row of the evidence, or of ``rows`` : int64[n] alone: float64[n]."""
        if rows is None:
            rows = np.arange(len(evidence))
        measures = np.ascontiguousarray(evidence.T)  # no copy of a run's evidence, which stands column by column
        total = np.empty(len(rows))
        # a row costs the plain twin microseconds: as many rows as other work has bytes
        kernels_for(len(rows)).judge_batch(measures, rows, *self._flat(), self.base, total)
        return total

    def _flat(self) -> tuple[NDArray[Any], ...]:
        """Return the tables as flat arrays, in the order of ``kernels.judge.judge_batch``: equal scales come once."""
        scales: dict[tuple[str, bytes], int] = {}
        cuts, axes, strides = [], [], []
        for table in self.tables:
            for k, (measure, edges) in enumerate(zip(table.measures, table.edges, strict=True)):
                scale = (measure, edges.tobytes())
                if scale not in scales:
                    cuts.append(edges)
                axes.append(scales.setdefault(scale, len(scales)))
                strides.append(prod(table.points.shape[k + 1 :]))
        return (
            np.array([COLUMN[measure] for measure, _ in scales], np.int64),
            np.concatenate([*cuts, np.empty(0)]),
            _ends(map(len, cuts)),
            np.array(axes, np.int64),
            np.array(strides, np.int64),
            _ends(len(table.measures) for table in self.tables),
            np.concatenate([*(table.points.ravel() for table in self.tables), np.empty(0)]),
            _ends(table.points.size for table in self.tables)[:-1],
        )


@dataclass(frozen=True, slots=True)
class Model:
    """The relations that were fitted, the cut on each probability, and what the fit was made of."""

    relations: dict[str, Relation]
    thresholds: dict[str, float]
    record: dict[str, Any]

    def probabilities(
        self, evidence: NDArray[np.float32], measured: NDArray[np.bool_], judged: NDArray[np.bool_]
    ) -> NDArray[np.float64]:
        """Return p(near), p(event), p(story) of each pair: float64[n_pairs, 3], never falling from left to right.

        ``measured`` : bool[n_pairs], whose wording was compared; the others are no copies. ``judged`` : bool[n_pairs],
        those not ruled out before. No event lasts longer than ``EVENT_DAYS``. A relation is as likely as the tighter one where nothing is known of the subject,
        or where the model has no tables for it.
        """
        p = np.zeros((len(evidence), len(RELATIONS)))
        told = judged & ~np.isnan(evidence[:, COLUMN["subject"]])
        for k, name in enumerate(RELATIONS):
            rows = np.flatnonzero(measured if name == "near" else told)
            if name in self.relations:
                log_odds = np.clip(self.relations[name].log_odds(evidence, rows), -60, 60)
                p[rows, k] = 1.0 / (1.0 + np.exp(-log_odds))
            if name == "event":
                p[evidence[:, COLUMN["days"]] > EVENT_DAYS, k] = 0.0
            if k:
                p[:, k] = np.maximum(p[:, k], p[:, k - 1])
        return p

    def contributions(self, relation: str, evidence: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return what each table of a relation adds to each pair: float64[n_pairs, n_tables]."""
        return np.stack([table.read(evidence) for table in self.relations[relation].tables], axis=1)


def load_model(path: str | Path | None = None) -> Model:
    """Read a model file; without a path, the shipped one.

    A relation the file does not hold is that of the shipped model. Raises ``InputError`` for a file that is no model.
    """
    shipped = _read_model(MODEL_PATH, MODEL_PATH.read_bytes())
    if path is None:
        return shipped
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        raise _not_a_model(path, error) from error
    own = _read_model(path, data)
    return Model(
        {**shipped.relations, **own.relations},
        {**shipped.thresholds, **own.thresholds},
        {**shipped.record, **own.record},
    )


def model_text(relations: Mapping[str, Any], thresholds: Mapping[str, float], record: Mapping[str, Any]) -> str:
    """Return the text of a model file, relations as ``plain_relation`` gives them: one line a table, so that a change shows in a diff."""
    written = []
    for name, part in relations.items():
        tables = ",\n".join("  " + json.dumps(table) for table in part["tables"])
        written.append(f'{json.dumps(name)}: {{"base": {part["base"]}, "tables": [\n{tables}\n]}}')
    cuts, made = json.dumps(thresholds), json.dumps(record)
    return '{"relations": {' + ",\n".join(written) + f'}},\n"thresholds": {cuts},\n"record": {made}}}\n'


def plain_relation(relation: Relation) -> dict[str, Any]:
    """Return a relation as plain dicts, lists and numbers of four decimals."""
    tables = [
        {
            "measures": list(table.measures),
            "edges": [edges.tolist() for edges in table.edges],
            "points": np.round(table.points, 4).tolist(),
        }
        for table in relation.tables
    ]
    return {"base": round(relation.base, 4), "tables": tables}


@lru_cache(maxsize=4)
def _read_model(path: str | Path, data: bytes) -> Model:
    try:
        raw = json.loads(data.decode("utf-8"))
        relations = {name: _read_relation(name, part) for name, part in raw["relations"].items()}
        thresholds = {name: _read_threshold(name, raw["thresholds"][name]) for name in relations}
        return Model(relations, thresholds, dict(raw["record"]))
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise _not_a_model(path, error) from error


def _not_a_model(path: str | Path, error: Exception) -> InputError:
    told = f"it has no {error}" if isinstance(error, KeyError) else getattr(error, "strerror", None) or error
    return InputError(str(path), f"not a model file ({told}); fit one with `dedup fit` or leave the option out")


def _ends(lengths: Iterable[int]) -> NDArray[np.int64]:
    """Return where each of several stretches ends, and before them 0, where the first begins."""
    return np.array([0, *accumulate(lengths)], np.int64)


def _read_relation(name: str, raw: dict[str, Any]) -> Relation:
    """Return one relation of a model file; raises ValueError where it is none, or its parts are not numbers."""
    relation = Relation(float(raw["base"]), tuple(_read_table(table) for table in raw["tables"]))
    if name not in RELATIONS or not relation.tables or not np.isfinite(relation.base):
        message = f"relation {name!r}: wanted {', '.join(RELATIONS)}, each with a base and tables"
        raise ValueError(message)
    return relation


def _read_threshold(name: str, raw: Any) -> float:
    """Return a threshold of a model file; raises ValueError where it is no probability."""
    if not 0 <= (threshold := float(raw)) <= 1:
        message = f"threshold of {name!r} {raw!r}, wanted 0 to 1"
        raise ValueError(message)
    return threshold


def _read_table(raw: dict[str, Any]) -> Table:
    """Return one table of a model file; raises ValueError where its parts do not fit each other."""
    table = Table(
        tuple(raw["measures"]),
        tuple(np.array(edges, np.float64) for edges in raw["edges"]),
        np.array(raw["points"], np.float64),
    )
    if len(table.measures) not in (1, 2):
        message = f"table {table.name!r}: wanted one measure or two"
        raise ValueError(message)
    wanted = tuple(len(edges) + 2 for edges in table.edges)
    if not all(measure in COLUMN for measure in table.measures) or table.points.shape != wanted:
        message = (
            f"table {table.name!r}: {table.points.shape} points, wanted {wanted} over measures of {', '.join(COLUMN)}"
        )
        raise ValueError(message)
    if not (np.isfinite(table.points).all() and all((np.diff(edges) > 0).all() for edges in table.edges)):
        message = f"table {table.name!r}: points must be finite, cuts must rise"
        raise ValueError(message)
    return table
