"""A copy of what cannot be made again (docs/operations.md, Backup).

The register is read whole before it is copied, and the copy after it; a backup that knows more, or a file
that is whole there and damaged here, is never replaced. Issued certificates never change, so only new ones
are copied.
`public/` and reports can be made again; private keys have their own safe.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from generator.edge import disk, machine
from generator.edge.register.certificates import Certificates
from generator.edge.register.event_log import EventLog
from generator.edge.register.register_copy import RegisterCopy
from generator.errors import Place, Problem, Refused
from generator.flow.night.backup_folder import (
    BackupFolder,
    BackupIndex,
    make_private,
    register_faults,
)
from generator.flow.night.codes import BACKUP_DAMAGED, BACKUP_LINK, BACKUP_PLACE, BACKUP_WORSE
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace
from generator.model.value import Digest, Instant

_CAP = 2_000_000_000
_FOLDERS = ("catalogue", "centres", "registrations", "records", "claims", "approvals", "issued")
_DRAFT = "certificates/.register.db.part"


@dataclass(slots=True)
class Backup:
    """What the copy holds. `events` is how far the register's trail reached; `problems` what is not in it."""

    files: int
    new: int
    events: int
    problems: list[Problem] = field(default_factory=list)


def back_up(session: Session, to: Path) -> Backup:
    """Copy into a folder laid out like the workspace. Raises `Refused`, and then what was there stays."""
    folder = BackupFolder(to)
    if to.resolve().is_relative_to(session.workspace.root.resolve()):
        fix = "name a folder on another disk or machine"
        raise Refused(BACKUP_PLACE.at(Place(str(to)), "lies inside the workspace", fix))
    folder.refuse_links()
    damaged = session.register.damage() or EventLog(session.register).check()
    if damaged:
        raise Refused(damaged)
    found = _compare(session, folder)
    try:
        make_private(to, to)
        volume = machine.volume(to)
        done = _copy(session, folder, found)
        if machine.volume(to) != volume:
            raise FileNotFoundError("another disk is there now")
    except OSError as error:
        what = f"could not be written to the end ({(error.strerror or str(error)).lower()})"
        fix = "see that the disk is there, then run the command again; the register that was there stays"
        raise Refused(BACKUP_PLACE.at(Place(str(to)), what, fix)) from None
    return done


def _compare(session: Session, folder: BackupFolder) -> list[Problem]:
    """Damage to the copy that is there already. Raises `Refused` where it knows more than the register."""
    if not folder.register.exists():
        return []
    found = register_faults(folder.register)
    if found:
        return found
    with RegisterCopy(folder.register) as copy:
        events, chain = copy.reach()
    log = EventLog(session.register)
    if log.hash_at(events) == chain:
        return []
    ours = log.state()[0]
    knows = f"holds {events} events, and this register {ours}" if events > ours else "is of another register"
    fix = "name another folder; or, if this register is the old one, `certportal restore` the backup"
    raise Refused(
        BACKUP_WORSE.at(Place(str(folder.register)), f"{knows}: it is not replaced by a worse one", fix)
    )


def _copy(session: Session, folder: BackupFolder, problems: list[Problem]) -> Backup:
    workspace, register = session.workspace, session.register
    before = _before(folder, problems)
    disk.write(folder.unfinished, b"", private=True)
    digests: dict[str, str] = {}
    issued = {f"{item.serial}.pdf": item.pdf_sha256 for item in Certificates(register).issued()}
    files, new = list(_files(workspace, problems)), 0
    for rank, path in enumerate(files):
        name = path.relative_to(workspace.root).as_posix()
        data = disk.read(path, _CAP, workspace.shown(path))
        digest = hashlib.sha256(data).hexdigest()
        target = folder.root / name
        kept = disk.sha256(target, str(target)).hex() if target.is_file() else ""
        wanted = issued.get(path.name) if name.startswith("certificates/issued/") else None
        if wanted and digest != wanted:
            problems.append(_worse(workspace.shown(path), kept == wanted))
            if kept == wanted:
                digests[name] = kept
            continue
        digests[name] = digest
        if kept != digest:
            make_private(folder.root, target.parent)
            disk.write(target, data, private=True)
            new += 1
        session.environment.progress("copying", rank + 1, len(files))
    events = _copy_register(session, folder, None if before is None else before.at)
    index = BackupIndex(session.now, workspace.portal.organisation.code, *events, digests)
    folder.write_index(index)
    folder.thin()
    return Backup(len(files), new, events[0], problems)


def _before(folder: BackupFolder, problems: list[Problem]) -> BackupIndex | None:
    """The index of the backup that is there, if its register is worth keeping."""
    try:
        before = folder.index()
    except Refused as refused:
        problems += refused.problems
        return None
    return None if any(one.place.file == str(folder.register) for one in problems) else before


def _copy_register(session: Session, folder: BackupFolder, before: Instant | None) -> tuple[int, Digest]:
    """Copy the register and read the copy whole, before it takes the place of the one that is there."""
    draft = folder.root / _DRAFT
    make_private(folder.root, draft.parent)
    draft.unlink(missing_ok=True)
    try:
        session.register.copy_to(draft)
        faults = register_faults(draft)
        with RegisterCopy(draft) as copy:
            reach = copy.reach()
        if faults or reach != EventLog(session.register).state():
            what = faults[0].what if faults else "is not the register that was copied"
            fix = "take another disk; the register that was there stays"
            raise Refused(BACKUP_DAMAGED.at(Place(str(draft)), f"the copy {what}", fix))
        folder.keep_register(draft, before)
    finally:
        draft.unlink(missing_ok=True)
    disk.sync_folder(folder.register.parent)
    return reach


def _worse(where: str, whole_there: bool) -> Problem:
    what = "is not the file that was issued" + ("; the backup's, which is, stays" if whole_there else "")
    serial = Path(where).stem
    return BACKUP_WORSE.at(
        Place(where), what, f"make it again: `certportal pdf {serial}`, then back up again"
    )


def _files(workspace: Workspace, problems: list[Problem]) -> Iterator[Path]:
    """What is copied. Links are named and not followed: what they lead to is not part of the workspace."""
    keys, own = workspace.root / "keys", workspace.root / "site_src"
    found = [workspace.root / "portal.yaml", *sorted(keys.glob("*.json"))]
    for folder in (
        keys / "manifests",
        keys / "rosters",
        *(workspace.certificates / name for name in _FOLDERS),
        own,
    ):
        found += [folder] if folder.is_symlink() else sorted(folder.rglob("*"))
    for path in found:
        if path.is_symlink():
            fix = "put the file or folder itself in its place, or back up separately what the link leads to"
            what = "is a link, and is not in the backup"
            problems.append(BACKUP_LINK.at(Place(workspace.shown(path)), what, fix))
        elif path.is_file():
            yield path
