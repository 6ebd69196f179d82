"""The few pieces of DER that a signature needs (ITU-T X.690)."""

from __future__ import annotations

from generator.errors import Malformed

INTEGER, OCTETS, NULL, OID, SEQUENCE, SET = 0x02, 0x04, 0x05, 0x06, 0x30, 0x31


def der(tag: int, *parts: bytes) -> bytes:
    """One value: tag, length, and the parts as its content."""
    body = b"".join(parts)
    size = len(body)
    if size < 0x80:
        return bytes((tag, size)) + body
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + body


def context(number: int, *parts: bytes) -> bytes:
    """A constructed value with a context tag, `[number]`."""
    return der(0xA0 | number, *parts)


def integer(value: int) -> bytes:
    """A non-negative INTEGER."""
    return der(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def oid(dotted: str) -> bytes:
    """An OBJECT IDENTIFIER such as `1.2.840.113549.1.7.2`."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    out = bytearray()
    for arc in (first * 40 + second, *rest):
        septets = [arc & 0x7F]
        while arc := arc >> 7:
            septets.append(arc & 0x7F | 0x80)
        out += bytes(reversed(septets))
    return der(OID, bytes(out))


def read(data: bytes, start: int = 0) -> tuple[int, bytes, int]:
    """The value at `start`: its tag, its content, and where the next one begins. Raises `Malformed`."""
    if len(data) < start + 2:
        raise Malformed("DER that ends early")
    tag, size, at = data[start], data[start + 1], start + 2
    if size >= 0x80:
        count = size & 0x7F
        size, at = int.from_bytes(data[at : at + count], "big"), at + count
        if count == 0 or count > 4:
            raise Malformed("DER of a length that cannot be")
    if len(data) < at + size:
        raise Malformed("DER that ends early")
    return tag, data[at : at + size], at + size
