"""Cases: opened, decided by signature, closed; what comes of them is done elsewhere (docs/afterwards.md)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from generator.edge.register.cases import Cases, RegisteredCase
from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.errors import Place, Problem, Refused, UsageError
from generator.flow.after_issue.codes import (
    CASE_CLOSED,
    CASE_FIELD,
    CASE_SUBJECT,
    CASE_UNKNOWN,
    DECISION_FIELD,
)
from generator.flow.office.keys import unlock
from generator.flow.shared import certificate_states, rollback_guard
from generator.flow.shared.codes import CASE_OPEN, CERTIFICATE_UNKNOWN
from generator.flow.shared.rulings import deciders
from generator.flow.shared.session import Session
from generator.formats import decision
from generator.model.case import AdverseEffect, Case, CaseKind, Corrections, Decision, Outcome
from generator.model.keyring import Signer
from generator.model.people import Roster
from generator.rules.case_rulings import Ruling, faults, roles_for, ruling_from
from generator.rules.codes import STAFF_UNKNOWN


@dataclass(frozen=True, slots=True)
class Opening:
    """What a case is to be opened with; who opens it is no party by that alone."""

    kind: CaseKind
    subjects: tuple[str, ...]
    reasons: str
    by: str
    parties: tuple[str, ...] = ()
    appeals: str | None = None
    corrections: Corrections | None = None
    effect: AdverseEffect | None = None


def held_case(register: Register, case_id: str) -> RegisteredCase:
    """A case. Raises `Refused`."""
    found = Cases(register).find(case_id)
    if found is None:
        fix = "open one with `certportal case open`, or copy its number from `certportal case list`"
        raise Refused(CASE_UNKNOWN.at(Place(subject=case_id), "no case has this number", fix))
    return found


def draw_up(session: Session, opening: Opening) -> Case:
    """The case as it would be opened. Raises `Refused` with every problem."""
    problems = _unknown_people(session.workspace.keystore.roster(), [opening.by, *opening.parties])
    for serial in opening.subjects:
        if Certificates(session.register).find(serial) is None:
            what = "no certificate has this number"
            problems.append(
                CERTIFICATE_UNKNOWN.at(Place(subject=serial), what, "correct the certificate number")
            )
    if opening.appeals is not None:
        problems += _appealed(session.register, opening)
    if problems:
        raise Refused(problems)
    today = session.today
    parties = {*opening.parties, *_taught_by(session, opening)}
    fields = {
        "case_id": Cases(session.register).next_id(int(today[:4])),
        "kind": opening.kind,
        "subjects": sorted(opening.subjects),
        "parties": sorted(parties),
        "reasons": opening.reasons,
        "opened_on": today,
        "opened_by": opening.by,
        "appeals": opening.appeals,
        "corrections": opening.corrections,
        "effect": opening.effect,
    }
    case, wrong = Case.tried(fields)
    if case is None:
        raise UsageError(
            CASE_FIELD.at(Place(subject=f"case {field}"), what, "correct it and run the command again")
            for field, what in wrong
        )
    return case


def open_case(session: Session, case: Case) -> None:
    """Register a case, inside the caller's transaction."""
    Cases(session.register).add(case, session.now)
    details = {"kind": case.kind, "by": case.opened_by, "certificates": len(case.subjects)}
    EventLog(session.register).append(session.now, "case_opened", case.case_id, details)


def sign(
    session: Session, case: Case, salt: bytes, made: tuple[Outcome, int, str | None], who: tuple[str, str]
) -> bytes:
    """One person's signed decision; `who` is handle and role. Raises `Refused` where it could not count."""
    drafted = draft_decision(session, case, salt, made, who)
    wrong = faults(drafted, case, deciders(session, held=None, case=case), salt)
    if wrong:
        raise Refused(wrong)
    return decision.sign(drafted, _signer(session, who[0]))


def draft_decision(
    session: Session, case: Case, salt: bytes, made: tuple[Outcome, int, str | None], who: tuple[str, str]
) -> Decision:
    """A decision that is not signed yet. Raises `Misused` where its fields cannot be."""
    outcome, reason_code, until = made
    drafted, wrong = Decision.tried(
        {
            "issuer_id": session.workspace.keystore.pin().issuer_id,
            "case_id": case.case_id,
            "case_sha256": decision.commitment(salt, decision.encode_case(case)),
            "outcome": outcome,
            "reason_code": reason_code,
            "until": until,
            "person": who[0],
            "role": who[1],
            "decided_on": session.today,
        }
    )
    if drafted is None:
        fix = "correct it and run the command again"
        raise UsageError(
            DECISION_FIELD.at(Place(subject=f"decision {field}"), what, fix) for field, what in wrong
        )
    return drafted


