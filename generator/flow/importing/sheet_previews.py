"""Looking at a sheet without taking its claims in: previews, proposals, questions (docs/import.md)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from generator.edge import disk
from generator.errors import Place, Problem, Refused
from generator.flow.importing import open_sheet
from generator.flow.importing.codes import IMPORT_SHAPE
from generator.flow.importing.import_sources import Options
from generator.flow.importing.name_questions import Question
from generator.flow.importing.open_sheet import ReadingOptions
from generator.flow.shared.workspace import Workspace
from generator.sheets import office_sheets, question_sheet, reading_proposal, registration_sheet
from generator.sheets.grid import PACKED_CAP
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
    rows = (
        (item.number, item.learner_ref, item.in_sheet, item.registered, " ".join(item.rows[:5]))
        for item in questions
    )
    disk.write(path, question_sheet.encode(rows), private=True)
    return path


def answered(workspace: Workspace, path: Path) -> dict[str, str]:
    """The answers in a sheet of questions that came back, as CSV or as a workbook."""
    where = workspace.shown(path.resolve())
    with disk.opened(path, where) as file:
        return question_sheet.decode(open_sheet.grids(file, where)[0])
