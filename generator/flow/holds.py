"""Holds before issue and before publication, and what else keeps a claim from issue (docs/holds.md)."""

from __future__ import annotations

from generator.edge.register.cases import Cases
from generator.edge.register.certificates import Certificates
from generator.edge.register.changes import Changes
from generator.edge.register.claims import Claims, HeldClaim
from generator.edge.register.database import Register
from generator.edge.register.holds import HeldBack, Holds
from generator.edge.register.replacements import Replacement, Replacements
from generator.edge.register.trail import Trail
from generator.errors import Misused, Problem, Refused
from generator.flow import cases, guard
from generator.flow.workspace import Door, Workspace
from generator.model.hold import Hold
from generator.rules.after_issue import may


class Barriers:
    """What keeps claims from being issued today, read once for a run."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._standing: dict[tuple[str, str], list[HeldBack]] = {}
        for hold in Holds(register).standing():
            self._standing.setdefault((hold.scope, hold.subject), []).append(hold)

    def of(self, held: HeldClaim) -> list[Problem]:
        """The holds on a claim or its centre, and what speaks against a replacement by now."""
        where = f"claim {held.claim_id} ({held.source})"
        standing = [
            *self._standing.get(("claim", held.claim_id), ()),
            *self._standing.get(("centre", held.claim.centre), ()),
        ]
        problems = [
            Problem(
                "HOLD",
                where,
                f"is held until {hold.until} by {hold.owner}: {hold.kind.replace('_', ' ')}",
                f"settle it, then `certportal hold release {hold.hold_id}`",
            )
            for hold in standing
        ]
        if held.replacement is not None:
            asked = Replacements(self._register).of_claim(held.claim_id)
            problems += self._replacement(asked) if asked else []
        return problems

    def _replacement(self, asked: Replacement) -> list[Problem]:
        """The old certificate may still be replaced, and a reissue is decided and let go."""
        problems = may("replace", Changes(self._register).state(asked.old_serial), asked.old_serial)
        case = Cases(self._register).find(asked.case_id) if asked.case_id else None
        if case is not None and case.used_at is None:
            what = "waits for the decision on its reissue"
            fix = f"`certportal reissue release {case.case_id}` once the case is closed"
            problems.append(Problem("CASE-OPEN", f"case {case.case_id}", what, fix))
        return problems


def place(workspace: Workspace, register: Register, door: Door, hold: Hold) -> tuple[int, list[str]]:
    """Place a hold: its id, and the certificates that it keeps from being published."""
    guard.check(workspace, register)
    today = workspace.today(door.now)
    roles = workspace.portal.policy.after_issue.hold
    cases.on_roster(workspace, hold.owner, roles, today)
    if hold.until <= today:
        what = f"{hold.until} is not after today, {today}"
        raise Misused(Problem("HOLD-UNTIL", "--until", what, "name the day on which you look at it again"))
    with register.transaction():
        withheld = _withheld(workspace, register, hold)
        hold_id = Holds(register).place(hold, door.now, withheld)
        told = {"hold": hold_id, "kind": hold.kind, "owner": hold.owner, "until": hold.until}
        Trail(register).append(door.now, "hold_placed", hold.subject, told)
    return hold_id, withheld


def release(workspace: Workspace, register: Register, door: Door, hold_id: int, by: str) -> HeldBack:
    """Release a hold: what it held is issued or published by the next run."""
    guard.check(workspace, register)
    roles = workspace.portal.policy.after_issue.hold
    cases.on_roster(workspace, by, roles, workspace.today(door.now))
    with register.transaction():
        found = Holds(register).find(hold_id)
        if found is None or found.released_at is not None:
            what = "no hold has this number" if found is None else f"was released on {found.released_at}"
            fix = "`certportal hold list` shows those that stand"
            raise Refused(Problem("HOLD-UNKNOWN", f"hold {hold_id}", what, fix))
        Holds(register).release(hold_id, door.now)
        Trail(register).append(door.now, "hold_released", found.subject, {"hold": hold_id, "by": by})
    return found


def _withheld(workspace: Workspace, register: Register, hold: Hold) -> list[str]:
    """The certificates that are not published yet and fall under a hold. Raises `Refused`."""
    if hold.scope == "claim":
        return _claim(register, hold.subject)
    if hold.scope == "certificate":
        return _certificate(register, hold.subject)
    if hold.subject not in workspace.centres:
        what = "no centre has this number"
        raise Refused(Problem("CENTRE-UNKNOWN", hold.subject, what, "correct it, or add the centre"))
    claims = Claims(register)
    found = []
    for serial, claim_id in Certificates(register).never_published():
        held = claims.by_id(claim_id)
        if held is not None and held.claim.centre == hold.subject:
            found.append(serial)
    return found


def _claim(register: Register, claim_id: str) -> list[str]:
    held = Claims(register).by_id(claim_id)
    if held is None:
        what = "no claim has this id"
        raise Refused(Problem("CLAIM-UNKNOWN", claim_id, what, "copy the id from the held list"))
    if held.serial is not None:
        what = f"is certified as {held.serial}"
        raise Refused(
            Problem("HOLD-LATE", f"claim {claim_id}", what, f"`certportal hold place {held.serial}`")
        )
    return []


def _certificate(register: Register, serial: str) -> list[str]:
    waiting = [found for found, _ in Certificates(register).never_published()]
    if serial in waiting:
        return [serial]
    cases.certificate(register, serial)
    fix = f"`certportal suspend {serial}`: what is published is suspended, not withheld"
    raise Refused(Problem("HOLD-LATE", serial, "is published already", fix))
