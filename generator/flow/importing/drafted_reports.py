"""Drafting reports of what comes early or late, while an import reads it: each once (docs/policies.md)."""

from __future__ import annotations

from collections.abc import Iterable

from generator.edge.register.claims import RegisteredClaim
from generator.edge.register.database import Register
from generator.edge.register.records import OfficeRecords
from generator.flow.shared.session import Session
from generator.model.claim import Claim
from generator.model.office_record import OfficeRecord
from generator.model.quality_records import CERTPORTAL, Irregularity
from generator.model.registration import RegistrationEvent
from generator.model.value import Instant
from generator.rules import timeliness_reports
from generator.rules.controls.facts import ClaimFacts, Missing
from generator.rules.controls.registration import events


class Drafts:
    """Collects drafts during one import. What the register has a report of, open or closed, is left alone."""

    def __init__(self, session: Session) -> None:
        self._workspace, self._today = session.workspace, session.today
        self._records = OfficeRecords(session.register)
        self._found: dict[tuple[str, ...], Irregularity] = {}

    def claim(self, claim: Claim, held: RegisteredClaim | None, facts: ClaimFacts) -> None:
        """Look at a claim: its own day when it is new, and the registration behind it."""
        if held is None:
            self._add(timeliness_reports.of_claim(claim, facts, self._workspace.policy))
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
                    timeliness_reports.of_registration(record, programme, self._workspace.policy, self._today)
                )

    def all(self) -> tuple[Irregularity, ...]:
        """The drafts, in the order in which they were found."""
        return tuple(self._found.values())

    def _add(self, drafts: Iterable[Irregularity]) -> None:
        for draft in drafts:
            if draft.key() not in self._found and self._records.find(draft) is None:
                self._found[draft.key()] = draft


def keep(register: Register, drafts: Iterable[Irregularity], at: Instant) -> int:
    """Keep drafts, inside the caller's transaction; how many were new."""
    records = OfficeRecords(register)
    return sum(records.keep(draft, CERTPORTAL, at) for draft in drafts if records.find(draft) is None)
