"""Which machine and folder this is, and what kind of disk it lies on: for a register that has one place."""

from __future__ import annotations

import hashlib
import os
import sys
import uuid
from pathlib import Path

from generator.edge import disk
from generator.errors import Refused

_CAP = 5_000_000
_CONTAINER = ("/.dockerenv", "/run/.containerenv")
# File systems whose disk is another machine's, as Linux names them.
_NETWORK = (
    *("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "lustre", "davfs", "ncpfs"),
    *("fuse.sshfs", "fuse.rclone", "fuse.gvfsd-fuse", "fuse.davfs2", "fuse.s3fs", "fuse.glusterfs"),
)
_SERVICES = {
    "onedrive": "OneDrive",
    "dropbox": "Dropbox",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud Drive",
    "com~apple~clouddocs": "iCloud Drive",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
}
_MARKS = {".dropbox": "Dropbox", ".dropbox.cache": "Dropbox", ".tmp.drivedownload": "Google Drive"}


def identity(folder: Path) -> str:
    """A digest of the machine and of the folder itself, which a copy elsewhere does not have.

    In a container it is the volume's: containers come and go, and their machine has no name of its own. A
    folder that is renamed keeps it.
    """
    found = folder.stat()
    if any(Path(mark).exists() for mark in _CONTAINER):
        machine = f"volume {volume(folder)}"
    else:
        machine = _machine_id()
    return hashlib.sha256(f"{machine}\0{found.st_ino}".encode()).hexdigest()


def volume(folder: Path) -> int:
    """The number of the file system on which a folder lies."""
    if sys.platform == "win32":
        return folder.stat().st_dev
    else:
        return os.statvfs(folder).f_fsid


def _machine_id() -> str:
    path = Path("/etc/machine-id")
    try:
        return disk.read(path.resolve(), 100, str(path)).decode("ascii", "replace").strip()
    except Refused:
        return f"{uuid.getnode():012x}"


def network_drive(folder: Path, mounts: str | None = None) -> str:
    """The kind of network file system that a folder lies on; empty where it lies on this machine's disk.

    `mounts` is what Linux lists in /proc/self/mountinfo.
    """
    if str(folder).startswith(("\\\\", "//")):
        return "a network share"
    best = ("", "")
    for line in (_mounts() if mounts is None else mounts).splitlines():
        before, _, after = line.partition(" - ")
        at, kind = before.split(" ")[4:5], after.split(" ")[0]
        if at and folder.is_relative_to(_unescaped(at[0])) and len(at[0]) >= len(best[0]):
            best = (at[0], kind)
    return best[1] if best[1] in _NETWORK else ""


def _mounts() -> str:
    path = Path("/proc/self/mountinfo")
    try:
        return disk.read(path, _CAP, str(path)).decode("utf-8", "replace")
    except Refused:
        return ""


def _unescaped(name: str) -> str:
    return name.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")


def synchronised(folder: Path) -> str:
    """The service that copies a folder to other machines, by its name or a file of its own; else empty."""
    for part in (folder, *folder.parents):
        name = part.name.lower()
        for begins, service in _SERVICES.items():
            if name == begins or name.startswith((f"{begins} ", f"{begins}-")):
                return service
        for mark, service in _MARKS.items():
            # The service's own folder in a home holds settings; what is copied has the mark beside the files.
            if (part / mark).exists() and part != Path.home():
                return service
    return ""
