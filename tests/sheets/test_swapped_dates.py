"""Real dates among text dates: the trace of a spreadsheet program that swapped those it could."""

from __future__ import annotations

import re
from datetime import date, datetime

import pytest
from openpyxl import Workbook

from generator.sheets import swapped_dates, written_day
from generator.sheets.headings import find
from generator.sheets.shapes import BY_NAME
from generator.sheets.sheet_rows import read_rows
from tests import sample_sheets

HEAD = ["Learner reference", "Unit", "Grade", "Awarded on"]
# 4 July and 5 June of an export with the day first, as a program with the month first stores them.
JULY, JUNE = date(2026, 4, 7), date(2026, 5, 6)


def book(*cells: object) -> bytes:
    return sample_sheets.as_workbook(
        [["Results of 26/06/2026"], HEAD, *(["L1", "U1", "P", cell] for cell in cells)]
    )


def suspected(data: bytes) -> list[str]:
    """The rows that are asked about, as the sheet's own lines."""
    found = find(sample_sheets.grids(data), [BY_NAME["results_list"]])
    rows = read_rows(found, swapped_dates.columns(found)).rows
    asked = [fault for row in rows for fault in row.faults]
    assert {fault.code for fault in asked} <= {"SHEET-SWAPPED"}
    return [str(fault.place) for fault in asked]


def test_the_mixture_is_a_question_at_every_real_date() -> None:
    data = book(JULY, "26/06/2026", JUNE, "31/07/2026")
    assert suspected(data) == ["sheet:3 Awarded on", "sheet:5 Awarded on"]
    found = find(sample_sheets.grids(data), [BY_NAME["results_list"]])
    (first, *_) = (row for row in read_rows(found, swapped_dates.columns(found)).rows)
    assert "is 2026-04-07 as a real date, beside text such as `26/06/2026` in row 4" in first.faults[0].what
    assert "2026-07-04 meant" in first.faults[0].what


@pytest.mark.parametrize(
    ("cells", "asked"),
    [
        ((date(2026, 6, 11), "26/06/2026"), 1),
        ((date(2026, 6, 12), "26/06/2026"), 1),
        ((date(2026, 6, 13), "26/06/2026"), 0),
        ((date(2026, 6, 13), JULY, "26/06/2026"), 0),
        ((JULY, "12/06/2026"), 0),
        ((JULY, "13/06/2026"), 1),
        ((JULY, "06/13/2026"), 1),
        ((JULY, "13/13/2026"), 0),
        ((JULY, "26 June 2026"), 0),
        ((JULY, "2026-06-26"), 0),
        ((JULY, JUNE), 0),
        (("04/07/2026", "26/06/2026"), 0),
        ((datetime(2026, 4, 7, 10, 43), "26/06/2026"), 1),  # noqa: DTZ001 - a cell has no zone
        # Swapped or not, 6 June is the same day.
        ((date(2026, 6, 6), "26/06/2026"), 0),
        ((date(2026, 6, 6), JULY, "26/06/2026"), 1),
    ],
)
def test_each_bound(cells: tuple[object, ...], asked: int) -> None:
    assert len(suspected(book(*cells))) == asked


def test_a_computed_date_was_not_swapped_and_clears_nothing() -> None:
    made = Workbook()
    page = made.active
    assert page is not None
    for row in (HEAD, ["L1", "U1", "P", "=DATE(2026,6,26)"], ["L2", "U1", "P", "26/06/2026"]):
        page.append(row)
    page["D2"].number_format = "dd/mm/yyyy"
    parts = sample_sheets.parts_of(sample_sheets.saved(made))
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"<v/>", b"<v>46199</v>").replace(b"<v></v>", b"<v>46199</v>")
    assert b"<v>46199</v>" in parts[name]
    grid = sample_sheets.grids(sample_sheets.zipped(parts))[0]
    assert [line.dates for line in grid.walk()] == [(), (), ()]


def test_cells_without_references_are_looked_at_too() -> None:
    parts = sample_sheets.parts_of(book(JULY, "26/06/2026"))
    name = "xl/worksheets/sheet1.xml"
    parts[name] = re.sub(rb'<c r="[A-Z]+\d+"', b"<c", parts[name])
    assert suspected(sample_sheets.zipped(parts)) == ["sheet:3 Awarded on"]


def test_other_columns_and_text_files_have_no_such_dates() -> None:
    rows: list[list[object]] = [
        ["Learner reference", "Unit", "Grade"],
        [JULY, "U1", "P"],
        ["26/06/2026", "U1", "P"],
    ]
    assert suspected(sample_sheets.as_workbook(rows)) == []
    text = sample_sheets.as_csv([HEAD, ["L1", "U1", "P", "2026-04-07"], ["L2", "U1", "P", "26/06/2026"]])
    assert suspected(text) == []


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("13/06/2026", True),
        ("12/12/2026", False),
        ("06/13/2026", True),
        ("13/14/2026", False),
        ("13.6.26 10:43", True),
        ("13 June 2026", False),
        ("", False),
    ],
)
def test_a_date_that_can_be_read_in_one_order_only(text: str, tells: bool) -> None:
    assert written_day.tells_its_order(text) is tells
