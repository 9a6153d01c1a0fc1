"""Blocks of bytes cut into lines, none longer in memory than allowed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def cut_lines(blocks: Iterable[bytes], limit: int) -> Iterator[bytes | None]:
    """Yield each line without its line feed; None for one longer than ``limit`` bytes, which is not kept."""
    held: list[bytes] = []
    size = 0
    for block in blocks:
        first, *rest = block.split(b"\n")
        size += len(first)
        if size <= limit:
            held.append(first)
        else:
            held.clear()
        if rest:
            yield b"".join(held) if size <= limit else None
            last = rest.pop()
            for line in rest:
                yield line if len(line) <= limit else None
            held, size = [last], len(last)
    if size:
        yield b"".join(held) if size <= limit else None


def too_long(limit: int) -> str:
    """Return the sentence for a record that exceeds the limit."""
    return f"longer than {_amount(limit)}; it is no article, or raise the limit with --max-record-mb"


def _amount(n_bytes: int) -> str:
    return f"{n_bytes / (1 << 20):g} MB" if n_bytes >= 1 << 20 else f"{n_bytes} bytes"
