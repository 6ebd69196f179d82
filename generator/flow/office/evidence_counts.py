"""What the register knows by itself for each clause of a quality review: counts, and nobody's name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TypeVar

from generator.edge.register.cases import Cases
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds
from generator.edge.register.records import OfficeRecords
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.office_record import OfficeRecord
from generator.model.people import RoleHeld
from generator.model.quality_records import BlockStep, CentreApproval, Interest, Irregularity, ReviewCheck
from generator.model.record_kinds import EVERY
from generator.model.registration import RegistrationEvent, standing
from generator.model.result import Result, VerificationRecord

Figures = Mapping[int, tuple[tuple[str, int], ...]]
Kind = TypeVar("Kind", bound=OfficeRecord)


def figures(session: Session, centre: str | None) -> Figures:
    """By clause number: what is counted, and how many. With a centre, its own only where it has its own."""
    count = _Counting(session.workspace, session.register, session.today, centre)
    return {
        1: tuple(count.running()),
        2: tuple(count.people(session.now)),
        3: tuple(count.registering()),
        5: tuple(count.keeping()),
        8: tuple(count.assessing()),
        9: tuple(count.verifying()),
        10: tuple(count.safeguarding()),
    }


Counted = Iterator[tuple[str, int]]


class _Counting:
    def __init__(self, workspace: Workspace, register: Register, today: str, centre: str | None) -> None:
        self._workspace, self._register = workspace, register
        self._today, self._centre = today, centre
        self._records = OfficeRecords(register)

    def _of(self, kind: type[Kind]) -> Iterator[Kind]:
        for record in self._records.of_kind(kind.KIND):
            if isinstance(record, kind) and self._centre in (None, record.centre):
                yield record

    def running(self) -> Counted:
        """Approvals, blocks, reviews."""
        live = ended = 0
        for item in self._of(CentreApproval):
            now = item.live(item.programme, self._today)
            live, ended = live + now, ended + (item.until is not None and item.until < self._today)
        yield "approvals of programmes in force", live
        yield "approvals of programmes that have ended", ended
        steps: dict[str, set[str]] = {}
        for step in self._of(BlockStep):
            steps.setdefault(step.case, set()).add(step.step)
        yield "certification blocks judged", len(steps)
        applied = [taken for taken in steps.values() if "applied" in taken and "released" not in taken]
        yield "certification blocks in force", len(applied)

    def people(self, now: str) -> Counted:
        """Who holds which role today. The roster is one for all centres."""
        held: Counter[str] = Counter()
        deputies = 0
        for person in self._workspace.keystore.roster().people:
            if not any(key.until is None or key.until > now for key in person.keys):
                continue
            roles = [one for one in person.roles if self._held(one)]
            held.update({one.role for one in roles})
            deputies += any(one.deputy_for for one in roles)
        for role, number in sorted(held.items()):
            yield f"people in the role of {role.replace('_', ' ')}", number
        yield "people acting as deputies", deputies
        yield (
            "interests declared",
            sum(item.until is None or item.until >= self._today for item in self._of(Interest)),
        )

    def _held(self, role: RoleHeld) -> bool:
        here = self._centre is None or role.centres is None or self._centre in role.centres
        return here and role.on(self._today)

    def registering(self) -> Counted:
        """Registrations and what they lack, certificates, reports."""
        by_registration: dict[tuple[str, ...], list[RegistrationEvent]] = {}
        for event in self._of(RegistrationEvent):
            key = (event.centre, event.learner_ref, event.programme, event.version)
            by_registration.setdefault(key, []).append(event)
        told: Counter[str] = Counter()
        for events in by_registration.values():
            state = standing(tuple(events)) or "never registered"
            told[state] += 1
            if state in ("active", "on_break"):
                kinds = {event.event for event in events}
                told.update(name for name in ("confirmed", "identity_seen", "told") if name in kinds)
        alive = told["active"] + told["on_break"]
        yield "registrations in all", len(by_registration)
        yield "registrations active or on a break", alive
        yield "of these confirmed by the lead internal verifier", told["confirmed"]
        yield "of these not confirmed", alive - told["confirmed"]
        yield "of these without an identity document seen", alive - told["identity_seen"]
        yield "of these where the learner was not told", alive - told["told"]
        yield "registrations withdrawn", told["withdrawn"]
        claims = Claims(self._register)
        for words, listed in (
            ("certificates issued and not erased", claims.certified()),
            ("claims that wait", claims.uncertified()),
        ):
            yield words, sum(self._centre in (None, item.claim.centre) for item in listed)
        reports = Counter(
            ("open" if item.next_step() else "closed", item.finding) for item in self._of(Irregularity)
        )
        for (where, finding), number in sorted(reports.items(), reverse=True):
            yield f"{where} reports of {finding} registrations or claims", number
        if not reports:
            yield "reports of early, late, inaccurate or suspect registrations or claims", 0

    def keeping(self) -> Counted:
        """What is kept, by kind; the chain that holds it."""
        for name, kind in EVERY.items():
            number = sum(1 for _ in self._of(kind))
            if number:
                yield f"records of the layout {name}", number
        yield "events in the register's chain", EventLog(self._register).state()[0]
        yield "rules of retention in portal.yaml", len(self._workspace.portal.retention)

    def assessing(self) -> Counted:
        """Results by their state and their attempt."""
        states: Counter[str] = Counter()
        for item in self._of(Result):
            states.update((f"results {item.state.replace('_', ' ')}", f"{item.attempt} attempts"))
        yield from sorted(states.items())
        if not states:
            yield "results", 0

    def verifying(self) -> Counted:
        """Internal verification records and the claims that were checked against the records."""
        records = waiting = 0
        for item in self._of(VerificationRecord):
            records += 1
            waiting += item.outcome == "action" and item.action_closed_on is None
        yield "internal verification records", records
        yield "of these with an action that is not closed", waiting
        checks = Counter(item.outcome for item in self._of(ReviewCheck))
        yield "claims of a drawn sample checked against the records", checks.total()
        yield "of these that differed", checks["differs"]

    def safeguarding(self) -> Counted:
        """Special consideration, results in dispute, holds, cases. Holds and cases are the office's."""
        listed = [(item.special_consideration, item.state) for item in self._of(Result)]
        yield "results with special consideration", sum(special for special, _ in listed)
        yield "results under review", sum(state == "under_review" for _, state in listed)
        yield "holds in force", len(Holds(self._register).standing())
        yield (
            "cases open (revocation, suspension, appeal, reissue, erasure)",
            len(Cases(self._register).open_ones()),
        )
