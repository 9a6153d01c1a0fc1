"""An answer of a web server as a crawler kept it: the page in it, unpacked within a bound.

In: status line, header and body as bytes. Out: ``Answer``, or an ``HttpError`` that says what is wrong.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

_PAGE_TYPES = ("text/html", "application/xhtml+xml")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:+-]{1,40})", re.IGNORECASE)
_CHUNK = re.compile(rb"\s*([0-9A-Fa-f]{1,16})[^\n]{0,1000}\n")
_ANY_HEADER = 47
"""zlib's code for a gzip or zlib header and the largest window."""


class HttpError(Exception):
    """An answer that cannot be read, and why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A page and the encoding its server named (empty: none); ``page`` None means that the answer is no page."""

    page: bytes | None
    encoding: str = ""


def header_fields(lines: list[bytes]) -> dict[str, str]:
    """Return the fields of a header by their names in lower case; the first of a name counts."""
    fields: dict[str, str] = {}
    for line in lines:
        name, _, value = line.decode("utf-8", "replace").partition(":")
        fields.setdefault(name.strip().lower(), value.strip())
    return fields


def read_answer(message: bytes, limit: int) -> Answer:
    """Return the page in an answer; one of more than ``limit`` bytes is an ``HttpError``."""
    head, body = _parted(message)
    status, *lines = head.splitlines() or [b""]
    fields = header_fields(lines)
    kind = fields.get("content-type", "")
    code = status.split()[1:2]
    if not status.startswith(b"HTTP/") or code != [b"200"]:
        return Answer(None)
    if kind.split(";")[0].strip().lower() not in _PAGE_TYPES and (kind or not body.lstrip().startswith(b"<")):
        return Answer(None)
    if "chunked" in fields.get("transfer-encoding", "").lower():
        body = _joined(body)
    charset = _CHARSET.search(kind)
    return Answer(_unpacked(body, fields.get("content-encoding", "").lower(), limit), charset[1] if charset else "")


def _parted(message: bytes) -> tuple[bytes, bytes]:
    """Return header and body, parted by the first empty line."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := message.find(mark)) >= 0]
    if not ends:
        return message, b""
    at, size = min(ends)
    return message[:at], message[at + size :]


def _joined(body: bytes) -> bytes:
    """Return a body sent in chunks as one; what is no chunk (some crawlers join them and keep the header) stays."""
    parts: list[bytes] = []
    at = 0
    while match := _CHUNK.match(body, at):
        size = int(match[1], 16)
        if size == 0:
            break
        parts.append(body[match.end() : match.end() + size])
        at = match.end() + size
    return b"".join(parts) if parts else body


def _unpacked(body: bytes, packed_as: str, limit: int) -> bytes:
    if packed_as in ("", "identity", "none", "utf-8"):
        return body
    if packed_as not in ("gzip", "x-gzip", "deflate"):
        reason = f"packed as {packed_as[:20]!r}; wanted gzip, deflate or plain"
        raise HttpError(reason)
    if body.lstrip()[:1] == b"<":  # some crawlers unpack and keep the header
        return body
    for window in (_ANY_HEADER, -zlib.MAX_WBITS):
        try:
            page = zlib.decompressobj(window).decompress(body, limit + 1)
        except zlib.error:
            continue
        if len(page) > limit:
            break
        return page
    else:
        reason = f"not the {packed_as} it says it is"
        raise HttpError(reason)
    reason = "longer than allowed when unpacked; it is no article, or raise the limit with --max-record-mb"
    raise HttpError(reason)
