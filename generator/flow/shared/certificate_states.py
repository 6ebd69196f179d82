"""The state of an issued certificate, for all that changes it, issuing among them (docs/afterwards.md).

A replacement is approved and issued like any other certificate, so issuing asks here what speaks against
one, and supersedes the old certificate in the very transaction that makes the new one.
"""

from __future__ import annotations

from generator.edge.register.cases import Cases
from generator.edge.register.certificates import Certificates, Issued
from generator.edge.register.claims import RegisteredClaim
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.replacements import Replacements
from generator.edge.register.state_changes import StateChange, StateChanges
from generator.errors import Place, Problem, Refused
from generator.flow.shared.codes import CASE_OPEN, CERTIFICATE_UNKNOWN
from generator.flow.shared.session import Session
from generator.formats import status
from generator.formats.derivation import derive
from generator.model.case import REPLACED
from generator.model.value import Serial, VerificationCode
from generator.rules.state_transitions import may


def certificate(register: Register, serial: str) -> Issued:
    """An issued certificate. Raises `Refused`."""
    found = Certificates(register).find(serial)
    if found is None:
        fix = "copy the certificate number (such as NW-26-000001) from the certificate or the list"
        raise Refused(CERTIFICATE_UNKNOWN.at(Place(subject=serial), "no certificate has this number", fix))
    return found


def apply(session: Session, change: StateChange, successor: VerificationCode | None = None) -> None:
    """Keep a new state and the exception that will publish it, inside the caller's transaction."""
    found = certificate(session.register, change.serial)
    derived = derive(found.number, session.workspace.keystore.pin().issuer_id)
    if change.kind == "valid" or change.kind == "erased":
        raise ValueError(f"{change.kind} is published by no exception")
    sealed = status.seal(
        derived,
        status.StatusException(change.kind, change.changed_on, change.reason_code, change.until, successor),
    )
    changes = StateChanges(session.register)
    changes.add(change)
    changes.publish_next(change.serial, derived.year, derived.prefix(24), sealed)
    # Never which certificate follows: that link is kept in one place, and every look at it is an event.
    details = {"reason_code": change.reason_code, "until": change.until, "case": change.case_id}
    named = {name: value for name, value in details.items() if value is not None}
    EventLog(session.register).append(session.now, f"certificate_{change.kind}", change.serial, named)


def obstacles(register: Register, held: RegisteredClaim) -> list[Problem]:
    """What speaks against a replacement by now: the old certificate's state, a reissue not let go."""
    asked = Replacements(register).of_claim(held.claim_id) if held.replacement is not None else None
    if asked is None:
        return []
    problems = may("replace", StateChanges(register).state(asked.old_serial), asked.old_serial)
    case = Cases(register).find(asked.case_id) if asked.case_id else None
    if case is not None and case.used_at is None:
        what = "waits for the decision on its reissue"
        fix = f"`certportal reissue release {case.case_id}` once the case is closed"
        problems.append(CASE_OPEN.at(Place(subject=f"case {case.case_id}"), what, fix))
    return problems


def supersede_replaced(session: Session, serial: Serial) -> None:
    """A certificate was made: if it replaces one, that one is superseded, in the caller's transaction."""
    found = Replacements(session.register).of_new(serial)
    if found is None:
        return
    successor = None
    if found.request is not None and found.request.consent:
        successor = certificate(session.register, serial).number
    apply(session, StateChange(found.old_serial, "superseded", session.today, REPLACED), successor)
