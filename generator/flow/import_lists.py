"""An office's lists as records: results, internal verification, attendance, despatch (docs/import.md).

Each row is laid out on the bench beside the claims, so faults, marked copies, held rows and the one
transaction are the same. Which programme a row is of must follow from the catalogue and the register
without a choice, or be said on the command line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from generator.edge.register.claims import Claims
from generator.edge.register.records import Records, subject
from generator.edge.register.staging import Staging, State
from generator.errors import Problem, Refused
from generator.flow import import_sources, records, sheets
from generator.flow.import_findings import SourceCount
from generator.flow.import_run import Run
from generator.flow.import_sources import Input, Options
from generator.model.catalogue import Programme
from generator.model.register_record import Record
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Result
from generator.rules import from_lists
from generator.rules.anomalies import is_titled
from generator.rules.matching import likeness
from generator.wire import office_sheets
from generator.wire.grid import place_of
from generator.wire.layouts import Placed
from generator.wire.office_sheets import DespatchRow, OfficeReading, OfficeRow, ResultRow, VerificationRow
from generator.wire.registration_sheet import Registration
from generator.wire.written_day import order

_KNOWN = "REGISTRATION-KNOWN"
_MANY = "exams officer: say which with --programme and --version"


@dataclass(slots=True)
class Lists:
    """The rows of lists as records, each with its number on the bench."""

    placed: list[Placed[Record]] = field(default_factory=list)
    numbers: dict[str, tuple[int, str, int]] = field(default_factory=dict)

    def hold(self, staging: Staging, held: Mapping[str, Iterable[Problem]]) -> None:
        """Hold the rows against which something was found once all of them were known."""
        for place, problems in held.items():
            number, file, line = self.numbers[place]
            staging.hold(number)
            for problem in problems:
                staging.fault(problem, file, line, number)


def read(run: Run, inputs: Iterable[Input], registered: Iterable[Placed[Record]] = ()) -> Lists:
    """Lay out the rows of every list among the inputs; what is faulty in itself is held at once.

    `registered`: learners and registrations that come with this same import.
    """
    lists = Lists()
    coming: dict[str, list[Record]] = {}
    for one in registered:
        coming.setdefault(subject(one.record.centre, one.record.learner()), []).append(one.record)
    for item in inputs:
        if item.claims:
            continue
        with run.staging.all_or_faults() as faults:
            before = len(lists.placed)
            try:
                if item.records:
                    _read_own(run, item, lists)
                else:
                    _read(run, item, lists, coming)
            except Refused as refused:
                faults.extend(refused.problems)
                for placed in lists.placed[before:]:
                    del lists.numbers[placed.where]
                del lists.placed[before:]
        run.file_faults(faults, item.where)
    return lists


def _read(run: Run, item: Input, lists: Lists, coming: Mapping[str, list[Record]]) -> None:
    options = item.listing or Options()
    rows = 0
    with sheets.opened(item.path, item.where, import_sources.reading(item)) as sheet:
        centre = options.centre or import_sources.only_centre(run.workspace, item.where)
        reader = _Reader(run, centre, options, coming)
        for reading in office_sheets.read(sheet.table, sheet.shape, order(options.dates)):
            rows += 1
            record, problems = reader.record(reading)
            state: State = "held" if record is None else "listed"
            number = run.staging.add(
                item.where, reading.where, reading.row.line, reading.row.cells, None, state
            )
            for problem in problems:
                run.staging.fault(problem, item.where, reading.row.line, number)
            if record is not None:
                lists.placed.append(Placed(record, reading.where))
                lists.numbers[reading.where] = (number, item.where, reading.row.line)
        if not rows:
            fix = "check that the right file was exported"
            raise Refused(Problem("SHEET-EMPTY", item.where, "has no rows below its headings", fix))
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


def _read_own(run: Run, item: Input, lists: Lists) -> None:
    """Records in our own layout, in a file that was given by its name."""
    found = records.read_file(item.path, item.where)
    for placed in found:
        line = place_of(placed.where)[1]
        number = run.staging.add(item.where, placed.where, line, {}, None, "listed")
        lists.placed.append(placed)
        lists.numbers[placed.where] = (number, item.where, line)
    rows, kind = len(found), item.records or ""
    run.sources.append(SourceCount(item.path.name, kind, {}, 0, where=item.where, rows=rows, shape=kind))


class _Reader:
    """Makes records of rows, with what the workspace and the register know."""

    def __init__(self, run: Run, centre: str, options: Options, coming: Mapping[str, list[Record]]) -> None:
        self._coming = coming
        programme, version = options.programme, options.version
        self._records, self._claims = Records(run.register), Claims(run.register)
        self._centre = centre
        self._given = programme is not None or version is not None
        self._possible = [
            item
            for item in run.workspace.programmes.values()
            if (programme or item.programme) == item.programme and (version or item.version) == item.version
        ]
        self._strict = run.workspace.policy.controls[_KNOWN].mode == "hold"
        self._learners: dict[str, tuple[LearnerRecord | None, set[tuple[str, str]], bool]] = {}
        self._provisional = 0

    def record(self, reading: OfficeReading) -> tuple[Record | None, list[Problem]]:
        """The record in a row, or why there is none."""
        problems = list(reading.problems)
        row = reading.value
        if row is None:
            return None, problems
        programme = self._programme(row, reading, problems)
        problems += self._erased(row, reading)
        if not isinstance(row, DespatchRow):
            problems += self._learner(row, reading, programme)
        if problems:
            return None, problems
        common: dict[str, object] = {"centre": self._centre}
        if programme is not None:
            common |= {"programme": programme.programme, "version": programme.version}
        made, problems = from_lists.made(row, common, programme, reading.where)
        if made is None:
            return None, problems
        stated = isinstance(row, ResultRow) and row.status is not None
        whole = from_lists.merged(made, self._records.find(made), stated=stated)
        self._provisional += isinstance(whole, Result) and whole.state == "provisional"
        return whole, []

    def remarks(self) -> Iterator[str]:
        """What the exams officer should know of what was read."""
        if self._provisional:
            yield (
                f"{self._provisional} results are provisional and count for no claim yet: when they are"
                " confirmed, say so in a column `Status`"
            )

    def _programme(self, row: OfficeRow, reading: OfficeReading, problems: list[Problem]) -> Programme | None:
        """Of which programme a row is. A certificate of a stranger's programme is kept, to be compared."""
        reference = getattr(row, "learner_ref", None)
        found = self._possible
        if isinstance(row, ResultRow | VerificationRow):
            found = [item for item in found if item.unit(row.unit)]
            if not found:
                which = "the programme named" if self._given else "any programme of the catalogue"
                what = f"{row.unit} is no unit of {which}"
                fix = "correct the unit's code, or add it to the catalogue"
                problems.append(Problem("SHEET-PROGRAMME", f"{reading.where} Unit", what, fix))
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
        problems.append(
            Problem("SHEET-PROGRAMME", f"{reading.where} {column}", f"could be of {names}", _MANY)
        )
        return None

    def _erased(self, row: OfficeRow, reading: OfficeReading) -> Iterator[Problem]:
        reference = getattr(row, "learner_ref", None)
        if reference is not None and self._claims.only_erased(subject(self._centre, reference)):
            fix = "remove the row from the file"
            yield Problem(import_sources.ERASED, reading.where, "was erased, and must not come back", fix)

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
                fix = "exams officer: register the learner, or correct the reference"
                yield Problem(_KNOWN, f"{reading.where} Learner reference", what, fix)
            return
        if learner is None:
            return
        number, name = getattr(row, "uln", None), getattr(row, "learner_name", None)
        if number and learner.uln and number != learner.uln:
            what = f"{number} is not the ULN with which {reference} is registered"
            yield Problem(
                "LEARNER-ULN", f"{reading.where} ULN", what, "ask the learner; a ULN is never guessed"
            )
        registered = Registration(reference, learner.name, learner.uln or "", "")
        if name and likeness(name, "", "", registered) == "different":
            what = f"`{name}` is not the name with which {reference} is registered, `{learner.name}`"
            fix = "exams officer: correct the reference or the name; people are never joined by name alone"
            yield Problem("REGISTRATION-MATCH", f"{reading.where} Name", what, fix)

    def _known(self, reference: str) -> tuple[LearnerRecord | None, set[tuple[str, str]], bool]:
        """A learner's record, their programmes, and whether anything is known of them."""
        if reference not in self._learners:
            about = subject(self._centre, reference)
            current = [item.record for item in self._records.about(about).current()]
            current += self._coming.get(about, [])
            learner = next((item for item in current if isinstance(item, LearnerRecord)), None)
            events = [item for item in current if isinstance(item, RegistrationEvent)]
            registered = {(item.programme, item.version) for item in events if item.event == "registered"}
            registered |= set(self._claims.programmes_of(about))
            self._learners[reference] = learner, registered, bool(learner or registered)
        return self._learners[reference]
