"""Finding the headings under titles, merged groups and second sheets; what is odd about a row's cells."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from generator.errors import Refused
from generator.sheets.headings import find
from generator.sheets.shapes import BY_NAME, SHAPES
from generator.sheets.sheet_rows import read_plain_rows, read_rows
from tests import sample_sheets
from tests.examples import examples

GRADES = sample_sheets.rows_of(sample_sheets.GRADES)
COMPLETION = sample_sheets.rows_of(sample_sheets.COMPLETION)
REGISTRATIONS = sample_sheets.rows_of(sample_sheets.REGISTRATIONS)


@pytest.mark.parametrize(
    ("rows", "shape"),
    [
        (GRADES, "unit_grades"),
        (COMPLETION, "completion_report"),
        (sample_sheets.progress_rows(), "progress_report"),
        (REGISTRATIONS, "registrations"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "tabs", "workbook"])
def test_each_sample_is_known_by_its_headings(rows: sample_sheets.Rows, shape: str, form: str) -> None:
    data = sample_sheets.as_workbook(rows) if form == "workbook" else b""
    data = data or (
        sample_sheets.as_csv(rows, "utf-16", "\t") if form == "tabs" else sample_sheets.as_csv(rows)
    )
    found = find(sample_sheets.grids(data))
    assert found.shape.name == shape
    laid = list(read_rows(found).rows)
    assert len(laid) == len(rows) - 1
    assert not any(row.faults for row in laid)
    for row, values in zip(laid, rows[1:], strict=True):
        assert list(row.cells.values()) == values


@settings(max_examples=examples(25))
@given(
    st.permutations(range(len(GRADES[0]))),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    st.sampled_from(",;\t"),
)
def test_the_order_of_columns_encoding_and_separator_do_not_matter(
    order: list[int], encoding: str, mark: str
) -> None:
    moved = [[row[place] for place in order] for row in GRADES[:8]]
    laid = sample_sheets.laid(sample_sheets.as_csv(moved, encoding, mark))
    assert [dict(row.cells) for row in laid] == [
        dict(zip(GRADES[0], row, strict=True)) for row in GRADES[1:8]
    ]


def dressed(rows: sample_sheets.Rows) -> Workbook:
    """Titles above, a hidden sheet before and a sheet of notes behind."""
    book = Workbook()
    page = book.active
    page.title = "Lists"
    page.sheet_state = "hidden"
    page.append(["Pass", "Merit"])
    page = book.create_sheet("Grades 2026")
    page.append(["Northfield College"])
    page.append(["Printed", "22/11/2026"])
    page.append([])
    for row in rows:
        page.append(row)
    page.append(["", "", "Total: 60"])
    page.merge_cells("A1:F1")
    book.create_sheet("Notes").append(["call Reza"])
    return book


def test_titles_hidden_sheets_notes_and_totals_are_looked_past() -> None:
    found = find(sample_sheets.book(sample_sheets.saved(dressed(GRADES))))
    assert (found.grid.sheet, found.line) == ("Grades 2026", 4)
    assert found.titles[0] == "Northfield College"
    assert [row.line for row in read_rows(found).rows] == list(range(5, 65))


def test_group_headings_merged_above_their_columns() -> None:
    book = Workbook()
    page = book.active
    page.append(["Learner ID", "Forename", "Surname", "U3", "", "", "", "Date completed", "Claim type"])
    page.append(["", "", "", "Grade", "Assessor", "IV", "IV date", "", ""])
    page.append(["NF1", "Reza", "Taylor", "P", "k.osei", "r.vaughan", "08/06/2026", "26/06/2026", "full"])
    page.merge_cells("D1:G1")
    for column in "ABCHI":
        page.merge_cells(f"{column}1:{column}2")
    found = find(sample_sheets.book(sample_sheets.saved(book)), (BY_NAME["unit_grades"],))
    (row,) = read_rows(found).rows
    assert row.cells["U3 grade"] == "P"
    assert row.cells["U3 verified on"] == "08/06/2026"
    assert row.cells["Registration number"] == "NF1"


def test_two_sheets_that_could_be_it_are_a_question() -> None:
    book = dressed(GRADES)
    page = book.create_sheet("Grades 2025")
    for row in GRADES[:5]:
        page.append(row)
    grids = sample_sheets.book(sample_sheets.saved(book))
    with pytest.raises(Refused) as refused:
        find(grids)
    assert sample_sheets.codes(refused.value) == {"SHEET-TWO"}
    assert find(grids, SHAPES, sheet="Grades 2025").grid.sheet == "Grades 2025"


def changed(rows: sample_sheets.Rows, line: int, heading: str, text: str) -> sample_sheets.Rows:
    copy = [list(row) for row in rows]
    copy[line][rows[0].index(heading)] = text
    return copy


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("=cmd|'/c calc'!A1", "SHEET-INJECTION"),
        ("@SUM(A1)", "SHEET-INJECTION"),
        ("+44 call", "SHEET-INJECTION"),
        ("\uff1dHYPERLINK(1)", "SHEET-INJECTION"),
        ("Ch\u202een", "SHEET-HIDDEN"),
        ("Ch\u200ben", "SHEET-HIDDEN"),
        ("Zo\u00c3\u00ab", "SHEET-ENCODING"),
        ("Zo\ufffd", "SHEET-ENCODING"),
        ("8.80221E+09", "SHEET-SCIENTIFIC"),
    ],
)
def test_a_cell_that_is_not_what_it_seems_is_named_and_the_others_are_read(text: str, code: str) -> None:
    laid = sample_sheets.laid(sample_sheets.as_csv(changed(REGISTRATIONS, 3, "Last names", text)))
    (faulty,) = [row for row in laid if row.faults]
    assert faulty.line == 4
    assert [(fault.code, str(fault.place)) for fault in faulty.faults] == [(code, "sheet.csv:4 Last names")]
    assert len(laid) == 60


@pytest.mark.parametrize(
    "name",
    [
        "\u00d3 Briain",
        "O\u2019Neill",
        "al-Hassan",
        "\u00c5ngstr\u00f6m",
        "D'Arcy",
        "\u0646\u06af\u200c\u0627\u0631",
        "-",
    ],
)
def test_names_that_are_names(name: str) -> None:
    laid = sample_sheets.laid(sample_sheets.as_csv(changed(REGISTRATIONS, 3, "Last names", name)))
    assert not any(row.faults for row in laid)


def test_half_a_row_and_a_row_too_long() -> None:
    rows = [list(row) for row in REGISTRATIONS]
    rows[2] = rows[2][:4]
    rows[3].append("F")
    laid = sample_sheets.laid(sample_sheets.as_csv(rows))
    assert [(row.line, [fault.code for fault in row.faults]) for row in laid if row.faults] == [
        (3, ["SHEET-ROW"]),
        (4, ["SHEET-ROW"]),
    ]


@pytest.mark.parametrize(
    ("headings", "code"),
    [
        ({"ULN": "Centre reference"}, "SHEET-COLUMN-TWICE"),
        ({"Sex": "Unique learner number"}, "SHEET-COLUMN-TWICE"),
        ({"ULN": "Number"}, "SHEET-COLUMN"),
        ({"First names": "A", "Last names": "B"}, "SHEET-COLUMN"),
    ],
)
def test_columns_twice_or_missing_are_named(headings: dict[str, str], code: str) -> None:
    rows = [[headings.get(cell, cell) for cell in REGISTRATIONS[0]], *REGISTRATIONS[1:]]
    grids = sample_sheets.grids(sample_sheets.as_csv(rows))
    with pytest.raises(Refused) as refused:
        find(grids, (BY_NAME["registrations"],))
    assert code in sample_sheets.codes(refused.value)


def test_a_mapping_names_columns_that_nobody_would_guess() -> None:
    rows = [["Ref", "Wer", "Nummer"], ["NF1", "Reza Taylor", "8802212715"]]
    mapping = {"Centre reference": "Ref", "Name": "Wer", "ULN": "Nummer"}
    found = find(sample_sheets.grids(sample_sheets.as_csv(rows)), (BY_NAME["registrations"],), mapping)
    (row,) = read_rows(found).rows
    assert dict(row.cells) == {"Centre reference": "NF1", "Name": "Reza Taylor", "ULN": "8802212715"}


def test_our_own_layout_from_a_workbook() -> None:
    table = read_plain_rows(
        sample_sheets.book(
            sample_sheets.as_workbook([["learner_ref", "grade"], ["A1", "P"], [], ["A2", "M"]])
        )[0]
    )
    assert [(row.line, dict(row.cells)) for row in table.rows] == [
        (2, {"learner_ref": "A1", "grade": "P"}),
        (4, {"learner_ref": "A2", "grade": "M"}),
    ]
    with pytest.raises(Refused):
        read_plain_rows(sample_sheets.book(sample_sheets.as_workbook([["a", "a"], ["1", "2"]]))[0])


def test_half_a_grade_sheet_is_no_registration_sheet() -> None:
    grids = sample_sheets.grids(sample_sheets.as_csv([row[:12] for row in GRADES]))
    with pytest.raises(Refused) as refused:
        find(grids)
    assert {problem.what for problem in refused.value.problems} == {
        "the column `Completed on` is missing",
        "the column `Claim` is missing",
    }
