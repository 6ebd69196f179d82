"""One import in progress: sheets read row by row, checked, laid out in staging (docs/import.md)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from generator.edge import disk
from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.database import Register
from generator.edge.register.held_rows import Answers
from generator.edge.register.staging import Staging, State
from generator.errors import Place, Problem, Refused
from generator.flow.importing import import_sources, open_sheet
from generator.flow.importing.codes import CLAIM_ERASED, CLAIM_ISSUED
from generator.flow.importing.import_findings import ImportPreview, SourceCount
from generator.flow.importing.import_sources import SOURCES, Input
from generator.flow.importing.name_questions import Names, Question
from generator.flow.importing.records import Incoming
from generator.flow.shared.codes import CLAIM_DUPLICATE
from generator.flow.shared.workspace import Workspace
from generator.model.claim import Claim
from generator.model.office_record import OfficeRecord
from generator.model.quality_records import Irregularity
from generator.rules.codes import CLAIM_PROGRAMME
from generator.sheets import claim_file, claim_sheets, layout_workbook, sheet_rows, strict_yaml, table
from generator.sheets.claim_sheets import ClaimReading
from generator.sheets.codes import SHEET_EMPTY
from generator.sheets.layouts import Placed
from generator.sheets.registration_sheet import Registrations
from generator.sheets.sources_file import Source

SHOWN = 1_000
# The problems that the controls find in a claim, as it was registered before, at a place; `planned` is when
# its learner was to finish, as the registration sheet says, None where the year is not to be looked at.
ClaimCheck = Callable[[Claim, RegisteredClaim | None, Place, str | None], list[Problem]]


@dataclass(slots=True)
class ImportRun:
    """One import: its inputs read one after the other into staging."""

    workspace: Workspace
    register: Register
    given: dict[str, str]
    sources: list[SourceCount] = field(default_factory=list)
    questions: dict[str, Question] = field(default_factory=dict)
    passed_over: list[Problem] = field(default_factory=list)
    staging: Staging = field(init=False)
    claims: Claims = field(init=False)
    answers: Answers = field(init=False)
    known: dict[str, str] = field(init=False)
    _told: set[tuple[Problem, str]] = field(default_factory=set)
    _sheets: dict[tuple[str, str], Registrations] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.staging = Staging.begun(self.register)
        self.claims = Claims(self.register)
        self.answers = Answers(self.register)
        self.known = self.answers.known() | self.given

    def file_faults(self, problems: Iterable[Problem], where: str) -> None:
        """Keep problems of a whole file, or of a row that gave no claim."""
        for problem in problems:
            file = problem.place.file or where
            if (problem, file) not in self._told:  # a sheet on which six others rest is wrong once
                self._told.add((problem, file))
                self.staging.fault(problem, file, problem.place.row)

    def registered(self, inputs: Iterable[Input]) -> list[Placed[OfficeRecord]]:
        """Learners and registrations of the sheets that come with claims, as records of ours."""
        made: list[Placed[OfficeRecord]] = []
        seen: set[tuple[str, ...]] = set()
        for source in (item.source for item in inputs if item.source and item.source.registrations):
            of = (source.registrations or "", source.centre, source.programme, source.version)
            try:
                found = self._registrations(source)
            except Refused:
                continue  # reading the claims that rest on it says so
            if found is not None and of not in seen:
                seen.add(of)
                self.file_faults(found.problems, of[0])
                for row in found.by_reference.values():
                    records, problems = import_sources.as_records(row, *of[1:])
                    self.file_faults(problems, of[0])
                    made += [Placed(record, row.place) for record in records]
        return made

    def _registrations(self, source: Source) -> Registrations | None:
        """A registration sheet, read once however many sources name it."""
        key = (source.registrations or "", source.registrations_dates or source.dates)
        if key not in self._sheets:
            found = import_sources.registrations(self.workspace, source)
            if found is None:
                return None
            self._sheets[key] = found
        return self._sheets[key]

    def read(self, item: Input, check_claim: ClaimCheck) -> None:
        """Read one input of claims. What a file did before it broke off counts for nothing."""
        with self.staging.all_or_faults() as faults:
            try:
                if item.source is None:
                    self._own(item, check_claim)
                else:
                    self._sheet(item, item.source, check_claim)
            except Refused as refused:
                faults.extend(refused.problems)
        self.file_faults(faults, item.where)

    def _sheet(self, item: Input, source: Source, check_claim: ClaimCheck) -> None:
        programme = self.workspace.programmes.get((source.programme, source.version))
        if programme is None:
            what = f"{source.programme} version {source.version} is not in the catalogue"
            fix = f"add it to certificates/catalogue/, or correct {SOURCES}"
            raise Refused(CLAIM_PROGRAMME.at(Place(item.where), what, fix))
        registered = self._registrations(source)
        names = Names(self.answers, self.known, registered, self.questions) if registered else None
        people = import_sources.people(self.workspace, source)
        counts: Counter[str] = Counter()
        verifiers: Counter[tuple[str, str]] = Counter()
        unfinished = rows = 0
        with open_sheet.opened(item.path, item.where, open_sheet.reading_of(source)) as sheet:
            self.file_faults(import_sources.not_this_programme(self.workspace, source, sheet), item.where)
            for reading in claim_sheets.read(sheet.table, source, programme, people):
                rows += 1
                if reading.claim is None and not reading.problems:
                    unfinished += 1
                    continue
                dated = source.completed_from or source.completed_until
                self._row(item.where, reading, names, check_claim, look_at_year=not dated)
                if reading.claim is not None:
                    counts[reading.claim.kind] += 1
                    results = reading.claim.results
                    verifiers.update((unit.unit, unit.verifier) for unit in results if unit.verifier)
            if not rows:
                fix = "check that the right file was exported"
                raise Refused(SHEET_EMPTY.at(Place(item.where), "has no rows below its headings", fix))
            if names:
                self.file_faults(names.cohort(item.where), item.where)
            self.sources.append(
                SourceCount(
                    item.path.name,
                    programme.title,
                    counts,
                    unfinished,
                    sheet.remarks,
                    item.where,
                    source.centre,
                    {unit: who for (unit, who), _ in reversed(verifiers.most_common())},
                )
            )

    def _own(self, item: Input, check_claim: ClaimCheck) -> None:
        """Our own layout: YAML, CSV or a workbook with one field a column."""
        if item.path.suffix.lower() in (".yaml", ".yml"):
            data = disk.read(item.path, strict_yaml.CAP, item.where)
            found = claim_file.read_yaml(data, Place(item.where))
        elif item.path.suffix.lower() == ".jsonl":
            found = claim_file.read_lines(disk.read(item.path, table.CAP, item.where), Place(item.where))
        elif item.path.suffix.lower() == ".csv":
            data = disk.read(item.path, table.CAP, item.where)
            found = claim_file.read_csv(table.read_csv(data, Place(item.where)))
        else:
            with disk.opened(item.path, item.where) as file:
                grid = layout_workbook.sheet(open_sheet.grids(file, item.where), "claims")
                found = claim_file.read_csv(sheet_rows.read_plain_rows(grid))
        counts: Counter[str] = Counter(made.claim.kind for made in found if made.claim)
        for made in found:
            self._row(item.where, made, None, check_claim)
        self.sources.append(SourceCount(item.path.name, "", counts, 0, where=item.where))

    def _row(
        self,
        file: str,
        reading: ClaimReading,
        names: Names | None,
        check_claim: ClaimCheck,
        *,
        look_at_year: bool = False,
    ) -> None:
        """Check one row and lay it out: new, amended, the same as known, or held."""
        claim, problems = reading.claim, list(reading.problems)
        if claim is not None and self.claims.is_erased(claim):
            # Whoever was erased is passed over: the office's sheet may go on naming them, and nothing of the
            # row is kept, not even as one that was refused.
            what = "was erased and does not come back; the row was passed over"
            self.passed_over.append(CLAIM_ERASED.at(reading.place, what, "remove the row from the file"))
            return
        state: State = "held"
        if claim is not None:
            if names is not None:
                claim, problems = names.settle(reading, claim)
            held = self.claims.find(claim)
            planned = (names.planned(claim) if names else "") if look_at_year else None
            problems += _beyond(check_claim(claim, held, reading.place, planned), problems)
            # A row with faults of its own says nothing yet of what it differs in.
            if held and held.serial and held.claim != claim and not problems:
                what = f"differs from certificate {held.serial}, which is issued"
                fix = "undo the change; an issued certificate is corrected by a replacement"
                problems.append(CLAIM_ISSUED.at(reading.place, what, fix))
            problems += self._twin(claim, reading.place)
            if not problems:
                state = "new" if held is None else ("same" if held.claim == claim else "amended")
        row = reading.row
        number = self.staging.add(file, reading.place, row.line, row.cells, claim, state, reading.email)
        for problem in _once(problems):
            self.staging.fault(problem, file, row.line, number)

    def _twin(self, claim: Claim, place: Place) -> list[Problem]:
        """A claim made twice holds both rows: which of them is right is not ours to say."""
        twin = self.staging.twin(claim)
        if twin is None:
            return []
        self.staging.hold(twin.number)
        said = f"{claim.learner_ref} is claimed for {claim.programme} twice, also in"
        fix = "remove one of the two rows"
        fault = CLAIM_DUPLICATE.at(place, f"{said} {twin.place}", fix)
        self.staging.fault(
            CLAIM_DUPLICATE.at(twin.place, f"{said} {place}", fix), twin.file, twin.line, twin.number
        )
        return [fault]

    def result(
        self,
        inputs: tuple[Input, ...],
        incoming: Incoming,
        reported: tuple[Problem, ...],
        drafts: tuple[Irregularity, ...],
    ) -> ImportPreview:
        """The preview of what lies in staging."""
        staging = self.staging
        return ImportPreview(
            rows=staging.digest(),
            new=staging.count("new"),
            amended=staging.count("amended"),
            same=staging.count("same"),
            listed=staging.count("listed"),
            held=staging.count("held"),
            problems=tuple(staging.faults(limit=SHOWN)),
            faults=staging.fault_count(),
            faulty_files=tuple(staging.faulty_files()),
            sources=tuple(self.sources),
            questions=tuple(item for item in self.questions.values() if item.number not in self.known),
            inputs=inputs,
            answers=self.given,
            records=incoming,
            reported=(*self.passed_over, *reported),
            drafts=drafts,
        )


def _beyond(found: list[Problem], read: list[Problem]) -> Iterator[Problem]:
    """What the controls add: a record whose date cannot be read is not missing as well."""
    unread = {problem.place.column.removesuffix(" verified on") for problem in read}
    return (
        problem for problem in found if problem.code != "CLAIM-VERIFIED" or problem.place.column not in unread
    )


def _once(problems: list[Problem]) -> Iterable[Problem]:
    """The same thing said of the same cell by the sheet's reader and by a control is said once."""
    return {(problem.code, problem.place, problem.what): problem for problem in problems}.values()
