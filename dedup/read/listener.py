"""Who hears what a reader meets on its way: bad records, notes, progress.

Readers tell it and never decide themselves whether to stop.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dedup.errors import InputError
from dedup.results import BadRecord

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping


@dataclass(slots=True)
class Listener:
    """Passes on what happened; with ``strict`` the first bad record becomes an ``InputError``."""

    strict: bool = False
    on_bad: Callable[[BadRecord], None] | None = None
    on_note: Callable[[str], None] | None = None
    on_bytes: Callable[[int], None] | None = None
    on_rest: Callable[[str, dict[str, Any]], None] | None = None
    n_bad: int = 0

    def bad(self, where: str, reason: str) -> None:
        """Report a record that is lost; without anyone to hear it, as a warning: nothing is dropped in silence."""
        if self.strict:
            raise InputError(where, reason)
        self.n_bad += 1
        if self.on_bad is not None:
            self.on_bad(BadRecord(where, reason))
        else:
            warnings.warn(f"{where}: {reason}", stacklevel=3)

    def note(self, message: str) -> None:
        """Report something worth knowing that costs no record."""
        if self.on_note is not None:
            self.on_note(message)

    def rest(self, where: str, record: Mapping[str, Any], used: Collection[str | None]) -> None:
        """Pass on the fields of a record its article is not made from, if it has any and somebody wants them."""
        if self.on_rest is not None and (rest := {name: record[name] for name in record if name and name not in used}):
            self.on_rest(where, rest)

    def bytes_read(self, n_bytes: int) -> None:
        """Report progress through a file, in bytes as they stand on disk."""
        if self.on_bytes is not None:
            self.on_bytes(n_bytes)
