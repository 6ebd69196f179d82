"""The other sheets of an office: each shape's values, clean and dirty."""

from __future__ import annotations

import pytest

from generator.sheets.headings import find
from generator.sheets.office_sheets import (
    AttendanceRow,
    DespatchRow,
    OfficeReading,
    OfficeRow,
    ResultRow,
    StaffRow,
    VerificationRow,
    read,
)
from generator.sheets.sheet_rows import read_rows
from tests import sample_sheets

RESULTS = [
    ["Candidate number", "ULN", "Unit code", "Result", "Series"],
    ["NF04100", "8802212715", "U1", "M", "June 2026"],
]
RECORDS = [
    [
        "Unit",
        "Assignment",
        "Assessor",
        "Internal verifier",
        "Brief IV date",
        "IV date",
        "Learners sampled",
        "Outcome",
    ],
    ["U3", "A1", "k.osei", "r.vaughan", "01/03/2026", "08/06/2026", "NF04100; NF04103, NF04107", "agreed"],
]
ATTENDANCE = [
    ["Student ID", "Name", "Sessions attended", "Sessions possible"],
    ["1001", "\u738b \u5c0f\u660e", "11", "12"],
]
STAFF = [
    ["Staff ID", "Name", "Role", "Programme", "From"],
    ["K.Osei", "Kofi Osei", "assessor", "L3IT", "01/09/2025"],
]
DESPATCH = [
    ["Certificate No", "Candidate number", "Candidate name", "Qualification", "Result", "Despatch date"],
    ["AO-551", "NF04100", "Reza Taylor", "Extended Certificate", "Merit", "20/08/2026"],
]
ALL = {
    "results_list": RESULTS,
    "verification_records": RECORDS,
    "attendance": ATTENDANCE,
    "staff_list": STAFF,
    "despatch_list": DESPATCH,
}


def readings(rows: list[list[str]], shape: str) -> list[OfficeReading]:
    for data in (sample_sheets.as_csv(rows), sample_sheets.as_workbook([["A title"], [], *rows])):
        found = find(sample_sheets.grids(data))
        assert found.shape.name == shape
        made = list(read(read_rows(found), found.shape, "day_first"))
    return made


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        (
            "results_list",
            ResultRow(learner_ref="NF04100", uln="8802212715", unit="U1", grade="M", series="June 2026"),
        ),
        (
            "verification_records",
            VerificationRow(
                unit="U3",
                assignment="A1",
                assessor="k.osei",
                verifier="r.vaughan",
                brief_verified_on="2026-03-01",
                verified_on="2026-06-08",
                sampled=("NF04100", "NF04103", "NF04107"),
                outcome="agreed",
            ),
        ),
        (
            "attendance",
            AttendanceRow(learner_ref="1001", learner_name="\u738b \u5c0f\u660e", attended=11, possible=12),
        ),
        (
            "staff_list",
            StaffRow(
                person="k.osei", name="Kofi Osei", role="assessor", programme="L3IT", start="2025-09-01"
            ),
        ),
        (
            "despatch_list",
            DespatchRow(
                certificate="AO-551",
                learner_ref="NF04100",
                learner_name="Reza Taylor",
                qualification="Extended Certificate",
                grade="Merit",
                despatched_on="2026-08-20",
            ),
        ),
    ],
)
def test_each_shape_gives_its_value(shape: str, value: OfficeRow) -> None:
    (reading,) = readings(ALL[shape], shape)
    assert reading.problems == ()
    assert reading.value == value


@pytest.mark.parametrize(
    ("shape", "column", "text", "code", "heading"),
    [
        ("results_list", 0, "", "SHEET-CELL", "Learner reference"),
        ("results_list", 1, "8802212716", "LEARNER-ULN", "ULN"),
        ("verification_records", 3, "K.Osei", "SHEET-CELL", "value"),
        ("verification_records", 5, "46199", "SHEET-DATE", "Verified on"),
        ("verification_records", 5, "31/06/2026", "SHEET-DATE", "Verified on"),
        ("attendance", 2, "13", "SHEET-CELL", "value"),
        ("attendance", 2, "91.6%", "SHEET-NUMBER", "Attended"),
        ("staff_list", 2, "N/A", "SHEET-CELL", "Role"),
        ("despatch_list", 5, "", "SHEET-CELL", "Despatched on"),
        ("despatch_list", 2, "+44 call", "SHEET-INJECTION", "Name"),
    ],
)
def test_a_faulty_cell_holds_its_row_only(
    shape: str, column: int, text: str, code: str, heading: str
) -> None:
    head, row = ALL[shape]
    dirty = list(row)
    dirty[column] = text
    other = [f"{cell}x" if place == 0 else cell for place, cell in enumerate(row)]
    faulty, good = readings([head, dirty, other], shape)[-2:]
    assert faulty.value is None
    assert [(fault.code, str(fault.place).split(" ", 1)[1]) for fault in faulty.problems] == [(code, heading)]
    assert good.value is not None


def test_a_row_that_stands_twice_names_the_first() -> None:
    _, second = readings([*RECORDS, RECORDS[1]], "verification_records")
    assert [problem.code for problem in second.problems] == ["SHEET-TWICE"]
    assert "row 4" in second.problems[0].what
