"""A PDF presented for verification: as issued, saved again, altered, borrowed, foreign."""

from __future__ import annotations

import base64
import json
import subprocess
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import fpdf
import pikepdf
import pytest
from PIL import Image

from generator.cli.verdicts import describe
from generator.edge import pdf_reader, scanner, web_server
from generator.flow.publishing import verification
from generator.model.verdict import Verdict
from tests import small_site as small
from tests import workshop

SITE = "https://verify.northfield.example"


def asked(finished: Path, question: str | Path, site: str | None = None) -> Verdict:
    pin = verification.pin_for(finished, None)
    return verification.verdict_for(str(question), site or str(finished / "public"), pin, workshop.NOW)


def issued(finished: Path, rank: int = 1) -> Path:
    return finished / f"certificates/issued/2026/NW-26-{rank:06d}.pdf"


def number_of(finished: Path, rank: int = 1) -> str:
    with workshop.opened(finished) as session:
        (found,) = session.register.rows(
            "SELECT number FROM certificates WHERE serial = ?", f"NW-26-{rank:06d}"
        )
        return str(found[0])


def rewritten(finished: Path, target: Path, change: Callable[[pikepdf.Pdf], None]) -> Path:
    """The first certificate, opened, changed and saved by another program."""
    with pikepdf.open(issued(finished)) as document:
        change(document)
        document.save(target)
    return target


def test_the_issued_file_is_valid(finished: Path) -> None:
    for rank in range(1, 6):
        verdict = asked(finished, issued(finished, rank))
        assert verdict.kind == "valid"
        assert verdict.statement is not None
        assert verdict.statement.serial == issued(finished, rank).stem


def test_the_number_is_valid_however_it_is_typed(finished: Path) -> None:
    number = number_of(finished)
    grouped = "-".join([number[:4], *(number[at : at + 5] for at in range(4, 24, 5))])
    for typed in (
        number,
        grouped,
        grouped.lower(),
        f" {grouped} ",
        f"{SITE}/#{number}",
        number.replace("0", "O"),
    ):
        assert asked(finished, typed).kind == "valid", typed


def test_a_file_saved_again_is_a_copy(finished: Path, tmp_path: Path) -> None:
    saved = rewritten(finished, tmp_path / "saved.pdf", lambda _document: None)
    assert saved.read_bytes() != issued(finished).read_bytes()
    verdict = asked(finished, saved)
    assert verdict.kind == "copy"
    assert verdict.statement is not None


@pytest.mark.needs("qpdf")
def test_a_file_linearised_by_qpdf_is_a_copy(finished: Path, tmp_path: Path) -> None:
    saved = tmp_path / "web.pdf"
    subprocess.run(["qpdf", "--linearize", issued(finished), saved], check=True)
    assert asked(finished, saved).kind == "copy"


def test_a_file_without_its_signed_fields_is_a_copy(finished: Path, tmp_path: Path) -> None:
    def strip(document: pikepdf.Pdf) -> None:
        for name in list(document.attachments):
            del document.attachments[name]

    assert asked(finished, rewritten(finished, tmp_path / "bare.pdf", strip)).kind == "copy"


def test_the_statement_of_another_certificate_is_a_forgery(finished: Path, tmp_path: Path) -> None:
    with pikepdf.open(issued(finished, 2)) as other:
        borrowed = other.attachments["certificate.json"].get_file().read_bytes()

    def swap(document: pikepdf.Pdf) -> None:
        document.attachments["certificate.json"] = pikepdf.AttachedFileSpec(document, borrowed)

    # Either the record of the borrowed number, or that of the printed one, contradicts the file.
    verdict = asked(finished, rewritten(finished, tmp_path / "mixed.pdf", swap))
    assert verdict.kind == "forged"
    assert (verdict.reason, verdict.contradicted) in {
        ("statement", None),
        ("printed", "serial"),
        ("printed", "number"),
    }
    assert verdict.statement is None


@pytest.mark.parametrize("old", [b'"Merit"', b"Merit"])
def test_an_edited_statement_is_a_forgery(finished: Path, tmp_path: Path, old: bytes) -> None:
    def edit(document: pikepdf.Pdf) -> None:
        outer = json.loads(document.attachments["certificate.json"].get_file().read_bytes())
        body = base64.b64decode(outer["payload"])
        assert old in body
        outer["payload"] = base64.b64encode(body.replace(old, old.replace(b"Merit", b"Distinction"))).decode()
        data = json.dumps(outer, separators=(",", ":"), sort_keys=True).encode()
        document.attachments["certificate.json"] = pikepdf.AttachedFileSpec(document, data)

    verdict = asked(finished, rewritten(finished, tmp_path / "edited.pdf", edit))
    assert (verdict.kind, verdict.reason) == ("forged", "statement")


def imitation(finished: Path, target: Path, **changes: str) -> Path:
    """A page that somebody typed in the likeness of a certificate."""
    number = number_of(finished)
    grouped = "-".join([number[:4], *(number[at : at + 5] for at in range(4, 24, 5))])
    lines = {
        "Verification number": grouped,
        "Certificate number": "NW-26-000001",
        "Completed": "26 June 2026",
        "Issued": "22 November 2026",
        "Grade": "Merit",
        "Level": "Level 2",
    } | {name.replace("_", " "): value for name, value in changes.items()}
    document = fpdf.FPDF()
    document.add_page()
    document.set_font("helvetica", size=12)
    document.cell(text="Northfield Awarding", new_x="LMARGIN", new_y="NEXT")
    for label, value in lines.items():
        document.cell(text=f"{label}: {value}", new_x="LMARGIN", new_y="NEXT")
    document.output(str(target))
    return target


