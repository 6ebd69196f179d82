"""What waits to be said to a learner or a centre, and who of them has an address (docs/delivery.md)."""

from __future__ import annotations

from collections.abc import Iterator

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.learner_messages import LearnerMessage, LearnerMessages
from generator.edge.register.records import OfficeRecords
from generator.edge.register.requested_messages import RequestedMessage, RequestedMessages
from generator.flow.shared.session import Session
from generator.model.portal import Mailbox

REGISTRATION = "registration_"


def without_address(session: Session) -> Iterator[tuple[str, str]]:
    """Every learner to whom something waits to be said and cannot: recipient or serial, and the kind."""
    if session.workspace.portal.delivery.mode != "off":
        for item, _ in unaddressed(session):
            yield (
                (item.recipient, item.kind) if isinstance(item, LearnerMessage) else (item.subject, item.kind)
            )


def unaddressed(session: Session) -> Iterator[tuple[LearnerMessage | RequestedMessage, str]]:
    """What waits for a learner's address, with the learner's centre."""
    reached = Addressed(session.register)
    for item in registration_events(session):
        if item.recipient not in reached:
            yield item, item.recipient.partition("/")[0]
    for asked in RequestedMessages(session.register).waiting():
        if asked.recipient == "learner" and address(session.register, asked) is None:
            yield asked, centre_of(session.register, asked)


def registration_events(session: Session) -> Iterator[LearnerMessage]:
    """What happened to registrations and was not said yet; not what lies before the day that is set."""
    since = session.workspace.portal.delivery.since
    for item in LearnerMessages(session.register).unsent(since):
        if item.kind.startswith(REGISTRATION) and str(item.payload["on"]) >= (since or ""):
            yield item


def address(register: Register, item: RequestedMessage) -> str | None:
    """The address given with the claim of the certificate that a message is about."""
    issued = Certificates(register).find(item.subject)
    return Contacts(register).of(issued.claim_id) if issued else None


def centre_of(register: Register, item: RequestedMessage) -> str:
    """The number of the centre that claimed a certificate."""
    issued = Certificates(register).find(item.subject)
    held = Claims(register).by_id(issued.claim_id) if issued else None
    return held.claim.centre if held else ""


class Addressed:
    """Which learners have an address that can be used; all are asked for at once, few are looked at."""

    def __init__(self, register: Register) -> None:
        self._addresses = OfficeRecords(register).addressed()

    def __contains__(self, recipient: object) -> bool:
        address = self._addresses.get(str(recipient))
        return address is not None and Mailbox.tried({"email": address})[0] is not None
