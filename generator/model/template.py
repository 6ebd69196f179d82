"""A certificate's design as plain values: page, colours, type, pictures, regions, wording.

Lengths are millimetres from the top left corner of the page, type sizes are points. A region is
a box with a stack of items; an item whose fields are absent is left out and takes no space.
"""

from __future__ import annotations

from typing import Annotated, Literal

from generator.model.certificate import Kind
from generator.model.value import Day, Digest, Field, Language, Text, Value, written
from generator.model.wording import Wording

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Millimetres = Annotated[float, Field(ge=0, le=420)]
Points = Annotated[float, Field(ge=5, le=120)]
Colour = Annotated[str, written(r"^#[0-9a-f]{6}$", "a colour in small letters, such as #1f4e5f")]
Face = Literal["display", "text", "strong"]
Align = Literal["left", "centre", "right"]


FileName = Annotated[
    str,
    written(
        r"^[A-Za-z0-9][A-Za-z0-9 ._-]*(/[A-Za-z0-9][A-Za-z0-9 ._-]*)*$",
        "the name of a file in the template's folder",
    ),
]


class PageFormat(Value):
    """A4, lying or standing."""

    orientation: Literal["landscape", "portrait"] = "landscape"

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        return (297.0, 210.0) if self.orientation == "landscape" else (210.0, 297.0)


class Colours(Value):
    """The palette; `line` is for ornament alone, the others carry text."""

    ink: Colour = "#17212b"
    quiet: Colour = "#55616d"
    accent: Colour = "#7a1f35"
    line: Colour = "#b3935a"
    tint: Colour = "#f6f2ea"
    paper: Colour = "#ffffff"


class Border(Value):
    """The vector ornament round the page."""

    kind: Literal["none", "frame", "fine-lines", "guilloche", "band"] = "frame"
    colour: Literal["ink", "quiet", "accent", "line"] = "line"
    inset: Millimetres = 9.0


class Style(Value):
    """How a line is set. It shrinks to `least` points, then wraps to `lines`, and is never clipped."""

    face: Face = "text"
    size: Points = 10.0
    least: Points | None = None
    lines: Annotated[int, Field(ge=1, le=6)] = 1
    colour: Literal["ink", "quiet", "accent"] = "ink"
    tracking: Annotated[float, Field(ge=0, le=10)] = 0.0
    leading: Annotated[float, Field(ge=1, le=3)] = 1.3


class Image(Value):
    """A picture file of the template's folder; `alt` is read aloud to who cannot see it."""

    file: FileName
    alt: Text


class SignatureImage(Value):
    """The written signature of a signatory, used from and until these days of issue."""

    name: Text
    file: FileName
    starts: Day | None = None
    ends: Day | None = None


class Item(Value):
    """What every item of a stack may say: space above it, and when it is left out."""

    above: Millimetres = 0.0
    only: tuple[Kind, ...] = ()
    needs: tuple[str, ...] = ()


class TextItem(Item):
    """A line of text with `{field}` and `{words.name}` in it; `title` is the document's heading."""

    say: Text
    style: Name = "body"
    role: Literal["title", "heading", "line"] = "line"


class FactsItem(Item):
    """Label and value side by side, in one or more columns; `stacked` sets the value below its label."""

    facts: tuple[str, ...]
    style: Name = "fact"
    label_style: Name = "fact-label"
    columns: Annotated[int, Field(ge=1, le=4)] = 1
    label_width: Millimetres = 36.0
    stacked: bool = False


class UnitsItem(Item):
    """The table of units with grades, or of modules without; takes the rest of its region."""

    units: Literal[True]
    style: Name = "unit"
    head_style: Name = "unit-head"
    columns: Annotated[int, Field(ge=1, le=4)] = 2
    grade_width: Millimetres = 24.0


class PictureItem(Item):
    """A picture, by its name under `images`."""

    image: Name
    height: Millimetres


