"""PDF/A-3a and PDF/UA-1 together, by veraPDF; and what they do not check of tags, text and metadata."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pikepdf
import pytest

from generator.render import seal as seals
from generator.render.renderer import Imprint, Renderer
from tests.render.sample import ENVELOPE, IMPRINT, NAMES, UNITS, statement, template
from tests.tools.verapdf import validator

TEMPLATES = ("completion", "accredited", "unit", "replacement")
SEAL = seals.self_made(bytes(32), "Northfield Awarding (sample)", "2026-01-01", "2099-12-31")


def some_of_each(folder: Path) -> list[Path]:
    """Every template with every script, sealed and not, sample and not, with and without a table."""
    files = []
    for rank, name in enumerate(TEMPLATES):
        renderer = Renderer(template(name), Imprint(IMPRINT.origin, IMPRINT.key_phrase, bool(rank % 2)), SEAL)
        for number, learner in enumerate(NAMES):
            units = None if number == 0 else [{"code": c, "title": t, "grade": g} for c, t, g in UNITS]
            path = folder / f"{name}-{number}.pdf"
            path.write_bytes(renderer.render(statement(learner, units=units), ENVELOPE))
            files.append(path)
        plain = folder / f"{name}-unsealed.pdf"
        plain.write_bytes(Renderer(template(name), IMPRINT).render(statement(), ENVELOPE))
        files.append(plain)
    return files


def untagged(folder: Path) -> Path:
    """A certificate without its tags and its colour profile."""
    path = folder / "untagged.pdf"
    with pikepdf.open(io.BytesIO(Renderer(template("unit"), IMPRINT).render(statement(), ENVELOPE))) as pdf:
        del pdf.Root["/StructTreeRoot"]
        del pdf.Root["/OutputIntents"]
        pdf.save(path)
    return path


@pytest.mark.exhaustive
@pytest.mark.slow
@pytest.mark.needs("javac", "jaxb")
@pytest.mark.parametrize("turn", range(len(TEMPLATES)))
def test_conforms_to_pdf_a_3a_and_pdf_ua_1(tmp_path: Path, turn: int) -> None:
    """Every template and every script in each turn, every pair of the two in one of them."""
    of_each = len(NAMES) + 1
    files = [
        file
        for rank, file in enumerate(some_of_each(tmp_path))
        if (rank // of_each + rank % of_each) % len(TEMPLATES) == turn
    ]
    broken = untagged(tmp_path)
    for name in (*TEMPLATES, *(f"-{number}." for number in range(len(NAMES)))):
        assert any(name in file.name for file in files), f"{name} is in no file of turn {turn}"
    fine, said = validator.validate("3a,ua1", [*files, broken])
    verdicts = [line.split(" (")[0] for line in said.splitlines() if not line.startswith(" ")]
    conforming = {f"conforms {flavour} {file}" for file in files for flavour in ("3a", "ua1")}
    assert set(verdicts) == conforming | {f"fails 3a {broken}", f"fails ua1 {broken}"}, said
    assert not fine, "a validator that cannot fail says nothing"


@pytest.mark.slow
@pytest.mark.needs("qpdf")
def test_qpdf_finds_no_fault(tmp_path: Path) -> None:
    for file in some_of_each(tmp_path):
        subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)


@pytest.fixture(scope="module")
def pdf() -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(Renderer(template("unit"), IMPRINT, SEAL).render(statement(), ENVELOPE)))


def elements(node: pikepdf.Object) -> list[pikepdf.Object]:
    """The structure elements below a node, in reading order."""
    found: list[pikepdf.Object] = []
    kids = node.get("/K")
    for kid in list(kids) if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            found += [kid, *elements(kid)]
    return found


def test_the_tags_are_those_of_a_certificate(pdf: pikepdf.Pdf) -> None:
    tags = [str(element.S)[1:] for element in elements(pdf.Root.StructTreeRoot)]
    assert tags[0] == "Document"
    assert tags.count("H1") == 1
    assert tags.count("Table") == 1
    assert tags.count("TR") == len(UNITS) + 1
    assert tags.count("TH") == 3
    assert tags.count("TD") == 3 * len(UNITS)
    assert tags[-1] == "Form"
    assert tags.index("H1") < tags.index("Table")


def test_pictures_are_described_and_headers_have_their_scope(pdf: pikepdf.Pdf) -> None:
    for element in elements(pdf.Root.StructTreeRoot):
        if element.S == "/Figure":
            assert len(str(element.Alt)) > 3
            assert len(element.A.BBox) == 4
        if element.S == "/TH":
            assert element.A.Scope == "/Column"


def test_title_language_and_dates_are_fixed(pdf: pikepdf.Pdf) -> None:
    with pdf.open_metadata() as about:
        assert str(about["dc:title"]).startswith("Accredited Certificate, NW-26-000012, Kwame Brown")
        assert about["xmp:CreateDate"] == about["xmp:ModifyDate"] == "2026-11-22T00:00:00Z"
        assert (about["pdfaid:part"], about["pdfaid:conformance"], about["pdfuaid:part"]) == ("3", "A", "1")
    assert str(pdf.Root.Lang) == "en"
    assert pdf.Root.ViewerPreferences.DisplayDocTitle


def test_every_font_is_embedded_subset_and_maps_to_text(pdf: pikepdf.Pdf) -> None:
    fonts = pdf.pages[0].Resources.Font
    assert len(fonts) >= 3
    for font in fonts.values():
        assert str(font.BaseFont)[7] == "+"
        assert "/ToUnicode" in font
        embedded = font.DescendantFonts[0].FontDescriptor.FontFile2
        assert len(embedded.read_bytes()) < 60_000


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_certificate_is_at_most_50_kb_before_its_seal(name: str) -> None:
    renderer = Renderer(template(name), IMPRINT)
    sizes = {learner: len(renderer.render(statement(learner), ENVELOPE)) for learner in NAMES}
    assert max(sizes.values()) <= 50 * 1024, sizes
