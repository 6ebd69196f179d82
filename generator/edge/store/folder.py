"""A folder on this machine as a deploy target: all of the new site, or all of the old one.

Files that are none of the site's own stay where they are. The folder before is kept beside the new one until
the next deployment, so that it can be put back by hand (docs/deploy.md). Where the target is a link, the link
is what is switched.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from generator.edge import disk, switch
from generator.edge.codes import DEPLOY_UNWRITABLE
from generator.edge.sites import FolderSite
from generator.edge.store.target import DeploymentPlan, Look, Noted
from generator.edge.store.target_folder import TargetFolder
from generator.errors import Place, Refused
from generator.formats import paths

_OLD_MODE = 0o700  # what left the site is for nobody else to read


class FolderTarget:
    """A folder that a web server of this machine shows."""

    def __init__(self, place: TargetFolder) -> None:
        self._place = place
        self._folder = place.path

    def deploy(self, plan: DeploymentPlan, noted: Noted) -> None:
        """Stage beside the folder, then switch in one step."""
        with self._explained():
            shown = self._ready(plan)
            there = _entries(shown) if shown.is_dir() else {}
        fresh = {path for wave in plan.waves for path in wave}
        kept = {path for path in plan.every - fresh if stat.S_ISREG(there.get(path, 0))}
        foreign = {path for path, mode in there.items() if not stat.S_ISDIR(mode)}
        foreign -= plan.every | set(plan.drops)
        ours = _around(plan.every)
        in_the_way = foreign & ours | {path for path in plan.every if stat.S_ISDIR(there.get(path, 0))}
        for path in sorted(in_the_way):
            what = f"holds `{path}`, which is not ours, where a part of the site belongs"
            raise self._place.refusal(what, "move it elsewhere")
        files = {path: plan.read(path) for path in sorted(plan.every - kept)}
        with self._explained(held=bool(there)):
            staged = switch.stage(shown, kept | foreign, files)
            if shown.is_dir():
                _take_over_folders(shown, staged, there, ours)
            if self._folder.is_symlink():
                self._switch_link(shown)
            else:
                switch.commit(staged, shown, keep_old=True)
                _close(switch.old_of(shown))
        noted(files)

    def present(self) -> bool:
        """Whether there is a head in the folder; whose and which is not asked."""
        return (self._folder / paths.HEAD).is_file()

    def look(self, noted: Mapping[str, bytes]) -> Look:
        """The head in the folder. Raises `Refused` where the site must not be put there."""
        return self._place.look(noted)

    def site(self) -> FolderSite | None:
        """The folder itself."""
        return FolderSite(self._folder) if self._folder.is_dir() else None

    def _ready(self, plan: DeploymentPlan) -> Path:
        """The folder that is to be exchanged, after a killed deployment was tidied up. Raises `Refused`."""
        self._place.check()
        linked = self._folder.is_symlink()
        shown = self._folder.resolve() if linked else self._folder
        self._place.check_ours(switch.old_of(shown))
        if not linked:
            switch.recover(shown, keep_old=True)
        if os.path.ismount(shown):
            what = "is a mount point, which cannot be exchanged in one step"
            raise self._place.refusal(what, "name a folder on that disk instead")
        around = shown.parent
        if not around.is_dir() and plan.holds_some:
            what = f"is gone, and {around} with it"
            raise self._unwritable(what, "see that its disk is there, or copy everything with --full")
        if around.is_dir() and not os.access(around, os.W_OK | os.X_OK):
            what = f"cannot be exchanged: this account may not write in {around}"
            raise self._unwritable(what, "correct the permissions of that folder")
        return shown

    def _switch_link(self, shown: Path) -> None:
        """Lead the link to the staged folder, under one of two names; the other keeps the one before."""
        names = [shown.with_name(f".{self._folder.name}.{name}") for name in ("one", "two")]
        tree = next(name for name in names if name != shown)
        self._place.check_ours(tree)
        shutil.rmtree(tree, ignore_errors=True)
        switch.staging_of(shown).rename(tree)
        draft = self._folder.with_name(f".{self._folder.name}.link")
        draft.unlink(missing_ok=True)
        beside = tree.parent == self._folder.parent.resolve()
        draft.symlink_to(tree.name if beside else tree, target_is_directory=True)
        draft.replace(self._folder)
        disk.sync_folder(self._folder.parent)
        if shown in names:
            _close(shown)

    @contextlib.contextmanager
    def _explained(self, *, held: bool = False) -> Iterator[None]:
        """What the disk says, as `Refused`; `held`: whether the folder held something a moment ago."""
        try:
            yield
        except OSError as error:
            words = (error.strerror or "unknown reason").lower()
            if held and not self._folder.is_dir():
                what = f"went away while the site was copied to it: {words}"
                raise self._unwritable(what, "see that its disk is there and sound") from None
            named = f" ({error.filename})" if error.filename else ""
            what = f"cannot be written{named}: {words}"
            raise self._unwritable(what, "correct the folder's permissions and its place") from None

    def _unwritable(self, what: str, fix: str) -> Refused:
        where = Place(str(self._folder))
        return Refused(DEPLOY_UNWRITABLE.at(where, what, f"{fix}, then run `certportal deploy`"))


def _entries(folder: Path, below: str = "") -> dict[str, int]:
    """Everything below a folder, links not followed: path -> mode."""
    found: dict[str, int] = {}
    for entry in os.scandir(folder / below):
        name = f"{below}{entry.name}"
        mode = entry.stat(follow_symlinks=False).st_mode
        found[name] = mode
        if stat.S_ISDIR(mode):
            found |= _entries(folder, f"{name}/")
    return found


def _around(listed: Iterable[str]) -> set[str]:
    """The folders that files are in."""
    return {parent.as_posix() for path in listed for parent in Path(path).parents}


def _take_over_folders(shown: Path, staged: Path, there: dict[str, int], ours: set[str]) -> None:
    """Folders that are none of the site's: empty ones too, each with the rights that it had."""
    held = _around(there)
    for name, mode in there.items():
        if stat.S_ISDIR(mode) and name not in ours and (name not in held or (staged / name).is_dir()):
            (staged / name).mkdir(parents=True, exist_ok=True)
            (staged / name).chmod(stat.S_IMODE(mode))
    # Whoever serves the folder must be able to go in, whatever the account that runs us keeps to itself.
    staged.chmod(stat.S_IMODE(shown.stat().st_mode) | 0o755)


def _close(folder: Path) -> None:
    if folder.is_dir():
        folder.chmod(_OLD_MODE)


def free_bytes(folder: Path) -> int:
    """How much space is left where a folder is, or will be."""
    place = folder
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free
