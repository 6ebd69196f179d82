"""What an import found and would do, before anything is written (docs/import.md).

Reports of what comes early or late are drafted while it reads, each once (docs/policies.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from generator.edge.register.claims import RegisteredClaim
from generator.edge.register.records import OfficeRecords
from generator.errors import Problem
from generator.flow.importing.import_sources import Input
from generator.flow.importing.name_questions import Question
from generator.flow.importing.records import Incoming
from generator.flow.shared.session import Session
from generator.model.claim import Claim
from generator.model.office_record import OfficeRecord
from generator.model.quality_records import Irregularity
from generator.model.registration import RegistrationEvent
from generator.model.value import Digest
from generator.rules import timeliness
from generator.rules.controls.facts import ClaimFacts, Missing
from generator.rules.controls.registration import events


@dataclass(frozen=True, slots=True)
class SourceCount:
    """What one file held: claims by kind, learners not finished yet, how it was read, who verified what."""

    file: str
    programme: str
    claims: Mapping[str, int]
    unfinished: int
    remarks: tuple[str, ...] = ()
    where: str = ""
    centre: str = ""
    verifiers: Mapping[str, str] = field(default_factory=dict)
    # Of a list: how many rows it has, and of which shape.
    rows: int = 0
    shape: str = ""


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """What an import would do, as a value. Rows are counted: `new`, `amended` and `same` are claims without a
    problem; `listed`, records in lists; `held`, rows with a problem.

    `problems` are the first of them, `faults` is how many there are, and `faulty_files` where. `rows` is the
    digest of every row and fault as they were laid out: only these are written (`import_claims.write`).
    `drafts` are reports of what came early or late.
    """

    rows: Digest
    new: int
    amended: int
    same: int
    listed: int
    held: int
    problems: tuple[Problem, ...]
    faults: int
    faulty_files: tuple[str, ...]
    sources: tuple[SourceCount, ...]
    questions: tuple[Question, ...]
    inputs: tuple[Input, ...]
    answers: Mapping[str, str]
    records: Incoming
    reported: tuple[Problem, ...]
    drafts: tuple[Irregularity, ...] = ()


class Drafts:
    """Collects drafts during one import. What the register has a report of, open or closed, is left alone."""

    def __init__(self, session: Session) -> None:
        self._workspace, self._today = session.workspace, session.today
        self._records = OfficeRecords(session.register)
        self._found: dict[tuple[str, ...], Irregularity] = {}

    def claim(self, claim: Claim, held: RegisteredClaim | None, facts: ClaimFacts) -> None:
        """Look at a claim: its own day when it is new, and the registration behind it."""
        if held is None:
            self._add(timeliness.reports_of_claim(claim, facts, self._workspace.policy))
        if (held is None or held.serial is None) and not isinstance(facts.registration, Missing):
            self.registrations(events(claim, facts))

    def registrations(self, records: Iterable[OfficeRecord]) -> None:
        """Look at registrations that are about to be kept, or that a claim rests on."""
        for record in records:
            if not isinstance(record, RegistrationEvent) or record.centre not in self._workspace.centres:
                continue
            programme = self._workspace.programmes.get((record.programme, record.version))
            if programme is not None:
                self._add(
                    timeliness.reports_of_registration(record, programme, self._workspace.policy, self._today)
                )

    def all(self) -> tuple[Irregularity, ...]:
        """The drafts, in the order in which they were found."""
        return tuple(self._found.values())

    def _add(self, drafts: Iterable[Irregularity]) -> None:
        for draft in drafts:
            if draft.key() not in self._found and self._records.find(draft) is None:
                self._found[draft.key()] = draft
