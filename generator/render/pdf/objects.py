"""PDF values as Python values, and how they are written (ISO 32000-1, 7.3).

A zlib stream may be joined from parts that were deflated long before (RFC 1950, RFC 1951): every part ends
on a byte boundary and looks back at nothing before it, so parts can be joined; the stream's Adler-32
follows from theirs.

The table of a file's objects has the shared ones first, each certificate's own behind them, and the index.
Shared objects that are not streams go into one object stream; the index is a cross-reference stream (ISO
32000-1, 7.5.7 and 7.5.8), so a page of table cells costs little.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any


class Name(str):
    """A PDF name, without its slash."""

    __slots__ = ()


class Raw(bytes):
    """Bytes that are already PDF syntax."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """A reference to the object of this number."""

    number: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A dictionary with bytes; they are deflated unless the dictionary names a filter or `plain`."""

    about: Mapping[str, Any]
    data: bytes
    plain: bool = False


def text(value: str) -> Raw:
    """A text string: ASCII as it is, everything else as UTF-16."""
    if value.isascii() and value.isprintable():
        safe = value.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        return Raw(b"(" + safe.encode() + b")")
    return Raw(b"<FEFF" + value.encode("utf-16-be").hex().upper().encode() + b">")


def number(value: float) -> bytes:
    """A number with at most three decimals, as short as can be."""
    if isinstance(value, int):
        return b"%d" % value
    short = b"%.3f" % value
    short = short.rstrip(b"0").rstrip(b".")
    return b"0" if short in (b"-0", b"") else short


def write(value: Any) -> bytes:
    """The PDF syntax of a value."""
    if isinstance(value, Raw):
        return bytes(value)
    if isinstance(value, Name):
        return _name(value)
    if isinstance(value, Ref):
        return b"%d 0 R" % value.number
    if isinstance(value, bool):
        return b"true" if value else b"false"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, Mapping):
        return b"<<" + b" ".join([_name(name) + b" " + write(item) for name, item in value.items()]) + b">>"
    if isinstance(value, str):
        return text(value)
    if isinstance(value, bytes):
        return b"<" + value.hex().upper().encode() + b">"
    if isinstance(value, Sequence):
        return b"[" + b" ".join(write(item) for item in value) + b"]"
    raise TypeError(f"no PDF syntax for {type(value).__name__}")


@lru_cache(maxsize=4096)
def _name(value: str) -> bytes:
    return b"/" + b"".join([_name_byte(byte) for byte in value.encode("utf-8")])


def _name_byte(byte: int) -> bytes:
    regular = 0x21 <= byte <= 0x7E and byte not in b"#/()<>[]{}%"
    return bytes((byte,)) if regular else b"#%02X" % byte


def indirect(number_: int, value: Any, level: int = 9) -> bytes:
    """`n 0 obj ... endobj` for a value or a stream."""
    if not isinstance(value, Stream):
        return b"%d 0 obj\n%s\nendobj\n" % (number_, write(value))
    about, data = dict(value.about), value.data
    if not value.plain and "Filter" not in about:
        about["Filter"] = Name("FlateDecode")
        data = zlib.compress(data, level)
    about["Length"] = len(data)
    return b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (number_, write(about), data)


_HEADER = b"\x78\xda"
_LAST_BLOCK = b"\x03\x00"
_BASE = 65521


@dataclass(frozen=True, slots=True)
class DeflatedPart:
    """Raw deflate blocks with the checksum and length of what they hold."""

    blocks: bytes
    adler: int
    length: int


