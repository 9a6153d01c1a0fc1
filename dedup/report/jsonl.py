"""JSON out: one record a line, or one document."""

from __future__ import annotations

import json
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, Any

from dedup.report.escape import inert_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import TextIO


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False)


def write_lines(records: Iterable[Mapping[str, Any]], out: TextIO) -> None:
    """Write each record as one line of JSON."""
    names: tuple[str, ...] = ()
    form = "{}"
    for record in records:
        if tuple(record) != names:  # records come in few shapes, so what is around their values is made once
            names = tuple(record)
            form = _form(names)
        values = tuple([encode_basestring(x) if type(x) is str else _ENCODER.encode(x) for x in record.values()])
        out.write(inert_json(form % values) + "\n")


def _form(names: tuple[str, ...]) -> str:
    """Return a line of JSON with ``%s`` for the value of each field."""
    return "{" + ", ".join(f"{_ENCODER.encode(name)}: ".replace("%", "%%") + "%s" for name in names) + "}"


def write_document(record: Mapping[str, Any], out: TextIO) -> None:
    """Write one record as an indented JSON document."""
    out.write(inert_json(json.dumps(record, ensure_ascii=False, allow_nan=False, indent=2)) + "\n")
