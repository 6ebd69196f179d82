"""Holds: placed and released. What they hold, the control HOLD-OPEN and publishing decide (docs/holds.md)."""

from __future__ import annotations

from generator.edge.register.certificates import Certificates
from generator.edge.register.claims import Claims
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.holds import Holds, RegisteredHold
from generator.errors import Place, Refused, UsageError
from generator.flow.after_issue.codes import (
    CENTRE_UNKNOWN,
    CLAIM_UNKNOWN,
    HOLD_LATE,
    HOLD_PERMISSION,
    HOLD_UNKNOWN,
    HOLD_UNTIL,
)
from generator.flow.shared import certificate_states, rollback_guard, rosters
from generator.flow.shared.session import Session
from generator.model.hold import Hold
from generator.terms import CENTRE, CLAIM


def place(session: Session, hold: Hold) -> tuple[int, list[str]]:
    """Place a hold: its id, and the certificates that it keeps from being published."""
    rollback_guard.check(session)
    today = session.today
    roles = session.workspace.portal.policy.after_issue.hold
    rosters.on_roster(session.workspace, hold.owner, roles, today)
    if hold.until <= today:
        what = f"{hold.until} is not after today, {today}"
        raise UsageError(
            HOLD_UNTIL.at(Place(subject="--until"), what, "name the day on which you look at it again")
        )
    with session.register.transaction():
        withheld = _withheld(session, hold)
        _permitted(session, hold)
        hold_id = Holds(session.register).place(hold, session.now, withheld)
        details: dict[str, object] = {
            "hold": hold_id,
            "kind": hold.kind,
            "owner": hold.owner,
            "until": hold.until,
        }
        if hold.permission is not None:
            details["permission"] = hold.permission.plain()
        EventLog(session.register).append(session.now, "hold_placed", hold.subject, details)
    return hold_id, withheld


def release(session: Session, hold_id: int, by: str) -> RegisteredHold:
    """Release a hold: what it held is issued or published by the next run."""
    rollback_guard.check(session)
    roles = session.workspace.portal.policy.after_issue.hold
    rosters.on_roster(session.workspace, by, roles, session.today)
    with session.register.transaction():
        found = Holds(session.register).find(hold_id)
        if found is None or found.released_at is not None:
            what = "no hold has this number" if found is None else f"was released on {found.released_at}"
            fix = "`certportal hold list` shows those in force"
            raise Refused(HOLD_UNKNOWN.at(Place(subject=f"hold {hold_id}"), what, fix))
        Holds(session.register).release(hold_id, session.now)
        EventLog(session.register).append(
            session.now, "hold_released", found.subject, {"hold": hold_id, "by": by}
        )
    return found


def _permitted(session: Session, hold: Hold) -> None:
    """A hold for fees on an award of another organisation rests on that organisation's permission."""
    if hold.kind != "fees":
        return
    if hold.permission is not None:
        if hold.permission.given_on > session.today:
            what = f"{hold.permission.given_on} is after today, {session.today}"
            raise UsageError(
                HOLD_PERMISSION.at(Place(subject="--permitted-on"), what, "the day of the permission")
            )
        return
    awarding = _awarded_elsewhere(session, hold)
    if awarding is not None:
        what = f"a hold for fees needs the permission of {awarding}"
        fix = "ask for it, then give --permission REFERENCE --permitted-on DAY"
        raise Refused(HOLD_PERMISSION.at(Place(subject=f"hold on {hold.subject}"), what, fix))


def _awarded_elsewhere(session: Session, hold: Hold) -> str | None:
    """Whose awards a hold touches, where they are another organisation's; who awards permits itself."""
    workspace, register = session.workspace, session.register
    if hold.scope == "centre":
        concerned = list(workspace.programmes.values())
    else:
        issued = Certificates(register).find(hold.subject) if hold.scope == "certificate" else None
        held = Claims(register).by_id(issued.claim_id if issued else hold.subject)
        key = (held.claim.programme, held.claim.version) if held else ("", "")
        concerned = [workspace.programmes[key]] if key in workspace.programmes else []
    named = sorted({item.awarded_by for item in concerned if item.awarded_by})
    if named:
        return " and ".join(named)
    return "the awarding organisation" if workspace.portal.organisation.kind == "centre" else None


def _withheld(session: Session, hold: Hold) -> list[str]:
    """The certificates that are not published yet and fall under a hold. Raises `Refused`."""
    if hold.scope == "claim":
        return _claim(session.register, hold.subject)
    if hold.scope == "certificate":
        return _certificate(session.register, hold.subject)
    if hold.subject not in session.workspace.centres:
        what, fix = f"no {CENTRE} has this number", f"correct it, or add the {CENTRE}"
        raise Refused(CENTRE_UNKNOWN.at(Place(subject=hold.subject), what, fix))
    claims = Claims(session.register)
    found = []
    for serial, claim_id in Certificates(session.register).never_published():
        held = claims.by_id(claim_id)
        if held is not None and held.claim.centre == hold.subject:
            found.append(serial)
    return found


def _claim(register: Register, claim_id: str) -> list[str]:
    held = Claims(register).by_id(claim_id)
    if held is None:
        what = f"no {CLAIM} has this id"
        raise Refused(CLAIM_UNKNOWN.at(Place(subject=claim_id), what, "copy the id from the held list"))
    if held.serial is not None:
        what = f"is certified as {held.serial}"
        raise Refused(
            HOLD_LATE.at(Place(subject=f"{CLAIM} {claim_id}"), what, f"`certportal hold place {held.serial}`")
        )
    return []


def _certificate(register: Register, serial: str) -> list[str]:
    waiting = [found for found, _ in Certificates(register).never_published()]
    if serial in waiting:
        return [serial]
    certificate_states.certificate(register, serial)
    fix = f"`certportal suspend {serial}`: what is published is suspended, not withheld"
    raise Refused(HOLD_LATE.at(Place(subject=serial), "is published already", fix))
