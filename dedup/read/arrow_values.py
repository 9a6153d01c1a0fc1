"""Arrow columns as the plain values fields may hold: text, numbers, true or false, null.

In: a validated array of any type. Out: one Python value a row. Dates become text as they would be written, bytes that
are UTF-8 become text, those that are not stay bytes; of nested values only their kind is told.
"""

from __future__ import annotations

from typing import Any

_BYTES_OF = {"null": "binary", "string": "binary", "large_string": "large_binary", "string_view": "binary_view"}
_TEXT_OF = {held: text for text, held in _BYTES_OF.items() if text != "null"}


def holds_text(kind: Any) -> bool:
    """Say whether a type is one of strings or bytes, in a dictionary, under a name of its own, or all null."""
    import pyarrow as pa

    held = getattr(kind, "storage_type", kind)
    return str(held.value_type if pa.types.is_dictionary(held) else held) in {*_BYTES_OF, *_TEXT_OF}


def as_binary(array: Any) -> Any:
    """Return an array of strings, or a dictionary of strings, as one of bytes; others as they are. Nothing is copied."""
    import pyarrow as pa

    if isinstance(array.type, pa.BaseExtensionType) and not _is_uuid(array):
        return as_binary(array.storage)
    if pa.types.is_dictionary(array.type):
        return pa.DictionaryArray.from_arrays(array.indices, as_binary(array.dictionary))
    name = _BYTES_OF.get(str(array.type))
    return array if name is None else array.cast(getattr(pa, name)())


def is_utf8(array: Any) -> bool:
    """Say whether all of an array of bytes is UTF-8."""
    import pyarrow as pa

    held = getattr(array, "dictionary", array)
    try:
        held.cast(getattr(pa, _TEXT_OF[str(held.type)])())
    except pa.ArrowInvalid:
        return False
    return True


def values_of(array: Any) -> list[Any]:
    """Return the values of an array whose strings were made bytes by ``as_binary``."""
    import pyarrow as pa

    kind = array.type
    if _is_uuid(array):
        return [None if value is None else str(value) for value in array.to_pylist()]
    if pa.types.is_dictionary(kind):
        places = array.indices.to_pylist()  # of a dictionary as long as the file, a slice needs few words
        words = {place: values_of(array.dictionary.slice(place, 1))[0] for place in set(places) - {None}}
        return [words.get(place) for place in places]
    if pa.types.is_temporal(kind) or pa.types.is_decimal(kind):
        return _written(array)
    if pa.types.is_nested(kind) or not (pa.types.is_primitive(kind) or _holds_bytes(kind) or pa.types.is_null(kind)):
        listed = "list" in str(kind) and not pa.types.is_struct(kind)
        return [([] if listed else {}) if known else None for known in array.is_valid().to_pylist()]
    return [_plain(value) for value in array.to_pylist()]


def _holds_bytes(kind: Any) -> bool:
    return "binary" in str(kind)


def _is_uuid(array: Any) -> bool:
    return str(array.type) == "extension<arrow.uuid>"


def _written(array: Any) -> list[Any]:
    """Return dates, times and decimals as text, the day that of the time zone they are given in."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_timestamp(array.type):
        if array.type.tz is not None:
            try:
                array = pc.local_timestamp(array)
            except pa.ArrowException:  # a time zone nobody knows
                array = array.cast(pa.timestamp(array.type.unit))
        array = array.cast(pa.timestamp("s"), safe=False)
    try:
        written: list[Any] = array.cast(pa.string()).to_pylist()
    except pa.ArrowException:  # intervals and the like
        return [{} if known else None for known in array.is_valid().to_pylist()]
    return written


def _plain(value: Any) -> Any:
    """Return bytes as text where they are UTF-8, and what is not a number as null."""
    if type(value) is bytes:
        try:
            return value.decode()
        except UnicodeDecodeError:
            return value
    return None if value != value else value  # noqa: PLR0124 - only NaN differs from itself
