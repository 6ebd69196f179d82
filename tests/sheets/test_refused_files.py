"""Files that no reader takes, and rows that a registration sheet cannot use: code, place and who acts."""

from __future__ import annotations

import pytest

from generator.errors import Place, Refused
from generator.model.registration import LearnerRecord
from generator.sheets import headings, layouts, registration_sheet, sheet_rows, strict_yaml, table
from tests import sample_sheets
from tests.refusal import named

REGISTERED = sample_sheets.rows_of(sample_sheets.REGISTRATIONS)[:4]


def registered_with(column: str, text: str) -> list[tuple[str, str, str]]:
    """What is wrong with a registration sheet whose second learner has this text in a column."""
    rows = [list(row) for row in REGISTERED]
    rows[2][rows[0].index(column)] = text
    read = sheet_rows.read_rows(headings.find(sample_sheets.grids(sample_sheets.as_csv(rows))))
    return [
        (one.code, str(one.place), one.owner) for one in registration_sheet.read(read, "day_first").problems
    ]


def test_a_registration_without_its_reference_is_no_registration() -> None:
    assert registered_with("Centre reference", "") == [("REGISTRATION-ROW", "sheet.csv:3", "registrar")]


def test_a_registration_whose_date_is_none_is_named_by_its_cell() -> None:
    expected = [("REGISTRATION-DATES", "sheet.csv:3 Date of birth", "registrar")]
    assert registered_with("Date of birth", "yesterday") == expected


def test_a_sheet_that_the_workbook_does_not_have() -> None:
    grids = sample_sheets.grids(sample_sheets.as_workbook(REGISTERED, "Registrations"))
    with pytest.raises(Refused, match="Registrations") as act:
        headings.find(grids, sheet="Learners")
    assert [(code, owner) for code, _, owner in named(act)] == [("SHEET-MISSING", "exams_officer")]


def test_a_sheet_that_has_two_columns_in_common_with_one_of_ours() -> None:
    rota = [["Room", "Assessor", "Internal verifier"], ["B12", "k.osei", "r.lund"]]
    with pytest.raises(Refused, match="certportal import --propose FILE") as act:
        headings.find(sample_sheets.grids(sample_sheets.as_csv(rota)))
    assert named(act) == [("SHEET-SHAPE", "sheet.csv:1", "exams_officer")]


def test_a_yaml_file_of_any_size_is_not_parsed() -> None:
    with pytest.raises(Refused) as act:
        strict_yaml.load(b"#" * (strict_yaml.CAP + 1), Place("claims.yaml"))
    assert named(act) == [("YAML-SIZE", "claims.yaml:1", "administrator")]


def test_neither_are_json_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table, "CAP", 100)
    with pytest.raises(Refused) as act:
        layouts.read(LearnerRecord, "learners", b" " * 101, Place("learners.jsonl"), "jsonl")
    assert named(act) == [("LAYOUT-SIZE", "learners.jsonl", "exams_officer")]