def test_a_typed_imitation_that_contradicts_nothing_is_only_a_copy(finished: Path, tmp_path: Path) -> None:
    assert asked(finished, imitation(finished, tmp_path / "typed.pdf")).kind == "copy"


@pytest.mark.parametrize(
    ("label", "value", "field"),
    [
        ("Grade", "Distinction", "grade"),
        ("Completed", "26 June 2025", "completed_on"),
        ("Issued", "22 October 2026", "issued_on"),
        ("Certificate_number", "NW-26-000009", "serial"),
        ("Level", "Level 7", "level"),
    ],
)
def test_an_edited_value_is_a_forgery_that_names_the_field(
    finished: Path, tmp_path: Path, label: str, value: str, field: str
) -> None:
    verdict = asked(finished, imitation(finished, tmp_path / "edited.pdf", **{label: value}))
    assert (verdict.kind, verdict.contradicted) == ("forged", field)


def test_files_without_a_number_are_not_certificates(finished: Path, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.pdf"
    document = fpdf.FPDF()
    document.add_page()
    document.output(str(foreign))
    for name, data, reason in (
        ("foreign.pdf", foreign.read_bytes(), "no_number"),
        ("empty.pdf", b"", "unreadable"),
        ("junk.pdf", b"%PDF-1.7\n" + b"\x00\xff" * 500, "unreadable"),
        ("cut.pdf", issued(finished).read_bytes()[:2000], "unreadable"),
        ("notes.docx", b"PK\x03\x04" + bytes(100), "unreadable"),
        ("picture.pdf", b"\x89PNG\r\n\x1a\n" + bytes(100), "picture"),
        ("photo.jpg", b"\xff\xd8\xff\xe0" + bytes(100), "picture"),
        ("photo.heic", b"\0\0\0\x18ftypheic" + bytes(100), "picture"),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        verdict = asked(finished, path)
        assert (verdict.kind, verdict.reason) == ("malformed", reason), name
        said = [text for text, _ in describe(verdict, "Northfield Awarding")]
        assert said[0].endswith("No code could be read"), "nothing was typed, so nothing is mistyped"
        assert "verification code that is printed beside the QR code" in said[-1], "what to do now"


def scanned(finished: Path, folder: Path) -> tuple[Path, Path]:
    """The first certificate as a photo, and as a PDF whose one page is that photo."""
    page = pdf_reader.page_image(issued(finished), 150)
    photo, scan = folder / "scan.png", folder / "scan.pdf"
    picture = Image.frombytes("L", (page.width, page.height), page.dots)
    picture.save(photo)
    picture.save(scan, resolution=150)
    return photo, scan


@pytest.mark.slow
def test_the_code_on_a_photo_or_a_scan_is_read(finished: Path, tmp_path: Path) -> None:
    for path in scanned(finished, tmp_path):
        verdict = asked(finished, path)
        assert verdict.kind == "copy", path.name
        assert verdict.statement is not None
        assert verdict.statement.serial == "NW-26-000001"


@pytest.mark.slow
def test_without_a_decoder_a_picture_says_what_to_type(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanner, "_decoder", lambda: None)
    for path in scanned(finished, tmp_path):
        verdict = asked(finished, path)
        assert (verdict.kind, verdict.reason) == ("malformed", "picture"), path.name


class _Refusing(BaseHTTPRequestHandler):
    status = 403

    def do_GET(self) -> None:
        self.send_error(self.status)

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.mark.parametrize(
    ("status", "reason"), [(403, "refused"), (500, "refused"), (503, "refused"), (404, "missing")]
)
def test_a_host_that_answers_without_the_file_is_not_called_silent(
    finished: Path, status: int, reason: str
) -> None:
    handler = type("Refusing", (_Refusing,), {"status": status})
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        verdict = asked(finished, number_of(finished), f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert (verdict.kind, verdict.reason) == ("unreachable", reason)
    said = " ".join(text for text, _ in describe(verdict, "Northfield Awarding"))
    assert "did not answer" not in said
    assert "Check the connection" not in said
    assert "says nothing about the certificate" in said


def test_a_year_that_no_list_names_has_the_dates_of_the_head(finished: Path) -> None:
    late = "2035-01-01T00:00:00Z"
    verdict = verification.verdict_for(
        small.number_of("nobody", 1999), str(finished / "public"), verification.pin_for(finished, None), late
    )
    assert (verdict.kind, verdict.reason) == ("stale", "absent")
    said = [text for text, _ in describe(verdict, "Northfield Awarding")]
    assert said[0].endswith("Not on the list, list out of date")
    assert any(text.startswith("As published by Northfield Awarding on ") for text in said)
    assert not any("enuine" in text for text in said)


def test_over_http_the_same_answers_and_the_notice_of_another_address(finished: Path) -> None:
    with web_server.serving(finished / "public") as origin:
        for rank in range(1, 6):
            verdict = asked(finished, issued(finished, rank), origin)
            assert (verdict.kind, verdict.notices) == ("valid", ("elsewhere",))
        assert asked(finished, "2026" + "0" * 20, origin).kind in ("malformed", "not_found")


def test_a_site_that_cannot_be_reached_says_nothing_about_the_certificate(
    finished: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    for site in ("http://127.0.0.1:9", str(tmp_path / "empty")):
        assert asked(finished, number_of(finished), site).kind == "unreachable"
