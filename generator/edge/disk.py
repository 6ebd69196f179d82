"""The workspace on disk: capped reads, durable atomic writes, one lock (docs/operations.md).

Every file that somebody else may have put where it lies is opened here and nowhere else: never through a
link, which could hand over another file's content, and only an ordinary file, because others can hang.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from generator.edge import lock
from generator.edge.codes import (
    DISK_FULL,
    FILE_MISSING,
    FILE_NAME,
    FILE_SIZE,
    FILE_UNREADABLE,
    FILE_UNWRITABLE,
    INPUT_KIND,
    WORKSPACE_BUSY,
)
from generator.errors import Place, Problem, Refused, WorkspaceBusy

_FREE_SOME = "free some space, then run the command again; nothing is lost"
_TOO_LONG = "is longer than any file's name can be"
TEMPORARY = "certportal-"  # how the name of each temporary folder of ours begins
_LOCK_PAUSE = 0.1  # seconds
_LOCK_PAUSES = 50
# Neither follow a link nor wait until somebody writes into a pipe; Windows knows none of these flags.
_WARY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
_KINDS = {
    stat.S_IFLNK: "is a link, not the file itself",
    stat.S_IFDIR: "is a folder, not a file",
    stat.S_IFIFO: "is a pipe, not a file",
    stat.S_IFSOCK: "is a socket, not a file",
    stat.S_IFCHR: "is a device, not a file",
    stat.S_IFBLK: "is a device, not a file",
}
_BINARY = getattr(os, "O_BINARY", 0)  # only Windows tells text from bytes
_CHUNK = 1_000_000  # bytes
_NEXT_TO_NOTHING = 1_000_000  # bytes


def read(path: Path, cap: int, where: str) -> bytes:
    """A file's bytes, at most `cap`. Raises `Refused` where it is absent, unreadable or larger."""
    with opened(path, where) as file:
        try:
            data = file.read(cap + 1)
        except OSError as error:
            raise Refused(_unreadable(where, error)) from None
    if len(data) > cap:
        raise Refused(
            FILE_SIZE.at(Place(where), f"is larger than {cap:,} bytes", "check that it is the right file")
        )
    return data


@contextlib.contextmanager
def opened(path: Path, where: str) -> Iterator[BinaryIO]:
    """A file for reading piece by piece. Raises `Refused` where there is none that can be read."""
    where = printable(where)
    if printable(str(path)) != str(path):
        raise Refused(FILE_NAME.at(Place(where), "has a name that is not UTF-8", "give it another name"))
    try:
        file = open_file(path)
    except NotAFile as error:
        fix = "name a file in it" if error.kind == stat.S_IFDIR else "put the file itself in this place"
        raise Refused(INPUT_KIND.at(Place(where), _KINDS.get(error.kind, "is no file"), fix)) from None
    except (FileNotFoundError, NotADirectoryError):
        raise Refused(FILE_MISSING.at(Place(where), "is not there", "put the file in this place")) from None
    except OSError as error:
        raise Refused(_unreadable(where, error)) from None
    with file:
        yield file


def printable(path: str) -> str:
    """A path as it can be printed and kept: bytes of a name that are not UTF-8 as `\\xe9`."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def is_file(path: Path) -> bool:
    """Whether an ordinary file or a link to one is there; a name too long for any is none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


class NotAFile(OSError):
    """No ordinary file is there; `kind` says what, as `stat.S_IFMT` does."""

    def __init__(self, kind: int) -> None:
        super().__init__(errno.EINVAL, "no ordinary file")
        self.kind = kind


def open_file(path: Path) -> BinaryIO:
    """An ordinary file, opened for reading. Raises `OSError`, `NotAFile` among them; waits for nobody."""
    # Looked at before it is opened, because opening a device can already do something; and once more
    # afterwards, because another may have been put in its place meanwhile.
    _only_a_file(os.lstat(path))
    try:
        handle = os.open(path, os.O_RDONLY | _BINARY | _WARY)
    except OSError as error:
        raise NotAFile(stat.S_IFLNK) if error.errno == errno.ELOOP else error from None
    with contextlib.ExitStack() as unless_opened:
        unless_opened.callback(os.close, handle)
        _only_a_file(os.fstat(handle))
        file = os.fdopen(handle, "rb")
        unless_opened.pop_all()
    return file


def _only_a_file(found: os.stat_result) -> None:
    kind = stat.S_IFMT(found.st_mode)
    if kind != stat.S_IFREG:
        raise NotAFile(kind)


def sha256(path: Path, where: str) -> bytes:
    """The digest of a file of any size. Raises `Refused` as `opened` does."""
    total = hashlib.sha256()
    with opened(path, where) as file:
        try:
            while chunk := file.read(_CHUNK):
                total.update(chunk)
        except OSError as error:
            raise Refused(_unreadable(where, error)) from None
    return total.digest()


