"""The place of a seal in a file: field, signature dictionary, covered bytes (ISO 32000-1, 12.8)."""

from __future__ import annotations

import hashlib
from typing import Any

from generator.errors import Malformed
from generator.model.value import Day
from generator.render.pdf.objects import Name, Ref, text
from generator.render.seal import Seal

_HOLE = b"@" * 10
_PRINT_AND_LOCKED = 132
WIDGET_KEY = 1  # the field's place in the parent tree; 0 is the page's


def catalog_entries(field: int, signature: int) -> dict[str, Any]:
    """What the catalogue says of the seal: one field, signed, and certified by it."""
    return {
        "AcroForm": {"Fields": [Ref(field)], "SigFlags": 3},
        "Perms": {"DocMDP": Ref(signature)},
    }


def field(page: int, signature: int) -> dict[str, Any]:
    """The field, without a place on the page."""
    return {
        "Type": Name("Annot"),
        "Subtype": Name("Widget"),
        "FT": Name("Sig"),
        "T": "Seal",
        "TU": "Seal of the issuer over this file",
        "Rect": [0, 0, 0, 0],
        "F": _PRINT_AND_LOCKED,
        "P": Ref(page),
        "V": Ref(signature),
        "StructParent": WIDGET_KEY,
    }


class Sealing:
    """The signature object of one seal, and how it is filled in."""

    def __init__(self, seal: Seal, number: int) -> None:
        self._seal = seal
        self._number = number
        self._room = b"<" + b"0" * (2 * seal.room) + b">"

    def written(self, day: Day) -> bytes:
        """The object with space for the signature; `day` is the day of issue."""
        holes = b" ".join((_HOLE, _HOLE, _HOLE))
        return (
            b"%d 0 obj\n<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /Name %s /M %s "
            b"/Reference [<</Type /SigRef /TransformMethod /DocMDP "
            b"/TransformParams <</Type /TransformParams /V /1.2 /P 1>>>>] "
            b"/ByteRange [0 %s] /Contents %s>>\nendobj\n"
        ) % (
            self._number,
            bytes(text(self._seal.holder)),
            bytes(text(f"D:{day.replace('-', '')}000000Z")),
            holes,
            self._room,
        )

    def sealed(self, prefix: int, begun: hashlib._Hash, tail: bytes) -> bytes:
        """The tail with ranges and signature; `begun` is SHA-256 over the `prefix` bytes before it."""
        start = tail.index(self._room)
        end = start + len(self._room)
        ranges = b"%d %d %d" % (prefix + start, prefix + end, len(tail) - end)
        hole = b" ".join((_HOLE, _HOLE, _HOLE))
        head = tail[:start].replace(hole, ranges.ljust(len(hole)), 1)
        begun.update(head)
        begun.update(tail[end:])
        signature = self._seal.over(begun.digest()).hex().upper().encode()
        if len(signature) > len(self._room) - 2:
            raise Malformed("the seal is larger than the space kept for it")
        return b"".join((head, b"<", signature.ljust(len(self._room) - 2, b"0"), b">", tail[end:]))


def form_element(parent: int, page: int, widget: int) -> dict[str, Any]:
    """The field's place in the structure tree, for who listens to the page."""
    kid = {"Type": Name("OBJR"), "Obj": Ref(widget), "Pg": Ref(page)}
    return {
        "Type": Name("StructElem"),
        "S": Name("Form"),
        "P": Ref(parent),
        "K": [kid],
        "Alt": "Seal of the issuer",
    }
