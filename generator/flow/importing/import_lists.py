"""An office's lists as records: results, internal verification, attendance, despatch (docs/import.md).

Each row is laid out in staging beside the claims, so faults, marked copies, held rows and the one
transaction are the same. Which programme a row is of must follow from the catalogue and the register
without a choice, or be said on the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.records import OfficeRecords, subject
from generator.edge.register.staging import StagedRecord, Staging, State
from generator.errors import Place, Problem, Refused
from generator.flow.importing import import_sources, open_sheet, records
from generator.flow.importing.codes import CLAIM_ERASED
from generator.flow.importing.import_findings import SourceCount
from generator.flow.importing.import_run import ImportRun
from generator.flow.importing.import_sources import Input, Options
from generator.flow.importing.records import Incoming
from generator.model.catalogue import Programme
from generator.model.office_record import OfficeRecord
from generator.model.paper import ReceivedCertificate
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Result
from generator.model.value import Day, Instant
from generator.rules import list_records
from generator.rules.anomalies import is_titled
from generator.rules.codes import REGISTRATION_KNOWN, REGISTRATION_MATCH
from generator.rules.name_matching import likeness
from generator.sheets import office_sheets
from generator.sheets.codes import LEARNER_ULN, SHEET_EMPTY, SHEET_PROGRAMME
from generator.sheets.layouts import Placed
from generator.sheets.office_sheets import DespatchRow, OfficeReading, OfficeRow, ResultRow, VerificationRow
from generator.sheets.registration_sheet import Registration
from generator.sheets.written_day import order
from generator.terms import CLAIM, UNIT

_REMEMBERED = 5_000  # learners, so that a long list takes no more memory than a short one
_MANY = "say which with --programme and --version"


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
            if reader.erased(reading):
                what = "was erased and does not come back; the row was passed over"
                fix = "remove the row from the file"
                run.passed_over.append(CLAIM_ERASED.at(reading.place, what, fix))
                continue
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


class RowReader:
    """Makes records of rows, with what the workspace and the register know."""

    def __init__(
        self, run: ImportRun, centre: str, options: Options, incoming: Mapping[str, list[OfficeRecord]]
    ) -> None:
        self._incoming = incoming
        programme, version = options.programme, options.version
        self._records, self._claims = OfficeRecords(run.register), Claims(run.register)
        self._centre = centre
        self._given = programme is not None or version is not None
        self._possible = [
            item
            for item in run.workspace.programmes.values()
            if (programme or item.programme) == item.programme and (version or item.version) == item.version
        ]
        self._strict = run.workspace.policy.controls[REGISTRATION_KNOWN.name].mode == "hold"
        self._learners: dict[str, tuple[LearnerRecord | None, set[tuple[str, str]], bool]] = {}
        self._provisional = 0

    def record(self, reading: OfficeReading) -> tuple[OfficeRecord | None, list[Problem]]:
        """The record in a row, or why there is none."""
        problems = list(reading.problems)
        row = reading.value
        if row is None:
            return None, problems
        programme = self._programme(row, reading, problems)
        if not isinstance(row, DespatchRow):
            problems += self._learner(row, reading, programme)
        if problems:
            return None, problems
        common: dict[str, object] = {"centre": self._centre}
        if programme is not None:
            common |= {"programme": programme.programme, "version": programme.version}
        made, problems = list_records.made(row, common, programme, reading.place)
        if made is None:
            return None, problems
        stated = isinstance(row, ResultRow) and row.status is not None
        whole = list_records.merged(made, self._records.find(made), stated=stated)
        self._provisional += isinstance(whole, Result) and whole.state == "provisional"
        return whole, []

    def remarks(self) -> Iterator[str]:
        """What the exams officer should know of what was read."""
        if self._provisional:
            yield (
                f"{self._provisional} results are provisional and count for no {CLAIM} yet: when they are"
                " confirmed, say so in a column `Status`"
            )

    def _programme(self, row: OfficeRow, reading: OfficeReading, problems: list[Problem]) -> Programme | None:
        """Of which programme a row is. A certificate of somebody else's programme is kept, to be compared."""
        reference = getattr(row, "learner_ref", None)
        found = self._possible
        if isinstance(row, ResultRow | VerificationRow):
            found = [item for item in found if item.unit(row.unit)]
            if not found:
                which = "the programme named" if self._given else "any programme of the catalogue"
                what = f"{row.unit} is no {UNIT} of {which}"
                fix = f"correct the {UNIT}'s code, or add it to the catalogue"
                problems.append(SHEET_PROGRAMME.at(reading.place.within("Unit"), what, fix))
                return None
        if isinstance(row, DespatchRow):
            found = [item for item in found if is_titled(item, row.qualification)]
        if len(found) > 1 and reference is not None:
            registered = self._known(reference)[1]
            found = [item for item in found if (item.programme, item.version) in registered] or found
        if len(found) == 1:
            return found[0]
        if isinstance(row, DespatchRow):
            return None
        names = ", ".join(f"{item.programme} version {item.version}" for item in found) or "no programme"
        column = "Unit" if hasattr(row, "unit") else "Learner reference"
        problems.append(SHEET_PROGRAMME.at(reading.place.within(column), f"could be of {names}", _MANY))
        return None

    def erased(self, reading: OfficeReading) -> bool:
        """Whether a row tells of a learner who was erased."""
        reference = getattr(reading.value, "learner_ref", None)
        return reference is not None and self._claims.only_erased(subject(self._centre, reference))

    def _learner(
        self, row: OfficeRow, reading: OfficeReading, programme: Programme | None
    ) -> Iterator[Problem]:
        """A learner who is not known, or whom the list calls by another name or number."""
        reference = getattr(row, "learner_ref", None)
        if reference is None:
            return
        learner, _, known = self._known(reference)
        if not known:
            labels = programme.labels if programme else None
            if self._strict and labels is not None and (labels.qualification or labels.units):
                what = f"{reference} is not registered at {self._centre}"
                fix = "register the learner, or correct the reference"
                yield REGISTRATION_KNOWN.at(reading.place.within("Learner reference"), what, fix)
            return
        if learner is None:
            return
        number, name = getattr(row, "uln", None), getattr(row, "learner_name", None)
        if number and learner.uln and number != learner.uln:
            what = f"{number} is not the ULN with which {reference} is registered"
            yield LEARNER_ULN.at(
                reading.place.within("ULN"), what, "ask the learner; a ULN is never guessed", owner="learner"
            )
        registered = Registration(reference, learner.name, learner.uln or "", Place())
        if name and likeness(name, "", "", registered) == "different":
            what = f"`{name}` is not the name with which {reference} is registered, `{learner.name}`"
            fix = "correct the reference or the name; people are never joined by name alone"
            yield REGISTRATION_MATCH.at(reading.place.within("Name"), what, fix, owner="exams_officer")

    def _known(self, reference: str) -> tuple[LearnerRecord | None, set[tuple[str, str]], bool]:
        """A learner's record, their programmes, and whether anything is known of them."""
        if reference not in self._learners:
            if len(self._learners) >= _REMEMBERED:
                self._learners.clear()
            about = subject(self._centre, reference)
            current = [item.record for item in self._records.about(about).current()]
            current += self._incoming.get(about, [])
            learner = next((item for item in current if isinstance(item, LearnerRecord)), None)
            events = [item for item in current if isinstance(item, RegistrationEvent)]
            registered = {(item.programme, item.version) for item in events if item.event == "registered"}
            registered |= set(self._claims.programmes_of(about))
            self._learners[reference] = learner, registered, bool(learner or registered)
        return self._learners[reference]
