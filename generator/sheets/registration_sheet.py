"""Registrations of learners with a centre, from its registration sheet (docs/import.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generator.errors import Malformed, Place, Problem, Refused
from generator.model import uln
from generator.sheets import written_day
from generator.sheets.codes import (
    IMPORT_DATE,
    LEARNER_ULN,
    REGISTRATION_DATES,
    REGISTRATION_ROW,
    REGISTRATION_TWICE,
)
from generator.sheets.table import Table
from generator.sheets.written_day import Order
from generator.terms import REGISTRATION


@dataclass(frozen=True, slots=True)
class Registration:
    """A learner's registration with the centre. A learner of a single name has one part empty.

    `planned`: the planned completion, YYYY-MM-DD; empty where the sheet says none that can be read.
    """

    learner_ref: str
    name: str
    uln: str
    place: Place
    first: str = ""
    last: str = ""
    planned: str = ""


@dataclass(frozen=True, slots=True)
class Registrations:
    """Registrations by reference and by ULN, and what is wrong with the sheet's rows."""

    by_reference: dict[str, Registration]
    by_uln: dict[str, Registration]
    problems: tuple[Problem, ...]


def whole_name(cells: Mapping[str, str]) -> tuple[str, str, str]:
    """First part, last part and the whole name as it is given; the order of the parts is kept."""
    first, last, whole = (cells.get(part, "") for part in ("First names", "Last names", "Name"))
    return first, last, whole or f"{first} {last}".strip()


def read(table: Table, order: Order | None = None) -> Registrations:
    """Every registration. A double reference names both rows; a faulty row is still known."""
    table.require(("Centre reference", "ULN"))
    found: dict[str, Registration] = {}
    numbers: dict[str, Registration] = {}
    problems: list[Problem] = []
    for row in table.rows:
        place = table.place.at(row.line)
        problems += row.faults
        first, last, name = whole_name(row.cells)
        planned, wrong = _dates(row.cells, place, order)
        reference, number = row.cells["Centre reference"], row.cells["ULN"]
        made = Registration(reference, name, number, place, first, last, planned)
        if not made.learner_ref or not name:
            missing = "reference" if name else "name"
            problems.append(REGISTRATION_ROW.at(place, f"has no {missing}", "complete or remove the row"))
            continue
        problems += wrong
        complaint = uln.complaint(made.uln) if made.uln else None
        if complaint:
            fix = "ask the learner; a ULN is never guessed"
            problems.append(LEARNER_ULN.at(place.within("ULN"), complaint, fix))
        problems += _twice(found, numbers, made, place)
    return Registrations(found, numbers, tuple(problems))


def read_by_headings(table: Table) -> dict[str, Registration]:
    """Registrations by centre reference. Raises `Refused` with every faulty row."""
    found = read(table)
    if found.problems:
        raise Refused(found.problems)
    return found.by_reference


def _twice(
    found: dict[str, Registration], numbers: dict[str, Registration], made: Registration, place: Place
) -> list[Problem]:
    first = found.setdefault(made.learner_ref, made)
    if first is not made:
        what = f"{made.learner_ref} is registered twice, also in {first.place}"
        return [REGISTRATION_TWICE.at(place.within("Centre reference"), what, "remove the wrong row")]
    same = numbers.setdefault(made.uln, made) if uln.is_good(made.uln) else made
    if same is not made:
        what = f"{made.learner_ref} has the ULN of {same.learner_ref} in {same.place}"
        fix = f"ask both learners; if they are one person, remove one {REGISTRATION}"
        return [REGISTRATION_TWICE.at(place.within("ULN"), what, fix)]
    return []


def _dates(cells: Mapping[str, str], place: Place, order: Order | None) -> tuple[str, list[Problem]]:
    """The planned completion as far as it can be read, and what is wrong with the row's dates."""
    problems = []
    found = ""
    for name in ("Date of birth", "Planned completion"):
        text = cells.get(name, "")
        try:
            found = written_day.read(text, order) if text else ""
        except written_day.Ambiguous as error:
            found = ""
            fix = "say which comes first: `--dates day_first`, or `registrations_dates:` in sources.yaml"
            problems.append(IMPORT_DATE.at(place.within(name), str(error), fix))
        except Malformed as error:
            found = ""
            problems.append(REGISTRATION_DATES.at(place.within(name), str(error), "correct the date"))
    return found, problems
