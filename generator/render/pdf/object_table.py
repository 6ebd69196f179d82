"""Objects of a file: the shared ones written first, each certificate's own behind them, and the index.

Shared objects that are not streams go into one object stream; the index is a cross-reference
stream (ISO 32000-1, 7.5.7 and 7.5.8), so a page of table cells costs little.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from typing import Any

from generator.render.pdf.objects import Name, Stream, indirect, write

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
