"""PDF values as Python values, and how they are written (ISO 32000-1, 7.3)."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
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
