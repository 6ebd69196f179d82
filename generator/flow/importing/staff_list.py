"""Reading a staff list against the roster, which it never changes (docs/import.md)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from generator.edge import disk
from generator.errors import Problem
from generator.flow.importing import open_sheet
from generator.flow.importing.import_sources import Options
from generator.flow.importing.open_sheet import ReadingOptions
from generator.flow.shared.session import Environment
from generator.flow.shared.workspace import Workspace
from generator.model.people import PeopleRow
from generator.rules import roster_changes
from generator.rules.codes import STAFF_ROLE
from generator.rules.roster_changes import Difference
from generator.sheets import layouts, office_sheets
from generator.sheets.layout_columns import columns
from generator.sheets.office_sheets import StaffRow
from generator.sheets.written_day import order


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


def compare(
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
