"""What comes due: certificates, accreditations, roles, reviews, records to be destroyed (docs/expiry.md)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from generator.edge.register.approvals import Approvals
from generator.edge.register.certificates import Certificates
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds
from generator.edge.register.requested_messages import RequestedMessages
from generator.edge.register.state_changes import StateChanges
from generator.flow.office.received import PaperCertificates
from generator.flow.shared import rollback_guard
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.portal import RetentionRule
from generator.model.value import Day, later, months_after
from generator.rules.received_approvals import open_standing
from generator.rules.state_transitions import FROM
from generator.terms import CLAIM, REGISTRATION, Worded, spoken

# Before today, as far back as anything can be overdue.
_EVER = "0001-01-01"


@dataclass(frozen=True, slots=True)
class DueItem(Worded):
    """Something that comes due: what, which, on which day; serials and handles only, never a name."""

    on: str
    kind: str
    subject: str
    what: str


def due_items(session: Session, days: int) -> list[DueItem]:
    """Everything that comes due within so many days, and what is overdue, by day."""
    today = session.today
    last = later(today, days=days)
    found = [
        *_certificates(session.register, today, last),
        *_programmes(session.workspace),
        *_people(session.workspace),
        *_standing(session),
        *_office(session),
        *_paper(session),
    ]
    open_ones = [item for item in found if item.on <= last and (item.on >= today or item.kind in _OVERDUE)]
    retained = [item for item in _retention(session) if today <= item.on <= last]
    return sorted([*open_ones, *retained], key=lambda item: (item.on, item.kind, item.subject))


# What stays on the list until somebody has dealt with it.
_OVERDUE = frozenset({"suspension", "hold", "review", "keys", "paper"})


def request_reminders(session: Session) -> int:
    """Put out a reminder for every interval that began, once each, to learner and centre; how many."""
    rollback_guard.check(session)
    today = session.today
    intervals = sorted(session.workspace.portal.reminders.days)
    made = 0
    with session.register.transaction():
        outbox, changes = RequestedMessages(session.register), StateChanges(session.register)
        rows = Certificates(session.register).expiring(today, later(today, days=intervals[-1]))
        for serial, _, due in rows:
            if changes.state(serial) not in FROM["renew"]:
                continue
            left = (date.fromisoformat(due) - date.fromisoformat(today)).days
            begun = [days for days in intervals if left <= days]
            fresh = [days for days in begun if days not in outbox.reminded(serial, due)]
            for days in fresh:
                outbox.remind(serial, due, days, session.now)
            # After a pause several intervals may have begun: the newest one speaks for all.
            if fresh and fresh[0] == begun[0]:
                facts = {"expires_on": due, "days": fresh[0]}
                for recipient in ("learner", "centre"):
                    outbox.put("expiry_reminder", serial, recipient, facts, session.now)
                EventLog(session.register).append(session.now, "expiry_reminded", serial, facts)
                made += 1
    return made


def _certificates(register: Register, today: Day, last: str) -> Iterator[DueItem]:
    changes = StateChanges(register)
    for serial, claim_id, due in Certificates(register).expiring(today, last):
        if changes.state(serial) in FROM["renew"]:
            yield DueItem(due, "certificate", serial, f"expires; renew it ({CLAIM} {claim_id})")
    for change in changes.suspended_until():
        if change.until is not None:
            yield DueItem(change.until, "suspension", change.serial, f"look again at case {change.case_id}")


def _programmes(workspace: Workspace) -> Iterator[DueItem]:
    for item in workspace.programmes.values():
        name = f"{item.programme} {item.version}"
        if item.accreditation is not None and item.accreditation.until is not None:
            yield DueItem(item.accreditation.until, "accreditation", name, f"ends: {item.accreditation.body}")
        for day, what in (
            (item.last_registration, f"last {REGISTRATION}"),
            (item.last_claim, f"last {CLAIM}"),
            (item.review, "review"),
        ):
            if day is not None:
                yield DueItem(day, "qualification", name, what)
        for extension in item.extensions or ():
            yield DueItem(
                extension.until, "qualification", name, f"extension of {extension.learner_ref} ends"
            )


def _people(workspace: Workspace) -> Iterator[DueItem]:
    if not workspace.keystore.complete:
        return
    for person in workspace.keystore.roster().people:
        for role in person.roles:
            if role.until is not None:
                yield DueItem(role.until, "staff", person.person, f"time as {spoken(role.role)} ends")
        for key in person.keys:
            if key.until is not None:
                yield DueItem(key.until[:10], "staff", person.person, "their key ends")
    current = workspace.keystore.manifest()
    covered = max((key.until or "" for key in current.of_role("online")), default="")
    yield DueItem(covered[:10], "keys", "online keys", "`certportal keys renew` before they end")
    yield DueItem(
        current.expires_at[:10], "keys", "key manifest", "`certportal keys renew` before it expires"
    )


def _standing(session: Session) -> Iterator[DueItem]:
    if not session.workspace.keystore.complete:
        return
    received, _ = Approvals(session.register).standing()
    for item in open_standing(received, session.workspace.keystore.roster()):
        if item.opened is not None and item.opened.decision == "approve":
            what = f"standing approval of {item.opened.person} ends"
            yield DueItem(item.opened.until, "approval", item.opened.programme, what)


def _office(session: Session) -> Iterator[DueItem]:
    for hold in Holds(session.register).in_force():
        what = f"{spoken(hold.kind)}, owner {hold.owner}: hold {hold.hold_id}"
        yield DueItem(hold.until, "hold", hold.subject, what)
    for review in session.workspace.portal.reminders.reviews:
        yield DueItem(
            review.due, "review", review.subject, "look at it again, then move its date in portal.yaml"
        )


def _paper(session: Session) -> Iterator[DueItem]:
    """Certificates on paper: those that nobody collected, and the day from which they may be destroyed."""
    days = session.workspace.portal.policy.paper.remind_days
    for paper in PaperCertificates(session).all():
        if paper.state in ("ready", "uncollected") and paper.since:
            yield DueItem(
                later(paper.since, days=days), "paper", paper.certificate, "remind the learner to collect it"
            )
        if paper.destroy_from:
            what = "not handed out: two people may destroy it, and record it"
            yield DueItem(paper.destroy_from, "paper", paper.certificate, what)


def _retention(session: Session) -> Iterator[DueItem]:
    days = Certificates(session.register).issued_by_day() if session.workspace.portal.retention else []
    for rule in session.workspace.portal.retention:
        totals: dict[Day, int] = {}
        for issued_on, count in days:
            end = kept_until(rule, issued_on)
            totals[end] = totals.get(end, 0) + count
        for end, count in totals.items():
            yield DueItem(end, "retention", rule.records, f"kept long enough, for {count} certificates")


def kept_until(rule: RetentionRule, issued_on: Day) -> Day:
    """The last day on which a rule has the records of a certificate kept."""
    start = issued_on if rule.since == "issue" else Day(f"{issued_on[:4]}-12-31")
    years = months_after(start, 12 * rule.years) if rule.years else start
    return later(years, days=rule.days)
