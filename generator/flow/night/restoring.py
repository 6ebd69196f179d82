"""Putting a backup back, and trying that without touching anything (docs/operations.md, Restore drill).

What is in the workspace and newer stays: files are added where they are missing, and an issued PDF is
replaced where it is not the one that was issued. The register that was there is set aside, never deleted.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path

from generator.edge import disk
from generator.edge.register import page_sums
from generator.edge.register.certificates import Certificates
from generator.edge.register.database import Register
from generator.edge.register.event_log import EventLog
from generator.edge.register.register_copy import RegisterCopy
from generator.errors import Place, Problem, Refused
from generator.flow.night.backup_folder import REGISTER, BackupFolder, register_faults
from generator.flow.night.codes import BACKUP_DAMAGED, BACKUP_PLACE, BACKUP_WORSE
from generator.flow.shared import place, rollback_guard
from generator.flow.shared.session import Environment, Session
from generator.flow.shared.workspace import load_workspace
from generator.model.value import Digest

_CAP = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `set_aside` is where the register went that was there, "" where there was none."""

    files: int
    kept: int
    events: int
    register: str
    set_aside: str
    problems: list[Problem]


def restore(source: Path, root: Path, environment: Environment) -> Restored:
    """Put the newest good register of a backup, and the files with it, into a workspace. Raises `Refused`.

    From then on this folder is the register's place: where another still has it, `certportal move` is right.
    """
    root = root.resolve()
    folder = BackupFolder(source)
    if source.resolve().is_relative_to(root):
        fix = "name a folder on another disk or machine"
        raise Refused(BACKUP_PLACE.at(Place(str(source)), "lies inside the workspace", fix))
    problems = folder.verify()
    good = [path for path in folder.registers() if not register_faults(path)]
    if not good:
        raise Refused(
            problems or [BACKUP_DAMAGED.at(Place(str(source)), "holds no register", "name another")]
        )
    with RegisterCopy(good[0]) as copy:
        reach = copy.reach()
    with disk.locked(root / "certificates" / ".lock", environment.sleep):
        same = _compare(root / REGISTER, reach, environment)
        files, kept = _files(folder, root)
        aside = "" if same else _put_register(good[0], root, environment)
        with Register(root / REGISTER, environment.randomness) as register:
            place.release(register)
    name = good[0].relative_to(source).as_posix()
    return Restored(files, kept, reach[0], name, aside, problems)


def drill(source: Path, environment: Environment) -> Restored:
    """Restore into a folder that is removed again, and compare register, issued PDFs and live sites."""
    with tempfile.TemporaryDirectory(prefix="certportal-drill-") as made:
        root = Path(made) / "workspace"
        done = restore(source, root, environment)
        workspace = load_workspace(root)
        with workspace.register(environment.randomness) as register:
            session = Session(workspace, register, environment)
            faults = register.damage() or EventLog(register).check()
            for item in Certificates(register).issued():
                path = workspace.issued_file(item.serial, item.issued_on)
                if item.pdf_sha256 and not (path.is_file() and _digest(path) == item.pdf_sha256):
                    what = "is not in the backup as it was issued"
                    faults.append(BACKUP_DAMAGED.at(Place(workspace.shown(path)), what, "back up again"))
            try:
                rollback_guard.check_live(session)
            except Refused as refused:
                faults += refused.problems
    done.problems.extend(faults)
    return done


def _compare(path: Path, reach: tuple[int, Digest], environment: Environment) -> bool:
    """Whether the register that is here is the backup's. Raises `Refused` where it is whole and ahead."""
    if not path.exists():
        return False
    try:
        with Register(path, environment.randomness) as register:
            log = EventLog(register)
            if register.damage() or log.check():
                return False
            ours, shared = log.state(), log.hash_at(reach[0]) == reach[1]
    except Refused:
        return False
    if ours == reach:
        return True
    if shared:
        what = (
            f"is whole and holds {ours[0]} events, the backup {reach[0]}: it is not replaced by an older one"
        )
        fix = "nothing is to be restored; to try a backup, `certportal restore --drill DIR`"
        raise Refused(BACKUP_WORSE.at(Place(str(path)), what, fix))
    return False


def _files(folder: BackupFolder, root: Path) -> tuple[int, int]:
    """Add what is missing; how many files were put back, and how many that differ were left as they are."""
    index = folder.index()
    put = kept = 0
    for name, digest in (index.files if index else {}).items():
        path = root / name
        if path.is_file() and _digest(path) == digest:
            continue
        data = _whole(folder.root / name, digest)
        if data is None or (path.exists() and not name.startswith("certificates/issued/")):
            kept += data is not None
            continue
        disk.write(path, data, private=name.startswith("certificates/"))
        put += 1
    return put, kept


def _whole(path: Path, digest: str) -> bytes | None:
    """A file of the backup; None where it is damaged, which `verify` has said."""
    try:
        return disk.read(path, _CAP, str(path)) if _digest(path) == digest else None
    except Refused:
        return None


def _digest(path: Path) -> str:
    return disk.sha256(path, str(path)).hex()


def _put_register(source: Path, root: Path, environment: Environment) -> str:
    """Copy a register in, read the copy whole, and set aside the one that was there."""
    target = root / REGISTER
    draft = target.with_name(".register.db.part")
    with disk.explained(draft), RegisterCopy(source) as copy:
        draft.unlink(missing_ok=True)
        copy.copy_to(draft)
    faults = register_faults(draft)
    if faults:
        draft.unlink(missing_ok=True)
        raise Refused(faults)
    aside = ""
    for suffix in ("", "-wal", "-shm", "-sums"):
        old = target.with_name(target.name + suffix)
        if old.exists():
            folder = target.parent / f"register-set-aside-{environment.now.replace(':', '')}"
            folder.mkdir(mode=0o700, exist_ok=True)
            old.replace(folder / old.name)
            aside = str(folder)
    draft.replace(target)
    with disk.opened(target, str(target)) as file:
        disk.write(page_sums.place(target), page_sums.fresh(file).encode(), private=True)
    return aside
