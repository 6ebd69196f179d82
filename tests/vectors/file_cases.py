"""A file beside the number: the issued one, a copy, or a forgery that is named."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.crypto.ed25519 import SeedSigner
from generator.formats import verification_code
from generator.model.certificate import Statement, UnitPrinted
from generator.rules.file_comparison import printed_day
from tests import altered_site as altered
from tests import small_site as small
from tests.vectors.case import LATER, b64, case

NEXT_YEAR = "2027-02-01T00:00:00Z"


def printed(certified: Statement, **changes: str) -> str:
    """The text of a certificate as it is printed; `changes` replaces what stands beside a label."""
    fields = {
        "Level": certified.programme.level or "",
        "Qualification number": certified.programme.number or "",
        "Grade": certified.grade or "",
        "Completed": printed_day(certified.completed_on),
        "Issued": printed_day(certified.issued_on),
        "Certificate number": certified.serial,
        "Verification number": verification_code.grouped(certified.number),
    }
    fields |= {name.replace("_", " "): value for name, value in changes.items()}
    units = (_row(unit) for unit in certified.units or ())
    return "\n".join(
        (
            certified.issuer,
            certified.label,
            "This is to certify that",
            certified.learner.name,
            "has been awarded",
            certified.programme.title,
            "Unit Unit title Unit grade",
            *units,
            *(f"{label} {value}" for label, value in fields.items() if value),
        )
    )


def _row(unit: UnitPrinted) -> str:
    return f"{unit.code} {unit.title} {unit.grade or ''}"


def file_cases() -> Iterator[dict[str, Any]]:
    """Every way in which a presented file can agree, contradict, or say nothing."""
    site = small.small_site()
    certified = site.statements["valid"]
    good = small.attachment("valid", certified)
    text = printed(certified)
    yield _file("the issued file", "valid", text="", sha256=small.pdf_digest("valid"))
    yield _file("saved again", "copy", text=text, attached=good, unread=[])
    yield _file("printed and scanned, no text", "copy", text="", unread=[
        "serial", "number", "completed_on", "issued_on", "grade", "level", "learner", "programme",
    ])  # fmt: skip
    yield from _statements(certified, text)
    yield from _forged_fields(certified)
    yield from _misread(certified, text)
    yield from _other_states(site)


def _statements(certified: Statement, text: str) -> Iterator[dict[str, Any]]:
    site = small.small_site()
    stranger = SeedSigner.of(altered.STRANGER, "certificate")
    raised = small.statement_of("valid", 1, grade="Distinction")
    for name, attached in (
        ("another person's statement", small.attachment("revoked", site.statements["revoked"])),
        ("a statement by a stranger", small.attachment("valid", raised, stranger)),
        ("the same statement by a stranger", small.attachment("valid", certified, stranger)),
        ("a statement that is none", b'{"grade":"Distinction"}'),
    ):
        yield _file(
            name, "forged", reason="statement", text=text, attached=attached, contradicted="certificate.json"
        )


def _forged_fields(certified: Statement) -> Iterator[dict[str, Any]]:
    other = verification_code.grouped(small.number_of("revoked"))
    for field, label, value in (
        ("grade", "Grade", "Distinction"),
        ("grade", "Grade", "Distinction *"),
        ("level", "Level", "Level 5"),
        ("completed_on", "Completed", "26 June 2025"),
        ("issued_on", "Issued", "21 November 2026"),
        ("serial", "Certificate_number", "NW-26-000009"),
        ("number", "Verification_number", other),
    ):
        text = printed(certified, **{label: value})
        yield _file(f"forged {field}: {value}", "forged", reason="printed", text=text, contradicted=field)
    unit = (certified.units or ())[0]
    text = printed(certified).replace(_row(unit), f"{unit.code} {unit.title} Distinction")
    yield _file("forged grade of a unit", "forged", reason="printed", text=text,
                contradicted=f"units.{unit.code}.grade")  # fmt: skip


def _misread(certified: Statement, text: str) -> Iterator[dict[str, Any]]:
    """What readers of PDFs and scans make of a genuine certificate; none of it accuses."""
    name, title = certified.learner.name, certified.programme.title
    yield _file(
        "a name with broken letters", "copy", text=text.replace(name, "Zo O Briain"), unread=["learner"]
    )
    yield _file(
        "a title with a broken ligature", "copy",
        text=text.replace(title, "Extended Certi cate in Information Technology"), unread=["programme"],
    )  # fmt: skip
    wrong = verification_code.grouped(certified.number)[:-1] + ("0" if certified.number[-1] != "0" else "2")
    yield _file(
        "a number misread", "copy", text=printed(certified, Verification_number=wrong), unread=["number"]
    )
    yield _file("a day with a nought before it", "copy", text=text.replace("Issued 22", "Issued 022"),
                unread=["issued_on"])  # fmt: skip
    first, second = (certified.units or ())[:2]
    rows = f"{first.code} {first.title} {second.code} {second.title} {first.grade} {second.grade}"
    yield _file(
        "unit grades read downwards", "copy", text=text.replace(_row(first), rows).replace(_row(second), "")
    )
    labels = "Level Grade Certificate number Verification number Completed Issued"
    values = " ".join(
        (
            "Level 3",
            "Merit",
            certified.serial,
            verification_code.grouped(certified.number),
            printed_day(certified.completed_on),
            printed_day(certified.issued_on),
        )
    )
    yield _file(
        "columns read downwards", "copy", text=f"{name} {title} {labels} {values}",
        unread=["serial", "number", "completed_on", "issued_on", "grade"],
    )  # fmt: skip
    yield _file(
        "dates read in the wrong order", "copy",
        text=f"{name} {title} Level Level 3 Grade Merit Certificate number {certified.serial} "
        f"Verification number {verification_code.grouped(certified.number)} Completed Issued "
        f"{printed_day(certified.completed_on)} {printed_day(certified.issued_on)}",
        unread=["completed_on", "issued_on"],
    )  # fmt: skip


def _other_states(site: small.SmallSite) -> Iterator[dict[str, Any]]:
    revoked, erased = site.numbers["revoked"], site.numbers["erased"]
    same = {"sha256": small.pdf_digest("revoked").hex(), "attached": None, "text": ""}
    yield case("the issued file of a revoked one", revoked, "revoked", 10, file=same, notices=[])
    copy = {"sha256": bytes(32).hex(), "attached": None, "text": ""}
    yield case("a copy of a revoked one", revoked, "revoked", 10, file=copy, notices=["copy"])
    raised = {**copy, "text": printed(site.statements["revoked"], Grade="Distinction")}
    yield case(
        "a forged copy of a revoked one", revoked, "forged", 12, "printed", file=raised, contradicted="grade"
    )
    yield case("a copy of a reinstated one", site.numbers["reinstated"], "copy", 12, file=copy,
               notices=["reinstated"])  # fmt: skip
    yield case("a file of an erased one", erased, "erased", 9, file=raised)
    yield case("a copy, stale", site.numbers["valid"], "stale", 4, "old", now=NEXT_YEAR, file=copy,
               notices=["copy"])  # fmt: skip


def _file(
    name: str,
    kind: str,
    *,
    reason: str = "",
    text: str,
    sha256: bytes = bytes(32),
    attached: bytes | None = None,
    **more: Any,
) -> dict[str, Any]:
    given = {"sha256": sha256.hex(), "attached": attached and b64(attached), "text": text}
    asked = small.small_site().numbers["valid"]
    return case(f"file: {name}", asked, kind, 12, reason, now=LATER, file=given, **more)
