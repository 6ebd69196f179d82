"""A copy of what cannot be made again (docs/operations.md, Backup).

The register is copied as of one instant, also while others read it. Issued certificates never change,
so only new ones are copied. `public/` and reports can be made again; private keys have their own safe.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from generator.edge import disk
from generator.edge.register import page_sums
from generator.edge.register.event_log import EventLog
from generator.errors import Place, Refused
from generator.flow.night.codes import BACKUP_PLACE
from generator.flow.shared.session import Session
from generator.flow.shared.workspace import Workspace

_CAP = 2_000_000_000
_FOLDERS = ("catalogue", "centres", "registrations", "claims", "approvals", "issued")


@dataclass(frozen=True, slots=True)
class Backup:
    """What the copy holds. `events` is how far the register's trail reached."""

    files: int
    new: int
    events: int


def back_up(session: Session, to: Path) -> Backup:
    """Copy into a folder laid out like the workspace. Refuses a copy of a newer register."""
    if to.resolve().is_relative_to(session.workspace.root.resolve()):
        fix = "name a folder on another disk or machine"
        raise Refused(BACKUP_PLACE.at(Place(str(to)), "lies inside the workspace", fix))
    files = list(_files(session.workspace))
    new = 0
    for rank, path in enumerate(files):
        target = to / path.relative_to(session.workspace.root)
        data = disk.read(path, _CAP, session.workspace.shown(path))
        if not target.is_file() or target.read_bytes() != data:
            disk.write(target, data, private=True)
            new += 1
        session.environment.progress("copying", rank + 1, len(files))
    draft = to / "certificates" / ".register.db.part"
    draft.unlink(missing_ok=True)
    session.register.copy_to(draft)
    with disk.opened(draft, str(draft)) as file:
        sums = page_sums.fresh(file)
    kept = to / "certificates" / "register.db"
    draft.replace(kept)
    disk.write(page_sums.place(kept), sums.encode(), private=True)
    disk.sync_folder(to / "certificates")
    return Backup(len(files), new, EventLog(session.register).state()[0])


def _files(workspace: Workspace) -> Iterator[Path]:
    yield workspace.root / "portal.yaml"
    keys = workspace.root / "keys"
    yield from (path for path in sorted(keys.glob("*.json")) if path.is_file())
    yield from sorted((keys / "manifests").glob("*.json"))
    for name in _FOLDERS:
        folder = workspace.certificates / name
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())
    own = workspace.root / "site_src"
    if own.is_dir():
        yield from (path for path in sorted(own.rglob("*")) if path.is_file() and not path.is_symlink())
