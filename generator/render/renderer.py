"""The renderer: one template and one issuer's imprint; statements in, PDF files out.

Pure: a file depends on the statement, its envelope and what `recipe_id` covers, not on the clock,
the process or what was printed before.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib import metadata, resources
from typing import Any

from generator.errors import Malformed, Place, Problem, Refused
from generator.model.certificate import Draft, Statement
from generator.model.template import Template
from generator.model.value import Day, Serial, VerificationCode
from generator.model.wording import VARYING, Wording, printed_fields
from generator.render.arrangement import arrange, flattened
from generator.render.codes import PRINT_GLYPH, PRINT_LANGUAGE, PRINT_ROOM, TEMPLATE_FONT
from generator.render.faces import Face, bundled, family, harfbuzz_version
from generator.render.marks import POINTS, Element, VaryingParts
from generator.render.pdf.document import DocumentInfo, DocumentSetup, PdfDocument
from generator.render.seal import Seal
from generator.render.shaping import Undrawable, font_for
from generator.render.template_pictures import TemplatePictures
from generator.render.typesetting import ArrangementInput, Typesetter

# Raised whenever the same statement would come out as other bytes.
CODE_VERSION = 1
_SHEETS = 64
_LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "\u00b7\u2013\u2019"


@dataclass(frozen=True)
class Imprint:
    """What one issuer prints on every certificate.

    `origin` is where certificates are verified, such as `https://verify.northfield.example`;
    `key_phrase` its six words; a `sample` organisation's certificates say so.
    """

    origin: str
    key_phrase: str
    sample: bool

    @property
    def domain(self) -> str:
        """The origin as printed, without its scheme."""
        return self.origin.split("://", 1)[-1].rstrip("/")


@dataclass(frozen=True)
class _Sheet:
    elements: list[Element]
    document: PdfDocument | None
    faults: tuple[tuple[str, Malformed], ...]


class Renderer:
    """Prints with one template. Raises `Refused` where a typeface of the template cannot be used."""

    def __init__(self, template: Template, imprint: Imprint, seal: Seal | None = None) -> None:
        self.template, self.imprint, self.seal = template, imprint, seal
        extras = tuple(_extra_faces(template))
        self._families = {style: family(style, extras) for style in ("display", "text", "strong")}
        self._faces = tuple(dict.fromkeys(face for chain in self._families.values() for face in chain.faces))
        self._gallery = TemplatePictures(template)
        self._sheets: OrderedDict[Any, _Sheet] = OrderedDict()
        self.recipe_id = self._recipe()

    def _recipe(self) -> str:
        versions = {name: metadata.version(name) for name in ("fpdf2", "pikepdf", "segno", "fonttools")}
        made_of = {
            "code": CODE_VERSION,
            "template": self.template.digest,
            "faces": [face.digest for face in self._faces],
            "imprint": asdict(self.imprint),
            "versions": versions | {"harfbuzz": harfbuzz_version()},
            "unicode": unicodedata.unidata_version,
            "seal": self.seal.fingerprint if self.seal else None,
            "zlib": zlib.ZLIB_RUNTIME_VERSION,
            "profile": hashlib.sha256(colour_profile()).hexdigest(),
        }
        return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()

    # ------------------------------------------------------------ before issuing

    def check(self, draft: Draft) -> list[Problem]:
        """What would keep this draft from being printed whole; empty when it can be."""
        trial = _trial(draft)
        where = f"certificate of {draft.learner.name}"
        words = self.template.words(draft.language)
        if words is None:
            what = f"the template “{self.template.title}” has no wording for the language {draft.language}"
            return [
                PRINT_LANGUAGE.at(
                    Place(subject=where),
                    what,
                    f"add `wording: {draft.language}:` to it, or print in English",
                )
            ]
        sheet = self._sheet(trial, words)
        faults = [*sheet.faults]
        filled = self._filled(trial, words)
        for leaf in flattened(sheet.elements):
            if leaf.slot:
                try:
                    leaf.slot.marks(filled)
                except Malformed as error:
                    faults.append((leaf.about, error))
        found = [_problem(where, self.template.title, about, error) for about, error in faults]
        return list(dict.fromkeys(found))

    # ------------------------------------------------------------ printing

    def render(self, statement: Statement, envelope: bytes) -> bytes:
        """The PDF with `envelope` embedded as certificate.json. Raises `Refused` where check() would."""
        words = self.template.words(statement.language)
        sheet = self._sheet(statement, words) if words else None
        if words is None or sheet is None or sheet.document is None:
            raise Refused(self.check(statement.draft()))
        about = DocumentInfo(
            title=", ".join(
                (statement.label, statement.serial, statement.learner.name, statement.programme.title)
            ),
            issuer=statement.issuer,
            day=statement.issued_on,
        )
        try:
            return sheet.document.finish(self._filled(statement, words), about, envelope)
        except Malformed:
            raise Refused(self.check(statement.draft())) from None

    def _filled(self, statement: Statement, words: Wording) -> VaryingParts:
        fields = printed_fields(statement, words, self.imprint.domain, self.imprint.key_phrase)
        grades = tuple(unit.grade for unit in statement.units or ())
        return VaryingParts(fields, grades, f"{self.imprint.origin}/#{statement.number}")

    def _sheet(self, statement: Statement, words: Wording) -> _Sheet:
        key = _sheet_key(statement, _signatures(self.template, statement))
        sheet = self._sheets.get(key)
        if sheet is None:
            sheet = self._compiled(statement, words)
            self._sheets[key] = sheet
            if len(self._sheets) > _SHEETS:
                self._sheets.popitem(last=False)
        else:
            self._sheets.move_to_end(key)
        return sheet

    def _compiled(self, statement: Statement, words: Wording) -> _Sheet:
        fields = printed_fields(statement, words, self.imprint.domain, self.imprint.key_phrase)
        constant = {name: "" if name in VARYING else value for name, value in fields.items()}
        typesetter = Typesetter(self.template, words, self._families, statement.language, self._gallery)
        signatures = _signatures(self.template, statement)
        elements = arrange(typesetter, ArrangementInput(statement, constant, signatures, self.imprint.sample))
        if typesetter.faults:
            return _Sheet(elements, None, tuple(typesetter.faults))
        width, height = self.template.page.size
        setup = DocumentSetup(
            size=(width * POINTS, height * POINTS),
            language=statement.language,
            profile=colour_profile(),
            faces=self._faces,
            alphabet={bundled(style).digest: _alphabet(style) for style in ("display", "text", "strong")},
            border=self._gallery.border(),
            paper=self.template.colours.paper,
            pictures=self._gallery,
            seal=self.seal,
        )
        return _Sheet(elements, PdfDocument(setup, elements), ())


@cache
def colour_profile() -> bytes:
    """The sRGB profile that fpdf2 carries."""
    return (resources.files("fpdf.data.color_profiles") / "sRGB2014.icc").read_bytes()


@cache
def _alphabet(style: str) -> frozenset[int]:
    face = bundled(style)
    return frozenset(glyph for glyph, char in face.characters.items() if char in _LETTERS)


def _extra_faces(template: Template) -> Iterable[Face]:
    problems = []
    for asset in template.extra_faces():
        try:
            yield Face(asset.data, asset.file)
        except Malformed as error:
            fix = "put the static TrueType (.ttf) file of the family there"
            problems.append(
                TEMPLATE_FONT.at(Place(subject=f"template {template.title}: {asset.file}"), str(error), fix)
            )
    if problems:
        raise Refused(problems)


def _sheet_key(statement: Statement, signatures: dict[str, str]) -> Any:
    """Everything that is not in a slot, and which slots there are."""
    return (
        *(getattr(statement, name) for name in _CONSTANT),
        statement.grade is None,
        statement.score is None,
        statement.expires_on is None,
        tuple(signatures.items()),
        tuple((unit.code, unit.title, unit.grade is None) for unit in statement.units or ()),
    )


def _signatures(template: Template, statement: Statement) -> dict[str, str]:
    """The signature file of each signatory, as it was on the day of issue."""
    day = statement.issued_on
    return {
        one.name: one.file
        for one in template.signatures
        if (one.starts is None or one.starts <= day) and (one.ends is None or day <= one.ends)
    }


_CONSTANT = (
    "issuer language kind label replacement programme hours sponsor instructor signatories centre "
    "accreditation"
).split()


def _trial(draft: Draft) -> Statement:
    """A statement with the widest dates and numbers that issuing could add."""
    day = Day("2088-09-28")
    return Statement(
        **{name: getattr(draft, name) for name in Draft.model_fields},
        number=VerificationCode("2088" + "W" * 20),
        serial=Serial("WWWW-88-888888"),
        issued_on=day,
        expires_on=draft.validity.end(day),
    )


def _problem(where: str, template: str, about: str, error: Malformed) -> Problem:
    if isinstance(error, Undrawable):
        named = ", ".join(
            f"“{char}” (U+{ord(char):04X} {unicodedata.name(char, 'unnamed')})" for char in error.characters
        )
        return PRINT_GLYPH.at(
            Place(subject=where), f"{about}: no font has {named}", _advice(error.characters[0], template)
        )
    fix = "shorten it, or give it more space in the template"
    return PRINT_ROOM.at(Place(subject=where), f"{about}: {error}", fix)


def _advice(char: str, template: str) -> str:
    font = font_for(char)
    if font is None:
        return "take the sign out: no font for documents has it"
    return f"put the TrueType file of {font} (Regular) into the folder fonts/ of the template “{template}”"


@dataclass(frozen=True, slots=True)
class RenderJob:
    """One certificate to print, under whatever name the caller knows it by."""

    key: str
    statement: Statement
    envelope: bytes


def printer(template: Template, imprint: Imprint, seal: Seal | None = None) -> Callable[[RenderJob], bytes]:
    """What prints jobs in a process of its own: `spread(partial(printer, template, imprint), jobs, 4)`."""
    renderer = Renderer(template, imprint, seal)
    return lambda job: renderer.render(job.statement, job.envelope)
