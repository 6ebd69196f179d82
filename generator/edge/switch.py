"""The atomic switch of a published folder: all of the new one, or all of the old one (DESIGN 4).

Staging is a hard-link clone of what is published; changed files are new inodes. On Linux the two
folders change places in one system call; elsewhere by two renames, and `recover` finishes them.
What is published is for everybody to read, whatever the account that runs us keeps to itself.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import sys
from collections.abc import Mapping, Set
from pathlib import Path

from generator.edge.disk import explained, sync_folder

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2
_AS_ITSELF = {"follow_symlinks": False} if os.link in os.supports_follow_symlinks else {}


def stage(public: Path, keep: Set[str], files: Mapping[str, bytes]) -> Path:
    """A staging folder beside `public`: `files` written, `keep` linked from what is published.

    A link, or whatever else is no folder, is kept as itself and never followed.
    """
    staging = staging_of(public)
    shutil.rmtree(staging, ignore_errors=True)
    with contextlib.ExitStack() as undo, explained(staging):
        # What was staged when the disk is full would only take the space that is missing.
        undo.callback(shutil.rmtree, staging, ignore_errors=True)
        _fill(staging, public, keep, files)
        undo.pop_all()
    return staging


def staging_of(public: Path) -> Path:
    """Where the next folder is made ready."""
    return public.with_name(f".{public.name}.staging")


def old_of(public: Path) -> Path:
    """Where the folder before is kept, while there is one."""
    return public.with_name(f".{public.name}.old")


def _fill(staging: Path, public: Path, keep: Set[str], files: Mapping[str, bytes]) -> None:
    made: set[Path] = set()
    _folder(staging, made)
    for path in sorted(keep - files.keys()):
        target = staging / path
        _folder(target.parent, made)
        os.link(public / path, target, **_AS_ITSELF)
    for path, data in sorted(files.items()):
        target = staging / path
        _folder(target.parent, made)
        _write(target, data)
    for folder in sorted(made):
        sync_folder(folder)


def commit(staging: Path, public: Path, *, keep_old: bool = False) -> None:
    """Put the staged folder in the place of the published one, at once; what was there before may be kept."""
    old = old_of(public)
    shutil.rmtree(old, ignore_errors=True)
    if not public.exists():
        staging.rename(public)
    elif _exchange(staging, public):
        staging.rename(old)
    else:
        public.rename(old)
        staging.rename(public)
    sync_folder(public.parent)
    if not keep_old:
        shutil.rmtree(old, ignore_errors=True)


def recover(public: Path, *, keep_old: bool = False) -> None:
    """Put back what a killed switch left between its two renames; remove leftovers.

    Where the folder before is kept it stands for a killed switch only beside what was staged for it.
    """
    old, staging = old_of(public), staging_of(public)
    if not public.exists() and old.exists() and (staging.exists() or not keep_old):
        old.rename(public)
        sync_folder(public.parent)
    if not keep_old:
        shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(staging, ignore_errors=True)


def _folder(folder: Path, made: set[Path]) -> None:
    missing = []
    while folder not in made and not folder.exists():
        missing.append(folder)
        folder = folder.parent
    for new in reversed(missing):
        new.mkdir()
        new.chmod(0o755)
    made.update(missing)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        path.chmod(0o644)
        os.fsync(file.fileno())


def _exchange(left: Path, right: Path) -> bool:
    """Swap two paths in one step where the kernel can."""
    if sys.platform != "linux":
        return False
    else:
        libc = ctypes.CDLL(None, use_errno=True)
        renameat2 = getattr(libc, "renameat2", None)
        if renameat2 is None:
            return False
        done = renameat2(_AT_FDCWD, os.fsencode(left), _AT_FDCWD, os.fsencode(right), _RENAME_EXCHANGE)
        return int(done) == 0
