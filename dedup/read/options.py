"""What a reader may be told: names of fields, limits, encoding."""

from __future__ import annotations

from dataclasses import dataclass

from dedup.errors import SettingsError

MAX_RECORD_BYTES = 64 << 20
"""A longer record is no article; the limit keeps a file without line ends from filling the memory."""

FORMATS = (
    "txt", "jsonl", "json", "csv", "tsv",
    "parquet", "arrow",
    "html", "warc", "feed",
)  # fmt: skip
"""The kinds of file that can be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How records become articles; a field left ``None`` is found by its usual names.

    ``strict`` stops at the first bad record. ``encoding`` overrules detection. ``format`` is one of ``FORMATS``, for
    input whose name does not tell it.
    """

    text_field: str | None = None
    title_field: str | None = None
    id_field: str | None = None
    date_field: str | None = None
    source_field: str | None = None
    lang_field: str | None = None
    url_field: str | None = None
    strict: bool = False
    max_record_bytes: int = MAX_RECORD_BYTES
    encoding: str | None = None
    format: str | None = None

    def __post_init__(self) -> None:
        """Refuse values that cannot work, each in one sentence."""
        for name, allowed, can_work in (
            ("max_record_bytes", "a whole number from 1 up", self.max_record_bytes >= 1),
            ("format", "one of " + ", ".join(FORMATS), self.format in (None, *FORMATS)),
            ("encoding", "a text encoding Python knows, such as utf-8 or cp1252", _is_encoding(self.encoding)),
        ):
            if not can_work:
                raise SettingsError(name, getattr(self, name), allowed)


def _is_encoding(name: str | None) -> bool:
    try:
        "".encode(name or "utf-8")
    except (LookupError, ValueError):
        return False
    return True
