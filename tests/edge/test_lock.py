"""One lock on one file, on systems with `flock` and on Windows, which locks a byte instead."""

from __future__ import annotations

import errno
import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

import pytest

from generator.edge import lock


class WindowsFiles(ModuleType):
    """What Windows' `msvcrt` says: a byte that is locked is refused, whoever asks."""

    LK_NBLCK = 2

    def __init__(self, refusal: int = errno.EACCES) -> None:
        super().__init__("msvcrt")
        self.refusal = refusal
        self.locked: set[tuple[int, int]] = set()  # device and inode

    def locking(self, descriptor: int, mode: int, length: int) -> None:
        assert (mode, length) == (self.LK_NBLCK, 1)
        found = os.fstat(descriptor)
        if (found.st_dev, found.st_ino) in self.locked:
            raise OSError(self.refusal, "locked")
        self.locked.add((found.st_dev, found.st_ino))


def as_on_windows(monkeypatch: pytest.MonkeyPatch, files: WindowsFiles) -> ModuleType:
    """The module as Windows would load it."""
    spec = importlib.util.find_spec("generator.edge.lock")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "win32")
        patch.setitem(sys.modules, "msvcrt", files)
        patch.setitem(sys.modules, "fcntl", None)  # importing it fails
        spec.loader.exec_module(module)
    return module


def test_a_second_holder_is_refused_until_the_first_has_closed(tmp_path: Path) -> None:
    path = tmp_path / ".lock"
    with path.open("ab") as first, path.open("ab") as second:
        assert lock.acquire(first)
        assert not lock.acquire(second)
        first.close()
        assert lock.acquire(second)


@pytest.mark.parametrize("refusal", [errno.EACCES, errno.EDEADLK])
def test_windows_refuses_a_second_holder_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: int
) -> None:
    windows = as_on_windows(monkeypatch, WindowsFiles(refusal))
    path = tmp_path / ".lock"
    with path.open("ab") as first, path.open("ab") as second:
        assert windows.acquire(first)
        assert not windows.acquire(second)


def test_a_file_system_without_locks_is_not_taken_for_a_held_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    windows = as_on_windows(monkeypatch, WindowsFiles(errno.ENOLCK))
    path = tmp_path / ".lock"
    with path.open("ab") as first, path.open("ab") as second:
        assert windows.acquire(first)
        with pytest.raises(OSError, match="locked"):
            windows.acquire(second)
