"""What an exams office keeps beside its claims, as frozen values (docs/import.md).

Results lists, internal verification records, attendance, staff lists and an awarding organisation's
despatch list. A row gives a value or its faults; rules/from_lists makes records of the values.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from generator import errors
from generator.errors import Malformed, Place, Problem
from generator.model import uln
from generator.model.claim import Reference
from generator.model.value import Code, Count, Day, Handle, Text, Value, model_validator
from generator.sheets import written_day
from generator.sheets.codes import IMPORT_DATE, LEARNER_ULN, SHEET_CELL, SHEET_DATE, SHEET_NUMBER, SHEET_TWICE
from generator.sheets.registration_sheet import whole_name
from generator.sheets.row_faults import is_nothing
from generator.sheets.shapes import Shape, ShapeName
from generator.sheets.table import Table, TableRow
from generator.sheets.written_day import Order


class ResultRow(Value):
    """A unit's result as an awarding organisation or assessor lists it."""

    learner_ref: Reference
    learner_name: Text | None = None
    uln: Text | None = None
    unit: Code
    grade: Text
    awarded_on: Day | None = None
    series: Text | None = None
    attempt: Count | None = None
    status: Text | None = None
    assessor: Text | None = None


class VerificationRow(Value):
    """One internal verification: whose assessment of which unit, of which learners, and what came of it."""

    unit: Code
    assignment: Text | None = None
    assessor: Text
    verifier: Text
    brief_verified_by: Text | None = None
    brief_verified_on: Day | None = None
    verified_on: Day
    sampled: tuple[Reference, ...]
    outcome: Text | None = None
    action: Text | None = None
    action_closed_on: Day | None = None

    @model_validator(mode="after")
    def _two_people(self) -> VerificationRow:
        if self.assessor.casefold() == self.verifier.casefold():
            raise ValueError("the assessor verified their own assessment")
        return self


class AttendanceRow(Value):
    """Sessions attended of those possible: an exact fraction, never rounded."""

    learner_ref: Reference
    learner_name: Text | None = None
    attended: Count
    possible: Count

    @model_validator(mode="after")
    def _fraction(self) -> AttendanceRow:
        if not 0 < self.possible >= self.attended:
            raise ValueError(f"{self.attended} of {self.possible} sessions cannot be")
        return self


class StaffRow(Value):
    """A member of staff in a role, from when to when, for which programme."""

    person: Handle
    name: Text
    role: Text
    programme: Text | None = None
    start: Day | None = None
    until: Day | None = None


class DespatchRow(Value):
    """A certificate that an awarding organisation sent to the centre."""

    certificate: Text
    learner_ref: Reference
    learner_name: Text
    uln: Text | None = None
    qualification: Text
    level: Text | None = None
    grade: Text | None = None
    awarded_on: Day | None = None
    despatched_on: Day
    received_on: Day | None = None


OfficeRow = ResultRow | VerificationRow | AttendanceRow | StaffRow | DespatchRow


@dataclass(frozen=True, slots=True)
class OfficeReading:
    """What one row gave: a value, or what is wrong with it."""

    row: TableRow
    place: Place
    value: OfficeRow | None
    problems: tuple[Problem, ...] = ()


def read(table: Table, shape: Shape, order: Order | None) -> Iterator[OfficeReading]:
    """The rows of a sheet of one of these shapes. A row that is there twice names the first."""
    kind, layout = _LAYOUTS[shape.name]
    seen: dict[int, int] = {}
    for row in table.rows:
        place = table.place.at(row.line)
        problems = list(row.faults)
        fields = layout(_Cells(row, place, order, problems))
        columns = {path: column for column, path in _PATHS.items()}
        value, faults = kind.tried(fields)
        if not problems:
            problems = [
                SHEET_CELL.at(place.within(columns.get(path.split(".")[0], path)), said, "correct the cell")
                for path, what in faults
                for said in (_words(fields, path, what),)
            ]
        first = seen.setdefault(hash(value), row.line) if value is not None else row.line
        if first != row.line:
            what = f"says the same as row {first}"
            problems.append(SHEET_TWICE.at(place, what, "remove one of the two rows"))
        yield OfficeReading(row, place, None if problems else value, tuple(problems))


def _words(fields: Mapping[str, object], path: str, what: str) -> str:
    if fields.get(path) is None and path in fields:
        return "is empty"
    return f"`{fields[path]}` {what}" if what.startswith("is not ") and path in fields else what


