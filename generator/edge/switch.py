"""The atomic switch of a published folder: all of the new one, or all of the old one (DESIGN 4).

Staging is a hard-link clone of what is published; changed files are new inodes. On Linux the two
folders change places in one system call; elsewhere by two renames, and `recover` finishes them.
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


def stage(public: Path, keep: Set[str], files: Mapping[str, bytes]) -> Path:
    """A staging folder beside `public`: `files` written, `keep` linked from what is published."""
    staging = public.with_name(f".{public.name}.staging")
    shutil.rmtree(staging, ignore_errors=True)
    with contextlib.ExitStack() as undo, explained(staging):
        # What was staged when the disk is full would only take the space that is missing.
        undo.callback(shutil.rmtree, staging, ignore_errors=True)
        _fill(staging, public, keep, files)
        undo.pop_all()
    return staging


def _fill(staging: Path, public: Path, keep: Set[str], files: Mapping[str, bytes]) -> None:
    staging.mkdir(parents=True)
    made: set[Path] = set()
    for path in sorted(keep - files.keys()):
        target = staging / path
        _folder(target.parent, made)
        os.link(public / path, target)
    for path, data in sorted(files.items()):
        target = staging / path
        _folder(target.parent, made)
        _write(target, data)
    for folder in sorted(made | {staging}):
        sync_folder(folder)


def commit(staging: Path, public: Path) -> None:
    """Put the staged folder in the place of the published one, at once."""
    old = public.with_name(f".{public.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if not public.exists():
        staging.rename(public)
    elif _exchange(staging, public):
        staging.rename(old)
    else:
        public.rename(old)
        staging.rename(public)
    sync_folder(public.parent)
    shutil.rmtree(old, ignore_errors=True)


def recover(public: Path) -> None:
    """Put back what a killed switch left between its two renames; remove leftovers."""
    old = public.with_name(f".{public.name}.old")
    staging = public.with_name(f".{public.name}.staging")
    if not public.exists() and old.exists():
        old.rename(public)
        sync_folder(public.parent)
    shutil.rmtree(old, ignore_errors=True)
    shutil.rmtree(staging, ignore_errors=True)


def _folder(folder: Path, made: set[Path]) -> None:
    if folder not in made:
        folder.mkdir(parents=True, exist_ok=True)
        made.add(folder)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
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
