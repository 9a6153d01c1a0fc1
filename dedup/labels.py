"""Labels of people: which articles are copies of, or tell the same story as, which.

In: a CSV file with the header ``id_a,id_b,label`` or ``id,cluster`` (other columns are left alone). Out: the labels
as they stand, ids not yet looked up in any corpus. A label file that contradicts itself is refused, never guessed at.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from dedup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

PAIR_COLUMNS = ("id_a", "id_b", "label")
CLUSTER_COLUMNS = ("id", "cluster")

_NAME_CHARS = 40
"""So much of a column's name stands in a message: the first line of a file that is no label file may be a text."""


@dataclass(frozen=True, slots=True)
class PairLabels:
    """Pairs somebody judged: ``positive`` : bool[n_pairs]; ``unscored`` counts the pairs left without a label."""

    kind: ClassVar[Literal["pairs"]] = "pairs"
    where: str
    ids_a: tuple[str, ...]
    ids_b: tuple[str, ...]
    positive: NDArray[np.bool_]
    unscored: int = 0


@dataclass(frozen=True, slots=True)
class ClusterLabels:
    """The cluster of each article named: ``cluster`` : int32[n_ids], equal numbers for one cluster."""

    kind: ClassVar[Literal["clusters"]] = "clusters"
    where: str
    ids: tuple[str, ...]
    cluster: NDArray[np.int32]


Labels = PairLabels | ClusterLabels


def read_labels(path: str | Path) -> Labels:
    """Read pairs or clusters, told apart by the header.

    Raises ``InputError`` naming file and line for a file that cannot be read, a header without the columns, a row
    that is short or empty, a label other than 0, 1 or nothing, and a row that contradicts an earlier one.
    """
    where = str(path)
    rows = _rows(where)
    _, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    if set(PAIR_COLUMNS) <= set(names):
        return _pairs(where, _columns(where, rows, names, PAIR_COLUMNS))
    if set(CLUSTER_COLUMNS) <= set(names):
        return _clusters(where, _columns(where, rows, names, CLUSTER_COLUMNS))
    found = ", ".join(repr(name[:_NAME_CHARS]) for name in names[:8]) or "nothing"
    reason = f"the header has {found}; wanted the columns id_a,id_b,label for pairs or id,cluster for clusters"
    place = f"{where}:1"
    raise InputError(place, reason)


def read_answers(path: str | Path) -> dict[tuple[str, str], str]:
    """Return every pair of a file of labelled pairs, smaller id first, with its label: 1, 0, or nothing.

    Raises ``InputError`` as ``read_labels`` does, and for a file of clusters.
    """
    where = str(path)
    rows = _rows(where)
    _, header = next(rows, (1, []))
    names = [name.strip() for name in header]
    if not set(PAIR_COLUMNS) <= set(names):
        reason = "no file of labelled pairs; wanted the columns id_a,id_b,label: give another file"
        place = f"{where}:1"
        raise InputError(place, reason)
    return _answers(where, _columns(where, rows, names, PAIR_COLUMNS))


def _rows(where: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the number of its line."""
    try:
        data = Path(where).read_bytes()
    except OSError as error:
        reason = f"the labels cannot be read ({error.strerror or error}); give the path of a CSV file"
        raise InputError(where, reason) from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        place = f"{where}:{line}"
        raise InputError(place, "a byte that is not UTF-8; save the labels as UTF-8") from None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            if row:
                yield reader.line_num, row
    except csv.Error as error:
        reason = f"not readable as CSV ({error}); quote a field that holds commas, quotes or line ends"
        place = f"{where}:{reader.line_num}"
        raise InputError(place, reason) from None


def _columns(
    where: str, rows: Iterator[tuple[int, list[str]]], names: list[str], wanted: tuple[str, ...]
) -> Iterator[tuple[int, list[str]]]:
    """Yield line number and the cells of the wanted columns, in the order wanted."""
    places = [names.index(name) for name in wanted]
    for line, row in rows:
        if len(row) <= max(places):
            reason = f"{len(row)} fields where the header names {len(names)}; complete the row"
            place = f"{where}:{line}"
            raise InputError(place, reason)
        yield line, [row[place].strip() for place in places]


def _answers(where: str, rows: Iterator[tuple[int, list[str]]]) -> dict[tuple[str, str], str]:
    """Gather pairs with their labels; one pair given twice alike counts once."""
    seen: dict[tuple[str, str], tuple[str, int]] = {}
    for line, (first, second, label) in rows:
        place = f"{where}:{line}"
        if not first or not second:
            raise InputError(place, "an empty id; a pair needs both of its ids")
        if first == second:
            raise InputError(place, f"{first!r} is paired with itself; a pair needs two articles")
        if label not in ("0", "1", ""):
            raise InputError(place, f"the label is {label!r}; it can be 1 (same), 0 (different) or empty (not scored)")
        pair = (min(first, second), max(first, second))
        earlier, at = seen.setdefault(pair, (label, line))
        if earlier != label:
            reason = f"the pair {first!r}, {second!r} has label {label!r} here and {earlier!r} in line {at}; keep one"
            raise InputError(place, reason)
    return {pair: label for pair, (label, _) in seen.items()}


def _pairs(where: str, rows: Iterator[tuple[int, list[str]]]) -> PairLabels:
    """Return the pairs with a label."""
    answers = _answers(where, rows)
    scored = [(pair, label == "1") for pair, label in answers.items() if label]
    return PairLabels(
        where,
        tuple(pair[0] for pair, _ in scored),
        tuple(pair[1] for pair, _ in scored),
        np.array([positive for _, positive in scored], bool),
        len(answers) - len(scored),
    )


def _clusters(where: str, rows: Iterator[tuple[int, list[str]]]) -> ClusterLabels:
    """Gather the cluster of each article; one article given twice alike counts once."""
    seen: dict[str, tuple[str, int]] = {}
    for line, (name, cluster) in rows:
        place = f"{where}:{line}"
        if not name:
            raise InputError(place, "an empty id; name the article")
        if not cluster:
            raise InputError(place, f"{name!r} has no cluster; name one, or leave the row out")
        earlier, at = seen.setdefault(name, (cluster, line))
        if earlier != cluster:
            reason = f"{name!r} is in cluster {cluster!r} here and in {earlier!r} in line {at}; keep one"
            raise InputError(place, reason)
    numbers: dict[str, int] = {}
    codes = [numbers.setdefault(cluster, len(numbers)) for cluster, _ in seen.values()]
    return ClusterLabels(where, tuple(seen), np.array(codes, np.int32))
