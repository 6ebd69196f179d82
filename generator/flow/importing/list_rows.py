"""A row of an office's list as a record, with what workspace and register know of it (docs/import.md)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.edge.register.claims import Claims
from generator.edge.register.records import OfficeRecords, subject
from generator.errors import Place, Problem
from generator.flow.importing.codes import CLAIM_ERASED
from generator.flow.importing.import_run import ImportRun
from generator.flow.importing.import_sources import Options
from generator.model.catalogue import Programme
from generator.model.office_record import OfficeRecord
from generator.model.registration import LearnerRecord, RegistrationEvent
from generator.model.result import Result
from generator.rules import list_records
from generator.rules.anomalies import is_titled
from generator.rules.codes import REGISTRATION_KNOWN, REGISTRATION_MATCH
from generator.rules.name_matching import likeness
from generator.sheets.codes import LEARNER_ULN, SHEET_PROGRAMME
from generator.sheets.office_sheets import DespatchRow, OfficeReading, OfficeRow, ResultRow, VerificationRow
from generator.sheets.registration_sheet import Registration

_REMEMBERED = 5_000  # learners, so that a long list takes no more memory than a short one
_MANY = "say which with --programme and --version"


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
        problems += self._erased(row, reading)
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
                f"{self._provisional} results are provisional and count for no claim yet: when they are"
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
                what = f"{row.unit} is no unit of {which}"
                fix = "correct the unit's code, or add it to the catalogue"
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

    def _erased(self, row: OfficeRow, reading: OfficeReading) -> Iterator[Problem]:
        reference = getattr(row, "learner_ref", None)
        if reference is not None and self._claims.only_erased(subject(self._centre, reference)):
            fix = "remove the row from the file"
            yield CLAIM_ERASED.at(reading.place, "was erased, and must not come back", fix)

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
