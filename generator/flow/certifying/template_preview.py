"""Templates printed with invented certificates, easy and nasty, as PDF and PNG (docs/templates.md)."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium

from generator.edge import disk
from generator.errors import Problem
from generator.model.certificate import Statement
from generator.model.template import Template
from generator.render.renderer import Imprint, Renderer

_DPI = 110
_IMPRINT = Imprint(
    "https://verify.northfield.example", "abandon ability able about above absent", sample=True
)
_ENVELOPE = b'{"payload":"","payloadType":"preview","signatures":[]}'

_SIGNATORIES = [
    {"name": "Ama Serwaa", "title": "Chief Executive"},
    {"name": "Idris Penhaligon", "title": "Responsible Officer"},
]
_ACCREDITATION = {
    "body": "Northfield Qualifications Register",
    "number": "NQR 417",
    "statement": "This qualification is regulated and listed on the Northfield Qualifications Register.",
}
_UNITS = [
    {"code": "U1", "title": "Information Technology Systems", "grade": "Merit"},
    {"code": "U2", "title": "Creating Systems to Manage Information", "grade": "Pass"},
    {"code": "U3", "title": "Using Social Media in Business", "grade": "Distinction"},
    {"code": "U6", "title": "Website Development", "grade": "Merit"},
]
_MODULES = [
    {"code": "M1", "title": "Module 1: Duty of care"},
    {"code": "M2", "title": "Module 2: Safeguarding adults"},
    {"code": "M3", "title": "Module 3: Record keeping"},
    {"code": "EXAM", "title": "Final exam"},
]
_QUALIFICATION: dict[str, Any] = {
    "issuer_id": "0" * 64,
    "issuer": "Northfield Awarding",
    "language": "en",
    "kind": "qualification",
    "label": "Certificate",
    "programme": {
        "code": "L3IT",
        "version": "2025",
        "title": "Extended Certificate in Information Technology",
        "level": "Level 3",
        "number": "603/8144/2",
        "size": "360 guided learning hours",
    },
    "grade": "Merit",
    "units": _UNITS,
    "signatories": _SIGNATORIES,
    "centre": {"name": "Northfield College", "number": "NF041"},
    "accreditation": _ACCREDITATION,
    "completed_on": "2026-06-26",
    "number": "2026ABCDEFGHJKMNPQRSTVWX",
    "serial": "NW-26-000012",
    "issued_on": "2026-11-22",
}
_COURSE = {
    **{name: _QUALIFICATION[name] for name in ("issuer_id", "issuer", "language", "completed_on")},
    **{name: _QUALIFICATION[name] for name in ("number", "serial", "issued_on")},
    "kind": "course",
    "label": "Certificate of Completion",
    "programme": {"code": "CARE101", "version": "2026", "title": "Foundations of Care"},
    "units": _MODULES,
    "hours": 12,
    "instructor": "Leila Marchetti",
    "signatories": _SIGNATORIES[:1],
    "validity": {"months": 36},
    "expires_on": "2029-11-22",
}
_LONG = "Wolfeschlegelsteinhausen Maximilian Alexander von Bergerdorff-Featherstonehaugh III"
_FULL = {
    **_QUALIFICATION,
    **{name: _COURSE[name] for name in ("hours", "instructor", "validity", "expires_on")},
}
_FULL |= {"replacement": True, "score": "87 of 100", "sponsor": "Harbour Care Trust"}
_MANY = [
    {"code": f"U{rank}", "title": f"Principles and practice, part {rank}", "grade": "Pass"}
    for rank in range(1, 61)
]
_MANY_FOR = "Ffion Ŵyn-Jones"
# The file's name -> who, and what.
SAMPLES: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "qualification": ("Zoë Ó Briain", _QUALIFICATION),
    "units": ("Łukasz Chen", {**_QUALIFICATION, "kind": "units", "label": "Unit Certificate", "grade": None}),
    "course": ("Nguyễn Thị Ánh", _COURSE),
    "everything-long-name": (_LONG, _FULL),
    "arabic": ("محمد عبد الله الحسيني", _QUALIFICATION),
    "devanagari": ("श्रीकांत देशपांडे", _COURSE),
    "greek": ("Σωκράτης Παπαδόπουλος", _QUALIFICATION),
    "cyrillic": ("Дмитрий Шостаковский", _COURSE),
    "hebrew": ("יעל כהן", _QUALIFICATION),
    "han": ("王 小明", _COURSE),
}


@dataclass(frozen=True, slots=True)
class TemplatePreview:
    """The files made, two for each sample, and why some sample cannot be printed with a template."""

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]


def make_preview(template: Callable[[str], Template], names: Sequence[str], out_dir: Path) -> TemplatePreview:
    """Every sample with every named template, as `NAME-SAMPLE.pdf` and `.png` in `out_dir`.

    `template` gives the template of a name. Raises `Refused` where one cannot be used at all.
    """
    files: list[Path] = []
    problems: list[Problem] = []
    for name in names:
        renderer = Renderer(template(name), _IMPRINT)
        for sample, (learner, fields) in {**SAMPLES, "most-units": _most_units(renderer)}.items():
            statement = sample_statement(learner, fields)
            unprintable = renderer.check(statement.draft())
            if unprintable:
                problems += unprintable
                continue
            pdf = renderer.render(statement, _ENVELOPE)
            for ending, data in (("pdf", pdf), ("png", picture(pdf, _DPI))):
                path = out_dir / f"{name}-{sample}.{ending}"
                disk.write(path, data)
                files.append(path)
    return TemplatePreview(tuple(files), tuple(problems))


def _most_units(renderer: Renderer) -> tuple[str, Mapping[str, Any]]:
    """As many units, of sixty, as the template has space for."""
    fields: dict[str, Any] = {}
    for count in range(len(_MANY), 0, -4):
        fields = {**_QUALIFICATION, "units": _MANY[:count]}
        if not renderer.check(sample_statement(_MANY_FOR, fields).draft()):
            break
    return _MANY_FOR, fields


def sample_statement(learner: str, fields: Mapping[str, Any]) -> Statement:
    """An invented statement; None takes a field away."""
    given = {**fields, "learner": {"name": learner}}
    return Statement.of({name: value for name, value in given.items() if value is not None})


def picture(pdf: bytes, dpi: int) -> bytes:
    """The first page as PNG."""
    document = pdfium.PdfDocument(pdf)
    out = io.BytesIO()
    document[0].render(scale=dpi / 72).to_pil().save(out, "PNG", optimize=True)
    document.close()
    return out.getvalue()
