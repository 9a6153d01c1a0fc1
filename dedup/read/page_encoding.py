"""The bytes of a page as text.

A byte order mark decides; else the encoding named; else what the page declares of itself; else UTF-8 where the bytes
are that; else the likeliest encoding, which is said.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from dedup.errors import InputError
from dedup.read.encodings import marked_encoding
from dedup.read.web import web_module

if TYPE_CHECKING:
    from dedup.read.listener import Listener

_HEAD_BYTES = 4096
"""Where a page declares its encoding; the standard of HTML asks for the first 1024, pages are later than that."""

_DECLARED = re.compile(
    rb"""<meta\s[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:+-]{1,40})|<\?xml\s[^>]{0,200}?encoding\s*=\s*["']([\w.:+-]{1,40})""",
    re.IGNORECASE,
)
_READ_AS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "tis-620": "cp874", "iso8859-11": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949", "big5": "big5hkscs",
    "utf-16": "utf-8", "utf-16-le": "utf-8", "utf-16-be": "utf-8", "utf-32": "utf-8",
}  # fmt: skip
"""What the standard of HTML reads such a declaration as; one of UTF-16 that could be read is wrong."""

_SAMPLE_BYTES = 1 << 15
_MOST_BROKEN = 0.02
"""A larger share of characters beyond ASCII that do not fit makes a declaration wrong."""

_BINARY_SHARE = 0.05
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\f\r\x1b"))  # escape is part of ISO-2022
_TAGS = re.compile(rb"<[^<>]{0,1000}>|[\s\x00]+")


def decode_page(content: bytes, named: str | None, where: str, listener: Listener, told: str = "") -> str:
    """Return the text of a page, without NULs; ``InputError`` if the bytes are no text at all.

    ``named`` overrules what the page declares; ``told``, by its server, does where it fits.
    """
    encoding = marked_encoding(content) or _wide_encoding(content) or (codecs.lookup(named).name if named else None)
    if encoding is None:
        if len(content) - len(content.translate(None, _CONTROLS)) > _BINARY_SHARE * len(content):
            raise InputError(where, "holds binary data, not a page; if it is one, name its encoding with --encoding")
        declared = _read_as(told) or _declared(content)
        likely = (name for name in (declared, "utf-8") if name and _fits(content, name))
        encoding = next(likely, None) or _guess(content, declared, where, listener)
    return content.decode(encoding, "replace").removeprefix("\ufeff").replace("\0", "")


def _wide_encoding(content: bytes) -> str | None:
    """Return UTF-16 without a mark, told by the NUL beside the first ``<`` (XML 1.0, appendix F)."""
    head = content[:64].lstrip(b" \t\r\n")
    if head.startswith(b"<\0"):
        return "utf-16-le"
    return "utf-16-be" if content.startswith(b"\0<") else None


def _declared(content: bytes) -> str | None:
    match = _DECLARED.search(content, 0, _HEAD_BYTES)
    return _read_as((match[1] or match[2]).decode("ascii", "replace")) if match else None


def _read_as(label: str) -> str | None:
    """Return the encoding a label stands for, None where it stands for none of text."""
    try:
        name = codecs.lookup(label).name
        "".encode(name)
    except (LookupError, ValueError):
        return None
    return _READ_AS.get(name, name)


def _fits(content: bytes, encoding: str) -> bool:
    """Say whether hardly anything beyond ASCII is broken in an encoding."""
    try:
        text = content.decode(encoding, "replace")
    except UnicodeError:
        return False
    broken = text.count("\ufffd")
    if not broken:
        return True
    return broken <= _MOST_BROKEN * (len(text) - len(text.encode("ascii", "ignore")))


def _guess(content: bytes, declared: str | None, where: str, listener: Listener) -> str:
    """Return the likeliest encoding by the words between the tags, and say so."""
    sample = _TAGS.sub(b" ", content[: 16 * _SAMPLE_BYTES])
    first = next((at for at, byte in enumerate(sample) if byte > 0x7F), 0)
    start = max(0, first - 1000)
    best = web_module("charset_normalizer").from_bytes(sample[start : start + _SAMPLE_BYTES]).best()
    encoding = best.encoding if best is not None else "cp1252"
    met = f"not the {declared} it declares" if declared else "it declares no encoding and is not UTF-8"
    listener.note(f"{where}: {met}; read as {encoding} (name it with --encoding)")
    return encoding
