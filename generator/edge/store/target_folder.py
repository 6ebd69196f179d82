"""A folder of this machine into which a site may be put: empty or ours, and apart from the workspace.

Whatever else is found somewhere is nobody's to replace. Places are compared as the disk knows them (device
and inode), so that another name of the same folder, by a link or a bind mount, is the same folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.edge import disk
from generator.edge.codes import DEPLOY_TARGET
from generator.edge.store.target import Look
from generator.errors import Malformed, Place, Refused
from generator.formats import head, paths
from generator.model.value import Digest

_Identity = tuple[int, int]
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class TargetFolder:
    """A folder as portal.yaml names it (its last part may be a link), and whose site it is to show."""

    path: Path
    workspace: Path
    issuer_id: Digest

    def check(self) -> None:
        """Raises `Refused` where the site must not be put there."""
        self._check_apart()
        if self.path.is_symlink() and not self.path.exists():
            raise self.refusal("is a link that leads nowhere", "mend the link, or remove it")
        if self.path.exists() and not self.path.is_dir():
            raise self.refusal("is a file, not a folder", "name a folder for the site alone")

    def look(self, noted: Mapping[str, bytes]) -> Look:
        """The head in the folder, or that nothing of others is there. Raises `Refused`, as the checks do.

        `noted`: what we put there (path -> SHA-256). Where somebody took the head away, these are still ours.
        """
        self.check()
        there = _head_in(self.path)
        if issuer_of(there) is None and self.path.is_dir() and _all_noted(self.path, noted):
            return Look(None, empty=True)
        self.check_ours(self.path)
        return Look(there, empty=True)

    def check_ours(self, folder: Path) -> None:
        """Raises `Refused` where a folder holds something and no head of this issuer."""
        try:
            found = sorted(entry.name for entry in os.scandir(folder))
        except FileNotFoundError:
            return
        if not found or issuer_of(_head_in(folder)) == self.issuer_id:
            return
        some = ", ".join(found[:_SHOWN]) + (", ..." if len(found) > _SHOWN else "")
        what = f"holds other things ({some}) and no {paths.HEAD} of this organisation"
        fix = "name an empty folder, or one that is not there yet; then `certportal deploy`"
        raise Refused(DEPLOY_TARGET.at(Place(str(folder)), what, fix))

    def refusal(self, what: str, fix: str) -> Refused:
        """That this folder cannot be the target."""
        return Refused(DEPLOY_TARGET.at(Place(str(self.path)), what, f"{fix}; then `certportal deploy`"))

    def _check_apart(self) -> None:
        fix = "name a folder outside the workspace"
        own = dict(_folders(self.workspace))
        holds_us = {identity for folder in own.values() for identity in _chain(folder)}
        # As it is written and as it is where its links lead: both would be replaced.
        for place in (self.path.parent.resolve() / self.path.name, self.path.resolve()):
            if any(identity in own for identity in _chain(place)):
                raise self.refusal("lies in the workspace", fix)
            if _identity(place) in holds_us:
                raise self.refusal("holds the workspace", fix)


def issuer_of(data: bytes | None) -> Digest | None:
    """Whose site a head is of, as it says itself; none where it is no head, or there is none."""
    try:
        return head.decode(head.split(data).payload).issuer_id if data is not None else None
    except Malformed:
        return None


def _all_noted(folder: Path, noted: Mapping[str, bytes]) -> bool:
    """Whether each file in a folder is one that we put there, as it was."""
    if not noted:
        return False
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        # A head that can no longer be read as one was damaged where it was.
        if name == paths.HEAD or (path.is_dir() and not path.is_symlink()):
            continue
        try:
            if noted.get(name) != disk.sha256(path, name):
                return False
        except Refused:
            return False
    return True


def _head_in(folder: Path) -> bytes | None:
    path = folder / paths.HEAD
    try:
        return disk.read(path, head.CAP, paths.HEAD)
    except Refused:
        return None


def _folders(workspace: Path) -> Iterator[tuple[_Identity, Path]]:
    """The workspace and the folders that make it, wherever links among them lead."""
    listed = [workspace]
    for folder in (workspace, workspace / "certificates", workspace / "keys"):
        listed += [path for path in sorted(folder.glob("*")) if path.is_dir()]
    for path in listed:
        resolved = path.resolve()
        identity = _identity(resolved)
        if identity is not None:
            yield identity, resolved


def _chain(place: Path) -> Iterator[_Identity]:
    """A place and the folders above it, those that are there."""
    for path in (place, *place.parents):
        identity = _identity(path)
        if identity is not None:
            yield identity


def _identity(path: Path) -> _Identity | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino
