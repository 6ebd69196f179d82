"""Certificates as they are printed, read back: nothing genuine is accused, every closed field is read."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from generator.edge import pdf_reader
from generator.formats import record, statement
from generator.model.certificate import Statement
from generator.model.verdict import Verdict
from generator.render.renderer import Renderer
from generator.rules.file_comparison import PresentedFile, compare, number_in
from tests import small_site as small
from tests.render import sample

KEYS = [bytes.fromhex(small.CERTIFICATE.public)]
TEMPLATES = ["accredited", "completion", "unit", "replacement"]
PROSE = {"learner", "programme"}


def certified(name: str) -> Statement:
    fields = sample.statement(name).plain() | {"number": small.number_of(name)}
    return Statement.of(fields)


@cache
def renderer(template: str) -> Renderer:
    return Renderer(sample.template(template), sample.IMPRINT)


def issued(folder: Path, item: Statement, template: str) -> Path:
    pdf = folder / f"{item.serial}.pdf"
    attached = small.attachment("", item)
    pdf.write_bytes(renderer(template).render(item, attached))
    return pdf


def against(item: Statement, presented: PresentedFile) -> Verdict:
    made = record.sign(statement.encode(item), record.Files(b"\1" * 32), small.CERTIFICATE)
    return compare(presented, made, item, KEYS)


@pytest.mark.parametrize("template", TEMPLATES)
@pytest.mark.parametrize("name", sample.NAMES)
def test_a_genuine_certificate(tmp_path: Path, template: str, name: str) -> None:
    item = certified(name)
    presented = pdf_reader.read(issued(tmp_path, item, template))
    assert number_in(presented) == item.number
    assert number_in(replace(presented, attached=None)) == item.number
    for seen in (presented, replace(presented, attached=None)):
        found = against(item, seen)
        assert (found.kind, set(found.unread) - PROSE) == ("copy", set()), presented.text


@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("layout", ["-raw", "-layout", ""])
@pytest.mark.parametrize("name", ["Kwame Brown", "Ffion Griffiths", "محمد عبد الله الحسيني"])
def test_another_reader(tmp_path: Path, needs: Callable[[str], str], layout: str, name: str) -> None:
    """Whatever order it reads in: a copy, never a forgery."""
    item = certified(name)
    pdf = issued(tmp_path, item, "accredited")
    command = [needs("pdftotext"), *([layout] if layout else []), str(pdf), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    assert against(item, PresentedFile(bytes(32), None, text)).kind == "copy"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("grade", {"grade": "Distinction"}),
        ("completed_on", {"completed_on": "2025-06-26"}),
        ("serial", {"serial": "NW-26-999999"}),
        ("number", {"number": small.number_of("somebody else")}),
    ],
)
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_certificate_printed_with_another_value(
    tmp_path: Path, template: str, field: str, changes: dict[str, str]
) -> None:
    """A forger with our own press and the genuine attachment."""
    item = certified("Kwame Brown")
    other = Statement.of({**item.plain(), **changes})
    pdf = tmp_path / "forged.pdf"
    pdf.write_bytes(renderer(template).render(other, small.attachment("", item)))
    found = against(item, pdf_reader.read(pdf))
    assert (found.kind, found.contradicted) == ("forged", field)


@pytest.mark.slow
@pytest.mark.needs("pdftotext")
@pytest.mark.parametrize("name", sample.NAMES)
def test_saved_again_by_cairo(tmp_path: Path, needs: Callable[[str], str], name: str) -> None:
    """Its attachment is lost, its scripts are in disorder; every closed field is still agreed."""
    item = certified(name)
    again = tmp_path / "again.pdf"
    cairo = Path(needs("pdftotext")).with_name("pdftocairo")  # of the same package
    subprocess.run([cairo, "-pdf", issued(tmp_path, item, "completion"), again], check=True)
    presented = pdf_reader.read(again)
    assert presented.attached is None
    found = against(item, presented)
    assert (found.kind, set(found.unread) - PROSE) == ("copy", set()), presented.text


@pytest.mark.parametrize("template", TEMPLATES)
def test_a_raised_grade_of_a_unit_is_named(tmp_path: Path, template: str) -> None:
    """As it is printed by each of our templates, the statement in the file left out."""
    item = certified("qualification")
    assert item.units
    at = next(rank for rank, unit in enumerate(item.units) if unit.grade == "Merit")
    units = [unit.plain() for unit in item.units]
    units[at]["grade"] = "Distinction"
    raised = Statement.of(item.plain() | {"units": units})
    presented = replace(pdf_reader.read(issued(tmp_path, raised, template)), attached=None)
    found = against(item, presented)
    assert (found.kind, found.contradicted) == ("forged", f"units.{units[at]['code']}.grade"), presented.text