class _Cells:
    """One row's cells by our names, with dates, numbers and absences told apart."""

    def __init__(self, row: TableRow, place: Place, order: Order | None, problems: list[Problem]) -> None:
        self._row, self._place, self._order, self._problems = row, place, order, problems

    def text(self, column: str) -> str | None:
        cell = self._row.cells.get(column, "")
        return None if is_nothing(cell) else cell

    def day(self, column: str) -> str | None:
        text = self.text(column)
        if text is None:
            return None
        try:
            return written_day.read(text, self._order)
        except written_day.Ambiguous as error:
            self._add(IMPORT_DATE, column, str(error), "say which comes first: `--dates day_first`")
        except Malformed as error:
            self._add(SHEET_DATE, column, str(error), "correct the date")
        return None

    def count(self, column: str) -> int | None:
        text = self.text(column)
        if text is not None and not re.fullmatch(r"[0-9]{1,6}", text, re.ASCII):
            self._add(SHEET_NUMBER, column, f"`{text}` is not a whole number", "write the number alone")
            return None
        return int(text) if text is not None else None

    def uln(self) -> str | None:
        text = self.text("ULN")
        complaint = uln.complaint(text) if text else None
        if complaint:
            self._add(LEARNER_ULN, "ULN", complaint, "ask the learner; a ULN is never guessed")
        return text

    def name(self) -> str | None:
        return whole_name(self._row.cells)[2] or None

    def references(self, column: str) -> list[str]:
        return [part for part in re.split(r"[\s,;]+", self.text(column) or "") if part]

    def _add(
        self, code: errors.Code, column: str, what: str, fix: str, owner: errors.Owner | None = None
    ) -> None:
        self._problems.append(code.at(self._place.within(column), what, fix, owner=owner))


def _result(cells: _Cells) -> dict[str, object]:
    return {
        "learner_ref": cells.text("Learner reference"),
        "learner_name": cells.name(),
        "uln": cells.uln(),
        "unit": cells.text("Unit"),
        "grade": cells.text("Grade"),
        "awarded_on": cells.day("Awarded on"),
        "series": cells.text("Series"),
        "attempt": cells.count("Attempt"),
        "status": cells.text("Status"),
        "assessor": cells.text("Assessor"),
    }


def _verification(cells: _Cells) -> dict[str, object]:
    return {
        "unit": cells.text("Unit"),
        "assignment": cells.text("Assignment"),
        "assessor": cells.text("Assessor"),
        "verifier": cells.text("Internal verifier"),
        "brief_verified_by": cells.text("Brief verified by"),
        "brief_verified_on": cells.day("Brief verified on"),
        "verified_on": cells.day("Verified on"),
        "sampled": cells.references("Learners sampled"),
        "outcome": cells.text("Outcome"),
        "action": cells.text("Action"),
        "action_closed_on": cells.day("Action closed on"),
    }


def _attendance(cells: _Cells) -> dict[str, object]:
    return {
        "learner_ref": cells.text("Learner reference"),
        "learner_name": cells.name(),
        "attended": cells.count("Attended"),
        "possible": cells.count("Possible"),
    }


def _staff(cells: _Cells) -> dict[str, object]:
    return {
        "person": (cells.text("Person") or "").lower() or None,
        "name": cells.text("Name"),
        "role": cells.text("Role"),
        "programme": cells.text("Programme"),
        "start": cells.day("From"),
        "until": cells.day("Until"),
    }


def _despatch(cells: _Cells) -> dict[str, object]:
    return {
        "certificate": cells.text("Certificate number"),
        "learner_ref": cells.text("Learner reference"),
        "learner_name": cells.name(),
        "uln": cells.uln(),
        "qualification": cells.text("Qualification"),
        "level": cells.text("Level"),
        "grade": cells.text("Grade"),
        "awarded_on": cells.day("Awarded on"),
        "despatched_on": cells.day("Despatched on"),
        "received_on": cells.day("Received on"),
    }


_LAYOUTS: Mapping[ShapeName, tuple[type[OfficeRow], Callable[[_Cells], dict[str, object]]]] = {
    "results_list": (ResultRow, _result),
    "verification_records": (VerificationRow, _verification),
    "attendance": (AttendanceRow, _attendance),
    "staff_list": (StaffRow, _staff),
    "despatch_list": (DespatchRow, _despatch),
}
_PATHS = {
    "Learner reference": "learner_ref",
    "Name": "learner_name",
    "Unit": "unit",
    "Grade": "grade",
    "Assessor": "assessor",
    "Internal verifier": "verifier",
    "Verified on": "verified_on",
    "Learners sampled": "sampled",
    "Attended": "attended",
    "Possible": "possible",
    "Person": "person",
    "Role": "role",
    "Certificate number": "certificate",
    "Qualification": "qualification",
    "Despatched on": "despatched_on",
}
