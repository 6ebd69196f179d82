"""Claims from sheets: a centre's unit grade sheet and an LMS's reports (docs/import.md).

Each reader takes a table and what the source says of it, and gives a `Reading` per row: a claim,
faults, or neither where the learner has not finished. Grades are brought to the short form of the
programme's scale where they are plainly that; what they are worth is for `rules` to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from generator.errors import Place, Problem, Refused
from generator.model import uln
from generator.model.catalogue import Programme
from generator.model.claim import Claim
from generator.sheets.codes import CLAIM_DATES, CLAIM_FIELD, LEARNER_ULN, SHEET_PROGRAMME, SHEET_ROW
from generator.sheets.registration_sheet import Registration as Registration  # the controls know it from here
from generator.sheets.registration_sheet import read_by_headings as read_by_headings  # likewise
from generator.sheets.registration_sheet import whole_name
from generator.sheets.row_faults import RowFaults, is_nothing
from generator.sheets.row_faults import (
    learner_address as learner_address,  # our own layout knows it from here
)
from generator.sheets.shapes import DATED, UNIT_PARTS
from generator.sheets.sources_file import Source
from generator.sheets.table import Table, TableRow
from generator.terms import CLAIM

_KINDS = {
    "full": "qualification",
    "full award": "qualification",
    "qualification": "qualification",
    "units": "units",
    "unit": "units",
    "units only": "units",
}
_DONE = ("Completed", "Completed (achieved pass grade)")
_STATES = (*_DONE, "Completed (did not achieve pass grade)", "Not completed")
_PASSED = "Completed (achieved pass grade)"
Fields = dict[str, object]


@dataclass(frozen=True, slots=True)
class SheetClaim:
    """A claim with the row it is in. `email` is where the learner is reached; no part of the claim."""

    claim: Claim
    place: Place
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """What one row gave: a claim, problems, or both, where a claim can be told despite them.

    Neither: the learner has not finished yet.
    """

    row: TableRow
    place: Place
    claim: Claim | None
    problems: tuple[Problem, ...] = ()
    uln: str = ""
    first: str = ""
    last: str = ""
    email: str | None = None


def read(
    table: Table, source: Source, programme: Programme, people: Mapping[str, str] | None = None
) -> Iterator[ClaimReading]:
    """The rows of a sheet as claims. Raises `Refused` if it is of another programme."""
    reader: Callable[[TableRow, Programme, RowFaults], Fields | None]
    if source.layout == "unit_grades":
        _same_units(table, programme)
        reader = _unit_grades
    else:
        _same_activities(table, programme)
        reader = _completion if source.layout == "completion_report" else _Progress(people or {}).read
    for row in table.rows:
        faults = RowFaults(table.place.at(row.line), source, list(row.faults))
        fields = reader(row, programme, faults)
        if fields is None:
            # A row that claims nothing needs no correcting, unless half of it is missing.
            broken = tuple(fault for fault in row.faults if fault.code == SHEET_ROW.name)
            yield ClaimReading(row, faults.place, None, broken)
            continue
        fields |= {"programme": source.programme, "version": source.version, "centre": source.centre}
        first, last, _ = whole_name(row.cells)
        claim, email = faults.claim(fields), faults.email(row.cells.get("Email address", ""))
        number = row.cells.get("ULN", "")
        yield ClaimReading(row, faults.place, claim, tuple(faults.problems), number, first, last, email)


def _same_units(table: Table, programme: Programme) -> None:
    units = _graded_units(table.headings)
    known = [unit for unit in units if programme.unit(unit)]
    if units and not known:
        what = f"has results of {', '.join(units)}, none of which {programme.programme} has"
        fix = "check that it is the sheet of this programme, or correct sources.yaml"
        raise Refused(SHEET_PROGRAMME.at(table.place, what, fix))
    table.require(f"{unit} {part}" for unit in units for part in UNIT_PARTS)


def _graded_units(headings: Iterable[str]) -> list[str]:
    found = [name.removesuffix(" grade") for name in headings if name.endswith(" grade")]
    return [unit for unit in found if unit != "Overall"]


def _same_activities(table: Table, programme: Programme) -> None:
    titles = [unit.title for unit in programme.units]
    missing = [title for title in titles if title not in table.headings]
    if len(missing) == len(titles):
        what = f"has none of the activities of {programme.programme}: {', '.join(titles)}"
        fix = "check that it is the report of this course, or correct the titles in the catalogue"
        raise Refused(SHEET_PROGRAMME.at(table.place, what, fix))
    table.require(name for title in titles for name in (title, f"{title}{DATED}"))


def _unit_grades(row: TableRow, programme: Programme, faults: RowFaults) -> Fields | None:
    cells = row.cells
    claimed = cells["Claim"].casefold()
    if is_nothing(claimed) or claimed == "no":
        return None
    if claimed not in _KINDS:
        faults.add(
            CLAIM_FIELD, "Claim", f"`{cells['Claim']}` is no kind of {CLAIM}", "write `full` or `units`"
        )
    complaint = None if is_nothing(cells.get("ULN", "")) else uln.complaint(cells["ULN"])
    if complaint:
        faults.add(LEARNER_ULN, "ULN", complaint, "ask the learner; a ULN is never guessed")
    grade = cells.get("Overall grade", "")
    completed = faults.day(cells["Completed on"], "Completed on")
    faults.window(completed, "Completed on")
    return {
        "kind": _KINDS.get(claimed, "qualification"),
        "learner_ref": cells["Registration number"],
        "learner_name": whole_name(cells)[2],
        "grade": None if is_nothing(grade) else graded(grade, programme.overall_grades),
        "completed_on": completed,
        "results": [
            made for unit in _in_order(cells, programme) if (made := _result(unit, cells, programme, faults))
        ],
    }


def _in_order(cells: Mapping[str, str], programme: Programme) -> list[str]:
    """The sheet's units as the catalogue orders them, so that moving columns changes no claim."""
    ranks = {unit.code: rank for rank, unit in enumerate(programme.units)}
    return sorted(_graded_units(cells), key=lambda unit: ranks.get(unit, len(ranks)))


