"""Imports as an exams office makes them: preview, hold, correct, import again; nothing half done."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.errors import Refused
from generator.flow.importing import import_claims, sheet_previews
from generator.flow.importing.import_sources import Options
from tests import sample_sheets, workshop
from tests.flow.importing import sheets_put_in as importing
from tests.flow.importing.sheets_put_in import GRADES, course, grades, only, put

ROWS = sample_sheets.rows_of(sample_sheets.GRADES)
HEAD = ROWS[0]
Change = Callable[[sample_sheets.Rows], None]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = workshop.sample(tmp_path / "w")
    only(made, grades())
    return made


def with_cell(line: int, heading: str, text: str) -> sample_sheets.Rows:
    """The grade sheet with one cell changed; `line` as a spreadsheet counts."""
    rows = [list(row) for row in ROWS]
    rows[line - 1][HEAD.index(heading)] = text
    return rows


@pytest.mark.parametrize(
    ("heading", "text", "code"),
    [
        ("U3 internal verifier", "k.osei", "CLAIM-FOUR-EYES"),
        ("U3 internal verifier", "", "CLAIM-VERIFIED"),
        ("U3 verified on", "06/31/2026", "CLAIM-DATES"),
        ("U3 verified on", "46199", "CLAIM-DATES"),
        ("Completed on", "26/06/2036", "CLAIM-DATES"),
        ("Completed on", "", "CLAIM-FIELD"),
        ("U3 grade", "X", "CLAIM-GRADE"),
        ("U3 grade", "N/A", "CLAIM-UNITS"),
        ("Overall grade", "N/A", "CLAIM-GRADE"),
        ("ULN", "6478796541", "LEARNER-ULN"),
        ("ULN", "6478796514", "LEARNER-ULN"),
        ("Registration number", "NF99999", "IMPORT-NAME"),
        ("Last names", "Somebody", "REGISTRATION-MATCH"),
        ("Last names", "=1+1", "SHEET-INJECTION"),
        ("Claim", "perhaps", "CLAIM-FIELD"),
    ],
)
def test_each_fault_is_named_at_its_cell_and_holds_its_row_only(
    root: Path, heading: str, text: str, code: str
) -> None:
    rows = with_cell(2, heading, text)
    rows[1][HEAD.index("U3 assessor")] = "k.osei"
    put(root, GRADES, sample_sheets.as_csv(rows))
    found = importing.preview(root)
    assert code in {problem.code for problem in found.problems}
    assert all(f"{GRADES}:2" in str(problem.place) for problem in found.problems)
    assert (found.new, found.held) == (59, 1)
    assert importing.claims(root) == []


def test_a_duplicate_names_both_rows_and_holds_both(root: Path) -> None:
    put(root, GRADES, sample_sheets.as_csv([*ROWS, ROWS[6]]))
    found = importing.preview(root)
    first, second = found.problems
    assert str(first.place).endswith(":7")
    assert ":62" in first.what
    assert str(second.place).endswith(":62")
    assert ":7" in second.what
    assert (found.new, found.held) == (59, 2)


@pytest.mark.slow
def test_good_rows_are_taken_and_bad_ones_kept_until_corrected(root: Path) -> None:
    put(root, GRADES, sample_sheets.as_csv(with_cell(10, "U6 grade", "Q")))
    importing.preview(root, write=True)
    assert len(importing.claims(root)) == 59
    (row,) = importing.held(root)
    assert row.cells["U6 grade"] == "Q"
    assert row.cells["Last names"] == ROWS[9][3]
    assert (row.line, [fault.code for fault in row.faults]) == (10, ["CLAIM-GRADE"])

    importing.preview(root, write=True)
    assert len(importing.held(root)) == 1, "held once, however often it is imported"
    assert len(importing.claims(root)) == 59

    put(root, GRADES, sample_sheets.as_csv(ROWS))
    found = importing.preview(root, write=True)
    assert (found.same, found.faults) == (59, 0)
    assert importing.held(root) == []
    before = importing.claims(root)
    assert len(before) == 60
    assert importing.preview(root, write=True).same == 60
    assert importing.claims(root) == before


@pytest.mark.slow
def test_a_corrected_sheet_of_another_name_doubles_nothing_and_releases(root: Path) -> None:
    put(root, GRADES, sample_sheets.as_csv(with_cell(10, "U6 grade", "Q")))
    importing.preview(root, write=True)
    corrected = put(root, "unit-grades-L3IT-2026.xlsx", sample_sheets.as_workbook(ROWS))
    found = importing.one(root, corrected, Options(), write=True)
    assert (found.same, found.new) == (59, 1)
    assert len(importing.claims(root)) == 60
    assert importing.held(root) == []


def test_a_row_that_breaks_off_the_file_leaves_nothing(root: Path) -> None:
    data = sample_sheets.as_csv(ROWS) + b'NF1,"never closed\n'
    put(root, GRADES, data)
    found = importing.preview(root, write=True)
    assert {problem.code for problem in found.problems} == {"SHEET-CSV"}
    assert importing.claims(root) == []


@pytest.mark.slow
def test_a_failure_in_the_middle_of_writing_leaves_nothing(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, GRADES, sample_sheets.as_csv(with_cell(60, "U6 grade", "Q")))

    def broken(*_: object) -> None:
        raise RuntimeError("pulled the plug")

    monkeypatch.setattr("generator.edge.register.held_rows.HeldRows.hold", broken)
    with pytest.raises(RuntimeError):
        importing.preview(root, write=True)
    assert importing.claims(root) == []


NAMES = {
    "NF04111": ("Harriet", "O\u2019BRIAIN", "Harriet \u00d3 Briain"),
    "NF04116": ("Noor ", "Wojcik", "Noor W\u00f3jcik"),
    "NF04118": ("Grace", "\u00c5NGSTR\u00d6M", "Grace \u00c5ngstr\u00f6m"),
}


def respelt() -> sample_sheets.Rows:
    rows = [list(row) for row in ROWS]
    for row in rows:
        if row[0] in NAMES:
            row[2:4] = NAMES[row[0]][:2]
    rows[1][0] = " nf04100"
    return rows


@pytest.mark.slow
def test_spellings_are_one_question_answered_once(root: Path) -> None:
    put(root, GRADES, sample_sheets.as_csv(respelt()))
    found = importing.preview(root)
    assert sorted(question.learner_ref for question in found.questions) == ["NF04100", *NAMES]
    assert {problem.code for problem in found.problems} == {"IMPORT-NAME"}
    with workshop.opened(root) as session:
        asked = sheet_previews.ask(session.workspace, found.questions)
        text = asked.read_text("utf-8-sig")
        assert NAMES["NF04111"][2] in text
        asked.write_text(text.replace(",\n", ",same\n").replace(",\r\n", ",same\r\n"), "utf-8-sig")
        answers = sheet_previews.answered(session.workspace, asked)
    assert len(answers) == 4
    done = importing.preview(root, write=True, answers=answers)
    assert (done.faults, len(done.questions)) == (0, 0)
    assert any(NAMES["NF04111"][2] in body for body in importing.claims(root)), "the registered spelling"
    again = importing.preview(root)
    assert (again.same, again.questions) == (60, ())


@pytest.mark.slow
def test_a_different_person_is_held_by_the_control(root: Path) -> None:
    put(root, GRADES, sample_sheets.as_csv(respelt()))
    found = importing.preview(root)
    answers = {question.number: "different" for question in found.questions}
    done = importing.preview(root, answers=answers)
    found_codes = {problem.code for problem in done.problems}
    assert "REGISTRATION-MATCH" in found_codes
    assert "IMPORT-NAME" not in found_codes
    assert done.held == 4


def test_a_name_alone_never_joins(root: Path) -> None:
    rows = with_cell(2, "Registration number", "XX1")
    rows[1][1] = ""
    put(root, GRADES, sample_sheets.as_csv(rows))
    found = importing.preview(root)
    assert "REGISTRATION-MATCH" in {problem.code for problem in found.problems}
    assert (found.held, found.questions) == (1, ())


def test_swapped_name_columns_are_named(root: Path) -> None:
    swapped = {"First names": "Last names", "Last names": "First names"}
    put(root, GRADES, sample_sheets.as_csv([[swapped.get(cell, cell) for cell in HEAD], *ROWS[1:]]))
    found = importing.preview(root)
    assert {problem.code for problem in found.problems} == {"NAME-SWAPPED"}
    assert found.held == 60


def other_cohort(rows: sample_sheets.Rows) -> None:
    for row in rows[1:]:
        row[0], row[1] = f"ZZ{row[0][2:]}", ""


def other_units(rows: sample_sheets.Rows) -> None:
    rows[0] = [
        cell.replace("U", "B", 1) if cell.startswith("U") and cell != "ULN" else cell for cell in rows[0]
    ]


def other_title(rows: sample_sheets.Rows) -> None:
    rows.insert(0, ["Grades of CARE101", *[""] * 22])


@pytest.mark.parametrize(
    ("change", "code"),
    [(other_cohort, "SHEET-COHORT"), (other_units, "SHEET-PROGRAMME"), (other_title, "SHEET-PROGRAMME")],
)
def test_the_sheet_of_another_programme_is_noticed(root: Path, change: Change, code: str) -> None:
    rows = [list(row) for row in ROWS]
    change(rows)
    put(root, GRADES, sample_sheets.as_csv(rows))
    assert code in {problem.code for problem in importing.preview(root).problems}


@pytest.mark.slow
def test_a_progress_report_takes_its_ids_from_the_completion_report(root: Path) -> None:
    whole = sample_sheets.as_csv(sample_sheets.rows_of(sample_sheets.COMPLETION))
    report = sample_sheets.as_csv(sample_sheets.progress_rows(), "utf-16", "\t")
    first = course("completion.csv", "completion_report")
    second = course("progress.csv", "progress_report", people="completion.csv")
    only(root, first)
    put(root, "completion.csv", whole)
    importing.preview(root, write=True)
    before = importing.claims(root)
    only(root, second, first)
    put(root, "completion.csv", whole)
    put(root, "progress.csv", report)
    only_second = importing.one(root, root / "certificates/claims/progress.csv", Options(), write=True)
    assert (only_second.same, only_second.faults) == (len(before), 0)
    assert importing.claims(root) == before


@pytest.mark.slow
def test_a_file_by_name_needs_no_entry_where_the_catalogue_leaves_no_choice(
    root: Path, tmp_path: Path
) -> None:
    only(root)
    sent = tmp_path / "from-the-lms.csv"
    sent.write_bytes(sample_sheets.as_csv(sample_sheets.progress_rows(), "utf-16", "\t"))
    assert importing.one(root, sent, Options(dates="day_first")).faults == 0
    sent.write_bytes(sample_sheets.as_csv(ROWS))
    assert importing.one(root, sent, Options(dates="day_first")).faults == 0
    with pytest.raises(Refused) as refused:
        importing.one(root, sent, Options(programme="CARE101"))
    assert sample_sheets.codes(refused.value) == {"SHEET-PROGRAMME"}


@pytest.mark.slow
def test_a_clean_registration_sheet_is_kept_and_a_faulty_one_is_not(root: Path, tmp_path: Path) -> None:
    rows = sample_sheets.rows_of(sample_sheets.REGISTRATIONS)
    sent = tmp_path / "new.xlsx"
    with workshop.opened(root) as session:
        sent.write_bytes(sample_sheets.as_workbook([*rows, rows[1]]))
        bad = sheet_previews.look(session.workspace, sent, Options(dates="day_first"))
        assert [problem.code for problem in bad.problems] == ["REGISTRATION-TWICE"]
        with pytest.raises(Refused):
            sheet_previews.keep_registrations(session.workspace, sent, bad)
        sent.write_bytes(sample_sheets.as_workbook(rows))
        good = sheet_previews.look(session.workspace, sent, Options(dates="day_first"))
        assert (good.rows, good.good, good.faults) == (60, 60, 0)
        assert (
            sheet_previews.keep_registrations(session.workspace, sent, good).read_bytes() == sent.read_bytes()
        )
    only(root, grades(registrations="new.xlsx"))
    assert importing.preview(root).faults == 0


@pytest.mark.slow
def test_a_preview_changes_nothing(root: Path) -> None:
    importing.preview(root)
    before = workshop.state(root)
    put(root, GRADES, sample_sheets.as_csv(with_cell(10, "U6 grade", "Q")))
    importing.preview(root)
    after = workshop.state(root)
    assert before["register"] == after["register"]
    assert import_claims.SOURCES == "sources.yaml"
