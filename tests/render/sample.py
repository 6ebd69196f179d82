"""Statements and templates for the tests of the renderer; the people are invented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from generator.model.certificate import Statement
from generator.model.template import Template
from generator.render.renderer import Imprint
from generator.render.template_file import load

TEMPLATES = Path(__file__).parents[2] / "site_src/templates"
IMPRINT = Imprint(
    "https://verify.northfield.example", "abandon ability able about above absent", sample=False
)
ENVELOPE = b'{"payload":"' + b"eyJ2IjoxfQ" * 150 + b'","payloadType":"x","signatures":[]}'
NAMES = (
    "Kwame Brown",
    "Zoë Żółkiewska-Ŵyn",
    "İbrahim Yılmaz",
    "Nguyễn Thị Ánh",
    "Σωκράτης Παπαδόπουλος",
    "Дмитрий Шостаковский",
    "יעל כהן",
    "محمد عبد الله الحسيني",
    "श्रीकांत देशपांडे",
    "王 小明",
    "Wolfeschlegelsteinhausen Maximilian Alexander von Bergerdorff-Featherstonehaugh III",
    "Ffion Griffiths",
    "Noor محمد Ŵyn",
)
UNITS = (
    ("U1", "Information Technology Systems", "Merit"),
    ("U2", "Creating Systems to Manage Information", "Pass"),
    ("U3", "Using Social Media in Business", "Distinction"),
    ("U6", "Website Development", "Merit"),
)


def folder(name: str) -> dict[str, bytes]:
    """The files of one of the project's templates."""
    root = TEMPLATES / name
    return {
        path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()
    }


def template(name: str) -> Template:
    """One of the project's templates."""
    return load(folder(name), f"site_src/templates/{name}")


def statement(name: str = "Kwame Brown", **changes: Any) -> Statement:
    """A qualification with every field that may be printed; None takes a field away."""
    fields: dict[str, Any] = {
        "issuer_id": "a" * 64,
        "issuer": "Northfield Awarding",
        "language": "en",
        "kind": "qualification",
        "label": "Accredited Certificate",
        "replacement": True,
        "learner": {"name": name},
        "programme": {
            "code": "L3IT",
            "version": "2025",
            "title": "Level 3 Extended Certificate in Information Technology",
            "level": "Level 3",
            "number": "603/1234/5",
            "size": "360 guided learning hours",
        },
        "grade": "Merit",
        "units": [{"code": code, "title": title, "grade": grade} for code, title, grade in UNITS],
        "score": "87 of 100",
        "hours": 36,
        "sponsor": "Harbour Care Trust",
        "instructor": "Dr Sian Lindqvist",
        "signatories": [
            {"name": "Helen Marsh", "title": "Chief Executive"},
            {"name": "Rhys Vaughan", "title": "Head of Quality"},
        ],
        "centre": {"name": "Northfield College", "number": "NF041"},
        "accreditation": {
            "body": "Office of Sample Regulation",
            "number": "RN9999",
            "statement": "Regulated in the sample country",
        },
        "completed_on": "2026-06-26",
        "validity": {"months": 36},
        "number": "2026ABCDEFGHJKMNPQRSTVWX",
        "serial": "NW-26-000012",
        "issued_on": "2026-11-22",
        "expires_on": "2029-11-22",
    }
    fields |= changes
    return Statement.of({name: value for name, value in fields.items() if value is not None})
