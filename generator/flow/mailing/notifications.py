"""Whom to tell of what: certificates that are live, certificates that end, registrations (docs/delivery.md).

Everything that is to be said is in the register already, put there by the event that caused it. Here it
becomes messages, once each; what has no address stays where it is, is listed, and goes once there is one.
"""

from __future__ import annotations

from collections import Counter

from generator.edge.register.certificates import Certificates
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.messages import Messages
from generator.edge.register.publications import Publications
from generator.edge.register.records import OfficeRecords
from generator.edge.register.requested_messages import RequestedMessage as Asked
from generator.edge.register.requested_messages import RequestedMessages
from generator.edge.register.state_changes import StateChanges
from generator.errors import Place, Problem
from generator.flow.mailing.codes import MAIL_ADDRESS, MAIL_CENTRE
from generator.flow.shared import waiting_messages
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.portal import Mailbox
from generator.model.value import Serial
from generator.rules.state_transitions import FROM
from generator.terms import CENTRE

EXPIRY, CENTRE_EXPIRY = "expiry_reminder", "centre_expiry"


def domain(workspace: Workspace) -> str:
    """The host in our Message-IDs."""
    delivery, contact = workspace.portal.delivery, workspace.portal.organisation.contact
    return (delivery.sender or contact.email).rpartition("@")[2]


def queue(session: Session) -> int:
    """Make messages of everything that is to be told and can be; inside the caller's transaction."""
    return _issued(session) + _reminders(session) + _centres(session) + _registrations(session)


def mailbox(records: OfficeRecords, recipient: str) -> tuple[str, Mailbox] | None:
    """Name and address of a learner (`NF041/NF04131`) as they are today; None where none can be used."""
    centre, _, learner_ref = recipient.partition("/")
    learner = records.learner(centre, learner_ref)
    found = Mailbox.tried({"email": learner.email})[0] if learner is not None and learner.email else None
    return (learner.name, found) if learner is not None and found is not None else None


def unreached(session: Session) -> list[Problem]:
    """What waits for an address: how much for the learners of each centre, and for each centre's office."""
    found: list[Problem] = []
    if session.workspace.portal.delivery.mode == "off":
        return found
    learners: Counter[str] = Counter()
    for _, where in waiting_messages.unaddressed(session):
        learners[where] += 1
    for centre, count in sorted(learners.items()):
        what = f"{_many(count, 'message')} to its learners: no address to send to"
        fix = "add `email` to the records of the learners; `certportal pending` names them"
        found.append(MAIL_ADDRESS.at(Place(subject=f"{CENTRE} {centre}"), what, fix))
    offices = Counter(
        waiting_messages.centre_of(session.register, item) for item in _for_centres(session.register)
    )
    for centre, count in sorted(offices.items()):
        if centre not in session.workspace.centres or session.workspace.centres[centre].contact is None:
            what = f"{_many(count, 'reminder')} of certificates that end: no address to send to"
            fix = f"add `contact: {{email: ...}}` to certificates/centres/ for {centre}"
            found.append(MAIL_CENTRE.at(Place(subject=f"{CENTRE} {centre}"), what, fix))
    return found


def _issued(session: Session) -> int:
    """One message for each certificate that is live, has an address, and was not announced yet."""
    settings = session.workspace.portal.delivery
    messages, contacts, trail = (
        Messages(session.register),
        Contacts(session.register),
        EventLog(session.register),
    )
    added, live = 0, Publications(session.register).live(session.workspace.targets)
    for serial, _ in messages.unannounced(live, settings.since):
        if settings.mode == "link" and not contacts.link_live(serial, live):
            # The link's file goes out with the next publication; the message waits for it.
            continue
        if messages.enqueue(f"issued/{serial}", "issued", serial, domain(session.workspace), session.now):
            trail.append(session.now, "message_queued", serial, {"kind": "issued"})
            added += 1
    return added


def _reminders(session: Session) -> int:
    """Reminders to learners; one whose certificate has another state by now is not sent any more."""
    outbox, messages, added = RequestedMessages(session.register), Messages(session.register), 0
    endings = Endings(session)
    for item in outbox.waiting():
        if item.recipient != "learner":
            continue
        if endings.over(item):
            outbox.sent(item.message_id, session.now)
        elif waiting_messages.address(session.register, item) is not None:
            key = f"{item.kind}/{item.message_id}"
            serial = Serial(item.subject)
            added += messages.enqueue(key, item.kind, serial, domain(session.workspace), session.now)
            outbox.sent(item.message_id, session.now, key)
    return added


def _centres(session: Session) -> int:
    """One message for each centre and day, which lists every certificate of which there is to be told."""
    outbox, messages = RequestedMessages(session.register), Messages(session.register)
    by_centre: dict[str, list[Asked]] = {}
    endings = Endings(session)
    for item in _for_centres(session.register):
        if endings.over(item):
            outbox.sent(item.message_id, session.now)
        else:
            by_centre.setdefault(waiting_messages.centre_of(session.register, item), []).append(item)
    added = 0
    for number, items in sorted(by_centre.items()):
        centre = session.workspace.centres.get(number)
        key = f"{CENTRE_EXPIRY}/{number}/{session.today}"
        if centre is None or centre.contact is None:
            continue
        if not messages.enqueue(key, CENTRE_EXPIRY, None, domain(session.workspace), session.now, number):
            continue  # one a day: what was asked for since goes tomorrow
        for item in items:
            outbox.sent(item.message_id, session.now, key)
        details = {"kind": CENTRE_EXPIRY, "serials": sorted({item.subject for item in items})}
        EventLog(session.register).append(session.now, "message_queued", number, details)
        added += 1
    return added


def _registrations(session: Session) -> int:
    """What happened to registrations, to each learner; not what lies before the day that is set."""
    messages, reached, added = Messages(session.register), waiting_messages.Addressed(session.register), 0
    for item in list(waiting_messages.registration_events(session)):
        if item.recipient not in reached:
            continue
        if messages.enqueue(
            item.key, item.kind, None, domain(session.workspace), session.now, item.recipient
        ):
            EventLog(session.register).append(
                session.now, "message_queued", item.recipient, {"kind": item.kind}
            )
            added += 1
    return added


def _many(count: int, thing: str) -> str:
    return f"{count} {thing}{'' if count == 1 else 's'}"


def _for_centres(register: Register) -> list[Asked]:
    return [item for item in RequestedMessages(register).waiting() if item.recipient == "centre"]


class Endings:
    """Which certificates are still to be told of before they end; asked once for each last day."""

    def __init__(self, session: Session) -> None:
        self._certificates, self._changes = Certificates(session.register), StateChanges(session.register)
        self._today = session.today
        self._open: dict[str, set[str]] = {}

    def over(self, item: Asked) -> bool:
        """Whether a reminder has lost its sense: renewed, withdrawn, replaced, erased, or past its day."""
        if item.kind != EXPIRY:
            return False
        if self._changes.state(item.subject) not in FROM["renew"]:
            return True
        day = item.details.get("expires_on")
        if not isinstance(day, str):
            return False
        if day not in self._open:
            self._open[day] = {serial for serial, _, _ in self._certificates.expiring(day, day)}
        return day < self._today or item.subject not in self._open[day]
