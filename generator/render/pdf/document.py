"""The file: what one arrangement's certificates share is written once, each adds its own tail.

The shared bytes come first, so that their SHA-256 is begun once too. The page is one content
stream in reading order, joined from parts deflated beforehand and parts deflated now.

Marks become page operators; every mark sets its own colour, so none depends on what came before.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from generator.model.value import Day
from generator.render import qr
from generator.render.faces import Face
from generator.render.marks import Element, LineMark, Mark, PictureMark, QrMark, Slot, TextMark, VaryingParts
from generator.render.pdf import objects
from generator.render.pdf.document_catalog import (
    CATALOG,
    CONTENTS,
    FIELD,
    FILE,
    FIRST,
    METADATA,
    PAGE,
    RESOURCES,
    SIGNATURE,
    Packet,
    Structure,
    catalogue,
)
from generator.render.pdf.fonts import OBJECTS, Fonts, font_objects, meanings
from generator.render.pdf.objects import ObjectTable, Ref, Stream, indirect, number, write
from generator.render.pdf.sealing import Sealing
from generator.render.seal import Seal
from generator.render.shaping import Piece
from generator.render.template_pictures import DrawnPicture, TemplatePictures

FontOf = Callable[[Piece], bytes]


@cache
def _rgb(colour: str) -> bytes:
    """`#rrggbb` as three operands."""
    return b" ".join(number(int(colour[start : start + 2], 16) / 255) for start in (1, 3, 5))


def _operators(marks: Sequence[Mark], font_of: FontOf) -> bytes:
    """The operators of these marks; `font_of` names the font resource of a piece of text."""
    return b"".join(_one(mark, font_of) for mark in marks)


def _one(mark: Mark, font_of: FontOf) -> bytes:
    if isinstance(mark, TextMark):
        return _ink(mark, font_of)
    if isinstance(mark, LineMark):
        ends = (
            b" ".join(map(number, (mark.left, mark.bottom))),
            b" ".join(map(number, (mark.right, mark.top))),
        )
        return b"%s RG %s w %s m %s l S\n" % (_rgb(mark.colour), number(mark.weight), *ends)
    if isinstance(mark, PictureMark):
        place = number(mark.left), number(mark.bottom)
        return b"q 1 0 0 1 %s %s cm /%s Do Q\n" % (*place, mark.picture.encode())
    return _code(mark)


def _code(mark: QrMark) -> bytes:
    """The QR code as one filled path of module-sized rectangles."""
    tables = qr.tables(mark.payload.partition("#")[0], len(mark.payload))
    module = mark.side / (tables.side + 2 * qr.QUIET)
    left, top = mark.left + qr.QUIET * module, mark.bottom + mark.side - qr.QUIET * module
    return b"q 0 g %.5f 0 0 %.5f %.3f %.3f cm\n%sf Q\n" % (
        module,
        -module,
        left,
        top,
        tables.path(mark.payload),
    )


def _ink(mark: TextMark, font_of: FontOf) -> bytes:
    """One line of text, piece by piece in logical order."""
    out = [b"BT %s rg\n" % _rgb(mark.colour)]
    if mark.tracking:
        out.append(b"%s Tc\n" % number(mark.tracking))
    before = 0
    for piece in mark.line.pieces:
        left = mark.left + piece.left * mark.size / 1000 + before * mark.tracking
        out.append(b"/%s %s Tf\n" % (font_of(piece), number(mark.size)))
        if piece.codes is None:
            out.append(_placed(piece, left, mark))
        else:
            out.append(b"1 0 0 1 %s %s Tm %s TJ\n" % (number(left), number(mark.base), piece.codes))
        before += len(piece.glyphs)
    if mark.tracking:
        out.append(b"0 Tc\n")
    return b"".join([*out, b"ET\n"])


def _placed(piece: Piece, left: float, mark: TextMark) -> bytes:
    """Each glyph at its own place, in the order of the text.

    Right-to-left text reads back right without ActualText, which some readers reverse; for
    scripts that reorder or combine characters ActualText says what was written.
    """
    shows = []
    scale = mark.size / 1000
    for glyph in piece.glyphs:
        place = number(left + glyph.right * scale), number(mark.base + glyph.up * scale)
        shows.append(b"1 0 0 1 %s %s Tm <%04X> Tj\n" % (*place, glyph.number))
        left += glyph.advance * scale + mark.tracking
    if piece.rtl:
        return b"".join(reversed(shows))
    actual = piece.text.encode("utf-16-be").hex().upper().encode()
    return b"/Span <</ActualText <FEFF%s>>> BDC\n%sEMC\n" % (actual, b"".join(shows))


# Shorter constant parts are deflated with their neighbours: joining costs more than it saves.
_WORTH_JOINING = 800
_KEPT = 4000
_LEVEL = 4


@dataclass(frozen=True)
class DocumentSetup:
    """What the file is made of beside the page: its size in points, language, colour profile, faces."""

    size: tuple[float, float]
    language: str
    profile: bytes
    faces: tuple[Face, ...]
    alphabet: Mapping[str, frozenset[int]]
    paper: str
    border: DrawnPicture | None
    pictures: TemplatePictures
    seal: Seal | None


@dataclass(frozen=True)
class DocumentInfo:
    """The metadata of one certificate."""

    title: str
    issuer: str
    day: Day


_Part = bytes | objects.DeflatedPart | Slot


class PdfDocument:
    """One arrangement, written; `finish` makes the file of one certificate."""

    def __init__(self, setup: DocumentSetup, elements: list[Element]) -> None:
        self._setup = setup
        self._names = {face.digest: b"%d" % index for index, face in enumerate(setup.faces)}
        self._base = self._shared_glyphs(elements)
        self._sealing = Sealing(setup.seal, SIGNATURE) if setup.seal else None
        tagged = [element for element in elements if element.role != "Artifact"]
        structure = Structure(tagged, PAGE, FIRST, FIELD if setup.seal else None)
        constant = Fonts(self._names, self._base, b"C")
        self._parts = self._page(elements, structure, constant)
        objects: dict[int, Any] = dict(structure.objects)
        self._next = structure.after
        fonts = self._shared_fonts(objects, constant)
        pictures = self._pictures(elements, objects)
        objects |= catalogue(
            setup.size, setup.language, setup.profile, structure.root, sealed=bool(setup.seal)
        )
        self._objects = ObjectTable(objects, range(FIELD, FIRST), CATALOG)
        self._fonts = b" ".join(b"/%s %s" % (name.encode(), write(ref)) for name, ref in fonts.items())
        self._forms = write(pictures)
        self._packet = Packet(setup.language)
        self._kept: dict[tuple[int, str], bytes] = {}

    # ------------------------------------------------------------ what is shared

    def _shared_glyphs(self, elements: list[Element]) -> dict[str, dict[int, str]]:
        found = {
            face.digest: {glyph: face.characters[glyph] for glyph in self._setup.alphabet[face.digest]}
            for face in self._setup.faces
            if face.digest in self._setup.alphabet
        }
        for ink in _inks(elements):
            for piece in ink.line.pieces:
                if piece.simple:
                    found.setdefault(piece.face.digest, {}).update(meanings(piece))
        return found

    def _page(self, elements: list[Element], structure: Structure, fonts: Fonts) -> list[_Part]:
        """Ready operators and slots in reading order."""
        parts: list[bytes | Slot] = [self._background()]
        for leaf in _leaves(elements):
            opening, closing = _wrap(leaf, structure)
            drawn = [leaf.slot] if leaf.slot else [_operators(leaf.marks, fonts.of)]
            for part in (opening, *drawn, closing):
                last = parts[-1]
                if isinstance(part, bytes) and isinstance(last, bytes):
                    parts[-1] = last + part
                else:
                    parts.append(part)
        return [
            objects.deflated(part, 9) if isinstance(part, bytes) and len(part) >= _WORTH_JOINING else part
            for part in parts
        ]

    def _shared_fonts(self, objects: dict[int, Any], constant: Fonts) -> dict[str, Ref]:
        found = {}
        wanted = [("F", digest, glyphs) for digest, glyphs in self._base.items()]
        wanted += [("C", digest, glyphs) for digest, glyphs in constant.extra.items()]
        faces = {face.digest: face for face in self._setup.faces}
        for kind, digest, glyphs in wanted:
            if not glyphs:
                continue
            objects |= dict(enumerate(font_objects(faces[digest], glyphs, self._next), self._next))
            found[f"{kind}{self._names[digest].decode()}"] = Ref(self._next)
            self._next += OBJECTS
        return found

    def _background(self) -> bytes:
        width, height = map(number, self._setup.size)
        sheet = b""
        if self._setup.paper != "#ffffff":
            sheet = b"%s rg 0 0 %s %s re f\n" % (_rgb(self._setup.paper), width, height)
        if self._setup.border:
            sheet += b"q /%s Do Q\n" % self._setup.border.name.encode()
        return b"/Artifact BMC\n%sEMC\n" % sheet if sheet else b""

    def _pictures(self, elements: list[Element], objects: dict[int, Any]) -> dict[str, Ref]:
        forms = {self._setup.border.name: self._setup.border.form} if self._setup.border else {}
        for leaf in _leaves(elements):
            for mark in leaf.marks:
                if isinstance(mark, PictureMark):
                    forms[mark.picture] = self._setup.pictures.named(mark.picture)
        return {name: self._lifted(form.value, objects) for name, form in sorted(forms.items())}

    def _lifted(self, value: Any, objects: dict[int, Any]) -> Any:
        """The value with every stream in it, itself too, made an object of its own."""
        if isinstance(value, Stream):
            about = self._lifted(dict(value.about), objects)
            number, self._next = self._next, self._next + 1
            objects[number] = Stream(about, value.data, value.plain)
            return Ref(number)
        if isinstance(value, dict):
            return {name: self._lifted(item, objects) for name, item in value.items()}
        return [self._lifted(item, objects) for item in value] if isinstance(value, list) else value

    # ------------------------------------------------------------ what each certificate adds

    def finish(self, filled: VaryingParts, about: DocumentInfo, envelope: bytes) -> bytes:
        """The bytes of one certificate."""
        fonts = Fonts(self._names, self._base, b"X")
        page = self._filled(filled, fonts)
        added, entries = self._own_fonts(fonts)
        packet = self._packet.filled(about.title, about.issuer, about.day)
        resources = b"<</Font <<%s%s>> /XObject %s>>" % (self._fonts, entries, self._forms)
        objects = [
            (RESOURCES, b"%d 0 obj\n%s\nendobj\n" % (RESOURCES, resources)),
            (CONTENTS, _stream(CONTENTS, b"/Filter /FlateDecode", page)),
            (METADATA, _stream(METADATA, b"/Type /Metadata /Subtype /XML", packet)),
            (FILE, _attachment(envelope, about.day)),
            *added,
        ]
        if self._sealing is None:
            return self._objects.prefix + self._objects.tail(objects)
        tail = self._objects.tail([*objects, (SIGNATURE, self._sealing.written(about.day))])
        sealed = self._sealing.sealed(len(self._objects.prefix), self._objects.digest(), tail)
        return self._objects.prefix + sealed

    def _filled(self, filled: VaryingParts, fonts: Fonts) -> bytes:
        """The page's content, deflated."""
        parts: list[objects.DeflatedPart | bytes] = []
        fresh: list[bytes] = []
        for part in self._parts:
            if isinstance(part, bytes):
                fresh.append(part)
            elif isinstance(part, objects.DeflatedPart):
                if fresh:
                    parts.append(b"".join(fresh))
                    fresh = []
                parts.append(part)
            else:
                fresh.append(self._drawn(part, filled, fonts))
        return objects.joined_stream([*parts, b"".join(fresh)], _LEVEL)

    def _drawn(self, slot: Slot, filled: VaryingParts, fonts: Fonts) -> bytes:
        """The operators of a slot; those of texts that repeat and need no font of their own are kept."""
        if not slot.repeats:
            return _operators(slot.marks(filled), fonts.of)
        value = slot.read(filled)
        kept = self._kept.get((id(slot), value))
        if kept is None:
            own = Fonts(self._names, self._base, b"X")
            kept = _operators(slot.draw(value), own.of)
            if own.extra or len(self._kept) >= _KEPT:
                return _operators(slot.draw(value), fonts.of)
            self._kept[id(slot), value] = kept
        return kept

    def _own_fonts(self, fonts: Fonts) -> tuple[list[tuple[int, bytes]], bytes]:
        """This certificate's own subsets, written, and their entries for the resources."""
        following, written, entries = self._objects.next, [], b""
        for digest in sorted(fonts.extra):
            values = font_objects(fonts.faces[digest], fonts.extra[digest], following)
            written += [
                (number, indirect(number, value, _LEVEL)) for number, value in enumerate(values, following)
            ]
            entries += b" /X%s %d 0 R" % (self._names[digest], following)
            following += OBJECTS
        return written, entries


