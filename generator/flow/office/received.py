"""Certificates on paper: received and compared, or issued here; where each is, and who must act.

See docs/received.md. Everything about a learner is read together, and compared with the chain of events;
what an import is about to keep is looked at as if it were kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims, RegisteredClaim
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds
from generator.edge.register.records import KeptRecord, OfficeRecords, digest, subject
from generator.edge.register.state_changes import StateChanges
from generator.errors import Owner
from generator.flow.shared.session import Session
from generator.model.office_record import OfficeRecord
from generator.model.paper import Handover, HandoverEvent, ReceivedCertificate
from generator.model.registration import LearnerRecord
from generator.model.result import Result
from generator.model.value import Day, later, utc_day
from generator.rules import anomalies, handover
from generator.rules.anomalies import FoundAnomaly, LearnerContext
from generator.rules.codes import HANDOVER_UNKNOWN
from generator.rules.handover import ENDED, OUT, Breach, PaperHistory, PaperState
from generator.terms import CLAIM, Worded

_OFFICE: Owner = "exams_officer"
# The events that a paper in a place waits for, who brings them about, and how.
_NEXT: dict[PaperState, tuple[tuple[HandoverEvent, ...], Owner, str]] = {
    "expected": (("received",), _OFFICE, "record its arrival"),
    "here": (("checked",), _OFFICE, f"compare the paper with the {CLAIM}, and record `checked`"),
    "checked": (("ready", "collected", "posted"), _OFFICE, "tell the learner that it is ready"),
    "ready": (("collected", "posted", "uncollected"), "learner", "collect it"),
    "uncollected": (("collected", "posted"), _OFFICE, "remind the learner, or post it"),
    "returned": (("collected", "posted"), _OFFICE, "ask the learner for an address"),
}
_KINDS = (ReceivedCertificate.KIND, Handover.KIND)


@dataclass(frozen=True, slots=True)
class PaperCertificate(Worded):
    """One certificate on paper. `state` is its place, or `withheld`; `name` only sorts and is never shown.

    `open`: anomalies that nobody closed; `unsaid`: what its list did not say and nobody could compare;
    `fix`: what `owner` does next, empty where nothing is left to do.
    """

    centre: str
    certificate: str
    learner_ref: str
    state: str
    since: Day | None
    open: tuple[FoundAnomaly, ...]
    unsaid: tuple[str, ...]
    owner: Owner
    fix: str
    destroy_from: Day | None
    breaches: tuple[Breach, ...]
    events: tuple[HandoverEvent, ...]
    name: str


@dataclass(frozen=True, slots=True)
class AwaitedCertificate:
    """A claim of a centre for which no certificate has come: since when it was claimed."""

    about: str
    programme: str
    claimed_on: str


class PaperCertificates:
    """The papers of a register. `incoming` are records about to be kept."""

    def __init__(self, session: Session, incoming: Iterable[OfficeRecord] = ()) -> None:
        self._workspace, self._register, self._now = session.workspace, session.register, session.now
        self._today = session.today
        self._rules = session.workspace.portal.policy.paper
        self._records, self._claims = OfficeRecords(session.register), Claims(session.register)
        self._incoming: dict[str, list[OfficeRecord]] = {}
        self._fresh: set[Handover] = set()
        # Certificates that go to another learner than they were recorded for.
        self._moved: set[tuple[str, ...]] = set()
        for record in incoming:
            if isinstance(record, Handover) and not self.is_kept(record):
                self._fresh.add(record)
            if isinstance(record, ReceivedCertificate) and self.recorded_for(record) not in (
                None,
                record.learner_ref,
            ):
                self._moved.add(record.key())
            if isinstance(record, ReceivedCertificate | Handover | Result | LearnerRecord):
                about = subject(record.centre, record.learner_ref)
                self._incoming.setdefault(about, []).append(record)

    def all(self) -> Iterator[PaperCertificate]:
        """Every paper, by learner and number."""
        for about in self._records.subjects(*_KINDS):
            yield from self.about(about)

    def about(self, about: str) -> list[PaperCertificate]:
        """The papers of one learner, `NF041/NF04131`."""
        kept = self._kept(about)
        events: dict[str, list[KeptRecord]] = {}
        for item in kept:
            if isinstance(item.record, Handover):
                events.setdefault(item.record.certificate, []).append(item)
        received = [item for item in kept if isinstance(item.record, ReceivedCertificate)]
        claims = [held for held, _ in self._claims.about(about)]
        ended = {number for number, of_paper in events.items() if self._ended(of_paper)}
        found = []
        for item in received:
            number = getattr(item.record, "certificate", "")
            found.append(self._received(item, kept, claims, events.pop(number, []), ended))
        for number, of_paper in events.items():
            found.append(self._other(about, number, claims, of_paper))
        return sorted(found, key=lambda paper: paper.certificate)

    def breaches(self, about: str) -> list[Breach]:
        """Every event about a learner that a rule forbids."""
        return [breach for paper in self.about(about) for breach in paper.breaches]

    def recorded_for(self, record: ReceivedCertificate) -> str | None:
        """The learner for whom a certificate is recorded so far."""
        known = self._records.find(record)
        return known.learner() if known is not None else None

    def is_kept(self, event: Handover) -> bool:
        """Whether the register holds this very event, so that it happened and is only told."""
        return self._records.find(event) == event

    def awaited(self) -> Iterator[AwaitedCertificate]:
        """Claims of a centre whose certificate should have come by today."""
        if self._workspace.portal.organisation.kind != "centre":
            return
        for about in self._claims.subjects():
            received = [
                item.record for item in self._kept(about) if isinstance(item.record, ReceivedCertificate)
            ]
            for held, imported_at in self._claims.about(about):
                claim, day = held.claim, utc_day(imported_at)
                if claim.kind == "course" or self._today <= later(day, days=self._rules.expected_days):
                    continue
                known = LearnerContext([claim], self._workspace.programmes)
                if not any(anomalies.claims_for(item, known) for item in received):
                    yield AwaitedCertificate(about, f"{claim.programme} {claim.version}", day)

    def _kept(self, about: str) -> list[KeptRecord]:
        """The current records about a learner, with those about to be kept in their places."""
        found = {
            (item.record.KIND, item.record.key()): item
            for item in self._records.about(about).current()
            if not (isinstance(item.record, ReceivedCertificate) and item.record.key() in self._moved)
        }
        for record in self._incoming.get(about, ()):
            before = found.get((record.KIND, record.key()))
            if before is None or before.record != record:
                found[(record.KIND, record.key())] = KeptRecord(record, digest(record), "", self._now, True)
        return list(found.values())

    def _ended(self, events: Sequence[KeptRecord]) -> bool:
        return any(
            isinstance(item.record, Handover)
            and item.record.event in ENDED
            and not item.record.entered_in_error
            for item in events
        )

    def _received(
        self,
        item: KeptRecord,
        kept: list[KeptRecord],
        claims: list[RegisteredClaim],
        events: list[KeptRecord],
        ended: set[str],
    ) -> PaperCertificate:
        record = item.record
        assert isinstance(record, ReceivedCertificate)  # noqa: S101 - the caller sorted them
        known = self._context(record, kept, claims, ended)
        matching = anomalies.claims_for(record, known)
        changed = [item.at, *(one.at for one in kept if isinstance(one.record, Result))]
        for held in claims:
            if held.claim in matching:
                changed += [event.at for event in EventLog(self._register).of(held.claim_id, "claim_amended")]
        closed = _closed(events, max(changed))
        is_open = tuple(one for one in anomalies.compare(record, known) if one.anomaly not in closed)
        walk = self._walk(events, [one.code for one in is_open], record.received_on)
        name = matching[0].learner_name if matching else record.name
        return self._paper(record, walk, is_open, anomalies.unsaid(record), name)

    def _context(
        self,
        about: ReceivedCertificate,
        kept: list[KeptRecord],
        claims: list[RegisteredClaim],
        ended: set[str],
    ) -> LearnerContext:
        """What a received certificate is compared with; of others, those that have not ended."""
        records = [one.record for one in kept]
        return LearnerContext(
            [held.claim for held in claims],
            self._workspace.programmes,
            next((record for record in records if isinstance(record, LearnerRecord)), None),
            [record for record in records if isinstance(record, Result)],
            [
                record
                for record in records
                if isinstance(record, ReceivedCertificate)
                and record.certificate != about.certificate
                and record.certificate not in ended
            ],
        )

    def _other(
        self, about: str, number: str, claims: list[RegisteredClaim], events: list[KeptRecord]
    ) -> PaperCertificate:
        """A certificate issued here, or one of which nothing but its events is known."""
        first = events[0].record
        assert isinstance(first, Handover)  # noqa: S101 - the caller sorted them
        held = next((one for one in claims if one.serial == number), None)
        if held is None:
            what = f"no certificate {number} of {about} was received or issued"
            fix = "correct number or reference, or import the despatch list first"
            walk = self._walk([], [], None)
            walk.breaches = [
                Breach(one.record, HANDOVER_UNKNOWN, what, fix)
                for one in events
                if isinstance(one.record, Handover)
            ]
            return self._paper(first, walk, (), (), "")
        state = StateChanges(self._register).state(number)
        withheld = [f"it is {state}"] if state != "valid" else []
        withheld += [f"hold {one.hold_id}" for one in Holds(self._register).withholding(number)]
        if Certificates(self._register).find(number) is None:
            withheld.append("it is not issued yet")
        walk = self._walk(events, withheld, None, issued_here=True)
        return self._paper(first, walk, (), (), held.claim.learner_name)

    def _walk(
        self,
        events: Sequence[KeptRecord],
        withheld: Sequence[str],
        received_on: Day | None,
        *,
        issued_here: bool = False,
    ) -> PaperHistory:
        handovers = [one.record for one in events if isinstance(one.record, Handover)]
        fresh = [one for one in handovers if one in self._fresh]
        return handover.walk(
            handovers,
            fresh=fresh,
            received_on=received_on,
            withheld=withheld,
            destroy_days=self._rules.destroy_days,
            issued_here=issued_here,
        )

    def _paper(
        self,
        record: ReceivedCertificate | Handover,
        walk: PaperHistory,
        is_open: tuple[FoundAnomaly, ...],
        unsaid: tuple[str, ...],
        name: str,
    ) -> PaperCertificate:
        place = walk.place
        if place == "ready" and walk.since and self._today > later(walk.since, days=self._rules.remind_days):
            place = "uncollected"
        events, owner, fix = _NEXT.get(place, ((), _OFFICE, ""))
        state: str = place
        if place not in (*OUT, *ENDED) and walk.withheld:
            state, owner, fix = "withheld", "quality_nominee", "settle it first"
            if is_open:
                owner, fix = is_open[0].owner, is_open[0].fix
            events = tuple(event for event in events if event in ("received", "checked"))
        if place in OUT and is_open:
            owner, fix = _OFFICE, "ask for it back, and tell the awarding organisation"
        return PaperCertificate(
            record.centre,
            record.certificate,
            record.learner_ref,
            state,
            walk.since,
            is_open,
            unsaid,
            owner,
            fix,
            walk.destroy_from,
            tuple(walk.breaches),
            events,
            name,
        )


def _closed(events: Sequence[KeptRecord], since: str) -> set[str | None]:
    """The anomalies that were closed. A closing is about what was compared: what changed after it reopens."""
    return {
        one.record.anomaly
        for one in events
        if isinstance(one.record, Handover)
        and one.record.event == "anomaly_closed"
        and not one.record.entered_in_error
        and one.at >= since
    }
