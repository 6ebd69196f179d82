"""Sending what is to be told, once, whatever the server does (docs/delivery.md).

Whom to tell is decided in one transaction (notifications.py); each message then goes its own way through the
states of `register.messages`, so a run can be killed anywhere and the next one goes on.

A registration's message is evidence made by the mail itself: a mail server that has taken the message of a
registration is the record that the learner was told of it (REGISTRATION-TOLD). Where the message comes
back, that record counts no longer.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from generator.edge import disk, mail
from generator.edge.mail import OUTBOX, MailTransport, OutboxFolder, OutgoingMessage, Reply, SmtpTransport
from generator.edge.register.database import Register
from generator.edge.register.event_log import CLOCK_SLACK_SECONDS, EventLog
from generator.edge.register.learner_messages import LearnerMessages
from generator.edge.register.messages import Message, Messages
from generator.edge.register.records import OfficeRecords
from generator.edge.register.runs import Runs
from generator.edge.register.state_changes import StateChanges
from generator.errors import Malformed, Place, Problem, Refused
from generator.flow.mailing import notifications
from generator.flow.mailing.codes import MAIL_BOUNCE_FILE, MAIL_KEY, MAIL_SERVER, MAIL_STATE
from generator.flow.mailing.letters import LetterBox, NotNow, Unsendable
from generator.flow.shared.session import Environment, Session
from generator.flow.shared.workspace import Workspace
from generator.model.registration import RegistrationEvent
from generator.model.value import instant, seconds
from generator.rules.state_transitions import FROM

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


STOP = "mail_stopped"
# Greylisting passes within the hour; what still fails after days will not pass by itself.
_BACKOFF_MINUTES = (15, 60, 240, 720, 1440)
_DOWN_LIMIT = 3


@dataclass(slots=True)
class Delivery:
    """What a run did: messages by what became of them, and how many learners have no address."""

    queued: int = 0
    sent: int = 0
    later: int = 0
    failed: int = 0
    doubt: int = 0
    kept_back: int = 0
    stopped: str | None = None
    problems: list[Problem] = field(default_factory=list)


def deliver(session: Session) -> Delivery:
    """Queue what is new and live, then send everything whose time has come."""
    done = Delivery()
    if session.workspace.portal.delivery.mode != "off":
        with session.register.transaction():
            done.queued = notifications.queue(session)
    done.stopped = Runs(session.register).switch(STOP)
    _settle(session)
    if done.stopped is None:
        _send(session, done)
    return done


def preview(session: Session, count: int = 3) -> tuple[int, list[Path]]:
    """How many messages would be queued or sent, and the first few written out; nothing is changed."""
    shown: list[Path] = []
    waiting: list[Message] = []
    with contextlib.suppress(_LookedAt), session.register.transaction():
        # The very steps of a delivery, then the transaction is given up.
        notifications.queue(session)
        box = LetterBox(session)
        waiting = [item for item in Messages(session.register).due(session.now) if not item.to_office]
        for message in waiting[:count]:
            path = (
                session.workspace.certificates
                / "reports"
                / "preview"
                / f"{message.key.replace('/', '-')}.eml"
            )
            with contextlib.suppress(Unsendable, NotNow):
                disk.write(path, box.parcel(message).data, private=True)
                shown.append(path)
        raise _LookedAt
    return len(waiting), shown


class _LookedAt(Exception):
    """Ends a transaction in which nothing was to be changed."""


def enqueue(session: Session, key: str, kind: str) -> bool:
    """Have a message to the office itself sent once, inside a transaction."""
    return Messages(session.register).enqueue(
        key, kind, None, notifications.domain(session.workspace), session.now
    )


def send_office(session: Session) -> Delivery:
    """Send what goes to the office itself; the stop switch is for learners' mail only."""
    done = Delivery()
    _send(session, done, office_only=True)
    return done


def stop(session: Session, why: str | None) -> None:
    """Turn the stop switch on (with the reason) or off."""
    with session.register.transaction():
        Runs(session.register).set_switch(STOP, why, session.now)
        kind = "mail_stopped" if why else "mail_resumed"
        EventLog(session.register).append(session.now, kind, "mail", {"why": why or ""})


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


def settle(session: Session, key: str, again: bool) -> None:
    """A person's word on a message in doubt: it arrived, or it is to be sent again."""
    messages = Messages(session.register)
    message = messages.find(key)
    if message is None or message.state not in ("doubt", "bounced", "failed"):
        fix = "copy the key from the morning report"
        raise Refused(MAIL_KEY.at(Place(subject=key), "is no message that waits for a decision", fix))
    state = StateChanges(session.register).state(message.serial) if again and message.serial else "valid"
    if state not in FROM["resend"]:
        what = f"is about {message.serial}, which is {state}: it is not sent again"
        fix = f"nothing to send; `certportal deliver --settled {key}` takes it off the list"
        raise Refused(MAIL_STATE.at(Place(subject=key), what, fix))
    with session.register.transaction():
        messages.moved(key, "waiting" if again else "sent", session.now, "settled", session.now)
        EventLog(session.register).append(
            session.now, "message_settled", message.serial or key, {"again": again}
        )


