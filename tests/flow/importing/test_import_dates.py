"""Dates in sheets: ambiguous ones, swapped ones, and those of another year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests import sample_sheets, workshop
from tests.flow.importing import sheets_put_in as importing
from tests.flow.importing.sheets_put_in import GRADES, grades, only, put

ROWS = sample_sheets.rows_of(sample_sheets.GRADES)
HEAD = ROWS[0]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    made = workshop.sample(tmp_path / "w")
    only(made, grades())
    return made


def test_the_sheet_of_another_year_is_noticed(root: Path) -> None:
    only(root, grades(completed_from="2026-09-01", completed_until="2027-08-31"))
    found = importing.preview(root)
    assert {problem.code for problem in found.problems} == {"SHEET-YEAR"}
    assert found.held == 60


@pytest.mark.slow
def test_an_ambiguous_date_is_a_question_and_a_profile_answers_it(root: Path) -> None:
    only(
        root, {key: value for key, value in grades(registrations_dates="day_first").items() if key != "dates"}
    )
    found = importing.preview(root)
    assert {problem.code for problem in found.problems} == {"IMPORT-DATE"}
    only(root, grades())
    assert importing.preview(root).faults == 0


def last_year(root: Path, **changes: object) -> list[tuple[str, str]]:
    """The codes and columns of the grade sheet with every date a year earlier."""
    rows = [[cell.replace("/2026", "/2025") for cell in row] for row in ROWS]
    put(root, GRADES, sample_sheets.as_csv(rows))
    only(root, grades(**changes))
    found = importing.preview(root)
    return sorted({(one.code, str(one.place).partition(" ")[2]) for one in found.problems})


@pytest.mark.slow
def test_a_sheet_of_another_year_is_named_by_what_the_registrations_plan(root: Path) -> None:
    assert last_year(root) == [("SHEET-YEAR", "completed_on")]
    assert importing.preview(root).held == 60


@pytest.mark.slow
def test_what_sources_yaml_says_of_the_year_counts_alone(root: Path) -> None:
    window = {"completed_from": "2025-06-26", "completed_until": "2025-06-26"}
    assert last_year(root, **window) == []
    for other in ({"completed_from": "2025-06-27"}, {"completed_until": "2025-06-25"}):
        assert last_year(root, **(window | other)) == [("SHEET-YEAR", "Completed on")]


@pytest.mark.slow
def test_real_dates_that_may_be_swapped_are_held_until_somebody_says(root: Path) -> None:
    rows: list[list[object]] = [list(row) for row in ROWS]
    at = HEAD.index("U3 verified on")
    for row in (row for row in rows[1:] if row[at]):
        day, month, year = (int(part) for part in str(row[at]).split("/"))
        if day <= 12:  # what a program with months first makes of it
            row[at] = date(year, day, month)
    put(root, "grades.xlsx", sample_sheets.as_workbook(rows))
    only(root, grades("grades.xlsx"))
    found = importing.preview(root)
    asked = [one for one in found.problems if one.code == "SHEET-SWAPPED"]
    swapped = [
        rank for rank, row in enumerate(rows, 1) if isinstance(row[at], date) and row[at].day != row[at].month
    ]
    assert [str(one.place).rpartition("/")[2] for one in asked] == [
        f"grades.xlsx:{rank} U3 verified on" for rank in swapped
    ]
    only(root, grades("grades.xlsx", date_cells="right"))
    assert not [one for one in importing.preview(root).problems if one.code == "SHEET-SWAPPED"]


@pytest.mark.slow
def test_what_follows_from_an_unread_date_is_not_said_again_of_an_issued_certificate(root: Path) -> None:
    workshop.prepare(root)
    workshop.approve_all(root)
    workshop.issue_all(root)
    only(
        root, {key: value for key, value in grades(registrations_dates="day_first").items() if key != "dates"}
    )
    assert {problem.code for problem in importing.preview(root).problems} == {"IMPORT-DATE"}
