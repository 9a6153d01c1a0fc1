"""JSON values cut out of a stream of bytes, without parsing them.

In: blocks of UTF-8 that hold an array, or objects one after the other with any layout. Out: the bytes of each value
with the line it begins on. Only brackets and quotes are looked at, so a malformed value costs itself alone as long as
its brackets balance.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_GAP = re.compile(rb"[\s,]*+")
_TO_MARK = re.compile(rb'[^\[\]{}"]*+')
_TO_GAP = re.compile(rb'[^\s,\[\]{}"]++')
_TO_STRING_END = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)


@dataclass(frozen=True, slots=True)
class JsonValue:
    """One value: the line it begins on and its bytes, None if longer than allowed; or what broke the stream."""

    line: int
    content: bytes | None
    fault: str = ""


def cut_values(blocks: Iterable[bytes], limit: int) -> Iterator[JsonValue]:
    """Yield the items of an array, or the values that stand one after the other where there is no array."""
    cutter = _Cutter(limit)
    for block in blocks:
        yield from cutter.feed(block)
    yield from cutter.finish()


@dataclass(slots=True)
class _Cutter:
    """Where the stream stands: how deep in brackets, in a string or not, and the value begun."""

    limit: int
    line: int = 1
    depth: int = 0
    base: int = 0
    started: bool = False
    in_string: bool = False
    in_value: bool = False
    value_line: int = 1
    held: list[bytes] = field(default_factory=list)
    size: int = 0
    left_over: bytes = b""

    def feed(self, block: bytes) -> Iterator[JsonValue]:
        """Yield the values that end in this block."""
        data = self._whole_escapes(block)
        at = 0
        while at < len(data):
            begin, inside = at, self.in_value
            if inside:
                at = self._to_value_end(data, at)
                self._hold(data[begin:at])
                if not self.in_value:
                    yield self._whole()
            else:
                at = self._to_value(data, at)
            self.line += data.count(b"\n", begin, at)

    def finish(self) -> Iterator[JsonValue]:
        """Yield the value the stream ends in, or what is missing at its end."""
        if self.left_over:
            self.in_value = True
            self._hold(self.left_over)
        if self.in_value and (self.in_string or self.depth > self.base):
            yield JsonValue(self.value_line, None, "begins here and never ends; a bracket or quote is not closed")
        elif self.in_value:
            yield self._whole()
        elif self.base:
            yield JsonValue(self.line, None, "the array ends too early; its ']' is missing")

    def _whole_escapes(self, block: bytes) -> bytes:
        """Return the bytes to read next: a backslash the block ends with waits for the byte it belongs to."""
        data = self.left_over + block
        n_backslashes = len(data) - len(data.rstrip(b"\\"))
        cut = len(data) - n_backslashes % 2
        self.left_over = data[cut:]
        return data[:cut]

    def _to_value(self, data: bytes, at: int) -> int:
        """Pass over a gap between values, or over a bracket of the array, or begin the value that stands here."""
        end = _reach(_GAP, data, at)
        if end > at:
            return end
        mark = data[at : at + 1]
        if mark == b"[" and not self.started:
            self.started, self.depth, self.base = True, 1, 1
            return at + 1
        if mark == b"]" and self.base:
            self.depth = self.base = 0
            return at + 1
        self.started = self.in_value = True
        self.value_line = self.line
        return at

    def _to_value_end(self, data: bytes, at: int) -> int:
        """Return where the value ends, and clear ``in_value``; or the end of the data."""
        while self.in_value and at < len(data):
            if self.in_string:
                at = self._to_string_end(data, at)
            elif self.depth == self.base and data[at] not in b'[]{}"':
                at = self._to_scalar_end(data, at)
            else:
                at = self._past_mark(data, at)
        return at

    def _past_mark(self, data: bytes, at: int) -> int:
        end = _reach(_TO_MARK, data, at)
        if end == len(data):
            return end
        mark = data[end : end + 1]
        if mark == b'"':
            self.in_string = True
        elif mark in (b"[", b"{"):
            self.depth += 1
        else:
            self.depth = max(self.depth - 1, self.base)
            self.in_value = self.depth > self.base
        return end + 1

    def _to_string_end(self, data: bytes, at: int) -> int:
        end = _reach(_TO_STRING_END, data, at)
        if end == len(data):
            return end
        self.in_string = False
        self.in_value = self.depth > self.base
        return end + 1

    def _to_scalar_end(self, data: bytes, at: int) -> int:
        end = _reach(_TO_GAP, data, at)
        self.in_value = end == len(data)
        return end

    def _hold(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size <= self.limit:
            self.held.append(piece)
        else:
            self.held.clear()

    def _whole(self) -> JsonValue:
        value = JsonValue(self.value_line, b"".join(self.held) if self.size <= self.limit else None)
        self.in_value, self.held, self.size = False, [], 0
        return value


def _reach(pattern: re.Pattern[bytes], data: bytes, at: int) -> int:
    match = pattern.match(data, at)
    return match.end() if match else at