def listed(folder: Path) -> list[Path]:
    """What lies in a folder, by name; nothing where it is not there.

    Raises `Refused` where it may not be read, which a path's own `glob` takes for empty.
    """
    with mendable():
        try:
            return sorted(folder.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []


def clear_temporary(seconds: float) -> int:
    """Remove what killed runs of ours left in the temporary folder so many seconds ago; how many there were.

    The time is the file system's own, so that a computer's clock that is wrong ends no run that is alive.
    Others' folders of such a name, and links, are left alone.
    """
    cleared = 0
    with tempfile.TemporaryFile() as made_now:
        before = os.fstat(made_now.fileno()).st_mtime - seconds
    for path in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        with contextlib.suppress(OSError):
            found = path.lstat()
            ours = sys.platform == "win32" or found.st_uid == os.geteuid()
            if ours and stat.S_ISDIR(found.st_mode) and found.st_mtime < before:
                shutil.rmtree(path)
                cleared += 1
    return cleared


def read_tree(folder: Path, cap: int, where: str) -> dict[str, bytes]:
    """Every file below a folder by its relative path. Raises `Refused` for what is neither."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() or not path.is_dir():
            name = path.relative_to(folder).as_posix()
            found[name] = read(path, cap, f"{where}/{name}")
    return found


def write(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all, and have it on the disk before returning."""
    write_many({path: data}, private=private)


def write_many(files: Mapping[Path, bytes], *, private: bool = False) -> None:
    """Write files, each whole or not at all; all are on the disk before returning.

    The disk is asked once for each file and once for each folder, after all of them are written.
    """
    drafts: dict[Path, Path] = {}
    handles: list[int] = []
    try:
        for path, data in files.items():
            with explained(path):
                path.parent.mkdir(parents=True, exist_ok=True)
                drafts[path] = path.with_name(f".{path.name}.part")
                handles.append(_created(drafts[path], 0o600 if private else 0o644))
                _fill(handles[-1], data)
        for handle, path in zip(handles, files, strict=True):
            with explained(path):
                os.fsync(handle)
                drafts[path].replace(path)
                del drafts[path]
        for folder in {path.parent for path in files}:
            sync_folder(folder)
    finally:
        for handle in handles:
            os.close(handle)
        for draft in drafts.values():
            # Where a folder forbids this too, what went wrong first is what the reader must hear.
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)


def _created(path: Path, mode: int) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _BINARY, mode)


def _fill(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def remove(path: Path) -> None:
    """Remove a file for good, or find that it is gone."""
    with explained(path):
        path.unlink(missing_ok=True)
    if path.parent.is_dir():
        sync_folder(path.parent)


def append(path: Path, data: bytes) -> None:
    """Add to the end of a private file, and have it on the disk before returning."""
    with explained(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | _BINARY, 0o600)
        with os.fdopen(handle, "ab") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if is_new:
            sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Have a folder's entries on the disk. Windows cannot be asked."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def private_enough(path: Path) -> bool:
    """Whether only the owner can read a file."""
    return not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


@contextlib.contextmanager
def locked(path: Path, sleep: Callable[[float], None]) -> Iterator[None]:
    """Hold the workspace's lock. Raises `Busy` where another run still holds it after 5 seconds."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as file:
        pauses = 0
        while not lock.acquire(file):
            if pauses == _LOCK_PAUSES:
                fix = "wait until it has ended, then run this command again"
                raise WorkspaceBusy(WORKSPACE_BUSY.at(Place(str(path)), "another run is at work here", fix))
            sleep(_LOCK_PAUSE)
            pauses += 1
        yield


@contextlib.contextmanager
def explained(path: Path) -> Iterator[None]:
    """A full disk or a folder that may not be written, met while `path` was made, as `Refused`."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(DISK_FULL.at(Place(str(path)), "the disk is full", _FREE_SOME)) from None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raise Refused(
                FILE_UNWRITABLE.at(Place(str(path)), _words(error), "correct the folder's permissions")
            ) from None
        raise


def below(folder: Path, name: str, where: str) -> Path:
    """The place of a name below a folder. Raises `Refused` where a link leads out of it."""
    path = folder / name
    if not path.parent.resolve().is_relative_to(folder.resolve()):
        what, fix = "lies behind a link that leads out of its folder", "put the file itself in this place"
        raise Refused(INPUT_KIND.at(Place(printable(where)), what, fix))
    return path


@contextlib.contextmanager
def mendable() -> Iterator[None]:
    """What the disk refuses inside and somebody can mend, as `Refused`."""
    try:
        yield
    except OSError as error:
        problem = problem_of(error)
        if problem is None:
            raise
        raise Refused(problem) from None


def problem_of(error: OSError) -> Problem | None:
    """What somebody can mend about a failure of the disk that nobody foresaw; None where it tells nothing."""
    if error.filename is None and error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return None
    named = "" if isinstance(error.filename, int) else os.fsdecode(error.filename or "")
    place = Place(printable(named), subject="" if named else "the disk")
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return DISK_FULL.at(place, "the disk is full", _FREE_SOME)
        case errno.EROFS:
            fix = "make the disk writable again, or move the workspace to one that is"
            return FILE_UNWRITABLE.at(place, "cannot be written: the disk can only be read", fix)
        case errno.EACCES | errno.EPERM:
            fix = "correct the permissions of the file and of its folder, then run the command again"
            return FILE_UNREADABLE.at(place, "cannot be used: permission denied", fix)
        case errno.ENAMETOOLONG:
            shown = replace(place, file=f"{place.file[:40]}...")
            return FILE_NAME.at(shown, _TOO_LONG, "check what was typed")
        case errno.EIO | errno.ESTALE | errno.ENXIO:
            fix = "check the disk and its connection, then run the command again"
            return FILE_UNREADABLE.at(place, _words(error), fix)
    return None


def is_full(folder: Path) -> bool:
    """Whether there is space for next to nothing: SQLite says only that it could not write."""
    if sys.platform == "win32":
        return shutil.disk_usage(folder).free < _NEXT_TO_NOTHING
    else:
        found = os.statvfs(folder)
        no_file_more = found.f_files > 0 and not found.f_favail
        return found.f_bavail * found.f_frsize < _NEXT_TO_NOTHING or no_file_more


def _unreadable(where: str, error: OSError) -> Problem:
    if error.errno == errno.ENAMETOOLONG:
        return FILE_NAME.at(Place(f"{where[:40]}..."), _TOO_LONG, "check what was typed")
    return FILE_UNREADABLE.at(Place(where), _words(error), "correct the file's permissions")


def _words(error: OSError) -> str:
    return f"cannot be used: {(error.strerror or 'unknown reason').lower()}"