def _attachment(envelope: bytes, day: Day) -> bytes:
    # MD5 is the check that the format prescribes; nothing rests on it.
    checked = hashlib.md5(envelope, usedforsecurity=False).hexdigest().upper().encode()
    about = b"/Type /EmbeddedFile /Subtype /application#2Fjson /Filter /FlateDecode "
    about += b"/Params <</Size %d /ModDate (D:%s000000Z) /CheckSum <%s>>>" % (
        len(envelope),
        day.replace("-", "").encode(),
        checked,
    )
    return _stream(FILE, about, zlib.compress(envelope, _LEVEL))


def _stream(rank: int, about: bytes, data: bytes) -> bytes:
    return b"%d 0 obj\n<<%s /Length %d>>\nstream\n%s\nendstream\nendobj\n" % (rank, about, len(data), data)


def _leaves(elements: Sequence[Element]) -> list[Element]:
    found: list[Element] = []
    for element in elements:
        found += _leaves(element.children) if element.children else [element]
    return found


def _inks(elements: Sequence[Element]) -> list[TextMark]:
    return [mark for leaf in _leaves(elements) for mark in leaf.marks if isinstance(mark, TextMark)]


def _wrap(leaf: Element, structure: Structure) -> tuple[bytes, bytes]:
    if leaf.role == "Artifact":
        return b"/Artifact BMC\n", b"EMC\n"
    return b"/%s <</MCID %d>> BDC\n" % (leaf.role.encode(), structure.content_ids[id(leaf)]), b"EMC\n"
