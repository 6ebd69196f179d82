"""Sending what is to be told, once, whatever the server does (docs/delivery.md).

Whom to tell is decided in one transaction (notifications.py); each message then goes its own way through the
states of `register.messages`, so a run can be killed anywhere and the next one goes on.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from generator.edge import disk
from generator.edge.mail import OUTBOX, MailTransport, OutboxFolder, OutgoingMessage, Reply, SmtpTransport
from generator.edge.mail_journal import HANDING, JournalEntry, MailJournal
from generator.edge.register.event_log import EventLog
from generator.edge.register.messages import Message, Messages
from generator.edge.register.runs import Runs
from generator.edge.register.site_only import SiteOnly
from generator.edge.register.state_changes import StateChanges
from generator.errors import Place, Problem, Refused
from generator.flow.mailing import notifications, returned_mail
from generator.flow.mailing.codes import MAIL_JOURNAL, MAIL_KEY, MAIL_SERVER, MAIL_STATE
from generator.flow.mailing.letters import LetterBox, NotNow, Unsendable
from generator.flow.shared import rollback_guard
from generator.flow.shared.session import Environment, Session
from generator.model.value import instant, seconds
from generator.rules.state_transitions import FROM

STOP, _JOURNALED = "mail_stopped", "mail_journal"
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
    """Queue what is new and live, then send everything whose time has come.

    Raises `Refused` (REGISTER-BEHIND) where the site was made by a newer register.
    """
    rollback_guard.check_published(session)
    done = Delivery()
    if session.workspace.portal.delivery.mode != "off":
        with session.register.transaction():
            done.queued = notifications.queue(session)
    done.stopped = Runs(session.register).switch(STOP)
    journal = _journal(session)
    _lost(session, journal, done)
    _settle(session, journal)
    if done.stopped is None:
        _send(session, done, journal)
    return done


def _journal(session: Session) -> MailJournal:
    return MailJournal(session.workspace.certificates / "mail-journal.txt")


def _lost(session: Session, journal: MailJournal, done: Delivery) -> None:
    """Where the journal is gone nobody knows what went since this register was kept: a person decides."""
    if Runs(session.register).switch(_JOURNALED) is None or journal.exists():
        return
    with session.register.transaction():
        done.doubt += SiteOnly(session.register).mark_messages_in_doubt(session.now)
    journal.begin()
    where = Place(session.workspace.shown(journal.path))
    what = "is gone: letters that waited may have been sent since the register was kept"
    fix = "the letters in doubt are listed; `certportal deliver --settled KEY` or `--again KEY` for each"
    done.problems.append(MAIL_JOURNAL.at(where, what, fix))


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
    _send(session, done, _journal(session), office_only=True)
    return done


def stop(session: Session, why: str | None) -> None:
    """Turn the stop switch on (with the reason) or off."""
    with session.register.transaction():
        Runs(session.register).set_switch(STOP, why, session.now)
        kind = "mail_stopped" if why else "mail_resumed"
        EventLog(session.register).append(session.now, kind, "mail", {"why": why or ""})


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


def _settle(session: Session, journal: MailJournal) -> None:
    """What a killed run was handing over: the outbox can be written again, a server cannot be asked."""
    settings = session.workspace.portal.delivery
    known = settings.transport == "outbox" or settings.in_doubt == "again"
    messages, box = Messages(session.register), LetterBox(session)
    for message in messages.in_state("handing"):
        if _went(session, journal, messages.journal_name(box.event(message)), message, message.attempts - 1):
            continue
        with session.register.transaction():
            if known:
                messages.undone(message.key, session.now)
            else:
                messages.moved(message.key, "doubt", session.now, "interrupted")


def _went(session: Session, journal: MailJournal, name: str, message: Message, attempts: int) -> bool:
    """Whether the journal knows of a later attempt than `attempts`, and that the letter went with it."""
    entry = journal.find(name)
    if entry is None or entry.attempt <= attempts or entry.outcome != "sent":
        return False
    with session.register.transaction():
        Messages(session.register).known_sent(message.key, entry)
        _sent(session, message, entry.reply)
    return True


def _unheard(session: Session, journal: MailJournal, name: str, message: Message) -> bool:
    """Whether the journal knows of a later attempt that nobody heard the end of; it is a doubt then."""
    entry = journal.find(name)
    if entry is None or entry.attempt <= message.attempts or entry.outcome not in (HANDING, "doubt"):
        return False
    settings = session.workspace.portal.delivery
    if settings.transport == "outbox" or settings.in_doubt == "again":
        return False
    with session.register.transaction():
        Messages(session.register).moved(message.key, "doubt", session.now, "journal")
    return True


def _send(session: Session, done: Delivery, journal: MailJournal, *, office_only: bool = False) -> None:
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
            name = messages.journal_name(box.event(message))
            if _went(session, journal, name, message, message.attempts):
                continue
            if _unheard(session, journal, name, message):
                done.doubt += 1
                continue
            parcel = _parcel(session, box, message, done)
            if parcel is None:
                continue
            if rank and pause:
                session.environment.sleep(pause)
            reply = carrier.send(parcel, partial(_handing, session, journal, name, parcel, message))
            if reply.outcome != "down":
                attempt = JournalEntry(session.now, message.attempts + 1, reply.outcome, reply.code)
                journal.note(name, attempt)
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


def _handing(
    session: Session, journal: MailJournal, name: str, parcel: OutgoingMessage, message: Message
) -> None:
    runs = Runs(session.register)
    is_first = runs.switch(_JOURNALED) is None
    if is_first:
        journal.begin()  # there before the register says so: else a kill in between reads as a lost journal
    with session.register.transaction():
        Messages(session.register).handing(parcel.key, parcel.recipients, session.now)
        if is_first:
            runs.set_switch(_JOURNALED, "kept", session.now)
    journal.note(name, JournalEntry(session.now, message.attempts + 1, HANDING, ""))


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
                _sent(session, message, reply.code)
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


def _sent(session: Session, message: Message, code: str) -> None:
    """The event, and the evidence, that a message went; inside the caller's transaction."""
    about = message.serial or message.recipient or message.key
    EventLog(session.register).append(session.now, "message_sent", about, {"kind": message.kind})
    if code != OUTBOX:
        returned_mail.record_notice_sent(session, message)


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
