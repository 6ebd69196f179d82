"""What the learners were told of their registration: evidence made by the mail itself (docs/delivery.md).

A mail server that has taken the message of a registration is the record that the learner was told of it
(REGISTRATION-TOLD). Where the message comes back, that record counts no longer.
"""

from __future__ import annotations

from generator.edge.register.database import Register
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.messages import Message
from generator.edge.register.records import OfficeRecords
from generator.flow.shared.session import Environment, Session
from generator.model.registration import RegistrationEvent

REGISTERED = "registration_registered"
_SOURCE = "delivery"


def record_notice_sent(session: Session, message: Message) -> None:
    """Keep that a learner was told, in the transaction that notes the server's answer."""
    said = _said(session.register, message)
    if said is None or message.recipient is None:
        return
    centre, _, learner_ref = message.recipient.partition("/")
    made = {
        "centre": centre,
        "learner_ref": learner_ref,
        "programme": said[0],
        "version": said[1],
        "event": "told",
        "on": session.today,
        "evidence": f"message {message.message_id}",
    }
    OfficeRecords(session.register).keep(RegistrationEvent.of(made), _SOURCE, session.now)


def record_notice_bounced(register: Register, environment: Environment, message: Message) -> None:
    """Take back what a message was the evidence of, because it was returned as undeliverable."""
    if message.kind != REGISTERED or message.recipient is None:
        return
    records = OfficeRecords(register)
    for kept in records.about(message.recipient).current():
        record = kept.record
        mine = isinstance(record, RegistrationEvent) and record.event == "told" and kept.source == _SOURCE
        if mine and record.evidence == f"message {message.message_id}":  # type: ignore[attr-defined]  # a RegistrationEvent, by the line above
            records.retract(record, environment.now, "the message came back")


def _said(register: Register, message: Message) -> tuple[str, str] | None:
    """The programme and version of which the message of a registration told."""
    if message.kind != REGISTERED:
        return None
    found = LearnerMessages(register).find(int(message.key.rpartition("/")[2]))
    return (str(found.payload["programme"]), str(found.payload["version"])) if found else None
