"""Every PDF of the sample: looked at as a camera does, its QR read by somebody else's decoder, verified."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pypdfium2 as pdfium
import pytest
import zxingcpp

from generator.edge import pdf_reader
from generator.flow.publishing import verification
from generator.flow.publishing.verification import pin_for
from generator.formats import statement
from generator.model.verdict import Verdict
from tests import workshop

pytestmark = pytest.mark.slow  # a whole demo lies behind each

ORIGIN = "https://verify.northfield.example"
DPI = 150


def issued(sample: Path) -> dict[str, tuple[str, str, bytes]]:
    """Serial -> number, digest of the PDF, statement; as the register holds them."""
    with workshop.opened(sample) as session:
        listed = session.register.rows("SELECT serial, number, pdf_sha256, statement FROM certificates")
    return {str(serial): (str(number), str(digest), bytes(data)) for serial, number, digest, data in listed}


def pdfs(sample: Path) -> list[Path]:
    return sorted((sample / "certificates/issued").rglob("*.pdf"))


def scanned(path: Path) -> list[str]:
    """What a decoder reads on every page at the resolution of an ordinary scan."""
    document = pdfium.PdfDocument(path)
    try:
        found = []
        for page in document:
            picture = page.render(scale=DPI / 72, grayscale=True).to_numpy()
            found += [code.text for code in zxingcpp.read_barcodes(picture)]
        return found
    finally:
        document.close()


def check(sample: Path, path: Path, known: dict[str, tuple[str, str, bytes]]) -> Verdict:
    """One certificate from the picture of its page to the verdict on the file and on what was scanned."""
    number, digest, data = known[path.stem]
    certified = statement.decode(data)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == digest
    assert scanned(path) == [f"{ORIGIN}/#{number}"]
    pin = pin_for(sample, None)
    by_file = verification.verdict_for(str(path), str(sample / "public"), pin, workshop.NOW)
    by_number = verification.verdict_for(f"{ORIGIN}/#{number}", str(sample / "public"), pin, workshop.NOW)
    assert (by_file.kind, by_number.kind) == ("valid", "valid"), path.name
    assert by_file.statement == by_number.statement == certified
    return by_file


def test_some_certificates_scan_and_verify(sample: Path) -> None:
    known = issued(sample)
    # One of each label, and the longest name.
    by_label = {statement.decode(data).label: serial for serial, (_, _, data) in known.items()}
    longest = max(known, key=lambda serial: len(statement.decode(known[serial][2]).learner.name))
    chosen = {*by_label.values(), longest}
    assert len(chosen) == 4
    for path in pdfs(sample):
        if path.stem in chosen:
            check(sample, path, known)


@pytest.mark.exhaustive
def test_every_certificate_scans_and_verifies(sample: Path) -> None:
    known = issued(sample)
    files = pdfs(sample)
    assert len(files) == len(known) == 157
    names = {check(sample, path, known).statement.learner.name for path in files}  # type: ignore[union-attr]  # valid ones have a statement
    assert names == claimed_names(sample)
    assert max(map(len, names)) == 83


def test_what_is_certified_is_what_the_sheets_claim(sample: Path) -> None:
    kinds = [statement.decode(data).kind for _, _, data in issued(sample).values()]
    counted = {kind: kinds.count(kind) for kind in sorted(set(kinds))}
    assert counted == {"course": 97, "qualification": 54, "units": 6}
    assert {statement.decode(data).learner.name for _, _, data in issued(sample).values()} == claimed_names(
        sample
    )
    assert sum(1 for _ in pdfs(sample)) == 157


def test_every_certificate_carries_its_signed_fields(sample: Path) -> None:
    for path in pdfs(sample)[::20]:
        presented = pdf_reader.read(path)
        assert presented.attached is not None
        assert f"NW-26-{path.stem[-6:]}" in presented.text


def claimed_names(sample: Path) -> set[str]:
    """The names of everybody whom the two sheets claim for."""
    grades = rows(sample / "certificates/claims/unit-grades-L3IT-2026.csv")
    moodle = rows(sample / "certificates/claims/moodle-completion-care101.csv")
    names = {f"{row['First names']} {row['Last names']}".strip() for row in grades if row["Claim"]}
    return names | {row["name"] for row in moodle if row["Course complete"]}


def rows(sheet: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))
