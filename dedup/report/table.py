"""CSV out: a head and one row a record, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

from dedup.report.escape import inert, inert_lines, not_a_formula

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TextIO


def write_csv(records: Iterable[Mapping[str, Any]], fields: Sequence[str], out: TextIO) -> None:
    """Write the named fields of each record as CSV.

    A list is joined by "; " (of records, their ``words``), an unknown value is an empty cell, and text a spreadsheet
    would run as a formula gets a leading apostrophe. Controls and marks that turn the reading order are written as
    escapes; line breaks stay, except on a person's terminal.
    """
    escape = inert if out.isatty() else inert_lines
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(fields)
    for record in records:
        writer.writerow([escape(_cell(record[name])) for name in fields])


def _cell(value: Any) -> str:
    """Return a value as the text of one cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return not_a_formula(value)
    if isinstance(value, list):
        return not_a_formula("; ".join(str(item["words"] if isinstance(item, dict) else item) for item in value))
    return str(value)
