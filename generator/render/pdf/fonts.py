"""Faces as PDF fonts: Type 0 with the face's own glyph numbers as codes, embedded and subset."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from generator.render.faces import Face
from generator.render.pdf.objects import Name, Ref, Stream, text
from generator.render.shaping import Piece

OBJECTS = 5
_CMAP_HEAD = (
    b"/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    b"/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def\n"
    b"/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    b"1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
)
_CMAP_TAIL = b"endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"


@dataclass
class Fonts:
    """Which font each piece of text is written with, and which glyphs the certificate's own ones need."""

    names: Mapping[str, bytes]
    base: Mapping[str, Mapping[int, str]]
    kind: bytes
    extra: dict[str, dict[int, str]] = field(default_factory=dict)
    faces: dict[str, Face] = field(default_factory=dict)

    def of(self, piece: Piece) -> bytes:
        """The shared subset where it holds the whole piece, else one of the kind's own."""
        digest = piece.face.digest
        known = self.base.get(digest, {})
        if piece.simple and piece.numbers <= known.keys():
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


def font_objects(face: Face, glyphs: Mapping[int, str], first: int) -> list[object]:
    """Five objects numbered from `first`; `glyphs` says for each glyph the text it stands for."""
    data = face.subset(frozenset(glyphs) | {0})
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(data).digest()[:6])
    name = Name(f"{tag}+{face.name}")
    system = {"Registry": text("Adobe"), "Ordering": text("Identity"), "Supplement": 0}
    metrics = face.metrics
    return [
        {
            "Type": Name("Font"),
            "Subtype": Name("Type0"),
            "BaseFont": name,
            "Encoding": Name("Identity-H"),
            "DescendantFonts": [Ref(first + 1)],
            "ToUnicode": Ref(first + 3),
        },
        {
            "Type": Name("Font"),
            "Subtype": Name("CIDFontType2"),
            "BaseFont": name,
            "CIDSystemInfo": system,
            "CIDToGIDMap": Name("Identity"),
            "DW": 0,
            "W": _widths(face, sorted(glyphs)),
            "FontDescriptor": Ref(first + 2),
        },
        {
            "Type": Name("FontDescriptor"),
            "FontName": name,
            "Flags": 4,
            "FontBBox": [metrics["left"], metrics["bottom"], metrics["right"], metrics["top"]],
            "ItalicAngle": 0,
            "Ascent": metrics["ascent"],
            "Descent": metrics["descent"],
            "CapHeight": metrics["capital"],
            "StemV": 80,
            "FontFile2": Ref(first + 4),
        },
        Stream({}, to_unicode(glyphs)),
        Stream({"Length1": len(data)}, data),
    ]


def _widths(face: Face, glyphs: list[int]) -> list[object]:
    runs: dict[int, list[int]] = {}
    start = last = -2
    for glyph in glyphs:
        if glyph != last + 1:
            start = glyph
        runs.setdefault(start, []).append(round(face.width(glyph)))
        last = glyph
    return [part for run in runs.items() for part in run]


def to_unicode(glyphs: Mapping[int, str]) -> bytes:
    """The CMap that gives every code its text; never empty, as PDF/A asks."""
    pairs = [(glyph, glyphs[glyph] or "\u200b") for glyph in sorted(glyphs)]
    out = [_CMAP_HEAD]
    for start in range(0, len(pairs), 100):
        block = pairs[start : start + 100]
        out.append(b"%d beginbfchar\n" % len(block))
        out += [
            b"<%04X> <%s>\n" % (code, value.encode("utf-16-be").hex().upper().encode())
            for code, value in block
        ]
        out.append(b"endbfchar\n")
    return b"".join([*out, _CMAP_TAIL])
