"""Labelled news from a data folder: its sets, their articles, their labels.

In: a folder given by ``--data`` or DEDUP_DATA that holds one folder per set, or is a set itself (``tests/corpus``).
A set holds ``articles.jsonl`` or ``articles.jsonl.gz`` and any of ``pairs.csv`` and ``clusters.csv``. Out: plain rows.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from argparse import ArgumentParser

CORPUS = Path(__file__).parent.parent / "tests" / "corpus"
"""The project's own small corpus, which ``--quick`` runs use."""

ARTICLE_FILES = ("articles.jsonl.gz", "articles.jsonl")


@dataclass(frozen=True, slots=True)
class NewsSet:
    """One set: where it lies; articles and labels are read when asked for."""

    folder: Path

    @property
    def name(self) -> str:
        """The set's name, which is its folder's."""
        return self.folder.name

    @property
    def file(self) -> Path:
        """The file of articles."""
        return next(path for path in map(self.folder.joinpath, ARTICLE_FILES) if path.exists())

    def articles(self, limit: int | None = None) -> list[dict[str, Any]]:
        """Return the first ``limit`` articles as they stand in the file, or all."""
        with open_text(self.file) as lines:
            return [json.loads(line) for line in islice(lines, limit)]

    def clusters(self) -> dict[str, str]:
        """Return the cluster of each labelled article; empty if the set has no clusters."""
        return {row["id"]: row["cluster"] for row in self.table("clusters.csv")}

    def pairs(self) -> dict[tuple[str, str], bool]:
        """Return the judged pairs, smaller id first; pairs without a label are left out."""
        rows = (row for row in self.table("pairs.csv") if row["label"])
        return {(min(a, b), max(a, b)): row["label"] == "1" for row in rows for a, b in [(row["id_a"], row["id_b"])]}

    def table(self, name: str) -> list[dict[str, str]]:
        """Return the rows of one of the set's CSV files; none if it is not there."""
        path = self.folder / name
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as lines:
            return list(csv.DictReader(lines))


def add_data_option(parser: ArgumentParser) -> None:
    """Give a script its ``--data`` and ``--quick`` options."""
    parser.add_argument("--data", default=os.environ.get("DEDUP_DATA", ""), help="folder of sets (default: DEDUP_DATA)")
    parser.add_argument("--quick", action="store_true", help="a smoke run on the project's own corpus; writes nothing")


def find_sets(folder: str | Path) -> dict[str, NewsSet]:
    """Return the sets of a data folder by name; ends the script with one sentence if there is none."""
    if not str(folder):
        message = "no data folder: give --data FOLDER or set DEDUP_DATA, or use --quick"
        raise SystemExit(message)
    root = Path(folder)
    folders = [root, *sorted(root.iterdir())] if root.is_dir() else []
    sets = {path.name: NewsSet(path) for path in folders if any((path / name).exists() for name in ARTICLE_FILES)}
    if not sets:
        message = f"{folder}: no folder with articles.jsonl or articles.jsonl.gz in it; give --data another folder"
        raise SystemExit(message)
    return sets


def find_set(folder: str | Path, name: str) -> NewsSet:
    """Return one set of a data folder; ends the script with one sentence if it is not there."""
    sets = find_sets(folder)
    if name not in sets:
        message = f"{folder}: no set {name!r}; it holds {', '.join(sets)}"
        raise SystemExit(message)
    return sets[name]


def write_columns(articles: list[dict[str, Any]], path: Path) -> None:
    """Write texts and titles, one article a line, for a child process to read."""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps([row["text"], row.get("title") or ""]) + "\n" for row in articles)


def read_columns(path: str) -> dict[str, list[str]]:
    """Read what ``write_columns`` wrote, as columns; leaves no other rows behind, as memory is measured after it."""
    columns: dict[str, list[str]] = {"texts": [], "titles": []}
    with Path(path).open(encoding="utf-8") as lines:
        for line in lines:
            text, title = json.loads(line)
            columns["texts"].append(text)
            columns["titles"].append(title)
    return columns


def open_text(path: Path) -> IO[str]:
    """Open a file of lines, gzipped or not."""
    return gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8")
