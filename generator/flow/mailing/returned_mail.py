"""What the mail servers say of our letters: taken, which can be evidence, or returned (docs/delivery.md).

A registration's message is evidence made by the mail itself: a mail server that has taken the message of a
registration is the record that the learner was told of it (REGISTRATION-TOLD). Where the message comes
back, that record counts no longer.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from generator.edge import disk, mail
from generator.edge.register.database import Register
from generator.edge.register.event_log import CLOCK_SLACK_SECONDS, EventLog
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.messages import Message, Messages
from generator.edge.register.records import OfficeRecords
from generator.errors import Malformed, Place, Problem, Refused
from generator.flow.mailing.codes import MAIL_BOUNCE_FILE
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.registration import RegistrationEvent
from generator.model.value import seconds

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


def record_notice_bounced(session: Session, message: Message) -> None:
    """Take back what a message was the evidence of, because it was returned as undeliverable."""
    if message.kind != REGISTERED or message.recipient is None:
        return
    records = OfficeRecords(session.register)
    for kept in records.about(message.recipient).current():
        record = kept.record
        is_ours = isinstance(record, RegistrationEvent) and record.event == "told" and kept.source == _SOURCE
        if is_ours and record.evidence == f"message {message.message_id}":  # type: ignore[attr-defined]  # a RegistrationEvent, by the line above
            records.retract(record, session.now, "the message came back")


def _said(register: Register, message: Message) -> tuple[str, str] | None:
    """The programme and version of which the message of a registration told."""
    if message.kind != REGISTERED:
        return None
    found = LearnerMessages(register).find(int(message.key.rpartition("/")[2]))
    return (str(found.payload["programme"]), str(found.payload["version"])) if found else None


def take_bounces(session: Session, paths: list[Path]) -> list[Problem]:
    """Record the failures that these reports name; a report that cannot be read is a problem."""
    messages, problems = Messages(session.register), []
    for path in paths:
        where = session.workspace.shown(path)
        try:
            data = disk.read(path, mail.BOUNCE_CAP, where)
            is_list = path.suffix == ".csv"
            found = (
                mail.read_bounce_list(data.decode("utf-8", "replace")) if is_list else mail.read_bounces(data)
            )
        except Malformed as error:
            fix = "save it again as .eml, whole; or remove it from the folder"
            problems.append(MAIL_BOUNCE_FILE.at(Place(where), str(error), fix))
            continue
        except Refused as refused:
            problems += refused.problems
            continue
        with session.register.transaction():
            for item in found:
                message = messages.by_message_id(item.message_id)
                if message is None or messages.report_taken(item.report):
                    continue
                if (item.recipient or not is_list) and not messages.went_to(message, item.recipient):
                    what = f"is about another address than {message.key} went to: nothing was marked"
                    problems.append(MAIL_BOUNCE_FILE.at(Place(where), what, "remove it from the folder"))
                    continue
                messages.take_report(item.report, session.now)
                _bounced(session, messages, message, item)
    return problems


def _bounced(session: Session, messages: Messages, message: Message, item: mail.Bounce) -> None:
    """Mark a message that was handed over; not by what was said before its last attempt."""
    before = item.at is not None and seconds(item.at) < seconds(message.changed_at) - CLOCK_SLACK_SECONDS
    if message.state in ("sent", "doubt", "handing") and not before:
        messages.moved(message.key, "bounced", session.now, item.status)
        record_notice_bounced(session, message)
        EventLog(session.register).append(
            session.now,
            "message_bounced",
            message.serial or message.recipient or message.key,
            {"status": item.status},
        )


def bounce_files(workspace: Workspace) -> Iterator[Path]:
    """Reports that somebody saved for us."""
    folder = workspace.certificates / "bounces"
    return (path for path in disk.listed(folder) if path.suffix in (".eml", ".csv"))
