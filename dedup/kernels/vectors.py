"""Many bytes at once: which of 64 lie in a range, eight as one number, letters of a ``str`` narrowed to bytes.

Compilers do not make these of loops by themselves. Each is a few vector instructions on any processor LLVM knows. They
read and write arrays and texts from an index on, as an access to one entry does, and where bounds are checked (``make
bounds``) so are theirs. A kernel that uses them has a plain twin that does without.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import config
from numba.extending import intrinsic

from dedup.kernels.compiled import compiled

if TYPE_CHECKING:
    from collections.abc import Callable

MASK_BYTES = 64
"""So many bytes are read at once: a buffer has as many behind its last text."""

NARROWED = 32
"""So many letters are narrowed at once."""

COMPARED = 8
"""So many numbers are compared at once."""

SPREAD = 8
"""So many places are written at once."""

_BIT_PLACES = np.array(
    [[k for k in range(8) if bits >> k & 1] + [0] * (8 - bits.bit_count()) for bits in range(256)], np.uint8
)
"""For each byte the places of its bits, rising, and zeros behind them: eight each."""

_BYTE, _INT, _WORD = (ir.IntType(bits) for bits in (8, 32, 64))
_BYTES = ir.VectorType(_BYTE, MASK_BYTES)
_TURNED = sys.byteorder == "big"
_CHECKED = bool(vars(config)["BOUNDSCHECK"])


def _place(context: Any, builder: Any, array_type: Any, given: Any, kind: Any) -> Any:
    """Return the address of an array's entry, ``given`` array and index, as that of a ``kind``."""
    array, index = given
    entry = builder.gep(context.make_array(array_type)(context, builder, array).data, [index])
    return builder.bitcast(entry, kind.as_pointer())


def _letter_place(context: Any, builder: Any, given: Any, kind: Any) -> Any:
    """Return the address of a text's letter, ``given`` text and index, as that of a ``kind``."""
    text, index = given
    letters = context.make_helper(builder, types.unicode_type, text).data
    return builder.gep(builder.bitcast(letters, kind.as_pointer()), [index])


def _letters(context: Any, builder: Any, given: Any, width: Any) -> Any:
    """Return ``NARROWED`` letters of a text, ``given`` text and first index, as integers like ``width``."""
    kind = ir.IntType(width.bitwidth)
    place = _letter_place(context, builder, given, kind)
    return builder.load(builder.bitcast(place, ir.VectorType(kind, NARROWED).as_pointer()), align=1)


def _all(builder: Any, kind: Any, value: Any) -> Any:
    """Return a vector with one value everywhere."""
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), value, _INT(0))
    return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(_INT, kind.count), [0] * kind.count))


def _bits(builder: Any, truths: Any) -> Any:
    """Return a vector of truths as a number, the first as its lowest bit."""
    n = truths.type.count
    if _TURNED:
        order = ir.Constant(ir.VectorType(_INT, n), list(range(n))[::-1])
        truths = builder.shuffle_vector(truths, truths, order)
    bits = builder.bitcast(truths, ir.IntType(n))
    return bits if n == _WORD.width else builder.zext(bits, _WORD)


def _instruction(typed: Callable[..., Any]) -> Any:
    """Make a function of kernels from one that tells, by its arguments' types, its own and how its code is written."""
    return intrinsic(typed)