class SignaturesItem(Item):
    """The signatories side by side: signature picture, line, name, title."""

    signatures: Literal[True]
    style: Name = "signatory"
    title_style: Name = "signatory-title"
    width: Millimetres = 58.0
    height: Millimetres = 13.0


class QrItem(Item):
    """The QR code; its side includes the quiet margin of four modules."""

    qr: Annotated[float, Field(ge=16, le=60)]


class LineItem(Item):
    """A thin line of this width."""

    rule: Millimetres
    colour: Literal["ink", "quiet", "accent", "line"] = "line"
    weight: Annotated[float, Field(gt=0, le=4)] = 0.5


class SpaceItem(Item):
    """The space that nothing else takes; what follows goes to the bottom of the box."""

    spring: Literal[True]


AnyItem = SpaceItem | TextItem | FactsItem | UnitsItem | PictureItem | SignaturesItem | QrItem | LineItem
ITEMS: dict[str, type[AnyItem]] = {
    "say": TextItem,
    "facts": FactsItem,
    "units": UnitsItem,
    "image": PictureItem,
    "signatures": SignaturesItem,
    "qr": QrItem,
    "rule": LineItem,
    "spring": SpaceItem,
}


class Region(Value):
    """A box `[left, top, width, height]` and what is in it, in reading order."""

    box: tuple[Millimetres, Millimetres, Millimetres, Millimetres]
    align: Align = "left"
    across: Literal["top", "middle", "bottom"] = "top"
    stack: tuple[AnyItem, ...]


class Asset(Value):
    """One file of the template's folder, as bytes."""

    file: FileName
    data: bytes


class Template(Value):
    """One design, checked: every field has its place, every name is defined, every colour is legible."""

    schema_version: Literal[1]
    title: Text
    page: PageFormat = PageFormat()
    colours: Colours = Colours()
    border: Border = Border()
    images: dict[Name, Image] = {}
    signatures: tuple[SignatureImage, ...] = ()
    styles: dict[Name, Style] = {}
    layout: Annotated[tuple[Region, ...], Field(min_length=1, max_length=40)]
    wording: dict[Language, Wording]
    assets: tuple[Asset, ...] = ()
    digest: Digest

    def words(self, language: str) -> Wording | None:
        """The wording for a language tag, or for its language without the region."""
        return self.wording.get(language) or self.wording.get(language.split("-")[0])

    def asset(self, file: str) -> bytes:
        """The bytes of a file that the template names. Raises KeyError for any other."""
        return next((asset.data for asset in self.assets if asset.file == file), None) or self._missing(file)

    def _missing(self, file: str) -> bytes:
        raise KeyError(file)

    def extra_faces(self) -> tuple[Asset, ...]:
        """The typefaces that the organisation added, in the order of their file names."""
        return tuple(asset for asset in self.assets if asset.file.startswith("fonts/"))


BASIC_STYLES = {
    "body": Style(),
    "issuer": Style(face="strong", size=12, least=8, lines=2),
    "label": Style(face="display", size=30, least=18, lines=2, colour="accent"),
    "name": Style(face="display", size=38, least=17, lines=2, leading=1.22),
    "programme": Style(face="display", size=18, least=11, lines=2),
    "quiet": Style(colour="quiet", size=9, least=7, lines=3),
    "replacement": Style(face="strong", size=9.5, least=7, colour="accent"),
    "number": Style(face="strong", size=8.5, least=6),
    "fact": Style(face="strong", size=9, least=6, lines=2),
    "fact-label": Style(size=9, least=6, colour="quiet"),
    "unit": Style(size=8.5, least=6),
    "unit-head": Style(size=7.5, least=6, colour="quiet"),
    "signatory": Style(face="strong", size=8.5, least=6, lines=2),
    "signatory-title": Style(size=8, least=6, lines=2, colour="quiet"),
    "small": Style(size=7.5, least=6, lines=4, colour="quiet"),
}
