"""The evidence register by clause: every line somewhere, gaps said, counts without a name."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from generator.errors import Refused
from generator.flow.importing import import_claims
from generator.flow.office import evidence_folder
from generator.flow.office.evidence_folder import NOTHING, EvidenceFolder
from generator.model.quality_records import EvidenceItem, Irregularity
from tests import workshop
from tests.flow import offices
from tests.rules.controls import case

HOSTILE = "=cmd|' /C calc'!A0"


def line(name: str, **more: Any) -> EvidenceItem:
    fields = {"centre": "C1", "evidence": name, "what": "policy", "subject": "Appeals", "owner": "s.marsh"}
    return EvidenceItem.of({**fields, "on": "2026-01-01", **more})


LINES = (
    line("E1", review_on="2026-11-21"),
    line("E2", review_on="2026-11-22", document_sha256="ab" * 32),  # today is the last good day
    line("E3", review_on="2020-01-01", status="closed", clauses=["QO.9", "QO.3"]),
    line("E4", what="essential_action", status="open"),
    line("E5", what="other", subject=HOSTILE),
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = offices.awarding(tmp_path_factory.mktemp("evidence"), ["L1", "L2"])
    withdrawn = case.event(
        "withdrawn", "2026-10-01", signed_off=case.signed("quality_nominee", "exams_officer")
    )
    report = {"centre": "C1", "report": "R1", "about": "claim", "finding": "late"}
    more = [
        withdrawn.model_copy(update={"learner_ref": "L2"}),
        case.result("U2", "D", attempt_number=2, attempt="resubmission", state="under_review"),
        case.verification("U3", "C1", outcome="action", action="again"),
        Irregularity.of({**report, "found_on": "2026-11-01", "found_by": "e.okoro"}),
    ]
    offices.put(root, "centres/C2.yaml", "schema: 1\nnumber: C2\nname: Southfield College\n")
    offices.put_records(root, [*LINES, line("S1").model_copy(update={"centre": "C2"}), *more])
    with workshop.opened(root) as session:
        # The claims are held by what is open now; the records are kept all the same.
        found = import_claims.preview(session)
        assert not found.records.problems
        import_claims.write(session, found)
    return root


def made(root: Path, centre: str | None = None) -> EvidenceFolder:
    with workshop.opened(root) as session:
        return evidence_folder.folder(session, centre)


def test_every_line_stands_under_its_clauses(root: Path) -> None:
    found = {section.name: section for section in made(root, "C1").sections}
    placed = {name: [row[0] for row in section.rows] for name, section in found.items() if section.rows}
    assert placed == {
        "QO.1": ["E1", "E2"],
        "QO.3": ["E3"],
        "QO.4": ["E4"],
        "QO.9": ["E3"],
        "no clause": ["E5"],
    }
    assert (found["QO.1"].overdue, found["QO.9"].overdue) == (1, 0)
    assert (found["QO.4"].open, found["QO.1"].open) == (1, 0)
    assert found["QO.1"].gaps == ("1 to be looked at again", "1 without the digest of a document")
    assert found["QO.2"].gaps == (NOTHING,)
    assert "S1" in [row[0] for row in made(root).sections[0].rows]
    assert made(root, "C2").of == "Southfield College"


def test_the_register_counts_what_it_knows(root: Path) -> None:
    counted = {section.name: dict(section.counted) for section in made(root, "C1").sections}
    registered = counted["QO.3"]
    assert registered["registrations in all"] == 2
    assert registered["registrations active or on a break"] == 1
    assert registered["of these confirmed by the lead internal verifier"] == 1
    assert registered["of these not confirmed"] == 0
    assert registered["registrations withdrawn"] == 1
    assert registered["open reports of late registrations or claims"] == 1
    assert registered["claims that wait"] == 2
    assert counted["QO.1"]["approvals of programmes in force"] == 1
    assert counted["QO.2"]["people in the role of exams officer"] == 1
    assert counted["QO.8"]["results under review"] == 1
    assert counted["QO.8"]["resubmission attempts"] == 1
    assert counted["QO.9"]["internal verification records"] == 4
    assert counted["QO.9"]["of these with an action that is not closed"] == 1
    assert counted["QO.10"]["results under review"] == 1
    elsewhere = {section.name: dict(section.counted) for section in made(root, "C2").sections}
    assert elsewhere["QO.3"]["registrations in all"] == elsewhere["QO.3"]["claims that wait"] == 0


@pytest.mark.slow
def test_the_workbook_names_nobody_and_computes_nothing(root: Path) -> None:
    data = evidence_folder.written(made(root), Path("evidence.xlsx"))
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Index", *(f"QO.{number}" for number in range(1, 11)), "no clause"]
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    texts = [str(cell.value) for cell in cells]
    assert "'" + HOSTILE in texts
    assert not [text for text in texts for name in offices.NAMES.values() if name in text]
    assert not [text for text in texts if text in offices.LEARNERS]
    assert [cell.value for cell in book["Index"][2]][:5] == [
        "QO.1",
        made(root).sections[0].title,
        "3",
        "0",
        "1",
    ]
    assert book["QO.2"]["A2"].value == NOTHING
    assert evidence_folder.written(made(root), Path("evidence.xlsx")) == data


def test_markdown_takes_text_for_text(root: Path) -> None:
    text = evidence_folder.written(made(root), Path("evidence.md")).decode()
    assert "=cmd\\|' /C calc'!A0" in text
    assert text.count("\n## ") == 11
    widths = {row.replace("\\|", "").count("|") for row in text.splitlines() if row.startswith("|")}
    assert widths == {3, 7, 12}


def test_what_cannot_be_meant_is_said(root: Path) -> None:
    with pytest.raises(Refused, match="RECORD-CENTRE"):
        made(root, "C9")
    with pytest.raises(Refused, match="LAYOUT-NAME"):
        evidence_folder.written(made(root), Path("evidence.csv"))