def _result(unit: str, cells: Mapping[str, str], programme: Programme, faults: RowFaults) -> Fields | None:
    if is_nothing(cells[f"{unit} grade"]):
        return None
    people = {
        part: None if is_nothing(cells[f"{unit} {part}"]) else cells[f"{unit} {part}"]
        for part in UNIT_PARTS[1:3]
    }
    return {
        "unit": unit,
        "grade": graded(cells[f"{unit} grade"], programme.scale),
        "assessor": people["assessor"],
        "verifier": people["internal verifier"],
        "verified_on": faults.day(cells[f"{unit} verified on"], f"{unit} verified on"),
    }


def graded(text: str, scale: Mapping[str, str]) -> str:
    """A grade by its short form, whether it was written `M`, `m`, `Merit` or `MERIT`; else as written."""
    wanted = " ".join(text.casefold().split())
    matches = {short for short, printed in scale.items() if wanted in (short.casefold(), printed.casefold())}
    return matches.pop() if len(matches) == 1 else text


def _state(text: str) -> str:
    """A state of completion in Moodle's own words, whatever the case."""
    return next((state for state in _STATES if state.casefold() == text.casefold()), text)


def _activities(row: TableRow, programme: Programme, faults: RowFaults) -> list[Fields]:
    return [
        {
            "unit": unit.code,
            "grade": _state(row.cells[unit.title]) or None,
            "verified_on": faults.day(row.cells[f"{unit.title}{DATED}"], f"{unit.title}{DATED}"),
        }
        for unit in programme.units
    ]


def _completion(row: TableRow, programme: Programme, faults: RowFaults) -> Fields | None:
    cells = row.cells
    if is_nothing(cells["Course complete"]):
        return None
    completed = faults.day(cells["Course complete"], "Course complete")
    faults.window(completed, "Course complete")
    return {
        "kind": "course",
        "learner_ref": cells["id"],
        "learner_name": cells["name"],
        "completed_on": completed,
        "results": _activities(row, programme, faults),
    }


class _Progress:
    """The progress report has no date of completion: it is that of the last activity, once all are done."""

    def __init__(self, people: Mapping[str, str]) -> None:
        self._people = people

    def read(self, row: TableRow, programme: Programme, faults: RowFaults) -> Fields | None:
        cells = row.cells
        exam = programme.automatic.exam if programme.automatic else None
        states = {unit.code: _state(cells[unit.title]) for unit in programme.units}
        if any(state not in _DONE for state in states.values()) or (exam and states[exam] != _PASSED):
            return None
        results = _activities(row, programme, faults)
        days = [str(result["verified_on"]) for result in results if result["verified_on"]]
        completed = max(days, default=None)
        faults.window(completed, "Email address")
        if len(days) < len(results) and not faults.problems:
            faults.add(CLAIM_DATES, "Email address", "a completed activity has no date", "export it again")
        address = cells["Email address"].casefold()
        return {
            "kind": "course",
            "learner_ref": cells.get("id") or self._people.get(address) or address,
            "learner_name": cells.get("name", ""),
            "completed_on": completed,
            "results": results,
        }
