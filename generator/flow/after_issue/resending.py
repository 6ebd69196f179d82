"""Resending: the same file and number again, never a new one (docs/afterwards.md)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from generator.edge import disk
from generator.edge.register.contacts import Contacts
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds
from generator.edge.register.messages import Messages
from generator.edge.register.state_changes import StateChanges
from generator.errors import Place, Refused
from generator.flow.after_issue.codes import FILE_CHANGED, HOLD, RESEND_ADDRESS
from generator.flow.shared import certificate_states, rollback_guard, rosters
from generator.flow.shared.codes import AFTER_CHANGED
from generator.flow.shared.session import Session
from generator.model.value import Digest, Serial
from generator.rules.state_transitions import may
from generator.terms import CLAIM

_PDF_CAP = 50_000_000


@dataclass(frozen=True, slots=True)
class ResendPlan:
    """A message that would be sent again: the certificate, and its file as it was issued."""

    serial: Serial
    file: str
    pdf_sha256: Digest


def plan(session: Session, serial: str) -> ResendPlan:
    """The file that would be sent again, proved to be the one that was issued. Raises `Refused`."""
    rollback_guard.check(session)
    found = certificate_states.certificate(session.register, serial)
    problems = may("resend", StateChanges(session.register).state(serial), serial)
    for hold in Holds(session.register).withholding(serial):
        what = f"is withheld until {hold.until} by {hold.owner}"
        problems.append(HOLD.at(Place(subject=serial), what, f"`certportal hold release {hold.hold_id}`"))
    if problems:
        raise Refused(problems)
    if Contacts(session.register).of(found.claim_id) is None:
        what = "has no address to which it could be sent"
        fix = f"give the learner's address with the {CLAIM}s (docs/delivery.md), then resend"
        raise Refused(RESEND_ADDRESS.at(Place(subject=serial), what, fix))
    path = session.workspace.issued_file(found.serial, found.issued_on)
    where = session.workspace.shown(path)
    data = disk.read(path, _PDF_CAP, where)
    if hashlib.sha256(data).hexdigest() != found.pdf_sha256:
        fix = f"restore it, or make it again: `certportal pdf {serial}`"
        raise Refused(FILE_CHANGED.at(Place(where), "is not the file that was issued", fix))
    return ResendPlan(found.serial, where, found.pdf_sha256)


def ask(session: Session, again: ResendPlan, by: str) -> None:
    """Have the next night send it."""
    roles = session.workspace.portal.policy.after_issue.resend
    rosters.on_roster(session.workspace, by, roles, session.today)
    with session.register.transaction():
        if plan(session, again.serial) != again:
            what = "was changed since this was shown; nothing was done"
            raise Refused(AFTER_CHANGED.at(Place(subject=again.serial), what, "run the command again"))
        messages = Messages(session.register)
        rank = len(messages.of_serial(again.serial)) + 1
        domain = session.workspace.portal.organisation.contact.email.rpartition("@")[2]
        messages.enqueue(f"resend/{again.serial}/{rank}", "issued", again.serial, domain, session.now)
        EventLog(session.register).append(session.now, "resend_requested", again.serial, {"by": by})
