"""Tables for people: rows in, Markdown out, set between named marks in README.md; figures for machines beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HERE = Path(__file__).parent
README = HERE / "README.md"
RESULTS = HERE / "results"


def table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return a Markdown table; the first column is set left, the others right."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def put_tables(tables: Mapping[str, str], path: Path = README) -> None:
    """Replace what stands between ``<!-- name -->`` and ``<!-- /name -->`` for each named table.

    Raises ValueError if a file lacks a mark: a table nobody sees is a mistake.
    """
    text = path.read_text(encoding="utf-8")
    for name, content in tables.items():
        start, end = f"<!-- {name} -->", f"<!-- /{name} -->"
        before, found_start, rest = text.partition(start)
        _, found_end, after = rest.partition(end)
        if not (found_start and found_end):
            message = f"{path.name}: no place for the table {name!r}; add the lines {start} and {end}"
            raise ValueError(message)
        text = f"{before}{start}\n{content}\n{end}{after}"
    path.write_text(text, encoding="utf-8")


def put_results(script: str, figures: Mapping[str, object]) -> None:
    """Write a script's figures to ``results/<script>.json``."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps(figures, indent=1, ensure_ascii=False)
    (RESULTS / f"{script}.json").write_text(text + "\n", encoding="utf-8")


def number(value: float) -> str:
    """Return a figure with three significant digits, no exponent."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2 if abs(value) >= 1 else 3
    return f"{value:,.{digits}f}"
