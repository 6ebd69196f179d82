"""A folder that holds a backup: what is in it, whether it is whole, which earlier registers it keeps.

Laid out like the workspace, with `backup.json` (the digest of every file) and `registers/` (earlier registers
by the instant of their backup) beside it. `.unfinished` is there from the first file of a run to the last.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from generator.edge import disk
from generator.edge.register import page_sums
from generator.edge.register.register_copy import RegisterCopy
from generator.errors import Place, Problem, Refused
from generator.flow.night.codes import BACKUP_DAMAGED, BACKUP_PLACE
from generator.model.value import Digest, Instant

REGISTER = "certificates/register.db"
_INDEX, _UNFINISHED, _EARLIER = "backup.json", ".unfinished", "registers"
_INDEX_CAP = 500_000_000
_DAYS, _WEEKS, _MONTHS = 7, 5, 12
_AGAIN = "run `certportal backup` again; if the disk did this, take another"


@dataclass(frozen=True, slots=True)
class BackupIndex:
    """What a finished run left: when, of whom, how far its register reached, each file's digest."""

    at: Instant
    organisation: str
    events: int
    chain: Digest
    files: Mapping[str, str] = field(default_factory=dict)


class BackupFolder:
    """One folder of backups."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.register = root / REGISTER
        self.unfinished = root / _UNFINISHED

    def refuse_links(self) -> None:
        """Raises `Refused` where the folder, or one in it, is a link: where it leads is not ours to write."""
        names = (".", "certificates", "keys", "site_src", _EARLIER, REGISTER)
        for path in (self.root / name for name in names):
            if path.is_symlink():
                fix = "name the folder itself, or remove the link"
                raise Refused(BACKUP_PLACE.at(Place(str(path)), "is a link, and links are not followed", fix))

    def index(self) -> BackupIndex | None:
        """The index; None where no run has finished here. Raises `Refused` where it is damaged."""
        path = self.root / _INDEX
        if not path.exists():
            return None
        try:
            return BackupIndex(**json.loads(disk.read(path, _INDEX_CAP, str(path))))
        except (ValueError, TypeError):
            raise Refused(BACKUP_DAMAGED.at(Place(str(path)), "cannot be read", _AGAIN)) from None

    def write_index(self, index: BackupIndex) -> None:
        """Finish a run."""
        members = {name: getattr(index, name) for name in BackupIndex.__slots__}
        data = json.dumps({**members, "files": dict(index.files)}, sort_keys=True, indent=0)
        disk.write(self.root / _INDEX, data.encode(), private=True)
        disk.remove(self.unfinished)

    def registers(self) -> list[Path]:
        """Every register, the newest first."""
        earlier = sorted((self.root / _EARLIER).glob("*.db"), reverse=True)
        return [path for path in (self.register, *earlier) if path.exists()]

    def keep_register(self, draft: Path, before: Instant | None) -> None:
        """Put a new register in, and keep the one before as that of its instant."""
        if before is not None and self.register.exists():
            kept = self.root / _EARLIER / f"{before.replace(':', '')}.db"
            _make_private(kept.parent)
            for old, new in ((self.register, kept), (page_sums.place(self.register), page_sums.place(kept))):
                if old.exists():
                    shutil.copyfile(old, new, follow_symlinks=False)
                    new.chmod(0o600)
        with disk.opened(draft, str(draft)) as file:
            sums = page_sums.fresh(file)
        page_sums.place(self.register).unlink(missing_ok=True)
        draft.replace(self.register)
        disk.write(page_sums.place(self.register), sums.encode(), private=True)

    def thin(self) -> list[str]:
        """Remove earlier registers that no day, week or month needs; their names."""
        gone = []
        names = {path.stem: path for path in (self.root / _EARLIER).glob("*.db")}
        for name in sorted(names.keys() - kept_instants(names)):
            for path in (names[name], page_sums.place(names[name])):
                path.unlink(missing_ok=True)
            gone.append(name)
        return gone

    def verify(self) -> list[Problem]:
        """Everything read again: the files by their digests, every register by its pages and its trail."""
        try:
            index = self.index()
        except Refused as refused:
            return list(refused.problems)
        if index is None and not self.register.exists():
            what, fix = "holds no backup", "name the folder that `certportal backup` wrote to"
            return [BACKUP_PLACE.at(Place(str(self.root)), what, fix)]
        found = []
        if index is None or self.unfinished.exists():
            what = "the last run was not finished; the register that is here is the last whole one"
            found.append(BACKUP_DAMAGED.at(Place(str(self.root)), what, "run `certportal backup` again"))
        for path in self.registers():
            found += register_faults(path)
        for name, digest in sorted((index.files if index else {}).items()):
            found += self._file_faults(name, digest)
        return found

    def _file_faults(self, name: str, digest: str) -> list[Problem]:
        path = self.root / name
        try:
            good = disk.sha256(path, str(path)).hex() == digest
        except Refused as refused:
            return list(refused.problems)
        what = "is not the file that was backed up"
        return [] if good else [BACKUP_DAMAGED.at(Place(str(path)), what, _AGAIN)]


def register_faults(path: Path) -> list[Problem]:
    """What is wrong with a register in a backup."""
    try:
        with RegisterCopy(path) as copy:
            return [BACKUP_DAMAGED.at(Place(str(path)), one.what, _AGAIN) for one in copy.faults()]
    except OSError:
        return [BACKUP_DAMAGED.at(Place(str(path)), "cannot be opened", _AGAIN)]


def kept_instants(names: Iterable[str]) -> set[str]:
    """Of instants (`2026-11-22T021000Z`): the newest of the last days, weeks and months that have one."""
    kept: set[str] = set()
    newest = sorted(names, reverse=True)
    for count, period in ((_DAYS, _day), (_WEEKS, _week), (_MONTHS, _month)):
        found: dict[str, str] = {}
        for name in newest:
            found.setdefault(period(name), name)
        kept |= set(list(found.values())[:count])
    return kept


def _day(name: str) -> str:
    return name[:10]


def _week(name: str) -> str:
    year, week, _ = date.fromisoformat(name[:10]).isocalendar()
    return f"{year}-{week:02d}"


def _month(name: str) -> str:
    return name[:7]


def _make_private(folder: Path) -> None:
    with disk.explained(folder):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def make_private(root: Path, folder: Path) -> None:
    """Make a folder below a backup's root, and those above it, for their owner only."""
    for each in (*reversed(folder.parents), folder):
        if each == root or each.is_relative_to(root):
            _make_private(each)