def deflated(data: bytes, level: int) -> DeflatedPart:
    """The data deflated by itself."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15, 9)
    blocks = packer.compress(data) + packer.flush(zlib.Z_SYNC_FLUSH)
    return DeflatedPart(blocks, zlib.adler32(data), len(data))


def joined_stream(parts: Iterable[DeflatedPart | bytes], level: int) -> bytes:
    """The zlib stream of all parts together; bytes are deflated on the way."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    low, high = 1, 0
    out = [_HEADER]
    for one in parts:
        if isinstance(one, DeflatedPart):
            blocks, adler, length = one.blocks, one.adler, one.length
        else:
            blocks = packer.compress(one) + packer.flush(zlib.Z_FULL_FLUSH)
            adler, length = zlib.adler32(one), len(one)
        out.append(blocks)
        # Each byte of the new part adds the low sum before it once more to the high sum.
        high = (high + (adler >> 16) + length * (low - 1)) % _BASE
        low = (low + (adler & 0xFFFF) - 1) % _BASE
    out += [_LAST_BLOCK, (high << 16 | low).to_bytes(4, "big")]
    return b"".join(out)


_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_ENTRY = 6  # one byte kind, three bytes place, two bytes index


def _entry(kind: int, place: int, index: int) -> bytes:
    return bytes((kind,)) + place.to_bytes(3, "big") + index.to_bytes(2, "big")


class ObjectTable:
    """The shared objects, written. `reserved` numbers have no object yet."""

    def __init__(self, objects: Mapping[int, Any], reserved: range, catalog: int) -> None:
        packing = max([*objects, *reserved]) + 1
        self.next = packing + 1
        self._catalog = catalog
        out = [_HEAD]
        position = len(_HEAD)
        index = bytearray(_entry(0, 0, 65535) + bytes(_ENTRY) * packing)
        loose = [number for number in sorted(objects) if isinstance(objects[number], Stream)]
        packed = [number for number in sorted(objects) if number not in set(loose)]
        streams = {number: objects[number] for number in loose} | {packing: _packed(objects, packed)}
        for number, stream in streams.items():
            written = indirect(number, stream)
            index[number * _ENTRY : (number + 1) * _ENTRY] = _entry(1, position, 0)
            position += len(written)
            out.append(written)
        for rank, number in enumerate(packed):
            index[number * _ENTRY : (number + 1) * _ENTRY] = _entry(2, packing, rank)
        self.prefix = b"".join(out)
        self._index = bytes(index)
        self._digest = hashlib.sha256(self.prefix)

    def digest(self) -> hashlib._Hash:
        """SHA-256 begun over the shared bytes, to go on with."""
        return self._digest.copy()

    def tail(self, objects: list[tuple[int, bytes]]) -> bytes:
        """The given objects (number, written) and the index: everything behind the shared bytes."""
        index = bytearray(self._index)
        count = max(self.next, *(number + 1 for number, _ in objects))
        index += bytes((count - self.next) * _ENTRY)
        position = len(self.prefix)
        digest = self._digest.copy()
        for number, written in objects:
            index[number * _ENTRY : (number + 1) * _ENTRY] = _entry(1, position, 0)
            position += len(written)
            digest.update(written)
        index += _entry(1, position, 0)
        name = digest.hexdigest()[:32].upper().encode()
        packed = zlib.compress(index, 6)
        about = b"<</Type /XRef /Size %d /W [1 3 2] /Root %d 0 R" % (count + 1, self._catalog)
        head = about + b" /ID [<%s> <%s>] /Filter /FlateDecode /Length %d>>" % (name, name, len(packed))
        reference = b"%d 0 obj\n%s\nstream\n%s\nendstream\nendobj\n" % (count, head, packed)
        return b"".join(
            [*(written for _, written in objects), reference, b"startxref\n%d\n%%%%EOF\n" % position]
        )


def _packed(objects: Mapping[int, Any], numbers: list[int]) -> Stream:
    """An object stream; its first line says where each object starts."""
    bodies = [write(objects[number]) for number in numbers]
    heads, position = [], 0
    for number, body in zip(numbers, bodies, strict=True):
        heads.append(b"%d %d" % (number, position))
        position += len(body) + 1
    first = b" ".join(heads) + b"\n"
    about = {"Type": Name("ObjStm"), "N": len(numbers), "First": len(first)}
    return Stream(about, first + b"\n".join(bodies))
