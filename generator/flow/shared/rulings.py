"""Who may decide a case, and what a closed one decided, worked out again from its signatures."""

from __future__ import annotations

from generator.edge.register.cases import Cases, RegisteredCase
from generator.edge.register.database import Register
from generator.errors import Malformed, Place, Problem
from generator.flow.shared.codes import CASE_ALTERED, CASE_OPEN
from generator.flow.shared.session import Session
from generator.model.case import Case
from generator.model.people import Roster
from generator.rules.case_rulings import Deciders, Ruling, open_decision, roles_for, ruling_from


def ruling_of(session: Session, held: RegisteredCase) -> Ruling | list[Problem]:
    """The ruling of a closed case, worked out again from its signed decisions."""
    case = held.case
    if held.closed_at is None or case is None or held.salt is None:
        what = "is not closed" if held.closed_at is None else "was erased"
        fix = f"`certportal case close {held.case_id}`, once every role has decided"
        return [CASE_OPEN.at(Place(subject=f"case {held.case_id}"), what, fix)]
    found = ruling_from(
        case,
        held.salt,
        Cases(session.register).decisions(held.case_id),
        deciders(session, held=held, case=case),
    )
    if isinstance(found, Ruling) and found.outcome != held.outcome:
        what = f"was closed as `{held.outcome}`, but `{found.outcome}` is what was signed"
        fix = "restore the register from the backup and report it"
        return [CASE_ALTERED.at(Place(subject=f"case {held.case_id}"), what, fix)]
    return found


def deciders(session: Session, *, held: RegisteredCase | None, case: Case) -> Deciders:
    """Who may decide a case: by the policy of today while it is open, by that of its closing afterwards."""
    roster = session.workspace.keystore.roster()
    named = held.roles if held is not None and held.closed_at else ()
    roles = named or roles_for(case.kind, session.workspace.portal.policy.after_issue)
    barred = _deciders(session.register, roster, case.appeals) if case.appeals else frozenset()
    return Deciders(session.workspace.keystore.pin().issuer_id, roster, tuple(roles), barred)


def _deciders(register: Register, roster: Roster, case_id: str) -> frozenset[str]:
    found = set()
    for item in Cases(register).decisions(case_id):
        try:
            found.add(open_decision(item, roster).person)
        except Malformed:
            continue
    return frozenset(found)
