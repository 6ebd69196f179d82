"""The file: what one arrangement's certificates share is written once, each adds its own tail.

The shared bytes come first, so that their SHA-256 is begun once too. One content stream in
reading order is spliced from parts that were deflated beforehand and parts deflated now.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from generator.render.faces import Face
from generator.render.gallery import Gallery, Hung
from generator.render.marks import Element, Filled, Ink, Stamp
from generator.render.pdf import content
from generator.render.pdf.fonts import OBJECTS, font_objects
from generator.render.pdf.metadata import xmp
from generator.render.pdf.objects import Name, Ref, Stream, indirect, number, text, write
from generator.render.pdf.structure import Structure
from generator.render.shaping import Piece

CATALOG, PAGES, PAGE, PROFILE, ATTACHED = 1, 2, 3, 4, 5
RESOURCES, CONTENTS, METADATA, FILE = 6, 7, 8, 9
_FIRST = 10
_TAIL = (RESOURCES, CONTENTS, METADATA, FILE)
CLAIM = "certificate.json"


@dataclass(frozen=True)
class Setup:
    """What the file is made of beside the page: its size in points, language, colour profile, faces."""

    size: tuple[float, float]
    language: str
    profile: bytes
    faces: tuple[Face, ...]
    alphabet: Mapping[str, frozenset[int]]
    paper: str
    border: Hung | None
    pictures: Gallery


@dataclass(frozen=True)
class About:
    """The metadata of one certificate."""

    title: str
    issuer: str
    day: str


@dataclass
class _Fonts:
    """Which glyphs each face needs, and the names of the font resources."""

    names: dict[str, bytes]
    base: Mapping[str, Mapping[int, str]]
    kind: bytes
    extra: dict[str, dict[int, str]] = field(default_factory=dict)
    faces: dict[str, Face] = field(default_factory=dict)

    def of(self, piece: Piece) -> bytes:
        """The shared subset where it holds the whole piece, else this certificate's own."""
        digest = piece.face.digest
        known = self.base.get(digest, {})
        if piece.simple and all(glyph.number in known for glyph in piece.glyphs):
            return b"F" + self.names[digest]
        found = self.extra.setdefault(digest, {})
        self.faces[digest] = piece.face
        for glyph, characters in meanings(piece):
            if not found.get(glyph):
                found[glyph] = characters
        return self.kind + self.names[digest]


def meanings(piece: Piece) -> list[tuple[int, str]]:
    """Each glyph with its characters; of the glyphs of one cluster the first in the text has them."""
    starts = sorted({glyph.cluster for glyph in piece.glyphs})
    ends = dict(zip(starts, [*starts[1:], len(piece.text)], strict=True))
    seen: set[int] = set()
    out = []
    for glyph in reversed(piece.glyphs) if piece.rtl else piece.glyphs:
        fresh = glyph.cluster not in seen
        seen.add(glyph.cluster)
        out.append((glyph.number, piece.text[glyph.cluster : ends[glyph.cluster]] if fresh else ""))
    return out


