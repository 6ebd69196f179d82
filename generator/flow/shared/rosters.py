"""The roster in force, which never goes back: an older one would revive what a newer one revoked."""

from __future__ import annotations

from collections.abc import Sequence

from generator.edge.register.event_log import EventLog
from generator.errors import Place, Refused
from generator.flow.shared.codes import AFTER_ROLE, ROSTER_OLD
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.people import Roster
from generator.model.value import Day
from generator.terms import spoken

_SUBJECT, _EVENT = "roster", "roster_seen"


def current(session: Session) -> Roster:
    """The roster, verified. Raises `Refused` where the register has seen a newer one."""
    roster = session.workspace.keystore.roster()
    seen = EventLog(session.register).of(_SUBJECT, _EVENT)
    newest = max((int(event.details["version"]) for event in seen), default=0)
    if roster.version < newest:
        what = f"is version {roster.version}, but version {newest} was in use here"
        fix = "restore the newer roster from the backup"
        raise Refused(ROSTER_OLD.at(Place(str(session.workspace.keystore.roster_file)), what, fix))
    return roster


def note(session: Session, roster: Roster) -> None:
    """Have the chain name a roster from which approvals were received; inside a transaction."""
    trail = EventLog(session.register)
    seen = trail.of(_SUBJECT, _EVENT)
    if not seen or int(seen[-1].details["version"]) < roster.version:
        trail.append(session.now, _EVENT, _SUBJECT, {"version": roster.version})


def on_roster(workspace: Workspace, handle: str, roles: Sequence[str], today: Day) -> str:
    """The first of these roles that a person holds today. Raises `Refused` where it is none."""
    person = workspace.keystore.roster().find(handle)
    now = [item.role for item in (person.roles if person else ()) if item.of_office(today)]
    held = [role for role in roles if role in now]
    if not held:
        what = f"{handle} holds none of the roles that may do this"
        names = ", ".join(spoken(role) for role in roles)
        raise Refused(AFTER_ROLE.at(Place("keys/roster.json"), what, f"the policy names: {names}"))
    return held[0]
