"""Claims from sheets: a centre's unit grade sheet and an LMS's completion report (docs/claims.md).

Each reader takes a table and what the source says of it, and gives a `SheetClaim` per row that is
to be certified, with the problems found. Grades stay as written; `rules` knows what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from generator.errors import Problem, Refused
from generator.model.catalogue import Programme
from generator.model.claim import Claim
from generator.model.portal import Address
from generator.model.value import Code, Field, Text, Value
from generator.wire.table import Row, Table

Layout = Literal["unit_grades", "completion_report"]
DateStyle = Literal["dd/mm/yyyy", "yyyy-mm-dd", "dd/mm/yy, hh:mm"]
_FORMATS: dict[str, str] = {
    "dd/mm/yyyy": "%d/%m/%Y",
    "yyyy-mm-dd": "%Y-%m-%d",
    "dd/mm/yy, hh:mm": "%d/%m/%y, %H:%M",
}
_UNIT_GRADE = re.compile(r"(?!Overall )(\S+) grade")


class Source(Value):
    """One line of sources.yaml: which file holds what, and for which programme and centre."""

    file: Text
    layout: Layout
    programme: Code
    version: Code
    centre: Code
    dates: DateStyle
    registrations: Text | None = None


class Sources(Value):
    """The whole of sources.yaml."""

    schema_: Literal[1] = Field(alias="schema")
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class SheetClaim:
    """A claim with the row it stands in. `email` is where the learner is reached; no part of the claim."""

    claim: Claim
    where: str
    email: str | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet gave: claims, rows that claim nothing yet, and problems by row."""

    claims: tuple[SheetClaim, ...]
    unfinished: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Registration:
    """A learner's registration with the centre."""

    learner_ref: str
    name: str
    uln: str
    where: str


def read(table: Table, source: Source, programme: Programme) -> Sheet:
    """The claims in a sheet. Raises `Refused` if its columns are not those of its layout."""
    rows = _unit_grades if source.layout == "unit_grades" else _completions
    claims: list[SheetClaim] = []
    problems: list[Problem] = []
    unfinished = 0
    for row, fields in rows(table, programme):
        place = f"{table.where}:{row.line}"
        if fields is None:
            unfinished += 1
            continue
        try:
            fields |= {"programme": source.programme, "version": source.version, "centre": source.centre}
            email = learner_address(fields.pop("email", None), place)
            claims.append(SheetClaim(_claim(fields, source.dates, place), place, email))
        except Refused as refused:
            problems += refused.problems
    return Sheet(tuple(claims), unfinished, tuple(problems))


class _Contact(Value):
    email: Address


def learner_address(cell: object, place: str) -> str | None:
    """A learner's e-mail address, or None for an empty cell. Raises `Refused`."""
    if not cell:
        return None
    found, _ = _Contact.tried({"email": cell})
    if found is None:
        fix = "correct the address, or empty the cell"
        raise Refused(Problem("CLAIM-EMAIL", f"{place} email", "is no e-mail address", fix))
    return found.email


def read_registrations(table: Table) -> dict[str, Registration]:
    """Registrations by centre reference. Raises `Refused`, naming both rows of a double one."""
    table.require(("Centre reference", "First names", "Last names", "ULN"))
    found: dict[str, Registration] = {}
    problems = []
    for row in table.rows:
        cells, place = row.cells, f"{table.where}:{row.line}"
        name = f"{cells['First names']} {cells['Last names']}".strip()
        made = Registration(cells["Centre reference"], name, cells["ULN"], place)
        first = found.setdefault(made.learner_ref, made)
        if first is not made:
            what = f"{made.learner_ref} is registered twice, also in {first.where}"
            problems.append(Problem("REGISTRATION-TWICE", place, what, "remove the wrong row"))
    if problems:
        raise Refused(problems)
    return found


def _unit_grades(table: Table, programme: Programme) -> Iterator[tuple[Row, dict[str, object] | None]]:
    units = [match.group(1) for match in map(_UNIT_GRADE.fullmatch, table.headings) if match]
    per_unit = [f"{unit} {part}" for unit in units for part in _UNIT_PARTS]
    table.require((*_GRADE_SHEET, *per_unit), ())
    for row in table.rows:
        cells = row.cells
        claimed = cells["Claim"].lower()
        if not claimed:
            yield row, None
            continue
        yield (
            row,
            {
                "kind": {"full": "qualification", "units": "units"}.get(claimed, claimed),
                "learner_ref": cells["Registration number"],
                "learner_name": f"{cells['First names']} {cells['Last names']}".strip(),
                "grade": cells["Overall grade"] or None,
                "completed_on": cells["Completed on"],
                "results": [_result(cells, unit) for unit in units if cells[f"{unit} grade"]],
            },
        )


_UNIT_PARTS = ("grade", "assessor", "internal verifier", "verified on")
_GRADE_SHEET = (
    "Registration number",
    "ULN",
    "First names",
    "Last names",
    "Overall grade",
    "Completed on",
    "Claim",
)


def _result(values: Mapping[str, str], unit: str) -> dict[str, object]:
    return {
        "unit": unit,
        "grade": values[f"{unit} grade"],
        "assessor": values[f"{unit} assessor"] or None,
        "verifier": values[f"{unit} internal verifier"] or None,
        "verified_on": values[f"{unit} verified on"] or None,
    }


def _completions(table: Table, programme: Programme) -> Iterator[tuple[Row, dict[str, object] | None]]:
    titles = {unit.title: unit.code for unit in programme.units}
    dated = {title: f"{title} - Completion date" for title in titles}
    table.require(("id", "name", "Email address", *titles, *dated.values(), "Course complete"), ())
    for row in table.rows:
        cells = row.cells
        finished = cells["Course complete"]
        if not finished:
            yield row, None
            continue
        yield (
            row,
            {
                "kind": "course",
                "learner_ref": cells["id"],
                "learner_name": cells["name"],
                "email": cells["Email address"],
                "completed_on": finished,
                "results": [
                    {"unit": code, "grade": cells[title], "verified_on": cells[dated[title]] or None}
                    for title, code in titles.items()
                ],
            },
        )


def _claim(fields: dict[str, object], style: str, place: str) -> Claim:
    problems: list[Problem] = []

    def day(text: object, field: str) -> object:
        if text is None:
            return None
        try:
            return datetime.strptime(str(text), _FORMATS[style]).date().isoformat()  # noqa: DTZ007 - a day has no zone
        except ValueError:
            what = f"`{text}` is not a date written {style}"
            problems.append(Problem("CLAIM-DATES", f"{place} {field}", what, "correct the date"))
            return None

    fields["completed_on"] = day(fields["completed_on"], "completed_on")
    results = fields["results"]
    for result in results if isinstance(results, list) else ():
        result["verified_on"] = day(result["verified_on"], f"{result['unit']} verified on")
    claim, faults = Claim.tried(fields)
    missing_day = fields["completed_on"] is None
    problems += [
        Problem("CLAIM-FIELD", f"{place} {path}", what, "correct the cell")
        for path, what in faults
        if not (missing_day and path == "completed_on")
    ]
    if claim is None or problems:
        raise Refused(problems)
    return claim
