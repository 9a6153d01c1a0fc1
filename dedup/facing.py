"""Two texts side by side, in pieces: what both share, what was cut as furniture and stays visible, and the rest.

In: an article's text as it came, what was cut from it, and the passages found in what is left. Out: pieces in order.
"""

from __future__ import annotations

from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, NamedTuple

from dedup.briefs import Piece
from dedup.packing import without

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN_BYTES = 16_000
"""Of a text, so much is shown; copies tell themselves sooner."""

CUT_CHARS = 400
"""Of one thing cut, so much is shown."""


class Shown(NamedTuple):
    """What is shown of a text: ``text`` without furniture; ``left_out`` characters behind it are not.

    ``cuts`` : where something was cut, in characters of ``text``, the reason, and what it was.
    """

    text: bytes
    left_out: int
    cuts: list[tuple[int, str, str]]


def shown_of(text: bytes, spans: Sequence[tuple[int, int, str]]) -> Shown:
    """Return what is shown of a text as it came; ``spans`` : what was cut, start and end in bytes, and the reason."""
    clean = without(text, [(start, end) for start, end, _ in spans])
    reader = getincrementaldecoder("utf-8")("replace")  # holds back the first bytes of a character that is not whole
    shown = reader.decode(clean[:SHOWN_BYTES], final=len(clean) <= SHOWN_BYTES)
    left_out = len(clean[SHOWN_BYTES:].decode("utf-8", "ignore"))
    cuts: list[tuple[int, str, str]] = []
    gone = done = chars = 0
    for start, end, reason in spans:
        at = start - gone
        gone += end - start
        if at > SHOWN_BYTES:
            break
        chars += len(clean[done:at].decode("utf-8", "replace"))
        done = at
        said = text[start:end][: 4 * CUT_CHARS].decode("utf-8", "replace")
        cuts.append((chars, reason, said if len(said) <= CUT_CHARS else said[:CUT_CHARS] + "…"))
    return Shown(shown.encode(), left_out, cuts)


def pieces_of(
    text: str, passages: Sequence[tuple[int, int]], cuts: Sequence[tuple[int, str, str]]
) -> tuple[Piece, ...]:
    """Return a text in pieces; ``passages`` : start and end in characters, numbered by their place in the list."""
    edges = {0, len(text), *(at for span in passages for at in span), *(at for at, _, _ in cuts)}
    edges = {min(edge, len(text)) for edge in edges}
    furniture: dict[int, list[Piece]] = {}
    for at, reason, said in cuts:
        furniture.setdefault(min(at, len(text)), []).append(Piece(said, cut=reason))
    pieces: list[Piece] = []
    ordered = sorted(edges)
    for edge, end in zip(ordered, [*ordered[1:], len(text)], strict=True):
        pieces += furniture.get(edge, [])
        if end > edge:
            holding = (k for k, (start, stop) in enumerate(passages) if start <= edge and end <= stop)
            pieces.append(Piece(text[edge:end], passage=next(holding, None)))
    return tuple(pieces)
