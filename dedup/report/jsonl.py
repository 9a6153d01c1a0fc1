"""JSON out: one record a line, or one document."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dedup.report.escape import inert_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TextIO


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def write_lines(records: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """Write each record as one line of JSON."""
    encode = _ENCODER.encode
    out.writelines(f"{inert_json(encode(record))}\n" for record in records)


def write_document(record: Mapping[str, Any], out: TextIO) -> None:
    """Write one record as an indented JSON document."""
    out.write(inert_json(json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2)) + "\n")
