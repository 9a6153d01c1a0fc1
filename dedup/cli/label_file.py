"""The file a person's labels go to: read where it exists, then one row an answer, on the disk before the next question."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import TYPE_CHECKING

from dedup.labels import PAIR_COLUMNS, read_answers

if TYPE_CHECKING:
    from types import TracebackType


class LabelFile:
    """A CSV file of labelled pairs that grows at its end; ``answers`` : the label of each pair it held when opened.

    Raises ``InputError`` where the file holds something else than labelled pairs.
    """

    def __init__(self, path: str) -> None:
        place = Path(path)
        self.answers: dict[tuple[str, str], str] = {}
        self._columns: list[str] = list(PAIR_COLUMNS)
        self._starts: list[int] = []
        held = place.exists() and place.stat().st_size > 0
        if held:
            self.answers = read_answers(path)
            with place.open(encoding="utf-8-sig", newline="") as lines:
                self._columns = [name.strip() for name in next(row for row in csv.reader(lines) if row)]
        self._file = place.open("ab", buffering=0)
        if not held:
            self._put(",".join(PAIR_COLUMNS) + "\n")
        elif not place.read_bytes().endswith(b"\n"):
            self._put("\n")

    def __enter__(self) -> LabelFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._file.close()

    def add(self, a: str, b: str, label: str) -> None:
        """Write one answer down; it is on the disk when this returns."""
        row = dict(zip(PAIR_COLUMNS, (a, b, label), strict=True))
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow([row.get(name, "") for name in self._columns])
        self._starts.append(os.fstat(self._file.fileno()).st_size)
        self._put(line.getvalue())

    def take_back(self) -> bool:
        """Remove the last answer of this session; False if there is none."""
        if not self._starts:
            return False
        self._file.truncate(self._starts.pop())
        os.fsync(self._file.fileno())
        return True

    def _put(self, line: str) -> None:
        self._file.write(line.encode())
        os.fsync(self._file.fileno())


def can_be_named(name: str) -> bool:
    """Say whether an id reads back as it was from a label file, which trims blanks and is UTF-8."""
    return name == name.strip() and not any("\ud800" <= char <= "\udfff" for char in name)
