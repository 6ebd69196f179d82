"""Before a night begins, and after it: is everything there that this run and the coming weeks need?

Others write into the folders of claims and records, perhaps at this very moment.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from generator.edge import disk
from generator.edge.register.event_log import EventLog
from generator.edge.register.publications import Publications
from generator.edge.register.runs import Runs
from generator.edge.store.folder import free_bytes
from generator.errors import Place, Problem, Refused
from generator.flow.night.codes import DISK_LOW, DROP_GROWING, FRESHNESS, KEYS_ENDING
from generator.flow.shared import rollback_guard
from generator.flow.shared.codes import KEYS_ONLINE
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.value import Instant, later, seconds

_READ_WHOLE = "register_read_whole_on"
_NOTICE_DAYS = 60
_ROOM = 200_000_000
_READ = ("claims", "records", "registrations", "catalogue", "centres")
_RECENT_SECONDS, _WAIT_SECONDS = 120, 1.0


def check(session: Session) -> list[Problem]:
    """What will stop a later night. Raises `Refused` where the register is damaged or not the site's."""
    _undamaged(session)
    rollback_guard.check_published(session)
    found = _keys(session.workspace, session.now)
    free = free_bytes(session.workspace.certificates)
    if free < _ROOM:
        what = f"only {free // 1_000_000} MB are free"
        fix = "free some space: a night that runs out of it changes nothing, but issues nothing either"
        found.append(DISK_LOW.at(Place(session.workspace.shown(session.workspace.certificates)), what, fix))
    return found


def _undamaged(session: Session) -> None:
    """Once a day the register is read whole, however large it is. Raises `Refused`."""
    runs = Runs(session.register)
    if runs.switch(_READ_WHOLE) == session.today:
        return
    damaged = session.register.damage() or EventLog(session.register).check()
    if damaged:
        raise Refused(damaged)
    with session.register.transaction():
        runs.set_switch(_READ_WHOLE, session.today, session.now)


def _keys(workspace: Workspace, now: Instant) -> list[Problem]:
    current, soon = workspace.keystore.manifest(), later(now, days=_NOTICE_DAYS)
    where, fix = "keys/manifest.json", "run `certportal keys renew`, with the root key at hand"
    last = max((key.until or "" for key in current.of_role("online")), default="")
    if last < now:
        return [KEYS_ONLINE.at(Place(where), f"the last online key ended on {last[:10]}", fix)]
    if last < soon:
        return [KEYS_ENDING.at(Place(where), f"the last online key ends on {last[:10]}", fix)]
    if current.expires_at < soon:
        what = f"the key manifest expires on {current.expires_at[:10]}"
        return [KEYS_ENDING.at(Place(where), what, fix)]
    return []


def freshness(session: Session) -> list[Problem]:
    """The status that the public sees, where half of its time is over."""
    publications = Publications(session.register)
    row = publications.find(publications.live(session.workspace.targets))
    if row is None:
        return []
    begun, ends = seconds(row.issued_at), seconds(row.next_update)
    # Asked after a night's publication: one that went well has renewed it at half-time.
    if seconds(session.now) <= begun + (ends - begun) // 2:
        return []
    when = "went stale" if session.now > row.next_update else "goes stale"
    what = f"the published status {when} on {row.next_update} (publication {row.sequence})"
    fix = "run `certportal nightly` by hand and read what stops it"
    return [FRESHNESS.at(Place(subject=f"publication {row.sequence}"), what, fix)]


def still_growing(session: Session) -> list[Problem]:
    """Files that change while we look: a claim cut in half must not be taken for a whole one."""
    folders = [session.workspace.certificates / name for name in ("claims", "records", "registrations")]
    before = {path: _state(path) for folder in folders for path in disk.listed(folder)}
    # A clock that differs from the files' own makes a file look old or new, never grown.
    recent = [
        path for path, (_, changed) in before.items() if abs(seconds(session.now) - changed) < _RECENT_SECONDS
    ]
    if not recent:
        return []
    session.environment.sleep(_WAIT_SECONDS)
    fix = "nothing to do: it is read on the next run; write files elsewhere and move them in"
    return [
        DROP_GROWING.at(Place(session.workspace.shown(path)), "is still being written", fix)
        for path in recent
        if _state(path) != before[path]
    ]


def _state(path: Path) -> tuple[int, float]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (-1, 0.0)
    return (found.st_size, found.st_mtime)


def fingerprint(workspace: Workspace) -> str:
    """One digest over everything that an import reads: where it is the same, so is what was read."""
    total = hashlib.sha256()
    for folder in _READ:
        for path in sorted((workspace.certificates / folder).rglob("*")):
            total.update(f"{workspace.shown(path)}\0{_content(path)}\n".encode())
    total.update(disk.sha256(workspace.root / "portal.yaml", "portal.yaml"))
    return total.hexdigest()


def _content(path: Path) -> str:
    """What tells a file's content from another's; of what is no file or cannot be read, that it is so."""
    try:
        return disk.sha256(path, path.name).hex()
    except Refused as refused:
        return refused.problems[0].code
