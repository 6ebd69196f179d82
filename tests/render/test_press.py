"""The renderer prints all that is certified, in any script, the same bytes every time."""

from __future__ import annotations

import io
import subprocess
import sys
import unicodedata
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

from generator.errors import Refused
from generator.render.renderer import Imprint, Renderer
from generator.render.template_file import load
from tests.render.sample import ENVELOPE, IMPRINT, NAMES, UNITS, folder, statement, template

ROOT = Path(__file__).parents[2]
TEMPLATES = ("completion", "accredited", "unit", "replacement")


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(template("completion"), IMPRINT)


def text_of(pdf: bytes) -> str:
    found = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()
    return unicodedata.normalize("NFC", found.replace("\r\n", "\n"))


def words_of(pdf: bytes) -> str:
    return " ".join(text_of(pdf).split())


@pytest.mark.parametrize("name", TEMPLATES)
def test_everything_that_is_certified_is_printed(name: str) -> None:
    pdf = words_of(Renderer(template(name), IMPRINT).render(statement(), ENVELOPE))
    for printed in (
        *("Northfield Awarding", "Accredited Certificate", "Replacement certificate", "Kwame Brown"),
        *(
            "Level 3 Extended Certificate in Information Technology",
            "603/1234/5",
            "360 guided learning hours",
        ),
        *("87 of 100", "36", "Harbour Care Trust", "Dr Sian Lindqvist", "Northfield College", "NF041"),
        *("Office of Sample Regulation", "RN9999", "Regulated in the sample country"),
        *("Helen Marsh", "Chief Executive", "Rhys Vaughan", "Head of Quality"),
        *("verify.northfield.example", "abandon ability able about above absent"),
        *("Grade Merit", "Level Level 3", "Completed 26 June 2026", "Issued 22 November 2026"),
        *("Expires 22 November 2029", "Certificate number NW-26-000012"),
        "Verification number 2026-ABCDE-FGHJK-MNPQR-STVWX",
        *(f"{code} {title} {grade}" for code, title, grade in UNITS),
    ):
        assert printed in pdf


@pytest.mark.parametrize("name", NAMES)
def test_a_name_reads_back_as_it_was_written(renderer: Renderer, name: str) -> None:
    drawn = statement(name)
    assert renderer.check(drawn.draft()) == []
    assert name in words_of(renderer.render(drawn, ENVELOPE))


def test_the_code_opens_the_record(renderer: Renderer) -> None:
    page = pypdfium2.PdfDocument(renderer.render(statement(), ENVELOPE))[0]
    found = zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())
    assert [code.text for code in found] == ["https://verify.northfield.example/#2026ABCDEFGHJKMNPQRSTVWX"]


def test_the_statement_travels_as_certificate_json(renderer: Renderer) -> None:
    with pikepdf.open(io.BytesIO(renderer.render(statement(), ENVELOPE))) as pdf:
        assert pdf.attachments["certificate.json"].get_file().read_bytes() == ENVELOPE
        assert str(pdf.Root.AF[0].AFRelationship) == "/Data"


@pytest.mark.slow
def test_same_inputs_same_bytes_in_any_order_and_process(renderer: Renderer, tmp_path: Path) -> None:
    first = renderer.render(statement(NAMES[0]), ENVELOPE)
    renderer.render(statement(NAMES[9], units=None), ENVELOPE)
    assert renderer.render(statement(NAMES[0]), ENVELOPE) == first
    script = (
        "import sys; from tests.render.sample import *; from generator.render.renderer import Renderer\n"
        "press = Renderer(template('completion'), IMPRINT)\n"
        "press.render(statement(NAMES[7]), ENVELOPE)\n"
        "sys.stdout.buffer.write(press.render(statement(NAMES[0]), ENVELOPE))"
    )
    again = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, cwd=ROOT).stdout
    assert again == first


def test_the_recipe_changes_with_the_template_and_the_imprint(renderer: Renderer) -> None:
    other = Imprint("https://other.example", IMPRINT.key_phrase, sample=False)
    recipes = {
        renderer.recipe_id,
        Renderer(template("completion"), other).recipe_id,
        Renderer(template("unit"), IMPRINT).recipe_id,
    }
    assert len(recipes) == 3
    assert Renderer(template("completion"), IMPRINT).recipe_id == renderer.recipe_id


@pytest.mark.parametrize(
    ("name", "what", "fix"),
    [
        ("Ana \U0001f393 Silva", "U+1F393 GRADUATION CAP", "take the sign out"),
        ("สมชาย", "U+0E2A THAI CHARACTER SO SUA", "Noto Sans Thai"),
        ("김민준", "U+AE40 HANGUL SYLLABLE", "Noto Sans KR"),
    ],
)
def test_a_character_no_font_has_is_named_before_issuing(
    renderer: Renderer, name: str, what: str, fix: str
) -> None:
    problems = renderer.check(statement(name).draft())
    assert [problem.code for problem in problems] == ["PRINT-GLYPH"]
    assert name in str(problems[0].place)
    assert what in problems[0].what
    assert fix in problems[0].fix
    with pytest.raises(Refused, match="PRINT-GLYPH"):
        renderer.render(statement(name), ENVELOPE)


