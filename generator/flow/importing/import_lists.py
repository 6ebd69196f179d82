"""An office's lists as records: results, internal verification, attendance, despatch (docs/import.md).

Each row is laid out in staging beside the claims, so faults, marked copies, held rows and the one
transaction are the same. Which programme a row is of must follow from the catalogue and the register
without a choice, or be said on the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from generator.edge.register.database import Register
from generator.edge.register.records import OfficeRecords, subject
from generator.edge.register.staging import StagedRecord, Staging, State
from generator.errors import Place, Problem, Refused
from generator.flow.importing import import_sources, open_sheet, records
from generator.flow.importing.import_findings import SourceCount
from generator.flow.importing.import_run import ImportRun
from generator.flow.importing.import_sources import Input, Options
from generator.flow.importing.list_rows import RowReader
from generator.flow.importing.records import Incoming
from generator.model.office_record import OfficeRecord
from generator.model.paper import ReceivedCertificate
from generator.model.value import Day, Instant
from generator.sheets import office_sheets
from generator.sheets.codes import SHEET_EMPTY
from generator.sheets.layouts import Placed
from generator.sheets.written_day import order


@dataclass(slots=True)
class ListRecords:
    """What is looked at together with the files of records, each with its number in staging.

    Records in our own layout, and certificates received; the rows of other lists stay in staging, so
    that 100,000 of them take no more memory than 100.
    """

    placed: list[Placed[OfficeRecord]] = field(default_factory=list)
    numbers: dict[Place, tuple[int, str, int]] = field(default_factory=dict)

    def hold(self, staging: Staging, held: Mapping[Place, Iterable[Problem]]) -> None:
        """Hold the rows against which something was found once all of them were known."""
        for place, problems in held.items():
            number, file, line = self.numbers[place]
            staging.hold(number)
            for problem in problems:
                staging.fault(problem, file, line, number)


def read(
    run: ImportRun, inputs: Iterable[Input], registered: Iterable[Placed[OfficeRecord]] = ()
) -> ListRecords:
    """Lay out the rows of every list among the inputs; what is faulty in itself is held at once.

    `registered`: learners and registrations that come with this same import.
    """
    lists = ListRecords()
    incoming: dict[str, list[OfficeRecord]] = {}
    for one in registered:
        incoming.setdefault(subject(one.record.centre, one.record.learner()), []).append(one.record)
    for item in inputs:
        if item.claims:
            continue
        with run.staging.all_or_faults() as faults:
            before = len(lists.placed)
            try:
                if item.records:
                    _read_own(run, item, lists)
                else:
                    _read(run, item, lists, incoming)
            except Refused as refused:
                faults.extend(refused.problems)
                for placed in lists.placed[before:]:
                    del lists.numbers[placed.place]
                del lists.placed[before:]
        run.file_faults(faults, item.where)
    return lists


def _read(
    run: ImportRun, item: Input, lists: ListRecords, incoming: Mapping[str, list[OfficeRecord]]
) -> None:
    options = item.listing or Options()
    rows = 0
    with open_sheet.opened(item.path, item.where, import_sources.reading(item)) as sheet:
        centre = options.centre or import_sources.only_centre(run.workspace, item.where)
        reader = RowReader(run, centre, options, incoming)
        for reading in office_sheets.read(sheet.table, sheet.shape, order(options.dates)):
            rows += 1
            record, problems = reader.record(reading)
            state: State = "held" if record is None else "listed"
            number = run.staging.add(
                item.where, reading.place, reading.row.line, reading.row.cells, None, state
            )
            for problem in problems:
                run.staging.fault(problem, item.where, reading.row.line, number)
            if isinstance(record, ReceivedCertificate):
                lists.placed.append(Placed(record, reading.place))
                lists.numbers[reading.place] = (number, item.where, reading.row.line)
            elif record is not None:
                run.staging.add_record(number, record)
        if not rows:
            fix = "check that the right file was exported"
            raise Refused(SHEET_EMPTY.at(Place(item.where), "has no rows below its headings", fix))
        remarks = (*sheet.remarks, *reader.remarks())
        source = SourceCount(
            item.path.name,
            sheet.shape.title,
            {},
            0,
            remarks,
            item.where,
            centre,
            rows=rows,
            shape=sheet.shape.name,
        )
        run.sources.append(source)


def settle(run: ImportRun, incoming: Incoming, today: Day) -> Incoming:
    """Hold the rows in staging that have a fault, and count what the others would change."""
    kept = OfficeRecords(run.register)
    known = {(item.record.KIND, item.record.key()): item for item in incoming.read}
    held: list[tuple[StagedRecord, list[Problem]]] = []
    new, changed, same = incoming.listed
    for row in run.staging.records():
        item = Placed(row.record, row.place)
        problems = records.faults_of(run.workspace, item, today)
        other = known.get((row.record.KIND, row.record.key()))
        place = other.place if other and other.record != row.record else run.staging.contradicted(row)
        if place is not None:
            problems.append(records.differences(item, place))
        if problems:
            held.append((row, problems))
            continue
        before = kept.find(row.record)
        new, changed, same = (
            new + (before is None),
            changed + (before is not None and before != row.record),
            same + (before == row.record),
        )
    for row, problems in held:
        run.staging.hold(row.number)
        for problem in problems:
            run.staging.fault(problem, row.file, row.line, row.number)
    return replace(incoming, listed=(new, changed, same))


def keep(register: Register, staging: Staging, now: Instant) -> None:
    """Keep the records in staging, inside the caller's transaction."""
    kept = OfficeRecords(register)
    for row in staging.records():
        kept.keep(row.record, str(row.place), now)


def _read_own(run: ImportRun, item: Input, lists: ListRecords) -> None:
    """Records in our own layout, in a file that was given by its name."""
    found = records.read_file(item.path, Place(item.where))
    for placed in found:
        line = placed.place.row
        number = run.staging.add(item.where, placed.place, line, {}, None, "listed")
        lists.placed.append(placed)
        lists.numbers[placed.place] = (number, item.where, line)
    rows, kind = len(found), item.records or ""
    run.sources.append(SourceCount(item.path.name, kind, {}, 0, where=item.where, rows=rows, shape=kind))
