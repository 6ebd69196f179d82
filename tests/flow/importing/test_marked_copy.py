"""The answer to a sheet: what is marked, what the report says, what stays as it was."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from generator.flow.importing import marked_copy
from tests import sample_sheets, workshop
from tests.flow.importing import sheets_put_in as importing
from tests.flow.importing.sheets_put_in import grades, only, put
from tests.flow.importing.test_import_shapes import dirty_grades


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return workshop.sample(tmp_path / "w")


def report(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))


def faulty() -> bytes:
    """The dirty grade sheet with faults in four rows."""
    _, data = dirty_grades()
    book = load_workbook(io.BytesIO(data))
    page = book["Grades"]
    head = [cell.value for cell in page[3]]
    page.cell(4, head.index("U3 GRADE") + 1).value = "X"
    page.cell(5, head.index("U3 INTERNAL VERIFIER") + 1).value = page.cell(
        5, head.index("U3 ASSESSOR") + 1
    ).value
    page.cell(6, head.index("LAST NAMES") + 1).value = "@SUM(1)"
    for column in range(1, len(head) + 1):
        page.cell(70, column).value = page.cell(9, column).value
    return sample_sheets.saved(book)


@pytest.mark.slow
def test_the_copy_is_the_sheet_and_the_marks_are_at_the_cells(root: Path) -> None:
    sent = faulty()
    only(root, grades("grades.xlsx"))
    put(root, "grades.xlsx", sent)
    (made,) = importing.answered(root)
    assert made.copy is not None
    before, after = (load_workbook(io.BytesIO(data)) for data in (sent, made.copy.read_bytes()))
    assert [(page.title, page.sheet_state) for page in before] == [
        (page.title, page.sheet_state) for page in after
    ]
    comments = {}
    for old, new in zip(before, after, strict=True):
        assert old.merged_cells.ranges == new.merged_cells.ranges
        for row in old.iter_rows():
            for cell in row:
                twin = new[cell.coordinate]
                assert (twin.value, twin.number_format) == (cell.value, cell.number_format)
                if twin.comment:
                    comments[cell.coordinate] = twin.comment.text
    assert comments["M4"].startswith("CLAIM-GRADE: `X`")
    assert "Ask: k.osei (assessor of U3)" in comments["M4"]
    assert "CLAIM-FOUR-EYES" in comments["O5"]
    assert "SHEET-INJECTION" in comments["D6"]
    assert "grades.xlsx:70" in comments["A9"]
    assert "grades.xlsx:9" in comments["A70"]
    listed = report(made.report)
    assert {(row["Row"], row["Column"]) for row in listed} >= {
        ("4", "U3 GRADE (M4)"),
        ("5", "U3 INTERNAL VERIFIER (O5)"),
        ("9", "Candidate number (A9)"),
    }
    assert all(row["Whom to ask"] and row["What to do"] for row in listed)
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in listed for cell in row.values())
    assert any(row["Cell"] == "'@SUM(1)" for row in listed)


@pytest.mark.slow
def test_csv_gets_a_workbook_and_a_clean_sheet_takes_the_old_answer_away(root: Path) -> None:
    rows = sample_sheets.rows_of(sample_sheets.GRADES)
    only(root, grades())
    put(root, importing.GRADES, sample_sheets.as_csv([*rows[:3], ["=1+1", *rows[3][1:]], *rows[4:]]))
    (made,) = importing.answered(root)
    assert made.copy is not None
    page = load_workbook(made.copy).active
    assert page is not None
    assert (page["A4"].value, page["A4"].data_type) == ("=1+1", "s")
    assert [[cell.value or "" for cell in row] for row in page.iter_rows(min_row=5)] == rows[4:]
    assert page["A4"].comment is not None
    put(root, importing.GRADES, sample_sheets.as_csv(rows))
    assert importing.answered(root) == []
    assert not made.copy.exists()
    assert not made.report.exists()


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "name"), [(60, "grades.checked.xlsx"), (59, "grades.faults.xlsx")])
def test_a_sheet_beyond_the_bound_gets_a_workbook_of_its_faults(
    root: Path, monkeypatch: pytest.MonkeyPatch, rows: int, name: str
) -> None:
    monkeypatch.setattr(marked_copy, "COPIED_ROWS", rows)
    sent = sample_sheets.rows_of(sample_sheets.GRADES)
    sent[5][sent[0].index("U1 grade")] = "=cmd|'/c calc'!A1"
    only(root, grades("grades.csv"))
    put(root, "grades.csv", sample_sheets.as_csv(sent))
    (made,) = importing.answered(root)
    assert made.copy is not None
    assert made.copy.name == name
    page = load_workbook(made.copy).active
    assert page is not None
    assert not any(cell.data_type == "f" for row in page for cell in row)
    if name.endswith("faults.xlsx"):
        assert [cell.value for cell in page[2]][:3] == ["6", "U1 grade (E6)", "=cmd|'/c calc'!A1"]


@pytest.mark.slow
def test_drawings_that_the_copy_loses_are_said(root: Path) -> None:
    parts = sample_sheets.parts_of(faulty())
    only(root, grades("grades.xlsx"))
    put(
        root,
        "grades.xlsx",
        sample_sheets.zipped(parts | {"xl/media/logo.emf": b"x", "xl/vbaProject.bin": b"x"}),
    )
    (made,) = importing.answered(root)
    assert made.copy is not None
    assert any("drawings" in remark for remark in made.remarks)
    assert any("macros" in remark for remark in made.remarks)
    assert "xl/vbaProject.bin" not in sample_sheets.parts_of(made.copy.read_bytes())


def test_faults_of_the_registration_sheet_are_answered_in_it(root: Path) -> None:
    rows = sample_sheets.rows_of(sample_sheets.REGISTRATIONS)
    rows[4][6] = "6478796541"
    only(root, grades())
    path = root / "certificates" / "registrations" / sample_sheets.REGISTRATIONS.name
    path.write_bytes(sample_sheets.as_csv(rows))
    made = importing.answered(root)
    texts = [row for answer in made for row in report(answer.report)]
    assert ("5", "ULN (G5)", "LEARNER-ULN") in {(row["Row"], row["Column"], row["Control"]) for row in texts}


@pytest.mark.slow
def test_in_our_own_layout_the_mark_is_at_the_field_itself(root: Path) -> None:
    only(root)
    (root / "certificates" / "records" / "learners-more.csv").write_text(
        "centre,learner_ref,name,uln\nNF041,L901,Ann Ash,\nNF041,L902,Bob Birch,123\n", "utf-8"
    )
    made = next(one for one in importing.answered(root) if one.report.name.startswith("learners-more"))
    (row,) = report(made.report)
    assert (row["Row"], row["Column"]) == ("3", "uln (D3)")
    assert row["What is wrong"] == "is not a unique learner number: ten digits"
    assert made.copy is not None
    page = load_workbook(made.copy).active
    assert page is not None
    assert [cell.coordinate for line in page.iter_rows() for cell in line if cell.comment] == ["D3"]