def _settle(session: Session) -> None:
    """What a killed run was handing over: the outbox can be written again, a server cannot be asked."""
    settings = session.workspace.portal.delivery
    known = settings.transport == "outbox" or settings.in_doubt == "again"
    messages = Messages(session.register)
    for message in messages.in_state("handing"):
        with session.register.transaction():
            if known:
                messages.undone(message.key, session.now)
            else:
                messages.moved(message.key, "doubt", session.now, "interrupted")


def _send(session: Session, done: Delivery, *, office_only: bool = False) -> None:
    messages, box = Messages(session.register), LetterBox(session)
    due = [item for item in messages.due(session.now) if item.to_office == office_only]
    if not due:
        return
    carrier = _carrier(session)
    pause = 60 / session.workspace.portal.delivery.per_minute if isinstance(carrier, SmtpTransport) else 0.0
    down = 0
    try:
        for rank, message in enumerate(due):
            session.environment.progress("delivering", rank, len(due))
            parcel = _parcel(session, box, message, done)
            if parcel is None:
                continue
            if rank and pause:
                session.environment.sleep(pause)
            reply = carrier.send(parcel, partial(_handing, session, parcel))
            down = down + 1 if reply.outcome == "down" else 0
            _note(session, message, reply, done)
            if down == _DOWN_LIMIT:
                what = f"the mail server cannot be used: {reply.code}"
                fix = "check delivery.smtp and the passphrase `smtp`; the messages wait"
                done.problems.append(MAIL_SERVER.at(Place("portal.yaml", column="delivery.smtp"), what, fix))
                break
        session.environment.progress("delivering", len(due), len(due))
    finally:
        carrier.close()


def _handing(session: Session, parcel: OutgoingMessage) -> None:
    with session.register.transaction():
        Messages(session.register).handing(parcel.key, parcel.recipients, session.now)


def _parcel(session: Session, box: LetterBox, message: Message, done: Delivery) -> OutgoingMessage | None:
    """The message's bytes; one that cannot be made any more is cancelled with its reason."""
    try:
        return box.parcel(message)
    except Unsendable as reason:
        with session.register.transaction():
            Messages(session.register).moved(message.key, "cancelled", session.now, str(reason))
        return None
    except NotNow:
        done.kept_back += 1
        return None
    except Refused as refused:
        # Its file or template is at fault; the others go out all the same.
        done.problems += [problem for problem in refused.problems if problem not in done.problems]
        return None


def _note(session: Session, message: Message, reply: Reply, done: Delivery) -> None:
    """Record what came of an attempt, in the same transaction as its event."""
    messages, limit = Messages(session.register), session.workspace.portal.delivery.attempts
    attempts = message.attempts + 1
    wait = _BACKOFF_MINUTES[min(attempts, len(_BACKOFF_MINUTES)) - 1]
    next_at = instant(seconds(session.now) + 60 * wait)
    again = session.workspace.portal.delivery.in_doubt == "again"
    with session.register.transaction():
        match reply.outcome:
            case "sent":
                messages.moved(message.key, "sent", session.now, reply.code)
                about = message.serial or message.recipient or message.key
                EventLog(session.register).append(session.now, "message_sent", about, {"kind": message.kind})
                if reply.code != OUTBOX:
                    record_notice_sent(session, message)
                done.sent += 1
            case "down":
                # The server's fault, not this message's: it costs no attempt.
                messages.moved(message.key, "waiting", session.now, reply.code, next_at)
                done.later += 1
            case "doubt" if not again:
                messages.moved(message.key, "doubt", session.now, reply.code)
                done.doubt += 1
            case "later" | "doubt" if attempts < limit:
                _later(messages, message, reply, session.environment, next_at)
                done.later += 1
            case _:
                _later(messages, message, reply, session.environment, next_at)
                messages.moved(message.key, "failed", session.now, reply.code)
                done.failed += 1


def _later(
    messages: Messages, message: Message, reply: Reply, environment: Environment, next_at: str
) -> None:
    current = messages.find(message.key)
    if current is not None and current.state == "handing":
        messages.moved(message.key, "waiting", environment.now, reply.code, next_at)
    else:
        messages.tried(message.key, environment.now, reply.code, next_at)


def _carrier(session: Session) -> MailTransport:
    settings = session.workspace.portal.delivery
    if settings.transport == "outbox" or settings.smtp is None:
        return OutboxFolder(session.workspace.certificates / "outbox")
    return SmtpTransport(settings.smtp, lambda: session.environment.passphrase("smtp"))


def bounce_files(workspace: Workspace) -> Iterator[Path]:
    """Reports that somebody saved for us."""
    folder = workspace.certificates / "bounces"
    return (path for path in sorted(folder.glob("*")) if path.suffix in (".eml", ".csv"))
