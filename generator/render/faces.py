"""The adapter for HarfBuzz: a typeface, what it can draw, shaped runs of glyphs, and its subset.

Subsets keep the face's own glyph numbers, so that what is written on a page does not depend on
what else is written on it. Lengths are thousandths of the type size.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

import uharfbuzz as hb

from generator.errors import Malformed

# Ligatures change the text that is read back; kerning and marks do not.
_FEATURES = {"kern": True, "liga": False, "clig": False, "dlig": False}
# Tables that a PDF reader never looks at once glyphs are chosen.
_UNUSED = (
    "GSUB",
    "GPOS",
    "GDEF",
    "BASE",
    "cmap",
    "name",
    "OS/2",
    "post",
    "kern",
    "gasp",
    "DSIG",
    "STAT",
    "vhea",
    "vmtx",
)
BUNDLED = Path(__file__).parent / "fonts"
FILES = {
    "display": "NotoSerifDisplay-Regular.ttf",
    "text": "NotoSans-Regular.ttf",
    "strong": "NotoSans-SemiBold.ttf",
    "hebrew": "NotoSerifHebrew-Regular.ttf",
    "arabic": "NotoNaskhArabic-Regular.ttf",
    "devanagari": "NotoSerifDevanagari-Regular.ttf",
    "han": "NotoSansSC-Regular.ttf",
}
FALLBACKS = ("hebrew", "arabic", "devanagari", "han")


@dataclass(frozen=True, slots=True)
class Glyph:
    """One shaped glyph; `cluster` is the index in the text of the first character it stands for."""

    number: int
    cluster: int
    advance: float
    right: float
    up: float


class Face:
    """A TrueType face. Raises `Malformed` when the bytes are not one that can be embedded."""

    def __init__(self, data: bytes, where: str) -> None:
        self.data = data
        self.where = where
        self.digest = hashlib.sha256(data).hexdigest()
        try:
            self._face = hb.Face(hb.Blob(data))
            tables = set(self._face.table_tags)
        except ValueError as error:  # the name of a table is not text
            raise Malformed(f"not a font: {type(error).__name__}") from None
        if not {"glyf", "head", "hhea", "hmtx", "maxp", "cmap"} <= tables:
            raise Malformed("not a TrueType font with outlines (an OpenType/CFF font cannot be used here)")
        if "fvar" in tables:
            raise Malformed("a variable font; take the static Regular of the family")
        self._font = hb.Font(self._face)
        self._widths: dict[int, float] = {}
        self.unicodes = frozenset(self._face.unicodes)
        self._scale = 1000 / self._face.upem
        self.name = "".join(
            char for char in self._face.get_name(6, "en") or "Face" if char.isalnum() or char == "-"
        )

    @cached_property
    def _bare(self) -> hb.Face:
        # What embedding needs and no more: subsetting this is several times faster.
        chosen = hb.SubsetInput()
        chosen.keep_everything()
        for tag in _UNUSED:
            chosen.drop_table_tag_set.add(struct.unpack(">I", tag.encode())[0])
        bare = hb.subset(self._face, chosen)
        return hb.Face(bare.blob) if bare is not None else self._face

    @cached_property
    def metrics(self) -> dict[str, int]:
        """Ascent, descent, cap height and the four sides of the box, in thousandths."""
        scale = self._scale
        head = bytes(self._face.reference_table("head").data)
        hhea = bytes(self._face.reference_table("hhea").data)
        os2 = bytes(self._face.reference_table("OS/2").data)
        left, bottom, right, top = struct.unpack(">4h", head[36:44])
        ascent, descent = struct.unpack(">2h", hhea[4:8])
        capital = struct.unpack(">h", os2[88:90])[0] if len(os2) >= 90 else 0
        found = {"ascent": ascent, "descent": descent, "capital": capital or round(ascent * 0.7)}
        found |= {"left": left, "bottom": bottom, "right": right, "top": top}
        return {name: round(value * scale) for name, value in found.items()}

    @cached_property
    def characters(self) -> dict[int, str]:
        """The one character that each glyph of the character map stands for."""
        found: dict[int, str] = {}
        for code in sorted(self.unicodes):
            glyph = self._font.get_nominal_glyph(code)
            if glyph:
                found.setdefault(glyph, chr(code))
        return found

    def width(self, glyph: int) -> float:
        """A glyph's advance in thousandths."""
        known = self._widths.get(glyph)
        if known is None:
            known = self._widths[glyph] = float(self._font.get_glyph_h_advance(glyph) * self._scale)
        return known

    def shape(self, text: str, *, rtl: bool, script: str, language: str) -> tuple[Glyph, ...]:
        """The glyphs of one run of one script and direction, left to right as drawn."""
        buffer = hb.Buffer()
        buffer.add_str(text)
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.script = script
        buffer.language = language
        hb.shape(self._font, buffer, _FEATURES)
        scale, places = self._scale, [at.position for at in buffer.glyph_positions]
        return tuple(
            [
                Glyph(info.codepoint, info.cluster, across * scale, right * scale, up * scale)
                for info, (right, up, across, _) in zip(buffer.glyph_infos, places, strict=True)
            ]
        )

    def subset(self, glyphs: frozenset[int]) -> bytes:
        """A TrueType file with these glyphs, under their own numbers, and what they are built of."""
        chosen = hb.SubsetInput()
        chosen.glyph_set.update(glyphs)
        chosen.flags = (
            hb.SubsetFlags.NO_HINTING
            | hb.SubsetFlags.NOTDEF_OUTLINE
            | hb.SubsetFlags.NO_LAYOUT_CLOSURE
            | hb.SubsetFlags.RETAIN_GIDS
        )
        made = hb.subset(self._bare, chosen)
        if made is None:
            raise Malformed(f"{self.where}: HarfBuzz could not cut the font down")
        return bytes(made.blob.data)


@cache
def bundled(name: str) -> Face:
    """One of the faces of FILES, read once."""
    file = BUNDLED / FILES[name]
    return Face(file.read_bytes(), f"bundled font {file.name}")


@dataclass(frozen=True, eq=False)
class Family:
    """The faces that a line may use, in the order in which they are asked for a character."""

    faces: tuple[Face, ...]

    @cached_property
    def unicodes(self) -> frozenset[int]:
        """Every character that one of the faces has."""
        return frozenset().union(*(face.unicodes for face in self.faces))

    def covering(self, text: str) -> Face | None:
        """The first face that can draw all of these characters."""
        wanted = {ord(char) for char in text}
        return next((face for face in self.faces if wanted <= face.unicodes), None)


def family(style: str, extras: tuple[Face, ...]) -> Family:
    """The chain for one of the styles `display`, `text`, `strong`."""
    return Family((bundled(style), *(bundled(name) for name in FALLBACKS), *extras))


def harfbuzz_version() -> str:
    """For the recipe: another version may shape or subset otherwise."""
    return f"uharfbuzz {hb.__version__} harfbuzz {hb.version_string()}"