def receive(session: Session, case_id: str, data: bytes, opened: Decision) -> None:
    """Take a signed decision into the register, inside the caller's transaction."""
    _open_one(session.register, case_id)
    if Cases(session.register).receive(case_id, session.now, data):
        details = {"person": opened.person, "role": opened.role, "outcome": opened.outcome}
        EventLog(session.register).append(session.now, "decision_received", case_id, details)


def signed(
    session: Session, case_id: str, made: tuple[Outcome, int, str | None], who: tuple[str, str]
) -> tuple[bytes, Decision]:
    """A signed decision on an open case, to be taken in by `receive`."""
    rollback_guard.check(session)
    _, case, salt = _open_one(session.register, case_id)
    data = sign(session, case, salt, made, who)
    return data, decision.decode(decision.split(data))


def close(session: Session, case_id: str) -> Ruling:
    """Close a case, inside the caller's transaction. Raises `Refused` until every role has decided."""
    held, case, salt = _open_one(session.register, case_id)
    found = ruling_from(
        case,
        salt,
        Cases(session.register).decisions(case_id),
        deciders(session, held=held, case=case),
    )
    if not isinstance(found, Ruling):
        raise Refused(found)
    settle(
        session,
        found,
        roles_for(case.kind, session.workspace.portal.policy.after_issue),
    )
    return found


def settle(session: Session, ruling: Ruling, roles: Iterable[str]) -> None:
    """Close a case with its ruling, inside the caller's transaction."""
    Cases(session.register).close(ruling.case_id, session.now, ruling.outcome, roles)
    details = {"outcome": ruling.outcome, "people": list(ruling.people)}
    EventLog(session.register).append(session.now, "case_closed", ruling.case_id, details)


def holder_of_key(session: Session, handle: str) -> Signer:
    """A person's own key, opened with their passphrase: proof that it is they who ask."""
    return _signer(session, handle)


def _signer(session: Session, handle: str) -> Signer:
    return unlock(session.workspace, session.environment, f"person-{handle}", handle)


def _open_one(register: Register, case_id: str) -> tuple[RegisteredCase, Case, bytes]:
    held = held_case(register, case_id)
    case = held.case
    if held.closed_at is not None or case is None or held.salt is None:
        what = "is closed" if held.closed_at else "was erased"
        raise Refused(CASE_CLOSED.at(Place(subject=f"case {case_id}"), what, "open another case"))
    return held, case, held.salt


def _appealed(register: Register, opening: Opening) -> list[Problem]:
    appealed = Cases(register).find(opening.appeals or "")
    where = f"case {opening.appeals}"
    if appealed is None:
        return [CASE_UNKNOWN.at(Place(subject=where), "no case has this number", "correct it")]
    if appealed.closed_at is None:
        return [CASE_OPEN.at(Place(subject=where), "is not decided yet", "appeal once it is closed")]
    about = [held.case_id for serial in opening.subjects for held in Cases(register).of(serial)]
    if appealed.case_id not in about:
        return [CASE_SUBJECT.at(Place(subject=where), "is about another certificate", "correct the number")]
    return []


def _taught_by(session: Session, opening: Opening) -> set[str]:
    """Members of staff who assessed or verified this learner's work: parties without being named."""
    if opening.kind not in ("revocation", "suspension", "appeal"):
        return set()
    roster = session.workspace.keystore.roster()
    people: set[str] = set()
    for serial in opening.subjects:
        claim = Claims(session.register).by_id(
            certificate_states.certificate(session.register, serial).claim_id
        )
        results = claim.claim.results if claim else ()
        people |= {name for item in results for name in (item.assessor, item.verifier) if name}
    return {name for name in people if roster.find(name) is not None}


def _unknown_people(roster: Roster, handles: Iterable[str]) -> list[Problem]:
    return [
        STAFF_UNKNOWN.at(Place("keys/roster.json"), f"{handle} is not on the roster", "correct the handle")
        for handle in handles
        if roster.find(handle) is None
    ]
