"""Which files an import reads, and for which programme, centre and year (docs/import.md).

A file that sources.yaml names is read as it says there. Any other is recognised by its headings,
and what it is for must follow from the catalogue without a choice, or be said on the command line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.edge import disk
from generator.errors import Place, Problem, Refused
from generator.flow.importing import open_sheet, records
from generator.flow.importing.codes import REGISTRATION_FIELD, SHEET_CENTRE, SHEET_REGISTRATIONS
from generator.flow.importing.open_sheet import OpenSheet, ReadingOptions
from generator.flow.shared.workspace import Workspace
from generator.model import uln
from generator.model.catalogue import Programme
from generator.model.office_record import OfficeRecord
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.sheets import layout_workbook, strict_yaml
from generator.sheets.codes import SHEET_PROGRAMME, SHEET_TWICE
from generator.sheets.registration_sheet import Registration, Registrations
from generator.sheets.registration_sheet import read as read_registrations
from generator.sheets.sources_file import Source, Sources
from generator.sheets.written_day import DateStyle, order
from generator.terms import CENTRE, REGISTRATION

SOURCES = "sources.yaml"
CLAIM_SHAPES = ("unit_grades", "completion_report", "progress_report")
# Lists whose rows the register keeps as records; the others are looked at.
LIST_SHAPES = ("results_list", "verification_records", "attendance", "despatch_list")
# What the first line of our own layouts has: of claims, and of records.
_CLAIM, _RECORD = frozenset({"learner_ref", "learner_name"}), frozenset({"centre"})
_OWN = (".csv", ".yaml", ".yml", ".jsonl", *open_sheet.WORKBOOKS)


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line says of a file that sources.yaml does not name."""

    programme: str | None = None
    version: str | None = None
    centre: str | None = None
    registrations: str | None = None
    dates: DateStyle = "unknown"
    sheet: str | None = None
    encoding: str | None = None
    dates_right: bool = False


@dataclass(frozen=True, slots=True)
class Input:
    """A file to read: claims, as its source says or in our own layout; an office's list (`listing`); or
    records in our own layout (`records`, the layout's name).
    """

    path: Path
    where: str
    source: Source | None
    listing: Options | None = None
    records: str | None = None

    @property
    def claims(self) -> bool:
        """Whether claims are read from it."""
        return self.listing is None and self.records is None


def reading(item: Input) -> ReadingOptions:
    """How an input's sheet is to be opened."""
    if item.source is not None:
        return open_sheet.reading_of(item.source)
    given = item.listing or Options()
    return ReadingOptions(sheet=given.sheet, encoding=given.encoding, dates_right=given.dates_right)


def named(workspace: Workspace) -> tuple[Source, ...]:
    """The sources that the workspace names."""
    path = workspace.certificates / "claims" / SOURCES
    if not path.exists():
        return ()
    where = f"certificates/claims/{SOURCES}"
    return strict_yaml.read(Sources, disk.read(path, strict_yaml.CAP, where), Place(where)).sources


def of_workspace(workspace: Workspace) -> list[Input]:
    """Every claim file of the workspace: those of sources.yaml, then our own layout by name."""
    folder = workspace.certificates / "claims"
    sources = named(workspace)
    found = []
    for source in sources:
        where = f"certificates/claims/{source.file}"
        found.append(Input(disk.below(folder, source.file, where), where, source))
    spoken_for = {SOURCES, *(source.file for source in sources), *(source.people for source in sources)}
    found += [
        Input(path, disk.printable(f"certificates/claims/{path.name}"), None)
        for path in disk.listed(folder)
        if path.suffix.lower() in _OWN
        and path.name not in spoken_for
        and not path.name.startswith(("~$", "."))
    ]
    return found


def of_file(workspace: Workspace, path: Path, options: Options) -> Input | None:
    """One file given by name, of whatever place; None where it is a sheet of which no record is made.

    Raises `Refused` where its programme or centre cannot be told.
    """
    where = workspace.shown(path.resolve())
    for source in named(workspace):
        if path.name == source.file or path.stem == Path(source.file).stem:
            return Input(path, where, source)
    kind = records.kind_of(path.stem)
    if kind is not None and (path.suffix.lower() not in open_sheet.SHEETS or _headed(path, where, _RECORD)):
        return Input(path, where, None, records=kind)
    if path.suffix.lower() in (".yaml", ".yml", ".jsonl") or _headed(path, where, _CLAIM):
        return Input(path, where, None)
    with open_sheet.opened(path, where, reading(Input(path, where, None, options))) as sheet:
        if sheet.shape.name in LIST_SHAPES:
            return Input(path, where, None, options)
        if sheet.shape.name not in CLAIM_SHAPES:
            return None
        programme = _programme(workspace, sheet, options)
        fields = {
            "file": path.name,
            "layout": sheet.shape.name,
            "programme": programme.programme,
            "version": programme.version,
            "centre": options.centre or only_centre(workspace, where),
            "dates": options.dates,
            "registrations": options.registrations or _only_registrations(workspace, sheet),
            "sheet": options.sheet,
            "encoding": options.encoding,
            "date_cells": "right" if options.dates_right else None,
        }
        return Input(path, where, Source.of(fields))


def _headed(path: Path, where: str, names: frozenset[str]) -> bool:
    """Whether the first line names these fields, as our own layouts do."""
    with disk.opened(path, where) as file:
        grid = layout_workbook.sheet(open_sheet.grids(file, where), "claims")
        first = next((line for line in grid.walk() if not line.blank), None)
        return first is not None and names <= set(first.cells)


