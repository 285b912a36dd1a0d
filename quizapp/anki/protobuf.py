"""Just enough of protobuf to read the few messages in Anki's files, within bounds. Start from `fields`."""

import struct
from collections.abc import Iterator

MOST_FIELDS = 1_000_000
Value = int | bytes


def fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """Give number and value of each field: an integer, or bytes that may be text, a message or packed numbers."""
    at = 0
    for _ in range(MOST_FIELDS):
        if at >= len(message):
            return
        key, at = _varint(message, at)
        value: Value
        match key & 7:
            case 0:
                value, at = _varint(message, at)
            case 1:
                value, at = message[at : at + 8], at + 8
            case 2:
                length, at = _varint(message, at)
                value, at = message[at : at + length], at + length
            case 5:
                value, at = message[at : at + 4], at + 4
            case _:
                raise ValueError("a field of no known type")
        if at > len(message):
            raise ValueError("a field that ends after its message")
        yield key >> 3, value
    raise ValueError("too many fields")


def first(message: bytes, number: int) -> Value | None:
    """Return the last value of a field, as protobuf has it, or None."""
    found = None
    for name, value in fields(message):
        if name == number:
            found = value
    return found


def text(message: bytes, number: int) -> str:
    """Return a field that is text, nothing if it is not there."""
    found = first(message, number)
    return found.decode("utf-8", "replace") if isinstance(found, bytes) else ""


def number(message: bytes, name: int, default: int = 0) -> int:
    """Return a field that is a number."""
    found = first(message, name)
    return found if isinstance(found, int) else default


def single(message: bytes, number: int) -> float | None:
    """Return a field that is one single precision number, or None."""
    found = first(message, number)
    return struct.unpack("<f", found)[0] if isinstance(found, bytes) and len(found) == 4 else None


def floats(message: bytes, number: int) -> tuple[float, ...]:
    """Return a field of packed single precision numbers."""
    found = first(message, number)
    packed = found if isinstance(found, bytes) else b""
    return struct.unpack(f"<{len(packed) // 4}f", packed[: len(packed) // 4 * 4])


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(message):
            raise ValueError("a number that does not end")
        byte = message[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise ValueError("a number that is too long")
