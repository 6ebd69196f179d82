"""One register, in one place: two copies that both issue give one number to two people.

The register remembers the machine and the folder of its first use. A copy elsewhere is refused until it is
taken over: `certportal move` hands over, `certportal restore` takes over. A sample may be copied freely.
"""

from __future__ import annotations

from generator.edge import machine
from generator.edge.register.database import Register
from generator.edge.register.runs import Runs
from generator.errors import Place, Problem, Refused
from generator.flow.shared.codes import PLACE_SHARED
from generator.flow.shared.session import Session

_PLACE, _MOVED = "place", "moved"
_MOVE = (
    "there, run `certportal move DIR` with a folder on another disk, then `certportal restore DIR` on the"
    " machine that is to have it; sheets and backups may lie anywhere"
)


def check(session: Session) -> None:
    """Bind the register to this place at its first use. Raises `Refused` where its place is another."""
    workspace, runs = session.workspace, Runs(session.register)
    if workspace.portal.sample:
        return
    shared = _shared(session)
    if shared:
        raise Refused(shared)
    here, bound = machine.identity(workspace.certificates), runs.switch(_PLACE)
    if bound == here:
        return
    if bound is None:
        with session.register.transaction():
            runs.set_switch(_PLACE, here, session.now)
        return
    where = Place(str(workspace.root))
    if bound.startswith(_MOVED):
        what = f"was handed over to another place on {bound.removeprefix(_MOVED).strip()}"
        fix = "work there; to take it back, `certportal restore DIR` with the newest backup from there"
        raise Refused(PLACE_SHARED.at(where, what, fix))
    what = "is a copy: its register belongs to another machine or folder, and two would give the same numbers"
    fix = (
        f"work where it belongs; to bring it here, {_MOVE}. If that machine is lost, `certportal restore DIR`"
    )
    raise Refused(PLACE_SHARED.at(where, what, fix))


def _shared(session: Session) -> list[Problem]:
    root = session.workspace.root
    kind, service = machine.network_drive(root), machine.synchronised(root)
    if kind:
        what = f"lies on a network drive ({kind}), where two machines can write at once"
    elif service:
        what = f"lies in a folder of {service}, which copies the register while it is written"
    else:
        return []
    fix = "move the folder to a disk of this machine; sheets and backups may lie anywhere"
    return [PLACE_SHARED.at(Place(str(root)), what, fix)]


def hand_over(session: Session) -> None:
    """From now on nothing is done here, until a backup is restored."""
    with session.register.transaction():
        Runs(session.register).set_switch(_PLACE, f"{_MOVED} {session.now[:10]}", session.now)


def release(register: Register) -> None:
    """Let the next use decide the register's place: for a backup that was just put back."""
    with register.transaction():
        register.change("DELETE FROM switches WHERE name = ?", _PLACE)
