"""What waits for somebody: registrations, unclaimed results, open reports, reviews (docs/policies.md)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from generator.edge.register.approvals import Approvals
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.holds import Holds
from generator.edge.register.records import OfficeRecords, subject
from generator.flow.office.received import PaperCertificates
from generator.flow.shared import rosters, waiting_messages
from generator.flow.shared.session import Session
from generator.model.quality_records import EvidenceItem, Irregularity
from generator.model.registration import RegistrationEvent, registration_state
from generator.model.result import Result
from generator.model.value import later
from generator.rules.controls.registration import Deadline
from generator.rules.received_approvals import open_standing
from generator.sheets import layouts
from generator.terms import EXAMS_OFFICER, REGISTRATION, UNIT, Worded, spoken

_AHEAD_DAYS = 60
_Registration = tuple[str, str, str, str]  # centre, learner, programme, version


@dataclass(frozen=True, slots=True)
class PendingItem(Worded):
    """One thing that waits: what, since or until when, and who must act."""

    list: str
    where: str
    what: str
    who: str
    on: str | None = None


def pending(session: Session) -> list[PendingItem]:
    """Everything that waits, list by list, the earliest day first."""
    found = [
        *_registrations(session),
        *_unclaimed(session),
        *_holds(session.register),
        *_reports(session.register),
        *_evidence(session),
        *_standing(session),
        *_unreached(session),
        *_paper(session),
    ]
    order = {name: rank for rank, name in enumerate(dict.fromkeys(item.list for item in found))}
    return sorted(found, key=lambda item: (order[item.list], item.on or "9999", item.where))


def confirm_list(register: Register) -> bytes:
    """Registrations that a lead internal verifier has not confirmed, in our layout, to be signed off.

    Only the empty columns are left to fill in: no name, no role's holder and no day is suggested.
    """
    rows = []
    for (centre, learner, programme, version), events in _by_registration(register):
        if registration_state(events) == "active" and not any(one.event == "confirmed" for one in events):
            fields = {"centre": centre, "learner_ref": learner, "programme": programme, "version": version}
            rows.append(RegistrationEvent.of({**fields, "event": "confirmed"}))
    return layouts.write(RegistrationEvent, RegistrationEvent.KIND, rows, "csv")


def _by_registration(
    register: Register,
) -> Iterable[tuple[_Registration, tuple[RegistrationEvent, ...]]]:
    found: dict[_Registration, list[RegistrationEvent]] = {}
    for record in OfficeRecords(register).of_kind(RegistrationEvent.KIND):
        if isinstance(record, RegistrationEvent):
            key = (record.centre, record.learner_ref, record.programme, record.version)
            found.setdefault(key, []).append(record)
    return [(key, tuple(events)) for key, events in found.items()]


def _registrations(session: Session) -> Iterator[PendingItem]:
    controls = session.workspace.policy.controls
    given = controls["REGISTRATION-DEADLINE"].parameters
    days = given.days if isinstance(given, Deadline) else None
    wanted = (
        ("REGISTRATION-CONFIRMED", "confirmed", "not confirmed", "lead internal verifier"),
        ("REGISTRATION-IDENTITY", "identity_seen", "no identity document seen", EXAMS_OFFICER),
        ("REGISTRATION-TOLD", "told", "learner not told", EXAMS_OFFICER),
    )
    for (centre, learner, programme, version), events in _by_registration(session.register):
        if registration_state(events) not in ("active", "on_break"):
            continue
        where = f"{subject(centre, learner)} {programme} {version}"
        for name, event, what, who in wanted:
            if controls[name].mode != "off" and not any(one.event == event for one in events):
                yield PendingItem(f"{REGISTRATION}s", where, what, who)
        starts = [one.starts_on for one in events if one.event == "registered" and one.starts_on]
        if days is not None and starts and not any(one.on for one in events if one.event == "registered"):
            last = later(min(starts), days=days)
            said = f"{REGISTRATION} overdue" if session.today > last else f"{REGISTRATION} due"
            yield PendingItem(f"{REGISTRATION}s", where, said, EXAMS_OFFICER, last)


def _unclaimed(session: Session) -> Iterator[PendingItem]:
    """Learners with a counting result of every mandatory unit, for whom nobody has claimed."""
    done: dict[_Registration, set[str]] = {}
    for record in OfficeRecords(session.register).of_kind(Result.KIND):
        if isinstance(record, Result) and record.counts and record.assignment is None:
            key = (record.centre, record.learner_ref, record.programme, record.version)
            done.setdefault(key, set()).add(record.unit)
    claims = Claims(session.register)
    for (centre, learner, programme, version), units in done.items():
        entry = session.workspace.programmes.get((programme, version))
        if entry is None or any(unit.mandatory and unit.code not in units for unit in entry.units):
            continue
        about = subject(centre, learner)
        kinds = ("qualification", "course")
        if not any(claims.of_subject(about, programme, version, kind) for kind in kinds):
            what = f"every mandatory {UNIT} has a result, and nothing is claimed"
            yield PendingItem("finished and unclaimed", f"{about} {programme} {version}", what, EXAMS_OFFICER)


def _holds(register: Register) -> Iterator[PendingItem]:
    """The holds in force: what HOLD-OPEN says of the claims below them, and what is withheld."""
    for hold in Holds(register).in_force():
        what = f"hold {hold.hold_id}: {spoken(hold.kind)}"
        yield PendingItem("holds", f"{hold.scope} {hold.subject}", what, hold.owner, hold.until)


def _reports(register: Register) -> Iterator[PendingItem]:
    for record in OfficeRecords(register).of_kind(Irregularity.KIND):
        if isinstance(record, Irregularity) and (todo := record.next_step()):
            of = " ".join(part for part in (record.learner_ref, record.programme) if part)
            said = f"{record.finding} {record.about}{f' of {of}' if of else ''}: {todo.what}"
            yield PendingItem(
                "reports", f"{record.centre} {record.report}", said, todo.who(), record.found_on
            )


def _evidence(session: Session) -> Iterator[PendingItem]:
    ahead = later(session.today, days=_AHEAD_DAYS)
    for record in OfficeRecords(session.register).of_kind(EvidenceItem.KIND):
        if (
            isinstance(record, EvidenceItem)
            and record.status != "closed"
            and (record.review_on or "9999") <= ahead
        ):
            what = f"{spoken(record.what)}: {record.subject}"
            yield PendingItem(
                "evidence", f"{record.centre} {record.evidence}", what, record.owner, record.review_on
            )


def _unreached(session: Session) -> Iterator[PendingItem]:
    """Learners to whom something is to be said and who have no address, once each."""
    seen: dict[str, set[str]] = {}
    for whom, kind in waiting_messages.without_address(session):
        seen.setdefault(whom, set()).add(kind.removeprefix(waiting_messages.REGISTRATION).replace("_", " "))
    for whom, kinds in sorted(seen.items()):
        yield PendingItem("no address", whom, f"cannot be told: {', '.join(sorted(kinds))}", EXAMS_OFFICER)


def _standing(session: Session) -> Iterator[PendingItem]:
    if not session.workspace.keystore.complete:
        return
    roster = rosters.current(session)
    last: dict[tuple[str, str, str], tuple[str, str]] = {}
    for item in open_standing(Approvals(session.register).standing()[0], roster):
        if item.opened is not None:
            one = item.opened
            last[(one.programme, one.programme_version, one.person)] = (one.decision, one.until)
    for (programme, version, person), (decision, until) in last.items():
        if decision == "approve" and until <= later(session.today, days=_AHEAD_DAYS):
            ends = "ends" if until >= session.today else "has ended"
            what = f"the standing approval {ends}"
            yield PendingItem("standing approvals", f"{programme} {version}", what, person, until)


def _paper(session: Session) -> Iterator[PendingItem]:
    papers = PaperCertificates(session)
    for paper in papers.all():
        if not paper.fix:
            continue
        who = spoken(paper.owner)
        why = ", ".join(one.code for one in paper.open)
        said = f"{spoken(paper.state)}{f' ({why})' if why else ''}: {paper.fix}"
        where = f"{subject(paper.centre, paper.learner_ref)} {paper.certificate}"
        yield PendingItem("certificates on paper", where, said, who, paper.since)
    for item in papers.awaited():
        what = f"{item.programme} was claimed, and no certificate has come"
        yield PendingItem("certificates on paper", item.about, what, EXAMS_OFFICER, item.claimed_on)
