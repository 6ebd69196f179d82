"""Revoke, suspend, reinstate, resend: planned and shown, then done in one transaction (docs/afterwards.md).

A plan says exactly what will change. It is made again inside the transaction, and if anything changed
since it was shown, nothing is done. What is resent is the same file and number, never a new one.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from generator.edge import disk
from generator.edge.register.cases import Cases, RegisteredCase
from generator.edge.register.certificates import Certificates
from generator.edge.register.contacts import Contacts
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds
from generator.edge.register.messages import Messages
from generator.edge.register.replacements import Replacements
from generator.edge.register.state_changes import StateChange, StateChanges
from generator.errors import Place, Problem, Refused
from generator.flow.after_issue import cases
from generator.flow.after_issue.codes import (
    AFTER_PENDING,
    CASE_APPEAL,
    CASE_OUTCOME,
    CASE_SUBJECT,
    CASE_USED,
    FILE_CHANGED,
    HOLD,
    RESEND_ADDRESS,
    SUSPEND_UNTIL,
)
from generator.flow.shared import certificate_states, rollback_guard, rosters, rulings
from generator.flow.shared.codes import AFTER_CHANGED
from generator.flow.shared.session import Session
from generator.formats import decision
from generator.model.case import REASONS, REPLACED, Case, Outcome
from generator.model.value import Day, Digest, Serial
from generator.rules.case_rulings import Ruling, faults, ruling_from
from generator.rules.state_transitions import State, extends, may
from generator.terms import CLAIM

_PDF_CAP = 50_000_000


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A change that is not made yet: from which state, and what comes."""

    before: State
    change: StateChange
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedSuspension:
    """A suspension that is not signed yet: the case that it will rest on, and who decides."""

    before: State
    change: StateChange
    case: Case
    who: tuple[str, str]


def plan_revoke(session: Session, serial: str, case_id: str) -> PlannedChange:
    """What a revocation would change. Raises `Refused` without a closed case that decided it."""
    rollback_guard.check(session)
    serial = certificate_states.certificate(session.register, serial).serial
    state = StateChanges(session.register).state(serial)
    problems = may("revoke", state, serial) + _being_replaced(session.register, serial)
    held = cases.held_case(session.register, case_id)
    ruling = _ruling(session, held, serial, ("revoke",), problems)
    if problems or ruling is None:
        raise Refused(problems)
    today = session.today
    return PlannedChange(
        state, StateChange(serial, "revoked", today, ruling.reason_code, None, case_id), ruling.people
    )


def plan_reinstate(session: Session, serial: str, case_id: str) -> PlannedChange:
    """What a reinstatement would change: after an appeal, or after an investigation that found nothing."""
    rollback_guard.check(session)
    serial = certificate_states.certificate(session.register, serial).serial
    last = StateChanges(session.register).last(serial)
    state = StateChanges(session.register).state(serial)
    problems = may("reinstate", state, serial)
    held = cases.held_case(session.register, case_id)
    lifts = state == "suspended" and held.kind == "revocation"
    ruling = _ruling(session, held, serial, ("dismiss" if lifts else "reinstate",), problems)
    if not lifts and last is not None and held.appeals != last.case_id:
        what = f"does not appeal {last.case_id}, on which the certificate is {state}"
        problems.append(
            CASE_APPEAL.at(Place(subject=f"case {case_id}"), what, f"open an appeal of {last.case_id}")
        )
    if problems or ruling is None:
        raise Refused(problems)
    # A certificate that had been replaced before is not made current again beside its replacement.
    kind: State = "superseded" if _replaced(session.register, serial) else "reinstated"
    today = session.today
    code = REPLACED if kind == "superseded" else 0
    return PlannedChange(state, StateChange(serial, kind, today, code, None, case_id), ruling.people)


def plan_suspend(
    session: Session, serial: str, until: str, why: str, who: tuple[str, str]
) -> PlannedSuspension:
    """What a suspension would change; `who` is handle and role. One authorised person is enough."""
    rollback_guard.check(session)
    serial = certificate_states.certificate(session.register, serial).serial
    state = StateChanges(session.register).state(serial)
    last = StateChanges(session.register).last(serial)
    today = session.today
    problems = may("suspend", state, serial) + _being_replaced(session.register, serial)
    problems += extends(state, last.until if last else None, until, serial)
    if until <= today:
        what = f"{until} is not after today, {today}"
        problems.append(
            SUSPEND_UNTIL.at(Place(subject="--until"), what, "name the day on which to look again")
        )
    if problems:
        raise Refused(problems)
    opening = cases.Opening("suspension", (serial,), why, who[0])
    case = cases.draw_up(session, opening)
    # The decision that is drafted here checks the day.
    change = StateChange(serial, "suspended", today, REASONS["suspend"][0], Day(until), case.case_id)
    # Refuses here, before anybody types a passphrase, whoever may not decide.
    made: tuple[Outcome, int, Day | None] = ("suspend", change.reason_code, change.until)
    drafted = cases.draft_decision(session, case, b"", made, who)
    deciders = rulings.deciders(session, held=None, case=case)
    wrong = faults(drafted, case, deciders, b"")
    if wrong:
        raise Refused(wrong)
    return PlannedSuspension(state, change, case, who)