def own_layout(item: Input) -> str | None:
    """The layout of a sheet whose first line names its fields; None for a sheet by others' headings."""
    if (
        item.source is not None
        or item.listing is not None
        or item.path.suffix.lower() not in open_sheet.SHEETS
    ):
        return None
    kind = item.records or records.kind_of(item.path.stem)
    if kind is not None and _headed(item.path, item.where, _RECORD):
        return kind
    return "claims" if _headed(item.path, item.where, _CLAIM) else None


def registrations(workspace: Workspace, source: Source) -> Registrations | None:
    """The registration sheet of a source, read; None where it names none."""
    if source.registrations is None:
        return None
    where = f"certificates/registrations/{source.registrations}"
    dates = source.registrations_dates or source.dates
    right = source.registrations_date_cells == "right"
    how = ReadingOptions(shape="registrations", dates_right=right)
    folder = workspace.certificates / "registrations"
    with open_sheet.opened(disk.below(folder, source.registrations, where), where, how) as sheet:
        return read_registrations(sheet.table, order(dates))


def as_records(
    row: Registration, centre: str, programme: str, version: str
) -> tuple[list[OfficeRecord], list[Problem]]:
    """A row of a registration sheet as a learner and a registration; a wrong ULN is told by the sheet."""
    common = {"centre": centre, "learner_ref": row.learner_ref}
    number = row.uln if uln.is_good(row.uln) else None
    learner, faults = LearnerRecord.tried({**common, "name": row.name, "uln": number})
    event = {"programme": programme, "version": version, "event": "registered"}
    registered, wrong = RegistrationEvent.tried({**common, **event})
    fix = f"correct the {REGISTRATION} sheet"
    problems = [REGISTRATION_FIELD.at(row.place.within(path), what, fix) for path, what in (*faults, *wrong)]
    return [record for record in (learner, registered) if record is not None], problems


def people(workspace: Workspace, source: Source) -> Mapping[str, str]:
    """An LMS's addresses and the ids that its completion report gives them."""
    if source.people is None:
        return {}
    where = f"certificates/claims/{source.people}"
    found: dict[str, str] = {}
    path = disk.below(workspace.certificates / "claims", source.people, where)
    with open_sheet.opened(path, where, ReadingOptions(shape="completion_report")) as sheet:
        sheet.table.require(("id", "Email address"))
        for row in sheet.table.rows:
            address = row.cells["Email address"].casefold()
            if address and found.setdefault(address, row.cells["id"]) != row.cells["id"]:
                what = f"{address} has two ids: {found[address]} and {row.cells['id']}"
                raise Refused(SHEET_TWICE.at(Place(where, row.line), what, "remove the wrong row"))
    return found


def not_this_programme(workspace: Workspace, source: Source, sheet: OpenSheet) -> list[Problem]:
    """A title above the headings, or the sheet's name, that speaks of another programme of the catalogue."""
    words = set(" ".join((*sheet.found.titles, sheet.found.grid.sheet)).replace("-", " ").split())
    others = {code for code, _ in workspace.programmes if code != source.programme and code in words}
    if not others or source.programme in words:
        return []
    what = f"speaks of {', '.join(sorted(others))} above its headings, not of {source.programme}"
    fix = "check that it is the sheet of this programme, or correct sources.yaml"
    return [SHEET_PROGRAMME.at(sheet.found.grid.place, what, fix)]


def _programme(workspace: Workspace, sheet: OpenSheet, options: Options) -> Programme:
    possible = [
        programme
        for programme in workspace.programmes.values()
        if (options.programme or programme.programme) == programme.programme
        and (options.version or programme.version) == programme.version
        and _holds(sheet, programme)
    ]
    if len(possible) == 1:
        return possible[0]
    names = ", ".join(f"{item.programme} version {item.version}" for item in possible)
    what = f"could be of {names}" if possible else "is of no programme of the catalogue"
    fix = "say which with --programme and --version, or name the file in sources.yaml"
    raise Refused(SHEET_PROGRAMME.at(sheet.found.grid.place, what, fix))


def _holds(sheet: OpenSheet, programme: Programme) -> bool:
    headings = set(sheet.table.headings)
    if sheet.shape.units:
        return any(f"{unit.code} grade" in headings for unit in programme.units)
    return all(unit.title in headings for unit in programme.units)


def only_centre(workspace: Workspace, where: str) -> str:
    """The centre of a sheet, where the workspace has one. Raises `Refused` where there are several."""
    if len(workspace.centres) == 1:
        return next(iter(workspace.centres))
    fix = f"say which with --centre: {', '.join(sorted(workspace.centres))}"
    raise Refused(SHEET_CENTRE.at(Place(where), f"could be of any of several {CENTRE}s", fix))


def _only_registrations(workspace: Workspace, sheet: OpenSheet) -> str | None:
    """A grade sheet is compared with the registrations; which sheet that is must not be a choice."""
    if not sheet.shape.units:
        return None
    folder = workspace.certificates / "registrations"
    found = [path.name for path in disk.listed(folder) if path.suffix.lower() in open_sheet.SHEETS]
    if len(found) > 1:
        fix = f"say which with --registrations: {', '.join(found)}"
        raise Refused(
            SHEET_REGISTRATIONS.at(sheet.found.grid.place, f"has several {REGISTRATION} sheets", fix)
        )
    return found[0] if found else None
