"""A row of a list as a record: what it says, what it leaves as it was, and what it may not undo."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.errors import Place
from generator.model.catalogue import Programme
from generator.model.result import Result, VerificationRecord
from generator.rules import list_records
from generator.sheets.office_sheets import AttendanceRow, DespatchRow, ResultRow, VerificationRow
from tests.rules.controls import case

PLACE = Place(subject="row 2")
COMMON: dict[str, object] = {"centre": "C1", "programme": "Q1", "version": "1"}
PROGRAMME = case.programme()
VERIFIED: dict[str, Any] = {
    "unit": "U2",
    "assignment": "A1",
    "assessor": "a.one",
    "verifier": "v.two",
    "verified_on": "2026-06-01",
    "sampled": ("L1",),
}


def result(**row: Any) -> Result:
    made, problems = list_records.made(
        ResultRow.of({"learner_ref": "L1", "unit": "U3", "grade": "Merit", **row}),
        COMMON,
        PROGRAMME,
        PLACE,
    )
    assert isinstance(made, Result), problems
    return made


@pytest.mark.parametrize(
    ("row", "state", "provenance", "assessor"),
    [
        ({}, "provisional", "assessed", None),
        ({"assessor": "a.one"}, "provisional", "assessed", "a.one"),
        ({"status": "Confirmed"}, "confirmed", "assessed", None),
        ({"status": "UNDER REVIEW"}, "under_review", "assessed", None),
        ({"unit": "U1"}, "confirmed", "external", "external"),
        ({"unit": "U1", "status": "provisional"}, "provisional", "external", "external"),
        ({"unit": "U1", "assessor": "a.one"}, "confirmed", "external", "external"),
    ],
)
def test_where_a_result_stands(
    row: dict[str, Any], state: str, provenance: str, assessor: str | None
) -> None:
    made = result(**row)
    assert (made.grade, made.state, made.provenance, made.assessor) == ("M", state, provenance, assessor)


@pytest.mark.parametrize(
    ("known", "grade", "now", "stated", "state"),
    [
        # The same grade again, and nothing said: as the office has it.
        ("provisional", "M", "provisional", False, "provisional"),
        ("provisional", "M", "confirmed", False, "confirmed"),
        ("confirmed", "M", "provisional", False, "confirmed"),
        ("confirmed", "M", "confirmed", False, "confirmed"),
        ("amended", "M", "confirmed", False, "amended"),
        ("under_review", "M", "confirmed", False, "under_review"),
        ("void", "M", "confirmed", False, "void"),
        # Another grade: an awarding organisation amends, an assessor's list is provisional.
        ("provisional", "P", "confirmed", False, "confirmed"),
        ("confirmed", "P", "confirmed", False, "amended"),
        ("confirmed", "P", "provisional", False, "provisional"),
        ("amended", "P", "confirmed", False, "amended"),
        ("under_review", "P", "confirmed", False, "under_review"),
        ("void", "P", "confirmed", False, "void"),
        # The list says where it stands.
        ("under_review", "M", "confirmed", True, "confirmed"),
        ("void", "M", "confirmed", True, "confirmed"),
        ("confirmed", "M", "provisional", True, "provisional"),
        ("confirmed", "P", "confirmed", True, "amended"),
        ("amended", "M", "confirmed", True, "amended"),
        ("confirmed", "M", "void", True, "void"),
    ],
)
def test_what_becomes_of_a_result_that_is_known(
    known: str, grade: str, now: str, stated: bool, state: str
) -> None:
    before, again = case.result("U3", "M", state=known), case.result("U3", grade, state=now, assessor=None)
    merged = list_records.merged(again, before, stated=stated)
    assert (merged.grade, merged.state, merged.assessor) == (grade, state, "a.one")


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        ({"outcome": "Agreed"}, "agreed"),
        ({"outcome": "yes"}, "agreed"),
        ({"outcome": "Action required"}, "action"),
        ({"action": "mark again"}, "action"),
        ({"outcome": "agreed", "action": "none needed"}, "agreed"),
        ({}, None),
    ],
)
def test_what_came_of_a_verification(row: dict[str, Any], outcome: str | None) -> None:
    made, _ = list_records.made(VerificationRow.of({**VERIFIED, **row}), COMMON, PROGRAMME, PLACE)
    assert isinstance(made, VerificationRecord)
    assert (made.outcome, made.brief_verified_by) == (outcome, None)


@pytest.mark.parametrize(
    ("unit", "assignments", "found"), [("U2", ("A1",), "A1"), ("U2", ("A1", "A2"), None), ("U2", (), None)]
)
def test_an_assignment_is_told_or_the_only_one(
    unit: str, assignments: tuple[str, ...], found: str | None
) -> None:
    units = [{"code": unit, "title": "Bread", "assignments": assignments}]
    row = VerificationRow.of({name: value for name, value in VERIFIED.items() if name != "assignment"})
    made, problems = list_records.made(row, COMMON, case.programme(units=units), PLACE)
    assert getattr(made, "assignment", None) == found
    assert [str(one.place) for one in problems] == ([] if found else ["row 2 Assignment"])


WORDS = st.one_of(
    st.none(), st.sampled_from(["yes", "action", "M", "final", "21", "A1"]), st.text(max_size=8)
)


@given(WORDS, WORDS, WORDS, st.integers(0, 25))
def test_any_row_is_a_record_or_has_a_fault(grade: str, status: str, series: str, number: int) -> None:
    rows: list[tuple[type[Any], dict[str, Any]]] = [
        (ResultRow, {"learner_ref": "L1", "unit": "U3", "grade": grade, "status": status, "series": series}),
        (VerificationRow, {**VERIFIED, "assignment": grade, "outcome": status, "action": series}),
        (AttendanceRow, {"learner_ref": "L1", "attended": number, "possible": number + 1}),
        (DespatchRow, {"certificate": grade, "learner_ref": "L1", "learner_name": series, "level": status}),
    ]
    for kind, fields in rows:
        row = kind.tried(
            {**fields, "qualification": "Q1", "despatched_on": "2026-08-20"}
            if kind is DespatchRow
            else fields
        )[0]
        if row is not None:
            made, problems = list_records.made(row, COMMON, PROGRAMME, PLACE)
            assert (made is None) == bool(problems)
            if made is not None:
                assert list_records.merged(made, made, stated=True).key() == made.key()


def test_the_only_assignment_of_a_unit_need_not_be_named() -> None:
    units = [
        {**unit, "assignments": ["A1"]} if unit["code"] == "U3" else unit for unit in case.PROGRAMME["units"]
    ]
    single = case.programme(units=units)

    def assignment(programme: Programme, unit: str, said: str | None = None) -> object:
        row = VerificationRow.of({**VERIFIED, "unit": unit, "assignment": said})
        return list_records.verification(row, COMMON, programme)["assignment"]

    assert assignment(single, "U3") == "A1"
    assert assignment(single, "U3", "A9") == "A9"
    assert assignment(PROGRAMME, "U2") is None, "one of two was chosen"
    assert assignment(PROGRAMME, "U99") is None
