"""A certificate's design as plain values: page, colours, type, pictures, regions, wording.

Lengths are millimetres from the top left corner of the page, type sizes are points. A region is
a box with a stack of items; an item whose fields are absent is left out and takes no room.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

from generator.model.certificate import Kind, Statement
from generator.model.value import Day, Digest, Field, Language, Text, Value

# What a line may quote in braces, beside `words.NAME`.
FIELDS = frozenset(
    [
        "issuer",
        "label",
        "replacement",
        "learner",
        "title",
        "programme_code",
        "programme_version",
        "level",
        "regulated_number",
        "size",
        "grade",
        "score",
        "hours",
        "sponsor",
        "instructor",
        "centre",
        "centre_number",
        "accreditation_body",
        "accreditation_number",
        "accreditation_statement",
        "completed_on",
        "issued_on",
        "expires_on",
        "serial",
        "number",
        "domain",
        "key_phrase",
    ]
)
# Fields that differ between two certificates of one programme; everything else is laid out once.
VARYING = frozenset(
    ["learner", "grade", "score", "completed_on", "issued_on", "expires_on", "serial", "number"]
)

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Millimetres = Annotated[float, Field(ge=0, le=420)]
Points = Annotated[float, Field(ge=5, le=120)]
Colour = Annotated[str, Field(pattern=r"^#[0-9a-f]{6}$")]
Face = Literal["display", "text", "strong"]
Align = Literal["left", "centre", "right"]


FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]*(/[A-Za-z0-9][A-Za-z0-9 ._-]*)*$")]


class Page(Value):
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
    capitals: bool = False
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
    """What every item of a stack may say: room above it, and when it is left out."""

    above: Millimetres = 0.0
    only: tuple[Kind, ...] = ()
    needs: tuple[str, ...] = ()


class Say(Item):
    """A line of text with `{field}` and `{words.name}` in it; `title` is the document's heading."""

    say: Text
    style: Name = "body"
    role: Literal["title", "heading", "line"] = "line"


class Facts(Item):
    """Label and value side by side, in one or more columns."""

    facts: tuple[str, ...]
    style: Name = "fact"
    label_style: Name = "fact-label"
    columns: Annotated[int, Field(ge=1, le=4)] = 1
    label_width: Millimetres = 36.0


class Units(Item):
    """The table of units with grades, or of modules without; takes the rest of its region."""

    units: Literal[True]
    style: Name = "unit"
    head_style: Name = "unit-head"
    columns: Annotated[int, Field(ge=1, le=4)] = 2
    grade_width: Millimetres = 24.0


class Picture(Item):
    """A picture, by its name under `images`."""

    image: Name
    height: Millimetres
    current_accreditation: bool = False


class Signatures(Item):
    """The signatories side by side: signature picture, line, name, title."""

    signatures: Literal[True]
    style: Name = "signatory"
    title_style: Name = "signatory-title"
    width: Millimetres = 58.0
    height: Millimetres = 13.0


class Code(Item):
    """The QR code; its side includes the quiet margin of four modules."""

    qr: Annotated[float, Field(ge=16, le=60)]


class Rule(Item):
    """A thin line of this width."""

    rule: Millimetres
    colour: Literal["ink", "quiet", "accent", "line"] = "line"
    weight: Annotated[float, Field(gt=0, le=4)] = 0.5


AnyItem = Say | Facts | Units | Picture | Signatures | Code | Rule
ITEMS: dict[str, type[AnyItem]] = {
    "say": Say,
    "facts": Facts,
    "units": Units,
    "image": Picture,
    "signatures": Signatures,
    "qr": Code,
    "rule": Rule,
}


class Region(Value):
    """A box `[left, top, width, height]` and what stands in it, in reading order."""

    box: tuple[Millimetres, Millimetres, Millimetres, Millimetres]
    align: Align = "left"
    across: Literal["top", "middle", "bottom"] = "top"
    stack: tuple[AnyItem, ...]


_MONTHS = "January February March April May June July August September October November December"