def apply_planned(session: Session, plan: PlannedChange) -> None:
    """Do what a plan of `plan_revoke` or `plan_reinstate` says, in one transaction."""
    change = plan.change
    with session.register.transaction():
        again = plan_reinstate if change.kind in ("reinstated", "superseded") else plan_revoke
        _same(
            plan,
            again(session, change.serial, change.case_id or ""),
            change.serial,
        )
        certificate_states.apply(session, change)
        Cases(session.register).used(change.case_id or "", session.now)


def suspend(session: Session, plan: PlannedSuspension) -> None:
    """Suspend: the case, the signed decision, its closing and the new state, in one transaction."""
    change, case = plan.change, plan.case
    signer = cases.holder_of_key(session, plan.who[0])
    made: tuple[Outcome, int, Day | None] = ("suspend", change.reason_code, change.until)
    with session.register.transaction():
        again = plan_suspend(session, change.serial, change.until or "", case.reasons, plan.who)
        _same(plan, again, change.serial)
        cases.open_case(session, case)
        held = cases.held_case(session.register, case.case_id)
        salt = held.salt or b""
        drafted = cases.draft_decision(session, case, salt, made, plan.who)
        cases.receive(session, case.case_id, decision.sign(drafted, signer), drafted)
        deciders = rulings.deciders(session, held=held, case=case)
        found = ruling_from(case, salt, Cases(session.register).decisions(case.case_id), deciders)
        if not isinstance(found, Ruling):
            raise Refused(found)
        cases.settle(session, found, deciders.roles)
        certificate_states.apply(session, change)
        Cases(session.register).used(case.case_id, session.now)


@dataclass(frozen=True, slots=True)
class ResendPlan:
    """A message that would be sent again: the certificate, and its file as it was issued."""

    serial: Serial
    file: str
    pdf_sha256: Digest


def plan_resend(session: Session, serial: str) -> ResendPlan:
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


def resend(session: Session, again: ResendPlan, by: str) -> None:
    """Have the next night send it."""
    roles = session.workspace.portal.policy.after_issue.resend
    rosters.on_roster(session.workspace, by, roles, session.today)
    with session.register.transaction():
        _same(again, plan_resend(session, again.serial), again.serial)
        messages = Messages(session.register)
        rank = len(messages.of_serial(again.serial)) + 1
        domain = session.workspace.portal.organisation.contact.email.rpartition("@")[2]
        messages.enqueue(f"resend/{again.serial}/{rank}", "issued", again.serial, domain, session.now)
        EventLog(session.register).append(session.now, "resend_requested", again.serial, {"by": by})


def _ruling(
    session: Session,
    held: RegisteredCase,
    serial: Serial,
    outcomes: tuple[Outcome, ...],
    problems: list[Problem],
) -> Ruling | None:
    """The ruling of a case about this certificate with one of these outcomes, not carried out before."""
    where = f"case {held.case_id}"
    if held.case_id not in [item.case_id for item in Cases(session.register).of(serial)]:
        problems.append(
            CASE_SUBJECT.at(Place(subject=where), f"is not about {serial}", "name the right case")
        )
        return None
    if held.used_at is not None:
        what = f"was carried out on {held.used_at[:10]}"
        problems.append(CASE_USED.at(Place(subject=where), what, "a new decision needs a case of its own"))
        return None
    found = rulings.ruling_of(session, held)
    if not isinstance(found, Ruling):
        problems += found
        return None
    if found.outcome not in outcomes:
        what = f"was decided otherwise: {found.outcome}"
        problems.append(
            CASE_OUTCOME.at(Place(subject=where), what, f"this needs a decision to {outcomes[0]}")
        )
        return None
    return found


def _replaced(register: Register, serial: Serial) -> bool:
    return any(item.new_serial is not None for item in Replacements(register).of_old(serial))


def _being_replaced(register: Register, serial: Serial) -> list[Problem]:
    """A replacement that has its number must be finished first, or it would be beside a revoked one."""
    for item in Replacements(register).of_old(serial):
        if item.new_serial and Certificates(register).find(item.new_serial) is None:
            what = "its replacement has a number and is not finished"
            return [AFTER_PENDING.at(Place(subject=serial), what, "run `certportal issue`, then this again")]
    return []


def _same(shown: object, again: object, serial: Serial) -> None:
    if shown != again:
        what = "was changed by somebody else since this was shown; nothing was done"
        raise Refused(
            AFTER_CHANGED.at(Place(subject=serial), what, "run the command again and read what it shows")
        )
