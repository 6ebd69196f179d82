"""The answer to a sheet: its marked copy and, beside it, the list of its faults (docs/import.md).

Both go to certificates/reports/, with the name of the sheet. Up to 20,000 rows the copy is the same
workbook; above that, or where it cannot be copied, a workbook of the faults takes its place.
"""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from generator.edge import disk
from generator.edge.register.staging import Staging
from generator.errors import Malformed, Owner, Place, Problem, Refused
from generator.flow.importing import import_sources, open_sheet
from generator.flow.importing.import_findings import ImportPreview, SourceCount
from generator.flow.importing.import_sources import Input
from generator.flow.importing.open_sheet import OpenSheet
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.catalogue import Programme
from generator.sheets import workbook_writer
from generator.sheets.grid import harmless, letter
from generator.sheets.workbook_writer import Mark
from generator.sheets.workbook_zip import Package
from generator.terms import in_words_of, spoken

COPIED_ROWS = 20_000
LISTED = 200_000
_COPIED_BYTES = 200_000_000
_DRAWN = ("xl/drawings/", "xl/media/", "xl/charts/", "xl/slicers/", "xl/pivotTables/", "xl/ctrlProps/")
HEADINGS = ("Row", "Column", "Cell", "Control", "What is wrong", "What to do", "Whom to ask", "File", "Sheet")
_OURS = {
    "grade": ("Overall grade",),
    "completed_on": ("Completed on", "Course complete", "Email address"),
    "learner_name": ("Last names", "Name", "name", "First names"),
    "kind": ("Claim",),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem by the sheet's own words: its row, heading and letter, what the cell holds, whom to ask."""

    problem: Problem
    file: str
    sheet: str
    line: int
    column: int | None
    heading: str
    holds: str
    ask: str

    @property
    def cells(self) -> tuple[str, ...]:
        """As a row of the report, in the order of `HEADINGS`."""
        place = f"{letter(self.column)}{self.line}" if self.column is not None else ""
        problem = self.problem
        what = problem.said
        row = str(self.line) if self.line else ""
        return (
            row,
            f"{self.heading} ({place})" if place else self.heading,
            self.holds,
            problem.code,
            what,
            problem.fix,
            self.ask,
            self.file,
            self.sheet,
        )


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """What was made for one sheet, and what the person should know of it."""

    report: Path
    copy: Path | None
    faults: int
    remarks: tuple[str, ...]


def answer(session: Session, found: ImportPreview) -> list[SheetAnswer]:
    """The copies and reports of every sheet with faults. Earlier ones of the same sheets are replaced."""
    workspace, staging = session.workspace, Staging(session.register)
    counts = {count.where: count for count in found.sources}
    faulty = faulty_inputs(workspace, found)
    for item in found.inputs:
        if item not in faulty:
            _forget(workspace, item)
    return [_answered(workspace, item, staging, counts.get(item.where)) for item in faulty]


def faulty_inputs(workspace: Workspace, found: ImportPreview) -> list[Input]:
    """The sheets with faults: those that claim, and those that claims were compared with."""
    known = {item.where: item for item in found.inputs}
    return [known.get(file) or Input(workspace.root / file, file, None) for file in found.faulty_files]


def _folder(workspace: Workspace) -> Path:
    return workspace.certificates / "reports"


def _forget(workspace: Workspace, item: Input) -> None:
    """A sheet that is clean now has no faults to answer for."""
    for name in (
        f"{item.path.name}.faults.csv",
        f"{item.path.stem}.checked.xlsx",
        f"{item.path.stem}.faults.xlsx",
    ):
        (_folder(workspace) / name).unlink(missing_ok=True)


def faults(
    workspace: Workspace, item: Input, staging: Staging, sheet: OpenSheet | None, count: SourceCount | None
) -> Iterator[Fault]:
    """Every fault of a sheet, in the order of its rows."""
    programme = None
    if item.source:
        programme = workspace.programmes.get((item.source.programme, item.source.version))
    verifiers = count.verifiers if count else {}
    kind = workspace.portal.organisation.kind
    cells: Mapping[str, str] = {}
    at = -1
    for problem, line, row in staging.placed_faults(item.where):
        field = problem.place.column
        if row is not None and row != at:
            cells, at = staging.cells(row), row
        own_cells = cells if row is not None else {}
        ours = _column(sheet, field, problem.owner, programme) if sheet and line else None
        place = sheet.found.columns.get(ours) if sheet and ours else None
        heading = sheet.found.written.get(ours, ours) if sheet and ours else field
        file = item.where if line else str(problem.place)
        what, why, fix = (in_words_of(kind, text) for text in (problem.what, problem.why, problem.fix))
        yield Fault(
            replace(problem, what=what, why=why, fix=fix),
            file,
            sheet.found.grid.sheet if sheet else "",
            line,
            place,
            heading,
            own_cells.get(ours, "") if ours else "",
            in_words_of(kind, _whom(problem, own_cells, verifiers)),
        )


def _column(sheet: OpenSheet, field: str, owner: Owner, programme: Programme | None) -> str:
    """Our name of the column that a control's field means."""
    columns = sheet.found.columns
    unit, _, part = field.partition(" ")
    verifying = owner == "internal_verifier" or part == "verifier"
    wanted = [field, f"{unit} {'internal verifier' if verifying else part or 'grade'}", *_OURS.get(field, ())]
    found = programme.unit(unit) if programme else None
    if found is not None:
        wanted += [f"{found.title} - Completion date" if "verified on" in field else found.title]
    return next((name for name in wanted if name in columns), sheet.key)


def _whom(problem: Problem, cells: Mapping[str, str], verifiers: Mapping[str, str]) -> str:
    """Whom to ask about a fault in a row: who holds the role that must act, by the row's cells.

    `verifiers` is who verified each unit in most other rows.
    """
    unit = problem.place.column.partition(" ")[0]
    assessor = cells.get(f"{unit} assessor", "")
    if problem.owner == "internal_verifier":
        verifier = cells.get(f"{unit} internal verifier", "") or verifiers.get(unit, "")
        if verifier and verifier == assessor:
            return f"an internal verifier other than {assessor}, to verify {unit}"
        title = f"internal verifier for {unit}"
        return f"{verifier} ({title})" if verifier else f"the {title}"
    if problem.owner == "assessor":
        return f"{assessor} (assessor of {unit})" if assessor not in ("", "external") else "the assessor"
    if problem.owner == "sender":
        return "whoever exported or filled in the sheet"
    return f"the {spoken(problem.owner)}"


def _answered(workspace: Workspace, item: Input, staging: Staging, count: SourceCount | None) -> SheetAnswer:
    report = _folder(workspace) / f"{item.path.name}.faults.csv"
    copy: Path | None = None
    remarks: list[str] = []
    with contextlib.ExitStack() as stack:
        sheet = _openable(stack, item)
        listed = islice(faults(workspace, item, staging, sheet, count), LISTED)
        disk.write(report, _report(listed), private=True)
        if sheet is not None:
            copy, remarks = _copy(workspace, item, staging, sheet, count)
    total = staging.fault_count(item.where)
    if total > LISTED:
        remarks.append(f"the report lists the first {LISTED:,} of {total:,} faults")
    return SheetAnswer(report, copy, total, tuple(remarks))


def located(session: Session, item: Input, count: SourceCount | None) -> Iterator[Fault]:
    """The faults of a sheet that is not open yet."""
    with contextlib.ExitStack() as stack:
        yield from faults(session.workspace, item, Staging(session.register), _openable(stack, item), count)


def _openable(stack: contextlib.ExitStack, item: Input) -> OpenSheet | None:
    """The sheet, if it could be read as one: else there are no cells to point at."""
    try:
        layout = import_sources.own_layout(item)
        if layout is not None:
            return stack.enter_context(open_sheet.opened_layout(item.path, item.where, layout))
        return stack.enter_context(open_sheet.opened(item.path, item.where, import_sources.reading(item)))
    except Refused:
        return None


def _report(listed: Iterable[Fault]) -> bytes:
    """The faults as CSV that a spreadsheet program shows and does not run."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADINGS)
    for fault in listed:
        writer.writerow([harmless(cell) for cell in fault.cells])
    return out.getvalue().encode("utf-8-sig", "replace")


def _copy(
    workspace: Workspace, item: Input, staging: Staging, sheet: OpenSheet, count: SourceCount | None
) -> tuple[Path, list[str]]:
    folder = _folder(workspace)
    copy = folder / f"{item.path.stem}.checked.xlsx"
    remarks: list[str] = []
    try:
        with disk.opened(item.path, item.where) as file:
            made = _marked(
                file, item, sheet, list(_marks(faults(workspace, item, staging, sheet, count), sheet))
            )
        if made.defused:
            remarks.append(f"formulas that reach outside the workbook, made text in the copy: {made.defused}")
        remarks += _lost(item)
        disk.write(copy, made.data, private=True)
    except Malformed as error:
        listed = islice(faults(workspace, item, staging, sheet, count), LISTED)
        copy = folder / f"{item.path.stem}.faults.xlsx"
        disk.write(copy, workbook_writer.of_faults(HEADINGS, (fault.cells for fault in listed)), private=True)
        remarks.append(f"the sheet {error}; its faults are in a workbook of their own")
    return copy, remarks


def _marked(file: BinaryIO, item: Input, sheet: OpenSheet, marks: list[Mark]) -> workbook_writer.Marked:
    """The copy. Raises `Malformed` where the sheet is too large or of a kind that cannot be copied."""
    grid = sheet.found.grid
    rows = sum(1 for _ in islice(grid.walk(), COPIED_ROWS + 2))
    if rows > COPIED_ROWS + 1:
        raise Malformed(f"has more than {COPIED_ROWS:,} rows")
    if not grid.sheet:
        return workbook_writer.from_lines(((line.number, line.cells) for line in grid.walk()), marks)
    package = Package(file, Place(item.where))
    if package.unpacked > _COPIED_BYTES:
        raise Malformed("is too large to be copied")
    package.harmless()
    return workbook_writer.marked(file, grid.sheet, marks)


def _marks(listed: Iterable[Fault], sheet: OpenSheet) -> Iterator[Mark]:
    """One mark for each faulty cell; a fault of a whole row is marked at its key."""
    key = sheet.found.columns[sheet.key]
    said: dict[tuple[int, int], list[str]] = {}
    for fault in listed:
        line = fault.line or sheet.found.line
        _, _, _, code, what, fix, ask, *_ = fault.cells
        words = f"{code}: {what}\n{fix}\nAsk: {ask}"
        said.setdefault((line, key if fault.column is None else fault.column), []).append(words)
    return (Mark(line, column, "\n\n".join(words)) for (line, column), words in said.items())


def _lost(item: Input) -> list[str]:
    """What the copy does not have of the workbook."""
    with disk.opened(item.path, item.where) as file:
        if file.read(2) != b"PK":
            return []
        package = Package(file, Place(item.where))
    remarks = []
    if any(name.startswith(_DRAWN) for name in package.names):
        remarks.append("drawings, charts and pivot tables may be missing from the copy")
    if package.macros:
        remarks.append("the copy has no macros")
    return remarks