def tiny_font(char: str, **tables: object) -> bytes:
    """A TrueType font with one character, a square."""
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    for point in ((0, 700), (500, 700), (500, 0)):
        pen.lineTo(point)
    pen.closePath()
    font = FontBuilder(1000)
    font.setupGlyphOrder([".notdef", "square"])
    font.setupCharacterMap({ord(char): "square"})
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "square": pen.glyph()})
    font.setupHorizontalMetrics({".notdef": (500, 0), "square": (550, 0)})
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": "Tiny", "styleName": "Regular", "psName": "Tiny-Regular"})
    font.setupOS2()
    font.setupPost()
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()


def test_the_font_that_was_asked_for_is_enough() -> None:
    files = folder("completion") | {"fonts/Thai.ttf": tiny_font("\u0e2a")}
    renderer = Renderer(load(files, "mine"), IMPRINT)
    drawn = statement("Ana \u0e2a\u0e2a")
    assert renderer.check(drawn.draft()) == []
    assert "Ana \u0e2a\u0e2a" in words_of(renderer.render(drawn, ENVELOPE))
    assert renderer.recipe_id != Renderer(template("completion"), IMPRINT).recipe_id


@pytest.mark.parametrize(
    ("data", "what"), [(b"no font", "not a"), (b"OTTO" + bytes(60), "not a"), (b"", "not a")]
)
def test_a_font_that_cannot_be_used_is_named(data: bytes, what: str) -> None:
    with pytest.raises(Refused, match="TEMPLATE-FONT") as caught:
        Renderer(load(folder("completion") | {"fonts/Own.ttf": data}, "mine"), IMPRINT)
    (problem,) = caught.value.problems
    assert "fonts/Own.ttf" in str(problem.place)
    assert what in problem.what


def test_a_signature_is_printed_only_on_its_days() -> None:
    files = folder("completion")
    dated = files["template.yaml"].replace(
        b"file: signature-serwaa.svg", b"file: signature-serwaa.svg, starts: 2026-01-01, ends: 2026-11-21"
    )
    renderer = Renderer(load(files | {"template.yaml": dated}, "mine"), IMPRINT)
    signed = {
        "signatories": [{"name": "Ama Serwaa", "title": "Chief Executive"}],
        "validity": {},
        "expires_on": None,
    }
    before, after = (
        renderer.render(statement(issued_on=day, **signed), ENVELOPE) for day in ("2026-11-21", "2026-11-22")
    )
    found = [b"Signature of Ama Serwaa" in alternatives(pdf) for pdf in (before, after)]
    assert found == [True, False]


def alternatives(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return b"\n".join(str(item.Alt).encode() for item in opened.objects if _has_alt(item))


def _has_alt(item: pikepdf.Object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and "/Alt" in item


@pytest.mark.parametrize(
    ("kind", "grade", "headings"),
    [
        ("qualification", "Pass", "Unit Unit title Unit grade"),
        ("units", None, "Unit Unit title U1"),
        ("course", None, "Module Module title U1"),
        ("course", "Pass", "Module Module title Module grade"),
    ],
)
def test_the_table_speaks_of_units_or_modules(
    renderer: Renderer, kind: str, grade: str | None, headings: str
) -> None:
    units = [{"code": "U1", "title": "Duty of care", "grade": grade}]
    assert headings in words_of(renderer.render(statement(kind=kind, units=units), ENVELOPE))


def test_the_seal_of_an_accreditation_stands_only_beside_it(renderer: Renderer) -> None:
    assert b"Seal of the accreditation" in alternatives(renderer.render(statement(), ENVELOPE))
    without = renderer.render(statement(accreditation=None), ENVELOPE)
    assert b"Seal of the accreditation" not in alternatives(without)
    assert "Accredited by" not in words_of(without)


def test_sixty_units_fit_or_are_refused(renderer: Renderer) -> None:
    units = [{"code": f"U{n}", "title": f"Principles of subject {n}", "grade": "Pass"} for n in range(1, 61)]
    problems = renderer.check(statement(units=units).draft())
    if problems:
        assert {problem.code for problem in problems} == {"PRINT-ROOM"}
        assert "60 units" in problems[0].what
    else:
        assert "U60 Principles of subject 60 Pass" in words_of(
            renderer.render(statement(units=units), ENVELOPE)
        )


def test_a_name_that_cannot_fit_is_refused(renderer: Renderer) -> None:
    problems = renderer.check(statement("W" * 200).draft())
    assert [problem.code for problem in problems] == ["PRINT-ROOM"]
    assert "learner" in problems[0].what


def test_a_language_without_words_is_refused(renderer: Renderer) -> None:
    assert [problem.code for problem in renderer.check(statement(language="cy").draft())] == [
        "PRINT-LANGUAGE"
    ]


def test_a_sample_organisation_says_so(renderer: Renderer) -> None:
    sample = Renderer(template("completion"), Imprint(IMPRINT.origin, IMPRINT.key_phrase, sample=True))
    assert "SAMPLE" in words_of(sample.render(statement(), ENVELOPE))
    assert "SAMPLE" not in words_of(renderer.render(statement(), ENVELOPE))
