"""Looking at a sheet without taking it in: previews, proposals, questions (docs/import.md).

A staff list is compared with the roster, which it never changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from generator.edge import disk
from generator.errors import Place, Problem, Refused
from generator.flow.importing import name_questions, open_sheet
from generator.flow.importing.codes import IMPORT_SHAPE
from generator.flow.importing.import_sources import Options
from generator.flow.importing.name_questions import Question
from generator.flow.importing.open_sheet import ReadingOptions
from generator.flow.shared.session import Environment
from generator.flow.shared.workspace import Workspace
from generator.model.people import PeopleRow
from generator.rules import roster_changes
from generator.rules.codes import STAFF_ROLE
from generator.rules.roster_changes import Difference
from generator.sheets import layouts, office_sheets, reading_proposal, registration_sheet
from generator.sheets.grid import PACKED_CAP
from generator.sheets.layout_columns import columns
from generator.sheets.office_sheets import StaffRow
from generator.sheets.reading_proposal import ReadingProposal
from generator.sheets.shapes import ShapeName
from generator.sheets.written_day import order

_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class SheetPreview:
    """What a sheet that claims nothing holds. `problems` are the first of `faults`."""

    shape: ShapeName
    title: str
    rows: int
    good: int
    problems: tuple[Problem, ...]
    faults: int
    remarks: tuple[str, ...]


def look(workspace: Workspace, path: Path, options: Options) -> SheetPreview:
    """Read a registration sheet, or any list of an office's, and say what is wrong with it."""
    where = workspace.shown(path.resolve())
    how = ReadingOptions(sheet=options.sheet, encoding=options.encoding, dates_right=options.dates_right)
    with open_sheet.opened(path, where, how) as sheet:
        problems: list[Problem] = []
        rows = good = faults = 0
        if sheet.shape.name == "registrations":
            found = registration_sheet.read(sheet.table, order(options.dates))
            faults, problems = len(found.problems), list(found.problems[:_SHOWN])
            rows = len(found.by_reference)
            good = rows - len({problem.place.within("") for problem in found.problems})
        else:
            for reading in office_sheets.read(sheet.table, sheet.shape, order(options.dates)):
                rows += 1
                good += reading.value is not None
                faults += len(reading.problems)
                problems += reading.problems[: max(0, _SHOWN - len(problems))]
        return SheetPreview(
            sheet.shape.name, sheet.shape.title, rows, max(good, 0), tuple(problems), faults, sheet.remarks
        )


def keep_registrations(workspace: Workspace, path: Path, found: SheetPreview) -> Path:
    """Put a clean registration sheet where imports look for it. Raises `Refused` for any other."""
    where = workspace.shown(path.resolve())
    if found.shape != "registrations":
        what = f"is a {found.title}, which is compared and never kept"
        raise Refused(IMPORT_SHAPE.at(Place(where), what, "import it without --write to see what it holds"))
    if found.faults:
        raise Refused(found.problems)
    kept = workspace.certificates / "registrations" / path.name
    if path.resolve() != kept.resolve():
        disk.write(kept, disk.read(path, PACKED_CAP, where), private=True)
    return kept


def propose(workspace: Workspace, path: Path, options: Options) -> tuple[ReadingProposal, str]:
    """How an unknown sheet could be read, and the entry of sources.yaml that says so."""
    where = workspace.shown(path.resolve())
    with disk.opened(path, where) as file:
        grids = open_sheet.grids(file, where, options.encoding)
        proposal = reading_proposal.learn(grids, tuple(workspace.programmes.values()))
    centres = options.centre or (next(iter(workspace.centres)) if len(workspace.centres) == 1 else "CENTRE")
    return proposal, reading_proposal.entry(proposal, path.name, centres)


def ask(workspace: Workspace, questions: tuple[Question, ...]) -> Path:
    """Write the open questions as one sheet to be filled in and handed back."""
    path = workspace.certificates / "reports" / "questions.csv"
    disk.write(path, name_questions.encode(questions), private=True)
    return path


def answered(workspace: Workspace, path: Path) -> dict[str, str]:
    """The answers in a sheet of questions that came back, as CSV or as a workbook."""
    where = workspace.shown(path.resolve())
    with disk.opened(path, where) as file:
        return name_questions.decode(open_sheet.grids(file, where)[0])


@dataclass(frozen=True, slots=True)
class StaffListComparison:
    """What a staff list has otherwise than the roster. `people`: the rows to be added, if there are any."""

    title: str
    rows: int
    problems: tuple[Problem, ...]
    remarks: tuple[str, ...]
    differences: tuple[Difference, ...]
    not_listed: tuple[str, ...]
    people: Path | None


def compare_staff_list(
    workspace: Workspace, environment: Environment, path: Path, options: Options
) -> StaffListComparison:
    """Hold a staff list against the roster; who is missing there goes to `reports/people-NAME.csv`."""
    where = workspace.shown(path.resolve())
    today = workspace.today(environment.now)
    roster = workspace.keystore.roster()
    problems: list[Problem] = []
    found: dict[Difference, None] = {}
    rows: list[dict[str, str]] = []
    listed: set[str] = set()
    count = 0
    how = ReadingOptions("staff_list", options.sheet, options.encoding, dates_right=options.dates_right)
    with open_sheet.opened(path, where, how) as sheet:
        for reading in office_sheets.read(sheet.table, sheet.shape, order(options.dates)):
            count += 1
            problems += reading.problems
            row = reading.value
            if not isinstance(row, StaffRow):
                continue
            listed.add(row.person)
            meant = roster_changes.role_listed(row.role)
            if meant is None:
                fix = f"write one of: {', '.join(roster_changes.ROLES)}"
                what = f"`{row.role}` is no role that approvals know"
                problems.append(STAFF_ROLE.at(reading.place.within("Role"), what, fix))
                continue
            for one in roster_changes.compare_staff_list(row, meant, roster, today):
                found[replace(one, row=None)] = None
                if one.row is not None and one.row not in rows:
                    rows.append(dict(one.row))
        remarks, title = sheet.remarks, sheet.shape.title
    left = tuple(person.person for person in roster_changes.not_listed(listed, roster, today))
    people = workspace.certificates / "reports" / f"people-{path.stem}.csv"
    if rows:
        names = [column.name for column in columns(PeopleRow)]
        cells = [[row.get(name, "") for name in names] for row in rows]
        disk.write(people, layouts.write_csv(names, cells), private=True)
    else:
        people.unlink(missing_ok=True)
    return StaffListComparison(
        title, count, tuple(problems), remarks, tuple(found), left, people if rows else None
    )
