"""What a row of an office's list says, as a record of the register (docs/import.md).

A list knows less than our own layouts: what it does not say is kept as it was recorded, and nothing is
made up. Who verified a brief, or which assignment was sampled, is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from generator.errors import Place, Problem
from generator.model.catalogue import Programme
from generator.model.office_record import OfficeRecord
from generator.model.paper import ReceivedCertificate
from generator.model.result import Attendance, Result, VerificationRecord
from generator.rules.name_matching import folded
from generator.sheets.claim_sheets import graded
from generator.sheets.codes import SHEET_CELL
from generator.sheets.office_sheets import (
    AttendanceRow,
    DespatchRow,
    OfficeRow,
    ResultRow,
    VerificationRow,
)

_STATES: Mapping[str, str] = {
    "provisional": "provisional",
    "draft": "provisional",
    "unconfirmed": "provisional",
    "confirmed": "confirmed",
    "final": "confirmed",
    "ratified": "confirmed",
    "under review": "under_review",
    "review": "under_review",
    "appeal": "under_review",
    "amended": "amended",
    "changed": "amended",
    "void": "void",
    "withdrawn": "void",
}
_AGREED = frozenset({"agreed", "agree", "accepted", "approved", "yes", "y", "satisfactory", "met"})
_ACTION = frozenset({"action", "action required", "action needed", "not agreed", "disagreed", "no", "n"})
_COLUMNS = {
    "learner_ref": "Learner reference",
    "certificate": "Certificate number",
    "attempt_number": "Attempt",
    "outcome": "Outcome",
    "state": "Status",
    "assignment": "Assignment",
    "name": "Name",
}
Fields = dict[str, object]
Made = tuple[OfficeRecord | None, list[Problem]]
Kind = TypeVar("Kind", bound=OfficeRecord)


def result(row: ResultRow, common: Fields, programme: Programme) -> Fields:
    """An attempt at a unit. What an awarding organisation marks is confirmed; else as `Status` says."""
    unit = programme.unit(row.unit)
    external = unit is not None and unit.external
    number = row.attempt or 1
    said = _STATES.get(folded(row.status), row.status) if row.status else None
    return {
        **common,
        "learner_ref": row.learner_ref,
        "unit": row.unit,
        "attempt_number": number,
        # A resubmission is authorised: that is told in our own layout, with who allowed it.
        "attempt": "resit" if number > 1 else "first",
        "grade": graded(row.grade, programme.scale),
        "assessor": "external" if external else row.assessor,
        "assessed_on": row.awarded_on,
        "state": said or ("confirmed" if external else "provisional"),
        "provenance": "external" if external else "assessed",
        "source": f"series {row.series}" if row.series else None,
    }


def verification(row: VerificationRow, common: Fields, programme: Programme) -> Fields:
    """An internal verification. Without its column the assignment is the unit's only one, or a fault."""
    unit = programme.unit(row.unit)
    only = unit.assignments[0] if unit is not None and len(unit.assignments) == 1 else None
    said = folded(row.outcome) if row.outcome else ""
    outcome: str | None = "agreed" if said in _AGREED else "action" if said in _ACTION else row.outcome
    return {
        **common,
        "unit": row.unit,
        "assignment": row.assignment or only,
        "assessor": row.assessor,
        "brief_verified_by": row.brief_verified_by,
        "brief_verified_on": row.brief_verified_on,
        "verifier": row.verifier,
        "verified_on": row.verified_on,
        "sampled": row.sampled,
        "outcome": outcome or ("action" if row.action else None),
        "action": row.action,
        "action_closed_on": row.action_closed_on,
    }


def attendance(row: AttendanceRow, common: Fields) -> Fields:
    """Sessions attended of those held."""
    return {
        **common,
        "learner_ref": row.learner_ref,
        "attended": row.attended,
        "sessions": row.possible,
    }


def received(row: DespatchRow, centre: str, programme: Programme | None) -> Fields:
    """A certificate as it was printed elsewhere; its programme where the catalogue leaves no choice."""
    return {
        "centre": centre,
        "learner_ref": row.learner_ref,
        "certificate": row.certificate,
        "name": row.learner_name,
        "uln": row.uln,
        "qualification": row.qualification,
        "programme": programme.programme if programme else None,
        "version": programme.version if programme else None,
        "level": row.level,
        "grade": row.grade,
        "awarded_on": row.awarded_on,
        "despatched_on": row.despatched_on,
        "received_on": row.received_on,
    }


def made(row: OfficeRow, common: Fields, programme: Programme | None, place: Place) -> Made:
    """The record in a row, or its faults; `common` is centre, programme and version."""
    match row:
        case ResultRow() if programme is not None:
            return _tried(Result, result(row, common, programme), place)
        case VerificationRow() if programme is not None:
            return _tried(VerificationRecord, verification(row, common, programme), place)
        case AttendanceRow():
            return _tried(Attendance, attendance(row, common), place)
        case DespatchRow():
            return _tried(ReceivedCertificate, received(row, str(common["centre"]), programme), place)
    raise TypeError(f"no record is made of a {type(row).__name__}")


def _tried(kind: type[Kind], fields: Fields, place: Place) -> tuple[Kind | None, list[Problem]]:
    record, faults = kind.tried({name: item for name, item in fields.items() if item is not None})
    problems = []
    for path, what in faults:
        said = what
        if path == "assignment" and fields.get(path) is None:
            said = "does not say which assignment was verified"
        elif path in ("state", "outcome"):
            said = f"`{fields[path]}` is no {_COLUMNS[path].lower()} that is known"
        at = place.within(_COLUMNS.get(path, path))
        problems.append(SHEET_CELL.at(at, said, _FIXES.get(path, "correct the cell")))
    return record, problems


_FIXES = {
    "assignment": "add a column `Assignment`, or fill in the cell",
    "state": "write provisional, confirmed, under review, amended or void",
    "outcome": "write agreed or action",
}


def merged(record: Kind, known: OfficeRecord | None, *, stated: bool = False) -> Kind:
    """The record with what was recorded before and its list cannot know; a corrected row replaces the rest.

    `stated`: whether the list itself says the state of a result.
    """
    if known is None or type(known) is not type(record):
        return record
    whole = {**known.plain(), **record.model_dump(exclude_none=True, exclude_defaults=True)}
    if isinstance(known, Result) and isinstance(record, Result):
        whole["state"] = _state(known, record, stated)
    return type(record).of(whole)


def _state(known: Result, record: Result, stated: bool) -> str:
    """The state of a result that comes again: what the office decided is not undone by an old list."""
    changed = known.grade != record.grade
    if known.counts and changed and record.state == "confirmed":
        return "amended"
    if stated:
        return known.state if (known.state, record.state) == ("amended", "confirmed") else record.state
    if known.state == "provisional" or (known.counts and changed):
        return record.state
    return known.state