class Document:
    """One arrangement, written; `finish` makes the file of one certificate."""

    def __init__(self, setup: Setup, elements: list[Element]) -> None:
        self._setup = setup
        self._names = {face.digest: b"%d" % index for index, face in enumerate(setup.faces)}
        self._base = self._shared_glyphs(elements)
        structure = Structure([element for element in elements if element.role != "Artifact"], PAGE, _FIRST)
        self._parts = self._page(elements, structure)
        objects: dict[int, Any] = dict(structure.objects)
        self._next = structure.after
        fonts = self._shared_fonts(objects)
        pictures = self._pictures(elements, objects)
        self._resources = {"Font": fonts, "XObject": pictures}
        objects |= self._fixed(structure)
        self._write(objects)

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

    def _page(self, elements: list[Element], structure: Structure) -> list[Any]:
        """Alternating ready operators and elements with slots, in reading order."""
        fonts = _Fonts(self._names, self._base, b"C")
        parts: list[Any] = [self._background()]
        for leaf in _leaves(elements):
            opening, closing = _wrap(leaf, structure)
            if leaf.slot:
                parts[-1] += opening
                parts += [leaf.slot, closing]
            else:
                parts[-1] += opening + content.draw(leaf.marks, fonts.of) + closing
        self._constant_extra = fonts
        return parts

    def _shared_fonts(self, objects: dict[int, Any]) -> dict[str, Ref]:
        found = {}
        wanted = [("F", digest, glyphs) for digest, glyphs in self._base.items()]
        wanted += [("C", digest, glyphs) for digest, glyphs in self._constant_extra.extra.items()]
        faces = {face.digest: face for face in self._setup.faces}
        for kind, digest, glyphs in wanted:
            if not glyphs:
                continue
            for offset, value in enumerate(font_objects(faces[digest], glyphs, self._next)):
                objects[self._next + offset] = value
            found[f"{kind}{self._names[digest].decode()}"] = Ref(self._next)
            self._next += OBJECTS
        return found

    def _background(self) -> bytes:
        width, height = map(number, self._setup.size)
        sheet = b""
        if self._setup.paper != "#ffffff":
            sheet = b"%s rg 0 0 %s %s re f\n" % (content.rgb(self._setup.paper), width, height)
        if self._setup.border:
            sheet += b"q /%s Do Q\n" % self._setup.border.name.encode()
        return b"/Artifact BMC\n%sEMC\n" % sheet if sheet else b""

    def _pictures(self, elements: list[Element], objects: dict[int, Any]) -> dict[str, Ref]:
        forms = {self._setup.border.name: self._setup.border.form} if self._setup.border else {}
        for leaf in _leaves(elements):
            for mark in leaf.marks:
                if isinstance(mark, Stamp):
                    forms[mark.picture] = self._setup.pictures.named(mark.picture)
        return {name: self._lifted(form.value, objects) for name, form in sorted(forms.items())}

    def _lifted(self, value: Any, objects: dict[int, Any]) -> Any:
        """The value with every stream in it, itself too, made an object of its own."""
        if isinstance(value, Stream):
            about = self._lifted(dict(value.about), objects)
            number_, self._next = self._next, self._next + 1
            objects[number_] = Stream(about, value.data, value.plain)
            return Ref(number_)
        if isinstance(value, dict):
            return {name: self._lifted(item, objects) for name, item in value.items()}
        return [self._lifted(item, objects) for item in value] if isinstance(value, list) else value

    def _fixed(self, structure: Structure) -> dict[int, Any]:
        width, height = self._setup.size
        profile = {
            "Type": Name("OutputIntent"),
            "S": Name("GTS_PDFA1"),
            "OutputConditionIdentifier": "sRGB",
            "Info": "sRGB IEC61966-2.1",
            "DestOutputProfile": Ref(PROFILE),
        }
        attached = {
            "Type": Name("Filespec"),
            "F": CLAIM,
            "UF": CLAIM,
            "Desc": "Signed statement of this certificate",
            "AFRelationship": Name("Data"),
            "EF": {"F": Ref(FILE), "UF": Ref(FILE)},
        }
        catalog = {
            "Type": Name("Catalog"),
            "Pages": Ref(PAGES),
            "Lang": self._setup.language,
            "MarkInfo": {"Marked": True},
            "StructTreeRoot": Ref(structure.root),
            "ViewerPreferences": {"DisplayDocTitle": True},
            "Metadata": Ref(METADATA),
            "OutputIntents": [profile],
            "AF": [Ref(ATTACHED)],
            "Names": {"EmbeddedFiles": {"Names": [text(CLAIM), Ref(ATTACHED)]}},
        }
        page = {
            "Type": Name("Page"),
            "Parent": Ref(PAGES),
            "MediaBox": [0, 0, width, height],
            "Resources": Ref(RESOURCES),
            "Contents": Ref(CONTENTS),
            "StructParents": 0,
            "Tabs": Name("S"),
        }
        return {
            CATALOG: catalog,
            PAGES: {"Type": Name("Pages"), "Kids": [Ref(PAGE)], "Count": 1},
            PAGE: page,
            PROFILE: Stream({"N": 3}, self._setup.profile),
            ATTACHED: attached,
        }

    def _write(self, objects: Mapping[int, Any]) -> None:
        out = [b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"]
        position = len(out[0])
        self._offsets: dict[int, int] = {}
        for rank in sorted(objects):
            written = indirect(rank, objects[rank])
            self._offsets[rank] = position
            position += len(written)
            out.append(written)
        self.prefix = b"".join(out)
        self._begun = hashlib.sha256(self.prefix)

    def finish(self, filled: Filled, about: About, envelope: bytes) -> bytes:
        """The bytes of one certificate."""
        fonts = _Fonts(self._names, self._base, b"X")
        page = self._filled(filled, fonts)
        tail: dict[int, Any] = {}
        resources = {"Font": dict(self._resources["Font"]), "XObject": self._resources["XObject"]}
        following = self._next
        for digest in sorted(fonts.extra):
            values = font_objects(fonts.faces[digest], fonts.extra[digest], following)
            tail |= dict(enumerate(values, following))
            resources["Font"]["X" + self._names[digest].decode()] = Ref(following)
            following += OBJECTS
        tail[RESOURCES] = resources
        tail[CONTENTS] = Stream({}, page)
        packet = xmp(about.title, about.issuer, self._setup.language, about.day)
        tail[METADATA] = Stream({"Type": Name("Metadata"), "Subtype": Name("XML")}, packet, plain=True)
        tail[FILE] = self._attachment(envelope, about.day)
        return self._closed(tail, following)

    def _filled(self, filled: Filled, fonts: _Fonts) -> bytes:
        return b"".join(
            part if isinstance(part, bytes) else content.draw(part(filled), fonts.of) for part in self._parts
        )

    def _attachment(self, envelope: bytes, day: str) -> Stream:
        stamp = f"D:{day.replace('-', '')}000000Z"
        checked = hashlib.md5(
            envelope, usedforsecurity=False
        ).digest()  # the check that the format prescribes
        about = {
            "Type": Name("EmbeddedFile"),
            "Subtype": Name("application/json"),
            "Params": {"Size": len(envelope), "ModDate": stamp, "CheckSum": checked},
        }
        return Stream(about, envelope)

    def _closed(self, tail: Mapping[int, Any], count: int) -> bytes:
        out = []
        position = len(self.prefix)
        offsets = dict(self._offsets)
        digest = self._begun.copy()
        for rank in sorted(tail):
            written = indirect(rank, tail[rank])
            offsets[rank] = position
            position += len(written)
            digest.update(written)
            out.append(written)
        lines = [b"xref\n0 %d\n0000000000 65535 f \n" % count]
        lines += [b"%010d 00000 n \n" % offsets[rank] for rank in range(1, count)]
        name = digest.digest()[:16]
        trailer = {"Size": count, "Root": Ref(CATALOG), "ID": [name, name]}
        return b"".join(
            [self.prefix, *out, *lines, b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (write(trailer), position)]
        )


def _leaves(elements: Sequence[Element]) -> list[Element]:
    found: list[Element] = []
    for element in elements:
        found += _leaves(element.children) if element.children else [element]
    return found


def _inks(elements: Sequence[Element]) -> list[Ink]:
    return [mark for leaf in _leaves(elements) for mark in leaf.marks if isinstance(mark, Ink)]


def _wrap(leaf: Element, structure: Structure) -> tuple[bytes, bytes]:
    if leaf.role == "Artifact":
        return b"/Artifact BMC\n", b"EMC\n"
    return b"/%s <</MCID %d>> BDC\n" % (leaf.role.encode(), structure.content_ids[id(leaf)]), b"EMC\n"