@_instruction
def _within(_: Any, buf: Any, i: Any, low: Any, high: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        found = builder.load(_place(context, builder, signature.args[0], given[:2], _BYTES), align=1)
        least, span = given[2], builder.sub(given[3], given[2])
        above = builder.sub(found, _all(builder, _BYTES, least))
        return _bits(builder, builder.icmp_unsigned("<=", above, _all(builder, _BYTES, span)))

    return types.uint64(buf, types.uint64, types.uint8, types.uint8), code


@_instruction
def _eight_bytes(_: Any, buf: Any, i: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        found = builder.load(_place(context, builder, signature.args[0], given, _WORD), align=1)
        return builder.bswap(found) if _TURNED else found

    return types.uint64(buf, types.uint64), code


@_instruction
def letter_bytes(_: Any, text: Any) -> Any:
    """Return how many bytes each letter of a text has in memory: 1, 2 or 4."""

    def code(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return context.make_helper(builder, types.unicode_type, given[0]).kind

    return types.int32(text), code


@_instruction
def _letter(_: Any, text: Any, i: Any, width: Any) -> Any:
    def code(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        found = builder.load(_letter_place(context, builder, given[:2], ir.IntType(width.bitwidth)))
        return found if found.type == _INT else builder.zext(found, _INT)

    return types.uint32(text, types.uint64, width), code


@_instruction
def _beyond_ascii(_: Any, text: Any, i: Any, width: Any) -> Any:
    def code(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        found = _letters(context, builder, given[:2], width)
        return _bits(builder, builder.icmp_unsigned(">=", found, _all(builder, found.type, found.type.element(0x80))))

    return types.uint64(text, types.uint64, width), code


@_instruction
def _narrow(_: Any, text: Any, i: Any, width: Any, out: Any, at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = ir.VectorType(_BYTE, NARROWED)
        found = _letters(context, builder, given[:2], width)
        if found.type != kind:
            found = builder.trunc(found, kind)
        builder.store(found, _place(context, builder, signature.args[3], given[3:], kind), align=1)
        return context.get_dummy_value()

    return types.void(text, types.uint64, width, out, types.uint64), code


@_instruction
def _move(_: Any, buf: Any, i: Any, to: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        buffer, i, to = given
        found = builder.load(_place(context, builder, signature.args[0], (buffer, i), _BYTES), align=1)
        builder.store(found, _place(context, builder, signature.args[0], (buffer, to), _BYTES), align=1)
        return context.get_dummy_value()

    return types.void(buf, types.uint64, types.uint64), code


@_instruction
def _below(_: Any, numbers: Any, i: Any, limit: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = ir.VectorType(_WORD, COMPARED)
        found = builder.load(_place(context, builder, signature.args[0], given[:2], kind), align=8)
        return _bits(builder, builder.icmp_unsigned("<", found, _all(builder, kind, given[2])))

    return types.uint64(numbers, types.uint64, types.uint64), code


@_instruction
def _ending_in(_: Any, numbers: Any, i: Any, low: Any, wanted: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = ir.VectorType(_INT, COMPARED)
        found = builder.load(_place(context, builder, signature.args[0], given[:2], kind), align=4)
        found = builder.and_(found, _all(builder, kind, given[2]))
        return _bits(builder, builder.icmp_unsigned("==", found, _all(builder, kind, given[3])))

    return types.uint64(numbers, types.uint64, types.uint32, types.uint32), code


@_instruction
def _spread(_: Any, places: Any, bits: Any, base: Any, out: Any, at: Any) -> Any:
    def code(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        row = builder.shl(given[1], _WORD(3))
        found = builder.load(
            _place(context, builder, signature.args[0], (given[0], row), ir.VectorType(_BYTE, SPREAD)), align=1
        )
        kind = ir.VectorType(_INT, SPREAD)
        found = builder.add(builder.zext(found, kind), _all(builder, kind, given[2]))
        builder.store(found, _place(context, builder, signature.args[3], given[3:], kind), align=4)
        return context.get_dummy_value()

    return types.void(places, types.uint64, types.uint32, out, types.uint64), code


@_instruction
def lowest_bit(_: Any, x: Any) -> Any:
    """Return the place of the lowest bit set, anything for 0."""

    def code(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.cttz(given[0], ir.Constant(ir.IntType(1), 1))

    return types.uint64(types.uint64), code


@_instruction
def bit_count(_: Any, x: Any) -> Any:
    """Return how many bits are set."""

    def code(_context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        return builder.ctpop(given[0])

    return types.uint64(types.uint64), code


@compiled(inline="always")
def within(buf: Any, i: Any, low: Any, high: Any) -> Any:
    """Return as bits which of ``MASK_BYTES`` bytes from index ``i`` on are at least ``low`` and at most ``high``."""
    if _CHECKED and i + np.uint64(MASK_BYTES) > len(buf):
        raise IndexError
    return _within(buf, i, low, high)


@compiled(inline="always")
def eight_bytes(buf: Any, i: Any) -> Any:
    """Return the bytes from index ``i`` on as a number, the first as its lowest byte."""
    if _CHECKED and i + np.uint64(8) > len(buf):
        raise IndexError
    return _eight_bytes(buf, i)


@compiled(inline="always")
def below(numbers: Any, i: Any, limit: Any) -> Any:
    """Return as bits which of ``COMPARED`` numbers, uint64, from index ``i`` on are less than ``limit``."""
    if _CHECKED and i + np.uint64(COMPARED) > len(numbers):
        raise IndexError
    return _below(numbers, i, limit)


@compiled(inline="always")
def ending_in(numbers: Any, i: Any, low: Any, wanted: Any) -> Any:
    """Return as bits which of ``COMPARED`` numbers, uint32, from index ``i`` on have the bits ``low`` as ``wanted`` has."""
    if _CHECKED and i + np.uint64(COMPARED) > len(numbers):
        raise IndexError
    return _ending_in(numbers, i, low, wanted)


@compiled(inline="always")
def spread(bits: Any, base: Any, out: Any, at: Any) -> None:
    """Write the places of the bits of a byte, ``base`` more each, to ``out`` : uint32 from index ``at`` on.

    Eight are written, of which those behind the last bit mean nothing: no branch depends on how many bits there are.
    """
    if _CHECKED and (bits > np.uint64(255) or at + np.uint64(SPREAD) > len(out)):
        raise IndexError
    _spread(_BIT_PLACES, bits, base, out, at)


@compiled(inline="always")
def letter(text: Any, i: Any, width: Any) -> Any:
    """Return the code point at index ``i``; ``width`` : an unsigned integer with as many bytes as each letter has."""
    if _CHECKED and i >= len(text):
        raise IndexError
    return _letter(text, i, width)


@compiled(inline="always")
def beyond_ascii(text: Any, i: Any, width: Any) -> Any:
    """Return as bits which of ``NARROWED`` letters from index ``i`` on are 128 or more; ``width`` as in ``letter``."""
    if _CHECKED and i + np.uint64(NARROWED) > len(text):
        raise IndexError
    return _beyond_ascii(text, i, width)


@compiled(inline="always")
def narrow(text: Any, i: Any, width: Any, out: Any, at: Any) -> None:
    """Write the lowest byte of each of ``NARROWED`` letters from index ``i`` on to ``out`` from index ``at`` on."""
    if _CHECKED and (i + np.uint64(NARROWED) > len(text) or at + np.uint64(NARROWED) > len(out)):
        raise IndexError
    _narrow(text, i, width, out, at)


@compiled(inline="always")
def move(buf: Any, i: Any, to: Any) -> None:
    """Write the ``MASK_BYTES`` bytes from index ``i`` on to index ``to`` on; they are read before any is written."""
    if _CHECKED and (i + np.uint64(MASK_BYTES) > len(buf) or to + np.uint64(MASK_BYTES) > len(buf)):
        raise IndexError
    _move(buf, i, to)
