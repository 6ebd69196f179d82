"""Withdrawing a learner's private link (docs/delivery.md)."""

from __future__ import annotations

from generator.edge.register.contacts import Contacts
from generator.edge.register.event_log import EventLog
from generator.errors import Place, Refused
from generator.flow.mailing.codes import LINK_NONE
from generator.flow.shared import certificate_states, rollback_guard
from generator.flow.shared.session import Session


def withdraw(session: Session, serial: str, because: str) -> None:
    """Take a private link away; the next publication takes its file off. Raises `Refused` for none."""
    rollback_guard.check(session)
    found = certificate_states.certificate(session.register, serial)
    with session.register.transaction():
        if not Contacts(session.register).withdraw_link(found.serial, session.now):
            fix = f"`certportal trail {serial}` says what was sent"
            raise Refused(LINK_NONE.at(Place(subject=serial), "has no private link", fix))
        EventLog(session.register).append(session.now, "link_withdrawn", found.serial, {"because": because})