class Wording(Value):
    """Every word that is printed and is not the certificate's own; English is the default."""

    months: Annotated[tuple[Text, ...], Field(min_length=12, max_length=12)] = tuple(_MONTHS.split())
    date: Text = "{day} {month} {year}"
    serial: Text = "Certificate number"
    number: Text = "Verification number"
    grade: Text = "Grade"
    level: Text = "Level"
    completed_on: Text = "Completed"
    issued_on: Text = "Issued"
    expires_on: Text = "Expires"
    regulated_number: Text = "Qualification number"
    size: Text = "Size"
    score: Text = "Score"
    hours: Text = "CPD hours"
    sponsor: Text = "Sponsored by"
    instructor: Text = "Instructor"
    centre: Text = "Centre"
    centre_number: Text = "Centre number"
    accreditation_body: Text = "Accredited by"
    accreditation_number: Text = "Accreditation number"
    accreditation_statement: Text = "Accreditation"
    key_phrase: Text = "Key phrase"
    domain: Text = "Verify at"
    programme_code: Text = "Programme code"
    programme_version: Text = "Version"
    unit: Text = "Unit"
    unit_title: Text = "Unit title"
    unit_grade: Text = "Unit grade"
    module: Text = "Module"
    module_title: Text = "Module title"
    replacement: Text = "Replacement certificate"
    certifies: Text = "This is to certify that"
    awarded: Text = "has been awarded"
    units_of: Text = "has achieved the units named below, towards"
    completed: Text = "has completed"
    units_heading: Text = "Units achieved"
    modules_heading: Text = "Modules completed"
    verify: Text = "How to verify: scan the code, or enter the verification number at {domain}."
    phrase: Text = "The page must show these words: {key_phrase}."
    sample: Text = "SAMPLE"
    sample_note: Text = "Sample of a fictional organisation. Not a qualification."
    signature_of: Text = "Signature of {name}"
    qr_alt: Text = "QR code that opens this certificate's record at {domain}"


class Asset(Value):
    """One file of the template's folder, as bytes."""

    file: FileName
    data: bytes


class Template(Value):
    """One design, checked: every field has its place, every name is defined, every colour is legible."""

    schema_version: Literal[1]
    title: Text
    page: Page = Page()
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
    "fact": Style(face="strong", size=9, least=6, lines=2),
    "fact-label": Style(size=9, least=6, colour="quiet"),
    "unit": Style(size=8.5, least=6),
    "unit-head": Style(size=7.5, least=6, colour="quiet"),
    "signatory": Style(face="strong", size=8.5, least=6, lines=2),
    "signatory-title": Style(size=8, least=6, lines=2, colour="quiet"),
    "small": Style(size=7.5, least=6, lines=4, colour="quiet"),
}

GROUPED = re.compile(r"(.{4})(.{5})(.{5})(.{5})(.{5})")


def grouped(number: str) -> str:
    """The verification number as printed: `2026-XXXXX-XXXXX-XXXXX-XXXXX`."""
    return GROUPED.sub(r"\1-\2-\3-\4-\5", number)


def printed_day(day: str, words: Wording) -> str:
    """An ISO day as these words write it, such as `26 June 2026`."""
    year, month, number = day.split("-")
    return words.date.format(day=int(number), month=words.months[int(month) - 1], year=year)


def printed_fields(statement: Statement, words: Wording, domain: str, key_phrase: str) -> dict[str, str]:
    """Every field of FIELDS that this certificate has, as it is printed."""
    programme, centre, body = statement.programme, statement.centre, statement.accreditation
    found: dict[str, str | None] = {
        "issuer": statement.issuer,
        "label": statement.label,
        "replacement": words.replacement if statement.replacement else None,
        "learner": statement.learner.name,
        "title": programme.title,
        "programme_code": programme.code,
        "programme_version": programme.version,
        "level": programme.level,
        "regulated_number": programme.number,
        "size": programme.size,
        "grade": statement.grade,
        "score": statement.score,
        "hours": None if statement.hours is None else str(statement.hours),
        "sponsor": statement.sponsor,
        "instructor": statement.instructor,
        "centre": centre.name if centre else None,
        "centre_number": centre.number if centre else None,
        "accreditation_body": body.body if body else None,
        "accreditation_number": body.number if body else None,
        "accreditation_statement": body.statement if body else None,
        "completed_on": printed_day(statement.completed_on, words),
        "issued_on": printed_day(statement.issued_on, words),
        "expires_on": printed_day(statement.expires_on, words) if statement.expires_on else None,
        "serial": statement.serial,
        "number": grouped(statement.number),
        "domain": domain,
        "key_phrase": key_phrase,
    }
    return {name: value for name, value in found.items() if value is not None}
